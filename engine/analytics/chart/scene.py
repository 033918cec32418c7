"""Strokes on a page: what a chart comes to once everything has its place. Units of the drawing, y downwards."""

from dataclasses import dataclass, field

from engine.domain.lettering import ems

Point = tuple[float, float]
Box = tuple[float, float, float, float]
INK, FAINT, GRID = "#1d2430", "#59616d", "#d9dde3"


@dataclass(frozen=True, slots=True)
class Text:
    """``y`` is the line the letters stand on."""

    x: float
    y: float
    said: str
    size: float = 11.0
    anchor: str = "start"
    bold: bool = False
    fill: str = INK

    @property
    def box(self) -> Box:
        """(left, top, right, bottom)."""
        width = ems(self.said) * self.size
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * width
        return left, self.y - 0.8 * self.size, left + width, self.y + 0.2 * self.size


@dataclass(frozen=True, slots=True)
class Path:
    """A line, or with ``fill`` an area, that is closed by itself. ``series``: whose it is; ``title``: said of it."""

    points: tuple[Point, ...]
    colour: str = ""
    width: float = 1.0
    dash: str = ""
    fill: str = ""
    opacity: float = 1.0
    hatched: bool = False
    series: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    shape: str
    colour: str
    series: str = ""
    title: str = ""
    size: float = 4.0


@dataclass(slots=True)
class Scene:
    """``frame``: (left, top, right, bottom) of the plot; nothing of a series lies outside."""

    width: float
    height: float = 0.0
    frame: Box = (0.0, 0.0, 0.0, 0.0)
    paths: list[Path] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def text(self, made: Text) -> bool:
        """Sets a text, unless it would lie on another or off the page."""
        box = made.box
        if box[0] < 0 or box[2] > self.width or any(overlap(box, other.box) for other in self.texts):
            return False
        self.texts.append(made)
        return True


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
