"""Where the time of a mean went, and why two means differ: sums are exact, parts are those of counting by seconds."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate import occupation as room
from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.difference import decompose
from engine.analytics.estimate.mean import rmst_exact
from engine.analytics.estimate.occupation import Occupation, Stays, occupation
from tests.support.survival import open_at

STRATA, REASONS = 3, 4


@st.composite
def cases(draw: st.DrawFn) -> list[tuple[int, bool, int, list[tuple[int, int, int]]]]:
    """(lasted, ended, stratum, stays of (reason, from, to)); stays may go on behind what is measured."""
    found = []
    for _ in range(draw(st.integers(1, 14))):
        cuts = sorted(draw(st.lists(st.integers(0, 15), min_size=1, max_size=4)))
        lasted = draw(st.integers(0, cuts[-1]))
        reasons = draw(st.lists(st.integers(0, REASONS - 1), min_size=len(cuts), max_size=len(cuts)))
        stays = list(zip(reasons, [0, *cuts[:-1]], cuts, strict=True))
        found.append((lasted, draw(st.booleans()), draw(st.integers(0, STRATA - 1)), stays))
    return found


def measured(made: list[tuple[int, bool, int, list[tuple[int, int, int]]]], tau: int) -> Occupation:
    lasted, ended, stratum, _ = zip(*made, strict=True)
    rows = [(i, *stay) for i, (_, _, _, stays) in enumerate(made) for stay in stays]
    # the order of the rows is free
    stays = Stays(*(np.array(column, np.int64) for column in zip(*rows[::-1], strict=True)))
    return occupation(
        np.array(lasted), np.array(ended), np.array(stratum, np.int16), STRATA, stays, REASONS, tau
    )


def known_until(made: list[tuple[int, bool, int, list[tuple[int, int, int]]]], tau: int) -> int:
    reach = curve(np.array([row[0] for row in made]), np.array([row[1] for row in made])).reach
    return tau if reach is None else min(tau, reach)


@given(cases(), st.integers(1, 18))
def test_parts_are_those_of_counting_second_by_second(
    made: list[tuple[int, bool, int, list[tuple[int, int, int]]]], tau: int
) -> None:
    """In each second: the share still open, divided among those at risk by what they wait for."""
    tau = known_until(made, tau)
    if not tau:
        return
    parts = [[Fraction(0)] * REASONS for _ in range(STRATA)]
    pairs = [(lasted, ended) for lasted, ended, _, _ in made]
    for second in range(tau):
        there = [(s, stays) for lasted, _, s, stays in made if lasted > second]
        for s, stays in there:
            reason = next(r for r, begin, end in stays if begin <= second < end)
            parts[s][reason] += open_at(pairs, second) / len(there)
    found = measured(made, tau)
    assert [list(row) for row in found.parts] == parts
    assert found.mean == rmst_exact(
        curve(np.array([t for t, _ in pairs]), np.array([e for _, e in pairs])), tau
    )
    assert found.size == tuple(sum(row[2] == s for row in made) for s in range(STRATA))
    assert sum(found.of_reason(r) for r in range(REASONS)) == found.mean


@given(cases(), cases(), st.integers(1, 18))
def test_why_two_means_differ_adds_up_exactly(
    mine: list[tuple[int, bool, int, list[tuple[int, int, int]]]],
    theirs: list[tuple[int, bool, int, list[tuple[int, int, int]]]],
    tau: int,
) -> None:
    tau = known_until(theirs, known_until(mine, tau))
    if not tau:
        return
    unit, rest = measured(mine, tau), measured(theirs, tau)
    found = decompose(unit, rest)
    assert found.total == unit.mean - rest.mean
    assert found.case_mix + sum(found.by_reason) == found.total
    back = decompose(rest, unit)
    assert back.case_mix == -found.case_mix
    assert back.by_reason == tuple(-part for part in found.by_reason)
    same = decompose(unit, unit)
    assert same.case_mix == 0
    assert not any(same.by_reason)


def plain(sizes: list[int], means: list[list[int]]) -> Occupation:
    """Strata with these means by reason."""
    parts = [[Fraction(n * m, sum(sizes)) for m in row] for n, row in zip(sizes, means, strict=True)]
    return Occupation(100, tuple(sizes), tuple(tuple(row) for row in parts))


def test_a_difference_by_hand() -> None:
    """Land cases last 10 days longer; the unit has 30 % of them, the county 20 %; consent takes 2 days more in it."""
    unit = plain([70, 30], [[4, 3], [14, 3]])
    county = plain([80, 20], [[2, 3], [12, 3]])
    found = decompose(unit, county)
    assert found.total == 3
    assert found.case_mix == 1
    assert found.by_reason == (2, 0)
    # those with fewer easy cases are slower for it as those with more hard ones are
    assert all(part > 0 for part in found.mix)


def test_a_kind_that_only_one_side_has_is_case_mix() -> None:
    unit, county = plain([50, 50], [[4], [20]]), plain([100, 0], [[4], [0]])
    found = decompose(unit, county)
    assert (found.total, found.case_mix, found.by_reason) == (8, 8, (0,))


def test_sides_that_cannot_be_compared_are_refused() -> None:
    one = plain([1], [[4]])
    for other in (
        replace(one, tau=50),
        plain([1, 1], [[4], [4]]),
        plain([1], [[2, 2]]),
        replace(one, size=(0,)),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each for its own reason
            decompose(one, other)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 0, 0, 3), (0, 1, 4, 9)],
        [(0, 0, 0, 5), (0, 1, 4, 9)],
        [(0, 0, 1, 9)],
        [(0, 0, 0, 8)],
        [(0, 9, 0, 9)],
        [(0, 0, 0, 9), (0, 1, 9, 8)],
        [(0, 0, 0, 9), (-1, 0, 0, 9)],
    ],
    ids=["gap", "overlap", "late", "short", "unknown reason", "backwards", "nobody's"],
)
def test_stays_that_are_not_a_life_are_refused(rows: list[tuple[int, int, int, int]]) -> None:
    stays = Stays(*(np.array(column) for column in zip(*rows, strict=True)))
    with pytest.raises(ValueError, match=r"gap|reason|case"):
        occupation(np.array([9]), np.array([True]), np.array([0]), 1, stays, REASONS, 5)


def test_beyond_what_was_watched_there_is_no_mean() -> None:
    stays = Stays(np.array([0]), np.array([0]), np.array([0]), np.array([9]))
    with pytest.raises(ValueError, match="known up to 9"):
        occupation(np.array([9]), np.array([False]), np.array([0]), 1, stays, REASONS, 10)


def many(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, Stays]:
    random = np.random.default_rng(2)
    lasted, ended = random.integers(1, 10**7, n), random.random(n) < 0.7
    case = np.repeat(np.arange(n), 2)
    middle = (lasted * random.random(n)).astype(np.int64)
    begin = np.stack([0 * middle, middle], axis=1).reshape(-1)
    end = np.stack([middle, lasted], axis=1).reshape(-1)
    return lasted, ended, random.integers(0, STRATA, n), Stays(case, np.tile([0, 1], n), begin, end)


def test_many_open_cases_round_weights_and_parts_still_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    lasted, ended, stratum, stays = many(2_000)
    asked = (lasted, ended, stratum, STRATA, stays, 2, 5 * 10**6)
    rounded = {most: _with(monkeypatch, most, asked) for most in (10, 10_000)}
    assert rounded[10_000].mean == rmst_exact(curve(lasted, ended), 5 * 10**6)
    for near, exact in zip(rounded[10].parts, rounded[10_000].parts, strict=True):
        for a, b in zip(near, exact, strict=True):
            assert abs(a - b) < Fraction(b, 10**12)
    found = decompose(rounded[10], rounded[10_000])
    assert found.case_mix + sum(found.by_reason) == found.total


def test_portions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    lasted, ended, stratum, stays = many(500)
    whole = occupation(lasted, ended, stratum, STRATA, stays, 2, 5 * 10**6)
    rounded = _with(monkeypatch, 10, (lasted, ended, stratum, STRATA, stays, 2, 5 * 10**6))
    monkeypatch.setattr(room, "_PORTION", 7)
    assert _with(monkeypatch, 10, (lasted, ended, stratum, STRATA, stays, 2, 5 * 10**6)) == rounded
    assert _with(monkeypatch, 1000, (lasted, ended, stratum, STRATA, stays, 2, 5 * 10**6)) == whole


def _with(monkeypatch: pytest.MonkeyPatch, most: int, asked: tuple) -> Occupation:
    monkeypatch.setattr(room, "_EXACT", most)
    return occupation(*asked)


@given(cases(), st.integers(1, 18))
def test_what_a_case_weighs_until_a_second_is_all_that_its_stays_weigh(
    made: list[tuple[int, bool, int, list[tuple[int, int, int]]]], tau: int
) -> None:
    """Rounded too: the sum over all reasons hangs on nothing but how long each case was measured."""
    tau = known_until(made, tau)
    if not tau:
        return
    whole = [(lasted, ended, 0, [(0, 0, stays[-1][2])]) for lasted, ended, _, stays in made]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(room, "_EXACT", -1)
        parts, together = measured(made, tau), measured(whole, tau)
    assert parts.mean == together.mean
    assert all(part >= 0 for row in parts.parts for part in row)
    exact = measured(made, tau)
    for near, row in zip(parts.parts, exact.parts, strict=True):
        for a, b in zip(near, row, strict=True):
            assert abs(a - b) <= Fraction(1, 10**12)
