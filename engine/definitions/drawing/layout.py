"""Places for boxes and routes for arrows: a layered layout, the same on every run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from grandalf.graphs import Edge, Graph, Vertex
from grandalf.layouts import SugiyamaLayout

GAP_X = 26.0
GAP_Y = 34.0
_THREAD = 14.0  # the room an arrow takes where it passes a layer


@dataclass(slots=True)
class Place:
    """The middle of a box and its size; ``top`` and ``low`` bound the layer it stands in."""

    w: float
    h: float
    x: float = 0.0
    y: float = 0.0
    top: float = 0.0
    low: float = 0.0


@dataclass(slots=True)
class Layout:
    """``routes``: for each edge the gates it passes, (x, top, bottom), between its two ends."""

    places: list[Place]
    routes: list[list[tuple[float, float, float]]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def arrange(
    sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]], upward: Collection[int]
) -> Layout:
    """Boxes by number, arrows as pairs of numbers; what belongs together stands together.

    ``upward`` are the numbers of the edges that run upwards; without them there is no circle.
    """
    layout = Layout([Place(w, h) for w, h in sizes], [[] for _ in edges])
    vertices = [Vertex(number) for number in range(len(sizes))]
    for vertex, (w, h) in zip(vertices, sizes, strict=True):
        vertex.view = _View(w, h)
    links = [Edge(vertices[a], vertices[b], data=n) for n, (a, b) in enumerate(edges)]
    parts = sorted(Graph(vertices, links).C, key=lambda part: min(v.data for v in part.sV))
    offset = row = tallest = 0.0
    for part in parts:
        width, height = _part(part, layout, {links[n] for n in upward})
        if offset and offset + width > _widest(parts, layout):
            offset, row, tallest = 0.0, row + tallest + GAP_Y, 0.0
        _shift(part, layout, offset, row)
        layout.width = max(layout.width, offset + width)
        offset, tallest = offset + width + GAP_X, max(tallest, height)
    layout.height = row + tallest
    return layout


class _View:
    def __init__(self, w: float, h: float) -> None:
        self.w, self.h, self.xy = w, h, (0.0, 0.0)


def _widest(parts: Sequence[Any], layout: Layout) -> float:
    """How wide a row of parts may grow: about as wide as a page, or as the widest part."""
    widths: list[float] = [layout.places[v.data].w for part in parts for v in part.sV]
    return max([900.0, *widths])


def circles(count: int, edges: Sequence[tuple[int, int]], last: Collection[int] = ()) -> set[int]:
    """Numbers of the edges that close a circle, by a depth-first walk in the order given.

    Edges that leave a box of ``last`` are among them: such boxes stand at the bottom.
    """
    leaving: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    found: set[int] = set()
    for number, (a, b) in enumerate(edges):
        if a in last and b not in last:
            found.add(number)
        else:
            leaving[a].append((number, b))
    colour = [0] * count
    for start in range(count):
        if colour[start]:
            continue
        colour[start] = 1
        stack = [(start, iter(leaving[start]))]
        while stack:
            here, rest = stack[-1]
            for number, target in rest:
                if colour[target] == 1:
                    found.add(number)
                elif colour[target] == 0:
                    colour[target] = 1
                    stack.append((target, iter(leaving[target])))
                    break
            else:
                colour[here] = 2
                stack.pop()
    return found


def _part(part: Any, layout: Layout, upward: set[Edge]) -> tuple[float, float]:
    """Lays one connected part out at the origin; gives its size."""
    members = sorted(part.sV, key=lambda v: int(v.data))
    if len(members) == 1:
        place = layout.places[members[0].data]
        place.x, place.y, place.top, place.low = place.w / 2, place.h / 2, 0.0, place.h
        return place.w, place.h
    sugiyama = SugiyamaLayout(part)
    sugiyama.xspace, sugiyama.yspace = GAP_X, GAP_Y
    sugiyama.dw, sugiyama.dh = _THREAD, 1.0
    inverted = [edge for edge in part.sE if edge in upward]
    entered = {(e.v[0] if e in upward else e.v[1]).data for e in part.sE}
    sugiyama.init_all(
        roots=[v for v in members if v.data not in entered] or [members[0]], inverted_edges=inverted
    )
    sugiyama.draw(N=6)
    _part_from(sugiyama, layout)
    return _settle(part, sugiyama, layout)


def _part_from(sugiyama: SugiyamaLayout, layout: Layout) -> None:
    """Takes the places over, layer by layer, pushing apart what would touch."""
    top = 0.0
    for layer in sugiyama.layers:
        height = max(float(v.view.h) for v in layer)
        xs = _apart([(float(v.view.xy[0]), float(v.view.w)) for v in layer])
        for vertex, x in zip(layer, xs, strict=True):
            vertex.view.xy = (x, top + height / 2)
            vertex.view.layer = (top, top + height)
        top += height + GAP_Y


def _apart(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """Middles as near as may be to those wanted, in the given order, with a gap between neighbours.

    Neighbours that would touch become one group, which stands at the mean of what its members want.
    """
    groups = [[n] for n in range(len(wanted))]
    starts = [x - w / 2 for x, w in wanted]
    lengths = [w for _, w in wanted]
    n = 1
    while n < len(groups):
        gap = starts[n] - starts[n - 1] - lengths[n - 1]
        if gap >= GAP_X - 1e-9:
            n += 1
            continue
        own, more = len(groups[n - 1]), len(groups[n])
        reach = lengths[n - 1] + GAP_X
        starts[n - 1] = (starts[n - 1] * own + (starts[n] - reach) * more) / (own + more)
        lengths[n - 1] = reach + lengths[n]
        groups[n - 1] += groups[n]
        del groups[n], starts[n], lengths[n]
        n = max(n - 1, 1)
    middles = [0.0] * len(wanted)
    for group, left in zip(groups, starts, strict=True):
        for member in group:
            width = wanted[member][1]
            middles[member] = left + width / 2
            left += width + GAP_X
    return middles


def _settle(part: Any, sugiyama: SugiyamaLayout, layout: Layout) -> tuple[float, float]:
    vertices = [v for layer in sugiyama.layers for v in layer]
    left = min(v.view.xy[0] - v.view.w / 2 for v in vertices)
    right = max(v.view.xy[0] + v.view.w / 2 for v in vertices)
    bottom = max(v.view.layer[1] for v in vertices)
    for vertex in part.sV:
        place = layout.places[vertex.data]
        place.x, place.y = vertex.view.xy[0] - left, vertex.view.xy[1]
        place.top, place.low = vertex.view.layer
    for edge in part.sE:
        between = sugiyama.ctrls.get(edge, {})
        dummies = [between[rank] for rank in sorted(between) if getattr(between[rank], "dummy", 0)]
        gates = [(d.view.xy[0] - left, *d.view.layer) for d in dummies]
        down = layout.places[edge.v[0].data].y <= layout.places[edge.v[1].data].y
        layout.routes[edge.data] = gates if down else gates[::-1]
    return right - left, bottom


def _shift(part: Any, layout: Layout, dx: float, dy: float) -> None:
    for vertex in part.sV:
        place = layout.places[vertex.data]
        place.x, place.y, place.top, place.low = place.x + dx, place.y + dy, place.top + dy, place.low + dy
    for edge in part.sE:
        layout.routes[edge.data] = [(x + dx, top + dy, low + dy) for x, top, low in layout.routes[edge.data]]
