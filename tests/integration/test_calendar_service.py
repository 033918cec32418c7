"""Calendars as data in the store: the calculator, and what taking in a year or a closure does to running clocks."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.bootstrap import Engine
from engine.domain.errors import NotFound, SignInNeeded, Unsound, UsageError
from engine.persistence import table
from engine.persistence.store import Store
from engine.service import calendar, filing, organisation, query
from engine.service.calendar_import import import_
from engine.service.seed import seed
from tests.support.clock import at
from tests.support.sown import sow
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

STATION = Path(__file__).parents[1] / "data" / "org" / "station.yaml"
FILED = at("2026-12-30 10:00")
NEW_YEAR = {"2027": {"days_off": ["2027-01-01"], "make_up_days": [], "source": "notice of November 2026"}}
Ask = Callable[..., dict[str, Any]]


class Desk:
    """One store with the shipped law and one station, on one clock."""

    def __init__(self, store: Store) -> None:
        self.now = datetime(2026, 1, 2, tzinfo=UTC)
        self.engine = Engine(store, clock=lambda: self.now)
        sow(store, ("desk", self.now), self._seed)

    def _seed(self) -> None:
        self.call(
            seed,
            definitions=shipped.texts(),
            vocabulary=shipped.vocabulary(),
            calendars=[load_calendar(name) for name in calendar_ids()],
        )
        self.call(organisation.import_organisation, files={STATION.name: STATION.read_bytes()})

    def call(self, function: Any, *, person: str = "chf-01", **given: Any) -> dict[str, Any]:
        return self.engine.call(function, self.engine.caller(person=person), **given)

    def read(self, function: Any, **given: Any) -> dict[str, Any]:
        return self.engine.read(function, self.engine.caller(person="dsp-01"), **given)

    def request(self, place: str = "230199000201") -> str:
        """A request for help that is to be done within five working days."""
        self.now = FILED
        filed = self.call(filing.file_case, case_type="service_request", place=place, what="a lamp is broken")
        return str(filed["ref"])

    def handle_within(self, ref: str) -> dict[str, Any]:
        clocks = self.read(query.show_case, ref=ref)["clocks"]
        return next(clock for clock in clocks if clock["name"] == "handle_within")


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


class TestCalculator:
    def test_twenty_days_end_after_the_national_holiday(self, desk: Desk) -> None:
        answer = desk.read(calendar.when, duration="20 cd", start=date(2026, 9, 11), calendar_id="CN")
        assert answer["due_at"] == "2026-10-08T16:00:00Z"
        assert (answer["due_date"], answer["provisional"]) == ("2026-10-08", False)
        assert [(s["kind"], s["first_date"], s["last_date"], s["basis"]) for s in answer["steps"]] == [
            ("start", "2026-09-11", "2026-09-11", "Civil Code art. 201"),
            ("count", "2026-09-12", "2026-10-01", None),
            ("rolled", "2026-10-01", "2026-10-07", "Civil Code art. 203"),
            ("due", "2026-10-08", "2026-10-08", None),
        ]

    def test_it_reads_lengths_in_words_and_starts_now_by_default(self, desk: Desk) -> None:
        desk.now = FILED
        answer = desk.read(calendar.when, duration="5个工作日")
        assert (answer["duration"], answer["calendar"]) == ("5 wd", "CN")
        assert (answer["due_date"], answer["provisional"]) == ("2027-01-06", True)
        assert answer["published_until"] == 2026

    def test_an_office_that_is_closed_then_counts_later(self, desk: Desk) -> None:
        closures = [{"unit": "S-012", "days": ["2026-11-24"], "reason": "market day"}]
        desk.call(import_, document={"id": "CN", "closures": closures})
        here, there = (
            desk.read(calendar.when, duration="1 wd", start=date(2026, 11, 23), unit_code=code)["due_date"]
            for code in ("S-012", "county-99")
        )
        assert (here, there) == ("2026-11-25", "2026-11-24")

    def test_what_cannot_be_read_is_refused(self, desk: Desk) -> None:
        with pytest.raises(UsageError, match="FM-U007"):
            desk.read(calendar.when, duration="soon")
        with pytest.raises(NotFound, match="FM-N005"):
            desk.read(calendar.when, duration="1 cd", calendar_id="XX")


class TestLooking:
    def test_the_list_says_until_when_each_is_published(self, desk: Desk) -> None:
        items = desk.read(calendar.list_calendars)["items"]
        assert [(i["id"], i["first"], i["last"], i["rolls"]) for i in items] == [
            ("CN", 2001, 2026, True),
            ("PH", 2008, 2026, False),
        ]

    def test_a_year_is_shown_with_its_days_and_source(self, desk: Desk) -> None:
        (year,) = desk.read(calendar.show, calendar_id="CN", year=2026)["years"]
        assert "State Council" in year["source"]
        assert "2026-10-10" in year["make_up_days"]
        assert desk.read(calendar.show, calendar_id="CN", year=2030)["years"] == []


class TestTakingIn:
    def test_a_published_year_moves_the_provisional_deadline_by_an_event(self, desk: Desk) -> None:
        ref = desk.request()
        before = desk.handle_within(ref)
        assert (before["due_date"], before["provisional"]) == ("2027-01-06", True)
        version = desk.read(query.show_case, ref=ref)["version"]

        answer = desk.call(import_, document={"id": "CN", "years": NEW_YEAR})

        assert answer["years"] == [{"year": 2027, "change": "new"}]
        (moved,) = answer["changed"]
        assert (moved["ref"], moved["clock"]) == (ref, "handle_within")
        assert (moved["before"]["due_date"], moved["after"]["due_date"]) == ("2027-01-06", "2027-01-07")
        after = desk.handle_within(ref)
        assert (after["due_date"], after["provisional"]) == ("2027-01-07", False)
        events = desk.read(query.history, ref=ref, verify=True)
        assert events["items"][-1]["act"] == "recount_clocks"
        assert events["items"][-1]["seq"] == version + 1
        assert events["verified"]

    def test_a_dry_run_lists_what_would_move_and_saves_nothing(self, desk: Desk) -> None:
        ref = desk.request()
        answer = desk.call(import_, document={"id": "CN", "years": NEW_YEAR}, dry_run=True)
        assert [moved["ref"] for moved in answer["changed"]] == [ref]
        assert desk.handle_within(ref)["due_date"] == "2027-01-06"
        assert desk.read(calendar.list_calendars)["items"][0]["last"] == 2026
        other = {"2027": {**NEW_YEAR["2027"], "days_off": ["2027-01-01", "2027-01-04"]}}
        desk.call(import_, document={"id": "CN", "years": other})
        assert desk.handle_within(ref)["due_date"] == "2027-01-08"

    def test_the_same_file_again_changes_nothing(self, desk: Desk) -> None:
        ref = desk.request()
        desk.call(import_, document={"id": "CN", "years": NEW_YEAR})
        count = desk.read(query.show_case, ref=ref)["version"]
        again = desk.call(import_, document={"id": "CN", "years": NEW_YEAR})
        assert (again["years"], again["changed"]) == ([{"year": 2027, "change": "same"}], [])
        assert desk.read(query.show_case, ref=ref)["version"] == count

    def test_a_closure_moves_the_clocks_of_its_office_only_and_can_be_taken_back(self, desk: Desk) -> None:
        here, there = desk.request(), desk.request(place="230199001201")
        unit = desk.read(query.show_case, ref=here)["unit"]
        shut = [{"unit": unit, "days": ["2026-12-31"], "reason": "market day"}]

        answer = desk.call(import_, document={"id": "CN", "closures": shut})

        assert answer["closures"] == {"added": 1, "removed": 0}
        assert [moved["ref"] for moved in answer["changed"]] == [here]
        assert [desk.handle_within(ref)["due_date"] for ref in (here, there)] == ["2027-01-07", "2027-01-06"]
        back = desk.call(
            import_, document={"id": "CN", "closures": [{"unit": unit, "reopen": ["2026-12-31"]}]}
        )
        assert back["closures"] == {"added": 0, "removed": 1}
        assert desk.handle_within(here)["due_date"] == "2027-01-06"

    def test_a_deadline_that_has_passed_is_not_moved(self, desk: Desk) -> None:
        ref = desk.request()
        desk.now = at("2027-01-08 10:00")
        assert desk.call(import_, document={"id": "CN", "years": NEW_YEAR})["changed"] == []
        assert desk.handle_within(ref)["due_date"] == "2027-01-06"

    def test_a_new_calendar_needs_all_of_it(self, desk: Desk) -> None:
        with pytest.raises(Unsound, match="zone is missing"):
            desk.call(import_, document={"id": "XX", "years": {}})
        whole = {"id": "XX", "zone": "Asia/Seoul", "weekend": ["sat", "sun"], "years": {}}
        desk.call(import_, document=whole)
        assert [i["id"] for i in desk.read(calendar.list_calendars)["items"]] == ["CN", "PH", "XX"]

    @pytest.mark.parametrize(
        ("document", "what"),
        [
            ({}, "id is missing"),
            ({"id": "CN", "yeers": {}}, "yeers is not known"),
            ({"id": "CN", "years": [2027]}, "no map"),
            ({"id": "CN", "years": {"2027": {"days_off": ["2026-01-01"], "make_up_days": [], "source": "x"}}}, "2027"),
            ({"id": "CN", "closures": [{"unit": "S-999", "days": ["2026-12-31"]}]}, "no unit S-999"),
            ({"id": "CN", "closures": [{"days": ["soon"]}]}, "no date"),
            ({"id": "CN", "closures": [{"unit": "S-012"}]}, "names days"),
        ],
    )  # fmt: skip
    def test_what_does_not_hold_is_refused_whole(
        self, desk: Desk, document: dict[str, Any], what: str
    ) -> None:
        with pytest.raises(Unsound) as refused:
            desk.call(import_, document=document)
        assert refused.value.code == "FM-I010"
        assert what in refused.value.first.params["what"]
        closure = table.columns_of(table.Closure)
        assert desk.engine.store.read(lambda unit: unit.execute(select(closure.c.day))) == []

    def test_somebody_must_answer_for_it(self, desk: Desk) -> None:
        with pytest.raises(SignInNeeded):
            desk.engine.call(import_, desk.engine.caller(person=None), document={"id": "CN"})
