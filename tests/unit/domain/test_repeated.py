"""Points for what two reports have in common, each with its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.repeated import ENOUGH, WEIGHTS, Likeness, Report, Term, Who, likeness, most_alike
from engine.domain.wording import pieces

MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
ASHA, BRAM = Who("claimant", known="ka", named="na"), Who("respondent", named="nb")
HERE = Report("dispute_mediation", "v1", MONDAY, parent="t1")
AWAY = Report("service_request", "v9", MONDAY - timedelta(days=90), parent="t9")


def names(found: Likeness) -> dict[str, int]:
    return {term.name: term.points for term in found.terms}


def test_nothing_in_common_has_no_points() -> None:
    assert likeness(HERE, AWAY) == Likeness(0, ())


def test_the_same_two_parties_are_enough_by_one_known_and_one_named_at_the_same_place() -> None:
    one = replace(HERE, parties=(ASHA, BRAM))
    other = replace(AWAY, parties=(ASHA, BRAM))
    found = likeness(one, other)
    assert found.terms == (Term("parties", 40, {"roles": ["claimant", "respondent"]}),)
    assert found.enough


def test_who_sits_on_the_other_side_is_the_same_party_by_no_role() -> None:
    one, other = replace(HERE, parties=(ASHA,)), replace(AWAY, parties=(replace(ASHA, role="respondent"),))
    assert likeness(one, other).terms == (Term("party", WEIGHTS["party_known"], {"roles": []}),)


def test_one_party_of_the_other_case_stands_for_one_party_only() -> None:
    twice = (Who("claimant", named="n"), Who("respondent", named="n"))
    one, other = replace(HERE, parties=twice), replace(AWAY, parties=(Who("claimant", named="n"),))
    assert names(likeness(one, other)) == {"party": WEIGHTS["party_named"]}


def test_no_more_than_two_parties_count() -> None:
    crowd = tuple(Who("claimant", known=f"k{n}") for n in range(9))
    assert names(likeness(replace(HERE, parties=crowd), replace(AWAY, parties=crowd))) == {
        "parties": 2 * WEIGHTS["party_known"]
    }


def test_both_sides_of_one_fight() -> None:
    """Each reports the other: the reporter of the one is a party of the other."""
    one = replace(HERE, parties=(BRAM,), reporter=ASHA)
    other = replace(AWAY, parties=(ASHA,), reporter=BRAM)
    assert names(likeness(one, other)) == {"sides": WEIGHTS["reporter"]}
    assert names(likeness(one, replace(other, reporter=ASHA))) == {"reporter": WEIGHTS["reporter"]}


@pytest.mark.parametrize(
    ("apart", "points"),
    [
        (timedelta(minutes=10), 14),
        (timedelta(days=1), 14),
        (timedelta(days=1, seconds=1), 10),
        (timedelta(days=7), 10),
        (timedelta(days=30), 5),
        (timedelta(days=30, seconds=1), None),
    ],
)
def test_how_long_apart(apart: timedelta, points: int | None) -> None:
    for at in (MONDAY + apart, MONDAY - apart):
        assert names(likeness(HERE, replace(AWAY, at=at))).get("time") == points


def test_type_place_and_a_day_are_enough_and_ten_days_need_words() -> None:
    said = replace(HERE, pieces=pieces("fence moved half a metre"))
    soon, later = (
        replace(said, at=MONDAY - timedelta(hours=20)),
        replace(said, at=MONDAY - timedelta(days=10)),
    )
    dumb = replace(later, pieces=pieces("goat in the corn"))
    assert names(likeness(said, replace(soon, pieces=pieces("")))) == {"place": 20, "type": 8, "time": 14}
    assert likeness(said, soon).enough
    assert names(likeness(said, later)) == {"place": 20, "type": 8, "time": 5, "text": 30}
    assert not likeness(said, dumb).enough


def test_a_place_beside_it_and_the_kind_of_matter() -> None:
    one = replace(HERE, category="neigh")
    other = replace(one, place="v2", at=MONDAY - timedelta(days=90))
    assert names(likeness(one, other)) == {"near": 8, "category": 14}
    assert names(likeness(one, replace(other, category=None))) == {"near": 8, "type": 8}
    assert names(likeness(replace(HERE, parent=None), replace(other, parent=None))) == {"type": 8}


def test_the_likest_first_and_no_more_than_asked_for() -> None:
    found = [
        ("a", Likeness(41, ())),
        ("b", Likeness(39, ())),
        ("c", Likeness(70, ())),
        ("d", Likeness(41, ())),
    ]
    assert [name for name, _ in most_alike(found)] == ["c", "a", "d"]
    assert [name for name, _ in most_alike(found, 1)] == ["c"]
    assert ENOUGH == 40


KEYS = st.one_of(st.none(), st.sampled_from("abc"))
WHO = st.builds(Who, st.sampled_from(["claimant", "respondent"]), KEYS, KEYS)
REPORTS = st.builds(
    Report,
    st.sampled_from(["x", "y"]),
    st.sampled_from(["v1", "v2"]),
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 3, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([None, "t"]),
    st.sampled_from([None, "k"]),
    st.lists(WHO, max_size=3).map(tuple),
    st.one_of(st.none(), WHO),
    st.sampled_from(["fence", "fences moved", "打架", ""]).map(pieces),
)


@given(REPORTS, REPORTS)
def test_points_are_those_of_the_terms_and_the_same_either_way(one: Report, other: Report) -> None:
    found, back = likeness(one, other), likeness(other, one)
    assert found.points == sum(term.points for term in found.terms)
    assert all(term.points > 0 for term in found.terms)
    named = {term.name for term in found.terms}
    assert named == {term.name for term in back.terms}


@given(REPORTS, REPORTS)
def test_what_is_covered_only_takes_points_away(one: Report, other: Report) -> None:
    """So nobody learns by filing what he may not read."""
    bare = replace(other, parties=(), reporter=None, pieces=pieces(""))
    assert likeness(one, bare).points <= likeness(one, other).points
    assert {term.name for term in likeness(one, bare).terms} <= {
        "place", "near", "type", "category", "time"
    }  # fmt: skip
