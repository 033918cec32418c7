"""Why a unit is slower, on a store made by hand: what is told, in which parts, and who is behind them."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from engine.analytics.durations import durations
from engine.analytics.waiting import waiting
from engine.analytics.why import why
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import acting
from tests.support.two_units import BEGIN, DAY, HERE, THERE, Life, TwoUnits, hours, through

pytestmark = pytest.mark.usefixtures("small_portions")


@pytest.fixture
def town(store: Store) -> TwoUnits:
    return TwoUnits(store)


MINE = [("land", through(5, 100 + 7 * n, 20)) for n in range(7)] + [
    ("noise", through(5, 30, 10 + n)) for n in range(5)
]
OTHERS = [("land", through(9, 60, 31 + n)) for n in range(3)] + [
    ("noise", through(4, 20 + n, 10)) for n in range(11)
]
STATES = ("new", "asking", "talking")
TAU = 6 * 24  # hours


def within(life: Life) -> list[int]:
    """Hours in each state of the first so many."""
    left, found = TAU, []
    for _, lasted in life[:3]:
        found.append(min(left, int(lasted.total_seconds()) // 3600))
        left -= found[-1]
    return found


def apart(mine: list[tuple[str, Life]], others: list[tuple[str, Life]]) -> tuple[Fraction, list[Fraction]]:
    """Case mix and states in hours, by the formula of Kitagawa written out."""
    kinds = ("land", "noise")
    share, mean = [], []
    for side in (mine, others):
        share.append({k: Fraction(sum(c == k for c, _ in side), len(side)) for k in kinds})
        mean.append({
            k: [Fraction(sum(within(life)[s] for c, life in side if c == k), sum(c == k for c, _ in side)) for s in range(3)]
            for k in kinds
        })  # fmt: skip
    mix = sum(((share[0][k] - share[1][k]) * sum(mean[0][k] + mean[1][k]) / 2 for k in kinds), Fraction(0))
    parts = [
        sum(((share[0][k] + share[1][k]) / 2 * (mean[0][k][s] - mean[1][k][s]) for k in kinds), Fraction(0)) for s in range(3)
    ]  # fmt: skip
    return mix, parts


def told(town: TwoUnits, **given: Any) -> Any:
    return town.ask(why, filter={"unit": "S-012"}, as_of=BEGIN + 90 * DAY, by=["category"], days=6, **given)


def test_it_is_taken_apart_as_the_formula_says(town: TwoUnits) -> None:
    for place, side in ((HERE, MINE), (THERE, OTHERS)):
        for category, life in side:
            town.live(place, category, life)
    answer = told(town)
    assert (answer["other"], answer["n"], answer["other_n"], answer["few"]) == (
        "county-99",
        12,
        14,
        False,
    )
    mix, parts = apart(MINE, OTHERS)
    found = {part["key"]: part for part in answer["parts"]}
    assert set(found) == set(STATES)
    assert abs(answer["case_mix"]["seconds"] - 3600 * mix) < 1
    for state, hours_ in zip(STATES, parts, strict=True):
        assert abs(found[state]["seconds"] - 3600 * hours_) < 1
        assert abs(found[state]["days"] - float(hours_ / 24)) <= 0.1
    assert answer["difference_s"] == answer["case_mix"]["seconds"] + sum(
        part["seconds"] for part in answer["parts"]
    )
    tenths = [round(10 * one["days"]) for one in (answer["case_mix"], *answer["parts"])]
    assert round(10 * answer["difference_days"]) == sum(tenths)
    means = [Fraction(sum(sum(within(life)) for _, life in side), len(side)) for side in (MINE, OTHERS)]
    assert answer["difference_s"] == round(3600 * (means[0] - means[1]))
    assert [answer["mean_s"], answer["other_mean_s"]] == [round(3600 * mean) for mean in means]
    first = answer["case_mix"]["kinds"][0]
    assert first["key"] in ("land", "noise")
    land = next(kind for kind in answer["case_mix"]["kinds"] if kind["key"] == "land")
    assert (land["title"], land["share"], land["other_share"]) == ("land", round(7 / 12, 6), round(3 / 14, 6))
    # three working days from Monday 14:00 on: until Thursday 24:00, 82 hours later
    assert found["asking"]["n"] == 12
    assert found["asking"]["n_late"] == sum(life[1][1] > timedelta(hours=82) for _, life in MINE) > 0


def test_open_cases_are_in_and_parts_still_add_up(town: TwoUnits) -> None:
    for n in range(11):
        town.live(HERE, "land", through(5, 40 + n, 20) if n % 3 else [("new", DAY), ("asking", DAY)])
        town.live(THERE, "land" if n % 2 else "noise", through(5, 10 + n, 20))
    answer = told(town)
    assert answer["n_open"] == 4
    assert answer["oldest_s"] == 90 * 86_400
    assert (
        answer["difference_s"]
        == answer["case_mix"]["seconds"] + sum(part["seconds"] for part in answer["parts"])
        > 0
    )
    waited = {one["key"]: one["percent"] for one in answer["waited"]}
    assert set(waited) == {"parties", "parties+committee", "office"}
    assert sum(waited.values()) == 100
    again = town.ask(why, filter={"unit": "S-012"}, as_of=BEGIN + 90 * DAY, days=60, per="side")
    by_unit = town.ask(durations, by=["unit"], as_of=BEGIN + 90 * DAY)["groups"]
    means = {group["key"]["unit"]: group["mean60_s"] for group in by_unit}
    assert (again["mean_s"], again["other_mean_s"]) == (means["S-012"], means["county-99"])


def test_the_cases_behind_a_part_are_named_the_longest_first(town: TwoUnits) -> None:
    refs = [town.live(HERE, "land", through(5, 30 + n, 20)) for n in range(10)]
    for _ in range(10):
        town.live(THERE, "land", through(5, 10, 20))
    answer = told(town, cases="asking")
    assert [one["ref"] for one in answer["cases"]] == refs[::-1]
    assert [one["seconds"] for one in answer["cases"]] == [3600 * (39 - n) for n in range(10)]
    assert told(town, per="waits", cases="dispatcher")["cases"] == told(town, cases="new")["cases"]
    assert told(town, per="side", cases="parties")["cases"] == answer["cases"]
    with pytest.raises(FolkmootError) as refused:
        told(town, cases="weather")
    assert told(town, per="waits", cases="director")["cases"] == told(town, cases="talking")["cases"]
    assert refused.value.code == "FM-U715"


def test_few_cases_are_not_compared(town: TwoUnits) -> None:
    for n in range(12):
        town.live(THERE, "land", through(5, 10, 20))
        if n < 9:
            town.live(HERE, "land", through(5, 10, 20))
    answer = told(town)
    assert (answer["few"], answer["n"], answer["other_n"]) == (True, 9, 12)
    assert "parts" not in answer
    assert told(town, public=True)["n"] == 9


def test_a_young_store_compares_over_the_days_that_are_known(town: TwoUnits) -> None:
    for n in range(10):
        town.live(HERE, "land", [("new", DAY)] if n < 3 else through(5, 90, 20))
        town.live(THERE, "land", [("new", DAY)] if n < 3 else through(5, 30, 20))
    asked = {"filter": {"unit": "S-012"}, "by": ["category"]}
    young = town.ask(why, **asked, as_of=BEGIN + 20 * DAY)
    assert (young["days"], town.ask(why, **asked, as_of=BEGIN + 90 * DAY)["days"]) == (20, 60)
    assert young == town.ask(why, **asked, as_of=BEGIN + 20 * DAY, days=20)
    assert young["difference_s"] > 0


@pytest.mark.parametrize(("code", "given"), [
    ("FM-U712", {"filter": {}}),
    ("FM-U713", {"filter": {"unit": "county-99"}}),
    ("FM-U714", {"filter": {"unit": "S-012"}, "days": 60, "as_of": BEGIN + 20 * DAY}),
    ("FM-U716", {"filter": {"unit": "S-012"}, "public": True, "cases": "new"}),
    ("FM-U717", {"filter": {"unit": "S-012"}, "against": "office-021"}),
    ("FM-U718", {"filter": {"unit": "S-012"}, "days": 0}),
    ("FM-U305", {"filter": {"unit": "S-999"}}),
    ("FM-U710", {"filter": {"unit": "S-012"}, "clock": "in_state"}),
    ("FM-U711", {"filter": {"unit": "S-012"}, "per": "weather"}),
])  # fmt: skip
def test_what_cannot_be_answered_is_refused(town: TwoUnits, code: str, given: dict[str, Any]) -> None:
    for place in (HERE, THERE):
        for _ in range(10):
            town.live(place, "land", [("new", DAY)])
    with pytest.raises(FolkmootError) as refused:
        town.ask(why, **{"as_of": BEGIN + 90 * DAY, **given})
    assert refused.value.code == code


# ---- where the time went ---------------------------------------------------------------------------


def test_pauses_and_office_hours(town: TwoUnits) -> None:
    """Filed on Monday at 9:00, at rest from 11:00 to 14:00, settled on Wednesday at 9:00; open 8:30-11:30 and 13:30-17:30."""
    life: Life = [
        *zip(("new", "resting", "new", "asking", "talking"), hours(2, 3, 19, 4, 20), strict=True),
        ("shut", DAY),
    ]
    town.live(HERE, "land", life)
    at = BEGIN + 90 * DAY
    office = {"new": 2 + 3.5 + 0.5, "resting": 1.0, "asking": 2.5, "talking": 4.5}
    assert town_hours(town, at) == {"new": 21, "resting": 3, "asking": 4, "talking": 20}
    assert town_hours(town, at, pauses=False) == {"new": 21, "resting": 0, "asking": 4, "talking": 20}
    working = town_hours(town, at, working=True, pauses=True)
    assert working == office
    assert town_hours(town, at, working=True) == office | {"resting": 0}
    for kind, whole in (
        ({}, 48),
        ({"pauses": False}, 45),
        ({"working": True, "pauses": True}, sum(office.values())),
    ):
        [group] = town.ask(durations, as_of=at, **kind)["groups"]
        assert group["km"]["p50_s"] == whole * 3600


def town_hours(town: TwoUnits, at: datetime, **kind: Any) -> dict[str, float]:
    [group] = town.ask(waiting, as_of=at, **kind)["groups"]
    return {part["key"]: part["total_s"] / 3600 for part in group["parts"]}


def test_open_stays_count_up_to_the_instant_and_a_reopened_case_was_closed_in_between(town: TwoUnits) -> None:
    ref = town.live(HERE, "land", through(1, 2, 3))
    town.now += 10 * DAY
    town.do(acting.do_act, ref=ref, act="reopen")
    [group] = town.ask(waiting, as_of=town.now + DAY)["groups"]
    assert {part["key"]: part["total_s"] for part in group["parts"]} == {
        "new": 3600 + 86_400, "asking": 7200, "talking": 10_800, "closed": 10 * 86_400,
    }  # fmt: skip
    new = next(part for part in group["parts"] if part["key"] == "new")
    assert (new["n"], new["n_stays"], new["p50_s"], new["few"]) == (1, 2, None, True)
    assert (group["n_open"], group["total_s"]) == (1, 11 * 86_400 + 6 * 3600)


def test_readers_outside_are_told_no_part_of_fewer_than_five(town: TwoUnits) -> None:
    for n in range(12):
        town.live(HERE, "land", through(1, 2, 3) if n < 9 else [("new", hours(1)[0]), ("resting", DAY)])
    at = BEGIN + 90 * DAY
    [group] = town.ask(waiting, as_of=at)["groups"]
    assert {part["key"]: part["n"] for part in group["parts"]} == {
        "new": 12,
        "asking": 9,
        "talking": 9,
        "resting": 3,
    }
    [hidden] = town.ask(waiting, as_of=at, public=True)["groups"]
    # three cases are hidden among the next smallest, and nine of twelve would tell of three
    assert {part["key"]: part["n"] for part in hidden["parts"]} == {"new": 12, "rest": 12, "talking": None}
    assert sum(part["total_s"] for part in hidden["parts"]) == group["total_s"] == hidden["total_s"]
