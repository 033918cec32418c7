"""A drawing as SVG: rounded boxes in the colour of their phase, arrows with the names of the acts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from engine.definitions.drawing.happened import Happened
from engine.definitions.drawing.layout import Layout, Place, arrange, circles
from engine.definitions.drawing.picture import Arrow, Box, Level, Panel, panels
from engine.definitions.wording import Wording
from engine.domain.lettering import ems, lines

FONT = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
MARGIN = 24.0
PAD = 12.0
TITLE = 14.0  # sizes of type
SMALL = 11.0
LINE = 16.0  # from one line of small print to the next
TOUCH = 16.0  # the room an arrow takes at the side of a box

# phase -> (fill, border)
COLOURS = {
    "intake": ("#e3effb", "#2f6fae"),
    "waiting": ("#fdf1d6", "#b07a10"),
    "work": ("#e4f3e6", "#3a8446"),
    "review": ("#efe7f8", "#7449a8"),
    "done": ("#ececec", "#6b6b6b"),
}
INK, FAINT, ARROW = "#1d2430", "#59616d", "#4a5361"


@dataclass(slots=True)
class _Drawn:
    """A level with everything placed, relative to its own corner."""

    level: Level
    arrows: list[Arrow]
    layout: Layout
    names: list[str]
    inner: dict[str, "_Drawn"] = field(default_factory=dict)
    heads: dict[str, float] = field(default_factory=dict)  # height above the inner level


def svg(wording: Wording) -> str:
    """All regions below each other, with a legend of the phases."""
    body, width, height = _stacked(_Painter(wording).pieces())
    width += 2 * MARGIN
    title = escape(wording.case_type())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}"'
        f' height="{_n(height)}" font-family="{escape(FONT)}" role="img" lang="{wording.lang}">'
        f"<title>{title}</title>{_DEFS}"
        f'<rect width="100%" height="100%" fill="#ffffff"/>{body}</svg>\n'
    )


def picture(wording: Wording, happened: Happened) -> tuple[str, float, float]:
    """(SVG elements, width, height) of the regions alone, with what happened in them; for a chart to be set in."""
    body, width, height = _stacked(_Painter(wording, happened).regions())
    return _DEFS + body, width + 2 * MARGIN, height


def _stacked(pieces: Iterable[tuple[str, float, float]]) -> tuple[str, float, float]:
    body, width, y = [], 0.0, MARGIN
    for piece, w, h in pieces:
        body.append(f'<g transform="translate({_n(MARGIN)} {_n(y)})">{piece}</g>')
        width, y = max(width, w), y + h + MARGIN
    return "".join(body), width, y


_DEFS = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"'
    f' orient="auto"><path d="M0 1 L10 5 L0 9 z" fill="{ARROW}"/></marker></defs>'
)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


class _Painter:
    def __init__(self, wording: Wording, happened: Happened | None = None) -> None:
        self.wording, self.happened = wording, happened

    def pieces(self) -> Iterator[tuple[str, float, float]]:
        """(SVG, width, height) of the heading, then of each region."""
        yield self._heading()
        yield from self.regions()

    def regions(self) -> Iterator[tuple[str, float, float]]:
        for panel in panels(self.wording, self.happened):
            yield self._panel(panel)

    def _heading(self) -> tuple[str, float, float]:
        title = self.wording.case_type()
        parts = [_text(0, 18, title, size=20, weight=600)]
        x, y = 0.0, 34.0
        for phase, (fill, border) in COLOURS.items():
            name = self.wording.word(f"phase.{phase}")
            parts.append(
                f'<rect x="{_n(x)}" y="{_n(y)}" width="14" height="14" rx="4" fill="{fill}" stroke="{border}"/>'
            )
            parts.append(_text(x + 20, y + 11, name, size=SMALL, fill=FAINT))
            x += 20 + ems(name) * SMALL + 22
        return "".join(parts), max(x, ems(title) * 20), y + 18

    def _panel(self, panel: Panel) -> tuple[str, float, float]:
        drawn = self._place(panel.level, panel.filing)
        parts, y, width = [], 0.0, drawn.layout.width
        if panel.title:
            heading = self.wording.word("drawing.track", title=panel.title)
            parts.append(_text(0, 14, heading, size=15, weight=600))
            y, width = 28.0, max(width, ems(heading) * 15)
        parts.append(f'<g transform="translate(0 {_n(y)})">{self._draw(drawn)}</g>')
        y += drawn.layout.height
        if panel.anywhere:
            box, w, h = self._anywhere(panel.anywhere)
            parts.append(f'<g transform="translate(0 {_n(y + 20)})">{box}</g>')
            y, width = y + 20 + h, max(width, w)
        return "".join(parts), width, y

    def _anywhere(self, acts: Sequence[str]) -> tuple[str, float, float]:
        said = [line for act in acts for line in lines(act, 60)]
        width = (
            max(ems(self.wording.word("drawing.any")) * 12, *(ems(line) * SMALL for line in said)) + 2 * PAD
        )
        height = 26 + LINE * len(said) + 6
        parts = [
            f'<rect width="{_n(width)}" height="{_n(height)}" rx="8" fill="#ffffff" stroke="{FAINT}"'
            ' stroke-dasharray="4 3"/>',
            _text(PAD, 18, self.wording.word("drawing.any"), size=12, weight=600),
        ]
        parts += [_text(PAD, 20 + LINE * (n + 1), line, size=SMALL) for n, line in enumerate(said)]
        return "".join(parts), width, height

    # ---- places --------------------------------------------------------------------------------

    def _place(self, level: Level, filing: str = "") -> _Drawn:
        """Boxes, then the labels as boxes of their own on the arrows, so that nothing covers a label."""
        names = ["", *level.boxes]  # the first is the dot where the level is entered
        arrows = [Arrow("", level.initial, [filing] if filing else []), *level.arrows.values()]
        arrows = [a for a in arrows if a.target in level.boxes]
        drawn = _Drawn(level, arrows, Layout([]), names)
        sizes = [(12.0, 12.0)]
        for name, box in level.boxes.items():
            w, h = self._size(drawn, name, box)
            touching = max(sum(a.source == name for a in arrows), sum(a.target == name for a in arrows))
            sizes.append((max(w, touching * TOUCH), h))
        pairs = [(names.index(a.source), names.index(a.target)) for a in arrows]
        last = [names.index(name) for name, box in level.boxes.items() if box.final]
        closing = circles(len(names), pairs, last)
        edges: list[tuple[int, int]] = []
        upward: set[int] = set()
        for number, (arrow, (a, b)) in enumerate(zip(arrows, pairs, strict=True)):
            before = len(edges)
            if arrow.labels:
                sizes.append(_label_size(arrow))
                edges += [(a, len(sizes) - 1), (len(sizes) - 1, b)]
            else:
                edges.append((a, b))
            if number in closing:
                upward.update(range(before, len(edges)))
        drawn.layout = arrange(sizes, edges, upward)
        return drawn

    def _size(self, drawn: _Drawn, name: str, box: Box) -> tuple[float, float]:
        title, notes = lines(box.title, 16), _notes(box)
        width = max([ems(line) * TITLE for line in title] + [ems(line) * SMALL + 8 for line in notes])
        height = PAD + 18 * len(title) + (LINE * len(notes) + 4 if notes else 0) + PAD - 4
        drawn.heads[name] = height
        if box.inner is None:
            return max(width + 2 * PAD, 84), max(height, 40)
        inner = drawn.inner[name] = self._place(box.inner)
        return max(width, inner.layout.width) + 2 * PAD + 8, height + inner.layout.height + PAD

    # ---- strokes -------------------------------------------------------------------------------

    def _draw(self, drawn: _Drawn) -> str:
        boxes = drawn.layout.places
        parts = [f'<circle cx="{_n(boxes[0].x)}" cy="{_n(boxes[0].y)}" r="6" fill="{INK}"/>']
        for number, (name, box) in enumerate(drawn.level.boxes.items(), 1):
            parts.append(self._box(drawn, name, box, boxes[number]))
        return "".join(parts) + _arrows(drawn)

    def _box(self, drawn: _Drawn, name: str, box: Box, place: Place) -> str:
        fill, border = COLOURS[box.phase]
        if self.happened is not None:
            fill = "#ffffff" if box.inner else self.happened.fills.get(name, "#ffffff")
        x, y = place.x - place.w / 2, place.y - place.h / 2
        opacity = ' fill-opacity="0.35"' if box.inner else ""
        rect = (
            f'width="{_n(place.w)}" height="{_n(place.h)}" rx="10" fill="{fill}"{opacity} stroke="{border}"'
        )
        parts = [f'<rect {rect} stroke-width="{"2.4" if box.final else "1.2"}"/>']
        if box.final:
            parts.append(
                f'<rect x="4" y="4" width="{_n(place.w - 8)}" height="{_n(place.h - 8)}" rx="7" fill="none"'
                f' stroke="{border}"/>'
            )
        middle = place.w / 2
        at = PAD + 10
        for line in lines(box.title, 16):
            parts.append(_text(middle, at, line, size=TITLE, weight=600, anchor="middle"))
            at += 18
        at -= 1
        for line in _notes(box):
            ink = FAINT if self.happened is None else INK  # on a colour
            parts.append(_text(middle, at, line, size=SMALL, fill=ink, anchor="middle"))
            at += LINE
        if box.inner is not None:
            inner = drawn.inner[name]
            dx = (place.w - inner.layout.width) / 2
            parts.append(
                f'<g transform="translate({_n(dx)} {_n(drawn.heads[name])})">{self._draw(inner)}</g>'
            )
        return f'<g transform="translate({_n(x)} {_n(y)})">{"".join(parts)}</g>'


def _notes(box: Box) -> list[str]:
    return [line for note in dict.fromkeys(box.notes) for line in lines(note)]


def _label_size(arrow: Arrow) -> tuple[float, float]:
    said = _label(arrow)
    return max(ems(line) for line in said) * SMALL + 10, LINE * len(said) + 4


def _label(arrow: Arrow) -> list[str]:
    return [line for label in dict.fromkeys(arrow.labels) for line in lines(label, 22)]


def _text(
    x: float, y: float, said: str, *, size: float, weight: int = 400, fill: str = INK, anchor: str = "start"
) -> str:
    more = "" if anchor == "start" else f' text-anchor="{anchor}"'
    more += "" if weight == 400 else f' font-weight="{weight}"'
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{more}>{escape(said)}</text>'


# ---- arrows --------------------------------------------------------------------------------------------


def _arrows(drawn: _Drawn) -> str:
    """Each arrow as one or two curves, its label between them on white."""
    ends = _Ports(drawn)
    parts, edge, label = [], 0, len(drawn.names)
    for arrow in drawn.arrows:
        a, b = drawn.names.index(arrow.source), drawn.names.index(arrow.target)
        if not arrow.labels:
            parts.append(_curve(ends.route(edge, a, b), tip=True))
            edge += 1
            continue
        place = drawn.layout.places[label]
        parts.append(_curve(ends.route(edge, a, label), tip=False))
        parts.append(_curve(ends.route(edge + 1, label, b), tip=True))
        y = place.y - place.h / 2 + 13
        for line in _label(arrow):
            parts.append(_text(place.x, y, line, size=SMALL, anchor="middle"))
            y += LINE
        edge, label = edge + 2, label + 1
    return "".join(parts)


class _Ports:
    """Where arrows touch a box: spread over its upper and lower side in the order of where they go."""

    def __init__(self, drawn: _Drawn) -> None:
        self.layout = drawn.layout
        self.pairs: list[tuple[int, int]] = []
        label = len(drawn.names)
        for arrow in drawn.arrows:
            a, b = drawn.names.index(arrow.source), drawn.names.index(arrow.target)
            self.pairs += [(a, label), (label, b)] if arrow.labels else [(a, b)]
            label += 1 if arrow.labels else 0
        self.sides: dict[tuple[int, bool], list[tuple[float, int]]] = {}
        for edge, (a, b) in enumerate(self.pairs):
            down = self.layout.places[a].y <= self.layout.places[b].y
            gates = self.layout.routes[edge]
            near = gates[0][0] if gates else self.layout.places[b].x
            far = gates[-1][0] if gates else self.layout.places[a].x
            self.sides.setdefault((a, down), []).append((near, edge))
            self.sides.setdefault((b, not down), []).append((far, edge))
        for side in self.sides.values():
            side.sort()

    def _port(self, box: int, lower: bool, edge: int) -> tuple[float, float]:
        place = self.layout.places[box]
        order = [e for _, e in self.sides[box, lower]]
        share = (order.index(edge) + 1) / (len(order) + 1)
        width = place.w * 0.84
        return place.x - width / 2 + width * share, place.y + (place.h / 2 if lower else -place.h / 2)

    def route(self, edge: int, a: int, b: int) -> list[tuple[float, float]]:
        """Points in pairs: straight from the box to the edge of its layer, through each layer, into the box."""
        start, end = self.layout.places[a], self.layout.places[b]
        down = start.y <= end.y
        x, y = self._port(a, down, edge)
        points = [(x, y), (x, start.low if down else start.top)]
        for gate, top, low in self.layout.routes[edge]:
            points += [(gate, top), (gate, low)] if down else [(gate, low), (gate, top)]
        x, y = self._port(b, not down, edge)
        return [*points, (x, end.top if down else end.low), (x, y)]


def _curve(points: Sequence[tuple[float, float]], *, tip: bool) -> str:
    """Straight lines through layers, curves between them."""
    (x, y), *rest = points
    path = [f"M{_n(x)} {_n(y)}"]
    for number, (nx, ny) in enumerate(rest):
        if number % 2 == 0:
            path.append(f"L{_n(nx)} {_n(ny)}")
        else:
            half = (y + ny) / 2
            path.append(f"C{_n(x)} {_n(half)} {_n(nx)} {_n(half)} {_n(nx)} {_n(ny)}")
        x, y = nx, ny
    marker = ' marker-end="url(#tip)"' if tip else ""
    return f'<path d="{" ".join(path)}" fill="none" stroke="{ARROW}" stroke-width="1.2"{marker}/>'
