"""Parts that are rounded and still add up to their rounded total."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def add_up(parts: Sequence[Fraction], digits: int = 1) -> tuple[list[Decimal], Decimal]:
    """The parts and their sum to so many decimals, each less than one unit of the last from what it is.

    Largest remainder (Hamilton's method): all are rounded down, then the units that are missing go to those that lost
    most, earlier ones first where they lost alike.
    """
    scale = 10**digits
    exact = [Fraction(part) * scale for part in parts]
    total = round(sum(exact, Fraction(0)))
    units = [part.numerator // part.denominator for part in exact]
    lost = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for i in lost[: total - sum(units)]:
        units[i] += 1
    return [Decimal(unit).scaleb(-digits) for unit in units], Decimal(total).scaleb(-digits)
