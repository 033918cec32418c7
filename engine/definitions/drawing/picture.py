"""What a drawing shows: boxes inside boxes, and the arrows of each level. No places yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.definitions.drawing.happened import Happened
from engine.definitions.model import ClockSpec, FireEffect, StateSpec, Transition
from engine.definitions.outline import MAIN
from engine.definitions.wording import Wording

_MANY = 3  # from more places than this on one level, an act is told in words instead of arrows


@dataclass(slots=True)
class Box:
    """``notes`` are lines of small print: clocks, acts that stay, acts that go where no arrow can."""

    name: str
    title: str
    phase: str
    final: bool = False
    notes: list[str] = field(default_factory=list)
    inner: "Level | None" = None


@dataclass(slots=True)
class Arrow:
    source: str
    target: str
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Level:
    """Boxes side by side; ``initial`` is entered where the level is entered."""

    boxes: dict[str, Box]
    initial: str
    arrows: dict[tuple[str, str], Arrow] = field(default_factory=dict)


@dataclass(slots=True)
class Panel:
    """One region: the main one without a title, then each track. ``anywhere`` tells acts of any state."""

    title: str
    level: Level
    filing: str = ""
    anywhere: list[str] = field(default_factory=list)


def panels(wording: Wording, happened: Happened | None = None) -> list[Panel]:
    """``happened``: acts are told with how often they led that way, and boxes with what it says of them instead of
    clocks."""
    return [_Painter(wording, region, happened).panel() for region in wording.outline.regions]


class _Painter:
    def __init__(self, wording: Wording, region: str, happened: Happened | None) -> None:
        self.wording, self.outline, self.happened = wording, wording.outline, happened
        self.region = self.outline.regions[region]
        self.boxes: dict[str, Box] = {}
        self.paths: dict[str, tuple[str, ...]] = {}
        self.levels: dict[tuple[str, ...], Level] = {}

    def panel(self) -> Panel:
        title = "" if self.region.name == MAIN else self.wording.track(self.region.name)
        panel = Panel(title, self._level(self.region.states, (), "work"))
        if self.happened is None:
            self._clocks()
        else:
            self._said(self.happened)
        for transition in self.region.transitions:
            if transition.trigger == "file" and self.region.name == MAIN:
                panel.filing = self.wording.transition(transition)
            elif "any" in transition.source:
                if self.happened and all(branch.to == "stay" for branch in transition.dest):
                    continue  # it moves nothing
                panel.anywhere.append(self._anywhere(transition))
            else:
                self._transition(transition)
        return panel

    # ---- boxes ---------------------------------------------------------------------------------

    def _level(self, states: Mapping[str, StateSpec], path: tuple[str, ...], phase: str) -> Level:
        boxes = {}
        for name, spec in states.items():
            own = spec.phase or ("done" if spec.final else phase)
            box = Box(name, self.wording.state(name), own, spec.final)
            self.boxes[name] = boxes[name] = box
            self.paths[name] = (*path, name)
            if spec.states:
                box.inner = self._level(spec.states, (*path, name), own)
        initial = next((n for n, s in states.items() if s.initial), next(iter(states), ""))
        self.levels[path] = Level(boxes, initial)
        return self.levels[path]

    def _clocks(self) -> None:
        for name, clock in self.outline.definition.clocks.items():
            for state in clock.runs_in or ():
                if state in self.boxes:
                    self.boxes[state].notes.append(self._clock(name, clock))

    def _said(self, happened: Happened) -> None:
        for name, box in self.boxes.items():
            box.notes += happened.notes.get(name, ())

    def _clock(self, name: str, clock: ClockSpec) -> str:
        """``30 days, then "Terminate"`` or ``3 working days: consent``."""
        length = "" if clock.within is None else self._short(clock.within)
        fired = [e.trigger for effects in clock.at.values() for e in effects if isinstance(e, FireEffect)]
        title = self.wording.clock(name)
        said = self.wording.word("drawing.clock", title=title, length=length) if length else title
        if fired:
            acts = self.wording.listed(dict.fromkeys(map(self.wording.act, fired)))
            return self.wording.word("drawing.fires", clock=said, act=acts)
        return said

    def _short(self, within: object) -> str:
        """A length on a drawing; one that depends on facts is told by the page, not here."""
        words = self.wording.within(within)
        return words if len(words) <= 24 else self.wording.word("drawing.depends")

    # ---- arrows --------------------------------------------------------------------------------

    def _anywhere(self, transition: Transition) -> str:
        act = self._counted(transition, None, [branch.to for branch in transition.dest])
        goes = self.wording.listed(dict.fromkeys(self._target(branch.to) for branch in transition.dest))
        but = self.wording.states(transition.except_)
        return self.wording.word(
            "drawing.anywhere_but" if but else "drawing.anywhere", act=act, to=goes, but=but
        )

    def _target(self, name: str) -> str:
        return self.wording.state(name)

    def _label(self, transition: Transition) -> str:
        return self.wording.transition(transition) or self.wording.word("drawing.by_itself")

    def _counted(self, transition: Transition, sources: list[str] | None, targets: list[str]) -> str:
        """The act, with how often it led from these states to those."""
        label = self._label(transition)
        if self.happened is None:
            return label
        under = self.outline.under
        known = all(to in under for to in targets)
        n = self.happened.count(
            transition.trigger or transition.name or "",
            None if sources is None else {leaf for name in sources for leaf in under[name]},
            {leaf for to in targets for leaf in under[to]} if known else None,
        )
        return self.wording.word("chart.flow_moves", act=label, n=n)

    def _transition(self, transition: Transition) -> None:
        sources = [name for name in transition.source if name in self.paths]
        for to in dict.fromkeys(branch.to for branch in transition.dest):
            if to in self.paths:
                self._move(transition, sources, to)
            else:
                for source in sources:
                    self._note(source, transition, to)

    def _note(self, source: str, transition: Transition, to: str) -> None:
        """An act told inside its box: it stays, goes back, or leads to a part or a whole of this very box."""
        if to == "stay" and self.happened is not None:
            return  # it moves nothing
        word = "drawing.stays" if to == "stay" else "drawing.leads"
        note = self.wording.word(word, act=self._counted(transition, [source], [to]), to=self._target(to))
        self.boxes[source].notes.append(note)

    def _move(self, transition: Transition, sources: list[str], to: str) -> None:
        """Arrows between the boxes of the one level on which source and target lie apart."""
        lifted: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
        for source in sources:
            a, b = self.paths[source], self.paths[to]
            shared = next(
                (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
            )
            if shared in (len(a), len(b)):
                self._note(source, transition, to)
            else:
                lifted.setdefault((a[:shared], a[shared], b[shared]), []).append(source)
        if len(lifted) > _MANY:
            for source in (one for group in lifted.values() for one in group):
                self._note(source, transition, to)
            return
        for (level, source, target), inner in lifted.items():
            arrow = self.levels[level].arrows.setdefault((source, target), Arrow(source, target))
            arrow.labels.append(self._lifted(transition, source, inner, target, to))

    def _lifted(self, transition: Transition, source: str, inner: list[str], target: str, to: str) -> str:
        """The act, with the inner box it begins or ends in where the arrow only touches the outer one."""
        label = self._counted(transition, inner, [to])
        if inner != [source]:
            label = self.wording.word("drawing.from", act=label, state=self.wording.states(inner))
        if target != to and self.outline.entry(target) != self.outline.entry(to):
            label = self.wording.word("drawing.to", act=label, state=self.wording.state(to))
        return label


def walk(level: Level) -> Iterator[Box]:
    """Every box, outer ones first."""
    for box in level.boxes.values():
        yield box
        if box.inner is not None:
            yield from walk(box.inner)
