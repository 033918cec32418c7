"""The law in force: definitions compiled; calendars and vocabulary come from ``engine.persistence.law_store``.

Programs are kept for the life of the process under their content hash, which never means two things.
"""

import json
from datetime import date
from typing import Any

from engine.definitions.canonical import from_json
from engine.definitions.model import Definition
from engine.domain.errors import NotFound, Unavailable
from engine.machine.program import Program, compile_definition
from engine.persistence import late as table
from engine.persistence.late import ClauseElement, func, or_, select
from engine.persistence.law_store import VOCABULARY as VOCABULARY
from engine.persistence.law_store import calendar as calendar
from engine.persistence.law_store import changed as changed
from engine.persistence.law_store import memo as memo
from engine.persistence.law_store import vocabulary as vocabulary
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

_programs: dict[str, Program] = {}


def _row(values: Any) -> Any:
    return values


@statement(_row)
def _text(*, hash: str) -> ClauseElement:  # noqa: A002 - the column's name
    definition = table.columns_of(table.Definition).c
    return select(definition.body).where(definition.hash == hash)


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
