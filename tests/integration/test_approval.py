"""The second person's yes: what --ask stores, who may answer, what a yes does, what lapses."""

from datetime import timedelta

import pytest

from engine.domain.errors import FolkmootError
from engine.domain.messages import tell
from engine.persistence.store import Store
from engine.service import acting, approval, clock, correcting, filing, query, worker
from tests.support.town import Town

FORM = dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def in_mediation(town: Town) -> str:
    """A dispute whose parties have consented, so that the 30 days of mediation run."""
    parties = [{"role": "claimant", "name": "A"}, {"role": "respondent", "name": "B"}]
    ref = town.do(
        filing.file_case,
        "dsp-01",
        case_type="dispute_mediation",
        place="230199000201",
        what="a wall",
        parties=parties,
    )["ref"]
    screened = {"screening_form": [{**FORM, "prior_reports": 0}]}
    town.do(
        acting.do_act,
        "dsp-01",
        ref=ref,
        act="screen",
        records=screened,
        set={"risk": "yellow", "category": "neigh"},
    )
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "dsp-01", ref=ref, kind="consent", items=yes, done_by="aux-07")
    return str(ref)


def asked(town: Town, ref: str) -> str:
    answer = town.do(
        clock.extend, "dsp-01", ref=ref, clock="mediation_limit", reason="harvest", set=LONGER, ask=True
    )
    return str(answer["approval"]["id"])


LONGER = {"longer_agreed": True}


def due(town: Town, ref: str) -> str:
    clocks = town.ask(clock.list_clocks, "dsp-01", ref=ref)["items"]
    return str(next(c["due_date"] for c in clocks if c["name"] == "mediation_limit"))


def test_without_ask_the_refusal_names_who_may(town: Town) -> None:
    ref = in_mediation(town)
    with pytest.raises(FolkmootError) as refused:
        town.do(clock.extend, "dsp-01", ref=ref, clock="mediation_limit", reason="harvest", set=LONGER)
    assert refused.value.code == "FM-R104"


def test_what_keeps_a_request_from_going_up_comes_first_and_asking_is_not_advised_again(town: Town) -> None:
    ref = in_mediation(town)
    with pytest.raises(FolkmootError) as refused:
        town.do(clock.extend, "dsp-01", ref=ref, clock="mediation_limit", set=LONGER, ask=True)
    first, *rest = refused.value.reasons
    assert (first.code, [r.code for r in rest]) == ("FM-R301", ["FM-R104"])
    assert "--ask" not in tell(rest[0])
    assert "once the rest is there" in tell(rest[0])
    assert "reason" in tell(first)


def test_a_request_changes_nothing_until_granted(town: Town) -> None:
    ref = in_mediation(town)
    before = due(town, ref)
    made = asked(town, ref)
    assert due(town, ref) == before
    shown = town.ask(approval.show, "dir-02", name=made)
    assert shown["yours"] is True
    assert shown["effect"]["deadlines"]["mediation_limit"][0] == before
    answer = town.do(approval.grant, "dir-02", ids=[made])
    assert answer["failed"] == 0
    assert due(town, ref) == shown["effect"]["deadlines"]["mediation_limit"][1]
    last = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
    assert (last["act"], last["actor"], last["asked_by"]) == ("extend_mediation_limit", "dir-02", "dsp-01")


def test_who_asks_does_not_answer_and_others_cannot(town: Town) -> None:
    made = asked(town, in_mediation(town))
    for person, code in (("dsp-01", "FM-R103"), ("aux-07", "FM-R104")):
        result = town.do(approval.grant, person, ids=[made])["results"][0]
        assert result["problem"]["code"] == code


def test_each_id_has_its_own_result(town: Town) -> None:
    made = asked(town, in_mediation(town))
    answer = town.do(approval.grant, "dir-02", ids=["A-99", made])
    assert (answer["done"], answer["failed"]) == (1, 1)
    assert answer["results"][0]["problem"]["code"] == "FM-N006"


def test_a_no_leaves_the_case_as_it_is(town: Town) -> None:
    ref = in_mediation(town)
    before = due(town, ref)
    made = asked(town, ref)
    town.do(approval.refuse, "dir-02", ids=[made], reason="not yet")
    assert due(town, ref) == before
    assert town.do(approval.grant, "dir-02", ids=[made])["results"][0]["problem"]["code"] == "FM-C006"
    acts = [e["act"] for e in town.ask(query.history, "dsp-01", ref=ref, verify=True)["items"]]
    assert acts[-2:] == ["approval_asked", "approval_refused"]


def test_an_unanswered_request_lapses_at_the_end_of_the_second_working_day(town: Town) -> None:
    ref = in_mediation(town)
    made = asked(town, ref)
    shown = town.ask(approval.show, "dir-02", name=made)
    # asked on Mon 23 Nov 2026: Wed 25 Nov 24:00 in Harbin
    assert shown["lapses_at"] == "2026-11-25T16:00:00Z"
    town.pass_(days=3)
    assert town.do(worker.sweep, "system")["lapsed"] == 1
    assert town.do(approval.grant, "dir-02", ids=[made])["results"][0]["problem"]["code"] == "FM-C007"
    assert town.ask(approval.list_approvals, "dir-02")["count"] == 0
    assert "approval_lapsed" in [e["act"] for e in town.ask(query.history, "dsp-01", ref=ref)["items"]]


