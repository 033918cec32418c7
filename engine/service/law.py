"""The law in force: definitions compiled, calendars and vocabulary, as the store holds them.

Programs are kept for the life of the process under their content hash, which never means two things. What can
change (calendars, which version is active) is kept under the store's own number and its law counter, which
every change to definitions, calendars or closures raises.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from engine.definitions.canonical import from_json
from engine.definitions.model import Definition, Vocabulary
from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound, Unavailable
from engine.machine.program import Program, compile_definition
from engine.persistence import edition
from engine.persistence import late as table
from engine.persistence.late import ClauseElement, func, or_, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit
from engine.service.kept import Kept

VOCABULARY = "@vocabulary"
T = TypeVar("T")
_programs: dict[str, Program] = {}


def _row(values: Any) -> Any:
    return values


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


def in_force(unit: Unit, case_type: str, on: date) -> bool:
    """Whether a case of this type can be filed on this day."""
    return (
        memo(unit, lambda: unit.find(_in_force, case_type=case_type, on=on), "active", case_type, on)
        is not None
    )


def active(unit: Unit, case_type: str, on: date) -> Program:
    """The version that a case filed on this day follows; FM-N034 or FM-N037 where there is none."""
    found = memo(unit, lambda: unit.find(_in_force, case_type=case_type, on=on), "active", case_type, on)
    if found is None:
        raise not_in_force(unit, case_type, on)
    return program(unit, found)


def not_in_force(unit: Unit, case_type: str, on: date) -> NotFound:
    """FM-N034 of a type that nobody knows, FM-N037 of one that has no text for that day."""
    about: dict[str, Any] = {"case_type": case_type, "day": on.isoformat()}
    known = case_types(unit)
    if case_type not in known:
        return NotFound("FM-N034", kind="usage", known=", ".join(known) or "-", **about)
    definition = table.columns_of(table.Definition).c
    wanted = (definition.case_type == case_type, definition.status == "active")
    begins = unit.execute(select(func.min(definition.effective_from).label("first")).where(*wanted))
    return NotFound("FM-N037", kind="usage", first=begins[0]["first"].isoformat(), **about)


@statement(lambda row: str(row[0]))
def _in_force(*, case_type: str, on: date) -> ClauseElement:
    definition = table.columns_of(table.Definition).c
    ended = or_(definition.effective_until.is_(None), definition.effective_until >= on)
    begun = (
        definition.case_type == case_type,
        definition.status == "active",
        definition.effective_from <= on,
    )
    newest = (definition.effective_from.desc(), definition.added_at.desc())
    return select(definition.hash).where(*begun, ended).order_by(*newest).limit(1)


def case_types(unit: Unit) -> list[str]:
    """Case types with an active version, by name."""
    return memo(unit, lambda: unit.run(_types), "case_types")


@statement(lambda row: str(row[0]))
def _types() -> ClauseElement:
    definition = table.columns_of(table.Definition).c
    active = (definition.status == "active", definition.case_type != VOCABULARY)
    return select(definition.case_type).where(*active).distinct().order_by(definition.case_type)


def type_by_title(unit: Unit, title: str, on: date) -> str | None:
    """The case type in force whose title, in any language, this is."""
    wanted = title.strip().casefold()
    for name in case_types(unit):
        if not in_force(unit, name, on):
            continue
        definition = active(unit, name, on).definition
        titles = {definition.title, *(texts.get("title", "") for texts in definition.translations.values())}
        if wanted in {t.casefold() for t in titles}:
            return name
    return None


def vocabulary(unit: Unit) -> Vocabulary:
    """The shared names; an empty vocabulary before any was stored."""
    return memo(unit, lambda: _vocabulary(unit), "vocabulary")


def calendar(unit: Unit, calendar_id: str, office: str = "") -> Calendar:
    """A calendar with the closures of one unit. FM-N005 if there is none of this name."""
    return memo(unit, lambda: _shut(unit, calendar_id, office), "calendar", calendar_id, office)


def changed(unit: Unit) -> None:
    """Say that definitions, calendars or closures have changed."""
    edition.changed(unit, "law")


_kept: Kept[tuple[Any, ...], tuple[Any]] = Kept(4096)


def memo(unit: Unit, make: Callable[[], T], *what: Any) -> T:
    """The answer kept for this edition of this store, else made and kept; the oldest go first.

    A store that was never seeded has no number of its own, so nothing of it is kept.
    """
    store, law, _ = unit.edition or edition.edition(unit)
    if not store:
        return make()
    key = (store, law, *what)
    found = _kept.find(key)
    if found is None:
        found = _kept.keep(key, (make(),))
    made: T = found[0]
    return made


def _vocabulary(unit: Unit) -> Vocabulary:
    kept = unit.find(_words)
    empty: dict[str, Any] = {"roles": {}, "levels": {}, "links": {}, "classes": {}}
    return Vocabulary.model_validate(json.loads(kept[0]) if kept else empty)


def _shut(unit: Unit, calendar_id: str, office: str) -> Calendar:
    """Offices that were never shut on a day of their own share one calendar: it is large."""
    shut = unit.run(_closures, calendar=calendar_id, office=office)
    whole = memo(unit, lambda: _calendar(unit, calendar_id), "calendar", calendar_id)
    return whole.with_closures(dict(shut)) if shut else whole


def _calendar(unit: Unit, calendar_id: str) -> Calendar:
    head = unit.find(_house, calendar=calendar_id)
    if head is None:
        raise NotFound("FM-N005", kind="usage", calendar=calendar_id)
    body = json.loads(head[0])
    body["years"] = {
        str(year): json.loads(published) for year, published in unit.run(_years, calendar=calendar_id)
    }
    return Calendar.from_json(body)
