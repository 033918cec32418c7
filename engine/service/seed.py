"""What a new store starts with: the shipped definitions, the vocabulary and the calendars, as data."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from engine.definitions.canonical import content_hash, to_json
from engine.definitions.model import Definition, Vocabulary
from engine.domain.calendar import Calendar
from engine.domain.instant import to_text
from engine.persistence import calendar_store, table
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.routing.tables import put_shipped


@dataclass(frozen=True, slots=True)
class Shipped:
    """One definition as it comes with the program: normal form and the text it came from."""

    definition: Definition
    source: str


def seed(
    unit: Unit,
    caller: Caller,
    *,
    definitions: Iterable[Shipped],
    vocabulary: Vocabulary,
    calendars: Iterable[Calendar],
    tables: Mapping[str, str] | None = None,
    activate: bool = True,
) -> Answer:
    """Put what is shipped into the store. In a new store it is active at once; later versions arrive available.

    ``tables``: by which seats are filled, texts by case type.
    """
    _store_number(unit)
    _put_vocabulary(unit, caller, vocabulary)
    published = [_put_calendar(unit, caller, calendar) for calendar in calendars]
    texts = list(definitions)
    added = [_put_definition(unit, caller, shipped, activate=activate) for shipped in texts]
    law.changed(unit)
    routing = put_shipped(unit, caller, tables or {}, [s.definition for s in texts], active=activate)
    law.changed(unit)
    told = [{"case_type": row["case_type"], "version": row["version"]} for row in routing]
    return {"definitions": [a for a in added if a], "calendars": published, "tables": told}


def mark_demo(unit: Unit, caller: Caller) -> Answer:
    """From now on this store says that all in it is made up, and lets anyone try as anyone."""
    counter = table.columns_of(table.Counter)
    unit.execute(insert(counter).values(name="demo", value=1))
    return {"demo": True, "as_of": to_text(caller.at)}


def _store_number(unit: Unit) -> None:
    counter = table.columns_of(table.Counter)
    if not unit.execute(select(counter.c.value).where(counter.c.name == "store")):
        unit.execute(insert(counter).values(name="store", value=secrets.randbits(62)))


def _put_vocabulary(unit: Unit, caller: Caller, vocabulary: Vocabulary) -> None:
    body = json.dumps(vocabulary.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(body.encode()).hexdigest()
    definition = table.columns_of(table.Definition)
    if unit.execute(select(definition.c.hash).where(definition.c.hash == digest)):
        return
    unit.execute(
        insert(definition).values(
            hash=digest,
            case_type=law.VOCABULARY,
            version=caller.at.date().isoformat(),
            status="active",
            effective_from=caller.at.date(),
            added_at=caller.at,
            body=body,
            source="",
            translations="{}",
        )
    )


def _put_calendar(unit: Unit, caller: Caller, calendar: Calendar) -> dict[str, Any]:
    calendars, years = table.columns_of(table.Calendar), table.columns_of(table.CalendarYear)
    body = calendar.to_json()
    given = {int(number): year for number, year in body.pop("years").items()}
    if not unit.execute(select(calendars.c.id).where(calendars.c.id == calendar.id)):
        calendar_store.put_calendar(unit, calendar.id, body, caller.at)
    held = {r["year"] for r in unit.execute(select(years.c.year).where(years.c.calendar == calendar.id))}
    new = {number: year for number, year in given.items() if number not in held}
    calendar_store.put_years(unit, calendar.id, new, caller.at)
    known = [n for n, y in given.items() if y.get("published", True)]
    return {"id": calendar.id, "first": min(known, default=None), "last": max(known, default=None)}


def _put_definition(unit: Unit, caller: Caller, shipped: Shipped, *, activate: bool) -> dict[str, Any] | None:
    made = shipped.definition
    digest = content_hash(made)
    definition = table.columns_of(table.Definition)
    if unit.execute(select(definition.c.hash).where(definition.c.hash == digest)):
        return None
    unit.execute(
        insert(definition).values(
            hash=digest,
            case_type=made.case_type,
            version=made.version,
            status="active" if activate else "available",
            effective_from=made.effective.from_,
            effective_until=made.effective.until,
            added_at=caller.at,
            body=json.dumps(to_json(made), ensure_ascii=False),
            source=shipped.source,
            translations=json.dumps(made.translations, sort_keys=True, ensure_ascii=False),
        )
    )
    return {"case_type": made.case_type, "version": made.version, "hash": digest}