def test_a_late_entry_stays_the_act_of_who_did_it_and_the_head_lets_it_in(town: Town) -> None:
    ref = in_mediation(town)
    town.pass_(days=2)
    happened = town.now
    town.pass_(days=5)  # meanwhile the working day to name a mediator has passed
    town.do(worker.sweep, "system")
    late = {"ref": ref, "text": "spoke to A", "at": happened - timedelta(days=2), "done_by": "aux-07"}
    with pytest.raises(FolkmootError) as refused:
        town.do(acting.note, "dsp-01", **late)
    assert refused.value.code == "FM-R402"
    made = town.do(
        acting.do_act,
        "dsp-01",
        ref=ref,
        act="note",
        note="spoke to A",
        at=late["at"],
        done_by="aux-07",
        ask=True,
    )
    assert made["approval"]["asks"] == "late_entry"
    assert town.do(approval.grant, "chf-01", ids=[made["approval"]["id"]])["failed"] == 0
    last = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
    assert (last["act"], last["actor"], last["entered_by"], last["asked_by"]) == (
        "note",
        "aux-07",
        "chf-01",
        "aux-07",
    )
    assert last["occurred_at"] < last["recorded_at"]


def test_a_request_whose_answer_was_lost_is_not_stored_twice(town: Town) -> None:
    ref = in_mediation(town)
    given = {"ref": ref, "clock": "mediation_limit", "reason": "harvest", "set": LONGER, "ask": True}
    first = town.do(clock.extend, "dsp-01", key="ask-1", **given)
    assert town.do(clock.extend, "dsp-01", key="ask-1", **given) == first
    assert town.ask(approval.list_approvals, "chf-01")["count"] == 1


# ---- up, and back ------------------------------------------------------------------------------


def of_the_head(town: Town) -> tuple[str, str]:
    """A request for more time on a service request, which the head of the station grants: (case, request)."""
    ref = town.do(
        filing.file_case, "dsp-01", case_type="service_request", place="230199000201", what="a lamp"
    )["ref"]
    asked_for = {"clock": "handle_within", "reason": "a spare part", "ask": True}
    return str(ref), str(town.do(clock.extend, "dsp-01", ref=ref, **asked_for)["approval"]["id"])


def test_a_request_sent_up_waits_at_the_unit_above_and_anew(town: Town) -> None:
    ref, made = of_the_head(town)
    town.pass_(days=1)
    answer = town.do(approval.forward, "chf-01", ids=[made], reason="above my rank")["results"][0]
    # sent up on Tue 24 Nov 2026: Thu 26 Nov 24:00 in Harbin
    assert (answer["to"], answer["lapses_at"]) == ("county-99", "2026-11-26T16:00:00Z")
    shown = town.ask(approval.show, "chf-01", name=made)
    assert [(f["by"], f["to"], f["reason"]) for f in shown["forwards"]] == [
        ("chf-01", "county-99", "above my rank")
    ]
    acts = [e["act"] for e in town.ask(query.history, "dsp-01", ref=ref, verify=True)["items"]]
    assert acts[-2:] == ["approval_asked", "approval_forwarded"]
    assert town.ask(approval.list_approvals, "chf-01", unit_code="county-99")["count"] == 1


def test_whoever_sits_below_no_longer_answers_what_was_sent_up(town: Town) -> None:
    _, made = of_the_head(town)
    assert town.ask(approval.show, "chf-01", name=made)["yours"] is True
    town.do(approval.forward, "dsp-01", ids=[made])
    assert town.ask(approval.show, "chf-01", name=made)["yours"] is False
    assert town.do(approval.grant, "chf-01", ids=[made])["results"][0]["problem"]["code"] == "FM-R104"
    assert town.do(approval.grant, "cnt-01", ids=[made])["failed"] == 0


def test_it_does_not_go_where_nobody_could_answer_it(town: Town) -> None:
    made = asked(town, in_mediation(town))  # a committee's director grants it, and the county has none
    result = town.do(approval.forward, "dsp-01", ids=[made])["results"][0]
    assert result["problem"]["code"] == "FM-R110"
    _, other = of_the_head(town)
    codes = [
        town.do(approval.forward, person, ids=[other])["results"][0].get("problem", {}).get("code")
        for person in ("chf-01", "cnt-01")
    ]
    assert codes == [None, "FM-R110"]


def test_only_who_asked_and_posts_like_those_that_answer_send_it_up(town: Town) -> None:
    _, made = of_the_head(town)
    assert town.do(approval.forward, "dsp-02", ids=[made])["results"][0]["problem"]["code"] == "FM-R104"


