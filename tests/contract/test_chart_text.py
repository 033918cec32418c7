"""Charts in a terminal: exactly so, never wider than asked, and without anything but ASCII where there is no more."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.output import chart as module
from cli.output.chart import ASCII, UNICODE, drawn
from cli.output.width import width
from engine.analytics.chart import Chart
from engine.analytics.chart.kind import (
    backlog_chart,
    flow_chart,
    funnel_chart,
    months_chart,
    survival_chart,
    waiting_chart,
    why_chart,
)
from tests.support import chart as made
from tests.support.chart import AGES, DAY, EVERY, LONG, head

FIRST = {
    "key": {"unit": "S-001"},
    "n": 4,
    "curve": [[2 * DAY, 0.25], [4 * DAY, 0.625], [8 * DAY, 1.0]],
    "censored": [3 * DAY],
    "at_risk": [[2 * DAY, 4], [3 * DAY, 3], [4 * DAY, 2], [8 * DAY, 1]],
}
SECOND = {
    "key": {"unit": "S-002"},
    "n": 2,
    "curve": [[6 * DAY, 0.5]],
    "at_risk": [[6 * DAY, 2], [8 * DAY, 1]],
}


def text(chart: Chart, signs: module.Signs = UNICODE, cells: int = 60) -> str:
    return "\n".join(drawn(chart, cells, signs)) + "\n"


def test_a_curve() -> None:
    assert (
        text(survival_chart([FIRST], head(n=4, n_open=1)))
        == """\
Share resolved, by time since the report
dispute_mediation, report to first resolution, wall time · n
4, 1 open · as of 23 Nov 2026 09:00
  share resolved
       100 %│                                              ●
            │
            │
        80 %│
            │
        60 %│                       ●●●●●●●●●●●●●●●●●●●●●●●
            │
            │
        40 %│
            │
        20 %│           ●●●●●●┼●●●●●
            │
            │
         0 %│●●●●●●●●●●●
            └───────────────────────────────────────────────
             0    1     2     3     4     5     6     7    8
             days since the report
Still watched and not resolved
 ● S-001     4    4     4     3     2     1     1     1    1
  ● S-001 (n 4)
Ticks across a curve: cases that are still open, or left for
another reason, after so long.
"""
    )


def test_two_curves() -> None:
    assert (
        text(survival_chart([FIRST, SECOND], head(n=6, n_open=2)), ASCII)
        == """\
Share resolved, by time since the report
dispute_mediation, report to first resolution, wall time - n
6, 2 open - as of 23 Nov 2026 09:00
  share resolved
       100 %|                                              o
            |
            |
        80 %|
            |
        60 %|                       ooooooooooooooooooooooo
            |                                   xxxxxxxxxxxx
            |
        40 %|
            |
        20 %|           oooooooooooo
            |
            |
         0 %|oooooooooooxxxxxxxxxxxxxxxxxxxxxxxx
            +-----------------------------------------------
             0    1     2     3     4     5     6     7    8
             days since the report
Still watched and not resolved
 o S-001     4    4     4     3     2     1     1     1    1
 x S-002     2    2     2     2     2     2     2     1    1
  o S-001 (n 4)  x S-002 (n 2)
"""
    )


def test_a_backlog() -> None:
    days = [
        {"date": f"2026-11-{k:02d}", "by_age": [4 + k % 3, 2, 1 + k // 5, 0, k // 4]} for k in range(1, 21)
    ]
    assert (
        text(backlog_chart(days, AGES, head("zh")))
        == """\
逐日在办案件及其存续时间
人民调解,报案到首次解决,自然时间 · 共 1284 件,在办 97 件 ·
截至 2026年11月23日 09:00
  在办案件(件)
 20│
   │                                                       ╳
   │                                                       ╳
 15│                                              ╳╳╳      ╳
   │                                     ╳╳╳   ╳╳╳╳╳╳╳╳╳╳╳╳╳
   │                            ╳╳╳   ╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳
 10│          ╳╳╳      ╳╳╳   ╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳░
   │          ╳╳╳   ╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳░░░░░░░░░░░░▒
   │╳╳╳╳   ╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒
   │╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
  5│╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳╳░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
   │╳╳╳╳╳╳╳░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒█████████████
   │░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒█████████████████████████
  0│▒▒▒▒▒▒▒█████████████████████████████████████████████████
   └────────────────────────────────────────────────────────
                   2026-11-08           2026-11-15
    日期
  ╳ 不足 7 天  ░ 7 天 至 30 天  ▒ 30 天 至 90 天
  ▓ 90 天 至 180 天  █ 超过 180 天
"""
    )


def test_a_waterfall() -> None:
    assert (
        text(made.why())
        == """\
Where the difference comes from
dispute_mediation, report to first resolution, wall time · n
1284, 97 open · as of 23 Nov 2026 09:00
  days, mean
                    county │█████████████████ 13.9 d
case mix: more land cases… │                 ▓ +0.9 d
       waiting for consent │                  ▓▓▓ +2.6 d
    waiting for a mediator │                     ▓▓ +1.2 d
                  sessions │                       ▓ +0.1 d
                  the rest │                      ▒ -0.2 d
                     S-012 │██████████████████████ 18.5 d
