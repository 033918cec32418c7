"""What of a case is covered for whom: on its page, in its history, its parts, its corrections and its papers."""

from pathlib import Path
from typing import Any

import pytest

from engine.domain.errors import FolkmootError, Refused
from engine.domain.messages import tell
from engine.persistence.store import Store
from engine.service import acting, correcting, filing, papers, part, query, seat
from engine.service.covered import MASK
from engine.service.routing import explaining
from tests.benchmarks.rows import QUESTIONS
from tests.support.commandline import Shell
from tests.support.office import Office
from tests.support.town import Town

LANE = "behind the third well"
BRIM = "aunt Brim"
CLEAR = dict.fromkeys(QUESTIONS, False) | {"prior_reports": 2}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def dispute(town: Town, *, dv: bool = False) -> str:
    parties = [
        {"role": "claimant", "name": "Asha", "address": LANE, "age": 40},
        {"role": "respondent", "name": "Bram"},
    ]
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a quarrel at home",
        reporter={"name": BRIM}, parties=parties,
    )  # fmt: skip
    ref = str(filed["ref"])
    forms = {"screening_form": [CLEAR]}
    town.do(
        acting.do_act,
        "dsp-01",
        ref=ref,
        act="screen",
        set={"risk": "yellow", "category": "fam"},
        records=forms,
    )
    if dv:
        town.do(acting.do_act, "dsp-01", ref=ref, act="flag_dv")
    return ref


def page(town: Town, who: str, ref: str) -> Any:
    return town.ask(query.show_case, who, ref=ref)


def everything(town: Town, who: str, ref: str) -> str:
    """Whatever any reading of the case tells this person."""
    told = [page(town, who, ref), town.ask(query.history, who, ref=ref)]
    told += [town.ask(look, who, ref=ref) for look in (part.list_parties, part.list_records, part.list_notes)]
    return str(told)


def test_an_address_is_contact_until_there_is_violence_at_home(town: Town) -> None:
    ref = dispute(town)
    for who in ("aux-07", "dsp-02", "off-05"):
        assert LANE in everything(town, who, ref)
        assert BRIM in everything(town, who, ref)


@pytest.mark.parametrize("who", ["aux-07", "aux-08", "dsp-02", "dir-02", "med-12"])
def test_then_nobody_but_sworn_people_is_told_where_and_by_whom(town: Town, who: str) -> None:
    ref = dispute(town, dv=True)
    told = everything(town, who, ref)
    assert LANE not in told
    assert BRIM not in told
    shown = page(town, who, ref)
    assert shown["reporter"] == MASK
    assert shown["parties"][0]["fields"]["address"] == MASK
    assert shown["parties"][0]["name"] == "Asha"
    titled = {entry["name"]: entry for entry in shown["parties"][0]["titled"]}
    assert (titled["address"]["value"], titled["address"]["value_title"]) == (MASK, "not shown to you")


@pytest.mark.parametrize("who", ["off-05", "off-06", "chf-01"])
def test_sworn_people_are(town: Town, who: str) -> None:
    ref = dispute(town, dv=True)
    assert page(town, who, ref)["reporter"] == {"name": BRIM}
    assert LANE in everything(town, who, ref)


def test_of_what_is_sensitive_who_works_beside_it_sees_that_it_is_so(town: Town) -> None:
    ref = dispute(town)
    [form] = [r for r in page(town, "dsp-02", ref)["records"] if r["kind"] == "screening_form"]
    assert (form["fields"]["weapon"], form["fields"]["prior_reports"]) == (False, MASK)
    assert page(town, "dsp-02", ref)["parties"][0]["fields"]["age"] == MASK
    assert page(town, "aux-08", ref)["records"][0]["fields"]["weapon"] == MASK, "nothing of another village"
    [form] = [r for r in page(town, "off-05", ref)["records"] if r["kind"] == "screening_form"]
    assert form["fields"]["prior_reports"] == 2
    [form] = [r for r in page(town, "dsp-01", ref)["records"] if r["kind"] == "screening_form"]
    assert form["fields"]["prior_reports"] == 2, "what he brought himself he may be told"


def test_who_holds_a_seat_works_on_the_case(town: Town) -> None:
    ref = dispute(town)
    assert page(town, "aux-07", ref)["parties"][0]["fields"]["age"] == MASK
    town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")
    assert page(town, "aux-07", ref)["parties"][0]["fields"]["age"] == 40


