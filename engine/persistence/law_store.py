"""What of the law may change, as the store holds it: calendars with their closures, and the vocabulary.

What was read is kept under the store's own number and its law counter, which every change to definitions, calendars
or closures raises.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from engine.definitions.model import Vocabulary
from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound
from engine.persistence import edition
from engine.persistence import late as table
from engine.persistence.kept import Kept
from engine.persistence.late import ClauseElement, or_, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

VOCABULARY = "@vocabulary"
T = TypeVar("T")


def _row(values: Any) -> Any:
    return values


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
    return words(kept[0] if kept else None)


def words(body: str | None) -> Vocabulary:
    empty: dict[str, Any] = {"roles": {}, "levels": {}, "links": {}, "classes": {}}
    return Vocabulary.model_validate(json.loads(body) if body else empty)


def _shut(unit: Unit, calendar_id: str, office: str) -> Calendar:
    """Offices that were never shut on a day of their own share one calendar: it is large."""
    shut = unit.run(_closures, calendar=calendar_id, office=office)
    open_ = memo(unit, lambda: _calendar(unit, calendar_id), "calendar", calendar_id)
    return open_.with_closures(dict(shut)) if shut else open_


def _calendar(unit: Unit, calendar_id: str) -> Calendar:
    head = unit.find(_house, calendar=calendar_id)
    if head is None:
        raise NotFound("FM-N005", kind="usage", calendar=calendar_id)
    years = {year: json.loads(published) for year, published in unit.run(_years, calendar=calendar_id)}
    return whole(json.loads(head[0]), years)


def whole(head: Mapping[str, Any], years: Mapping[int, Any]) -> Calendar:
    """A calendar of what stands in two tables."""
    return Calendar.from_json({**head, "years": {str(number): year for number, year in years.items()}})
