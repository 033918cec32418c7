"""What decisions say in Chinese: the words of people, no ids of the definition."""

from typing import Any

import pytest

from api.twin import tell_over_http
from engine.domain.errors import FolkmootError, Reason
from engine.domain.messages import tell
from engine.persistence.store import Store
from engine.service import acting, filing, merging, query, seat
from engine.service.routing import explaining, tables
from tests.integration.test_approval import in_mediation
from tests.support.commandline import Shell
from tests.support.town import Town
from workflows.shipped import routing_text


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def in_chinese(town: Town, service: Any, who: str, **given: Any) -> dict[str, Any]:
    caller = town.engine.caller(person=who, lang="zh")
    return dict(town.engine.call(service, caller, dry_run=False, **given))


def red(town: Town) -> str:
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a knife",
        set={"risk": "red", "category": "water"}, parties=[{"role": "claimant"}, {"role": "respondent"}],
    )  # fmt: skip
    return str(filed["ref"])


def refusal(town: Town, service: Any, who: str, **given: Any) -> Reason:
    with pytest.raises(FolkmootError) as error:
        town.do(service, who, **given)
    return error.value.first


class TestExplained:
    def test_an_assignment_says_roles_by_their_titles(self, town: Town) -> None:
        told = in_chinese(town, seat.assign, "dsp-01", ref=red(town), auto=True)
        assert {out["text"] for out in told["excluded"]} == {"规则要求 民警"}
        best = told["candidates"][0]["terms"]
        assert (best["role_title"], best["level_title"]) == ("民警", "中心村警务室")

    def test_the_page_about_it_says_facts_wishes_basis_and_seats_in_words(self, town: Town) -> None:
        ref = red(town)
        town.do(seat.assign, "dsp-01", ref=ref, auto=True)
        told = in_chinese(town, explaining.explain, "dsp-01", ref=ref)
        assert [(one["title"], one["value_title"]) for one in told["inputs_told"]] == [
            ("家庭暴力", "否"),
            ("风险等级", "红"),
        ]
        assert [(one["name"], one["title"], one["value_title"]) for one in told["wanted_told"]] == [
            ("roles", "角色", "民警"),
            ("weight", "权重", "4"),
            ("acknowledge", "受理时限", "30 min"),
        ]
        assert told["basis"] == "人民调解法第二十五条"
        assert [one["seat_title"] for one in told["decisions"]] == ["承办人"]
        assert told["inputs"] == {"dv": False, "risk": "red"}  # for programs as it was
        english = town.ask(explaining.explain, "dsp-01", ref=ref)
        assert (english["basis"], english["decisions"][0]["seat_title"]) == ("PML art. 25", "Handler")

    def test_a_refused_hand_names_seat_and_roles_in_words(self, town: Town) -> None:
        reason = refusal(town, seat.assign, "dsp-01", ref=red(town), person="med-12")
        assert reason.code == "FM-R501"
        assert tell(reason, "zh").startswith("med-12 不能担任“承办人”:在本辖区未获")
        assert "auxiliary" not in tell(reason, "zh")
        assert "handler" not in tell(reason, "zh")

    def test_who_is_named_as_free_is_on_duty_only_where_a_roster_says_so(self, town: Town) -> None:
        reason = refusal(town, seat.assign, "dsp-01", ref=red(town), person="med-12")
        assert "Free for this place: " in tell(reason)
        assert "On duty" not in tell(reason)

    def test_the_choice_that_stays_names_the_case_over_http(self, town: Town) -> None:
        ref = red(town)
        town.do(seat.assign, "dsp-01", ref=ref, auto=True)
        reason = refusal(town, seat.assign, "dsp-01", ref=ref, auto=True)
        assert reason.code == "FM-R504"
        assert f"POST /v1/cases/{ref}/assignments" in tell_over_http(reason, "en")
        assert f"case assign {ref} PERSON" in tell(reason)
        assert "“承办人”" in tell(reason, "zh")


