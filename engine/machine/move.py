"""Where a transition leads and what happens on the way: the branch, the move, its effects, the clocks."""

from engine.definitions.model import Transition
from engine.definitions.outline import HANDLER_SEAT, MAIN, Generated
from engine.domain.case import CaseState
from engine.domain.errors import Reason
from engine.machine import timing, undoing
from engine.machine.command import SYSTEM, Halt
from engine.machine.draft import Draft
from engine.machine.effect import run_effects
from engine.machine.judge import act_title, both, state_title, who_title
from engine.machine.program import UNFILED, Program, Step, Subject
from engine.machine.sitting import answered
from engine.machine.who import names_of


def find_move(draft: Draft, trigger: str) -> tuple[str, str, Transition] | None:
    """(region, leaf, transition) of a written trigger where the case stands, in any living region."""
    return draft.stand.moves.get(trigger)


def not_open(draft: Draft, trigger: str, actor: str) -> Reason:
    """FM-R201: where the case stands, and what this actor can do there instead."""
    program = draft.program
    acts = acts_for(draft, actor)
    params = {
        **both("act", program, trigger),
        "state": state_title(program, draft.leaf, "en"),
        "state_zh": state_title(program, draft.leaf, "zh"),
        "open": ", ".join(act_title(program, act, "en") for act in acts) or "nothing",
        "open_zh": "、".join(act_title(program, act, "zh") for act in acts) or "无",
    }
    return Reason("FM-R201", params, "state", way_out=tuple(acts))


def open_acts(program: Program, state: CaseState) -> list[str]:
    """Triggers that are open where the case stands and that people can send, in file order."""
    acts = program.stand(state["states"]).acts
    return [act.name for act in acts if act.object is None or _has_object(act.object, state)]


def acts_for(draft: Draft, actor: str, roles: frozenset[str] | None = None) -> list[str]:
    """The open acts that this person is allowed; what else may stand against them is told when they are tried."""
    outline, state = draft.program.outline, draft.state
    held = draft.world.roles if roles is None else roles
    names = frozenset(names_of(actor, outline, state, held))
    named = frozenset(
        seat for seat, people in state["seats"].items() if any(h["person"] == actor for h in people)
    )
    taken = bool(state["seats"].get(HANDLER_SEAT))
    return [
        act.name
        for act in draft.stand.acts_to(names, named)
        if (act.object is None or _has_object(act.object, state))
        and not (taken and act.made is not None and act.made.kind == "take")
    ]


def _has_object(act: Generated, state: CaseState) -> bool:
    """Whether there is anything to act on: a seat to accept, an item to sign, a run to extend."""
    if act.kind in ("accept", "decline"):
        return any(not h["accepted"] for h in state["seats"].get(act.subject, ()))
    if act.kind == "answer":
        return any(not answered(h) for h in state["seats"].get(act.subject, ()))
    if act.kind in ("handback", "hand_on"):
        return bool(state["seats"].get(act.subject))
    if act.kind == "sign":
        return any(r["kind"] == act.subject and "signed_at" not in r for r in state["records"])
    if act.kind == "extend":
        return any(r["name"] == act.subject and r["status"] != "stopped" for r in state["clocks"])
    return any(p["active"] for p in state["parties"])


def carry_out(
    draft: Draft, region: str, leaf: str, transition: Transition, trigger: str, chosen: str | None = None
) -> None:
    """Steps 6 to 9 of a transition whose event is open; ``chosen`` is the outcome that the actor picked."""
    undoing.keep(draft, trigger)
    step = _step(draft, region, leaf, trigger)
    if transition.undoes:
        _undo(draft, transition, trigger)
        return
    names = entered(draft.program, leaf, step.leaf) if step.moved else ()
    if step.moved:
        lacking = _sides(draft, leaf, step.leaf, trigger)
        if lacking:
            raise Halt(lacking)
        _move(draft, region, leaf, transition, step.leaf, names)
    outcome = step.branch.outcome or chosen or (transition.outcome[0] if transition.outcome else None)
    if outcome is not None and (step.moved or step.branch.outcome):
        draft.emit(do="outcome", outcome=outcome, grade=draft.program.definition.outcomes[outcome].grade)
    acted(draft, trigger)
    run_effects(draft, (*transition.effects, *step.branch.effects))
    for name in names:
        run_effects(draft, draft.program.outline.specs[name].enter)
    timing.settle(draft, trigger, leaf if step.moved and step.leaf == leaf else None)


def _undo(draft: Draft, transition: Transition, trigger: str) -> None:
    """Effects come first: they may ask something of a case that is linked no more afterwards."""
    run_effects(draft, transition.effects)
    undoing.give_back(draft)
    acted(draft, trigger)
    timing.settle(draft, trigger)


def _step(draft: Draft, region: str, leaf: str, trigger: str) -> Step:
    def holds(when: str) -> bool:
        return draft.known(draft.program.condition(when), when) is True

    step = draft.program.step(region, trigger, Subject(leaf, draft.state["back"].get(region), holds))
    if step is None:
        raise Halt([Reason("FM-R202", {"because": f"no branch of {trigger} is open"}, "guard")])
    return step


def sides_lacking(draft: Draft, before: str, transition: Transition, trigger: str) -> list[Reason]:
    """Told beforehand where every branch leads out of intake."""
    targets = [draft.program.outline.entry(branch.to) for branch in transition.dest]
    found = [_sides(draft, before, leaf, trigger) if leaf else [] for leaf in targets]
    return found[0] if all(found) else []


def _sides(draft: Draft, before: str, after: str, trigger: str) -> list[Reason]:
    """The least number of a party role binds when people lead a case out of intake; ending it needs nobody."""
    leaves = draft.program.outline.leaves
    begins = before != UNFILED and leaves[before].phase == "intake"
    if (
        not begins
        or leaves[after].final
        or leaves[after].phase == "intake"
        or draft.events[-1]["actor"] == SYSTEM
    ):
        return []
    active = [party["role"] for party in draft.state["parties"] if party["active"]]
    roles = draft.program.definition.parties.roles.items()
    lacking = [name for name, role in roles if active.count(name) < role.min]
    about = {
        **both("act", draft.program, trigger),
        "missing": ", ".join(who_title(draft.program, name, "en") for name in lacking),
        "missing_zh": "、".join(who_title(draft.program, name, "zh") for name in lacking),
    }
    return [Reason("FM-R207", about, "requires", way_out=("add_party",))] if lacking else []


def _move(
    draft: Draft, region: str, leaf: str, transition: Transition, after: str, names: tuple[str, ...]
) -> None:
    program = draft.program
    if transition.reopens:
        tracks = {name: r.initial for name, r in program.outline.regions.items() if name != MAIN}
        draft.emit(do="reopen", cycle=draft.state["cycle"] + 1, states=tracks)
    been = [name for name in names if ("been", name) in program.kept]
    draft.emit(do="move", region=region, **{"from": leaf, "to": after}, entered=list(names), been=been)


def entered(program: Program, before: str, after: str) -> tuple[str, ...]:
    """States entered by a move: those of the new path not stood in before; the leaf itself on a re-entry."""
    path = program.outline.leaves[after].path
    if before == after:
        return (after,)
    held = set(program.outline.leaves[before].path) if before != UNFILED else set()
    return tuple(name for name in path if name not in held)


def acted(draft: Draft, trigger: str) -> None:
    if ("last", trigger) in draft.program.kept:
        draft.emit(do="acted", trigger=trigger)
