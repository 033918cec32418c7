"""Running cases go on under another text of their type: looked at first, case by case, and back again the same way."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from engine.definitions.outline import MAIN
from engine.domain.errors import Conflict, UsageError
from engine.domain.instant import to_text
from engine.domain.messages import tell
from engine.machine.command import Command, Decision
from engine.machine.judge import clock_title, state_title
from engine.machine.migrate import MIGRATE, migrate
from engine.machine.program import Program
from engine.persistence import table
from engine.persistence.case_store import CaseRow, find_case_by_id
from engine.persistence.unit import Unit
from engine.service import definition, law, opening
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.once import keyed
from engine.service.world import gather_for_sweep
from engine.service.writing import write

PORTION = 100
TRIES = 3  # a case that somebody changes at this moment is looked at again

_case = table.columns_of(table.Case)


@keyed
def move(
    unit: Unit,
    caller: Caller,
    *,
    name: str,
    to: str,
    came_from: str | None = None,
    states: Mapping[str, str] | None = None,
    refs: Sequence[str] | None = None,
    reason: str | None = None,
    after: int = 0,
    limit: int = PORTION,
) -> Answer:
    """One portion of the open cases of a type that follow another text than ``to``, in the order they came.

    ``states`` maps states of the old text to those of the new. Each case by itself: what has no place there stays
    as it is, with its reasons. Returns {case_type, version, hash, results[{ref, moved, state, to_state, deadlines,
    fires, reasons}], count, moved, failed, more, after}; with ``more`` the next portion begins ``after``.
    """
    caller.name  # noqa: B018 - somebody must be named
    require(unit, caller, "definition")
    target = definition.find(unit, caller, name, to)
    program = law.program(unit, target["hash"])
    plan = _planned(unit, target, program, states or {})
    if refs is not None and not refs:
        raise UsageError("FM-U249")
    source = definition.find(unit, caller, name, came_from) if came_from else None
    if source is not None and source["hash"] == target["hash"]:
        raise UsageError("FM-U243", name=target["case_type"], version=target["version"])
    rows = _chosen(unit, caller, target, source, refs, after, limit + 1)
    results = [_each(unit, caller, program, plan, number, reason) for number in rows[:limit]]
    moved = sum(1 for r in results if r["moved"])
    return {
        "case_type": target["case_type"],
        "version": target["version"],
        "hash": target["hash"],
        "from": source["version"] if source else None,
        "results": results,
        "count": len(results),
        "moved": moved,
        "failed": len(results) - moved,
        "more": len(rows) > limit,
        "after": rows[:limit][-1] if rows else after,
        "as_of": to_text(caller.at),
    }


def meant(
    unit: Unit,
    caller: Caller,
    *,
    name: str,
    to: str,
    came_from: str | None = None,
    refs: Sequence[str] | None = None,
) -> Answer:
    """How many cases :func:`move` would look at: {count}."""
    target = definition.find(unit, caller, name, to)
    source = definition.find(unit, caller, name, came_from) if came_from else None
    return {"count": len(_chosen(unit, caller, target, source, refs, 0, 10_000_000))}


def _planned(
    unit: Unit, target: Mapping[str, Any], program: Program, states: Mapping[str, str]
) -> dict[str, str]:
    for new in states.values():
        if new not in program.outline.leaves:
            raise UsageError("FM-U244", name=new, known=", ".join(program.outline.leaves))
    if states:
        known = _states_of(unit, target["case_type"])
        for old in states:
            if old not in known:
                raise UsageError("FM-U251", name=target["case_type"], state=old, known=", ".join(known))
    return dict(states)


def _states_of(unit: Unit, case_type: str) -> list[str]:
    """The states of every text of a type."""
    texts = table.columns_of(table.Definition)
    hashes = unit.execute(select(texts.c.hash).where(texts.c.case_type == case_type))
    found = (name for row in hashes for name in law.program(unit, row["hash"]).outline.leaves)
    return list(dict.fromkeys(found))


def _chosen(
    unit: Unit,
    caller: Caller,
    target: Mapping[str, Any],
    source: Mapping[str, Any] | None,
    refs: Sequence[str] | None,
    after: int,
    limit: int,
) -> list[int]:
    """Ids of the cases meant: those named, or every open one under another text."""
    if refs:
        rows = [get_case(unit, caller, ref) for ref in refs]
        for row in rows:
            if row.case_type != target["case_type"]:
                about = {"ref": row.ref, "other": row.case_type, "name": target["case_type"]}
                raise UsageError("FM-U250", **about)
        found = sorted({row.id for row in rows})
        return [number for number in found if number > after][:limit]
    wanted = select(_case.c.id).where(
        _case.c.case_type == target["case_type"], _case.c.phase != "done", _case.c.id > after
    )
    if source is None:
        wanted = wanted.where(_case.c.definition != target["hash"])
    else:
        wanted = wanted.where(_case.c.definition == source["hash"])
    return [row["id"] for row in unit.execute(wanted.order_by(_case.c.id).limit(limit))]


def _each(
    unit: Unit, caller: Caller, program: Program, plan: Mapping[str, str], number: int, reason: str | None
) -> dict[str, Any]:
    for left in reversed(range(TRIES)):
        row = find_case_by_id(unit, number)
        if row is None:
            raise LookupError(f"case {number} was chosen and is not there")
        try:
            with unit.savepoint():
                return _once(unit, caller, program, plan, row, reason)
        except Conflict:
            if not left:
                raise
    raise AssertionError("the last try answers or raises")


def _once(
    unit: Unit, caller: Caller, program: Program, plan: Mapping[str, str], row: CaseRow, reason: str | None
) -> dict[str, Any]:
    old = law.program(unit, row.definition)
    told = {"ref": row.ref, "state": row.state, "state_title": state_title(old, row.state, caller.lang)}
    if row.phase == "done" or row.definition == program.hash:
        return {**told, "moved": False, "to_state": None, "deadlines": [], "fires": 0, "reasons": []}
    command = Command(MIGRATE, caller.at, caller.name, caller.name, caller.identity, note=reason)
    world = gather_for_sweep(unit, caller, program, row.body)
    decision = opening.decided(
        unit, caller, world, lambda around: migrate(program, row.body, row.version, plan, command, around)
    )
    if decision.state is None:
        reasons = [{**r.to_json(), "text": tell(r, caller.lang)} for r in decision.reasons]
        return {**told, "moved": False, "to_state": None, "deadlines": [], "fires": 0, "reasons": reasons}
    write(unit, row, program, decision)
    leaf = decision.state["states"][MAIN]
    return {
        **told,
        "moved": True,
        "to_state": leaf,
        "to_state_title": state_title(program, leaf, caller.lang),
        "deadlines": _deadlines(program, row, decision, caller.lang),
        "fires": sum(1 for e in decision.events if e["kind"] == "mark"),
        "reasons": [],
    }


def _deadlines(program: Program, row: CaseRow, decision: Decision, lang: str) -> list[dict[str, Any]]:
    """What runs before or after with another due day: {clock, title, item, before, after}."""
    assert decision.state is not None  # noqa: S101 - only of decisions that moved
    before, after = _running(row.body), _running(decision.state)
    return [
        {
            "clock": key[0],
            "title": clock_title(program, key[0], lang),
            "item": key[1],
            "before": before.get(key),
            "after": after.get(key),
        }
        for key in sorted({**before, **after}, key=str)
        if before.get(key) != after.get(key)
    ]


def _running(state: Any) -> dict[tuple[str, str | None], str | None]:
    return {
        (run["name"], run.get("item")): run.get("due_date")
        for run in state["clocks"]
        if run["status"] != "stopped"
    }
