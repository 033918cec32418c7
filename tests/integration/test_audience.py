"""Why somebody was left out of a seat is told to those who dispatch and lead, and to himself; the stored decision stays whole."""

from datetime import date
from typing import Any

import pytest

from engine.domain.errors import FolkmootError
from engine.domain.messages import tell
from engine.persistence.case_store import find_case, history
from engine.persistence.store import Store
from engine.service import filing, leave, organisation, query, seat
from engine.service.audience import Audience
from engine.service.routing import explaining
from tests.support.town import Town

PARTIES = [{"role": "claimant", "name": "A", "person": "vil-31"}, {"role": "respondent", "name": "B"}]
KIN = b"relations:\n- {person: aux-07, other: vil-31, kind: kin}\n"
REVEALING = ("'related", "'kin'", "'recused", "'sick", "'barred")


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    made.do(organisation.import_organisation, "adm-01", files={"k.yaml": KIN})
    made.do(leave.away, "adm-01", persons=["off-05"], until=date(2026, 11, 27), reason="sick")
    return made


def filed(town: Town) -> str:
    given = {"case_type": "dispute_mediation", "place": "230199000201", "what": "a wall", "parties": PARTIES}
    return str(town.do(filing.file_case, "dsp-01", **given)["ref"])


def assigned(town: Town) -> str:
    ref = filed(town)
    town.do(seat.assign, "dsp-01", ref=ref, auto=True)
    return ref


def why(told: Any) -> dict[str, str]:
    return {out["person"]: out["because"] for out in told["excluded"]}


@pytest.mark.parametrize("who", ["dsp-01", "dsp-02", "chf-01", "dir-02", "cnt-01"])
def test_those_who_dispatch_or_lead_are_told(town: Town, who: str) -> None:
    told = town.ask(explaining.explain, who, ref=assigned(town))
    assert why(told)["aux-07"] == "related"
    assert next(o["text"] for o in told["excluded"] if o["person"] == "aux-07") == "related to a party"


@pytest.mark.parametrize("who", ["off-06", "aux-08", "med-12", "lup-01", None])
def test_all_others_read_that_somebody_is_not_available(town: Town, who: str | None) -> None:
    ref = assigned(town)
    for told in (town.ask(explaining.explain, who, ref=ref), town.ask(query.history, who, ref=ref)):
        assert not [word for word in REVEALING if word in repr(told)]
    told = town.ask(explaining.explain, who, ref=ref)
    assert why(told) == {**why(told), "aux-07": "not_available", "off-05": "away"}
    assert (
        next(o["text"] for o in told["excluded"] if o["person"] == "aux-07") == "not available for this case"
    )
    assert next(i["out"] for i in told["items"] if i["person"] == "aux-07") == "not available for this case"


def test_what_concerns_oneself_one_is_told(town: Town) -> None:
    assert why(town.ask(explaining.explain, "aux-07", ref=assigned(town)))["aux-07"] == "related"


def test_the_stored_decision_stays_whole(town: Town) -> None:
    ref = assigned(town)

    def stored(unit: Any) -> Any:
        row = find_case(unit, ref)
        assert row is not None
        return [c["decision"] for e in history(unit, row.id) for c in e.event["changes"] if "decision" in c]

    (decision,) = town.engine.store.read(stored)
    assert why(decision)["aux-07"] == "related"


def test_the_answer_to_an_act_tells_no_more(town: Town) -> None:
    ref = filed(town)
    town.do(seat.assign, "dsp-01", ref=ref, person="off-06")
    answer = town.do(seat.assign, "dsp-01", ref=ref, auto=True, done_by="dsp-01", reason="anew")
    assert why(answer)["aux-07"] == "related"
    taken = filed(town)
    own = town.do(seat.take, "off-06", ref=taken)
    changes = [c["decision"] for c in own["event"]["changes"] if "decision" in c]
    assert [why(decision)["aux-07"] for decision in changes] == ["not_available"]


def test_a_refusal_tells_no_more(town: Town) -> None:
    ref = filed(town)
    with pytest.raises(FolkmootError) as error:
        town.do(seat.assign, "aux-08", ref=ref, person="aux-07")
    told = {reason.code: reason for reason in error.value.reasons}
    assert "related" not in tell(told["FM-R501"])
    assert "not available for this case" in tell(told["FM-R501"])
    with pytest.raises(FolkmootError) as error:
        town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")
    assert "related to a party" in tell(error.value.first)


def test_an_empty_pool_is_counted_without_saying_more(town: Town) -> None:
    ref = filed(town)
    town.do(leave.away, "adm-01", persons=["off-06", "aux-08"], until=date(2026, 11, 27))
    with pytest.raises(FolkmootError) as error:
        town.do(seat.assign, "aux-08", ref=ref, auto=True)
    nobody = next(reason for reason in error.value.reasons if reason.code == "FM-R502")
    assert nobody.params["summary"] == "1 not available, 3 away"
    assert "related" not in repr(nobody.params)


def test_why_somebody_is_on_leave_is_told_to_nobody(town: Town) -> None:
    ref = assigned(town)
    for who in ("dsp-01", "chf-01", "off-06"):
        assert "sick" not in repr(town.ask(explaining.explain, who, ref=ref))


DECISION = {
    "candidates": [
        {"person": "ann", "score": "0.9", "terms": {"load": 1, "conflict": "objected", "points": {"load": 9, "conflict": -5}}},
    ],
    "excluded": [
        {"person": "ben", "because": "complained_of", "params": {}, "terms": {"load": 2, "related": "kin"}},
        {"person": "cem", "because": "away", "params": {"until": "2026-11-27"}},
    ],
    "fallen": [{"unit": "V-1", "level": "village", "because": ["complained_of", "related", "away"]}],
    "asked": {"roles": ["officer"], "barred": {"ben": "complained_of"}},
    "summary": "1 complained of, 1 away",
    "reason": "no_conflict",
}  # fmt: skip


class TestADecision:
    def test_to_others_says_nothing_of_a_quarrel_in_other_words(self) -> None:
        shown = Audience("zoe", knows=False).decision(DECISION)
        assert shown["candidates"][0]["terms"] == {"load": 1, "points": {"load": 9}}
        assert shown["excluded"][0] == {
            "person": "ben", "because": "not_available", "params": {}, "terms": {"load": 2},
        }  # fmt: skip
        assert shown["excluded"][1] == DECISION["excluded"][1]
        assert shown["fallen"][0]["because"] == ["not_available", "away"]
        assert shown["asked"] == {"roles": ["officer"]}
        assert (shown["reason"], shown["summary"]) == ("weighed", "1 not available, 1 away")

    def test_to_those_who_know_is_whole(self) -> None:
        assert Audience("zoe", knows=True).decision(DECISION) == DECISION

    def test_to_himself_says_what_concerns_himself(self) -> None:
        assert Audience("ben", knows=False).decision(DECISION)["excluded"][0] == DECISION["excluded"][0]

    def test_that_somebody_was_recused_is_not_told_by_his_leaving_either(self) -> None:
        left = {"do": "unseat", "seat": "mediator", "person": "ben", "why": "recused"}
        assert "why" not in Audience("zoe", knows=False).change(left)
        assert Audience("ben", knows=False).change(left) == Audience("zoe", knows=True).change(left) == left
