"""The queue of what came in: the gravest and oldest first, each with what it is like and the acts that answer it."""

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import LinkEffect, Transition
from engine.definitions.outline import MAIN
from engine.machine.program import Program
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.query import list_cases
from engine.service.showing import next_acts
from engine.service.similar import similar

Told = dict[str, Any]
GRADES = ("red", "orange", "yellow", "blue")
UNGRADED = GRADES.index("yellow")  # what nobody has graded yet stands among the yellow ones
SHOWN = 1  # of the cases that it is like
OTHERS = "agency"  # the field that names another body, and who is waited for there
DUPLICATE = "duplicate_of"


def queue(
    unit: Unit,
    caller: Caller,
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists
    limit: int | None = None,
) -> Answer:
    """Cases at intake, or whatever the filter selects: {items, count, as_of}, by grade, then by age."""
    wanted = dict(filter or {})
    if not wanted.keys() & {"phase", "state"}:
        wanted["phase"] = "intake"
    found = list_cases(unit, caller, filter=wanted, limit=None)
    items = sorted(found["items"], key=lambda item: (_grade(item), item["filed_at"], item["ref"]))[:limit]
    items = [{**item, "like": _like(unit, caller, item["ref"])} for item in items]
    return {**found, "items": items, "next": None}


def _grade(item: Told) -> int:
    return GRADES.index(item["risk"]) if item["risk"] in GRADES else UNGRADED


def _like(unit: Unit, caller: Caller, ref: str) -> list[Told]:
    """Open cases that it may repeat, older ones only: of two that are alike the second one is asked about."""
    found = similar(unit, caller, get_case(unit, caller, ref).body)
    return [{"ref": one["ref"], "because": one["because"]} for one in found[:SHOWN]]


def one(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """A case of the queue as it stands now: {.., like, acts{screen, agency, duplicate}}; None for an act that is not
    open there or not the caller's."""
    row = get_case(unit, caller, ref)
    (item,) = list_cases(unit, caller, filter={"refs": [row.ref]}, limit=None)["items"]
    program = law.program(unit, row.definition)
    mine = [act["act"] for act in next_acts(unit, caller, ref=row.ref)["items"] if act["allowed"]]
    sorts = {act: _sort(program, row.body["states"][MAIN], act) for act in mine}
    acts = {name: next((act for act, sort in sorts.items() if sort == name), None) for name in SORTS}
    return {**item, "like": _like(unit, caller, row.ref), "acts": acts, "waits": row.body["states"][MAIN]}


SORTS = ("screen", "agency", "duplicate")


def _sort(program: Program, leaf: str, act: str) -> str | None:
    """What an act is to the one who sorts reports: the first that the definition opens here is the screening."""
    _, transitions = program.outline.triggers.get(act, ("", ()))
    if not transitions:
        return None
    if any(isinstance(e, LinkEffect) for t in transitions for e in t.effects):
        links = {e.link for t in transitions for e in t.effects if isinstance(e, LinkEffect)}
        return "duplicate" if DUPLICATE in links else None
    return "agency" if any(_to_others(program, t) for t in transitions) else "screen"


def _to_others(program: Program, transition: Transition) -> bool:
    leaves = program.outline.leaves
    waited = {who for b in transition.dest if b.to in leaves for who in leaves[b.to].waits_for}
    return OTHERS in waited or any(ask.name == OTHERS for ask in transition.asks)
