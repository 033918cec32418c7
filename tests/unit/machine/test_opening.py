"""What an effect `open` asks of the service, and what it leaves where nothing can be opened; no store."""

from collections.abc import Sequence

from engine.domain.errors import Reason
from engine.machine.command import Opening
from engine.machine.decide import nudge
from engine.machine.fold import fold
from engine.machine.opening import referred
from tests.support.small import SMALL, Player, compiled

WIDER = SMALL.replace(
    "  - {trigger: rest,",
    "  - {trigger: hand_on, source: work, dest: shut, outcome: ran_out, allow: [officer], "
    "effects: [{open: other, link: converted_to, carry: [risk, grave]}]}\n"
    "  - {trigger: call, source: work, allow: [officer], "
    "effects: [{open: other, link: escalated_to, parties: 'parties.filter(p, p.age > 40)'}]}\n"
    "  - {trigger: hurry, source: work, allow: [officer], effects: [{fire: wake, on: escalated_to}]}\n"
    "  - {as_soon_as: 'links.exists(l, l.closed)', name: other_ended, source: work, dest: resting}\n"
    "  - {trigger: rest,",
)


def nobody(case_type: str) -> Sequence[Reason]:
    return [Reason("FM-N034", {"case_type": case_type}, "state")]


def at_work(**world: object) -> Player:
    player = Player(compiled(WIDER), **world)
    player.to_work()
    for party in ("P1", "P2"):
        player.act("add_consent", records={"consent": [{"party": party, "decision": "given"}]})
    assert player.leaf == "work"
    return player


def test_a_decision_lists_what_to_open_under_a_name() -> None:
    decision = at_work().act("hand_on")
    assert decision.state is not None
    [opening] = decision.opens
    assert (opening.place, opening.case_type, opening.link, opening.back) == (
        "@1", "other", "converted_to", "converted_to_of_here",
    )  # fmt: skip
    assert dict(opening.fields) == {"risk": "yellow", "grave": False} or dict(opening.fields) == {
        "risk": "yellow"
    }
    assert [party["no"] for party in opening.parties] == ["P1", "P2"]
    assert decision.state["links"] == [{"kind": "converted_to", "ref": "@1", "at": decision.events[0]["at"]}]


def test_references_take_the_place_of_names_in_state_and_events_alike() -> None:
    player = at_work()
    assert player.state is not None
    before = player.state
    decision = referred(player.act("hand_on"), {"@1": "26-00002-9"})
    assert decision.state is not None
    assert [link["ref"] for link in decision.state["links"]] == ["26-00002-9"]
    assert fold(decision.events, before) == decision.state
    assert not decision.opens


def test_only_the_parties_that_are_meant_go_along() -> None:
    [opening] = at_work().act("call").opens
    assert isinstance(opening, Opening)
    assert opening.parties == ()


def test_a_case_does_not_close_into_nothing() -> None:
    decision = at_work(opens=nobody).act("hand_on")
    assert [reason.code for reason in decision.reasons] == ["FM-R212", "FM-N034"]


def test_a_call_stands_with_an_incident() -> None:
    decision = at_work(opens=nobody).act("call")
    assert decision.moved
    assert not decision.opens
    [incident] = [c for c in decision.events[0]["changes"] if c["do"] == "incident"]
    assert (incident["what"], incident["case_type"], incident["codes"]) == (
        "not_opened",
        "other",
        ["FM-N034"],
    )


def test_an_act_on_linked_cases_is_written_down_and_moves_nothing_here() -> None:
    player = at_work()
    decision = player.act("hurry")
    assert {"do": "relay", "trigger": "wake", "on": "escalated_to", "refs": []} in decision.events[0][
        "changes"
    ]
    assert player.leaf == "work"


def test_a_case_looks_again_when_a_linked_one_has_moved() -> None:
    player = at_work()
    assert player.state is not None
    still = nudge(player.program, player.state, len(player.events), player.now, player.facts("system"))
    assert still.events == ()
    player.world = Player(links=[{"kind": "escalated_to", "case_type": "other", "closed": True}]).world
    moved = nudge(player.program, player.state, len(player.events), player.now, player.facts("system"))
    assert moved.state is not None
    assert moved.state["states"]["main"] == "resting"
    assert [event["act"] for event in moved.events] == ["linked_moved", "other_ended"]
