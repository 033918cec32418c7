"""What is too little to say is not said, and cannot be had by subtraction."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.suppress import LEAST, SMALLEST, finish, hidden, telling

sizes = st.lists(st.integers(0, 40), max_size=12)


def answer(ns: list[tuple[int, int]]) -> dict[str, Any]:
    groups = [
        {"key": {"unit": f"S-{n}"}, "n": size, "n_open": part, "km": {"p50_s": 7}}
        for n, (size, part) in enumerate(ns)
    ]
    return {"n": sum(size for size, _ in ns), "n_open": sum(part for _, part in ns), "groups": groups}


@given(sizes)
def test_what_is_left_out_is_never_one_cell_nor_too_few_cases_together(ns: list[int]) -> None:
    gone = hidden(ns)
    assert all(n in gone for n, size in enumerate(ns) if 0 < size < SMALLEST)
    assert all(ns[n] > 0 for n in gone)
    filled = sum(size > 0 for size in ns)
    if gone and filled > 1:
        assert len(gone) >= 2
        assert sum(ns[n] for n in gone) >= SMALLEST or len(gone) == filled


@given(sizes)
def test_nothing_goes_that_need_not(ns: list[int]) -> None:
    gone = hidden(ns)
    if all(size == 0 or size >= SMALLEST for size in ns):
        assert gone == []


@given(
    st.lists(
        st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=8
    )
)
def test_no_small_count_can_be_read_or_worked_out(ns: list[tuple[int, int]]) -> None:
    told = finish(answer(ns), by=["unit"], public=True, counts=["n_open"])
    for group in told["groups"]:
        assert group["n"] is None or group["n"] == 0 or group["n"] >= SMALLEST
        if group["n"] is not None and group["n_open"] is not None:
            assert group["n_open"] == 0 or group["n_open"] >= SMALLEST
            assert group["n"] == group["n_open"] or group["n"] - group["n_open"] >= SMALLEST
    said = [group for group in told["groups"] if group["n_open"] is not None]
    if told["n_open"] is not None and len(said) < len(told["groups"]):
        rest, of = told["n_open"] - sum(g["n_open"] for g in said), told["n"] - sum(g["n"] for g in said)
        assert len(told["groups"]) - len(said) > 1
        assert rest == 0 or rest >= SMALLEST
        assert rest == of or of - rest >= SMALLEST


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 40), st.integers(0, 40))
def test_of_rising_counts_those_are_told_between_which_nobody_is_alone(
    steps: list[int], later: int, never: int
) -> None:
    counts = [sum(steps[: n + 1]) for n in range(len(steps))]
    total = sum(steps) + later
    told = [counts[place] for place in telling(counts, total + never, total)]
    for low, high in pairwise([0, *told, total]):
        assert high == low or high - low >= SMALLEST or not told
    assert all(total + never - count == 0 or total + never - count >= SMALLEST for count in told)


def test_groups_of_too_few_say_their_counts_alone() -> None:
    told = finish(answer([(LEAST - 1, 3), (LEAST, 3)]), by=["unit"], public=False, counts=["n_open"])[
        "groups"
    ]
    assert told[0] == {"key": {"unit": "S-0"}, "n": 9, "n_open": 3, "km": {"p50_s": None}, "few": True}
    assert told[1]["km"] == {"p50_s": 7}


def test_one_figure_of_all_cases_is_told_however_few() -> None:
    assert finish(answer([(3, 1)]), by=[], public=False, counts=["n_open"])["groups"][0]["km"] == {"p50_s": 7}


def test_outside_nothing_is_told_of_fewer_than_five() -> None:
    told = finish(answer([(3, 1)]), by=[], public=True, counts=["n_open"])
    assert (told["n"], told["n_open"], told["groups"][0]["n"]) == (None, None, None)
