"""The rows of clocks, seats, links, parties' keys and decisions against the case and the events that they repeat."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from engine.domain.likeness import party_keys
from engine.persistence.picks import picks
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
            "weight": holder.get("weight"),
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


def _parties(state: Any, stored: Stored) -> Mapping[Key, Row]:
    return {
        (party["no"], key): {"no": party["no"], "key": key, "active": stored.flag(party["active"])}
        for party in state["parties"]
        for key in party_keys(party)
    }


def decisions(kept: Kept, bodies: Iterable[Row], stored: Stored) -> Iterator[str]:
    """``seat_pick/seq/n`` of each decision on a seat whose row says otherwise, is missing or belongs to nothing."""
    wanted = {
        (row["seq"], row["n"]): {**row, "at": stored.instant(row["at"])}
        for body in bodies
        for row in picks(body)
    }
    held = {(row["seq"], row["n"]): row for row in kept.mirrors["seat_pick"]}
    for found in wanted.keys() | held.keys() if wanted != held else ():
        if wanted.get(found) != held.get(found):
            yield f"seat_pick/{found[0]}/{found[1]}"


_PARTS: Mapping[str, tuple[tuple[str, ...], Callable[[Any, Stored], Mapping[Key, Row]]]] = {
    "clock_run": (("name", "item", "run"), _clocks),
    "seat_holder": (("seat", "person"), _seats),
    "case_link": (("kind", "ref"), _links),
    "case_party": (("no", "key"), _parties),
}
