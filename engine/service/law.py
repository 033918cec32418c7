"""The law in force: definitions compiled, calendars and vocabulary, as the store holds them.

Programs are kept for the life of the process under their content hash, which never means two things. What can
change (calendars, which version is active) is kept under the store's own number and its law counter, which
every change to definitions, calendars or closures raises.
"""

import json
import secrets
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from engine.definitions.canonical import from_json
from engine.definitions.model import Definition, Vocabulary
from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound, Unavailable
from engine.machine.program import Program, compile_definition
from engine.persistence import late as table
from engine.persistence.late import ClauseElement, or_, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

VOCABULARY = "@vocabulary"
T = TypeVar("T")
_programs: dict[str, Program] = {}


def _row(values: Any) -> Any:
    return values


@statement(_row)
def _versions(*, name: str) -> ClauseElement:
    counter = table.columns_of(table.Counter)
    return select(counter.c.value).where(counter.c.name == name)


@statement(_row)
def _text(*, hash: str) -> ClauseElement:  # noqa: A002 - the column's name
    definition = table.columns_of(table.Definition).c
    return select(definition.body).where(definition.hash == hash)


@statement(_row)
def _words() -> ClauseElement:
    definition = table.columns_of(table.Definition).c
    active = select(definition.body).where(definition.case_type == VOCABULARY, definition.status == "active")
    return active.order_by(definition.added_at.desc()).limit(1)


@statement(_row)
def _house(*, calendar: str) -> ClauseElement:
    calendars = table.columns_of(table.Calendar).c
    return select(calendars.body).where(calendars.id == calendar)


@statement(_row)
def _years(*, calendar: str) -> ClauseElement:
    years = table.columns_of(table.CalendarYear).c
    return select(years.year, years.body).where(years.calendar == calendar)


@statement(_row)
def _closures(*, calendar: str, office: str) -> ClauseElement:
    shut = table.columns_of(table.Closure).c
    of_it = or_(shut.unit == "", shut.unit == office)
    return select(shut.day, shut.reason).where(shut.calendar == calendar, of_it)


def edition(unit: Unit) -> tuple[int, int]:
    """(store, law): changes whenever anything in this module may answer otherwise."""
    store = unit.find(_versions, name="store")
    law = unit.find(_versions, name="law")
    return (store[0] if store else 0), (law[0] if law else 0)


def program(unit: Unit, content_hash: str) -> Program:
    """The compiled definition a case is pinned to."""
    found = _programs.get(content_hash)
    if found is None:
        kept = unit.find(_text, hash=content_hash)
        if kept is None:
            raise Unavailable("FM-S020", kind="store", hash=content_hash[:12])
        made: Definition = from_json(json.loads(kept[0]))
        found = _programs[content_hash] = compile_definition(made, content_hash, vocabulary(unit))
    return found


def active(unit: Unit, case_type: str, on: date) -> Program:
    """The version that a case filed on this day follows; unknown types give FM-N034."""
    found = _memo(unit, lambda: _active_hash(unit, case_type, on), "active", case_type, on)
    if found is None:
        known = ", ".join(case_types(unit)) or "-"
        raise NotFound("FM-N034", kind="usage", case_type=case_type, known=known, day=on.isoformat())
    return program(unit, found)


def _active_hash(unit: Unit, case_type: str, on: date) -> str | None:
    definition = table.columns_of(table.Definition)
    rows = unit.execute(
        select(definition.c.hash)
        .where(
            definition.c.case_type == case_type,
            definition.c.status == "active",
            definition.c.effective_from <= on,
            or_(definition.c.effective_until.is_(None), definition.c.effective_until >= on),
        )
        .order_by(definition.c.effective_from.desc(), definition.c.added_at.desc())
        .limit(1)
    )
    return rows[0]["hash"] if rows else None


def case_types(unit: Unit) -> list[str]:
    """Case types with an active version, by name."""
    return _memo(unit, lambda: _case_types(unit), "case_types")


def _case_types(unit: Unit) -> list[str]:
    definition = table.columns_of(table.Definition)
    rows = unit.execute(
        select(definition.c.case_type)
        .where(definition.c.status == "active", definition.c.case_type != VOCABULARY)
        .distinct()
        .order_by(definition.c.case_type)
    )
    return [row["case_type"] for row in rows]


def type_by_title(unit: Unit, title: str, on: date) -> str | None:
    """The case type in force whose title, in any language, this is."""
    wanted = title.strip().casefold()
    for name in case_types(unit):
        definition = active(unit, name, on).definition
        titles = {definition.title, *(texts.get("title", "") for texts in definition.translations.values())}
        if wanted in {t.casefold() for t in titles}:
            return name
    return None


def vocabulary(unit: Unit) -> Vocabulary:
    """The shared names; an empty vocabulary before any was stored."""
    return _memo(unit, lambda: _vocabulary(unit), "vocabulary")


def calendar(unit: Unit, calendar_id: str, office: str = "") -> Calendar:
    """A calendar with the closures of one unit. FM-N005 if there is none of this name."""
    return _memo(unit, lambda: _calendar(unit, calendar_id, office), "calendar", calendar_id, office)


def changed(unit: Unit) -> None:
    """Say that definitions, calendars or closures have changed."""
    counter = table.columns_of(table.Counter)
    _store, law = edition(unit)
    if law:
        # never the number of an attempt that was rolled back: its answers may still be kept
        ahead = 1 + secrets.randbelow(1 << 20)
        unit.execute(counter.update().where(counter.c.name == "law").values(value=law + ahead))
    else:
        unit.execute(counter.insert().values(name="law", value=1))


_kept: dict[tuple[Any, ...], Any] = {}
MOST_KEPT = 400


def _memo(unit: Unit, make: Callable[[], T], *what: Any) -> T:
    """The answer kept for this edition of this store, else made and kept; the oldest go first.

    A store that was never seeded has no number of its own, so nothing of it is kept.
    """
    store, law = edition(unit)
    key = (store, law, *what)
    if key in _kept:
        found: T = _kept[key]
        return found
    made = make()
    if store:
        if len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = made
    return made


def _vocabulary(unit: Unit) -> Vocabulary:
    kept = unit.find(_words)
    empty: dict[str, Any] = {"roles": {}, "levels": {}, "links": {}, "classes": {}}
    return Vocabulary.model_validate(json.loads(kept[0]) if kept else empty)


def _calendar(unit: Unit, calendar_id: str, office: str) -> Calendar:
    head = unit.find(_house, calendar=calendar_id)
    if head is None:
        raise NotFound("FM-N005", kind="usage", calendar=calendar_id)
    body = json.loads(head[0])
    body["years"] = {
        str(year): json.loads(published) for year, published in unit.run(_years, calendar=calendar_id)
    }
    shut = unit.run(_closures, calendar=calendar_id, office=office)
    made = Calendar.from_json(body)
    if shut:
        made = made.with_closures(dict(shut))
    return made
