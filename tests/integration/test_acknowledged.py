"""Whoever is asked to mediate answers within the time that the tables give; if not, somebody else is asked."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.domain.errors import FolkmootError
from engine.domain.messages import tell
from engine.persistence.store import Store
from engine.service import acting, duty, filing, leave, query, seat, showing, worker
from engine.service.routing import explaining
from tests.support.mediating import accepted
from tests.support.town import Town

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Harbin


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, now=MONDAY)


def mediators(town: Town, ref: str) -> list[str]:
    told = town.ask(query.show_case, "dsp-01", ref=ref)["seats"]
    return [holder["person"] for holder in told if holder["seat"] == "mediator"]


def deadline(town: Town, ref: str) -> dict[str, Any]:
    clocks = town.ask(query.show_case, "dsp-01", ref=ref)["clocks"]
    return dict(next(c for c in clocks if c["name"] == "accept_seat" and c["status"] == "running"))


def test_the_time_to_answer_is_what_the_tables_said_when_the_seat_was_filled(town: Town) -> None:
    for risk, due in (("yellow", "2026-11-24T16:00:00Z"), ("orange", "2026-11-23T05:00:00Z")):
        ref = accepted(town, risk=risk)
        town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
        assert deadline(town, ref)["due_at"] == due


def test_who_does_not_answer_in_time_is_passed_over_and_the_next_has_the_whole_time(town: Town) -> None:
    ref = accepted(town, risk="orange")
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    [first] = mediators(town, ref)
    town.pass_(hours=4, minutes=1)
    town.do(worker.sweep, "system")
    [second] = mediators(town, ref)
    assert second != first
    assert deadline(town, ref)["due_at"] == "2026-11-23T09:00:00Z", "four hours from when it fell due"
    explained = town.ask(explaining.explain, "dir-02", ref=ref, seat="mediator")
    assert [(e["person"], e["because"]) for e in explained["excluded"]] == [(first, "unanswered")]
    left = [
        change
        for event in town.ask(query.history, "dir-02", ref=ref)["items"]
        for change in event["changes"]
        if change["do"] == "unseat"
    ]
    assert [(c["person"], c["why"]) for c in left] == [(first, "unanswered")]
    # to have been late once is not for ever: a person may name him again
    town.do(acting.do_act, "dir-02", ref=ref, act="assign", seats={"mediator": [first]})
    assert first in mediators(town, ref)


def test_who_answers_is_not_passed_over(town: Town) -> None:
    ref = accepted(town, risk="orange")
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    [first] = mediators(town, ref)
    town.do(seat.take, first, ref=ref, seat="mediator")
    town.pass_(days=2)
    town.do(worker.sweep, "system")
    assert mediators(town, ref) == [first]


def test_when_nobody_is_left_to_ask_the_director_is_told_and_nothing_turns_for_ever(town: Town) -> None:
    ref = accepted(town, risk="orange")
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    for _ in range(6):
        town.pass_(hours=5)
        town.do(worker.sweep, "system")
    assert mediators(town, ref) == []
    events = town.ask(query.history, "dir-02", ref=ref)["items"]
    asked = [
        c["person"] for e in events for c in e["changes"] if c["do"] == "seat" and c["seat"] == "mediator"
    ]
    assert len(asked) == len(set(asked)), "nobody is asked twice by the engine"
    assert any(c["do"] == "incident" for e in events for c in e["changes"])


def test_whom_a_party_chose_beats_the_score(town: Town) -> None:
    plain = accepted(town)
    town.do(acting.do_act, "dir-02", ref=plain, act="ask_engine")
    [usual] = mediators(town, plain)
    other = next(code for code in ("med-12", "med-13") if code != usual)
    ref = accepted(town, wants=other)
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    assert mediators(town, ref) == [other]
    explained = town.ask(explaining.explain, "dir-02", ref=ref, seat="mediator")
    assert (explained["reason"], explained["rule"]) == ("chosen", "chosen-1")


def handler(town: Town, ref: str) -> str | None:
    found: str | None = town.ask(query.show_case, "dsp-01", ref=ref)["holder"]
    return found


def given(town: Town, person: str = "aux-07", *, risk: str = "orange") -> str:
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a wall"
    )
    ref = str(filed["ref"])
    town.do(acting.do_act, "dsp-01", ref=ref, act="regrade", set={"risk": risk}, note="by telephone")
    town.do(seat.assign, "dsp-01", ref=ref, person=person)
    return ref


def due(town: Town, ref: str) -> str | None:
    clocks = town.ask(query.show_case, "dsp-01", ref=ref)["clocks"]
    return next(
        (c["due_at"] for c in clocks if c["name"] == "handler_answer" and c["status"] == "running"), None
    )


class TestHandler:
    """Nobody accepts the seat of the handler; whoever was put there answers by his first act on the case."""

    def test_who_does_not_answer_is_passed_over_with_the_reason(self, town: Town) -> None:
        ref = given(town)
        assert due(town, ref) == "2026-11-23T03:00:00Z", "two hours, orange-1"
        town.pass_(hours=2)
        town.do(worker.sweep, "system")
        second = handler(town, ref)
        assert second not in (None, "aux-07")
        assert due(town, ref) == "2026-11-23T05:00:00Z", "the next has the whole time"
        explained = town.ask(explaining.explain, "dsp-01", ref=ref)
        assert ("aux-07", "unanswered") in [(e["person"], e["because"]) for e in explained["excluded"]]
        events = town.ask(query.history, "dsp-01", ref=ref)["items"]
        passed = next(e for e in events if e["act"] == "ask_another_handler")
        assert [(c["person"], c.get("why")) for c in passed["changes"] if c["do"] == "unseat"] == [
            ("aux-07", "unanswered")
        ]

    @pytest.mark.parametrize("how", ["note", "contact", "accept"])
    def test_the_first_act_of_his_own_is_the_answer(self, town: Town, how: str) -> None:
        ref = given(town)
        if how == "note":
            town.do(acting.note, "aux-07", ref=ref, text="on my way")
        elif how == "accept":
            assert "accept_handler" in [
                o["act"] for o in town.ask(showing.next_acts, "aux-07", ref=ref)["items"]
            ]
            town.do(seat.take, "aux-07", ref=ref)
        else:
            town.do(acting.do_act, "dsp-01", ref=ref, act="note", note="he telephoned", done_by="aux-07")
        assert due(town, ref) is None
        assert "accept_handler" not in [
            o["act"] for o in town.ask(showing.next_acts, "aux-07", ref=ref)["items"]
        ]
        town.pass_(days=2)
        town.do(worker.sweep, "system")
        assert handler(town, ref) == "aux-07"
        said = [
            c
            for e in town.ask(query.history, "dsp-01", ref=ref)["items"]
            for c in e["changes"]
            if c["do"] == "answer"
        ]
        assert [(c["person"], c["seat"], c["title"]) for c in said] == [("aux-07", "handler", "Handler")]

    def test_an_act_of_somebody_else_is_none(self, town: Town) -> None:
        ref = given(town)
        town.do(acting.note, "dsp-01", ref=ref, text="where is he")
        town.pass_(hours=3)
        town.do(worker.sweep, "system")
        assert handler(town, ref) != "aux-07"

    def test_whoever_took_it_himself_is_not_asked_again(self, town: Town) -> None:
        filed = town.do(
            filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a wall"
        )
        town.do(seat.take, "aux-07", ref=filed["ref"])
        assert due(town, str(filed["ref"])) is None

    def test_who_is_on_leave_when_it_is_over_has_the_grace_of_the_table_once(self, town: Town) -> None:
        ref = given(town)
        town.do(leave.away, "dsp-01", persons=["aux-07"], until=date(2026, 11, 25))
        town.pass_(hours=2)
        town.do(worker.sweep, "system")
        assert (handler(town, ref), due(town, ref)) == ("aux-07", "2026-11-23T07:00:00Z")
        last = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
        assert (last["act"], last["kind"]) == ("handler_answer:grace", "mark")
        town.pass_(hours=4)
        town.do(worker.sweep, "system")
        assert handler(town, ref) != "aux-07"

    def test_red_has_no_grace(self, town: Town) -> None:
        ref = given(town, "off-05", risk="red")
        town.do(leave.away, "dsp-01", persons=["off-05"], until=date(2026, 11, 25))
        town.pass_(minutes=31)
        town.do(worker.sweep, "system")
        assert handler(town, ref) != "off-05"

    def test_who_is_not_on_the_roster_of_the_day_is_off_duty(self, town: Town) -> None:
        ref = given(town)
        other = b"unit,day,person,signed_on\nV-101,2026-11-23,aux-08,yes\n"
        town.do(duty.import_duty, "dsp-01", files={"roster.csv": other})
        town.pass_(hours=2)
        town.do(worker.sweep, "system")
        assert (handler(town, ref), due(town, ref)) == ("aux-07", "2026-11-23T07:00:00Z")


class TestNobody:
    """Whoever asks for a mediator is refused where there is none; a clock that asks leaves an incident."""

    def test_it_says_which_seat_and_why_and_writes_nothing(self, town: Town) -> None:
        ref = accepted(town)
        town.do(leave.away, "dsp-01", persons=["med-12", "med-13"], until=date(2026, 11, 25))
        before = town.ask(query.show_case, "dir-02", ref=ref)["version"]
        with pytest.raises(FolkmootError) as refused:
            town.do(seat.assign, "dir-02", ref=ref, seat="mediator", auto=True)
        [reason] = refused.value.reasons
        assert (reason.code, reason.params["seat"], reason.params["considered"]) == ("FM-R561", "mediator", 2)
        said = tell(reason, "en")
        assert said.startswith("Nobody can take the seat Mediator: 2 considered, 2 away")
        assert f"case assign {ref} PERSON --seat mediator" in said
        assert town.ask(query.show_case, "dir-02", ref=ref)["version"] == before
        town.do(leave.back, "dsp-01", persons=["med-12"])
        town.do(seat.assign, "dir-02", ref=ref, seat="mediator", auto=True)
        assert mediators(town, ref) == ["med-12"]
