"""Why two restricted means differ, in parts that add up exactly.

First what the cases are: the unit has another mix of kinds than its reference. Then how long each kind lasts in either,
split over what was waited for. Kitagawa (JASA 50, 1955), both weighed by the average of the two sides, so that nothing
interacts and naming the sides the other way round only turns the signs:

    mix     sum over kinds of (p - q) ((m + k) / 2 - c)
    within  sum over kinds of (p + q) / 2 (m - k)

with shares p and means m of the unit, q and k of the reference. The constant c, the average of the two means of all,
changes no sum, since shares differ by 0 in all; with it a kind adds to the mix only as far as it is slower or faster
than the average. Where one side has no case of a kind, the other's mean stands for it: all of it is mix.
"""

from dataclasses import dataclass
from fractions import Fraction

from engine.analytics.estimate.occupation import Occupation

Row = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Seconds, unit less reference. ``mix[stratum]`` and ``within[stratum][reason]``; together they are ``total``."""

    total: Fraction
    mix: Row
    within: tuple[Row, ...]

    @property
    def case_mix(self) -> Fraction:
        """What comes of having other kinds of case."""
        return sum(self.mix, Fraction(0))

    @property
    def by_reason(self) -> Row:
        """What comes of each reason within kinds alike."""
        return tuple(sum(column, Fraction(0)) for column in zip(*self.within, strict=True))


def decompose(unit: Occupation, reference: Occupation) -> Difference:
    """Both over the same tau, strata and reasons; neither is empty. ValueError otherwise."""
    if unit.tau != reference.tau or len(unit.size) != len(reference.size):
        raise ValueError("means over other times or of other strata")
    if len(unit.parts[0]) != len(reference.parts[0]) or not sum(unit.size) or not sum(reference.size):
        raise ValueError("other reasons, or nobody on one side")
    middle = (unit.mean + reference.mean) / 2
    mix: list[Fraction] = []
    within: list[Row] = []
    for s in range(len(unit.size)):
        p, q = unit.share(s), reference.share(s)
        m, k = _both(unit, reference, s)
        mix.append((p - q) * (sum(m + k, Fraction(0)) / 2 - middle))
        within.append(tuple((p + q) / 2 * (a - b) for a, b in zip(m, k, strict=True)))
    return Difference(unit.mean - reference.mean, tuple(mix), tuple(within))


def _both(unit: Occupation, reference: Occupation, stratum: int) -> tuple[Row, Row]:
    """The stratum's means by reason on either side, the other's where one has none."""
    nobody = tuple(Fraction(0) for _ in unit.parts[stratum])
    mine = unit.own(stratum) if unit.size[stratum] else None
    theirs = reference.own(stratum) if reference.size[stratum] else None
    return mine or theirs or nobody, theirs or mine or nobody
