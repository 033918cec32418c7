"""``stats durations``: how long from the report to a named moment, with open cases counted as open.

Every answer names its clock, how many cases, how many of them open, and the instant it is as of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ClauseElement, and_, select

from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence import table
from engine.persistence.selection import Asking, condition
from engine.persistence.unit import Unit

SHARES = (0.5, 0.8, 0.9)
BY = ("type", "unit", "phase", "risk", "place", "channel", "outcome", "filed_month", "closed_month")
PLAIN = {
    "type": "case_type",
    "unit": "unit",
    "phase": "phase",
    "risk": "risk",
    "place": "place",
    "channel": "channel",
    "outcome": "outcome",
}

_case = table.columns_of(table.Case)
_reached = table.columns_of(table.Milestone)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of the statistics: from filing to a milestone, the first or the last time it was reached."""

    name: str
    milestone: str
    last: bool
    text: str
    zh: str


CLOCKS = {
    clock.name: clock
    for clock in (
        Clock("first_resolution", "first_resolution", False, "report to first resolution", "报案到首次解决"),
        Clock("final_resolution", "final_resolution", True, "report to the last closing; a reopened case is open again", "报案到最后一次结案;重新打开的案件仍算在办"),
        Clock("to_acknowledged", "acknowledged", False, "report to the desk's first answer", "报案到首次受理登记"),
        Clock("to_first_contact", "first_contact", False, "report to first contact with a party", "报案到首次联系当事人"),
        Clock("to_assignment", "assigned", False, "report to a person named for it", "报案到指派"),
        Clock("to_first_session", "first_session", False, "report to the first session", "报案到首次调解"),
        Clock("to_agreement", "agreement", False, "report to an agreement in force", "报案到协议生效"),
        Clock("to_performance", "performance", False, "report to performance", "报案到履行完毕"),
    )
}  # fmt: skip