def test_who_asked_takes_a_request_back_and_nobody_else(town: Town) -> None:
    ref = in_mediation(town)
    made = asked(town, ref)
    assert town.do(approval.withdraw, "dir-02", ids=[made])["results"][0]["problem"]["code"] == "FM-R111"
    town.do(approval.withdraw, "dsp-01", ids=[made], reason="settled otherwise")
    assert town.ask(approval.show, "dsp-01", name=made)["status"] == "withdrawn"
    assert town.do(approval.grant, "dir-02", ids=[made])["results"][0]["problem"]["code"] == "FM-C006"


def test_a_yes_given_by_mistake_is_taken_back_as_long_as_nothing_was_built_on_it(town: Town) -> None:
    ref = in_mediation(town)
    before = due(town, ref)
    made = asked(town, ref)
    town.do(approval.grant, "dir-02", ids=[made])
    assert due(town, ref) != before
    assert town.do(approval.withdraw, "dsp-01", ids=[made])["results"][0]["problem"]["code"] == "FM-R111"
    town.do(approval.withdraw, "dir-02", ids=[made], reason="the wrong case")
    assert due(town, ref) == before
    assert town.ask(approval.show, "dsp-01", name=made)["status"] == "withdrawn"


def test_a_yes_on_which_an_act_was_built_stays(town: Town) -> None:
    ref = in_mediation(town)
    made = asked(town, ref)
    town.do(approval.grant, "dir-02", ids=[made])
    town.do(
        acting.record,
        "aux-07",
        ref=ref,
        kind="contact",
        items=[{"party": "P1", "means": "phone", "reached": True}],
    )
    assert town.do(approval.withdraw, "dir-02", ids=[made])["results"][0]["problem"]["code"] == "FM-R409"
    assert town.ask(approval.show, "dsp-01", name=made)["status"] == "granted"


def test_what_is_signed_is_said_before(town: Town) -> None:
    """By how much, which extension of how many, and what the deadline becomes."""
    made = asked(town, in_mediation(town))
    shown = town.ask(approval.show, "dir-02", name=made)
    assert (shown["adds"], shown["happened"], shown["against"]) == ("15 cd", None, [])
    assert shown["effect"]["extension"] == {"number": 1, "of": 2}
    assert shown["effect"]["deadline_titles"] == {"mediation_limit": "Mediation to end"}


def test_who_may_not_answer_sees_that_it_is_not_his(town: Town) -> None:
    shown = town.ask(approval.show, "aux-07", name=asked(town, in_mediation(town)))
    assert (shown["yours"], [r["code"] for r in shown["against"]]) == (False, ["FM-R104"])


def test_a_decided_request_says_by_whom_when_and_why(town: Town) -> None:
    ref = in_mediation(town)
    made = asked(town, ref)
    town.do(approval.grant, "dir-02", ids=[made], reason="the harvest is in")
    shown = town.ask(approval.show, "dir-02", name=made)
    assert (shown["status"], shown["decided_by"], shown["decided_because"], shown["yours"]) == (
        "granted", "dir-02", "the harvest is in", False,
    )  # fmt: skip
    assert shown["decided_at"] is not None
    last = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
    assert (last["note"], last["granted_because"]) == ("harvest", "the harvest is in")


def test_the_same_is_asked_once(town: Town) -> None:
    ref = in_mediation(town)
    asked(town, ref)
    with pytest.raises(FolkmootError) as error:
        asked(town, ref)
    assert error.value.code == "FM-C025"


def test_who_has_no_part_in_a_case_asks_for_nothing_in_it(town: Town) -> None:
    ref = in_mediation(town)
    with pytest.raises(FolkmootError) as error:
        town.do(clock.extend, "bar-01", ref=ref, clock="mediation_limit", reason="x", set=LONGER, ask=True)
    assert error.value.code == "FM-R104"


def test_sent_up_twice_it_stays_where_it_lies(town: Town) -> None:
    _, made = of_the_head(town)
    first = town.do(approval.forward, "dsp-01", ids=[made])["results"][0]
    again = town.do(approval.forward, "dsp-01", ids=[made])["results"][0]
    assert again["problem"]["code"] == "FM-C024"
    assert town.ask(approval.show, "dsp-01", name=made)["forwards"][-1]["to"] == first["to"]


def test_a_yes_taken_back_as_a_correction_is_withdrawn_too(town: Town) -> None:
    ref = in_mediation(town)
    made = asked(town, ref)
    seq = town.do(approval.grant, "dir-02", ids=[made])["results"][0]["event"]["seq"]
    town.do(correcting.correct, "dir-02", ref=ref, seq=seq, take_back=True, reason="the wrong case")
    assert town.ask(approval.show, "dir-02", name=made)["status"] == "withdrawn"


def test_a_decided_request_tells_in_chinese_how(town: Town) -> None:
    made = asked(town, in_mediation(town))
    town.do(approval.refuse, "dir-02", ids=[made])
    with pytest.raises(FolkmootError) as error:
        town.do(approval.grant_one, "dir-02", name=made)
    assert "未批准" in tell(error.value.reasons[0], "zh")
