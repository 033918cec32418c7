"""The parts of a case's body that queries need as rows of their own: only what changed is written."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from engine.domain.case import CaseState, ClockRun, Holder, Link, PartyState
from engine.domain.likeness import party_keys
from engine.persistence.change import Change, columns
from engine.persistence.convert import instant
from engine.persistence.late import METADATA
from engine.persistence.stored import Anew

Key = tuple[Any, ...]
Pieces = Mapping[Key, Any]
Row = dict[str, Any]


def changes(before: CaseState | None, after: CaseState, milestones: Mapping[str, datetime]) -> list[Change]:
    """What brings clock runs, seats, links and the keys of parties from one state of the case to the next; milestones
    reached."""
    made: list[Change] = []
    for part, table, pieces, row_of in _PARTS:
        wanted = after[part]
        if before is None or (before[part] is not wanted and before[part] != wanted):
            made += _apart(table, row_of, pieces(before), pieces(after))
    for name, at in milestones.items():
        made.append(Change("reach", "milestone", {"name": name, "first_at": at, "last_at": at}))
    return made


def milestones(anew: Anew) -> Iterator[Change]:
    """Every milestone as the corrected history has it."""
    for name in anew.dropped:
        yield Change("drop", "milestone", {"name": name})
    for name, (first, last) in anew.milestones.items():
        yield Change("put", "milestone", {"name": name, "first_at": first, "last_at": last})


def _apart(table: str, row_of: Callable[[Key, Any], Row], held: Pieces, wanted: Pieces) -> Iterator[Change]:
    gone = () if held.keys() <= wanted.keys() else sorted(held.keys() - wanted.keys())
    for key in gone:
        row = row_of(key, held[key])
        yield Change("drop", table, {name: row[name] for name in _key(table)})
    for key, piece in wanted.items():
        was = held.get(key)
        if was is piece or was == piece:
            continue
        row = row_of(key, piece)  # a piece may change in what its row does not say
        if was is None or row_of(key, was) != row:
            yield Change("put", table, row)


def clocks(state: CaseState | None) -> Mapping[Key, Row]:
    return {key: _clock(key, piece) for key, piece in _clocks(state).items()}


def seats(state: CaseState | None) -> Mapping[Key, Row]:
    return {key: _seat(key, piece) for key, piece in _seats(state).items()}


def links(state: CaseState | None) -> Mapping[Key, Row]:
    return {key: _link(key, piece) for key, piece in _links(state).items()}


def parties(state: CaseState | None) -> Mapping[Key, Row]:
    return {key: _party(key, piece) for key, piece in _parties(state).items()}


def _clocks(state: CaseState | None) -> Mapping[Key, ClockRun]:
    runs = state["clocks"] if state is not None else ()
    return {(run["name"], run.get("item", ""), run["run"]): run for run in runs}


def _seats(state: CaseState | None) -> Mapping[Key, Holder]:
    seats = state["seats"] if state is not None else {}
    return {(seat, holder["person"]): holder for seat, holders in seats.items() for holder in holders}


def _links(state: CaseState | None) -> Mapping[Key, Link]:
    return {(link["kind"], link["ref"]): link for link in (state["links"] if state is not None else ())}


def _parties(state: CaseState | None) -> Mapping[Key, PartyState]:
    parties = state["parties"] if state is not None else ()
    return {(party["no"], key): party for party in parties for key in party_keys(party)}


def _party(key: Key, party: PartyState) -> Row:
    return {"no": key[0], "key": key[1], "active": party["active"]}


def _seat(key: Key, holder: Holder) -> Row:
    since = instant(holder["since"])
    return {
        "seat": key[0],
        "person": key[1],
        "since": since,
        "accepted": holder["accepted"],
        "weight": holder.get("weight"),
    }


def _link(key: Key, link: Link) -> Row:
    return {"kind": key[0], "ref": key[1], "at": instant(link["at"])}


def _clock(_key: Key, run: ClockRun) -> Row:
    return {
        "name": run["name"],
        "item": run.get("item", ""),
        "run": run["run"],
        "kind": run["kind"],
        "status": run["status"],
        "started_at": instant(run["start"]),
        "due_at": _instant(run.get("due")),
        "due_date": date.fromisoformat(run["due_date"]) if "due_date" in run else None,
        "provisional": run.get("provisional", False),
        "verdict": run.get("verdict"),
        "stopped_at": _instant(run.get("stopped")),
    }


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


_PARTS: tuple[
    tuple[Literal["clocks", "seats", "links", "parties"], str, Callable[..., Pieces], Callable[..., Row]], ...
] = (
    ("clocks", "clock_run", _clocks, _clock),
    ("seats", "seat_holder", _seats, _seat),
    ("links", "case_link", _links, _link),
    ("parties", "case_party", _parties, _party),
)


@cache
def _key(table: str) -> list[str]:
    return [name for name in columns("drop", METADATA.tables[table]) if name != "case_id"]
