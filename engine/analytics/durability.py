"""``stats durability``: does what was settled stay settled.

Of the cases closed for the first time with a substantive outcome: how many were opened again within so many days. An
agreement that is broken, a payment that bounces, a quarrel that begins anew are all such an opening, since nothing
happens in a closed case. What was closed less long ago than that has not held yet and has not failed: it is counted
apart (``n_open``) and in no share.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ClauseElement, or_, select

from engine.analytics.durations import PLAIN, Row, grouped, known_groups, selected
from engine.definitions.outline import MAIN
from engine.domain.instant import from_text, to_text
from engine.machine.believed import believed
from engine.persistence import table
from engine.persistence.case_store import history
from engine.persistence.unit import Unit

DAYS = (30, 90, 180, 365)
SETTLED = "substantive"  # the grade of an outcome that settles the matter; others end it and settle nothing
TEXT = "closed with a substantive outcome, and opened again"
TEXT_ZH = "以实质结果结案后又重新打开"

_case = table.columns_of(table.Case)
_definition = table.columns_of(table.Definition)


def durability(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: tuple[datetime | None, datetime | None] = (None, None),
    closed: tuple[datetime | None, datetime | None] = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
) -> dict[str, Any]:
    """{n, n_reopened, groups[{key, n, n_reopened, within[]}]}; of each length of time: ``n_watched`` closed so long ago
    or longer, ``n_failed`` of them opened again within it and ``n_held`` not, ``share_failed`` of those watched (None
    where there are none), ``n_open`` closed less long ago, ``n_open_failed`` of these opened again already.

    ``by`` and the ranges are those of durations; ``outcome`` and ``closed_month`` are those of the first closing.
    """
    known_groups(by)
    at = as_of or caller.at
    first, last = closed
    rows = [
        row
        for row in _rows(unit, selected(unit, caller, filter or {}, filed, (None, None)), at)
        if row.closed is not None
        and (first or row.closed) <= row.closed
        and (last is None or row.closed < last)
    ]
    groups = [_group(key, members, at) for key, members in grouped(rows, by, ZoneInfo(zone))]
    return {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(at),
        "n": len(rows),
        "n_reopened": sum(group["n_reopened"] for group in groups),
        "groups": groups,
    }


def _group(key: dict[str, Any], rows: Sequence[Row], at: datetime) -> dict[str, Any]:
    reopened = sum(row.ended is not None for row in rows)
    return {
        "key": key,
        "n": len(rows),
        "n_reopened": reopened,
        "within": [_within(rows, days, at) for days in DAYS],
    }


def _within(rows: Sequence[Row], days: int, at: datetime) -> dict[str, Any]:
    length = timedelta(days=days)
    watched = [row for row in rows if row.closed is not None and row.closed + length <= at]
    failed = sum(_failed(row, length) for row in watched)
    return {
        "days": days,
        "n_watched": len(watched),
        "n_failed": failed,
        "n_held": len(watched) - failed,
        "share_failed": round(failed / len(watched), 6) if watched else None,
        "n_open": len(rows) - len(watched),
        "n_open_failed": sum(_failed(row, length) for row in rows) - failed,
    }


def _failed(row: Row, length: timedelta) -> bool:
    return row.ended is not None and row.closed is not None and row.ended <= row.closed + length


# ---- the first closing and the next opening --------------------------------------------------------


@dataclass(frozen=True)
class _Law:
    """What a definition says of outcomes and of states that end a case."""

    body: Mapping[str, Any]

    @cached_property
    def finals(self) -> frozenset[str]:
        return frozenset(_finals(self.body["states"]))

    def settles(self, outcome: str | None) -> bool:
        found = self.body.get("outcomes", {}).get(outcome)
        return found is not None and found["grade"] == SETTLED


def _finals(states: Mapping[str, Any]) -> Iterator[str]:
    for name, spec in states.items():
        if spec.get("final"):
            yield name
        yield from _finals(spec.get("states", {}))


def _rows(unit: Unit, wanted: Any, at: datetime) -> Iterator[Row]:
    """``closed``: first with a substantive outcome; ``ended``: opened again after that. Others are left out.

    The row tells it of a case that was closed once; a history is read only where a case was opened again.
    """
    laws = _laws(unit)
    query: ClauseElement = select(
        _case.c.id, _case.c.definition, _case.c.cycle, _case.c.filed_at, _case.c.closed_at,
        *[_case.c[column].label(name) for name, column in PLAIN.items()],
    ).where(wanted, or_(_case.c.cycle > 1, _case.c.closed_at.is_not(None)))  # fmt: skip
    for found in unit.execute(query):
        values = {name: found[name] for name in PLAIN}
        if found["cycle"] > 1:
            outcome, closed, reopened = _lived(unit, laws, found["id"], at)
        else:
            settled = laws[found["definition"]].settles(values["outcome"]) and found["closed_at"] <= at
            outcome, closed, reopened = values["outcome"], found["closed_at"] if settled else None, None
        if closed is not None:
            yield Row({**values, "outcome": outcome}, found["filed_at"], reopened, closed)


def _laws(unit: Unit) -> dict[str, _Law]:
    query: ClauseElement = select(_definition.c.hash, _definition.c.body)
    return {row["hash"]: _Law(json.loads(row["body"])) for row in unit.execute(query)}


def _lived(
    unit: Unit, laws: Mapping[str, _Law], case_id: int, at: datetime
) -> tuple[str | None, datetime | None, datetime | None]:
    """The first substantive outcome, when the case was closed with it, and when it was opened again."""
    outcome, closed, upto = None, None, to_text(at)
    for event in believed([held.event for held in history(unit, case_id)]):
        if event["at"] > upto:
            continue
        for change in event["changes"]:
            if closed is not None and change["do"] == "reopen":
                return outcome, closed, from_text(event["at"])
        settled = closed is None and _settled(laws[event["definition"]], event["changes"])
        if settled:
            outcome, closed = settled, from_text(event["at"])
    return outcome, closed, None


def _settled(law: _Law, changes: Sequence[Mapping[str, Any]]) -> str | None:
    """The substantive outcome with which these changes end the case, if they do."""
    ends = any(c["do"] == "move" and c["region"] == MAIN and c["to"] in law.finals for c in changes)
    given = [c["outcome"] for c in changes if c["do"] == "outcome" and law.settles(c["outcome"])]
    return given[-1] if ends and given else None
