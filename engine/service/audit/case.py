"""One case: its chain, its row, what its history folds to, and every row that repeats a part of it."""

import json
from collections.abc import Iterator
from typing import Any

from engine.definitions.outline import MAIN
from engine.domain.instant import from_text
from engine.machine.believed import believed
from engine.machine.decide import SKEW
from engine.machine.fold import apply, run_key
from engine.machine.program import Program
from engine.persistence import chain, erased
from engine.service.audit.finding import Break
from engine.service.audit.mirrored import decisions, mirrors
from engine.service.audit.pages import Entry, Kept, Row
from engine.service.audit.reached import came, milestones
from engine.service.audit.stored import Stored
from engine.service.audit.texts import Texts
from engine.service.summary import next_due

# columns of the case's row that repeat the body under the same name
SAME = ("ref", "case_type", "definition", "place", "unit", "channel", "cycle", "outcome")


def check_chain(kept: Kept) -> Iterator[Break]:
    """The hashes one after another, and the row that holds the last."""
    ref, head, seq = name_of(kept), chain.GENESIS, 0
    left = erased.vouched((entry.seq, entry.text) for entry in kept.events)
    for entry in kept.events:
        seq += 1
        if entry.seq != seq:
            yield Break("missing", ref, seq, case_id=kept.case_id)
            seq = entry.seq if isinstance(entry.seq, int) else seq
        elif erased.stands(entry.text, left.get(seq)):
            kept.erased += 1
        elif _link(head, kept.case_id, seq, entry.text) != entry.hash:
            yield Break("altered", ref, seq, case_id=kept.case_id)
        head = entry.hash if isinstance(entry.hash, bytes) else chain.GENESIS
    if kept.row is None:
        return
    if kept.row["head"] != head or kept.row["version"] != seq:
        yield Break("head", ref, seq, case_id=kept.case_id)


def name_of(kept: Kept) -> str | None:
    ref = kept.row["ref"] if kept.row is not None else None
    return ref if isinstance(ref, str) else None


def _link(head: bytes, case_id: Any, seq: int, text: Any) -> bytes | None:
    try:
        return chain.link(head, case_id, seq, text)
    except (
        AttributeError,
        TypeError,
        ValueError,
        OverflowError,
    ):  # no text at all, or none that can be hashed
        return None


def check_meaning(kept: Kept, texts: Texts, stored: Stored, *, whole: bool = True) -> Iterator[Break]:
    """What the events say against the rows.

    A body that cannot be read ends it, as nothing can be folded then; nor can a history that is not ``whole``.
    """
    ref = name_of(kept)
    bodies: list[Row] = []
    for entry in kept.events:
        body = _read(entry.text)
        if body is None:
            yield Break("unreadable", ref, _seq(entry), case_id=kept.case_id)
            return
        if (entry.seq, entry.act, entry.actor, entry.at, entry.recorded_at) != _said(body, stored):
            yield from _columns(kept, entry, body, stored)
        bodies.append(body)
    if not whole:
        return
    state, broken, marks = _fold(bodies)
    for kind, index, what in marks:
        yield Break(kind, ref, _seq(kept.events[index]), what, kept.case_id)
    if broken is not None:
        yield Break("unreadable", ref, _seq(kept.events[broken]), case_id=kept.case_id)
    elif kept.row is not None:
        yield from _row(kept, kept.row, bodies, state, texts, stored)


def _seq(entry: Entry) -> int | None:
    return entry.seq if isinstance(entry.seq, int) else None


def _read(text: Any) -> Row | None:
    try:
        body = json.loads(text)
        return body if isinstance(body, dict) and isinstance(body["changes"], list) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


COLUMNS = ("seq", "act", "actor", "at", "recorded_at")


def _said(body: Row, stored: Stored) -> tuple[Any, ...]:
    """What an event's columns must say: they are for queries and are not hashed, its body is."""
    get, instant = body.get, stored.instant
    return get("seq"), get("act"), get("actor"), instant(get("at")), instant(get("recorded"))


def _columns(kept: Kept, entry: Entry, body: Row, stored: Stored) -> Iterator[Break]:
    for name, wanted in zip(COLUMNS, _said(body, stored), strict=True):
        if getattr(entry, name) != wanted:
            yield Break("columns", name_of(kept), _seq(entry), name, kept.case_id)


Mark = tuple[str, int, str]  # kind, place in the history, clock:mark


