"""What stands inside a group and is too small for readers outside: lines of states, clocks or outcomes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.analytics.suppress import SMALLEST, nothing


def cover(
    groups: Iterable[dict[str, Any]],
    part: str,
    *,
    counts: Sequence[str],
    says: Sequence[str],
    apart: Sequence[tuple[str, str]] = (),
) -> None:
    """Of the lines ``part`` of each group, those with a small count say their name (``says``) alone. Neither the other
    lines of a group nor the other groups give away what is gone: a line that is left out alone, in its group or under
    its name, takes the next smallest along. ``counts``: the first is how many a line has, the others are parts of it. ``apart``: (whole, part) of counts of which what is left
    of the whole tells as much. A line that is hidden already is one that is left out.
    """
    told = [group for group in groups if group.get(part)]
    names = list(dict.fromkeys(_name(line, says) for group in told for line in group[part]))
    where = {name: n for n, name in enumerate(names)}
    size = np.zeros((len(told), len(names)), np.int64)
    gone = np.zeros(size.shape, np.bool_)
    for row, group in enumerate(told):
        for line in group[part]:
            column = where[_name(line, says)]
            size[row, column] = line[counts[0]] or 0
            gone[row, column] = (
                line.get("hidden", False)
                or any(small(line.get(count)) for count in counts)
                or any(_leaves_few(line, *pair) for pair in apart)
            )
    _along(size, gone)
    for row, group in enumerate(told):
        group[part] = [
            _bare(line, says) if gone[row, where[_name(line, says)]] else line for line in group[part]
        ]


def _along(size: Any, gone: Any) -> None:
    """Until no line is left out alone in its row or its column."""
    while True:
        more = _partner(size, gone) or _partner(size.T, gone.T)
        if not more:
            return


def _partner(size: Any, gone: Any) -> bool:
    for row in np.flatnonzero(gone.sum(axis=1) == 1).tolist():
        free = np.flatnonzero(~gone[row] & (size[row] > 0))
        if free.size:
            gone[row, free[np.argmin(size[row, free])]] = True
            return True
    return False


def _name(line: Mapping[str, Any], says: Sequence[str]) -> tuple[Any, ...]:
    return tuple(line[name] for name in says)


def small(count: Any) -> bool:
    return isinstance(count, int) and 0 < count < SMALLEST


def _leaves_few(line: Mapping[str, Any], whole: str, part: str) -> bool:
    return None not in (line[whole], line[part]) and small(line[whole] - line[part])


def _bare(line: Mapping[str, Any], says: Sequence[str]) -> dict[str, Any]:
    kept = {name: value for name, value in line.items() if name != "few"}
    return {name: value if name in says else nothing(value) for name, value in kept.items()} | {
        "hidden": True
    }
