"""What a report may repeat: found by indexes, told with reasons, never more than the caller may know."""

from datetime import timedelta
from typing import Any

import pytest

from engine.persistence.store import Store
from engine.service import acting, filing, link, merging, similar
from tests.support.town import Town

PLACE, OTHER = "230199000201", "230199000202"
ASHA = {"role": "claimant", "name": "Asha"}
BRAM = {"role": "respondent", "name": "Bram"}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def report(town: Town, by: str = "dsp-01", **given: Any) -> dict[str, Any]:
    about = {"case_type": "dispute_mediation", "place": PLACE, "what": "the fence was moved half a metre"}
    return dict(town.do(filing.file_case, by, **{**about, **given}))


def terms(found: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    return {one["ref"]: {r["term"]: r["points"] for r in one["terms"]} for one in found}


def test_the_same_story_told_again_is_proposed_with_its_reasons(town: Town) -> None:
    first = report(town, parties=[ASHA, BRAM])["ref"]
    town.now += timedelta(days=2)
    again = report(town, parties=[BRAM, ASHA], what="half a metre the fence was moved by him")
    [one] = again["similar"]
    assert terms([one]) == {first: {"parties": 32, "place": 20, "type": 8, "time": 10, "text": 28}}
    assert one["points"] == 98
    assert one["because"] == (
        "same Respondent and Claimant; same place; same type; 2 d apart; 95 % of the wording"
    )
    told = town.engine.read(
        similar.similar_cases, town.engine.caller(person="dsp-01", lang="zh"), ref=again["ref"]
    )
    assert told["items"][0]["because"].startswith(
        "被申请人和申请人相同;地点相同;类型相同;相隔2 天;文字95%相同"
    )


def test_of_the_same_people_elsewhere_and_in_chinese(town: Town) -> None:
    people = [{"role": "claimant", "name": "张三"}, {"role": "respondent", "name": "李 四"}]
    first = report(town, parties=people, what="两家因宅基地边界发生争吵")["ref"]
    town.now += timedelta(days=20)
    other = [{"role": "claimant", "name": "李四"}, {"role": "respondent", "name": "张三"}]
    again = report(town, place=OTHER, parties=other, what="邻居两家为宅基地边界争执")
    assert terms(again["similar"]) == {
        first: {"parties": 32, "near": 8, "type": 8, "time": 5, "text": 13}
    }  # fmt: skip
    assert again["similar"][0]["because"].startswith("the same two parties; a place beside it")


def test_both_sides_of_one_fight(town: Town) -> None:
    first = report(town, what="he hit me", reporter={"name": "Bram"}, parties=[ASHA])["ref"]
    town.now += timedelta(minutes=10)
    again = report(town, what="she pushed me", reporter={"name": "Asha"})
    assert terms(again["similar"])[first]["sides"] == 12


def test_another_matter_is_not_proposed(town: Town) -> None:
    report(town)
    town.now += timedelta(days=10)
    assert report(town, what="goats in the corn")["similar"] == []
    assert report(town, place=OTHER, what="goats in the corn on the other side")["similar"] == []


def test_closed_and_linked_cases_are_not_proposed(town: Town) -> None:
    first, second, third = (report(town)["ref"] for _ in range(3))
    assert set(terms(town.ask(similar.similar_cases, "dsp-01", ref=third)["items"])) == {first, second}
    town.do(link.link, "dsp-01", ref=third, kind="not_the_same_as", other=first, reason="another fence")
    assert set(terms(town.ask(similar.similar_cases, "dsp-01", ref=third)["items"])) == {second}
    assert set(terms(town.ask(similar.similar_cases, "dsp-01", ref=first)["items"])) == {second}, "from both"
    town.do(acting.do_act, "dsp-01", ref=second, act="dismiss", note="nothing there")
    assert town.ask(similar.similar_cases, "dsp-01", ref=third)["items"] == []


def test_no_more_than_three_the_likest_first(town: Town) -> None:
    alike = [report(town, what=f"{'fence ' * n}goat corn well yard roof"[:60])["ref"] for n in range(5)]
    found = report(town, what="goat corn well yard roof")["similar"]
    assert len(found) == 3
    assert [one["points"] for one in found] == sorted((one["points"] for one in found), reverse=True)
    assert found[0]["ref"] == alike[0]


def test_who_an_informant_is_is_not_found_out_by_filing(town: Town) -> None:
    """The reporter of a clue is closed to the desk; a report by the same name is no likelier for it."""
    given = {"case_type": "crime_clue", "what": "stolen cable behind the mill", "reporter": {"name": "Wu"}}
    first = report(town, "off-05", **given)["ref"]
    town.now += timedelta(hours=2)
    again = report(town, "dsp-01", **{**given, "what": "cable stolen behind the mill"})
    assert "reporter" not in terms(again["similar"])[first]
    head = town.ask(similar.similar_cases, "chf-01", ref=again["ref"])
    assert terms(head["items"])[first]["reporter"] == 12


def test_a_joined_case_is_not_proposed_any_more(town: Town) -> None:
    first, second = report(town)["ref"], report(town)["ref"]
    town.do(merging.merge, "dsp-01", ref=second, into=first)
    assert town.ask(similar.similar_cases, "dsp-01", ref=first)["items"] == []
