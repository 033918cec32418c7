"""The order of one act, and what each step refuses."""

from datetime import timedelta

from engine.domain.messages import tell
from engine.machine.fold import fold
from tests.support.small import Player, codes


class TestFiling:
    def test_the_least_suffices(self) -> None:
        play = Player()
        assert play.file(parties=0).moved
        assert play.leaf == "new"
        assert play.state is not None
        assert play.state["what"] == "it began"

    def test_an_unknown_input_is_named(self) -> None:
        decision = Player().file(colour="red")
        assert codes(decision) == ["FM-R302"]
        assert decision.reasons[0].params["extra"] == "colour"


class TestRefusals:
    def test_all_reasons_are_told_together(self) -> None:
        play = Player()
        play.file(grave=True)
        decision = play.act("ask", actor="eve")
        assert codes(decision) == ["FM-R101", "FM-R301", "FM-R202"]
        assert "risk" in decision.reasons[1].params["missing"]
        assert "note" in decision.reasons[1].params["missing"]
        assert decision.reasons[2].params["because"] == "the matter is grave"
        assert decision.reasons[2].basis == "art. 2"

    def test_a_refusal_changes_nothing(self) -> None:
        play = Player()
        play.file()
        before = play.state
        assert play.act("ask", actor="eve").state is None
        assert play.state is before
        assert len(play.events) == 1

    def test_a_closed_act_says_what_is_open(self) -> None:
        play = Player()
        play.file()
        decision = play.act("rest", note="tired")
        assert codes(decision) == ["FM-R201"]
        assert "ask" in decision.open_acts
        assert "end" not in decision.open_acts

    def test_a_wrong_option_is_named_with_the_options(self) -> None:
        play = Player()
        play.file()
        decision = play.act("ask", fields={"risk": "purple"}, note="x")
        assert decision.reasons[0].code == "FM-R303"
        assert decision.reasons[0].params["wanted"] == "one of red, yellow"

    def test_the_blamed_party_is_named(self) -> None:
        play = Player()
        play.file()
        play.act("change_party", parties=[{"no": "P2", "age": 15}])
        decision = play.act("ask", fields={"risk": "red"}, note="x")
        assert codes(decision) == ["FM-R202"]
        assert decision.reasons[0].params["party"] == "P2"

    def test_an_unknown_fact_is_told_as_unknown(self) -> None:
        play = Player()
        play.file(parties=0)
        play.act("add_party", parties=[{"role": "claimant"}])
        decision = play.act("ask", fields={"risk": "red"}, note="x")
        assert codes(decision) == ["FM-R203"]
        assert decision.reasons[0].params["missing"] == "parties.age"


class TestTime:
    def test_the_future_is_refused(self) -> None:
        play = Player()
        play.file()
        decision = play.act("note", at=play.now + timedelta(hours=1, minutes=40), note="x")
        assert codes(decision) == ["FM-R403"]
        assert " is 1 h 40 min in the future" in tell(decision.reasons[0])
        assert "晚 1 小时 40 分" in tell(decision.reasons[0], "zh")

    def test_before_filing_is_refused(self) -> None:
        play = Player()
        play.file()
        assert codes(play.act("note", at=play.now - timedelta(hours=3), note="x")) == ["FM-R404"]

    def test_a_late_entry_before_a_missed_deadline_needs_approval(self) -> None:
        play = Player()
        play.to_work()
        began = play.now
        play.now += timedelta(days=40)
        play.sweep()
        assert codes(play.act("note", at=began + timedelta(days=1), note="late")) == ["FM-R402"]
        assert play.act("note", at=began + timedelta(days=1), note="late", late_allowed=True).moved


class TestWhatFollows:
    def test_one_refusal_decides_although_the_other_is_silent(self) -> None:
        play = Player()
        play.file()
        play.act("ask", fields={"risk": "yellow"}, note="go")
        decision = play.act("add_consent", records={"consent": [{"party": "P2", "decision": "refused"}]})
        assert play.leaf == "shut"
        assert [e["act"] for e in decision.events] == ["add_consent", "refusal"]
        assert decision.events[1]["kind"] == "follow"
        assert decision.events[1]["cause"] == decision.events[0]["seq"]
        assert decision.events[1]["told"] == [{"kind": "notice", "form": "ending", "to": ["P1", "P2"]}]

    def test_seq_is_the_version(self) -> None:
        play = Player()
        play.to_work()
        assert [e["seq"] for e in play.events] == list(range(1, len(play.events) + 1))

    def test_a_party_speaks_only_for_itself(self) -> None:
        play = Player()
        play.file()
        play.act("ask", fields={"risk": "yellow"}, note="go")
        other = play.act(
            "add_consent", actor="P1", records={"consent": [{"party": "P2", "decision": "given"}]}
        )
        assert "FM-R103" in codes(other)
        assert play.act("add_consent", actor="P1", records={"consent": [{"decision": "given"}]}).moved


class TestSeats:
    def test_a_seat_that_asks_for_acceptance_counts_when_accepted(self) -> None:
        play = Player()
        play.to_work()
        play.act("name_judge", seats={"judge": ["eve"]})
        assert play.state is not None
        assert play.state["seats"]["judge"][0]["accepted"] is False
        assert codes(play.act("accept_judge", actor="ann")) == ["FM-R101"]
        assert play.act("accept_judge", actor="eve").moved
        assert play.state["seats"]["judge"][0]["accepted"] is True

    def test_too_many_for_a_seat(self) -> None:
        play = Player()
        play.to_work()
        decision = play.act("name_judge", seats={"judge": ["eve", "hal", "cy"]})
        assert decision.reasons[0].params["wanted"] == "at most 2"

    def test_taking_a_taken_case_loses_clearly(self) -> None:
        play = Player()
        play.file()
        assert play.act("take_handler").moved
        decision = play.act("take_handler", actor="hal")
        assert "FM-C003" in codes(decision)
        assert next(r for r in decision.reasons if r.code == "FM-C003").params["person"] == "ann"


class TestSignatures:
    def test_signed_when_every_place_is_filled(self) -> None:
        play = Player()
        play.to_work()
        play.act("add_paper", records={"paper": [{"terms": "peace"}]})
        play.act("add_duty", records={"duty": [{"act": "pay", "due": "2026-09-30"}]})
        play.act("sign_paper", fields={"by": ["P1", "P2"]})
        assert play.leaf == "work"
        late = play.act("add_duty", records={"duty": [{"act": "more", "due": "2026-09-30"}]})
        assert codes(late) == ["FM-R304"]
        play.act("sign_paper")
        assert play.leaf == "kept"

    def test_one_person_fills_one_place(self) -> None:
        play = Player()
        play.to_work()
        play.act("add_paper", records={"paper": [{"terms": "peace"}]})
        assert play.act("sign_paper").moved
        assert codes(play.act("sign_paper")) == ["FM-R303"]


class TestReopening:
    def test_records_of_the_last_cycle_no_longer_decide(self) -> None:
        play = Player()
        play.to_work()
        play.act("end")
        assert play.leaf == "shut"
        assert play.act("again", note="new facts").moved
        assert play.state is not None
        assert (play.state["cycle"], play.leaf) == (2, "asking")
        assert "outcome" not in play.state
        yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
        play.act("add_consent", records={"consent": yes})
        assert play.leaf == "work"


def test_folding_the_events_gives_the_state() -> None:
    play = Player()
    play.to_work()
    play.act("rest", note="tired")
    play.now += timedelta(days=3)
    play.act("go_on")
    assert play.leaf == "work"
    assert fold(play.events) == play.state
