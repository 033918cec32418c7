"""The pick: hard filters, nearest, least loaded, longest idle, code."""

import json
from datetime import date
from typing import Any

import pytest

from engine.domain.messages import tell
from engine.routing.candidate import Candidate, Request
from engine.routing.choice import by_hand, check, choose
from engine.routing.load import load

ON = date(2026, 11, 23)
REQUEST = Request("handler", ("auxiliary", "officer"), ON)


def aux(person: str, **facts: Any) -> Candidate:
    given: dict[str, Any] = {"role": "auxiliary", "unit": "V-001", "level": "village", "rank": 0}
    return Candidate(person, **(given | facts))


def test_the_nearest_is_picked_even_with_more_work() -> None:
    pick = choose(REQUEST, [aux("off-05", unit="S-012", level="station", rank=2), aux("aux-07", load=9)])
    assert (pick.person, pick.unit, pick.reason) == ("aux-07", "V-001", "nearest")


def test_equally_near_the_least_loaded_then_the_longest_idle_then_the_first_code() -> None:
    assert choose(REQUEST, [aux("a", load=4), aux("b", load=3)]).person == "b"
    idle = [aux("a", idle_since="2026-11-20T00:00:00Z"), aux("b", idle_since="2026-11-19T00:00:00Z")]
    assert choose(REQUEST, idle).reason == "longest_idle"
    assert choose(REQUEST, idle).person == "b"
    assert choose(REQUEST, [aux("b"), aux("a")]).person == "a"


def test_an_empty_pool_names_every_reason_and_nobody() -> None:
    pick = choose(
        REQUEST,
        [
            aux("aux-01", away=True, away_until=date(2026, 11, 27)),
            aux("aux-02", away=True, away_until=date(2026, 11, 24)),
            aux("aux-03", related="kin"),
            aux("aux-04", load=15),
        ],
    )
    assert pick.person is None
    assert pick.refusal is not None
    assert tell(pick.refusal) == (
        "Nobody can take it: 4 considered, 2 away, 1 related to a party, 1 at the cap. "
        "It stays unassigned, on the head's list."
    )
    assert "请假 2、回避 1、已满 1" in tell(pick.refusal, "zh")


def test_no_candidates_at_all_is_said_too() -> None:
    refusal = choose(REQUEST, []).refusal
    assert refusal is not None
    assert "nobody is appointed for this place" in tell(refusal)


def test_what_was_handed_out_in_the_same_batch_counts_as_load() -> None:
    pool = [aux("a", load=2), aux("b", load=3)]
    assert choose(REQUEST, pool).person == "a"
    assert choose(Request("handler", ("auxiliary",), ON, added={"a": 2}), pool).person == "b"


def test_an_appointments_capacity_overrides_the_usual_cap() -> None:
    assert choose(REQUEST, [aux("a", load=5, capacity=5)]).excluded[0].because == "over_cap"
    assert choose(REQUEST, [aux("a", load=16, capacity=20)]).person == "a"


def test_a_neighbouring_village_is_asked_only_where_a_conflict_bars_the_own() -> None:
    beside = aux("aux-08", unit="V-002", neighbour=True)
    office = aux("off-05", role="officer", unit="office-002", level="office", rank=1)
    assert choose(REQUEST, [aux("aux-07", away=True), beside, office]).person == "off-05"
    assert choose(REQUEST, [aux("aux-07", related="kin"), beside, office]).person == "aux-08"


def test_continuity_beats_load_when_the_request_wants_it() -> None:
    pool = [aux("a", load=1), aux("b", load=9, continues=True)]
    assert choose(REQUEST, pool).person == "a"
    picked = choose(Request("handler", ("auxiliary",), ON, scores={"load": 1, "continuity": 2}), pool)
    assert (picked.person, picked.reason) == ("b", "continues")


def test_skills_the_roster_and_bars_exclude() -> None:
    request = Request("handler", ("officer",), ON, skills=frozenset({"sworn"}), barred={"c": "an objection"})
    pool = [
        aux("a"),
        aux("b", skills=frozenset({"sworn"}), on_duty=False),
        aux("c", skills=frozenset({"sworn"})),
    ]
    assert {out.person: out.because for out in choose(request, pool).excluded} == {
        "a": "lacks_skill",
        "b": "off_duty",
        "c": "barred",
    }


def test_a_hand_pick_of_someone_away_names_who_is_there() -> None:
    pool = [
        aux("off-03", away=True, away_until=date(2026, 11, 27)),
        aux("off-05", load=9, on_duty=True),
        aux("off-01", load=12, on_duty=True),
    ]
    reason = check(REQUEST, "off-03", pool)
    assert reason is not None
    assert reason.code == "FM-R501"
    assert tell(reason) == (
        "off-03 cannot hold the seat handler: away until 2026-11-27. "
        "On duty for this place: off-05 (load 9), off-01 (load 12)."
    )
    assert "本辖区在岗:off-05(在办 9)、off-01(在办 12)。" in tell(reason, "zh")


def test_without_a_roster_nobody_is_said_to_be_on_duty() -> None:
    reason = check(REQUEST, "off-03", [aux("off-03", away=True), aux("off-05", load=9)])
    assert reason is not None
    assert tell(reason).endswith("Free for this place: off-05 (load 9).")
    assert tell(reason, "zh").endswith("本辖区可派:off-05(在办 9)。")


def test_a_hand_pick_without_appointment_is_refused_and_one_over_the_cap_is_not() -> None:
    assert (reason := check(REQUEST, "x", [aux("a")])) is not None
    assert "not appointed as auxiliary, officer" in tell(reason)
    assert check(REQUEST, "a", [aux("a", load=40, on_duty=False)]) is None


def test_a_hand_pick_keeps_the_whole_table() -> None:
    pick = by_hand(REQUEST, "b", [aux("a"), aux("b", load=3)])
    assert (pick.person, pick.rule, pick.reason, pick.score) == ("b", "by-hand", "by_hand", "0.900")
    assert [c.person for c in pick.considered] == ["a", "b"]


def test_the_explanation_is_json_without_floats() -> None:
    pick = choose(REQUEST, [aux("a", load=1), aux("b", away=True)])
    text = json.dumps(pick.to_json(), sort_keys=True)
    assert json.loads(text, parse_float=pytest.fail) == pick.to_json()
    assert pick.to_json()["candidates"][0]["terms"]["load"] == 1


def test_loads_are_weighted_by_grade() -> None:
    assert load(["red", "orange", "yellow", "blue", None]) == 4 + 3 + 2 + 1 + 2
