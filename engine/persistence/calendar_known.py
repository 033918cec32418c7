"""Calendars made of what was written of them by an instant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound
from engine.persistence import law_store


class Calendars:
    """Calendars by what was written of them, each made when it is asked for; offices never shut share one."""

    def __init__(self, held: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        self._heads = {one["id"]: one["body"] for one in held.get("calendar", ())}
        self._years: dict[str, dict[int, Any]] = defaultdict(dict)
        for one in held.get("year", ()):
            self._years[one["calendar"]][one["year"]] = one["body"]
        self._shut: dict[tuple[str, str], dict[date, str]] = defaultdict(dict)
        for one in held.get("closure", ()):
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


def complete(held: dict[tuple[str, str], str | None], first: Mapping[tuple[str, str], str | None]) -> None:
    """A calendar that was brought in later, by a clock that was ahead, is what it was at first: none counts by none."""
    late = {
        id_ for (kind, id_), body in first.items() if kind == "calendar" and body and (kind, id_) not in held
    }
    for (kind, id_), body in first.items() if late else ():
        calendar = id_.rpartition("|")[0] if kind == "year" else id_
        if body and kind in ("calendar", "year") and calendar in late:
            held.setdefault((kind, id_), body)
