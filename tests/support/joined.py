"""Two cases of a small definition, one of which goes into the other and comes out of it again."""

from datetime import datetime
from typing import Any

from engine.domain.case import Event
from engine.machine.command import SYSTEM, Carried, Command, Decision
from engine.machine.decide import decide
from engine.machine.opening import BACKWARDS
from engine.machine.releasing import released
from tests.support.small import Player, compiled

TEXT = """
case_type: small
title: Small
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {claimant: {}}}
fields:
  risk: {type: choice, of: [red, blue], default: blue}
  same_as: case
states:
  new: {initial: true, phase: intake, waits_for: [officer]}
  held: {phase: waiting, waits_for: [officer]}
  work: {phase: work, waits_for: [officer]}
  shut: {final: true, phase: done}
outcomes: {merged: {grade: procedural}, helped: {grade: substantive}}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [risk?]}
  - {trigger: hold, source: new, dest: held, allow: [officer]}
  - {trigger: go_on, source: held, dest: back, allow: [officer]}
  - {trigger: begin, source: new, dest: work, allow: [officer]}
  - {trigger: close, source: [new, work], dest: shut, outcome: helped, allow: [officer]}
  - {trigger: merge, source: [new, held, work], dest: shut, outcome: merged, allow: [officer], asks: [same_as],
     effects: [{link: merged_into, case: same_as}, {fire: take_in, on: merged_into, deadlines: join}]}
  - {trigger: unmerge, source: shut, dest: back, undoes: [merge], allow: [officer],
     effects: [{fire: let_go, on: merged_into, deadlines: part}]}
  - {trigger: again, source: shut, dest: new, reopens: true, allow: [officer]}
  - {trigger: take_in, source: any, allow: [system]}
  - {trigger: let_go, source: any, allow: [system]}
clocks:
  answer:
    within: {by: risk, red: 2 cd, blue: 10 cd}
    runs_in: [new]
    pauses_in: [held]
    extend: [RUNGS]
    at: {50%: [{remind: [officer]}], due: [{remind: [officer]}], due+1 cd: [{remind: [officer]}]}
  peace: {within: 4 cd, kind: wait, runs_in: [new], at: {due: [{remind: [officer]}]}}
  later: {within: 3 cd, runs_in: [work], at: {due: [{remind: [officer]}]}}
"""
PROGRAM = compiled(TEXT.replace("RUNGS", ", ".join(["{by: 5 cd, allow: [officer]}"] * 20)))
FIRST, SECOND, THIRD = "26-00001-0", "26-00002-9", "26-00003-8"


def reported(at: datetime, risk: str, ref: str = FIRST) -> Player:
    player = Player(PROGRAM)
    player.ref = ref
    player.now = at
    assert player.file(parties=0, risk=risk).moved
    return player


def merge(second: Player, first: Player) -> Decision:
    """The second goes into the first, and what it asks of the first is done there in the same moment."""
    assert second.act("merge", fields={"same_as": FIRST}).moved
    return asked(second.events[-1], first)


def unmerge(second: Player, first: Player) -> Decision:
    assert second.act("unmerge").moved
    told = next(event for event in reversed(second.events) if event["act"] == "unmerge")
    return asked(told, first)


def asked(event: Event, first: Player) -> Decision:
    """What the relay does with an event, without a store."""
    [change] = [change for change in event["changes"] if change["do"] == "relay"]
    assert change["refs"] == [FIRST]
    carried = Carried(SECOND, change["on"] + BACKWARDS, change["deadlines"], change.get("clocks", ()))
    command = Command(change["trigger"], first.now, SYSTEM, SYSTEM, carried=carried)
    assert first.state is not None
    return first.take(decide(PROGRAM, first.state, len(first.events), command, first.facts(SYSTEM)))


def pass_on(sender: Player, since: int, others: dict[str, Player]) -> None:
    """What the worker does with what a case wrote after its event ``since``, until nothing is asked any more."""
    for event in sender.events[since:]:
        for change in event["changes"]:
            if change["do"] != "relay":
                continue
            of = change.get("of", sender.ref)
            carried = Carried(of, change["on"] + BACKWARDS, change["deadlines"], change.get("clocks", ()))
            for ref in change["refs"]:
                other = others[ref]
                assert other.state is not None
                other.now = max(other.now, sender.now)
                command = Command(change["trigger"], other.now, SYSTEM, SYSTEM, carried=carried)
                before, facts = len(other.events), other.facts(SYSTEM)
                decision = decide(PROGRAM, other.state, before, command, facts)
                if decision.reasons:
                    decision = released(PROGRAM, other.state, before, command, facts) or decision
                assert other.take(decision).moved, decision.reasons
                pass_on(other, before, others)


def plan(player: Player, name: str = "answer") -> dict[str, Any]:
    run = player.run(name)
    return {
        key: run.get(key) for key in ("status", "due", "due_date", "marks", "pauses", "extensions", "start")
    }