def test_a_correction_tells_no_more_than_the_page(town: Town) -> None:
    ref = dispute(town)
    told = town.do(
        correcting.correct, "dsp-01", ref=ref, seq=2, reason="miscounted",
        records={"screening_form": [{"prior_reports": 5}]},
    )  # fmt: skip
    [change] = told["changes"]
    assert (change["name"], change["before"], change["after"]) == ("screening_form-1.prior_reports", 2, 5)
    [seen] = town.ask(correcting.list_corrections, "aux-08", ref=ref)["items"]
    assert [(c["before"], c["after"]) for c in seen["changes"]] == [(MASK, MASK)]
    assert {seen["changes"][0][side] for side in ("before_title", "after_title")} == {"not shown to you"}
    [seen] = town.ask(correcting.list_corrections, "off-05", ref=ref)["items"]
    assert seen["changes"][0]["after"] == 5
    last = town.ask(query.history, "aux-08", ref=ref)["items"][-1]
    said = [c for c in last["changes"] if c["do"] in ("corrected", "amend")]
    assert {c["do"] for c in said} == {"corrected", "amend"}
    assert "5" not in str(said)


def test_of_a_clue_nobody_else_learns_who_told_it(town: Town) -> None:
    filed = town.do(
        filing.file_case, "aux-07", case_type="crime_clue", place="示例一村", what="stolen pumps",
        set={"kind": "theft"}, reporter={"name": BRIM}, parties=[{"role": "tipster", "name": "Asha"}],
    )  # fmt: skip
    ref = str(filed["ref"])
    town.do(
        acting.do_act, "off-05", ref=ref, act="take_in", seats={"handler": ["off-05"]},
        records={"informant": [{"name": "Asha", "contact": "at the mill"}]},
    )  # fmt: skip
    for who in ("aux-07", "dsp-01", "off-06"):
        told = everything(town, who, ref)
        assert "Asha" not in told
        assert BRIM not in told
        assert "at the mill" not in told
    for who in ("off-05", "chf-01"):
        assert "at the mill" in everything(town, who, ref)
        assert page(town, who, ref)["parties"][0]["name"] == "Asha"


def test_a_paper_to_who_reported_is_for_those_who_may_know_him(town: Town) -> None:
    ref = dispute(town, dv=True)
    where = {"agency": "womens_federation"}
    town.do(acting.do_act, "dsp-01", ref=ref, act="refer", set=where, note="they help at once")
    [paper] = [p for p in town.ask(papers.list_papers, "aux-07", ref=ref)["items"] if "reporter" in p["to"]]
    with pytest.raises(Refused) as refusal:
        town.ask(papers.show, "aux-07", ref=ref, no=paper["no"])
    assert refusal.value.code == "FM-R113"
    assert town.ask(papers.show, "off-05", ref=ref, no=paper["no"])["content"]


def test_an_answer_tells_no_more_than_the_page(town: Town) -> None:
    """Taking an act back restates whole parts of the case, a split opens another: with what others had brought."""
    ref = dispute(town, dv=True)
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="add_party", parties=[{"role": "third_party", "name": "Cleo"}]
    )
    taken = town.do(correcting.correct, "dsp-01", ref=ref, seq=4, reason="another case", take_back=True)
    assert taken["event"]["changes"], "it says what it did"
    assert LANE not in str(taken)
    assert BRIM not in str(taken)


def test_who_corrects_what_was_said_to_the_mediator_alone_does_not_read_it(town: Town) -> None:
    ref = dispute(town)
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "dsp-01", ref=ref, kind="consent", items=yes)
    town.do(acting.do_act, "dir-02", ref=ref, act="assign", seats={"mediator": ["med-12"]})
    town.do(seat.take, "med-12", ref=ref, seat="mediator")
    said = town.do(
        acting.record, "med-12", ref=ref, kind="caucus", items=[{"party": "P1", "notes": "she would sell"}]
    )
    about = {"ref": ref, "seq": said["event"]["seq"], "reason": "the wrong party"}
    told = town.do(
        correcting.correct, "chf-01", **about, records={"caucus": [{"notes": "she would not sell"}]}
    )
    [change] = told["changes"]
    assert (change["name"], change["before"], change["after"]) == ("caucus-1.notes", MASK, MASK)
    told = town.do(correcting.correct, "med-12", **about, records={"caucus": [{"notes": "she would rent"}]})
    assert told["changes"][0]["after"] == "she would rent"


# ---- who reported himself -----------------------------------------------------------------------

WANG = {"person": "aux-07", "name": "Wang"}
OTHERS, SWORN = ("dsp-01", "off-06", "aux-08"), ("off-05", "chf-01")


def told_by_himself(town: Town) -> str:
    """A clue that the auxiliary tells of and files himself, and adds to a day later."""
    filed = town.do(
        filing.file_case, "aux-07", case_type="crime_clue", place="示例一村", what="stolen pumps",
        set={"kind": "theft"}, reporter=WANG,
    )  # fmt: skip
    ref = str(filed["ref"])
    town.do(acting.do_act, "off-05", ref=ref, act="take_in", seats={"handler": ["off-05"]})
    town.pass_(days=1)
    town.do(acting.note, "aux-07", ref=ref, text="they came again")
    return ref


