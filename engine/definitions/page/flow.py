"""The tables of a page about states, acts and clocks."""

from collections.abc import Iterable, Iterator

from engine.definitions.analysis import WayOut
from engine.definitions.model import Branch, ClockSpec, Rule, Transition
from engine.definitions.outline import MAIN
from engine.definitions.page.markdown import code, plain, section, table
from engine.definitions.wording import Wording

BREAK = "<br>"


class FlowTables:
    def __init__(self, en: Wording, zh: Wording, ways_out: dict[str, WayOut]) -> None:
        self.en, self.zh, self.ways_out = en, zh, ways_out
        self.outline, self.definition = en.outline, en.definition

    def _titles(self, english: str, chinese: str) -> tuple[str, str]:
        return plain(english), plain(chinese) if chinese != english else ""

    # ---- states --------------------------------------------------------------------------------

    def states(self, region: str) -> list[str]:
        head = ["State", "Title", "中文", "Phase", "Whose turn", "On entering", "Certain way on"]
        return table(head, (self._state(name) for name in self.outline.regions[region].leaves))

    def _state(self, name: str) -> list[str]:
        leaf = self.outline.leaves[name]
        inside = " › ".join(self.en.state(parent) for parent in leaf.path[:-1])
        english, chinese = self._titles(self.en.state(name), self.zh.state(name))
        entered = [e for step in leaf.path for e in self.outline.specs[step].enter]
        way = self.ways_out.get(name)
        return [
            code(name),
            f"{plain(inside)} › {english}" if inside else english,
            chinese,
            "" if leaf.region != MAIN else self.en.word(f"phase.{leaf.phase}"),
            "ends here" if leaf.final else plain(self.en.people(leaf.waits_for)),
            plain(self.en.effects(entered)),
            self._way(way) if way else "",
        ]

    def _way(self, way: WayOut) -> str:
        by = (
            f"clock {code(way.role_or_clock)}" if way.by == "clock" else plain(self.en.who(way.role_or_clock))
        )
        return f"{code(way.trigger)}, {by}"

    # ---- acts ----------------------------------------------------------------------------------

    def acts(self, transitions: Iterable[Transition]) -> list[str]:
        head = [
            "Act",
            "Title",
            "中文",
            "From → to",
            "Who",
            "Asks",
            "Must be there",
            "Only if",
            "Then",
            "Basis",
        ]
        return table(head, (self._act(t) for t in transitions if t.trigger is not None))

    def _act(self, transition: Transition) -> list[str]:
        trigger = transition.trigger or ""
        english, chinese = self._titles(self.en.act(trigger), self.zh.act(trigger))
        return [
            code(trigger),
            english,
            chinese,
            self._way_taken(transition),
            plain(self.en.people(transition.allow)),
            plain(self.en.listed(map(self.en.ask, transition.asks))),
            plain(self.en.listed(map(self.en.fact, transition.requires))),
            BREAK.join(self._guards(transition.guard)),
            plain(self.en.effects(transition.effects)),
            self._basis(transition),
        ]

    def _basis(self, transition: Transition) -> str:
        bases = [transition.basis, *(self._rule(guard).basis for guard in transition.guard)]
        return plain("; ".join(dict.fromkeys(basis for basis in bases if basis)))

    def _way_taken(self, transition: Transition) -> str:
        source = self.en.states(transition.source)
        if transition.except_:
            source += f" but {self.en.states(transition.except_)}"
        ends = BREAK.join(self._branch(branch, transition.outcome) for branch in transition.dest)
        reopened = " (reopens)" if transition.reopens else ""
        if transition.undoes:
            reopened = plain(f" (undoes {self.en.listed(map(self.en.act, transition.undoes))})")
        return f"{plain(source)} → {ends}{reopened}" if source else f"→ {ends}"

    def _branch(self, branch: Branch, outcomes: tuple[str, ...]) -> str:
        said = plain(self.en.state(branch.to))
        closing = (branch.outcome,) if branch.outcome else outcomes
        if closing and self._closes(branch):
            said += f" as {plain(self.en.listed(map(self.en.outcome, closing)))}"
        if branch.when is not None:
            said += f", if {self._condition(branch.when)}"
        if branch.effects:
            said += f" ({plain(self.en.effects(branch.effects))})"
        return said

    def _closes(self, branch: Branch) -> bool:
        leaf = self.outline.leaves.get(self.outline.entry(branch.to) or "")
        return leaf is not None and leaf.final

    def _condition(self, cond: str) -> str:
        """A rule is named; what it wants stands in the table of rules."""
        return code(cond)

    def _rule(self, guard: str | Rule) -> Rule:
        if isinstance(guard, Rule):
            return guard
        return self.definition.rules.get(guard) or Rule(that=guard, because=guard)

    def _guards(self, guards: Iterable[str | Rule]) -> Iterator[str]:
        for guard in guards:
            name = code(guard) if isinstance(guard, str) else code(guard.that)
            yield f"{name}, else: {plain(self._rule(guard).because)}"

    def joins(self, transitions: Iterable[Transition]) -> list[str]:
        head = ["As soon as", "Title", "中文", "From → to", "Then", "Basis"]
        return table(head, (self._join(t) for t in transitions if t.as_soon_as is not None))

    def _join(self, transition: Transition) -> list[str]:
        english, chinese = self._titles(self.en.transition(transition), self.zh.transition(transition))
        return [
            self._condition(transition.as_soon_as or ""),
            english,
            chinese,
            self._way_taken(transition),
            plain(self.en.effects(transition.effects)),
            self._basis(transition),
        ]

    # ---- clocks --------------------------------------------------------------------------------

    def clocks(self) -> list[str]:
        head = ["Clock", "Title", "中文", "How long", "Runs in", "Marks", "May be extended", "Basis"]
        return table(head, (self._clock(name, clock) for name, clock in self.definition.clocks.items()))

    def _clock(self, name: str, clock: ClockSpec) -> list[str]:
        english, chinese = self._titles(self.en.clock(name), self.zh.clock(name))
        return [
            code(name),
            english + (" (waiting period)" if clock.kind == "wait" else ""),
            chinese,
            BREAK.join(self._length(clock)),
            BREAK.join(self._runs(clock)),
            BREAK.join(plain(f"{self.en.mark(m)}: {self.en.effects(e)}") for m, e in clock.at.items()),
            BREAK.join(self._rungs(clock)),
            plain(clock.basis or ""),
        ]

    def _length(self, clock: ClockSpec) -> Iterator[str]:
        yield f"until {code(clock.until)}" if clock.until else plain(self.en.within(clock.within))
        if clock.from_:
            yield f"from {code(clock.from_)}"
        if clock.per:
            yield f"one for each {plain(self.en.fact(clock.per))}"
        if clock.ends == "business":
            yield "to the end of business"
        if clock.rolls is not None:
            yield "rolls to a working day" if clock.rolls else "does not roll to a working day"

    def _runs(self, clock: ClockSpec) -> Iterator[str]:
        yield plain(self.en.states(clock.runs_in if clock.runs_in is not None else ("any",)))
        if clock.while_:
            yield f"while {self._condition(clock.while_)}"
        if clock.pauses_in:
            yield plain(f"pauses in {self.en.states(clock.pauses_in)}")
        if clock.restarts_on:
            names = ("any act" if name == "any" else self.en.act(name) for name in clock.restarts_on)
            yield plain(f"starts again on {self.en.listed(names)}")

    def _rungs(self, clock: ClockSpec) -> Iterator[str]:
        for number, rung in enumerate(clock.extend, 1):
            said = plain(f"{number}. by {self.en.value(rung.by)}, {self.en.people(rung.allow)}")
            if rung.asks:
                said += plain(f"; asks {self.en.listed(map(self.en.ask, rung.asks))}")
            if rung.guard:
                said += f"; only if {BREAK.join(self._guards(rung.guard))}"
            yield said

    # ---- together ------------------------------------------------------------------------------

    def sections(self) -> list[str]:
        main = self.definition.transitions
        lines = section("States", self.states(MAIN))
        lines += section("Acts", self.acts(main))
        lines += section("What happens by itself", self.joins(main))
        lines += section("Clocks", self.clocks())
        for name, track in self.definition.tracks.items():
            lines += section(
                f"Beside it: {plain(self.en.track(name))}",
                self.states(name),
                self.acts(track.transitions),
                self.joins(track.transitions),
            )
        return lines
