"""Corrections: both values stay, what rests on them follows, and nothing is erased."""

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.errors import FolkmootError
from engine.domain.instant import from_text
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, audit, correcting, filing, query, worker
from engine.service.caller import Caller
from engine.service.case import get_case
from tests.support.town import Town

NO = dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)
PARTIES = [{"role": "claimant", "name": "A"}, {"role": "respondent", "name": "B"}]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def filed(town: Town) -> str:
    given = {"case_type": "dispute_mediation", "place": "230199000201", "what": "a wall", "parties": PARTIES}
    return str(town.do(filing.file_case, "dsp-01", **given)["ref"])


def screened(town: Town) -> str:
    ref = filed(town)
    answers = {"screening_form": [{**NO, "prior_reports": 0}]}
    given = {"set": {"risk": "yellow", "category": "neigh"}, "records": answers}
    town.do(acting.do_act, "dsp-01", ref=ref, act="screen", **given)
    return ref


def state(town: Town, ref: str) -> Any:
    def body(unit: Unit, caller: Caller) -> Any:
        return {"row": get_case(unit, caller, ref)._asdict()}

    return town.ask(body, "dsp-01")["row"]["body"]


def history(town: Town, ref: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = town.ask(query.history, "dsp-01", ref=ref)["items"]
    return items


def sound(town: Town) -> bool:
    return bool(town.ask(audit.verify, "adm")["breaks"] == [])


def refusal(town: Town, who: str, **given: Any) -> str:
    with pytest.raises(FolkmootError) as error:
        town.do(correcting.correct, who, **given)
    return error.value.code


def test_a_field_is_told_otherwise_and_both_values_stay(town: Town) -> None:
    ref = screened(town)
    answer = town.do(
        correcting.correct, "dsp-01", ref=ref, seq=2, set={"category": "land"}, reason="misheard"
    )
    assert answer["changes"] == [
        {
            "name": "category",
            "title": "Kind of dispute",
            "before": "neigh",
            "after": "land",
            "before_title": "between neighbours",
            "after_title": "contracted land",
        }
    ]
    assert state(town, ref)["fields"]["category"] == "land"
    written = history(town, ref)
    assert [e["act"] for e in written] == ["file", "screen", "correct"]
    assert written[-1]["note"] == "misheard"
    assert sound(town)


def test_a_record_is_told_otherwise(town: Town) -> None:
    ref = screened(town)
    given = {"records": {"screening_form-1": [{"prior_reports": 2}]}, "reason": "two were found"}
    answer = town.do(correcting.correct, "dsp-01", ref=ref, seq=2, **given)
    (change,) = answer["changes"]
    assert (change["name"], change["before"], change["after"]) == ("screening_form-1.prior_reports", 0, 2)
    assert change["title"] == "Safety questions: Earlier reports"
    assert state(town, ref)["records"][0]["fields"]["prior_reports"] == 2
    assert sound(town)


def test_a_clock_that_hangs_on_a_corrected_field_is_counted_anew(town: Town) -> None:
    ref = screened(town)
    before = next(c for c in state(town, ref)["clocks"] if c["name"] == "intake" and c["status"] == "running")
    town.do(
        correcting.correct, "dsp-01", ref=ref, seq=2, set={"risk": "red"}, reason="a threat was overheard"
    )
    after = next(c for c in state(town, ref)["clocks"] if c["name"] == "intake" and c["status"] == "running")
    assert (before["within"], after["within"]) == ("1 wd", "24 h")
    assert sound(town)


def test_the_last_act_is_taken_back_and_the_case_is_as_it_was(town: Town) -> None:
    ref = filed(town)
    before = state(town, ref)
    answers = {"screening_form": [{**NO, "prior_reports": 0}]}
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="screen", records=answers,
        set={"risk": "yellow", "category": "neigh"},
    )  # fmt: skip
    town.pass_(minutes=5)
    answer = town.do(correcting.correct, "dsp-01", ref=ref, seq=2, reason="the wrong case", take_back=True)
    assert state(town, ref) == before
    assert [m["name"] for m in answer["measures"]] == ["acknowledged"]
    assert answer["measures"][0]["after"] is None
    assert [e["act"] for e in history(town, ref)] == ["file", "screen", "taken_back"]
    assert sound(town)


