"""Figures on random quarrels against what reading each history by itself gives, as of now and as of past instants."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.analytics.backlog import backlog
from engine.analytics.compliance import compliance
from engine.analytics.flow import flow
from engine.analytics.funnel import funnel
from engine.analytics.load import load
from engine.analytics.outcomes import outcomes
from engine.analytics.recurrence import recurrence
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.routing.load import weight
from tests.support.quarrels import BEGIN, Life, Quarrels, forward, lives, second

DAY = 86_400
ZONE = ZoneInfo("Asia/Shanghai")
GRADES = {"settled": "substantive", "healed": "substantive", "left": "stage", "refused": "procedural"}


@pytest.fixture(scope="module", params=[3, 11])
def town(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Quarrels]:
    path = tmp_path_factory.mktemp("quarrels") / "store.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        made = Quarrels(store)
        made.live(Random(request.param), days=120)
        yield made


def instants(town: Quarrels) -> Iterator[tuple[datetime, int, list[Life]]]:
    """Now and some past instants, each with what was believed then."""
    length = town.now - BEGIN
    for part in (1.0, 0.83, 0.5, 0.2):
        at = (BEGIN + length * part).replace(microsecond=0)
        yield at, int(at.timestamp()), lives(town, at)


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def ages(seconds: list[int]) -> dict[str, int]:
    found = dict.fromkeys(("0-7", "8-30", "31-60", "61-90", ">90"), 0)
    for one in seconds:
        days = one // DAY
        band = next(name for name, last in zip(found, (7, 30, 60, 90, 10**9), strict=True) if days <= last)
        found[band] += 1
    return found


def test_the_histories_have_what_the_figures_are_about(town: Quarrels) -> None:
    told = lives(town, town.now)
    assert any(len(life.closings) > 2 for life in told)
    assert any(len(life.handlers) > 1 for life in told)
    assert any(run["extensions"] for life in told for run in life.limits.values())
    acts = [event["act"] for ref in town.refs for event in town.events(ref)[1]]
    assert {"taken_back", "correct", "reopen"} <= set(acts)


# ---- outcomes --------------------------------------------------------------------------------------


def incidence(told: list[Life], at: int, days: int) -> tuple[dict[str, Fraction], Fraction]:
    """Aalen and Johansen with fractions, one second after another."""
    ends = [((life.closed or at) - life.filed, life.outcome if life.closed else None) for life in told]
    left, found = Fraction(1), defaultdict[str, Fraction](Fraction)
    for moment in sorted({t for t, how in ends if how and t <= days * DAY}):
        risk = sum(t >= moment for t, _ in ends)
        over = Counter(how for t, how in ends if how and t == moment)
        for how, count in over.items():
            found[str(how)] += left * Fraction(count, risk)
        left *= 1 - Fraction(sum(over.values()), risk)
    return dict(found), left


def test_outcomes_compete(town: Quarrels) -> None:
    for at, second_, told in instants(town):
        answer = town.ask(outcomes, as_of=at)
        [group] = answer["groups"]
        closed = [life for life in told if life.closed is not None]
        assert (answer["n"], answer["n_closed"], answer["n_open"]) == (
            len(told),
            len(closed),
            len(told) - len(closed),
        )
        assert {one["outcome"]: (one["grade"], one["n"]) for one in group["outcomes"]} == {
            how: (GRADES[how], n) for how, n in Counter(life.outcome for life in closed).items()
        }
        for place, one in enumerate(group["open"]):
            wanted, left = incidence(told, second_, one["days"])
            assert one["share"] == pytest.approx(float(left), abs=2e-6)
            total = one["share"]
            for line in group["outcomes"]:
                assert line["by"][place]["share"] == pytest.approx(
                    float(wanted.get(line["outcome"], 0)), abs=2e-6
                )
                total += line["by"][place]["share"]
            assert total == pytest.approx(1, abs=1e-5)
            for line in group["grades"]:
                of = sum(f for how, f in wanted.items() if GRADES[how] == line["grade"])
                assert line["by"][place]["share"] == pytest.approx(float(of), abs=2e-6)
                low, high = line["by"][place]["between"] or (0, 1)
                assert low <= line["by"][place]["share"] <= high


def test_each_rate_names_the_cases_that_it_is_of(town: Quarrels) -> None:
    for at, _, told in instants(town):
        [group] = town.ask(outcomes, as_of=at)["groups"]
        of = {
            "referred": told,
            "accepted": [v for v in told if v.reached("talk")],
            "mediated": [v for v in told if v.reached("kept")],
        }
        for rate in group["rates"]:
            cases = of[rate["per"]]
            good = [v for v in cases if v.closed is not None and GRADES[v.outcome] == "substantive"]
            assert (rate["n"], rate["n_resolved"], rate["share"]) == (
                len(cases),
                len(good),
                share(len(good), len(cases)),
            )
            assert rate["n_open"] == sum(v.closed is None for v in cases)


# ---- compliance ------------------------------------------------------------------------------------


def test_limits_by_the_verdict_that_was_given(town: Quarrels) -> None:
    for at, second_, told in instants(town):
        [group] = town.ask(compliance, as_of=at)["groups"]
        total: Counter[str] = Counter()
        for clock in group["clocks"]:
            runs = [run for life in told for (name, _), run in life.limits.items() if name == clock["clock"]]
            wanted: Counter[str] = Counter()
            for run in runs:
                late = run["status"] == "running" and second(run["due"]) <= second_
                wanted[run.get("verdict") or ("overdue" if late else run["status"])] += 1
            wanted["extended"] = sum(bool(run["extensions"]) for run in runs)
            assert clock["n"] == len(runs)
            assert {name: clock[f"n_{name}"] for name in wanted} == dict(wanted)
            kept = wanted["met"] + wanted["met_extended"]
            assert clock["share_met"] == share(kept, kept + wanted["missed"])
            assert clock["share_in_time"] == share(kept, kept + wanted["missed"] + wanted["overdue"])
            assert clock["share_extended"] == share(wanted["extended"], len(runs))
            total += wanted
        assert {name: group["all"][f"n_{name}"] for name in total} == dict(total)
        assert sum(clock["n"] for clock in group["clocks"]) == sum(len(life.limits) for life in told)


# ---- recurrence ------------------------------------------------------------------------------------


def alike(one: Life, other: Life) -> bool:
    if (one.type, one.place) != (other.type, other.place):
        return False
    mine, theirs = list(one.names.values()), list(other.names.values())
    if len(mine) == 1:
        return any(mine[0] & keys for keys in theirs)
    return any(
        (a & c and b & d) or (a & d and b & c)
        for a, b in combinations(mine, 2)
        for c, d in combinations(theirs, 2)
    )


@pytest.mark.parametrize("of", ["parties", "place"])
@pytest.mark.parametrize("after", ["closed", "filed"])
def test_what_comes_again(town: Quarrels, of: str, after: str) -> None:
    seen = 0
    for at, second_, told in instants(town):
        answer = town.ask(recurrence, as_of=at, of=of, after=after)
        anchored = [
            (v, v.closed if after == "closed" else v.filed)
            for v in told
            if after == "filed" or v.closed is not None
        ]
        named = [(v, t) for v, t in anchored if v.names or of == "place"]
        assert (answer["n"], answer["n_unnamed"]) == (len(named), len(anchored) - len(named))

        def fits(one: Life, other: Life) -> bool:
            return alike(one, other) if of == "parties" else one.place == other.place

        again = [(t, [w.filed for w in told if w.filed > (t or 0) and fits(v, w)]) for v, t in named]
        assert answer["n_again"] == sum(bool(later) for _, later in again)
        seen += answer["n_again"]
        for one in answer["groups"][0]["within"]:
            length = one["days"] * DAY
            watched = [(t, later) for t, later in again if t + length <= second_]
            hit = sum(any(w <= t + length for w in later) for t, later in watched)
            assert (one["n_watched"], one["n_again"], one["n_open"]) == (
                len(watched),
                hit,
                len(named) - len(watched),
            )
            assert one["share_again"] == share(hit, len(watched))
    assert seen


def test_what_the_filter_asks_is_asked_of_the_earlier_case(town: Quarrels) -> None:
    first = min(lives(town, town.now), key=lambda life: life.filed)
    until = datetime.fromtimestamp(first.filed + 1, UTC)
    told = town.ask(recurrence, of="place", after="filed", filed=(None, until))
    assert (told["n"], told["n_again"]) == (1, 1)


# ---- load ------------------------------------------------------------------------------------------


def test_open_work_of_each_person(town: Quarrels) -> None:
    for at, second_, told in instants(town):
        answer = town.ask(load, as_of=at)
        wanted: dict[str, list[tuple[int, int]]] = defaultdict(list)
        given, taken = Counter[str](), Counter[str]()
        for life in told:
            for one, other in pairwise(life.handlers):
                given[one] += 1
                taken[other] += 1
            if life.closed is None:
                for held in life.seats.get("handler", ()):
                    wanted[held["person"]].append(
                        (second_ - life.filed, held.get("weight") or weight(life.risk))
                    )
        assert answer["n_reassigned"] == sum(given.values())
        found = {group["key"]["holder"]: group for group in answer["groups"]}
        assert set(found) == set(wanted) | set(given) | set(taken)
        for person, group in found.items():
            age = [seconds for seconds, _ in wanted[person]]
            assert (group["n"], group["n_handled"]) == (len(age), len(age))
            assert group["weight"] == sum(heavy for _, heavy in wanted[person])
            assert group["ages"] == ages(age)
            assert (group["oldest_s"], group["p50_s"]) == (
                max(age, default=None),
                round(median(age)) if age else None,
            )
            assert (group["n_given"], group["n_taken"]) == (given[person], taken[person])
        open_ = [life for life in told if life.closed is None]
        assert answer["n_unassigned"] == sum(not life.seats.get("handler") for life in open_)
        [all_] = town.ask(load, as_of=at, by=["type"])["groups"]
        assert (all_["n"], all_["weight"]) == (len(open_), sum(weight(life.risk) for life in open_))
        assert all_["ages"] == ages([second_ - life.filed for life in open_])


# ---- backlog ---------------------------------------------------------------------------------------


def spells(life: Life) -> list[tuple[int, int | None]]:
    times = forward([life.filed, *(at for _, _, at in life.closings)])
    return [(times[n], times[n + 1] if n + 1 < len(times) else None) for n in range(0, len(times), 2)]


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_the_backlog_adds_up(town: Quarrels, every: str) -> None:
    for at, second_, told in instants(town):
        answer = (
            town.ask(backlog, as_of=at, every=every, since=date(2025, 2, 3), until=date(2025, 12, 31))
            if second_ > second("2025-02-04T00:00:00Z")
            else None
        )
        if answer is None:
            continue
        [group] = answer["groups"]
        every_spell = [(life, *spell, n) for life in told for n, spell in enumerate(spells(life))]
        before = group["before"]
        for step in group["steps"]:
            begin = int(
                datetime.combine(date.fromisoformat(step["from"]), datetime.min.time(), ZONE).timestamp()
            )
            after = date.fromisoformat(step["to"]) + timedelta(days=1)
            end = min(int(datetime.combine(after, datetime.min.time(), ZONE).timestamp()), second_ + 1)
            came = [n for _, start, _, n in every_spell if begin <= start < end]
            assert (step["filed"], step["reopened"]) == (sum(n == 0 for n in came), sum(n > 0 for n in came))
            assert step["closed"] == sum(
                until is not None and begin <= until < end for _, _, until, _ in every_spell
            )
            standing = [
                life
                for life, start, until, _ in every_spell
                if start < end and (until is None or until >= end)
            ]
            assert (step["open"], step["ages"]) == (
                len(standing),
                ages([end - 1 - life.filed for life in standing]),
            )
            assert (
                step["open"]
                == before + step["filed"] + step["reopened"] - step["closed"]
                == sum(step["ages"].values())
            )
            before = step["open"]
        assert before == answer["n_open"] == sum(life.closed is None for life in told)
        groups = town.ask(backlog, as_of=at, every=every, since=date(2025, 2, 3), by=["place"])["groups"]
        for n, step in enumerate(group["steps"]):
            assert step["open"] == sum(one["steps"][n]["open"] for one in groups)


def test_steps_that_are_no_steps(town: Quarrels) -> None:
    for asked, code in (
        ({"every": "hour"}, "FM-U720"),
        ({"every": "day", "since": date(2020, 1, 1)}, "FM-U721"),
        ({"since": date(2025, 3, 1), "until": date(2025, 2, 1)}, "FM-U404"),
    ):
        with pytest.raises(FolkmootError) as refused:
            town.ask(backlog, **asked)
        assert refused.value.code == code


# ---- flow ------------------------------------------------------------------------------------------


def test_moves_stays_and_returns(town: Quarrels) -> None:
    for at, second_, told in instants(town):
        [group] = town.ask(flow, as_of=at)["groups"]
        entered, now, returns, total = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        moves: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        back = 0
        for life in told:
            since = forward([life.filed, *(at_ for _, _, at_ in life.stays[1:])])
            seen: set[str] = set()
            came_back = False
            for n, (state, _, _) in enumerate(life.stays):
                entered[state] += 1
                returns[state] += state in seen
                came_back |= state in seen
                seen.add(state)
                last = n + 1 == len(life.stays)
                lasted = (second_ if last else since[n + 1]) - since[n]
                now[state] += last
                if state != "shut":
                    total[state] += lasted
                if not last:
                    moves[state, life.stays[n + 1][0], life.stays[n + 1][1]].append(lasted)
            back += came_back
        assert group["total_s"] == sum(total.values())
        for line in group["states"]:
            name = line["state"]
            assert (line["n"], line["n_now"], line["n_returns"]) == (entered[name], now[name], returns[name])
            assert line["total_s"] == (None if name == "shut" else total[name])
            assert line["share"] == (None if name == "shut" else share(total[name], sum(total.values())))
        assert {line["state"] for line in group["states"]} == set(entered)
        assert {(t["from"], t["to"], t["act"]): (t["n"], t["p50_s"]) for t in group["transitions"]} == {
            key: (len(lasted), round(median(lasted))) for key, lasted in moves.items()
        }
        opened = sum(len(life.closings) > 1 for life in told)
        assert group["rework"] == {"n_cases": back, "n_returns": sum(returns.values()), "n_reopened": opened}
        if total:
            assert group["bottleneck"]["state"] == max(total, key=lambda name: total[name])


# ---- funnel ----------------------------------------------------------------------------------------


def binomial(n: int, p: Fraction, upto: int) -> Fraction:
    from math import comb

    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(upto + 1)), Fraction(0))


def test_a_funnel_holds_each_group_against_its_own_size(town: Quarrels) -> None:
    for at, second_, told in instants(town):
        missed = [v for v in told if any("verdict" in run for run in v.limits.values())]
        slow = [v for v in told if v.filed + 9 * DAY <= second_]
        settled = [
            (
                v,
                next(
                    n for n, (shut, how, _) in enumerate(v.closings) if shut and GRADES[how] == "substantive"
                ),
            )
            for v in told
            if any(shut and GRADES[how] == "substantive" for shut, how, _ in v.closings)
        ]
        long_ago = [(v, n) for v, n in settled if v.closings[n][2] + 20 * DAY <= second_]

        def late(life: Life) -> bool:
            first = life.reached("kept", "shut")
            return first is None or first > life.filed + 9 * DAY

        wanted = {
            "missed": (
                missed,
                [v for v in missed if any(run.get("verdict") == "missed" for run in v.limits.values())],
            ),
            "slow": (slow, [v for v in slow if late(v)]),
            "reopened": (
                [v for v, _ in long_ago],
                [
                    v
                    for v, n in long_ago
                    if len(v.closings) > n + 1 and v.closings[n + 1][2] <= v.closings[n][2] + 20 * DAY
                ],
            ),
        }
        for of, (known, bad) in wanted.items():
            answer = town.ask(funnel, as_of=at, of=of, by=["place"], days={"slow": 9, "reopened": 20}.get(of))
            assert (answer["n"], answer["n_bad"], answer["share"]) == (
                len(known),
                len(bad),
                share(len(bad), len(known)),
            )
            for group in answer["groups"]:
                n = sum(life.place == group["key"]["place"] for life in known)
                count = sum(life.place == group["key"]["place"] for life in bad)
                assert (group["n"], group["n_bad"]) == (n, count)
                if not group.get("few"):
                    _stands(group, Fraction(len(bad), len(known)))


def _stands(group: dict[str, Any], rate: Fraction) -> None:
    """Beyond its limits a group is where less than 2.5 (0.1) of a hundred (thousand) like it would be."""
    n, count = group["n"], group["n_bad"]
    above, below = 1 - binomial(n, rate, count - 1), binomial(n, rate, count)
    if group["stands"] in ("above", "far_above"):
        assert above <= Fraction(25, 1000)
    if group["stands"] == "far_above":
        assert above <= Fraction(1, 1000)
    if group["stands"] in ("below", "far_below"):
        assert below <= Fraction(5, 100)
    if group["stands"] == "within":
        low, high = group["limits95"]
        assert low <= group["share"] + 1e-6
        assert group["share"] <= high + 1e-6


def test_lengths_and_kinds_that_there_are_not(town: Quarrels) -> None:
    for measure, asked, code in (
        (funnel, {"of": "nice"}, "FM-U720"),
        (funnel, {"of": "slow", "days": 0}, "FM-U722"),
        (recurrence, {"of": "weather"}, "FM-U720"),
        (recurrence, {"after": "lunch"}, "FM-U720"),
    ):
        with pytest.raises(FolkmootError) as refused:
            town.ask(measure, **asked)
        assert refused.value.code == code


# ---- all of them -----------------------------------------------------------------------------------

EVERY: tuple[tuple[Any, dict[str, Any]], ...] = (
    (outcomes, {}), (compliance, {}), (recurrence, {}), (load, {}), (backlog, {"every": "month"}), (flow, {}),
    (funnel, {"of": "slow"}), (funnel, {"of": "missed"}),
)  # fmt: skip


def test_a_past_instant_tells_the_same_whatever_comes_later(store: Store) -> None:
    """On both databases, and whatever was kept of the figures before."""
    town = Quarrels(store)
    town.live(Random(7), days=40)
    told = [
        (at, m, asked, town.ask(m, as_of=at, **asked)) for at, _, _ in instants(town) for m, asked in EVERY
    ]
    town.live(Random(5), days=15)
    for at, measure, asked, answer in told:
        assert town.ask(measure, as_of=at, **asked) == answer
    assert [life.id for life in lives(town, town.now)] == list(range(1, len(town.refs) + 1))


def test_readers_outside_see_no_count_below_five(town: Quarrels) -> None:
    for by in ([], ["place", "risk"]):
        for measure, asked in EVERY:
            told = town.ask(measure, public=True, by=by, **asked)
            if measure is not funnel:
                told.pop("curve", None)
            assert small(told) == []


def small(value: Any, name: str = "") -> list[str]:
    """Counts that are there and between 0 and 5."""
    if isinstance(value, dict):
        return [
            found for key, inner in value.items() if key not in ("curve",) for found in small(inner, str(key))
        ]
    if isinstance(value, list):
        return [found for inner in value for found in small(inner, name)]
    counts = name.startswith("n_") or name in (
        "n",
        "filed",
        "reopened",
        "closed",
        "open",
        "0-7",
        "8-30",
        "31-60",
        "61-90",
        ">90",
    )
    return [f"{name}={value}"] if counts and isinstance(value, int) and 0 < value < 5 else []
