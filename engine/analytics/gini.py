"""How unequally something is spread: Gini's coefficient, exact.

C. Gini, "Variabilità e mutabilità", Bologna 1912: the mean difference of all pairs, each with itself too, against
twice the mean. 0 where all have the same; (n - 1)/n where one of n has everything.
"""

from collections.abc import Iterable
from fractions import Fraction


def gini(values: Iterable[int]) -> Fraction | None:
    """Of whole numbers, none below 0. None of nobody; 0 where there is nothing to spread."""
    found = sorted(values)
    n, total = len(found), sum(found)
    if not n:
        return None
    if not total:
        return Fraction(0)
    # sorted, each value stands above those before it and below those after it
    return Fraction(sum((2 * i - n + 1) * value for i, value in enumerate(found)), n * total)