def test_what_others_built_on_is_not_taken_back(town: Town) -> None:
    ref = screened(town)
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    assert refusal(town, "dsp-01", ref=ref, seq=2, reason="the wrong case", take_back=True) == "FM-R409"


def test_a_note_in_between_does_not_stand_in_the_way_and_stays(town: Town) -> None:
    ref = screened(town)
    town.do(acting.note, "aux-07", ref=ref, text="it rains")
    town.do(correcting.correct, "dsp-01", ref=ref, seq=2, reason="the wrong case", take_back=True)
    assert state(town, ref)["states"]["main"] == "reported"
    assert [e["act"] for e in history(town, ref)] == ["file", "screen", "note", "taken_back"]
    assert sound(town)


def test_a_correction_can_itself_be_taken_back(town: Town) -> None:
    ref = screened(town)
    before = state(town, ref)
    town.do(correcting.correct, "dsp-01", ref=ref, seq=2, set={"category": "land"}, reason="misheard")
    town.do(correcting.correct, "dsp-01", ref=ref, seq=3, reason="it was right", take_back=True)
    assert state(town, ref) == before
    assert sound(town)


def test_an_act_is_moved_to_when_it_happened_and_its_clocks_with_it(town: Town) -> None:
    ref = filed(town)
    town.pass_(hours=6)
    answers = {"screening_form": [{**NO, "prior_reports": 0}]}
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="screen", records=answers,
        set={"risk": "yellow", "category": "neigh"},
    )  # fmt: skip
    really = town.now - timedelta(hours=3)
    answer = town.do(correcting.correct, "dsp-01", ref=ref, seq=2, at=really, reason="the clock was wrong")
    triage = next(c for c in state(town, ref)["clocks"] if c["name"] == "triage")
    assert from_text(triage["stopped"]) == really
    moved = answer["measures"]
    assert [(m["name"], from_text(m["after"])) for m in moved] == [("acknowledged", really)]
    assert sound(town)


def test_whether_a_deadline_was_kept_is_for_the_head_to_say(town: Town) -> None:
    ref = filed(town)
    town.pass_(days=3)
    town.do(worker.sweep, "system")
    answers = {"screening_form": [{**NO, "prior_reports": 0}]}
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="screen", records=answers,
        set={"risk": "yellow", "category": "neigh"},
    )  # fmt: skip
    seq = next(e["seq"] for e in history(town, ref) if e["act"] == "screen")
    given = {
        "ref": ref,
        "seq": seq,
        "at": town.now - timedelta(days=3) + timedelta(hours=1),
        "reason": "by phone",
    }
    assert refusal(town, "dsp-01", **given) == "FM-R417"
    town.do(correcting.correct, "chf-01", **given)
    assert next(c for c in state(town, ref)["clocks"] if c["name"] == "triage")["verdict"] == "met"
    assert sound(town)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"seq": 9, "take_back": True}, "FM-N035"),
        ({"seq": 1, "take_back": True}, "FM-U242"),
        ({"seq": 2}, "FM-U248"),
        ({"seq": 2, "set": {}}, "FM-U248"),
        ({"seq": 2, "set": {"category": "land"}, "take_back": True}, "FM-U248"),
        ({"seq": 2, "set": {"dv_cleared": True}}, "FM-R412"),
        ({"seq": 2, "set": {"category": "neigh"}}, "FM-R411"),
        ({"seq": 2, "set": {"category": "moon"}}, "FM-R303"),
        ({"seq": 2, "records": {"visit-1": [{"notes": "x"}]}}, "FM-R412"),
    ],
)
def test_what_cannot_be_corrected_is_told(town: Town, given: dict[str, Any], code: str) -> None:
    assert refusal(town, "dsp-01", ref=screened(town), reason="why", **given) == code


