"""Taking calendar data into the store — published years, local closures — and recounting what runs on it.

A file holds a whole calendar or a part of one::

    id: CN
    years:
      2027: {source: notice of .., days_off: [2027-01-01], make_up_days: []}
    closures:
      - {unit: S-012, days: [2026-12-07], reason: market day}
      - {unit: S-012, reopen: [2026-12-14]}

What ``calendar show --json`` writes is read too: years as a list, each naming its year, and closures of one ``day``.
Running clocks that move are stated anew, each by an event on its case; verdicts stay.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.domain.calendar import Calendar
from engine.domain.case import CaseState, ClockRun
from engine.domain.errors import Conflict, NotFound, Unsound
from engine.machine.command import Command
from engine.machine.fold import run_key
from engine.machine.judge import clock_title
from engine.machine.recount import RECOUNT, recount
from engine.persistence import calendar_store, table
from engine.persistence.case_store import CaseRow, find_case_by_id
from engine.persistence.unit import Unit
from engine.service import law, opening
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.world import gather_for_sweep
from engine.service.writing import write

_HEAD = ("id", "zone", "weekend", "office", "rolls", "basis")
_KEYS = (*_HEAD, "years", "closures")
_calendar, _year, _closure = (
    table.columns_of(model) for model in (table.Calendar, table.CalendarYear, table.Closure)
)
_clock, _case, _unit = (table.columns_of(model) for model in (table.ClockRun, table.Case, table.Unit))

TRIES = 3  # a case that somebody writes at the same moment is looked at again this often


@dataclass(slots=True)
class _Stored:
    """What was written."""

    years: dict[int, str] = field(default_factory=dict)  # new | changed | same
    closed: int = 0
    reopened: int = 0
    head: bool = False

    @property
    def anything(self) -> bool:
        return self.head or bool(self.closed or self.reopened) or bool({*self.years.values()} - {"same"})


def import_text(unit: Unit, caller: Caller, *, text: str) -> Answer:
    """As :func:`import_`, for a document in YAML or JSON."""
    return import_(unit, caller, document=read_document(text))


def read_document(text: str, name: str = "calendar") -> Mapping[str, Any]:
    """The map that a text holds; FM-I010 where it holds none."""
    import yaml

    from engine.service import plain_yaml

    try:
        document = plain_yaml.load(text)
    except yaml.YAMLError as wrong:
        raise Unsound("FM-I010", calendar=name, what=" ".join(str(wrong).split())) from None
    if not isinstance(document, Mapping):
        raise Unsound("FM-I010", calendar=name, what="it holds no map with an id")
    return document


def import_(unit: Unit, caller: Caller, *, document: Mapping[str, Any]) -> Answer:
    """Store a calendar, some of its years, closures of offices. FM-I010 says what does not hold.

    Returns {calendar, years[], closures{added, removed}, changed[], moved}; ``changed`` are the running
    clocks whose due date moves or is no longer provisional.
    """
    by = caller.name
    require(unit, caller, "calendar")
    document = _normal(document)
    wanted = _merged(unit, document)
    stored = _Stored()
    _store_head(unit, caller, wanted, stored)
    _store_years(unit, caller, wanted, document.get("years") or {}, stored)
    _store_closures(unit, caller, wanted, document.get("closures") or [], stored)
    changed: list[dict[str, Any]] = []
    if stored.anything:
        law.changed(unit)
        changed = [
            found for row in _running(unit, caller, wanted.id) for found in _recount(unit, caller, by, row)
        ]
    return {
        "calendar": wanted.id,
        "years": [{"year": year, "change": change} for year, change in sorted(stored.years.items())],
        "closures": {"added": stored.closed, "removed": stored.reopened},
        "changed": changed,
        "moved": len(changed),
    }


# ---- reading what was given ------------------------------------------------------------------------


def _normal(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as people write it, whether they wrote it or ``calendar show --json`` did."""
    made = {key: value for key, value in document.items() if key != "hash"}
    years = made.get("years")
    if isinstance(years, list) and all(isinstance(year, Mapping) and "year" in year for year in years):
        made["years"] = {str(year["year"]): year for year in years}
    return made


def _merged(unit: Unit, document: Mapping[str, Any]) -> Calendar:
    """The calendar as it will stand, checked as a whole. Closures are checked where they are stored."""
    name = str(document.get("id") or "-")
    unknown = sorted(set(document) - {*_KEYS})
    if unknown:
        raise Unsound("FM-I010", calendar=name, what=_strange(unknown, document))
    if "id" not in document:
        raise Unsound("FM-I010", calendar=name, what="id is missing")
    try:
        held = law.calendar(unit, name).to_json()
    except NotFound:
        held = {}
    given = {key: document[key] for key in _HEAD if key in document}
    years = document.get("years") or {}
    if not isinstance(years, Mapping):
        raise Unsound("FM-I010", calendar=name, what="years is no map from year to days")
    both = {**held.get("years", {}), **{str(number): year for number, year in years.items()}}
    return Calendar.from_json({**held, **given, "years": both, "closures": []})


def _strange(unknown: Sequence[Any], document: Mapping[str, Any]) -> str:
    """What is wrong with the keys of a document, and which are right."""
    if "calendar" in unknown and "id" not in document:
        return f"the key of its name is id: write `id: {document['calendar']}` for `calendar:`"
    return f"{', '.join(map(str, unknown))} is not known here; the keys are {', '.join(_KEYS)}"