def list_clocks(unit: Unit, caller: Any) -> dict[str, Any]:
    """The clocks there are, with what each measures."""
    items = [
        {"clock": c.name, "from": "filed", "to": c.milestone, "which": "last" if c.last else "first", "text": c.zh if caller.lang == "zh" else c.text}
        for c in CLOCKS.values()
    ]  # fmt: skip
    return {"items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


def durations(
    unit: Unit,
    caller: Any,
    *,
    clock: str = "first_resolution",
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: tuple[datetime | None, datetime | None] = (None, None),
    closed: tuple[datetime | None, datetime | None] = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    closed_only: bool = False,
    curves: bool = False,
) -> dict[str, Any]:
    """Percentiles of those that reached the moment and of the product-limit curve, per group.

    ``n_open``: how many of the ``n`` cases are not closed; ``n_reached``: for how many the clock has ended.

    ``by``: any of type, unit, phase, risk, place, channel, outcome, filed_month, closed_month. ``filed`` and
    ``closed``: half-open ranges of instants. Months are those of ``zone``.
    With ``curves`` each group brings up to 200 points [seconds, share resolved].
    """
    measured = get_clock(clock)
    known_groups(by)
    at = as_of or caller.at
    rows = _rows(unit, measured, selected(unit, caller, filter or {}, filed, closed), at)
    groups = grouped(rows, by, ZoneInfo(zone))
    made = [_group(key, members, at, closed_only=closed_only, curves=curves) for key, members in groups]
    every = [row for _, members in groups for row in members]
    return {
        "clock": clock,
        "text": measured.zh if caller.lang == "zh" else measured.text,
        "as_of": to_text(at),
        "closed_only": closed_only,
        "n": len(every),
        "n_open": sum(row.open for row in every),
        "n_reached": sum(group["n_reached"] for group in made),
        "groups": made,
    }


def known_groups(by: Sequence[str]) -> None:
    """FM-U300 and FM-U301 where there is nothing of that name to group by."""
    for name in by:
        if name not in BY:
            raise UsageError("FM-U301" if name == "month" else "FM-U300", name=name, known=", ".join(BY))


def get_clock(name: str) -> Clock:
    if name not in CLOCKS:
        raise UsageError("FM-U302", name=name, known=", ".join(CLOCKS))
    return CLOCKS[name]


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the figures. ``ended``: when what is measured came to its end, None where it has not."""

    values: Mapping[str, Any]
    filed: datetime
    ended: datetime | None
    closed: datetime | None

    @property
    def open(self) -> bool:
        """Whether the case is still open, whatever this clock has done."""
        return self.closed is None


def _rows(unit: Unit, clock: Clock, wanted: Any, at: datetime) -> list[Row]:
    reached = _reached.c.last_at if clock.last else _reached.c.first_at
    joined = _case.outerjoin(
        _reached, and_(_reached.c.case_id == _case.c.id, _reached.c.name == clock.milestone)
    )
    query: ClauseElement = (
        select(
            *[_case.c[column].label(name) for name, column in PLAIN.items()],
            _case.c.filed_at, _case.c.closed_at, reached.label("ended_at"),
        )
        .select_from(joined)
        .where(wanted, _case.c.filed_at <= at)
    )  # fmt: skip
    return [_row(row, clock, at) for row in unit.execute(query)]


def _row(row: dict[str, Any], clock: Clock, at: datetime) -> Row:
    closed = row.pop("closed_at")
    ended = row.pop("ended_at")
    filed = row.pop("filed_at")
    if closed is not None and closed > at:
        closed = None
    if ended is not None and (ended > at or (clock.last and closed is None)):
        ended = None
    return Row(row, filed, ended, closed)


def selected(
    unit: Unit,
    caller: Any,
    given: Mapping[str, Any],
    filed: tuple[datetime | None, datetime | None],
    closed: tuple[datetime | None, datetime | None],
) -> Any:
    ranges = {
        "filed_from": filed[0],
        "filed_until": filed[1],
        "closed_from": closed[0],
        "closed_until": closed[1],
    }
    return condition(Asking(unit, caller.person, caller.now), {**given, **ranges})


def grouped(rows: Iterable[Row], by: Sequence[str], zone: ZoneInfo) -> list[tuple[dict[str, Any], list[Row]]]:
    """Groups in the order of their keys; without ``by`` one group with the key {}."""
    found: dict[tuple[Any, ...], list[Row]] = {} if by else {(): []}
    for row in rows:
        found.setdefault(tuple(_value(row, name, zone) for name in by), []).append(row)
    ordered = sorted(found.items(), key=lambda item: [str(v) if v is not None else "~" for v in item[0]])
    return [(dict(zip(by, key, strict=True)), members) for key, members in ordered]


def _value(row: Row, name: str, zone: ZoneInfo) -> Any:
    if name == "filed_month":
        return row.filed.astimezone(zone).strftime("%Y-%m")
    if name == "closed_month":
        return row.closed.astimezone(zone).strftime("%Y-%m") if row.closed else None
    return row.values[name]


def _group(
    key: dict[str, Any], rows: Sequence[Row], at: datetime, *, closed_only: bool, curves: bool
) -> dict[str, Any]:
    import numpy as np

    from engine.analytics.survival import closed_percentiles, curve

    # a case that was closed without reaching the moment counts as long as it was watched
    lasted = np.array([_seconds(row, at) for row in rows], np.int64)
    ended = np.array([row.ended is not None for row in rows], np.bool_)
    over = lasted[ended]
    p50, p80, p90 = closed_percentiles(over, SHARES)
    km = curve(lasted, ended) if rows and not closed_only else None
    reached = [km.percentile(share) if km is not None else None for share in SHARES]
    made: dict[str, Any] = {
        "key": key,
        "n": len(rows),
        "n_open": sum(row.open for row in rows),
        "n_reached": int(ended.sum()),
        "closed": {
            "p50_s": p50,
            "p80_s": p80,
            "p90_s": p90,
            "mean_s": round(float(over.mean())) if over.size else None,
        },
        "km": dict(zip(("p50_s", "p80_s", "p90_s"), reached, strict=True)),
    }
    return {**made, "curve": km.points(200)} if curves and km is not None else made


def _seconds(row: Row, at: datetime) -> int:
    until = row.ended or row.closed or at
    return max(0, int((until - row.filed).total_seconds()))
