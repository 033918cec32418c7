"""How cases end, whether limits are kept, what lasts, what comes again, what is rare."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

import pytest

from engine.analytics.compliance import compliance
from engine.analytics.durability import durability
from engine.analytics.funnel import funnel
from engine.analytics.outcomes import outcomes
from engine.analytics.recurrence import recurrence
from tests.support.lives import Life, second
from tests.support.quarrels import Quarrels

DAY = 86_400
GRADES = {"settled": "substantive", "healed": "substantive", "left": "stage", "refused": "procedural"}


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


# ---- outcomes --------------------------------------------------------------------------------------


def incidence(told: list[Life], at: int, days: int) -> tuple[dict[str, Fraction], Fraction]:
    """Aalen and Johansen with fractions, one second after another."""
    ends = [(max(0, life.watched(at) - life.filed), life.outcome if life.closed else None) for life in told]
    left, found = Fraction(1), defaultdict[str, Fraction](Fraction)
    for moment in sorted({t for t, how in ends if how and t <= days * DAY}):
        risk = sum(t >= moment for t, _ in ends)
        over = Counter(how for t, how in ends if how and t == moment)
        for how, count in over.items():
            found[str(how)] += left * Fraction(count, risk)
        left *= 1 - Fraction(sum(over.values()), risk)
    return dict(found), left


def check_outcomes(town: Quarrels, at: datetime, told: list[Life]) -> None:
    answer = town.ask(outcomes, as_of=at)
    closed = [life for life in told if life.closed is not None]
    counts = (len(told), len(closed), len(told) - len(closed))
    assert (answer["n"], answer["n_closed"], answer["n_open"]) == counts
    for group in answer["groups"]:
        assert {one["outcome"]: (one["grade"], one["n"]) for one in group["outcomes"]} == {
            how: (GRADES[how], n) for how, n in Counter(life.outcome for life in closed).items()
        }
        for place, one in enumerate(group["open"]):
            wanted, left = incidence(told, int(at.timestamp()), one["days"])
            assert one["share"] == pytest.approx(float(left), abs=2e-6)
            total = one["share"]
            for line in group["outcomes"]:
                of = wanted.get(line["outcome"], Fraction(0))
                assert line["by"][place]["share"] == pytest.approx(float(of), abs=2e-6)
                total += line["by"][place]["share"]
            assert total == pytest.approx(1, abs=1e-5)
            for line in group["grades"]:
                of = sum((f for how, f in wanted.items() if GRADES[how] == line["grade"]), Fraction(0))
                assert line["by"][place]["share"] == pytest.approx(float(of), abs=2e-6)
                low, high = line["by"][place]["between"] or (0, 1)
                assert low <= line["by"][place]["share"] <= high
        _check_rates(group["rates"], told)


def _check_rates(rates: Sequence[Any], told: list[Life]) -> None:
    of = {
        "referred": told,
        "accepted": [v for v in told if v.reached("talk")],
        "mediated": [v for v in told if v.reached("kept")],
    }
    for rate in rates:
        cases = of[rate["per"]]
        good = [v for v in cases if v.closed is not None and GRADES[v.outcome] == "substantive"]
        counts = (len(cases), len(good), share(len(good), len(cases)))
        assert (rate["n"], rate["n_resolved"], rate["share"]) == counts
        assert rate["n_open"] == sum(v.closed is None for v in cases)


# ---- compliance ------------------------------------------------------------------------------------


def check_compliance(town: Quarrels, at: datetime, told: list[Life]) -> None:
    for group in town.ask(compliance, as_of=at)["groups"]:
        total: Counter[str] = Counter()
        for clock in group["clocks"]:
            runs = [run for life in told for (name, _), run in life.limits.items() if name == clock["clock"]]
            wanted: Counter[str] = Counter()
            for run in runs:
                late = run["status"] == "running" and second(run["due"]) <= int(at.timestamp())
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
        _check_runs(town, at, told, group)


def _check_runs(town: Quarrels, at: datetime, told: list[Life], group: dict[str, Any]) -> None:
    """The runs behind some of its numbers."""
    now = int(at.timestamp())
    runs = sorted(
        ((life.ref, name, run) for life in told for (name, _), run in life.limits.items()),
        key=lambda row: row[:2],
    )

    def behind(number: str) -> list[tuple[str, str]]:
        cases = town.ask(compliance, as_of=at, cases=number)["cases"]
        assert [one["due_at"] or "" for one in cases] == sorted(one["due_at"] or "" for one in cases)
        return sorted((one["ref"], one["clock"]) for one in cases)

    missed = [(ref, name) for ref, name, run in runs if run.get("verdict") == "missed"]
    late = [
        (ref, name) for ref, name, run in runs
        if "verdict" not in run and run["status"] == "running" and second(run["due"]) <= now
    ]  # fmt: skip
    assert (behind("missed"), behind("overdue")) == (missed, late)
    assert behind("extended") == [(ref, name) for ref, name, run in runs if run["extensions"]]
    for clock in group["clocks"][:2]:
        own = clock["clock"]
        assert behind(f"{own}/all") == [(ref, name) for ref, name, _ in runs if name == own]
        assert behind(f"{own}/missed") == [pair for pair in missed if pair[1] == own]


# ---- durability ------------------------------------------------------------------------------------


def settled(life: Life) -> tuple[int, str, int | None] | None:
    """When it was first settled, how, and when it was opened again after that."""
    for n, (shut, how, at) in enumerate(life.closings):
        if shut and GRADES[how] == "substantive":
            return (
                at,
                how,
                next((again for open_, _, again in life.closings[n + 1 : n + 2] if not open_), None),
            )
    return None


def check_durability(town: Quarrels, at: datetime, told: list[Life]) -> None:
    now = int(at.timestamp())
    found = [one for one in map(settled, told) if one is not None]
    answer = town.ask(durability, as_of=at, by=["outcome"])
    again = [one for one in found if one[2] is not None]
    assert (answer["n"], answer["n_reopened"]) == (len(found), len(again))
    assert {g["key"]["outcome"]: g["n"] for g in answer["groups"]} == dict(
        Counter(how for _, how, _ in found)
    )
    for group in town.ask(durability, as_of=at)["groups"]:
        for line in group["within"]:
            length = line["days"] * DAY
            watched = [one for one in found if one[0] + length <= now]
            failed = [one for one in found if one[2] is not None and one[2] <= one[0] + length]
            bad = [one for one in watched if one in failed]
            assert (line["n_watched"], line["n_failed"], line["n_held"], line["n_open"], line["n_open_failed"]) == (
                len(watched), len(bad), len(watched) - len(bad), len(found) - len(watched),
                sum(one not in watched for one in failed),
            )  # fmt: skip
            assert line["share_failed"] == share(len(bad), len(watched))


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


def same_place(one: Life, other: Life) -> bool:
    return (one.type, one.place) == (other.type, other.place)


FITS: dict[str, Callable[[Life, Life], bool]] = {"parties": alike, "place": same_place}


def check_recurrence(town: Quarrels, at: datetime, told: list[Life]) -> None:
    for of, fits in FITS.items():
        for after in ("closed", "filed"):
            _check_again(town, at, [life for life in told if not life.goes_on], of, after, fits)


def _check_again(
    town: Quarrels, at: datetime, told: list[Life], of: str, after: str, fits: Callable[[Life, Life], bool]
) -> None:
    answer = town.ask(recurrence, as_of=at, of=of, after=after)
    since = [(v, v.closed if after == "closed" else v.filed) for v in told]
    anchored = [(v, t) for v, t in since if t is not None]
    named = [(v, t) for v, t in anchored if v.names or of == "place"]
    assert (answer["n"], answer["n_unnamed"]) == (len(named), len(anchored) - len(named))
    _check_behind(town, at, told, of, after, fits, anchored)
    again = [(t, [w.filed for w in told if w.filed > t and w is not v and fits(v, w)]) for v, t in named]
    assert answer["n_again"] == sum(bool(later) for _, later in again)
    for one in answer["groups"][0]["within"] if answer["groups"] else ():
        length = one["days"] * DAY
        watched = [(t, later) for t, later in again if t + length <= int(at.timestamp())]
        hit = sum(any(w <= t + length for w in later) for t, later in watched)
        counts = (len(watched), hit, len(named) - len(watched))
        assert (one["n_watched"], one["n_again"], one["n_open"]) == counts
        assert one["share_again"] == share(hit, len(watched))


def _check_behind(
    town: Quarrels, at: datetime, told: list[Life], of: str, after: str, fits: Callable[[Life, Life], bool],
    anchored: list[tuple[Life, int]],
) -> None:  # fmt: skip
    """Which cases came again as which, and which name nobody."""
    by_ref = {life.ref: life for life in told}

    def behind(number: str) -> dict[str, dict[str, Any]]:
        cases = town.ask(recurrence, as_of=at, of=of, after=after, cases=number)["cases"]
        return {one["ref"]: one for one in cases}

    named = {v.ref: (v, t) for v, t in anchored if v.names or of == "place"}
    assert set(behind("unnamed")) == {v.ref for v, _ in anchored} - set(named)
    first = {
        ref: min(later)
        for ref, (v, t) in named.items()
        if (later := [w.filed for w in told if w.filed > t and w is not v and fits(v, w)])
    }
    came = behind("again")
    assert set(came) == set(first)
    for ref, one in came.items():
        again = by_ref[one["again"]]
        assert (again.filed, fits(by_ref[ref], again)) == (first[ref], True)
    now, length = int(at.timestamp()), 30 * DAY
    watched = {ref for ref, (_, t) in named.items() if t + length <= now}
    assert set(behind("watched/30")) == watched
    assert set(behind("open/30")) == set(named) - watched
    assert set(behind("again/30")) == {r for r in watched if r in first and first[r] <= named[r][1] + length}


# ---- funnel ----------------------------------------------------------------------------------------


def binomial(n: int, p: Fraction, upto: int) -> Fraction:
    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(upto + 1)), Fraction(0))


def check_funnel(town: Quarrels, at: datetime, told: list[Life]) -> None:
    now = int(at.timestamp())
    missed = [v for v in told if any("verdict" in run for run in v.limits.values())]
    slow = [v for v in told if v.filed + 9 * DAY <= now]
    long_ago = [(v, one) for v in told if (one := settled(v)) is not None and one[0] + 20 * DAY <= now]

    def late(life: Life) -> bool:
        first = life.reached("kept", "shut")
        return first is None or first > life.filed + 9 * DAY

    wanted = {
        "missed": (missed, [v for v in missed if any(run.get("verdict") == "missed" for run in v.limits.values())]),
        "slow": (slow, [v for v in slow if late(v)]),
        "reopened": (
            [v for v, _ in long_ago],
            [v for v, (over, _, again) in long_ago if again is not None and again <= over + 20 * DAY],
        ),
    }  # fmt: skip
    for of, (known, bad) in wanted.items():
        for number, meant in (("known", known), ("bad", bad)):
            days = {"slow": 9, "reopened": 20}.get(of)
            cases = town.ask(funnel, as_of=at, of=of, by=["place"], days=days, cases=number)["cases"]
            assert [(one["ref"], one["key"]["place"], one["bad"], one["open"]) for one in cases] == [
                (life.ref, life.place, life in bad, life.closed is None) for life in meant
            ]
        answer = town.ask(funnel, as_of=at, of=of, by=["place"], days={"slow": 9, "reopened": 20}.get(of))
        counts = (len(known), len(bad), share(len(bad), len(known)))
        assert (answer["n"], answer["n_bad"], answer["share"]) == counts
        for group in answer["groups"]:
            n = sum(life.place == group["key"]["place"] for life in known)
            count = sum(life.place == group["key"]["place"] for life in bad)
            assert (group["n"], group["n_bad"]) == (n, count)
            if not group.get("few"):
                _check_stands(group, n, count, Fraction(len(bad), len(known)))


def _check_stands(group: Any, n: int, count: int, overall: Fraction) -> None:
    above, below = 1 - binomial(n, overall, count - 1), binomial(n, overall, count)
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
