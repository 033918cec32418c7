"""Where a clock that follows an expiry starts, and what happens to clocks when their calendar changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from engine.domain.calendar import Calendar
from engine.machine.command import Command, Decision
from engine.machine.fold import fold
from engine.machine.recount import recount
from tests.support.small import SMALL, Player, compiled
from workflows.calendar import load_calendar

WINDOW = "  window: {kind: wait, within: 7 cd, runs_in: [shut]}\n"


def under(play: Player, calendar: Calendar) -> Decision:
    play.world = replace(play.world, calendar=calendar)
    command = Command("recount_clocks", play.now, "ann", "ann")
    assert play.state is not None
    decision = recount(play.program, play.state, len(play.events), command, play.facts("ann"))
    return play.take(decision) if decision.events else decision


class TestStartByExpiry:
    def test_it_counts_from_the_day_that_ended(self) -> None:
        play = Player(compiled(SMALL + WINDOW))
        play.to_work()
        play.now += timedelta(days=60)
        play.sweep()
        # the limit expires on Thu 8 Oct at 24:00; seven days after that day end on Thu 15 Oct
        assert play.run("window")["dated"] == "2026-10-08"
        assert play.run("window")["start"] == "2026-10-08T16:00:00Z"
        assert play.run("window")["due_date"] == "2026-10-15"

    def test_what_a_person_begins_counts_from_the_day_of_the_act(self) -> None:
        play = Player(compiled(SMALL + WINDOW))
        play.to_work()
        play.now = datetime(2026, 9, 9, 16, 0, tzinfo=UTC)  # 00:00 of Thu 10 Sep
        play.act("end")
        assert "dated" not in play.run("window")
        assert play.run("window")["due_date"] == "2026-09-17"


class TestRecount:
    def test_a_closure_moves_the_deadline_by_one_event_that_folds(self) -> None:
        play = Player()
        play.file()
        play.act("ask", fields={"risk": "red"}, note="go")
        assert play.run("limit")["due_date"] == "2026-09-14"
        decision = under(play, load_calendar("CN").with_closures([date(2026, 9, 9)]))
        assert [(e["act"], e["actor"]) for e in decision.events] == [("recount_clocks", "ann")]
        assert play.run("limit")["due_date"] == "2026-09-15"
        assert fold(play.events) == play.state

    def test_nothing_is_written_if_nothing_moves(self) -> None:
        play = Player()
        play.to_work()
        assert under(play, load_calendar("CN").with_closures([date(2026, 12, 9)])).events == ()

    def test_what_is_over_stays_as_it_was(self) -> None:
        play = Player()
        play.to_work()
        play.act("end")
        before = play.run("limit")
        assert under(play, load_calendar("CN").with_closures([date(2026, 10, 8)])).events == ()
        assert play.run("limit") == before

    def test_a_passed_deadline_is_not_moved_even_if_nobody_has_fired_it(self) -> None:
        play = Player()
        play.to_work()
        play.now = datetime(2026, 10, 9, 1, 0, tzinfo=UTC)
        assert under(play, load_calendar("CN").with_closures([date(2026, 10, 8)])).events == ()

    def test_a_mark_that_now_lies_in_the_past_fires_at_once(self) -> None:
        closed = [date(2026, 9, day) for day in (8, 9, 10)]
        play = Player()
        play.world = replace(play.world, calendar=load_calendar("CN").with_closures(closed))
        play.file()
        play.act("ask", fields={"risk": "red"}, note="go")
        play.now = datetime(2026, 9, 12, 1, 0, tzinfo=UTC)
        decision = under(play, load_calendar("CN"))
        # 80 % of five days is the end of Fri 11 Sep, yesterday
        assert [e["act"] for e in decision.events] == ["recount_clocks", "limit:80%"]
