"""Random lives of the shipped definitions: what holds after every step, and that every case can be brought to an end.

The numbers in the names of the checks are those of the engine's invariants.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.case import Event
from engine.domain.errors import Reason
from engine.domain.instant import to_text
from engine.domain.messages import tell
from engine.machine.command import SYSTEM, Decision
from engine.machine.fold import fold
from engine.machine.judge import act_title
from engine.machine.offer import Offer
from tests.support.marks import check_marks
from tests.support.walk import Attempt, Walk, lives, staff
from workflows.shipped import CASE_TYPES

ENOUGH = 60  # ways out followed one after the other
few = settings(max_examples=max(5, settings().max_examples // 4))
steps = st.lists(st.integers(0, 2**32 - 1), min_size=15, max_size=60)
starts = st.fixed_dictionaries({
    "sides": st.sampled_from([2, 2, 3, 1, 0]),
    "eager": st.sampled_from([0.2, 0.6, 0.95]),
    "calm": st.sampled_from([0, 10, 40]),
})  # fmt: skip
for_each_type = pytest.mark.parametrize("case_type", CASE_TYPES)


@for_each_type
@given(steps=steps, start=starts)
def test_every_step_keeps_the_case_whole_and_a_way_out_closes_it(
    case_type: str, steps: list[int], start: dict[str, Any]
) -> None:
    walk = Walk(case_type, **start)
    for step in steps:
        before = walk.version
        decision = walk.step(step)
        check_decision(decision, walk.events[before:])
        walk.pass_time(timedelta())  # an act entered late may have left marks behind it
        check_case(walk)
    for _ in range(ENOUGH):
        if walk.closed:
            break
        walk.follow_way_out()
        check_case(walk)
    assert walk.closed, walk.leaf
    check_marks(walk.events)


def check_case(walk: Walk) -> None:
    assert fold(walk.events) == walk.state  # 1
    assert [event["seq"] for event in walk.events] == list(range(1, walk.version + 1))  # 2
    regions = walk.program.outline.regions
    assert walk.state["states"].keys() == regions.keys()  # 6
    assert all(leaf in regions[region].leaves for region, leaf in walk.state["states"].items())
    assert {event["definition"] for event in walk.events} == {walk.program.hash}
    now = to_text(walk.now)  # 4: nothing that has fallen due is still waiting
    waiting = [run for run in walk.state["clocks"] if run["status"] == "running" and not run.get("silent")]
    assert not [
        run
        for run in waiting
        if any(at <= now for mark, at in run["marks"].items() if mark not in run["fired"])
    ]


def check_decision(decision: Decision | None, written: list[Event]) -> None:
    """A refusal has no state and no events; a move has both."""
    if decision is not None and decision.reasons:
        assert decision.state is None
        assert decision.events == ()
    elif decision is not None:
        assert decision.state is not None
        assert written[-len(decision.events) :] == list(decision.events)


# ---- why not, for every act and everybody -----------------------------------------------------


@for_each_type
@few
@given(steps=steps, start=starts, trial=st.randoms(use_true_random=False))
def test_what_is_offered_is_what_happens(
    case_type: str, steps: list[int], start: dict[str, Any], trial: Any
) -> None:
    walk = lives(steps, case_type, **start)
    for actor in trial.sample(walk.chooser.actors(walk.state), 3):
        for chosen in walk.offers(actor):
            inputs = walk.filling(trial).inputs(chosen.act, chosen.form, actor=actor)
            decision = walk.judge(Attempt(actor, chosen.act, inputs))
            if chosen.allowed:
                others = chosen.act.startswith("sign_") and "by" in inputs.get("set", {})
                # whoever signed in another's place already cannot be signed for again by the one who records it
                told = [
                    r
                    for r in decision.reasons
                    if not (others and (r.code == FOR_OTHERS or (r.pointer or "").startswith("/fields/by")))
                ]
                check_kept(walk, chosen, told)
            else:
                check_refused(chosen, decision.reasons)


OUTRIGHT = ("who", "state", "requires", "time", "conflict")  # what no input can change


GOING = ("FM-R209", "FM-R213")  # of parties who go over into another case
FOR_OTHERS = "FM-R103"  # a paper that nobody keeps by himself is signed by each for himself only


def check_kept(walk: Walk, chosen: Offer, reasons: Sequence[Reason]) -> None:
    """With all that it asks an open act is done, unless a rule that reads those very inputs says no."""
    asked, fields = walk.asked(chosen.act), walk.program.definition.fields
    for reason in reasons:
        if reason.code == "FM-R501" and walk.state.get("barred"):
            continue  # everybody who could sit there was recused or has declined
        if reason.code in GOING and any(fields[n].kind == "parties" for n in asked & fields.keys()):
            continue  # whether anybody is named who may go hangs on who is named
        assert reason.kind in ("guard", "who"), (chosen.act, reason)
        assert asked & walk.reads(chosen.act, reason.params["rule"]), (chosen.act, reason)


def check_refused(chosen: Offer, reasons: tuple[Reason, ...]) -> None:
    told = [reason.code for reason in reasons]
    assert {reason.code for reason in chosen.reasons} <= set(told), (chosen.act, chosen.reasons, reasons)
    outright = {reason.code for reason in chosen.reasons if reason.kind in OUTRIGHT}
    assert {r.code for r in reasons if r.kind in OUTRIGHT} <= outright | {"FM-R103"}, (chosen.act, reasons)


@for_each_type
@few
@given(steps=steps, start=starts)
def test_everybody_may_ask_what_can_be_done(case_type: str, steps: list[int], start: dict[str, Any]) -> None:
    walk = lives(steps, case_type, **start)
    for actor in [*staff(), "nobody-9", "P1", "P2", "P77", "-", "", SYSTEM]:
        for chosen in walk.offers(actor):
            assert chosen.allowed == (not chosen.reasons)
            for lang in ("en", "zh"):
                assert act_title(walk.program, chosen.act, lang)
                assert all(tell(reason, lang) for reason in chosen.reasons)
