"""The law in force: definitions compiled, calendars and vocabulary, as the store holds them.

Programs are kept for the life of the process under their content hash, which never means two things. What can
change (calendars, which version is active) is kept under the store's own number and its law counter, which
every change to definitions, calendars or closures raises.
"""

import json
import secrets
from datetime import date
from typing import Any

from sqlalchemy import ClauseElement, or_, select

from engine.definitions.canonical import from_json
from engine.definitions.model import Definition, Vocabulary
from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound, Unavailable
from engine.machine.program import Program, compile_definition
from engine.persistence import table
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

VOCABULARY = "@vocabulary"
_programs: dict[str, Program] = {}


def _row(values: Any) -> Any:
    return values


@statement(_row)
def _versions(*, name: str) -> ClauseElement:
    counter = table.columns_of(table.Counter)
    return select(counter.c.value).where(counter.c.name == name)


def edition(unit: Unit) -> tuple[int, int]:
    """(store, law): changes whenever anything in this module may answer otherwise."""
    store = unit.find(_versions, name="store")
    law = unit.find(_versions, name="law")
    return (store[0] if store else 0), (law[0] if law else 0)


def program(unit: Unit, content_hash: str) -> Program:
    """The compiled definition a case is pinned to."""
    found = _programs.get(content_hash)
    if found is None:
        definition = table.columns_of(table.Definition)
        rows = unit.execute(select(definition.c.body).where(definition.c.hash == content_hash))
        if not rows:
            raise Unavailable("FM-S020", kind="store", hash=content_hash[:12])
        made: Definition = from_json(json.loads(rows[0]["body"]))
        found = _programs[content_hash] = compile_definition(made, content_hash, vocabulary(unit))
    return found


def active(unit: Unit, case_type: str, on: date) -> Program:
    """The version that a case filed on this day follows; unknown types give FM-N034."""
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
    if not rows:
        known = ", ".join(case_types(unit)) or "-"
        raise NotFound("FM-N034", kind="usage", case_type=case_type, known=known, day=on.isoformat())
    return program(unit, rows[0]["hash"])


def case_types(unit: Unit) -> list[str]:
    """Case types with an active version, by name."""
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
    return _vocabulary_of(unit, *edition(unit))


def calendar(unit: Unit, calendar_id: str, office: str = "") -> Calendar:
    """A calendar with the closures of one unit. FM-N005 if there is none of this name."""
    return _calendar_of(unit, *edition(unit), calendar_id, office)


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


class _Keyed(dict[Any, Any]):
    """Keeps a few hundred answers; the oldest go first."""

    def keep(self, key: Any, value: Any) -> Any:
        if len(self) > 400:
            del self[next(iter(self))]
        self[key] = value
        return value


_kept = _Keyed()


def _vocabulary_of(unit: Unit, store: int, law: int) -> Vocabulary:
    key = ("vocabulary", store, law)
    if key in _kept:
        return _kept[key]  # type: ignore[no-any-return]
    definition = table.columns_of(table.Definition)
    rows = unit.execute(
        select(definition.c.body)
        .where(definition.c.case_type == VOCABULARY, definition.c.status == "active")
        .order_by(definition.c.added_at.desc())
        .limit(1)
    )
    empty: dict[str, Any] = {"roles": {}, "levels": {}, "links": {}, "classes": {}}
    return _kept.keep(key, Vocabulary.model_validate(json.loads(rows[0]["body"]) if rows else empty))  # type: ignore[no-any-return]


def _calendar_of(unit: Unit, store: int, law: int, calendar_id: str, office: str) -> Calendar:
    key = ("calendar", store, law, calendar_id, office)
    if key in _kept:
        return _kept[key]  # type: ignore[no-any-return]
    calendars, years, closures = (
        table.columns_of(model) for model in (table.Calendar, table.CalendarYear, table.Closure)
    )
    head = unit.execute(select(calendars.c.body).where(calendars.c.id == calendar_id))
    if not head:
        raise NotFound("FM-N005", kind="usage", calendar=calendar_id)
    body = json.loads(head[0]["body"])
    rows = unit.execute(select(years.c.year, years.c.body).where(years.c.calendar == calendar_id))
    body["years"] = {str(row["year"]): json.loads(row["body"]) for row in rows}
    shut = unit.execute(
        select(closures.c.day, closures.c.reason).where(
            closures.c.calendar == calendar_id, closures.c.unit.in_(["", office])
        )
    )
    made = Calendar.from_json(body)
    if shut:
        made = made.with_closures({row["day"]: row["reason"] for row in shut})
    return _kept.keep(key, made)  # type: ignore[no-any-return]
