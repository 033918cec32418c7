"""The rows of clocks, seats and links against the case that they repeat."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.service.audit.pages import Kept, Row
from engine.service.audit.stored import Stored

Key = tuple[Any, ...]


def mirrors(kept: Kept, state: Any, stored: Stored) -> Iterator[str]:
    """``table/key`` of each row that says otherwise, is missing or belongs to nothing."""
    for table, (key, wanted_of) in _PARTS.items():
        held = {tuple(row[name] for name in key): row for row in kept.mirrors[table]}
        wanted = wanted_of(state, stored)
        if held == wanted:
            continue
        for found in wanted.keys() | held.keys():
            if wanted.get(found) != held.get(found):
                yield f"{table}/{'/'.join(map(str, found))}"


def _clocks(state: Any, stored: Stored) -> Mapping[Key, Row]:
    return {
        (run["name"], run.get("item", ""), run["run"]): {
            "name": run["name"],
            "item": run.get("item", ""),
            "run": run["run"],
            "kind": run["kind"],
            "status": run["status"],
            "started_at": stored.instant(run["start"]),
            "due_at": stored.instant_or_none(run.get("due")),
            "due_date": stored.day(run.get("due_date")),
            "provisional": stored.flag(run.get("provisional", False)),
            "verdict": run.get("verdict"),
            "stopped_at": stored.instant_or_none(run.get("stopped")),
        }
        for run in state["clocks"]
    }


def _seats(state: Any, stored: Stored) -> Mapping[Key, Row]:
    return {
        (seat, holder["person"]): {
            "seat": seat,
            "person": holder["person"],
            "since": stored.instant(holder["since"]),
            "accepted": stored.flag(holder["accepted"]),
        }
        for seat, holders in state["seats"].items()
        for holder in holders
    }


def _links(state: Any, stored: Stored) -> Mapping[Key, Row]:
    return {
        (link["kind"], link["ref"]): {
            "kind": link["kind"],
            "ref": link["ref"],
            "at": stored.instant(link["at"]),
        }
        for link in state["links"]
    }


_PARTS: Mapping[str, tuple[tuple[str, ...], Callable[[Any, Stored], Mapping[Key, Row]]]] = {
    "clock_run": (("name", "item", "run"), _clocks),
    "seat_holder": (("seat", "person"), _seats),
    "case_link": (("kind", "ref"), _links),
}
