"""Where cases stand from second to second, and what of it counts, against walking through every second."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.staying import Stays, stays, watched
from engine.analytics.traces import frame as frames
from engine.analytics.traces.book import Book, Layer
from engine.analytics.traces.frame import Frame
from engine.analytics.traces.rows import ALWAYS, Known, Row
from engine.analytics.traces.shelf import Names, Rows
from engine.analytics.worktime import Office, Ruler, Time, lasting, paused_seconds
from engine.domain.calendar import Calendar, Year
from engine.domain.counting import OfficeSeconds

NOW = 40
Told = tuple[int, str]  # when it occurred, what it says
seconds = st.integers(0, NOW)
case = st.fixed_dictionaries({
    "filed": st.integers(0, 10),
    "state": st.lists(st.tuples(seconds, st.sampled_from("abc")), max_size=6),
    "still": st.lists(st.tuples(seconds, st.sampled_from("01")), max_size=6),
    "closed": st.none() | st.integers(10, NOW),
})  # fmt: skip


def frame_of(cases: Sequence[dict[str, Any]]) -> Frame:
    names = Names()
    rows = Rows(names)
    for n, one in enumerate(cases):
        told = [("filed", "", one["filed"])]
        told += [("state", code, at) for at, code in one["state"]]
        told += [("still", code, at) for at, code in one["still"]]
        told += [("closing", "closed||", one["closed"])] if one["closed"] is not None else []
        rows.add(n + 1, [Known(Row(track, code, at, 1), 0, ALWAYS) for track, code, at in told])
    return Frame(Book([Layer(rows, np.zeros(0, np.int64))], names), NOW)


def standing(told: Sequence[Told], second: int) -> str | None:
    """What the last that was told says of a second, of all that had occurred by then."""
    past = [code for at, code in told if at <= second]
    return past[-1] if past else None


def walked(rows: Stays, n: int, texts: Sequence[str]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for case_, label, begin, end in zip(*(column.tolist() for column in rows), strict=True):
        if case_ == n:
            for second in range(begin, end):
                assert second not in found
                found[second] = texts[label] if label >= 0 else None
    return found


@given(st.lists(case, max_size=5), st.sampled_from([1, 2, 1 << 16]))
def test_every_second_stands_under_what_was_told_last(cases: list[dict[str, Any]], portion: int) -> None:
    frame = frame_of(cases)
    ends = watched(frame)
    texts = frame.texts("state")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frames, "PORTION", portion)
        rows = stays(frame, "state", range(len(texts)), ends)
    for n, one in enumerate(cases):
        end = max(one["filed"], NOW if one["closed"] is None else one["closed"])
        assert ends[n] == end
        assert walked(rows, n, texts) == {
            second: standing(one["state"], second) for second in range(one["filed"], end)
        }
    same = (rows.case[1:] == rows.case[:-1]) & (rows.label[1:] == rows.label[:-1])
    assert not same.any()


@given(st.lists(case, max_size=6), st.data(), st.integers(1, 4))
def test_rows_so_many_cases_at_a_time_are_all_rows(
    cases: list[dict[str, Any]], data: st.DataObject, portion: int
) -> None:
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(cases), max_size=len(cases))), np.bool_)
    whole = frame_of(cases)
    few = data.draw(st.integers(1, 8))
    for at in (NOW, 20):
        frame = Frame(whole.book, at).only(keep)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(frames, "PORTION", portion)
            patched.setattr(frames, "FEW", few)
            parts = list(frame.portions("state"))
            all_ = frame.steps("state")
            again = list(frame.portions("state"))
        for found in (parts, again):
            assert [(part.start, part.stop) for part, _ in found] == [
                (n, min(n + portion, len(frame))) for n in range(0, len(frame), portion)
            ]
            for name in ("case", "code", "at"):
                together = [value for _, steps in found for value in getattr(steps, name).tolist()]
                assert together == getattr(all_, name).tolist()
            for of, steps in found:
                assert ((steps.case >= of.start) & (steps.case < of.stop)).all()


@given(st.lists(case, max_size=5))
def test_what_counts_alike_is_one_stay(cases: list[dict[str, Any]]) -> None:
    frame = frame_of(cases)
    texts = frame.texts("state")
    rows = stays(frame, "state", [0 for _ in texts], watched(frame), lost=0)
    assert np.unique(rows.case).size == rows.case.size
    assert (rows.seconds == (watched(frame) - frame.filed)[rows.case]).all()


@given(st.lists(case, min_size=1, max_size=5), st.data())
def test_pauses_are_taken_off_second_by_second(cases: list[dict[str, Any]], data: st.DataObject) -> None:
    frame = frame_of(cases)
    ruler = Ruler(frame, None, Time(pauses=False))  # type: ignore[arg-type] # no office is asked for
    spans = []
    for _ in range(10):
        n = data.draw(st.integers(0, len(cases) - 1))
        ends = sorted((data.draw(seconds), data.draw(seconds)))
        spans.append((n, *(max(end, cases[n]["filed"]) for end in ends)))
    columns = [np.array(column, np.int64) for column in zip(*spans, strict=True)]
    for (n, begin, end), found in zip(spans, ruler.between(*columns).tolist(), strict=True):
        assert found == sum(standing(cases[n]["still"], second) != "1" for second in range(begin, end))
    ends_ = watched(frame)
    paused = paused_seconds(frame, ends_)
    left = lasting(frame, None, np.full(len(cases), -1), Time(pauses=False))  # type: ignore[arg-type]
    assert (paused + left == ends_ - frame.filed).all()


@given(
    st.sampled_from(["Asia/Shanghai", "Asia/Manila", "Europe/Berlin"]),
    st.frozensets(st.integers(0, 6), max_size=3),
    st.frozensets(st.integers(0, 60), max_size=20),
    st.lists(st.integers(16, 96), unique=True, max_size=4),
    st.lists(st.tuples(st.integers(0, 60 * 86_400), st.integers(0, 20 * 86_400)), min_size=1, max_size=20),
)
def test_office_hours_are_those_that_clocks_count(
    zone: str, weekend: frozenset[int], off: frozenset[int], edges: list[int], spans: list[tuple[int, int]]
) -> None:
    first = date(2026, 3, 1)
    days = [first + timedelta(days=n) for n in sorted(off)]
    office = sorted(edges)
    calendar = Calendar(
        "X", zone, weekend, {2026: Year(frozenset(days[::2]), frozenset(days[1::2]), "drawn")},
        office=tuple((a * 15, b * 15) for a, b in zip(office[::2], office[1::2], strict=False)),
        closures=frozenset(days[::5]),
    )  # fmt: skip
    start = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
    begin = np.array([start + a for a, _ in spans])
    end = begin + np.array([length for _, length in spans])
    hours = Office.of(calendar, int(begin.min()), int(end.max()))
    found = (hours.position(end) - hours.position(begin)).tolist()
    line = OfficeSeconds(calendar)
    assert found == [line.between(a, b) for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
