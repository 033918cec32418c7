"""Drawn charts: nothing lies on anything else, nothing leaves its frame, and what is drawn is what was said."""

import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from struct import unpack
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.analytics import chart as charts
from engine.analytics.chart import Chart, draw
from engine.analytics.chart.kind import (
    ageing_chart,
    backlog_chart,
    funnel_chart,
    months_chart,
    survival_chart,
    waiting_chart,
    why_chart,
)
from engine.analytics.chart.layout import scene
from engine.analytics.chart.model import KINDS, plain
from engine.domain.errors import UsageError
from engine.domain.lettering import ems
from tests.support import chart as made
from tests.support.chart import AGES, DAY, EVERY, LONG, head

Box = tuple[float, float, float, float]
SCHEMA = json.loads((Path(charts.__file__).parent / "schema.json").read_text("utf-8"))
SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES = ("en", "zh")
# what is not everyday: nothing, one, many, long names, long tails, zeros
ODD: dict[str, Callable[[], Chart]] = {
    "no group": lambda: survival_chart([], head(n=0, n_open=0)),
    "one group": lambda: made.survival(1),
    "twelve groups with long names": lambda: made.survival(12, "zh"),
    "forty groups": lambda: made.survival(40, "zh"),
    "nobody resolved": lambda: survival_chart(
        [{"key": {}, "n": 3, "curve": [], "censored": [100], "at_risk": [[100, 3]]}], head()
    ),
    "resolved at once": lambda: survival_chart([{"key": {}, "n": 2, "curve": [[0, 1.0]], "at_risk": [[0, 2]]}], head()),
    "a very long tail": lambda: survival_chart(
        [{"key": {}, "n": 99, "curve": [[DAY * k, k / 40] for k in range(1, 38)] + [[DAY * 9000, 0.94]], "censored": [DAY, DAY * 8999]}],
        head(),
    ),
    "only groups that may not be shown": lambda: survival_chart([{"key": {"unit": LONG}, "n": 3, "curve": [], "few": True}], head("zh")),
    "no month": lambda: months_chart([], head(n=0)),
    "one month of zeros": lambda: months_chart(
        [{"key": {"filed_month": "2026-01"}, "n": 1, "p50_s": 0, "p80_s": 0, "p90_s": 0}], head()
    ),
    "sixty months": lambda: made.months(60, "zh"),
    "one day": lambda: backlog_chart([{"date": "2026-01-01", "by_age": [3, 0, 0, 0, 1]}], AGES, head()),
    "ten years of days": lambda: made.backlog(3650),
    "days without a case": lambda: backlog_chart([{"date": "2026-01-01", "by_age": [0] * 5}], AGES, head()),
    "ages of nobody": lambda: ageing_chart([{**band, "n": 0} for band in AGES], head("zh")),
    "one unit": lambda: funnel_chart([{"key": {"unit": "S-001"}, "n": 1, "share": 1.0}], head(), centre=1.0),
    "a hundred units, many outside": lambda: made.funnel(120, "zh"),
    "no unit": lambda: funnel_chart([], head(), centre=0.5),
    "twelve bars with long names": lambda: made.waiting(12, "zh"),
    "nobody waited": lambda: waiting_chart([{"key": {}, "n": 4, "waits": {}}], head(), titles={"parties": "parties"}),
    "shorter than the county": lambda: why_chart(
        [{"title": LONG, "s": -90 * DAY}, {"title": "b", "s": 0}], head("zh"),
        base={"title": "a", "s": 60 * DAY}, total={"title": "c", "s": -30 * DAY},
    ),
}  # fmt: skip
ALL = {
    **{
        f"{kind} {lang}": (lambda k=kind, one=lang: EVERY[k](lang=one))
        for kind in EVERY
        for lang in LANGUAGES
    },
    **ODD,
}


def texts(element: ElementTree.Element, x: float = 0, y: float = 0) -> Iterator[tuple[Box, str]]:
    """(left, top, right, bottom) of each line of text, on the page, as it stands in the file."""
    move = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
    if move:
        x, y = x + float(move[1]), y + float(move[2])
    if element.tag == f"{SVG}text":
        size = float(element.get("font-size", "0"))
        width = ems(element.text or "") * size * 0.9
        left = x + float(element.get("x", "0"))
        left -= width * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
        base = y + float(element.get("y", "0"))
        yield (left, base - size * 0.8, left + width, base), element.text or ""
    for inner in element:
        yield from texts(inner, x, y)