class TestReasonAsked:
    """Every door asks for the reason; that the event keeps it as a note is nothing to people."""

    def test_of_who_declines(self, town: Town) -> None:
        ref = in_mediation(town)
        town.do(seat.assign, "dir-02", ref=ref, person="med-12", seat="mediator")
        assert refusal(town, seat.decline, "med-12", ref=ref, seat="mediator").params["missing"] == "reason"

    def test_of_who_hands_back(self, town: Town) -> None:
        ref = red(town)
        held = town.do(seat.assign, "dsp-01", ref=ref, auto=True)["assignment"]["person"]
        reason = refusal(town, seat.handback, held, ref=ref)
        assert (reason.code, reason.params["missing"], reason.params["missing_zh"]) == (
            "FM-R301",
            "reason",
            "理由 reason",
        )

    def test_of_who_takes_two_cases_apart(self, town: Town) -> None:
        one, two = red(town), red(town)
        town.do(merging.merge, "dsp-01", ref=two, into=one, reason="one matter")
        assert refusal(town, merging.unmerge, "dsp-01", ref=two).params["missing"] == "reason"

    def test_an_act_by_its_name_asks_for_what_it_takes(self, town: Town) -> None:
        ref = red(town)
        held = town.do(seat.assign, "dsp-01", ref=ref, auto=True)["assignment"]["person"]
        reason = refusal(town, acting.do_act, held, ref=ref, act="handback_handler")
        assert reason.params["missing"] == "note"


def test_who_declines_means_the_only_seat_that_he_has(town: Town) -> None:
    """`case decline` speaks of the mediator; the handler who says it means his own seat."""
    ref = red(town)
    held = town.do(seat.assign, "dsp-01", ref=ref, auto=True)["assignment"]["person"]
    done = town.do(seat.decline, held, ref=ref, seat="mediator", reason="related to P1")
    assert done["event"]["act"] == "handback_handler"
    assert town.ask(query.show_case, "dsp-01", ref=ref)["holder"] is None


def test_who_may_not_put_tables_in_force_reads_of_tables(town: Town) -> None:
    reason = refusal(town, tables.activate, "aux-07", text=routing_text("service_request"))
    assert reason.code == "FM-R108"
    assert tell(reason).startswith("Putting routing tables in force is for: System administrator, Head of")
    assert tell(reason, "zh").startswith("启用派案规则须由")


class TestAtTheTerminal:
    def test_a_folder_is_its_tables(self, station: Shell) -> None:
        station("workflow", "copy", "service_request", "-o", "copy")
        assert station("routing", "check", "copy", "--strict").status == 0
        missing = station("routing", "check", ".")
        assert (missing.status, missing.err.strip()) == (4, "FM-N010  No file ./routing.yaml here.")

    def test_the_page_shows_level_and_nearness(self, station: Shell) -> None:
        ref = station(
            "case", "file", "dispute_mediation", "--place", "示例一村", "--what", "a knife",
            "--set", "risk=red", "--as", "dsp-01", "--json",
        ).json["ref"]  # fmt: skip
        station("case", "assign", ref, "--auto", "--as", "dsp-01")
        page = station("routing", "explain", ref, "--as", "dsp-01").out
        rows = [line.split("\t") for line in page.splitlines() if line.count("\t") == 6]
        near = {(row[3], row[4]) for row in rows}
        assert near == {("Central-village office", "2"), ("Station", "3")}
        assert "\tHandler\t" not in page  # one decision: no list of them

    def test_a_grade_that_was_set_is_told_without_doubt(self, station: Shell) -> None:
        for risk in ("risk=red", None):
            given = ("--set", risk) if risk else ()
            station(
                "case", "file", "dispute_mediation", "--place", "示例一村", "--what", "a knife",
                *given, "--as", "dsp-01",
            )  # fmt: skip
        listed = station("case", "triage", "--as", "dsp-01").out
        assert [line.split("\t")[1] for line in listed.splitlines()] == ["red", "ungraded"]

    def test_no_database_names_the_sample_beside(self, station: Shell) -> None:
        (station.folder / "demo.db").write_bytes(b"")
        said = station("desk", "--db", "folkmoot2.db", "--as", "dsp-01")
        assert said.status == 4
        assert said.err.strip().endswith("The sample county is there: --db demo.db.")
        (station.folder / "demo.db").unlink()
        assert "sample" not in station("desk", "--db", "folkmoot2.db", "--as", "dsp-01").err
