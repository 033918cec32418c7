"""Calendars, the organisation and the vocabulary as they were known at an instant: what figures of the past stand on.

Where nothing was written down since, it is what stands in the store today, read as everybody reads it. Else it is
made of the rows that were written by then (``setting_history``), which are never changed.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import func, select

from engine.definitions.model import Vocabulary
from engine.domain import organisation as org
from engine.domain.calendar import Calendar
from engine.persistence import edition, law_store, setting_history, table
from engine.persistence.calendar_known import Calendars, complete
from engine.persistence.kept import Kept
from engine.persistence.law_store import VOCABULARY
from engine.persistence.organisation_store import find
from engine.persistence.raw import rows
from engine.persistence.selection import subtree
from engine.persistence.setting_history import SPELLINGS, back
from engine.persistence.unit import Unit

T = TypeVar("T")
_history, _definition, _held = (
    table.columns_of(model).c for model in (table.SettingHistory, table.Definition, table.Appointment)
)


class Known(Protocol):
    def calendar(self, name: str, office: str = "") -> Calendar:
        """With the days on which one office was shut. FM-N005 if there is none of this name."""

    def is_unit(self, code: str) -> bool: ...

    def above(self, code: str) -> str | None:
        """The unit right above; None where there is none, or none of this code."""

    def level(self, code: str) -> str | None: ...

    def below(self, code: str) -> list[str]:
        """A unit and all below it."""

    def units(self) -> Mapping[str, org.Unit]: ...

    def places(self) -> Mapping[str, org.Place]: ...

    def areas(self) -> Sequence[org.ServiceArea]: ...

    def appointments(self, roles: Collection[str] | None = None) -> Sequence[org.Appointment]:
        """Who held what over which unit, of these roles or of all; nothing else of them."""

    def absences(self) -> Sequence[org.Absence]:
        """Who was away from when until when; nothing else of it."""

    def vocabulary(self) -> Vocabulary: ...


def as_known(unit: Unit, at: datetime) -> Known:
    """As of an instant, in whole seconds; what is written later changes nothing of it."""
    if all(one is None or one <= at for one in unit.once("newest setting", lambda: _newest(unit))):
        return _Today(unit)
    store, law, organisation = unit.edition or edition.edition(unit)
    key = (store, law, organisation, at)
    kept = _kept.find(key) if store else None
    return kept or (_kept.keep(key, _then(unit, at)) if store else _then(unit, at))


def _newest(unit: Unit) -> list[datetime | None]:
    """When a setting and the vocabulary were last written."""
    words = select(func.max(_definition.added_at)).where(_definition.case_type == VOCABULARY)
    newest = select(func.max(_history.recorded_at).label("setting"), words.scalar_subquery().label("words"))
    [found] = unit.execute(newest)
    return [*found.values()]


@dataclass(frozen=True, slots=True)
class _Today:
    unit: Unit

    def calendar(self, name: str, office: str = "") -> Calendar:
        return law_store.calendar(self.unit, name, office)

    def is_unit(self, code: str) -> bool:
        return bool(rows(self.unit, "SELECT 1 FROM unit WHERE code = ?", code))

    def above(self, code: str) -> str | None:
        found = rows(self.unit, "SELECT parent FROM unit WHERE code = ?", code)
        return found[0][0] if found else None

    def level(self, code: str) -> str | None:
        found = rows(self.unit, "SELECT level FROM unit WHERE code = ?", code)
        return found[0][0] if found else None

    def below(self, code: str) -> list[str]:
        return subtree(self.unit, code)

    def units(self) -> Mapping[str, org.Unit]:
        return {one.code: one for one in find(self.unit, org.Unit)}

    def places(self) -> Mapping[str, org.Place]:
        return {one.code: one for one in find(self.unit, org.Place)}

    def areas(self) -> Sequence[org.ServiceArea]:
        return find(self.unit, org.ServiceArea)

    def appointments(self, roles: Collection[str] | None = None) -> Sequence[org.Appointment]:
        where = () if roles is None else (_held.role.in_(sorted(roles)),)
        return find(self.unit, org.Appointment, *where)

    def absences(self) -> Sequence[org.Absence]:
        return find(self.unit, org.Absence)

    def vocabulary(self) -> Vocabulary:
        return law_store.vocabulary(self.unit)


class _Then:
    """Made of what was written by an instant."""

    def __init__(self, told: Mapping[str, Sequence[dict[str, Any]]], words: Vocabulary) -> None:
        def parts(model: type[T]) -> tuple[T, ...]:
            return tuple(back(model, one) for one in told.get(SPELLINGS[model].kind, ()))

        self._units = {one.code: one for one in sorted(parts(org.Unit), key=_code)}
        self._places = {one.code: one for one in sorted(parts(org.Place), key=_code)}
        self._areas, self._held, self._away = (
            parts(org.ServiceArea), parts(org.Appointment), parts(org.Absence)
        )  # fmt: skip
        self._children: dict[str | None, list[str]] = defaultdict(list)
        for one in self._units.values():
            self._children[one.parent].append(one.code)
        self.calendar, self._words = Calendars(told).get, words

    def is_unit(self, code: str) -> bool:
        return code in self._units

    def above(self, code: str) -> str | None:
        found = self._units.get(code)
        return found.parent if found else None

    def level(self, code: str) -> str | None:
        found = self._units.get(code)
        return found.level if found else None

    def below(self, code: str) -> list[str]:
        found = {code: None}  # ordered; each once, whatever circle somebody made
        for one in (waiting := [code]):
            new = [child for child in self._children.get(one, ()) if child not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return list(found)

    def units(self) -> Mapping[str, org.Unit]:
        return self._units

    def places(self) -> Mapping[str, org.Place]:
        return self._places

    def areas(self) -> Sequence[org.ServiceArea]:
        return self._areas

    def appointments(self, roles: Collection[str] | None = None) -> Sequence[org.Appointment]:
        return [one for one in self._held if roles is None or one.role in roles]

    def absences(self) -> Sequence[org.Absence]:
        return self._away

    def vocabulary(self) -> Vocabulary:
        return self._words


def _code(one: org.Unit | org.Place) -> str:
    return one.code


def _then(unit: Unit, at: datetime) -> _Then:
    first: dict[tuple[str, str], str | None] = {}
    held: dict[tuple[str, str], str | None] = {}
    for kind, id_, recorded_at, body in setting_history.read(unit):
        first.setdefault((kind, id_), body)
        if recorded_at <= at:
            held[kind, id_] = body
    complete(held, first)
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (kind, _), text in held.items():
        if text is not None:
            by_kind[kind].append(json.loads(text))
    return _Then(by_kind, _vocabulary(unit, at))


def _vocabulary(unit: Unit, at: datetime) -> Vocabulary:
    """The last that was stored by then, else the first there is."""
    by_age = (
        select(_definition.body, _definition.added_at)
        .where(_definition.case_type == VOCABULARY, _definition.status == "active")
        .order_by(_definition.added_at)
    )
    found = unit.execute(by_age)
    then = [row for row in found if row["added_at"] <= at] or found[:1]
    return law_store.words(then[-1]["body"] if then else None)


_kept: Kept[tuple[Any, ...], _Then] = Kept(16)
