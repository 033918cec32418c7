"""Step 10 and step 0 of one act: what follows by itself, and the marks of clocks. Each is an event of its own."""

from datetime import datetime, timedelta

from engine.definitions.model import Transition
from engine.domain.case import ClockRun, Holder
from engine.domain.errors import Reason
from engine.domain.instant import from_text, to_text
from engine.machine import timing
from engine.machine.command import SYSTEM, Command, Halt
from engine.machine.draft import Draft
from engine.machine.effect import run_effects
from engine.machine.judge import allowed, both, guarded, required
from engine.machine.move import carry_out, find_move, not_open
from engine.machine.program import join_name

GRACE = "grace"  # the mark at which whoever is off duty is given longer
ROUNDS = (
    500  # more than this by itself in one act is a loop that analysis (FM-D208, D508) should have refused
)


def follow(draft: Draft, command: Command, *, strict: bool = True) -> None:
    """Fired triggers in order, then the first true ``as_soon_as``, until none is true.

    ``strict``: a refused fire refuses the whole act. After a clock's mark it becomes an incident instead.
    """
    for _ in range(ROUNDS):
        if draft.fires:
            trigger, cause = draft.fires.pop(0)
            _fire(draft, trigger, cause, _by_itself(command), strict=strict)
        elif not _join(draft, command):
            return
    raise RuntimeError(f"{draft.state['ref']}: more than {ROUNDS} steps by themselves in one act")


def _by_itself(command: Command) -> Command:
    """What the engine does because of a command: at its time and entered by whoever sent it, nothing given."""
    return Command(
        command.trigger, command.at, SYSTEM, command.entered_by, command.identity,
        auto=command.auto, late_allowed=command.late_allowed,
    )  # fmt: skip


def _fire(draft: Draft, trigger: str, cause: int, system: Command, *, strict: bool) -> None:
    found = find_move(draft, trigger)
    against = [not_open(draft, trigger, SYSTEM)] if found is None else _fire_refusal(draft, found[2], trigger)
    if against and strict:
        params = {**both("act", draft.program, trigger), "because": against[0].code}
        raise Halt([Reason("FM-R208", params, "state"), *against])
    if against or found is None:
        draft.emit(do="incident", what="fire_refused", trigger=trigger, codes=[r.code for r in against])
        return
    region, leaf, transition = found
    draft.begin(trigger, system, kind="follow", cause=cause)
    draft.cite(transition.basis)
    carry_out(draft, region, leaf, transition, trigger)


def _fire_refusal(draft: Draft, transition: Transition, trigger: str) -> list[Reason]:
    return [
        *allowed(draft, transition.allow, trigger, SYSTEM),
        *required(draft, transition, trigger),
        *guarded(draft, transition.guard, trigger),
    ]


def _join(draft: Draft, command: Command) -> bool:
    """Take the first ``as_soon_as`` that is true where the case stands; False if none is."""
    for region, leaf, edge in draft.stand.joins:
        transition = edge.transition
        if (
            not draft.holds(draft.program.condition(str(transition.as_soon_as)))
            or guarded(draft, transition.guard, "")
            or required(draft, transition, "")
        ):
            continue
        trigger = join_name(edge.index)
        draft.begin(
            transition.name or trigger, _by_itself(command), kind="follow", cause=draft.events[0]["seq"]
        )
        draft.cite(transition.basis)
        carry_out(draft, region, leaf, transition, trigger)
        return True
    return False


# ---- clocks' marks -----------------------------------------------------------------------------


def fire_marks(draft: Draft, upto: datetime) -> None:
    """Fire what is due, earliest first, each at its own instant and with all that follows from it."""
    until = to_text(upto)
    for _ in range(ROUNDS * 20):
        found = timing.next_mark(draft, until)
        if found is None:
            return
        draft.lenient = True
        _fire_mark(draft, *found)
        draft.lenient = False
    raise RuntimeError(f"{draft.state['ref']}: a clock goes round for ever")


def _fire_mark(draft: Draft, at: datetime, run: ClockRun, mark: str) -> None:
    waited = timing.grace(draft, run, mark, at)
    if waited is not None:
        _longer(draft, at, run, waited)
        return
    command = Command(f"{run['name']}:{mark}", at, SYSTEM, SYSTEM, identity="engine")
    draft.begin(command.trigger, command, kind="mark")
    draft.cite(draft.program.definition.clocks[run["name"]].basis)
    local = at.astimezone(draft.world.calendar.tz)
    if local.hour == local.minute == local.second == 0:  # 24:00 belongs to the day that ends
        draft.dated(local.date() - timedelta(days=1))
    named = {"item": run["item"]} if "item" in run else {}
    draft.emit(do="mark", clock=run["name"], run=run["run"], mark=mark, at=to_text(at), **named)
    spec = draft.program.definition.clocks[run["name"]]
    item = (str(spec.per), run["item"]) if "item" in run else None
    run_effects(draft, spec.at[mark], item)
    timing.settle(draft, command.trigger)
    follow(draft, command, strict=False)


def _longer(draft: Draft, at: datetime, run: ClockRun, waited: Holder) -> None:
    """Who is off duty when his time to answer is over has it longer, where the tables say so, and the case keeps why."""
    command = Command(f"{run['name']}:{GRACE}", at, SYSTEM, SYSTEM, identity="engine")
    draft.begin(command.trigger, command, kind="mark")
    draft.cite(draft.program.definition.clocks[run["name"]].basis)
    longer: ClockRun = {**run, "extensions": [*run["extensions"], waited["grace"]]}
    draft.emit(do="clock", why=GRACE, run=timing.replanned(draft, longer), person=waited["person"])


def overdue(run: ClockRun, at: datetime) -> bool:
    """Whether a clock is past its due instant, judged now and not by what a worker has done."""
    return run["status"] == "running" and "due" in run and from_text(run["due"]) <= at
