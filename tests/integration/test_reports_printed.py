"""The PDF of a report as it comes out of a printer: charts are drawn where they should be, and nothing is cut off."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copy
from typing import Any

import pytest

from engine.analytics.chart import look
from engine.analytics.registry import MEASURES
from engine.analytics.report import document, listing, running
from engine.persistence.store import Store
from engine.service import report
from tests.support.printed import MM, Box, Sheet, coloured, inked, near, sheets, words
from tests.support.quarrels import Quarrels

DRAWN = tuple(name for name, one in MEASURES.items() if one.chart and name != "why")
A4_ACROSS = (round(297 * MM), round(210 * MM))
MARGIN = round(22 * MM)
FOOT = round(20 * MM)  # from the lower edge: the line with digest and page


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarrels]:
    folder = tmp_path_factory.mktemp("printed")
    copy(sqlite_template, folder / "folkmoot.db")
    with Store.open(f"sqlite:///{folder / 'folkmoot.db'}") as store:
        made = Quarrels(store)
        made.live(Random(3), days=90)
        for name in (*DRAWN, "compliance", "activity"):
            body = {"title": name, "parts": [{"measure": name}]}
            made.do(report.save, "chf-01", name=name, body=listing.checked(name, body))
        body = {"title": "none", "parts": [{"measure": "load"}, {"measure": "outcomes"}]}
        made.do(report.save, "chf-01", name="none", body=listing.checked("none", body))
        yield made


def paper(town: Quarrels, name: str, lang: str = "en") -> bytes:
    caller = town.engine.caller(person="chf-01", lang=lang)
    return bytes(town.engine.read(document.written, caller, name=name, form="pdf")["content"])


def printed(town: Quarrels, name: str, lang: str = "en") -> list[Sheet]:
    return sheets(paper(town, name, lang))


def colours(chart: Any) -> set[str]:
    """What the look of a chart says its series, or its states, are drawn in."""
    if chart.flow is not None:
        return {look.HEAT[state.level] for state in chart.flow.states if state.level}
    return {look.colour(chart, series) for series in chart.series if _shows(series)}


def _shows(series: Any) -> bool:
    """Whether there is something to see: an area or a bar of no height is none."""
    if series.base:
        return any(y is not None and y != low for (_, y), low in zip(series.points, series.base, strict=True))
    return bool(series.points)


@pytest.mark.parametrize("name", DRAWN)
def test_the_chart_is_drawn_in_its_own_colours_where_the_picture_stands(town: Quarrels, name: str) -> None:
    [part] = town.ask(running.run, name=name).parts
    assert not part.chart.empty
    pages = printed(town, name)
    [(sheet, box)] = [(sheet, box) for sheet in pages for box in sheet.pictures]
    drawn = sheet.inside(box)
    assert box.right - box.left > 80 * MM
    assert coloured(drawn) > 60
    for colour in colours(part.chart):
        assert near(drawn, colour) > 20, colour
    for page in pages:
        assert coloured(page.without(*page.pictures)) == 0, "tables and words are black on white"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [*DRAWN, "weekly"])
def test_nothing_stands_in_the_margins_but_the_line_at_the_foot(town: Quarrels, name: str, lang: str) -> None:
    for sheet in printed(town, name, lang):
        high, wide = sheet.pixels.shape[:2]
        assert (abs(wide - A4_ACROSS[0]) <= 1, abs(high - A4_ACROSS[1]) <= 1) == (True, True)
        for box in sheet.pictures:
            assert box.left >= MARGIN - 1
            assert box.right <= wide - MARGIN + 1
            assert box.top >= MARGIN - 1
            assert box.bottom <= high - MARGIN + 1
        for box in _margins(wide, high):
            assert inked(sheet.inside(box)) == 0
        assert inked(sheet.inside(Box(MARGIN, high - FOOT, wide - MARGIN, high))) > 100, (
            "the line at the foot"
        )


def _margins(wide: int, high: int) -> tuple[Box, ...]:
    """Left, right, above, and what is left of the lower one above and below its line."""
    return (
        Box(0, 0, MARGIN - 2, high),
        Box(wide - MARGIN + 2, 0, wide, high),
        Box(0, 0, wide, MARGIN - 2),
        Box(0, high - MARGIN + 2, wide, high - FOOT),
        Box(0, high - round(5 * MM), wide, high),
    )


@pytest.mark.parametrize("name", ["weekly", "compliance", "backlog", "activity"])
def test_no_word_of_a_head_and_no_number_is_parted(town: Quarrels, name: str) -> None:
    """However narrow its column is."""
    tables = [table for part in town.ask(running.run, name=name).parts for table in part.tables]
    heads = {word for table in tables for head in table.heads for word in head.title.split()}
    counts = {
        str(cell)
        for table in tables
        for row in table.rows
        for head, cell in zip(table.heads, row, strict=True)
        if head.kind == "count" and cell is not None
    }
    assert max(map(len, counts)) > 1
    assert heads | counts <= set(words(paper(town, name)))


def test_a_report_without_charts_has_no_picture_and_no_colour(town: Quarrels) -> None:
    for sheet in printed(town, "none"):
        assert sheet.pictures == ()
        assert coloured(sheet.pixels) == 0
        assert inked(sheet.pixels) > 1000
