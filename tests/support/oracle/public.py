"""What readers outside may not be told: counts that are so small that they name somebody."""

from typing import Any

from engine.analytics.registry import MEASURES
from tests.support.quarrels import Quarrels

LISTS = ("oldest", "deciding")  # have no groups
COMPARED = "why"  # takes a unit to compare; see tests/integration/test_why.py


def check_public(town: Quarrels, by: list[str]) -> None:
    for name, measure in MEASURES.items():
        if name != COMPARED:
            given = {} if name in LISTS else {"by": by}
            assert small(town.ask(measure.run, public=True, **given)) == [], name


CURVES = ("curve",)  # of a funnel: the limits for groups of any size, which are nobody's


def small(value: Any, name: str = "") -> list[str]:
    """Counts that are there and between 0 and 5."""
    if isinstance(value, dict):
        return [
            found for key, inner in value.items() if key not in CURVES for found in small(inner, str(key))
        ]
    if isinstance(value, list):
        return [found for inner in value for found in small(inner, name)]
    counts = name.startswith("n_") or name in (
        "n",
        "filed",
        "reopened",
        "closed",
        "open",
        "0-7",
        "8-30",
        "31-60",
        "61-90",
        ">90",
    )
    return [f"{name}={value}"] if counts and isinstance(value, int) and 0 < value < 5 else []
