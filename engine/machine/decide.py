"""The pure decision: one command on one case, in the order of one act.

(0) marks due by then fire first; (1) the one transition; (2) who; (3) inputs; (4) requires; (5) guards, all
reasons of 2-5 told together; (6) the branch; (7) the move; (8) effects; (9) clocks; (10) what follows by itself,
each an event of its own. Nothing here reads a clock, draws a number or touches a store.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from engine.definitions.model import Transition
from engine.definitions.outline import MAIN
from engine.domain.case import CaseState, Event
from engine.domain.display import span
from engine.domain.errors import Reason
from engine.domain.instant import to_text
from engine.machine import act, joining, timing, undoing
from engine.machine.command import SYSTEM, Command, Decision, Filing, Halt, World
from engine.machine.draft import Draft
from engine.machine.follow import fire_marks, follow
from engine.machine.intake import Intake
from engine.machine.judge import allowed, clock_title, guarded, required
from engine.machine.move import acted, acts_for, carry_out, find_move, not_open, open_acts, sides_lacking
from engine.machine.opening import bring
from engine.machine.program import UNFILED, Program
from engine.machine.sitting import answer
from engine.machine.typed import wrong

NUDGE = "linked_moved"
SKEW = timedelta(seconds=60)  # clocks of phones and servers may differ by this much


def decide(program: Program, state: CaseState, version: int, command: Command, world: World) -> Decision:
    """What the command does to the case, or every reason why not."""
    draft = Draft(program, state, world, version)
    try:
        _check_time(draft, command)
        fire_marks(draft, command.at)
        clocks = draft.state["clocks"]
        _act(draft, command)
        if draft.state["clocks"] is not clocks:
            fire_marks(draft, command.at)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons, open_acts=tuple(open_acts(program, state)))
    return _made(draft, command)


def sweep(program: Program, state: CaseState, version: int, at: datetime, world: World) -> Decision:
    """Fire every mark of a case due by ``at``; no events if there is none."""
    draft = Draft(program, state, world, version)
    try:
        fire_marks(draft, at)
    except Halt as halt:  # an unsound definition stops its own case, not the worker
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events), opens=tuple(draft.opens))


def nudge(program: Program, state: CaseState, version: int, at: datetime, world: World) -> Decision:
    """What follows in a case because a linked one moved; no events if nothing does."""
    draft = Draft(program, state, world, version)
    draft.lenient = True
    try:
        command = Command(NUDGE, at, SYSTEM, SYSTEM, identity="engine")
        fire_marks(draft, at)
        fired = len(draft.events)
        draft.lenient = True
        draft.begin(NUDGE, command)
        timing.settle(draft, NUDGE)
        follow(draft, command, strict=False)
        if len(draft.events) == fired + 1 and not draft.events[-1]["changes"]:
            draft.events.pop()
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events), opens=tuple(draft.opens))


def file_case(program: Program, filing: Filing, command: Command, world: World) -> Decision:
    """A new case by its filing act. The least is asked; parties given with it join at once."""
    draft = Draft(program, None, world, 0)
    try:
        _check_future(draft, command)
        _file(draft, filing, command)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return _made(draft, command)


def numbered(program: Program, filing: Decision, ref: str) -> Decision | None:
    """The same filing under the reference it was given; None where the reference may have a say in it."""
    if program.reads_ref or filing.state is None:
        return None
    event, *others = filing.events
    filed, *changes = event["changes"]
    named: Event = {**event, "changes": [{**filed, "case": {**filed["case"], "ref": ref}}, *changes]}
    return replace(filing, state={**filing.state, "ref": ref}, events=(named, *others))


def _made(draft: Draft, command: Command) -> Decision:
    """What was decided, and what is open next to the one who typed it."""
    acts = acts_for(draft, command.entered_by, draft.world.entered_roles)
    return Decision(draft.state, tuple(draft.events), open_acts=tuple(acts), opens=tuple(draft.opens))


def _check_future(draft: Draft, command: Command) -> None:
    now = draft.world.now
    if command.at > now + SKEW:
        seconds = (command.at - now).total_seconds()
        params = {
            "at": to_text(command.at),
            "ahead": span(seconds),
            "ahead_zh": span(seconds, "zh"),
            "now": to_text(now),
        }
        raise Halt([Reason("FM-R403", params, "time", pointer="/occurred_at")])


def _check_time(draft: Draft, command: Command) -> None:
    _check_future(draft, command)
    at = to_text(command.at)
    if at < draft.state["filed_at"]:
        raise Halt(
            [Reason("FM-R404", {"at": at, "filed": draft.state["filed_at"]}, "time", pointer="/occurred_at")]
        )
    for run in draft.state["clocks"]:
        if "due" not in run["fired"] or run["kind"] != "limit" or command.late_allowed:
            continue
        # it may have moved on since it was missed, and is open again then
        if at < run.get("due", "") <= draft.now:
            params = {"at": at, "clock": clock_title(draft.program, run["name"], "en"), "due": run["due"]}
            params["clock_zh"] = clock_title(draft.program, run["name"], "zh")
            raise Halt([Reason("FM-R402", params, "time", pointer="/occurred_at")])


# ---- one act -----------------------------------------------------------------------------------


def _act(draft: Draft, command: Command) -> None:
    found = find_move(draft, command.trigger)
    if found is not None:
        region, leaf, transition = found
        _transition(draft, region, leaf, transition, command)
        return
    generated = draft.program.outline.generated.get(command.trigger)
    if generated is None or not draft.stands_in(generated.leaves):
        raise Halt([not_open(draft, command.trigger, command.actor)])
    draft.begin(command.trigger, command)
    draft.cite(generated.basis)
    reasons = act.perform(draft, generated, command)
    if reasons:
        raise Halt(reasons)
    answer(draft, command.actor)
    acted(draft, command.trigger)
    timing.settle(draft, command.trigger)
    follow(draft, command)


def _transition(draft: Draft, region: str, leaf: str, transition: Transition, command: Command) -> None:
    trigger = command.trigger
    draft.begin(trigger, command)
    draft.cite(transition.basis)
    reasons = allowed(draft, transition.allow, trigger, command.actor)
    intake = Intake(draft, command)
    intake.take(transition.asks)
    reasons += intake.told(trigger, [ask.name for ask in transition.asks])
    reasons += required(draft, transition, trigger)
    reasons += guarded(draft, transition.guard, trigger, lacking=intake.incomplete)
    reasons += sides_lacking(draft, leaf, transition, trigger)
    reasons = reasons or undoing.against(draft, transition, trigger)  # the definition says it better
    reasons += _outcome_choice(transition, command)
    if reasons:
        raise Halt(reasons)
    answer(draft, command.actor)
    carry_out(
        draft, region, leaf, transition, trigger, command.outcome if len(transition.outcome) > 1 else None
    )
    if command.carried is not None:
        joining.receive(draft, command.carried)
    follow(draft, command)


def _outcome_choice(transition: Transition, command: Command) -> list[Reason]:
    choices = transition.outcome
    if len(choices) > 1 and command.outcome not in choices:
        return [wrong("outcome", command.outcome or "", "one of " + ", ".join(choices), "/outcome")]
    return []


# ---- filing ------------------------------------------------------------------------------------


def _file(draft: Draft, filing: Filing, command: Command) -> None:
    program = draft.program
    transition = program.outline.filing
    if transition is None:
        raise Halt([Reason("FM-R202", {"because": f"{filing.case_type} cannot be filed"}, "state")])
    event = draft.begin("file", command)
    draft.cite(transition.basis)
    draft.emit(do="file", case=blank(program, filing, event["at"], command.actor))
    draft.begin_facts("file", command)
    intake = Intake(draft, command)
    for index, party in enumerate(command.parties):
        intake.party(party, f"/parties/{index}")
    origin = filing.origin
    if origin is not None:  # who may act was judged in the case that opens it
        bring(draft, origin.kind, origin.ref, origin.fields, origin.parties)
    reasons = allowed(draft, transition.allow, "file", command.actor) if origin is None else []
    intake.take(transition.asks)
    if origin is not None:
        intake.lacking = [name for name in intake.lacking if name not in origin.fields]
    reasons += intake.told("file", [ask.name for ask in transition.asks])
    reasons += guarded(draft, transition.guard, "file", lacking=intake.incomplete)
    if reasons:
        raise Halt(reasons)
    carry_out(draft, MAIN, UNFILED, transition, "file")
    follow(draft, command)


def blank(program: Program, filing: Filing, at: str, actor: str) -> dict[str, object]:
    """The case before its filing act has moved it to its first state."""
    tracks = {name: region.initial for name, region in program.outline.regions.items() if name != MAIN}
    case: dict[str, object] = {
        "ref": filing.ref,
        "case_type": filing.case_type,
        "definition": program.hash,
        "place": filing.place,
        "unit": filing.unit,
        "what": filing.what,
        "channel": filing.channel,
        "filed_at": at,
        "filed_by": actor,
        "states": {MAIN: UNFILED, **tracks},
        "back": {},
        "cycle": 1,
        "fields": {},
        "parties": [],
        "records": [],
        "seats": {},
        "clocks": [],
        "been": {},
        "last": {},
        "links": [],
    }
    if filing.reporter:
        case["reporter"] = dict(filing.reporter)
    if filing.external:
        case["external"] = dict(filing.external)
    return case
