"""Calendars, the tree of units and the vocabulary as they were known at an instant: what figures of the past stand on.

Where nothing was written down since, it is what stands in the store today, read as everybody reads it. Else it is
made of the rows that were written by then (``setting_history``), which are never changed.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import func, select

from engine.definitions.model import Vocabulary
from engine.domain import organisation as org
from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound
from engine.persistence import edition, law_store, setting_history, table
from engine.persistence.kept import Kept
from engine.persistence.law_store import VOCABULARY
from engine.persistence.raw import rows
from engine.persistence.selection import subtree
from engine.persistence.unit import Unit

_history, _definition = (table.columns_of(model).c for model in (table.SettingHistory, table.Definition))


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

    def places(self) -> Mapping[str, str]:
        """What each place was called."""

    def vocabulary(self) -> Vocabulary: ...


def as_known(unit: Unit, at: datetime) -> Known:
    """As of an instant, in whole seconds; what is written later changes nothing of it."""
    words = select(func.max(_definition.added_at)).where(_definition.case_type == VOCABULARY)
    newest = select(func.max(_history.recorded_at).label("setting"), words.scalar_subquery().label("words"))
    [found] = unit.execute(newest)
    if all(one is None or one <= at for one in found.values()):
        return _Today(unit)
    store, law, organisation = unit.edition or edition.edition(unit)
    key = (store, law, organisation, at)
    kept = _kept.find(key) if store else None
    return kept or (_kept.keep(key, _then(unit, at)) if store else _then(unit, at))


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
        columns = table.columns_of(table.Unit).c
        query = select(*(columns[one.name] for one in fields(org.Unit))).order_by(columns.code)
        return {row["code"]: org.Unit(**row) for row in self.unit.execute(query)}

    def places(self) -> Mapping[str, str]:
        return dict(rows(self.unit, "SELECT code, name FROM place ORDER BY code"))

    def vocabulary(self) -> Vocabulary:
        return law_store.vocabulary(self.unit)


class _Then:
    """Made of what was written by an instant."""

    def __init__(
        self,
        units: Iterable[Mapping[str, Any]],
        places: Iterable[Mapping[str, Any]],
        calendars: "_Calendars",
        words: Vocabulary,
    ) -> None:
        self._places = {one["code"]: one["name"] for one in places}
        self._units = {one["code"]: one for one in units}
        self._children: dict[str, list[str]] = defaultdict(list)
        for code, one in self._units.items():
            self._children[one["parent"]].append(code)
        self.calendar, self._words = calendars.get, words

    def is_unit(self, code: str) -> bool:
        return code in self._units

    def above(self, code: str) -> str | None:
        return self._units.get(code, {}).get("parent")

    def level(self, code: str) -> str | None:
        return self._units.get(code, {}).get("level")

    def below(self, code: str) -> list[str]:
        found = {code: None}  # ordered; each once, whatever circle somebody made
        for one in (waiting := [code]):
            new = [child for child in self._children.get(one, ()) if child not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return list(found)

    def units(self) -> Mapping[str, org.Unit]:
        return {code: _office(one) for code, one in sorted(self._units.items())}

    def places(self) -> Mapping[str, str]:
        return dict(sorted(self._places.items()))

    def vocabulary(self) -> Vocabulary:
        return self._words


def _office(told: Mapping[str, Any]) -> org.Unit:
    days = {name: told[name] and date.fromisoformat(told[name]) for name in ("since", "until")}
    return org.Unit(**{**told, **days})


class _Calendars:
    """Calendars by what was written of them, each made when it is asked for; offices never shut share one."""

    def __init__(self, held: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        self._heads = {one["id"]: one["body"] for one in held["calendar"]}
        self._years: dict[str, dict[int, Any]] = defaultdict(dict)
        for one in held["year"]:
            self._years[one["calendar"]][one["year"]] = one["body"]
        self._shut: dict[tuple[str, str], dict[date, str]] = defaultdict(dict)
        for one in held["closure"]:
            self._shut[one["calendar"], one["unit"]][date.fromisoformat(one["day"])] = one["reason"]
        self._made: dict[tuple[str, str], Calendar] = {}

    def get(self, name: str, office: str = "") -> Calendar:
        made = self._made.get((name, office))
        if made is None:
            made = self._made[name, office] = self._make(name, office)
        return made

    def _make(self, name: str, office: str) -> Calendar:
        shut = {**self._shut.get((name, ""), {}), **(self._shut.get((name, office), {}) if office else {})}
        if office and not shut:
            return self.get(name)
        if name not in self._heads:
            raise NotFound("FM-N005", kind="usage", calendar=name)
        whole = law_store.whole(self._heads[name], self._years.get(name, {}))
        return whole.with_closures(shut) if shut else whole


def _then(unit: Unit, at: datetime) -> _Then:
    first: dict[tuple[str, str], Any] = {}
    held: dict[tuple[str, str], Any] = {}
    for kind, id_, recorded_at, body in setting_history.read(unit):
        told = json.loads(body) if body else None
        first.setdefault((kind, id_), told)
        if recorded_at <= at:
            held[kind, id_] = told
    _complete(held, first)
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for (kind, _), told in held.items():
        if told is not None:
            by_kind[kind].append(told)
    return _Then(by_kind["unit"], by_kind["place"], _Calendars(by_kind), _vocabulary(unit, at))


def _complete(held: dict[tuple[str, str], Any], first: Mapping[tuple[str, str], Any]) -> None:
    """A calendar that was brought in later, by a clock that was ahead, is what it was at first: none counts by none."""
    late = {id_ for kind, id_ in first if kind == "calendar"} - {
        id_ for kind, id_ in held if kind == "calendar"
    }
    for (kind, id_), told in first.items():
        if told is not None and (
            (kind == "calendar" and id_ in late) or (kind == "year" and told["calendar"] in late)
        ):
            held.setdefault((kind, id_), told)


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