def parsed(drawn: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing


def apart(a: Box, b: Box) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def check_drawing(chart: Chart) -> ElementTree.Element:
    root = parsed(draw(chart, "svg"))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    found = list(texts(root))
    for n, (box, said) in enumerate(found):
        assert box[0] >= 0, said
        assert box[2] <= width + 0.01, said
        assert box[1] >= 0, said
        assert box[3] <= height, said
        for other, words in found[n + 1 :]:
            assert apart(box, other), (said, words)
    return root


def check_frame(chart: Chart) -> None:
    """Whatever belongs to a series lies inside the plot."""
    page = scene(chart)
    left, top, right, bottom = page.frame
    points = [point for path in page.paths if path.series for point in path.points]
    points += [(dot.x, dot.y) for dot in page.dots if dot.series]
    for x, y in points:
        assert left - 0.01 <= x <= right + 0.01
        assert top - 0.01 <= y <= bottom + 0.01


@pytest.mark.parametrize("name", ALL)
def test_no_text_lies_on_another_or_off_the_page(name: str) -> None:
    check_drawing(ALL[name]())


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("flow")])
def test_every_series_stays_inside_the_frame(name: str) -> None:
    check_frame(ALL[name]())


def test_every_kind_is_drawn_here() -> None:
    assert set(EVERY) == set(KINDS)


@pytest.mark.parametrize("name", ALL)
def test_it_is_told_to_those_who_do_not_see_it_and_runs_nothing(name: str) -> None:
    chart = ALL[name]()
    root = parsed(draw(chart, "svg"))
    assert root.get("role") == "img"
    assert root.get("lang") == chart.lang
    assert root.findtext(f"{SVG}title") == chart.title
    said = root.findtext(f"{SVG}desc") or ""
    assert chart.subtitle in said
    assert chart.empty in said
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {
        "svg",
        "title",
        "desc",
        "defs",
        "pattern",
        "marker",
        "rect",
        "path",
        "circle",
        "text",
        "g",
    }
    assert not [
        a for element in root.iter() for a in element.attrib if a.startswith("on") or a.endswith("href")
    ]


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("flow")])
def test_the_heading_is_on_the_drawing(name: str) -> None:
    chart = ALL[name]()
    said = "".join(text for _, text in texts(parsed(draw(chart, "svg")))).replace(" ", "")
    assert chart.title.replace(" ", "") in said
    assert chart.subtitle.replace(" ", "") in said
    for tick in chart.y.ticks if chart.kind != "flow" and not chart.across and not chart.empty else ():
        assert tick.text.replace(" ", "") in said


def test_nothing_to_draw_is_said() -> None:
    chart = ODD["no group"]()
    assert chart.empty == "Nothing to draw: no case fits."
    assert chart.empty in [text for _, text in texts(parsed(draw(chart, "svg")))]
    assert ODD["only groups that may not be shown"]().empty == "没有可绘制的内容:案件过少。"


@pytest.mark.parametrize("count", [2, 12])
def test_series_are_told_apart_without_colour(count: int) -> None:
    chart = made.survival(count)
    looks = [(path.colour, path.dash) for path in scene(chart).paths if path.title]
    assert len(looks) == count
    assert len(set(looks)) == count
    assert len({dash for _, dash in looks}) == min(count, 5)


def test_a_steep_name_does_not_become_markup() -> None:
    chart = survival_chart(
        [{"key": {"unit": '<script>"&'}, "n": 4, "curve": [[DAY, 0.5]], "at_risk": [[DAY, 4]]}], head()
    )
    assert b"<script" not in draw(chart, "svg")
    assert any('<script>"&' in text for _, text in texts(check_drawing(chart)))


