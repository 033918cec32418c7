"""Substitutes: their authority on the days of the leave, from one to the next; circles; and who is asked in whose place."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from engine.domain.errors import FolkmootError
from engine.persistence import organisation_store, table
from engine.persistence.store import Store
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.service import (
    acting,
    approval,
    clock,
    desk,
    directory,
    filing,
    leave,
    organisation,
    person,
    query,
    seat,
    stand_in,
)
from tests.integration.test_approval import in_mediation
from tests.support.town import Town

MONDAY, FRIDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 29)
HERE = "230199000201"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def away(town: Town, *persons: str, by: str = "adm-01", **given: Any) -> Any:
    return town.do(leave.away, by, persons=persons, **{"until": FRIDAY, **given})


def roles(town: Town, code: str, on: date = MONDAY) -> frozenset[str]:
    def asked(unit: Unit) -> frozenset[str]:
        near = directory.around(unit, HERE, function="dispute_mediation", on=on)
        return directory.who(unit, code, near)

    return town.engine.store.read(asked)


def refused(town: Town, service: Any, caller: str, /, **given: Any) -> FolkmootError:
    with pytest.raises(FolkmootError) as error:
        town.do(service, caller, **given)
    return error.value


class TestAuthority:
    def test_the_substitute_has_the_roles_of_the_absent_on_these_days_and_no_others(self, town: Town) -> None:
        before = roles(town, "off-06")
        away(town, "chf-01", since=date(2026, 11, 24), substitute="off-06")
        on = {day: roles(town, "off-06", date(2026, 11, day)) for day in (23, 24, 27, 28)}
        assert on[23] == on[28] == before == {"officer", "officer@station"}
        assert on[24] == on[27] == before | {"head", "head@station"}

    def test_it_ends_with_the_leave(self, town: Town) -> None:
        away(town, "chf-01", substitute="off-06")
        town.do(leave.back, "adm-01", persons=["chf-01"])
        assert "head" not in roles(town, "off-06")

    def test_from_one_to_the_next(self, town: Town) -> None:
        away(town, "chf-01", substitute="off-06")
        away(town, "off-06", until=date(2026, 11, 24), substitute="off-05")
        assert "head" in roles(town, "off-05")
        assert "head" not in roles(town, "off-05", date(2026, 11, 25))

    def test_where_the_leave_is_open_the_substitute_goes_on(self, town: Town) -> None:
        away(town, "chf-01", until=None, substitute="off-06")
        assert "head" in roles(town, "off-06", date(2027, 3, 1))

    def test_a_longer_leave_keeps_its_substitute_and_a_named_one_replaces_him(self, town: Town) -> None:
        away(town, "chf-01", substitute="off-06")
        away(town, "chf-01", until=SUNDAY)
        assert "head" in roles(town, "off-06", SUNDAY)
        away(town, "chf-01", until=SUNDAY, substitute="off-05")
        assert ("head" in roles(town, "off-06"), "head" in roles(town, "off-05")) == (False, True)

    def test_the_event_names_the_substitute_and_for_whom_he_acted(self, town: Town) -> None:
        ref = in_mediation(town)
        away(town, "dir-02", substitute="off-05")
        town.do(seat.assign, "off-05", ref=ref, seat="mediator", person="med-12")
        event = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
        assert (event["act"], event["actor"], event["acting_for"]) == ("assign", "off-05", "dir-02")

    def test_what_he_may_by_himself_is_his_own(self, town: Town) -> None:
        ref = in_mediation(town)
        away(town, "dir-02", substitute="dsp-02")
        town.do(acting.do_act, "dsp-02", ref=ref, act="regrade", set={"risk": "orange"}, note="a quarrel")
        event = next(e for e in town.ask(query.history, "dsp-01", ref=ref)["items"] if e["act"] == "regrade")
        assert event["acting_for"] is None

    def test_approvals_and_the_desk_of_the_absent_head_reach_the_substitute(self, town: Town) -> None:
        lamp = {"case_type": "service_request", "place": HERE, "what": "a lamp"}
        ref = town.do(filing.file_case, "dsp-01", **lamp)["ref"]
        asked = {"clock": "handle_within", "reason": "a spare part", "ask": True}
        town.do(clock.extend, "dsp-01", ref=ref, **asked)
        assert town.ask(approval.list_approvals, "aux-08", mine=True)["count"] == 0
        away(town, "chf-01", substitute="aux-08")
        assert town.ask(approval.list_approvals, "aux-08", mine=True)["count"] == 1
        shown = town.ask(desk.desk, "aux-08")
        assert (shown["unit"], next(g["count"] for g in shown["groups"] if g["key"] == "approvals")) == (
            "S-012",
            1,
        )
        town.do(approval.grant_one, "aux-08", name="A-1")
        granted = next(
            e
            for e in town.ask(query.history, "dsp-01", ref=ref)["items"]
            if e["act"] == "extend_handle_within"
        )
        assert (granted["actor"], granted["acting_for"]) == ("aux-08", "chf-01")

    def test_an_acting_head_runs_the_house(self, town: Town) -> None:
        lamp = {"persons": ["aux-07"], "until": FRIDAY}
        assert refused(town, leave.away, "aux-08", **lamp).code == "FM-R108"
        away(town, "chf-01", substitute="aux-08")
        assert town.do(leave.away, "aux-08", **lamp)["count"] == 1

    def test_he_sees_for_whom_he_stands_in(self, town: Town) -> None:
        away(town, "chf-01", substitute="off-06")
        held = town.ask(desk.where_am_i, "off-06")["appointments"]
        assert [(a["role"], a["unit"], a["acting_for"]) for a in held] == [
            ("officer", "S-012", None), ("head", "S-012", "chf-01"),
        ]  # fmt: skip
        shown = town.ask(person.show_person, "dsp-01", person="off-06")
        assert (shown["acting"], shown["acting_for"]) == (None, ["chf-01"])
        absent = town.ask(person.show_person, "dsp-01", person="chf-01")
        assert (absent["acting"], absent["absences"][0]["substitute"]) == ("off-06", "off-06")
        listed = {p["code"]: p["acting"] for p in town.ask(person.list_persons, "dsp-01")["items"]}
        assert (listed["chf-01"], listed["off-06"]) == ("off-06", None)


class TestCircles:
    def test_nobody_stands_in_for_himself(self, town: Town) -> None:
        assert refused(town, leave.away, "adm-01", persons=["chf-01"], substitute="chf-01").code == "FM-R520"

    def test_a_way_that_leads_back_is_refused_and_told(self, town: Town) -> None:
        away(town, "off-05", substitute="off-06")
        away(town, "off-06", substitute="chf-01")
        error = refused(town, leave.away, "adm-01", persons=["chf-01"], until=FRIDAY, substitute="off-05")
        assert error.code == "FM-R520"
        assert error.first.params["way"] == "chf-01 > off-05 > off-06 > chf-01"
        assert town.ask(person.show_person, "dsp-01", person="chf-01")["absences"] == []

    def test_leaves_that_never_overlap_are_no_circle(self, town: Town) -> None:
        away(town, "off-05", until=date(2026, 11, 24), substitute="off-06")
        away(town, "off-06", since=date(2026, 11, 25), substitute="off-05")
        assert roles(town, "off-06", MONDAY) >= {"officer@office"}

    def test_one_that_is_there_all_the_same_hangs_nothing_and_is_nobodys(self, town: Town) -> None:
        away(town, "off-05")
        away(town, "off-06")

        def entered(unit: Unit) -> None:
            core = columns_of(table.Absence)
            for who, other in (("off-05", "off-06"), ("off-06", "off-05")):
                row = {
                    "person": who,
                    "since": date(2026, 11, 20),
                    "until": FRIDAY,
                    "reason": "",
                    "substitute": other,
                }
                unit.execute(insert(core).values(**row))
            organisation_store.changed(unit)

        town.engine.store.write(entered)
        assert roles(town, "off-05") >= {"officer@office", "officer@station"}
        assert town.engine.store.read(lambda u: stand_in.present(u, ["off-05", "off-06"], MONDAY)) == {}

    def test_a_substitute_has_an_appointment(self, town: Town) -> None:
        town.do(organisation.import_organisation, "adm-01", files={"p.yaml": b"persons: [{code: new-01}]"})
        given = {"persons": ["chf-01"], "substitute": "new-01"}
        assert refused(town, leave.away, "adm-01", **given).code == "FM-U381"

    def test_one_who_is_away_too_and_names_nobody_is_told(self, town: Town) -> None:
        away(town, "off-06")
        (one,) = away(town, "chf-01", substitute="off-06")["items"]
        assert (one["substitute"], one["acting"]) == ("off-06", None)


class TestCandidates:
    def test_the_substitute_is_asked_in_the_place_of_the_absent_with_a_load_of_his_own(
        self, town: Town
    ) -> None:
        lamp = {"case_type": "dispute_mediation", "place": HERE, "what": "a wall"}
        ref = town.do(filing.file_case, "dsp-01", **lamp)["ref"]
        away(town, "aux-07", substitute="aux-08")
        answer = town.do(seat.assign, "dsp-01", ref=ref, auto=True)
        assert answer["assignment"]["person"] == "aux-08"
        first = answer["candidates"][0]["terms"]
        assert (first["unit"], first["role"], first["load"], first["instead_of"]) == (
            "V-101",
            "auxiliary",
            0,
            "aux-07",
        )
        assert "aux-07" in {out["person"] for out in answer["excluded"]}

    def test_where_the_substitute_is_away_too_the_next_one_is_asked(self, town: Town) -> None:
        lamp = {"case_type": "dispute_mediation", "place": HERE, "what": "a wall"}
        ref = town.do(filing.file_case, "dsp-01", **lamp)["ref"]
        away(town, "aux-08", substitute="off-06")
        away(town, "aux-07", substitute="aux-08")
        assert town.do(seat.assign, "dsp-01", ref=ref, auto=True)["assignment"]["person"] == "off-06"

    def test_he_may_be_named_by_hand(self, town: Town) -> None:
        lamp = {"case_type": "dispute_mediation", "place": HERE, "what": "a wall"}
        ref = town.do(filing.file_case, "dsp-01", **lamp)["ref"]
        assert refused(town, seat.assign, "dsp-01", ref=ref, person="aux-08").code == "FM-R501"
        away(town, "aux-07", substitute="aux-08")
        assert town.do(seat.assign, "dsp-01", ref=ref, person="aux-08")["assignment"]["person"] == "aux-08"


class TestInASheet:
    def test_substitute_sex_and_languages_come_in_and_go_out_again(self, town: Town) -> None:
        sheets = (
            "persons:\n- {code: off-05, sex: 女, languages: [zh, mn]}\n"
            "absences:\n- {person: chf-01, since: 2026-11-23, until: 2026-11-27, substitute: off-05}\n"
        )
        taken = town.do(organisation.import_organisation, "adm-01", files={"o.yaml": sheets.encode()})
        assert taken["rejected"] == []
        shown = town.ask(person.show_person, "dsp-01", person="off-05")
        assert (shown["sex"], shown["languages"], shown["acting_for"]) == ("female", ["zh", "mn"], ["chf-01"])
        (content,) = (
            text.decode() for text in town.ask(organisation.export, "adm-01", form="yaml")["files"].values()
        )
        assert "substitute: off-05" in content
        assert "languages: zh, mn" in content

    def test_what_is_no_sex_and_nobody_is_left_out_and_named(self, town: Town) -> None:
        sheets = (
            "persons:\n- {code: off-05, sex: unknown}\n"
            "absences:\n- {person: chf-01, since: 2026-11-23, substitute: nob-01}\n"
        )
        taken = town.do(organisation.import_organisation, "adm-01", files={"o.yaml": sheets.encode()})
        assert sorted((r["code"], r["column"]) for r in taken["rejected"]) == [
            ("FM-I026", "sex"), ("FM-I029", "substitute"),
        ]  # fmt: skip
