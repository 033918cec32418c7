"""Clocks live in states: when a run begins, pauses, is extended, ends, and what its marks do."""

from datetime import UTC, datetime, timedelta

from tests.support.small import SMALL, Player, codes, compiled


def test_the_length_hangs_on_the_grade_and_is_rebased_when_it_changes() -> None:
    play = Player()
    play.file()
    play.act("ask", fields={"risk": "red"}, note="go")
    # Mon 7 Sep 2026, day of the act not counted: 5 working days end on Mon 14 Sep
    assert play.run("limit")["due_date"] == "2026-09-14"


def test_within_the_states_of_a_clock_it_runs_on() -> None:
    play = Player()
    play.to_work()
    assert play.run("limit")["run"] == 1
    # 30 calendar days from 7 Sep end on Wed 7 Oct, inside the holiday of 1-7 Oct: Thu 8 Oct
    assert play.run("limit")["due_date"] == "2026-10-08"


def test_a_pause_takes_its_days_out() -> None:
    play = Player()
    play.to_work()
    play.now = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
    play.act("rest", note="ill")
    assert play.run("limit")["status"] == "paused"
    assert "due" not in play.run("limit")
    play.now = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
    play.act("go_on")
    # 10-14 Sep, both ends included, are five days: 30 days then end on Mon 12 Oct
    assert play.run("limit")["due_date"] == "2026-10-12"


def test_an_expiry_ends_the_case_in_events_of_their_own() -> None:
    play = Player()
    play.to_work()
    play.now += timedelta(days=60)
    decision = play.sweep()
    assert [(e["act"], e["kind"]) for e in decision.events] == [
        ("limit:80%", "mark"),
        ("limit:due", "mark"),
        ("end", "follow"),
    ]
    assert play.leaf == "shut"
    # expiry is dated the last day, not the next (Civil Code art. 203)
    assert decision.events[1]["dated"] == "2026-10-08"
    assert decision.events[1]["at"] == "2026-10-08T16:00:00Z"
    assert play.run("limit")["verdict"] == "missed"


def test_a_mark_fires_once() -> None:
    play = Player()
    play.to_work()
    play.now += timedelta(days=25)
    assert [e["act"] for e in play.sweep().events] == ["limit:80%"]
    assert play.sweep().events == ()


def test_due_marks_fire_before_a_late_act_is_judged() -> None:
    play = Player()
    play.to_work()
    play.now += timedelta(days=60)
    decision = play.act("rest", note="too late")
    assert codes(decision) == ["FM-R201"]
    assert play.leaf == "work"  # the refusal wrote nothing; the next act or sweep fires it


def test_an_act_in_time_meets_the_limit() -> None:
    play = Player()
    play.to_work()
    play.now += timedelta(days=10)
    play.act("end")
    assert play.run("limit")["verdict"] == "met"


class TestExtension:
    def test_rungs_are_used_in_order_with_their_own_approvers(self) -> None:
        play = Player()
        play.to_work()
        assert codes(play.act("extend_limit", note="more time")) == ["FM-R104"]
        assert play.act("extend_limit", actor="hal", note="more time").moved
        assert play.run("limit")["due_date"] == "2026-10-22"
        assert codes(play.act("extend_limit", actor="hal", note="again")) == ["FM-R104"]
        assert play.act("extend_limit", actor="cy", note="again").moved
        assert codes(play.act("extend_limit", actor="cy", note="third")) == ["FM-R401"]

    def test_a_reason_is_always_asked(self) -> None:
        play = Player()
        play.to_work()
        assert codes(play.act("extend_limit", actor="hal")) == ["FM-R301"]

    def test_met_with_an_extension_is_said_so(self) -> None:
        play = Player()
        play.to_work()
        play.act("extend_limit", actor="hal", note="more time")
        play.act("end")
        assert play.run("limit")["verdict"] == "met_extended"


def test_each_item_has_its_own_run() -> None:
    play = Player()
    play.to_work()
    play.act("add_paper", records={"paper": [{"terms": "peace"}]})
    for day in ("2026-09-20", "2026-09-25"):
        play.act("add_duty", records={"duty": [{"act": "pay", "due": day}]})
    play.act("sign_paper", fields={"by": ["P1", "P2", "ann"]})
    assert play.state is not None
    runs = {r["item"]: r for r in play.state["clocks"] if r["name"] == "each_duty"}
    assert {item: run["status"] for item, run in runs.items()} == {"duty-1": "running", "duty-2": "running"}
    play.act("add_done", records={"done": [{"of": "D1", "on": "2026-09-08"}]})
    runs = {r["item"]: r for r in play.state["clocks"] if r["name"] == "each_duty"}
    assert {item: run["status"] for item, run in runs.items()} == {"duty-1": "stopped", "duty-2": "running"}
    assert runs["duty-1"]["verdict"] == "met"


def test_a_clock_of_inactivity_is_restarted_by_people_and_not_by_its_own_reminder() -> None:
    text = SMALL.replace(
        "  each_duty:",
        "  idle: {within: 10 cd, runs_in: [work], restarts_on: any, at: {50%: [{remind: [officer]}], due: [{remind: [head]}]}}\n  each_duty:",
    )
    play = Player(compiled(text))
    play.to_work()
    play.now += timedelta(days=3)
    play.act("note", note="still at it")
    assert (play.run("idle")["run"], play.run("idle")["due_date"]) == (2, "2026-09-20")
    play.now += timedelta(days=30)
    assert [e["act"] for e in play.sweep().events if e["act"].startswith("idle")] == ["idle:50%", "idle:due"]


def test_a_late_entry_that_was_let_in_meets_the_limit() -> None:
    text = SMALL.replace("due: [{fire: end}]", "due: [{remind: [head]}]")
    late = Player(compiled(text))
    began = late.now
    late.to_work()
    late.now += timedelta(days=60)
    late.sweep()
    late.act("end", at=began + timedelta(days=3), late_allowed=True)
    assert late.run("limit")["verdict"] == "met"


def test_a_mark_that_cannot_be_carried_out_refuses_the_sweep_and_raises_nothing() -> None:
    text = SMALL.replace("due: [{fire: end}]", 'due: [{set: {grave: "paper.signed"}}]')
    play = Player(compiled(text))
    play.to_work()
    play.now += timedelta(days=60)
    decision = play.sweep()
    assert (decision.state, decision.events, codes(decision)) == (None, (), ["FM-R203"])