def test_who_reported_is_not_named_by_what_he_did(town: Town) -> None:
    ref = told_by_himself(town)
    for who in OTHERS:
        told = everything(town, who, ref) + str(town.ask(papers.list_papers, who, ref=ref))
        assert "aux-07" not in told
        assert page(town, who, ref)["filed_by"] == "reporter"
        events = town.ask(query.history, who, ref=ref)["items"]
        assert [(e["act"], e["actor"], e["entered_by"]) for e in events if e["kind"] == "act"] == [
            ("file", "reporter", "reporter"),
            ("take_in", "off-05", "off-05"),
            ("note", "reporter", "reporter"),
        ]
        with pytest.raises(FolkmootError) as late:
            town.do(acting.note, who, ref=ref, text="who was it", if_version=1)
        assert late.value.code == "FM-C001"
        assert "(reporter)" in tell(late.value.reasons[0], "en")
        assert "aux-07" not in tell(late.value.reasons[0], "en")
    for who in (*SWORN, "aux-07"):
        events = town.ask(query.history, who, ref=ref)["items"]
        assert [events[0]["actor"], page(town, who, ref)["filed_by"]] == ["aux-07", "aux-07"]


def test_what_he_does_on_a_seat_everybody_sees_and_not_that_he_reported(town: Town) -> None:
    filed = town.do(
        filing.file_case, "aux-07", case_type="dispute_mediation", place="示例一村", what="a wall",
        reporter=WANG, confidential=True,
    )  # fmt: skip
    ref = str(filed["ref"])
    town.pass_(hours=1)
    town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")
    town.pass_(hours=1)
    town.do(acting.note, "aux-07", ref=ref, text="on my way")
    events = town.ask(query.history, "dsp-01", ref=ref)["items"]
    assert [(e["act"], e["actor"]) for e in events if e["kind"] == "act"] == [
        ("file", "reporter"),
        ("assign_handler", "dsp-01"),
        ("note", "aux-07"),
    ]
    assert page(town, "dsp-01", ref)["filed_by"] == "reporter"
    assert town.ask(query.history, "chf-01", ref=ref)["items"][0]["actor"] == "aux-07"


def test_who_gave_a_seat_to_somebody_is_not_named_where_he_reported(town: Town) -> None:
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a wall",
        reporter={"person": "dsp-01", "name": "Wang"}, confidential=True,
    )  # fmt: skip
    ref = str(filed["ref"])
    town.pass_(hours=1)
    town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")
    for who, known in (("aux-07", "reporter"), ("dsp-02", "reporter"), ("chf-01", "dsp-01")):
        told = town.ask(explaining.explain, who, ref=ref)
        assert (told["person"], told["actor"]) == ("aux-07", known)
        assert known in told["sentence"]
        assert ("dsp-01" in str(told)) == (known == "dsp-01")


def test_a_reporter_who_is_named_stays_named_and_who_typed_for_him_too(town: Town) -> None:
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": "a wall", "reporter": WANG}
    ref = str(town.do(filing.file_case, "aux-07", **given)["ref"])
    assert page(town, "dsp-02", ref)["filed_by"] == "aux-07"
    quiet = str(town.do(filing.file_case, "dsp-01", **given, confidential=True)["ref"])
    event = town.ask(query.history, "aux-08", ref=quiet)["items"][0]
    assert (event["actor"], event["entered_by"]) == ("dsp-01", "dsp-01")


def test_both_doors_name_no_reporter(office: Office, shell: Shell, tmp_path: Path) -> None:
    ref = told_by_himself(office.town)
    paths = (f"/v1/cases/{ref}", f"/v1/cases/{ref}/history", f"/v1/cases/{ref}/notes")
    for path in paths:
        assert "aux-07" not in office.get(path, by="dsp-01").text
        assert "aux-07" in office.get(path, by="chf-01").text
    there = {
        "FOLKMOOT_DATABASE_URL": f"sqlite:///{tmp_path / 'office.db'}",
        "FOLKMOOT_NOW": "2026-11-24T10:00:00+08:00",
    }
    for typed in (("case", "history", ref), ("case", "show", ref), ("case", "history", ref, "--json")):
        said = shell(*typed, "--as", "dsp-01", env=there)
        assert (said.status, "aux-07" in said.out) == (0, False)
        assert "reporter" in said.out
        assert "aux-07" in shell(*typed, "--as", "chf-01", env=there).out
