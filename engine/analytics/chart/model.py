"""A chart as a value: what it says, not where it stands on a page.

Numbers are those of the axes: whole seconds where an axis counts ``seconds``, shares from 0 to 1, days as the ordinal
of the date (1 is 1 January of year 1), ranks from 0 where an axis lists things one beside the other.
"""

from dataclasses import asdict, dataclass
from typing import Any

SCHEMA = "folkmoot/1"
KINDS = ("survival", "months", "backlog", "ageing", "funnel", "waiting", "why", "flow")


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """``unit``: seconds, share, cases, day or rank. ``title`` names the unit that the ticks are written in."""

    title: str
    unit: str
    low: float
    high: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """``form``: how it is meant to be drawn.

    step: holds its value until the next point. line: straight from point to point, broken where y is None. area, bar:
    from ``base`` to the point. dot: marks alone. limit: a thin line that is no measurement.
    ``band``: (x, low, high) of the confidence limits. ``marks``: points where somebody left the curve unresolved.
    ``said``: a label for each point, or none at all.
    """

    id: str
    title: str
    form: str
    points: tuple[tuple[float, float | None], ...]
    base: tuple[float, ...] = ()
    band: tuple[tuple[float, float, float], ...] = ()
    marks: tuple[tuple[float, float], ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """``series``: whose row it is, empty where it is of the whole chart."""

    series: str
    title: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers written under the places ``at`` of the x axis."""

    title: str
    at: tuple[float, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the chart at a place of an axis, with what it means."""

    axis: str
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """``spent_s``: how long cases stay, None where nobody left; ``level``: its colour, from 0 to 4."""

    id: str
    title: str
    phase: str
    inside: str
    final: bool
    n_open: int
    spent_s: int | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Move:
    trigger: str
    title: str
    source: str
    target: str
    n: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A workflow with what happened in it. ``levels``: from how many seconds on each colour counts.

    ``picture`` is the drawing itself, (SVG elements, width, height); it is not in the JSON.
    """

    states: tuple[State, ...]
    moves: tuple[Move, ...]
    levels: tuple[float, ...]
    measure: str
    picture: tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """``across``: bars lie, x is the value and y the list. ``empty``: said instead, where there is nothing to draw."""

    kind: str
    lang: str
    title: str
    subtitle: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    table: Table | None = None
    lines: tuple[Line, ...] = ()
    note: tuple[str, ...] = ()
    across: bool = False
    empty: str = ""
    flow: Flow | None = None


def plain(chart: Chart) -> dict[str, Any]:
    """What a page gets; its shape is that of ``schema.json`` beside this file."""
    made = {"chart": SCHEMA, **asdict(chart)}
    if chart.flow is not None:
        del made["flow"]["picture"]
    return made
