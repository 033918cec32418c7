"""An offer says beforehand what trying would say: allowed only what can be done, refused with the same reasons."""

from datetime import timedelta
from typing import Any

import pytest

from engine.machine.command import Command
from engine.machine.offer import Offer, offers
from tests.support.small import SMALL, Player, codes, compiled


def asked(player: Player, act: str, actor: str = "ann") -> Offer:
    assert player.state is not None
    command = Command(act, player.now, actor, actor)
    found = offers(player.program, player.state, len(player.events), command, player.facts(actor), every=True)
    return next(offer for offer in found if offer.act == act)


def told(offer: Offer) -> list[str]:
    return [reason.code for reason in offer.reasons]


@pytest.fixture
def player() -> Player:
    made = Player()
    made.to_work()
    return made


class TestExtension:
    def test_each_rung_is_offered_to_its_own_approver_and_asks_its_own_inputs(self) -> None:
        rung = "{by: 15 cd, allow: [head], asks: [grave], guard: {that: grave, because: it is light}}"
        player = Player(compiled(SMALL.replace("{by: 15 cd, allow: [head]}", rung)))
        player.to_work()
        assert told(asked(player, "extend_limit", "ann")) == ["FM-R104"]
        offer = asked(player, "extend_limit", "hal")
        assert offer.allowed
        assert offer.form["required"] == ["note", "set"]
        assert codes(player.act("extend_limit", "ann", note="more"))[:2] == ["FM-R104", "FM-R301"]
        assert codes(player.act("extend_limit", "hal", note="more", fields={"grave": "no"})) == ["FM-R202"]
        assert player.act("extend_limit", "hal", note="more", fields={"grave": "yes"}).moved
        assert told(asked(player, "extend_limit", "hal")) == ["FM-R104"]

    def test_after_the_last_rung_nobody_is_told_to_ask_somebody(self, player: Player) -> None:
        player.act("extend_limit", "hal", note="more")
        player.act("extend_limit", "cy", note="more")
        assert told(asked(player, "extend_limit", "ann")) == ["FM-R401"]
        assert codes(player.act("extend_limit", "ann", note="more")) == ["FM-R401"]

    def test_a_missed_deadline_is_not_offered_for_extension(self) -> None:
        only_reminds = SMALL.replace("due: [{fire: end}]", "due: [{remind: [officer]}]")
        player = Player(compiled(only_reminds))
        player.to_work()
        player.now += timedelta(days=40)
        assert told(asked(player, "extend_limit", "hal")) == ["FM-R406"]


class TestSignature:
    def test_there_is_nothing_to_sign_yet(self, player: Player) -> None:
        assert told(asked(player, "sign_paper")) == ["FM-R207"]
        assert codes(player.act("sign_paper")) == ["FM-R207"]

    def test_a_signature_says_of_what_and_by_whom(self, player: Player) -> None:
        player.act("add_paper", records={"paper": [{"terms": "down"}]})
        made = asked(player, "sign_paper").form["properties"]
        assert made["item"]["enum"] == ["paper-1"]
        assert made["set"]["properties"]["by"]["type"] == "array"
        assert player.act("sign_paper", item="paper-1", fields={"by": ["P1"]}).moved

    def test_who_has_signed_cannot_sign_again(self, player: Player) -> None:
        player.act("add_paper", records={"paper": [{"terms": "down"}]})
        assert asked(player, "sign_paper", "P1").allowed
        assert player.act("sign_paper", "P1").moved
        assert told(asked(player, "sign_paper", "P1")) == ["FM-R303"]
        assert codes(player.act("sign_paper", "P1")) == ["FM-R303"]
        assert asked(player, "sign_paper", "ann").allowed  # records it, so signs for others

    @pytest.mark.parametrize("by", [None, 5, [], "", [1], {"P1": 1}, [["P1"]], " , "])
    def test_signers_that_are_no_names_are_refused_in_words(self, player: Player, by: Any) -> None:
        player.act("add_paper", records={"paper": [{"terms": "down"}]})
        assert set(codes(player.act("sign_paper", fields={"by": by}))) == {"FM-R303"}


@pytest.mark.parametrize("role", ["nobody", 5, ["claimant"], {"role": "claimant"}, True])
def test_a_role_that_is_none_is_refused_in_words(player: Player, role: Any) -> None:
    assert codes(player.act("add_party", parties=[{"role": role}])) == ["FM-R303"]


