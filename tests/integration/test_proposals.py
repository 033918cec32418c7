"""A machine proposes a grade, a person confirms it: nothing is set by itself."""

import pytest

from engine.persistence.store import Store
from engine.service import acting, correcting, filing
from engine.service.routing import proposing
from tests.support.office import FORM
from tests.support.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


CALM: dict[str, object] = {**FORM, "prior_reports": 0}
RAISED = {**CALM, "minor": True, "prior_reports": 1}


def reported(town: Town, risk: str = "yellow") -> str:
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a quarrel at the well",
        set={"category": "water", "risk": risk}, parties=[{"role": "claimant"}, {"role": "respondent"}],
    )  # fmt: skip
    return str(filed["ref"])


def screened(town: Town, answers: dict[str, object]) -> str:
    ref = reported(town)
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="screen", records={"screening_form": [answers]},
        set={"risk": "yellow", "category": "water"},
    )  # fmt: skip
    return ref


def proposals(town: Town, who: str, ref: str, lang: str = "en") -> list[dict[str, object]]:
    found = town.engine.read(proposing.proposals, town.engine.caller(person=who, lang=lang), ref=ref)
    assert found["count"] == len(found["items"])
    return list(found["items"])


def test_what_the_questions_tell_is_proposed_and_not_set(town: Town) -> None:
    ref = screened(town, RAISED)
    (told,) = proposals(town, "dsp-01", ref)
    assert (told["field"], told["value"], told["now"], told["rule"]) == (
        "risk",
        "orange",
        "yellow",
        "orange-4",
    )
    assert told["because"] == "a minor is in it again"
    assert told["confirm"] == ["regrade"]
    assert proposals(town, "dsp-01", ref, "zh")[0]["because"] == "再次涉及未成年人"
    confirmed = town.do(
        acting.do_act, "dsp-01", ref=ref, act="regrade", set={"risk": "orange"}, note="as proposed"
    )
    assert confirmed["event"]["changes"][0]["value"] == "orange"
    assert proposals(town, "dsp-01", ref) == []


def test_nothing_is_proposed_before_the_questions_are_answered(town: Town) -> None:
    ref = reported(town)
    assert proposals(town, "dsp-01", ref) == []
    (missing,) = town.ask(proposing.proposals, "dsp-01", ref=ref)["missing"]
    assert (missing["name"], missing["acts"]) == ("screening_form", ["screen"])
    assert missing["text"] == "Not entered yet: Safety questions. Until then the tables propose nothing."
    assert town.ask(proposing.proposals, "dsp-01", ref=screened(town, CALM))["missing"] == []


def test_nothing_is_proposed_where_the_case_says_so_already(town: Town) -> None:
    assert proposals(town, "dsp-01", screened(town, CALM)) == []


def test_a_correction_changes_the_proposal(town: Town) -> None:
    ref = screened(town, RAISED)
    town.do(
        correcting.correct, "dsp-01", ref=ref, seq=2, reason="there was none",
        records={"screening_form": [{"minor": False}]},
    )  # fmt: skip
    assert proposals(town, "dsp-01", ref) == []


def test_who_may_not_read_the_answers_learns_nothing_from_a_proposal(town: Town) -> None:
    ref = screened(town, {**CALM, "minor": True, "prior_reports": 2})
    assert [told["rule"] for told in proposals(town, "off-05", ref)] == ["orange-4"]
    for who in ("aux-07", "aux-08"):
        assert proposals(town, who, ref) == [], "how often it was reported is not for him"


def test_nothing_is_proposed_for_a_case_that_is_done(town: Town) -> None:
    ref = screened(town, RAISED)
    town.do(acting.do_act, "dsp-01", ref=ref, act="withdraw", done_by="P1")
    assert proposals(town, "dsp-01", ref) == []
