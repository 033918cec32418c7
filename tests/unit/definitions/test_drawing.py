"""Drawings: complete, the same every time, and with nothing lying on anything else."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.definitions.drawing import mermaid, svg
from engine.definitions.drawing.layout import GAP_X, Layout, arrange, circles
from engine.definitions.load import load, loads
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording
from engine.domain.lettering import ems, lines

ROOT = Path(__file__).parents[3]
FILES = sorted((*ROOT.glob("workflows/*/workflow.yaml"), *(ROOT / "tests/data/definitions").glob("*.yaml")))
NAMES = [f"{file.parent.name}/{file.name}" for file in FILES]


def wording(file: Path, lang: str = "en") -> Wording:
    definition = load(file).definition
    assert definition is not None
    return Wording(Outline(definition), lang=lang)


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing


def texts(drawing: str) -> list[str]:
    return [e.text or "" for e in parsed(drawing).iter() if e.tag.endswith("}text")]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_state_is_on_the_drawing(file: Path, lang: str) -> None:
    words = wording(file, lang)
    said = " ".join(texts(svg(words)))
    for name in words.outline.specs:
        for line in lines(words.state(name), 16):
            assert line in said
    diagram = mermaid(words)
    for name in words.outline.leaves:
        assert re.search(rf'state "[^"]*" as (s_)?{name}\b', diagram)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_act_is_on_the_drawing(file: Path) -> None:
    words = wording(file)
    said = re.sub(r"\s+", "", "".join(texts(svg(words))))
    for _, _, transitions in words.definition.regions():
        for transition in transitions:
            assert re.sub(r"\s+", "", words.transition(transition)) in said


def boxes(
    element: ElementTree.Element, x: float = 0, y: float = 0
) -> Iterator[tuple[float, float, float, float]]:
    """(left, top, right, bottom) of each line of text, on the page."""
    move = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
    if move:
        x, y = x + float(move[1]), y + float(move[2])
    if element.tag.endswith("}text"):
        size = float(element.get("font-size", "0"))
        width = ems(element.text or "") * size * 0.9
        left = x + float(element.get("x", "0")) - (width / 2 if element.get("text-anchor") == "middle" else 0)
        base = y + float(element.get("y", "0"))
        yield left, base - size * 0.8, left + width, base
    for inner in element:
        yield from boxes(inner, x, y)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_no_text_lies_on_another(file: Path, lang: str) -> None:
    drawn = list(boxes(parsed(svg(wording(file, lang)))))
    assert len(drawn) > 20
    for n, (left, top, right, bottom) in enumerate(drawn):
        for other in drawn[n + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart, (drawn[n], other)


def test_the_same_on_every_run() -> None:
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from engine.definitions.load import load; from engine.definitions.outline import Outline;"
        "from engine.definitions.wording import Wording; from engine.definitions.drawing import svg;"
        "sys.stdout.write(svg(Wording(Outline(load(sys.argv[2]).definition))))"
    )
    drawn = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", script, str(ROOT), str(FILES[0])],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(drawn) == 1


def test_titles_are_text_not_markup() -> None:
    text = FILES[0].read_text("utf-8").replace("title: ", "title: '<b>&\"; #' #", 1)
    definition = loads(text).definition
    assert definition is not None
    words = Wording(Outline(definition))
    assert parsed(svg(words)).findtext("{http://www.w3.org/2000/svg}title") == '<b>&"; #'
    assert "<b>" not in mermaid(words)


class TestLayout:
    def spread(self, layout: Layout) -> None:
        for n, a in enumerate(layout.places):
            for b in layout.places[n + 1 :]:
                aside = abs(a.x - b.x) >= (a.w + b.w) / 2 + GAP_X - 0.01
                assert aside or abs(a.y - b.y) >= (a.h + b.h) / 2

    @pytest.mark.parametrize("count", [1, 2, 5, 12, 30])
    def test_boxes_stand_apart(self, count: int) -> None:
        edges = [(n, (n * 7 + 3) % count) for n in range(count) if n != (n * 7 + 3) % count]
        edges += [(n, n + 1) for n in range(count - 1) if (n, n + 1) not in edges]
        sizes = [(40.0 + 37 * (n % 5), 20.0 + 13 * (n % 4)) for n in range(count)]
        self.spread(arrange(sizes, edges, circles(count, edges)))

    def test_what_is_last_stands_at_the_bottom(self) -> None:
        edges = [(0, 1), (1, 2), (2, 1), (1, 3), (3, 2)]
        layout = arrange([(50.0, 20.0)] * 4, edges, circles(4, edges, last=[1]))
        assert max(layout.places, key=lambda place: place.y) is layout.places[1]

    def test_parts_that_nothing_joins_stand_side_by_side(self) -> None:
        layout = arrange([(50.0, 20.0)] * 4, [(0, 1)], set())
        self.spread(layout)
        assert layout.width >= 200


def test_lines_are_broken_where_they_may() -> None:
    assert lines("as short as this") == ["as short as this"]
    assert all(ems(line) <= 10 for line in lines("one two three four five six seven", 10))
    assert "".join(lines("人民调解委员会主任指定调解员", 6)) == "人民调解委员会主任指定调解员"