class TestNothingToActOn:
    def test_an_item_of_nothing_is_refused_by_name(self, player: Player) -> None:
        offer = asked(player, "add_duty")
        assert told(offer) == ["FM-R207"]
        assert offer.reasons[0].params["missing"] == "paper"
        duty = [{"act": "pay", "due": "2026-10-01"}]
        assert codes(player.act("add_duty", records={"duty": duty})) == ["FM-R207"]

    def test_nothing_is_added_to_what_is_being_signed(self, player: Player) -> None:
        player.act("add_paper", records={"paper": [{"terms": "down"}]})
        assert asked(player, "add_duty").allowed
        player.act("sign_paper", "P1")
        duty = [{"act": "pay", "due": "2026-10-01"}]
        assert told(asked(player, "add_duty")) == ["FM-R304"]
        assert codes(player.act("add_duty", records={"duty": duty})) == ["FM-R304"]
        player.act("add_paper", records={"paper": [{"terms": "up"}]})
        assert asked(player, "add_duty").allowed
        assert player.act("add_duty", records={"duty": duty}).moved

    def test_without_parties_nobody_consents_changes_or_leaves(self) -> None:
        player = Player(
            compiled(SMALL.replace("by: [party, officer], in: [asking]", "by: [officer], in: [work]"))
        )
        player.file(parties=0)
        player.act("ask", fields={"risk": "red"}, note="go")
        for act in ("add_consent", "change_party", "party_leaves"):
            assert told(asked(player, act)) == ["FM-R207"]
        yes = [{"party": "P1", "decision": "given"}]
        assert codes(player.act("add_consent", records={"consent": yes})) == ["FM-R207"]
        assert codes(player.act("party_leaves", item="P1")) == ["FM-R207", "FM-R303"]

    def test_the_last_of_a_side_does_not_leave_while_the_case_is_in_work(self) -> None:
        player = Player(compiled(SMALL.replace("claimant: {}", "claimant: {min: 1}")))
        player.file()
        player.act("ask", fields={"risk": "red"}, note="go")
        assert codes(player.act("party_leaves", item="P1")) == ["FM-R209"]
        player.act("add_party", parties=[{"role": "claimant"}])
        assert player.act("party_leaves", item="P1").moved
        assert player.act("party_leaves", item="P2").moved
        assert told(asked(player, "party_leaves")) == ["FM-R209"]

    def test_a_seat_is_accepted_once(self, player: Player) -> None:
        player.act("name_judge", seats={"judge": ["eve"]})
        assert asked(player, "accept_judge", "eve").allowed
        assert player.act("accept_judge", "eve").moved
        assert told(asked(player, "accept_judge", "eve")) == ["FM-R201"]
        assert codes(player.act("accept_judge", "eve")) == ["FM-R201"]


class TestAllReasonsTogether:
    def test_a_missing_side_is_told_beside_who_may(self) -> None:
        two_sides = SMALL.replace("claimant: {}, respondent: {}", "claimant: {min: 1}, respondent: {min: 1}")
        two_sides = two_sides.replace("new: {initial: true,", "new: {initial: true, phase: intake,")
        two_sides = two_sides.replace("asking: {", "asking: {phase: work, ")
        player = Player(compiled(two_sides))
        player.file(parties=1)
        assert told(asked(player, "ask")) == ["FM-R207"]
        assert told(asked(player, "ask", "hal")) == ["FM-R101", "FM-R207"]
        given: dict[str, Any] = {"fields": {"risk": "red"}, "note": "go"}
        assert codes(player.act("ask", **given)) == ["FM-R207"]
        assert codes(player.act("ask", "hal", **given)) == ["FM-R101", "FM-R207"]

    def test_a_rule_that_waits_for_a_fact_is_told_beside_who_may(self) -> None:
        player = Player()
        player.file(parties=0)
        player.act("add_party", parties=[{"role": "claimant"}])  # of unknown age
        assert told(asked(player, "ask", "hal")) == ["FM-R101", "FM-R203"]
        given: dict[str, Any] = {"fields": {"risk": "red"}, "note": "go"}
        assert codes(player.act("ask", "hal", **given)) == ["FM-R101", "FM-R203"]


def test_a_rule_on_the_plural_of_what_is_asked_waits_for_it() -> None:
    ruled = SMALL.replace("asks: [grave?]}", "asks: [grave?]}\n  - " + (
        "{trigger: vow, source: work, allow: [officer], asks: [paper],"
        " guard: {that: papers.size() > 0, because: no paper}}"
    ))  # fmt: skip
    player = Player(compiled(ruled))
    player.to_work()
    assert asked(player, "vow").allowed
    assert player.act("vow", records={"paper": [{"terms": "down"}]}).moved


def test_marks_that_are_due_fire_before_acts_are_offered(player: Player) -> None:
    player.now += timedelta(days=40)  # the limit has ended the case, though no worker came by
    assert told(asked(player, "name_judge")) == ["FM-R201"]
    assert asked(player, "again").allowed