def _fold(bodies: list[Row]) -> tuple[Any, int | None, list[Mark]]:
    """The state, or the place in the history where folding stumbled; and marks that fired as they may not."""
    state: Any = {}
    marks: list[Mark] = []
    for index, body in enumerate(bodies):
        try:
            for change in body["changes"]:
                if change["do"] == "mark":
                    name = f"{change['clock']}:{change['mark']}"
                    marks += [(kind, index, name) for kind in _unlawful(state, change, body["recorded"])]
                apply(state, change, body["at"], body["actor"])
        except Exception:  # a body that is none: whatever somebody made of it
            return None, index, marks
    return state, None, marks


def _unlawful(state: Any, change: Row, recorded: str) -> Iterator[str]:
    """A mark fires once in its run, not before its moment, and not after its clock stopped."""
    key = change["clock"], change.get("item"), change["run"]
    run = next(one for one in state["clocks"] if run_key(one) == key)
    if change["mark"] in run["fired"]:
        yield "mark_twice"
    if run["status"] != "running":
        yield "mark_stopped"
    if from_text(change["at"]) > from_text(recorded) + SKEW:
        yield "mark_early"


def _row(
    kept: Kept, row: Row, bodies: list[Row], state: Any, texts: Texts, stored: Stored
) -> Iterator[Break]:
    ref, case_id = name_of(kept), kept.case_id
    if not _same_text(row["body"], state):
        yield Break("body", ref, len(bodies), case_id=case_id)
    try:
        yield from (Break("row", ref, None, n, case_id) for n in _plain_columns(row, state, bodies, stored))
        yield from (Break("mirror", ref, None, n, case_id) for n in mirrors(kept, state, stored))
        yield from (Break("mirror", ref, None, n, case_id) for n in decisions(kept, bodies, stored))
        program = texts.program(state["definition"])
        if program is None:
            what = f"{str(state['definition'])[:12]}: {texts.faults[state['definition']]}"
            yield Break("definition", ref, None, what, case_id)
            return
        yield from (Break("state", ref, None, n, case_id) for n in _lacking(program, state))
        yield from (
            Break("row", ref, None, n, case_id) for n in _judged_columns(program, row, state, bodies, stored)
        )
        yield from (
            Break("mirror", ref, None, n, case_id)
            for n in milestones(program, kept.mirrors["milestone"], believed(bodies), stored)
        )
    except Exception:  # the history holds, and yet makes no case
        yield Break("unreadable", ref, len(bodies), case_id=case_id)


def _same_text(text: Any, state: Any) -> bool:
    wanted = chain.canonical(state)
    if text == wanted:
        return True
    try:
        return chain.canonical(json.loads(text)) == wanted
    except (ValueError, TypeError, RecursionError):
        return False


def _plain_columns(row: Row, state: Any, bodies: list[Row], stored: Stored) -> Iterator[str]:
    external = state.get("external") or {}
    holders = state["seats"].get("handler") or ()
    wanted = {name: state.get(name) for name in SAME} | {
        "risk": state["fields"].get("risk"),
        "holder": next((h["person"] for h in holders), None),
        "filed_at": stored.instant(state["filed_at"]),
        "next_due_at": stored.moment(next_due(state)),
        "external_system": external.get("system"),
        "external_id": external.get("id"),
    }
    yield from (name for name, value in wanted.items() if row[name] != value)
    if (row["batch"] is not None) != (bodies[0].get("kind") == "import"):
        yield "batch"


def _lacking(program: Program, state: Any) -> Iterator[str]:
    """Regions and leaves that the pinned definition does not have."""
    regions = program.outline.regions
    for region, leaf in state["states"].items():
        if region not in regions or leaf not in regions[region].leaves:
            yield f"{region}/{leaf}"


def _judged_columns(
    program: Program, row: Row, state: Any, bodies: list[Row], stored: Stored
) -> Iterator[str]:
    """Columns that take the definition to know."""
    leaf = program.outline.leaves.get(state["states"][MAIN])
    if leaf is None:
        return
    if row["state"] != leaf.name:
        yield "state"
    if row["phase"] != leaf.phase:
        yield "phase"
    counting = believed(bodies)
    closed = _last_move(counting) if leaf.final else None
    if row["closed_at"] != (stored.instant(closed) if closed else None):
        yield "closed_at"
    if row["entered_at"] not in [stored.instant(at) for at in came(counting)]:
        yield "entered_at"


def _moves(body: Row) -> list[Row]:
    return [c for c in body["changes"] if c["do"] == "move" and c.get("region", MAIN) == MAIN]


def _last_move(bodies: list[Row]) -> Any:
    return next((body["at"] for body in reversed(bodies) if _moves(body)), None)
