"""An answer as rows and columns, the same way whatever was measured: for spreadsheets and other programs.

A row is a group, and one more, with ``total``, is all of them where the answer tells the whole; the single cases where these were asked for (``cases``, ``acts``), an item where the answer has no
groups, else the answer itself. What stands inside a row gets a name with dots:

    {"key": {"unit": "S-012"}, "n": 12, "km": {"p50_s": 798463}}            key.unit, n, km.p50_s
    {"within": [{"days": 30, "n_failed": 2}]}                               within.30.n_failed
    {"states": [{"type": "quarrel", "state": "talk", "n": 30}]}             states.quarrel/talk.n
    {"between": [0.24, 0.61]}                                               between.low, between.high

A line of a list is called by what tells it from the others (:data:`CALLED_BY`), which then is in the head and in no
cell. Values are those of the JSON: seconds, counts, shares, instants. What is not known or not told is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ROWS = ("cases", "acts", "groups", "items")  # the first that an answer has
# what a line of a list is called by: all fields of the first of these that it has whole
CALLED_BY = (
    ("type", "from", "to", "act"),
    ("type", "state"),
    ("outcome",),
    ("grade",),
    ("clock",),
    ("leg",),
    ("per",),
    ("by", "key"),
    ("key",),
    ("from",),
    ("from_s",),
    ("days",),
)
DRAWN = frozenset({"curve", "band", "censored", "at_risk"})  # points of a drawing, no figures
Row = Mapping[str, Any]
Path = tuple[str, ...]


def lines(answer: Row) -> list[Row]:
    """The rows as they are."""
    name = next((name for name in ROWS if isinstance(answer.get(name), list)), None)
    if name is None:
        return [answer]
    return [*answer[name], *([answer["whole"]] if name == "groups" and answer.get("whole") else [])]


def flat(answer: Row) -> tuple[list[str], list[list[Any]]]:
    """Heads, and of each row what stands under each; a list of texts stays one."""
    rows = [_unfolded(row) for row in lines(answer)]
    shape: dict[str, Any] = {}
    for row in rows:
        _merge(shape, row)
    paths = list(_paths(shape))
    return [".".join(path) for path in paths], [[_at(row, path) for path in paths] for row in rows]


def _unfolded(row: Row) -> dict[str, Any]:
    """With maps in the place of lists, and without what is empty."""
    made = {name: _value(value) for name, value in row.items() if name not in DRAWN}
    return {name: value for name, value in made.items() if value != {} and value != []}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _unfolded(value)
    if not isinstance(value, list):
        return value
    if value and all(isinstance(one, Mapping) for one in value):
        return _called(value)
    bounds = len(value) == 2 and all(one is None or isinstance(one, int | float) for one in value)
    return dict(zip(("low", "high"), value, strict=True)) if bounds else value


def _called(lines_: Sequence[Row]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for place, line in enumerate(lines_):
        by = next((names for names in CALLED_BY if all(_tells(line, name) for name in names)), ())
        name = "/".join("-" if line[one] is None else str(line[one]) for one in by) or str(place)
        made[f"{name}/{place}" if name in made else name] = _unfolded(
            {one: value for one, value in line.items() if one not in by}
        )
    return made


def _tells(line: Row, name: str) -> bool:
    return name in line and not isinstance(line[name], Mapping | list)


def _merge(shape: dict[str, Any], row: Row) -> None:
    """Names in the order in which they first come, each list's together."""
    for name, value in row.items():
        inner = shape.setdefault(name, {})
        if isinstance(value, Mapping):
            _merge(inner, value)


def _paths(shape: Row, before: Path = ()) -> Iterator[Path]:
    for name, inner in shape.items():
        if inner:
            yield from _paths(inner, (*before, name))
        else:
            yield (*before, name)


def _at(row: Row, path: Path) -> Any:
    found: Any = row
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