def test_others_do_not_correct_what_they_did_not_do(town: Town) -> None:
    ref = screened(town)
    assert refusal(town, "aux-07", ref=ref, seq=2, set={"category": "land"}, reason="I think") == "FM-R416"


def test_a_correction_says_why(town: Town) -> None:
    assert (
        refusal(town, "dsp-01", ref=screened(town), seq=2, set={"category": "land"}, reason=" ") == "FM-U240"
    )


def test_a_correction_whose_answer_was_lost_is_made_once(town: Town) -> None:
    ref = screened(town)
    given = {"ref": ref, "seq": 2, "set": {"category": "land"}, "reason": "misheard", "key": "k-1"}
    first = town.do(correcting.correct, "dsp-01", **given)
    again = town.do(correcting.correct, "dsp-01", **given)
    assert (again["event"]["seq"], len(history(town, ref))) == (first["event"]["seq"], 3)


def test_what_an_act_worked_out_of_what_was_given_follows(town: Town) -> None:
    ref = screened(town)
    assert state(town, ref)["fields"]["dv"] is False
    given = {"records": {"screening_form-1": [{"dv": True}]}, "reason": "she told it later"}
    answer = town.do(correcting.correct, "dsp-01", ref=ref, seq=2, **given)
    assert [c["name"] for c in answer["changes"]] == ["dv", "screening_form-1.dv"]
    assert state(town, ref)["fields"]["dv"] is True
    assert sound(town)


# ---- corrected again, taken back again -----------------------------------------------------------


def correct(town: Town, ref: str, seq: int, **given: Any) -> Any:
    return town.do(correcting.correct, "dsp-01", ref=ref, seq=seq, reason="why", **given)


def test_a_corrected_value_is_corrected_back_and_each_says_what_stood_before(town: Town) -> None:
    ref = screened(town)
    correct(town, ref, 2, set={"category": "land"})
    answer = correct(town, ref, 2, set={"category": "neigh"})
    (change,) = answer["changes"]
    assert (change["name"], change["before"], change["after"]) == ("category", "land", "neigh")
    assert state(town, ref)["fields"]["category"] == "neigh"
    assert sound(town)


def test_the_same_correction_again_is_none(town: Town) -> None:
    ref = screened(town)
    correct(town, ref, 2, set={"category": "land"})
    assert refusal(town, "dsp-01", ref=ref, seq=2, set={"category": "land"}, reason="why") == "FM-R411"


def test_what_was_taken_back_is_nothing_that_others_are_built_on(town: Town) -> None:
    ref = screened(town)
    before = state(town, ref)
    town.do(acting.do_act, "dsp-01", ref=ref, act="regrade", set={"risk": "orange"}, note="a threat")
    correct(town, ref, 3, take_back=True)
    assert state(town, ref) == before
    correct(town, ref, 2, take_back=True)
    assert state(town, ref)["states"]["main"] == "reported"
    assert sound(town)


def test_a_corrected_act_is_taken_back_with_its_correction(town: Town) -> None:
    ref = screened(town)
    correct(town, ref, 2, set={"category": "land"})
    correct(town, ref, 2, take_back=True)
    assert state(town, ref)["states"]["main"] == "reported"
    assert "category" not in state(town, ref)["fields"]
    assert sound(town)


def test_taken_back_restored_and_taken_back_again(town: Town) -> None:
    ref = screened(town)
    correct(town, ref, 2, take_back=True)
    correct(town, ref, 3, take_back=True)
    assert state(town, ref)["states"]["main"] == "screening"
    correct(town, ref, 2, take_back=True)
    assert state(town, ref)["states"]["main"] == "reported"
    assert sound(town)