def _closures(calendar: Calendar, given: Any) -> Iterator[tuple[str, str, date, str]]:
    """(what to do, unit, day, reason) of each entry."""
    for entry in given if isinstance(given, list) else [given]:
        if not isinstance(entry, Mapping) or not {"day", "days", "reopen"} & set(entry):
            raise Unsound("FM-I010", calendar=calendar.id, what="a closure names days, or days to reopen")
        for do in ("days", "reopen"):
            days = entry.get(do) or ([entry["day"]] if do == "days" and "day" in entry else [])
            for text in days if isinstance(days, list) else [days]:
                try:
                    day = text if isinstance(text, date) else date.fromisoformat(str(text))
                except ValueError:
                    what = f"{text} is no date like 2026-10-01"
                    raise Unsound("FM-I010", calendar=calendar.id, what=what) from None
                yield do, str(entry.get("unit") or ""), day, str(entry.get("reason") or "")


# ---- storing -----------------------------------------------------------------------------------


def _store_head(unit: Unit, caller: Caller, calendar: Calendar, stored: _Stored) -> None:
    body = {key: value for key, value in calendar.to_json().items() if key in _HEAD}
    rows = unit.execute(select(_calendar.c.body).where(_calendar.c.id == calendar.id))
    if rows and {k: v for k, v in json.loads(rows[0]["body"]).items() if k in _HEAD} == body:
        return
    stored.head = True
    calendar_store.put_calendar(unit, calendar.id, body, caller.at)


def _store_years(
    unit: Unit, caller: Caller, calendar: Calendar, given: Mapping[Any, Any], stored: _Stored
) -> None:
    rows = unit.execute(select(_year.c.year, _year.c.hash).where(_year.c.calendar == calendar.id))
    held = {row["year"]: row["hash"] for row in rows}
    years = {number: calendar.years[number].to_json() for number in sorted(map(int, given))}
    for number, year in years.items():
        same = held.get(number) == calendar_store.digest(year)
        stored.years[number] = "same" if same else "changed" if number in held else "new"
    fresh = {number: year for number, year in years.items() if stored.years[number] != "same"}
    calendar_store.put_years(unit, calendar.id, fresh, caller.at)


def _store_closures(unit: Unit, caller: Caller, calendar: Calendar, given: Any, stored: _Stored) -> None:
    held = {
        (row["unit"], row["day"])
        for row in unit.execute(
            select(_closure.c.unit, _closure.c.day).where(_closure.c.calendar == calendar.id)
        )
    }
    for do, code, day, reason in list(_closures(calendar, given)):
        if code and not unit.execute(select(_unit.c.code).where(_unit.c.code == code).limit(1)):
            raise Unsound("FM-I010", calendar=calendar.id, what=f"there is no unit {code}")
        if do == "days" and (code, day) not in held:
            calendar_store.close(unit, calendar.id, code, day, reason, caller.at)
            held.add((code, day))
            stored.closed += 1
        elif do == "reopen" and (code, day) in held:
            calendar_store.reopen(unit, calendar.id, code, day, caller.at)
            held.discard((code, day))
            stored.reopened += 1


# ---- recounting --------------------------------------------------------------------------------


def _running(unit: Unit, caller: Caller, calendar_id: str) -> list[int]:
    """Ids of the cases with a clock on this calendar whose due moment has not come."""
    rows = unit.execute(
        select(_clock.c.case_id, _case.c.definition)
        .join(_case, _case.c.id == _clock.c.case_id)
        .where(_clock.c.status != "stopped", (_clock.c.due_at.is_(None)) | (_clock.c.due_at > caller.at))
        .distinct()
        .order_by(_clock.c.case_id)
    )
    return [
        row["case_id"]
        for row in rows
        if law.program(unit, row["definition"]).definition.calendar == calendar_id
    ]


def _recount(unit: Unit, caller: Caller, by: str, case_id: int) -> list[dict[str, Any]]:
    for left in reversed(range(TRIES)):
        row = find_case_by_id(unit, case_id)
        if row is None:
            return []
        try:
            with unit.savepoint():
                return _recount_once(unit, caller, by, row)
        except Conflict:
            if not left:
                raise
    return []


def _recount_once(unit: Unit, caller: Caller, by: str, row: CaseRow) -> list[dict[str, Any]]:
    program = law.program(unit, row.definition)
    world = gather_for_sweep(unit, caller, program, row.body)
    command = Command(RECOUNT, caller.at, by, by, identity=caller.identity)
    decision = opening.decided(
        unit, caller, world, lambda around: recount(program, row.body, row.version, command, around)
    )
    if decision.state is None:
        return []
    write(unit, row, program, decision)
    return [
        {
            "ref": row.ref,
            "clock": after["name"],
            "title": clock_title(program, after["name"], caller.lang),
            "item": after.get("item"),
            "unit": row.unit,
            "before": _due(before),
            "after": _due(after),
        }
        for before, after in _pairs(row.body, decision.state)
        if _due(before) != _due(after)
    ]


def _pairs(before: CaseState, after: CaseState) -> Iterator[tuple[ClockRun, ClockRun]]:
    held = {run_key(run): run for run in before["clocks"]}
    return ((held[run_key(run)], run) for run in after["clocks"] if run_key(run) in held)


def _due(run: ClockRun) -> dict[str, Any]:
    return {
        "due_at": run.get("due"),
        "due_date": run.get("due_date"),
        "provisional": run.get("provisional", False),
    }