The parts add up to the difference of +4.6 d exactly.
"""
    )


def test_whom_was_waited_for() -> None:
    assert (
        text(made.waiting(2))
        == """\
Where the time went
dispute_mediation, report to first resolution, wall time · n
1284, 97 open · as of 23 Nov 2026 09:00
  share of the time
S-001 (n 94) │███████████ 60 % ███████████▓▓ 23 % ▓▓▒ 17 % ▒
S-002 (n 93) │██████████ 59 % ███████████▓▓ 22 % ▓▓▒ 16 % ▒░
  █ parties  ▓ committee  ▒ office  ░ other agency
"""
    )


def test_a_workflow() -> None:
    words = made.wording(name="service_request")
    states = [
        {"state": name, "n_open": k, "spent_s": k * DAY}
        for k, name in enumerate(list(words.outline.leaves)[:3])
    ]
    moves = [
        {
            "trigger": edge.transition.trigger or "",
            "from": edge.source,
            "to": words.outline.entry(edge.transition.dest[0].to),
            "n": n,
        }
        for n, edge in enumerate(words.outline.edges[:2], 12)
    ]
    assert (
        text(flow_chart(words, states, moves, head()))
        == """\
Service request: time in each state
dispute_mediation, report to first resolution, wall time · n
1284, 97 open · as of 23 Nov 2026 09:00
  Received: half leave by 0 s
       12 → Passed to 110: Look at the request
█ Looked at: 1 there now, half leave by 1 d
       13 → Replied, to be called back: Answer at once
█ Passed to 110: 2 there now, half leave by 2 d
"""
    )


def test_nothing() -> None:
    assert (
        text(survival_chart([], head(n=0, n_open=0)))
        == """\
Share resolved, by time since the report
dispute_mediation, report to first resolution, wall time · n
0, 0 open · as of 23 Nov 2026 09:00
Nothing to draw: no case fits.
"""
    )


# ---- whatever is drawn -----------------------------------------------------------------------------------

ODD: dict[str, Callable[[], Chart]] = {
    "forty groups": lambda: made.survival(40, "zh"),
    "sixty months": lambda: made.months(60, "zh"),
    "one month of zeros": lambda: months_chart(
        [{"key": {"filed_month": "2026-01"}, "n": 1, "p50_s": 0, "p80_s": 0, "p90_s": 0}], head()
    ),
    "one day": lambda: backlog_chart([{"date": "2026-01-01", "by_age": [3, 0, 0, 0, 1]}], AGES, head()),
    "ten years": lambda: made.backlog(3650),
    "many units": lambda: made.funnel(120, "zh"),
    "one unit": lambda: funnel_chart([{"key": {"u": LONG}, "n": 1, "share": 0.0}], head("zh"), centre=1.0),
    "long names": lambda: made.waiting(12, "zh"),
    "a long name outside": lambda: why_chart(
        [{"title": LONG, "s": -90 * DAY}], head("zh"), base={"title": "a", "s": 60 * DAY}, total={"title": LONG, "s": -30 * DAY}
    ),
    "one bar": lambda: waiting_chart([{"key": {}, "n": 1, "waits": {"x": 1}}], head(), titles={"x": LONG}),
}  # fmt: skip
ALL = {
    **{
        f"{kind} {lang}": (lambda k=kind, one=lang: EVERY[k](lang=one))
        for kind in EVERY
        for lang in ("en", "zh")
    },
    **ODD,
}


@pytest.mark.parametrize("cells", [40, 60, 80, 100])
@pytest.mark.parametrize("name", ALL)
def test_it_fits_the_width(name: str, cells: int) -> None:
    for signs in (UNICODE, ASCII):
        lines = drawn(ALL[name](), cells, signs)
        assert len(lines) > 4
        assert [line for line in lines if width(line) > cells] == []


@pytest.mark.parametrize("name", [name for name in ALL if name.endswith(" en")])
def test_ascii_is_enough(name: str) -> None:
    assert all(line.isascii() for line in drawn(ALL[name](), 80, ASCII))


def test_every_mark_takes_one_cell_and_no_two_are_alike() -> None:
    for signs in (UNICODE, ASCII):
        for several in (signs.marks, signs.fills):
            assert len(set(several)) == len(several)
            assert width(several) == len(several)
        assert len(signs.marks) >= 12


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.lists(st.integers(0, 5000 * DAY), max_size=6, unique=True)),
        max_size=14,
    ),
    st.integers(40, 100),
)
def test_any_curves_fit(groups: list[tuple[str, list[int]]], cells: int) -> None:
    built = [
        {
            "key": {"unit": name},
            "n": 9,
            "curve": [[at, (k + 1) / 7] for k, at in enumerate(sorted(times))],
            "at_risk": [[1, 9]],
        }
        for name, times in groups
    ]
    assert all(width(line) <= cells for line in drawn(survival_chart(built, head()), cells, UNICODE))
