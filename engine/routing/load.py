"""Weighted load: what an open case weighs, and how much a person may carry."""

from collections.abc import Iterable

WEIGHTS = {"red": 4, "orange": 3, "yellow": 2, "blue": 1}
UNGRADED = 2  # a case not yet graded weighs as a yellow one


def weight(risk: str | None) -> int:
    return WEIGHTS.get(risk or "", UNGRADED)


def load(risks: Iterable[str | None]) -> int:
    """The weighted load of the open cases with these grades."""
    return sum(weight(risk) for risk in risks)