def test_the_same_on_every_run() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from tests.support.chart import EVERY;"
        "from engine.analytics.chart import draw;"
        "sys.stdout.buffer.write(b''.join(draw(f(), form) for f in EVERY.values() for form in ('svg', 'json')))"
    )
    drawn = {
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", script, str(made.ROOT)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1
    assert len(drawn.pop()) > 100_000


# ---- pixels ----------------------------------------------------------------------------------------------


def pixels(png: bytes) -> tuple[int, int, set[bytes]]:
    """(width, height, the different rows of bytes) of a PNG, with its filters still on."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        size, kind = unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    raw = zlib.decompress(data)
    line = len(raw) // height
    return width, height, {raw[n : n + line] for n in range(0, len(raw), line)}


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind != "flow"])
def test_a_picture_has_twice_the_size_of_the_drawing_and_is_not_blank(kind: str) -> None:
    chart = EVERY[kind](lang="zh")
    page = scene(chart)
    width, height, rows = pixels(draw(chart, "png"))
    assert (width, height) == (round(page.width * 2), round(page.height * 2))
    assert len(rows) > 100


def test_a_large_workflow_is_drawn_smaller() -> None:
    width, height, rows = pixels(draw(made.flow(), "png"))
    assert 4990 <= max(width, height) <= 5000
    assert len(rows) > 100


def test_chinese_is_written_without_a_font_of_the_machine() -> None:
    """Two different characters that a font lacks look the same; these do not."""
    one, other = (draw(survival_chart([], head("zh"), title=said), "png") for said in ("调", "解"))
    assert one != other


# ---- data ------------------------------------------------------------------------------------------------


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ALL)
def test_a_page_gets_what_the_schema_says(name: str) -> None:
    chart = ALL[name]()
    got = json.loads(draw(chart, "json"))
    Draft202012Validator(SCHEMA).validate(got)
    assert got["chart"] == "folkmoot/1"
    assert got == json.loads(json.dumps(plain(chart)))


def test_the_schema_names_every_key() -> None:
    got = plain(made.survival())
    assert set(SCHEMA["properties"]) == set(got)
    assert set(SCHEMA["$defs"]["series"]["properties"]) == set(got["series"][0])
    assert set(SCHEMA["$defs"]["axis"]["properties"]) == set(got["x"])
    flow = plain(made.flow(name="service_request"))["flow"]
    assert set(SCHEMA["$defs"]["flow"]["properties"]) == set(flow)


def test_another_form_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        draw(made.survival(), "gif")
    assert refused.value.reasons[0].code == "FM-U382"


# ---- any figures -----------------------------------------------------------------------------------------

names = st.sampled_from(["S-001", LONG, "a b", "所", "Unit with a long name in English words, and a comma"])
seconds = st.integers(0, 4000 * DAY)


@st.composite
def groups(draw: st.DrawFn) -> list[dict[str, object]]:
    made = []
    for _ in range(draw(st.integers(0, 14))):
        at = sorted(draw(st.lists(seconds, max_size=8, unique=True)))
        share = sorted(draw(st.lists(st.floats(0, 1), min_size=len(at), max_size=len(at))))
        curve = [list(point) for point in zip(at, share, strict=True)]
        risk = [[one, len(at) - k] for k, one in enumerate(at)] or [[1, 1]]
        band = [[x, max(0.0, y - 0.1), min(1.0, y + 0.1)] for x, y in curve]
        made.append(
            {"few": draw(st.booleans()), "key": {"unit": draw(names)}, "n": draw(st.integers(0, 10**6)), "curve": draw(st.sampled_from([curve, curve, None])),
             "band": band, "censored": at[::2], "at_risk": risk}
        )  # fmt: skip
    return made


@settings(max_examples=60, deadline=None)
@given(groups(), st.sampled_from(LANGUAGES))
def test_any_curves_are_drawn_readably(given: list[dict[str, object]], lang: str) -> None:
    chart = survival_chart(given, head(lang))
    check_drawing(chart)
    check_frame(chart)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, st.integers(-200 * DAY, 200 * DAY)), max_size=12), st.integers(0, 400 * DAY))
def test_any_parts_are_drawn_readably_and_add_up(parts: list[tuple[str, int]], base: int) -> None:
    total = base + sum(s for _, s in parts)
    chart = why_chart(
        [{"title": title, "s": s} for title, s in parts],
        head(),
        base={"title": "county", "s": base},
        total={"title": LONG, "s": total},
    )
    check_drawing(chart)
    check_frame(chart)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, st.integers(1, 10**5), st.floats(0, 1)), max_size=60), st.floats(0, 1))
def test_any_rates_are_drawn_readably(units: list[tuple[str, int, float]], centre: float) -> None:
    chart = funnel_chart(
        [{"key": {"u": u}, "n": n, "share": s} for u, n, s in units], head("zh"), centre=centre
    )
    check_drawing(chart)
    check_frame(chart)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 10**5), min_size=5, max_size=5), max_size=40), st.integers(1, 700_000)
)
def test_any_backlog_is_drawn_readably(days: list[list[int]], first: int) -> None:
    from datetime import date

    chart = backlog_chart(
        [{"date": date.fromordinal(first + k).isoformat(), "by_age": one} for k, one in enumerate(days)],
        AGES,
        head(),
    )
    check_drawing(chart)
    check_frame(chart)


def test_the_rate_of_all_is_written_beside_the_limits_and_not_on_them() -> None:
    """Towards large groups the limits come near to the rate of all: there is no room at the right."""
    groups = [{"key": {"u": str(n)}, "n": 50 * n, "share": 0.5} for n in range(1, 41)]
    page = scene(funnel_chart(groups, head(), centre=0.5))
    [said] = [text for text in page.texts if text.said == "all: 50 %"]
    left, top, right, bottom = said.box
    limits = [path for path in page.paths if path.series.startswith("limit")]
    assert len(limits) == 4
    for path in limits:
        for (a, b), (c, d) in pairwise(path.points):
            for part in range(101):
                x, y = a + (c - a) * part / 100, b + (d - b) * part / 100
                assert not (left < x < right and top < y < bottom)
