"""Leave and appointments count from their first to their last day; places and units are found by name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from engine.domain import organisation as org
from engine.domain.errors import Conflict, NotFound, UsageError
from engine.domain.reference import make
from engine.persistence import organisation_store, table
from engine.persistence.store import Store
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.service import appointment, directory, law, leave, person, place, unit
from engine.service.caller import Caller
from engine.service.organisation import put_organisation
from engine.service.routing import explaining
from tests.support.stored_case import event, file_case, summary
from tests.support.town import Town
from workflows.harbin import build

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
CALLER = Caller("chf-01", datetime(2026, 11, 23, 0, 5, tzinfo=UTC))  # 08:05 there
COUNTY = build()
HERE = next(p.code for p in COUNTY.places if p.kind == "village")


@pytest.fixture
def filled(store: Store) -> Store:
    store.write(lambda u: put_organisation(u, COUNTY, at=CALLER.at))
    return store


Service = Callable[..., dict[str, Any]]


def ask(store: Store, service: Service, /, **given: Any) -> dict[str, Any]:
    return store.read(lambda u: service(u, CALLER, **given))


def tell(store: Store, service: Service, /, **given: Any) -> dict[str, Any]:
    return store.write(lambda u: service(u, CALLER, **given))


def roles(store: Store, code: str, on: date) -> frozenset[str]:
    return store.read(
        lambda u: directory.who(u, code, directory.around(u, HERE, function="dispute_mediation", on=on))
    )


class TestLeave:
    def test_it_tells_the_days_and_the_work_left_behind(self, filled: Store) -> None:
        def work(u: Unit) -> None:
            file_case(u, given=summary(holder="aux-11", phase="work"))
            begun = summary(holder="off-03", phase="work")
            first, gone, one = (
                file_case(u, given=given)
                for given in (begun, summary(holder="off-03", phase="done", open=False), begun)
            )
            for case, seat in ((first, "handler"), (gone, "handler"), (one, "handler"), (one, "mediator")):
                sits = {
                    "case_id": case,
                    "seat": seat,
                    "person": "off-03",
                    "since": CALLER.at,
                    "accepted": True,
                }
                u.execute(insert(columns_of(table.SeatHolder)).values(sits))
            for due in (datetime(2026, 11, 27, 16, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)):
                run = {"name": f"c{due.day}", "item": "", "run": 1, "kind": "limit", "status": "running"}
                more = {"started_at": due, "due_at": due, "due_date": None, "provisional": False}
                u.execute(
                    insert(columns_of(table.ClockRun)).values(
                        {"case_id": one, **run, **more, "verdict": None, "stopped_at": None}
                    )
                )

        filled.write(work)
        told = tell(filled, leave.away, persons=["off-03", "aux-11"], until=FRIDAY, reason="sick")
        assert (told["since"], told["until"]) == ("2026-11-23", "2026-11-27")
        assert (told["open_cases"], told["due"]) == (2, 1)
        assert told["items"][1] == {
            "person": "aux-11", "open_cases": 0, "seats": [], "due": 0, "substitute": None, "acting": None,
        }  # fmt: skip
        assert [(s["seat"], s["cases"]) for s in told["items"][0]["seats"]] == [
            ("handler", 2),
            ("mediator", 1),
        ]

    def test_it_covers_both_ends_and_shows_in_the_list(self, filled: Store) -> None:
        tell(filled, leave.away, persons=["off-03"], until=FRIDAY)
        for day, is_away in (
            (date(2026, 11, 22), False),
            (MONDAY, True),
            (FRIDAY, True),
            (date(2026, 11, 28), False),
        ):
            line = next(i for i in ask(filled, person.list_persons, on=day)["items"] if i["code"] == "off-03")
            assert line["away"] is is_away

    def test_a_second_leave_on_the_same_days_moves_the_end_and_doubles_nothing(self, filled: Store) -> None:
        tell(filled, leave.away, persons=["off-03"], until=FRIDAY)
        tell(filled, leave.away, persons=["off-03"], until=MONDAY, reason="course")
        shown = ask(filled, person.show_person, person="off-03")
        assert [(a["since"], a["until"], a["reason"]) for a in shown["absences"]] == [
            ("2026-11-23", "2026-11-23", "course")
        ]

    def test_back_ends_it_yesterday_and_a_leave_not_begun_vanishes(self, filled: Store) -> None:
        tell(filled, leave.away, persons=["off-03"], since=date(2026, 11, 20))
        tell(filled, leave.back, persons=["off-03"])
        assert ask(filled, person.show_person, person="off-03")["absences"][0]["until"] == "2026-11-22"
        tell(filled, leave.away, persons=["off-04"], until=FRIDAY)
        tell(filled, leave.back, persons=["off-04"])
        assert ask(filled, person.show_person, person="off-04")["absences"] == []

    def test_who_is_not_away_cannot_come_back(self, filled: Store) -> None:
        with pytest.raises(NotFound) as caught:
            tell(filled, leave.back, persons=["off-03"])
        assert caught.value.code == "FM-N024"

    def test_the_last_day_is_not_before_the_first(self, filled: Store) -> None:
        with pytest.raises(UsageError) as caught:
            tell(filled, leave.away, persons=["off-03"], until=date(2026, 11, 22))
        assert caught.value.code == "FM-U052"


class TestAppointment:
    def test_it_counts_from_its_first_day_to_its_last_only(self, filled: Store) -> None:
        post = next(a.unit for a in COUNTY.areas if a.place == HERE and a.unit.startswith("V-"))
        tell(filled, appointment.appoint, person="aux-07", role="mediator_post", unit_code=post)
        tell(filled, appointment.end, person="aux-07", role="mediator_post", until=FRIDAY)
        assert "mediator_post" not in roles(filled, "aux-07", date(2026, 11, 22))
        assert "mediator_post" in roles(filled, "aux-07", MONDAY)
        assert "mediator_post" in roles(filled, "aux-07", FRIDAY)
        assert "mediator_post" not in roles(filled, "aux-07", date(2026, 11, 28))

    def test_the_same_appointment_twice_is_a_conflict(self, filled: Store) -> None:
        with pytest.raises(Conflict) as caught:
            tell(filled, appointment.appoint, person="chf-01", role="head", unit_code="S-001")
        assert caught.value.code == "FM-C051"

    def test_an_unknown_person_is_only_made_when_asked_for(self, filled: Store) -> None:
        given = {"person": "med-99", "role": "mediator_post", "unit_code": "M-01"}
        with pytest.raises(NotFound) as caught:
            tell(filled, appointment.appoint, **given)
        assert caught.value.code == "FM-N022"
        tell(filled, appointment.appoint, **given, new=True, capacity=5, skills=["dialect"])
        shown = ask(filled, person.show_person, person="med-99")
        assert shown["appointments"][0]["capacity"] == 5

    def test_ending_what_nobody_holds_says_so(self, filled: Store) -> None:
        with pytest.raises(NotFound) as caught:
            tell(filled, appointment.end, person="aux-07", role="head")
        assert caught.value.code == "FM-N023"


class TestPeople:
    def test_a_list_of_a_unit_holds_those_of_the_units_below(self, filled: Store) -> None:
        found = ask(filled, person.list_persons, unit_code="S-001", on=MONDAY)
        codes = {i["code"] for i in found["items"]}
        assert {"chf-01", "dsp-01", "off-01"} <= codes
        assert "chf-02" not in codes
        heads = ask(filled, person.list_persons, role="head", limit=2)
        assert (len(heads["items"]), heads["count"]) == (2, 4)

    def test_an_unknown_person_is_named(self, filled: Store) -> None:
        with pytest.raises(NotFound) as caught:
            ask(filled, person.show_person, person="nobody")
        assert caught.value.code == "FM-N022"


class TestPlaces:
    PLACES = (
        org.Place("1", "甲县", "county"),
        org.Place("11", "东镇", "township", "1"),
        org.Place("12", "西镇", "township", "1"),
        org.Place("111", "胜利村村委会", "village", "11"),
        org.Place("121", "胜利村村委会", "village", "12"),
        org.Place("122", "务勤村委会", "village", "12"),
        org.Place("123", "旧村村委会", "village", "12", became="122", until=date(2024, 6, 30)),
    )

    @pytest.fixture
    def store(self, store: Store) -> Store:
        store.write(lambda u: organisation_store.add(u, self.PLACES, at=CALLER.at))
        return store

    def resolve(self, store: Store, given: str, on: date = MONDAY) -> str:
        return store.read(lambda u: place.resolve(u, given, on=on))

    def test_a_code_or_a_name_without_its_ending_or_within_its_township(self, store: Store) -> None:
        assert self.resolve(store, "121") == "121"
        assert self.resolve(store, " 务勤 ") == "122"
        assert self.resolve(store, "西镇 胜利村") == "121"
        assert self.resolve(store, "东镇/胜利村") == "111"

    def test_a_name_that_fits_several_places_is_refused_with_the_count(self, store: Store) -> None:
        with pytest.raises(UsageError) as caught:
            self.resolve(store, "胜利村")
        assert caught.value.code == "FM-U003"
        assert caught.value.first.params["count"] == 2

    def test_a_merged_village_leads_to_its_successor_from_that_day(self, store: Store) -> None:
        assert self.resolve(store, "123", on=date(2024, 6, 30)) == "123"
        assert self.resolve(store, "旧村", on=date(2024, 7, 1)) == "122"

    def test_an_unknown_name_gives_near_ones(self, store: Store) -> None:
        with pytest.raises(NotFound) as caught:
            self.resolve(store, "胜")
        assert caught.value.code == "FM-N020"
        assert "111" in str(caught.value.first.params["near"])

    def test_a_search_shows_where_each_one_lies(self, store: Store) -> None:
        found = ask(store, place.find, q="胜利村")
        assert [(i["code"], i["within"]) for i in found["items"]] == [
            ("111", ["东镇", "甲县"]),
            ("121", ["西镇", "甲县"]),
        ]
        assert ask(store, place.find, q="胜")["exact"] is False


class TestUnits:
    def test_who_serves_a_place_nearest_first(self, filled: Store) -> None:
        found = ask(filled, unit.find_units, place=HERE)
        assert [i["level"] for i in found["items"]] == ["village", "office", "station", "county", "city"]
        assert found["home"] == "S-001"

    def test_a_tree_by_level_and_below_a_unit(self, filled: Store) -> None:
        assert ask(filled, unit.list_units, level="station")["count"] == 3
        below = ask(filled, unit.list_units, under="S-001")
        assert {i["level"] for i in below["items"]} == {"station", "office", "village"}

    def test_one_unit_with_its_people_and_places(self, filled: Store) -> None:
        shown = ask(filled, unit.show_unit, code="S-001")
        assert {p["role"] for p in shown["persons"]} >= {"head", "dispatcher", "legal"}
        assert shown["above"] == ["county-25", "city-01"]
        assert shown["areas"][0]["function"] == "all"

    def test_a_unit_is_found_by_its_name(self, filled: Store) -> None:
        name = COUNTY.unit["S-001"].name
        assert filled.read(lambda u: unit.resolve_unit(u, name)) == "S-001"
        with pytest.raises(NotFound):
            filled.read(lambda u: unit.resolve_unit(u, "Z-9"))


class TestExplanation:
    def file(self, store: Store, *changes: dict[str, Any]) -> str:
        """A case of an earlier program, whose decisions kept less."""
        Town(store, people=False)
        ref = str(make(26, 1))

        def write(u: Unit) -> None:
            text = law.active(u, "dispute_mediation", MONDAY).hash
            filed = event(1, {"do": "file", "case": {}}, act="file", definition=text)
            file_case(u, events=[filed, event(2, *changes, definition=text)], definition=text)
            u.execute(columns_of(table.Case).update().values(ref=ref))

        store.write(write)
        return ref

    def test_the_stored_decision_is_shown_with_every_candidate(self, store: Store) -> None:
        decision = {
            "by": "engine", "rule": "nearest-1", "reason": "nearest", "score": "0.900",
            "candidates": [{"person": "aux-07", "score": "0.900", "terms": {"load": 3, "rank": 0}}],
            "excluded": [{"person": "off-03", "because": "away", "params": {"until": "2026-11-27"}}],
        }  # fmt: skip
        ref = self.file(store, {"do": "seat", "seat": "handler", "person": "aux-07", "decision": decision})
        told = ask(store, explaining.explain, ref=ref)
        assert (told["person"], told["rule"], told["seq"]) == ("aux-07", "nearest-1", 2)
        assert told["reason_text"] == "serves nearest to the place"
        assert (
            told["sentence"] == "aux-07 was picked for Handler: serves nearest to the place. Rule nearest-1."
        )
        assert [(i["person"], i["out"]) for i in told["items"]] == [
            ("aux-07", None),
            ("off-03", "away until 2026-11-27"),
        ]

    def test_an_empty_pool_is_explained_too(self, store: Store) -> None:
        decision = {"by": "engine", "rule": "nearest-1", "reason": "nobody", "candidates": [], "excluded": []}
        ref = self.file(
            store, {"do": "incident", "what": "nobody_found", "seat": "handler", "decision": decision}
        )
        told = store.read(lambda u: explaining.explain(u, replace(CALLER, lang="zh"), ref=ref))
        assert (told["person"], told["reason_text"]) == (None, "无人可派")
        assert told["sentence"] == "承办人未派给任何人。无人可派"

    def test_a_case_without_a_decision_says_so(self, store: Store) -> None:
        ref = self.file(store, {"do": "note"})
        with pytest.raises(NotFound) as caught:
            ask(store, explaining.explain, ref=ref)
        assert caught.value.code == "FM-N025"
