"""What the analysis calls free of dead ends is never stuck: only the ways out it names are followed, and refused is
whatever can be refused.

The simulation knows nothing of the analysis: it moves a case through the definition as the language says, with
clocks whose marks fire once in a run, an adversary who picks branches, and parties who never do anything.
"""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.analysis import WayOut, analyse
from engine.definitions.load import loads
from engine.definitions.model import Definition, FireEffect, Transition
from engine.definitions.outline import Outline
from tests.support.sound import VOCABULARY

LEAVES = [f"s{n}" for n in range(6)]

HEAD = """
case_type: random
title: At random
version: "1"
basis: none
effective: {from: 2026-01-01}
calendar: CN
parties: {roles: {party_a: {min: 1}}}
fields: {risk: {type: choice, of: [red, blue], default: red}, odd: {type: bool, default: false}}
records: {paper: {fields: {text: text}, by: [keeper], signed_by: [party]}}
seats: {keeper: {of: [warden]}}
rules: {dry: {that: odd, because: it rains}}
outcomes: {done: {grade: substantive}}
milestones: {first_resolution: [closed], final_resolution: [closed]}
"""


ONWARD = {leaf: [*LEAVES[number + 1 :], "closed"] for number, leaf in enumerate(LEAVES)}
SOMETIMES = ["", "", "", "", ", guard: dry", ", requires: [paper]", ", asks: [risk]", ", asks: [risk?]"]


def dests(places: list[str]) -> st.SearchStrategy[str]:
    branched = st.builds(
        lambda one, other, when: f"[{{when: '{when}', to: {one}}}, {{to: {other}}}]",
        st.sampled_from(places),
        st.sampled_from([*places, "closed", "stay"]),
        st.sampled_from(["odd", 'risk == "red"', "parties.size() > 1"]),
    )
    return st.one_of(st.sampled_from(places), st.sampled_from(places), branched)


@st.composite
def exits(draw: st.DrawFn, leaf: str) -> tuple[str, str]:
    """(transition, clock) by which a leaf is meant to be left: nearly always there, rarely harmless."""
    dest = draw(dests(ONWARD[leaf]))
    more = draw(st.sampled_from(SOMETIMES))
    if draw(st.booleans()):
        who = draw(st.sampled_from(["clerk", "clerk", "clerk", "keeper"]))
        return f"trigger: go_{leaf}, source: {leaf}, dest: {dest}, allow: [{who}], outcome: done{more}", ""
    others = draw(st.lists(st.sampled_from(LEAVES), max_size=1))
    sources = draw(st.sampled_from([f"[{leaf}]", f"[{', '.join([leaf, *others])}]"]))
    mark = draw(st.sampled_from(["due", "50%", "due+2 cd"]))
    odd = draw(
        st.sampled_from(
            ["", "", "", "", ", kind: wait", ", while: odd", ", pauses_in: [s0]", ", restarts_on: [file]"]
        )
    )
    runs = f"[{', '.join(dict.fromkeys([leaf, *others]))}]"
    act = f"trigger: go_{leaf}, source: {sources}, dest: {dest}, allow: [system], outcome: done{more}"
    return act, f"within: 9 cd, runs_in: {runs}, at: {{{mark}: [{{fire: go_{leaf}}}]}}{odd}"


def noise() -> st.SearchStrategy[str]:
    return st.builds(
        lambda source, dest, more: (
            f"source: {source}, dest: {dest}, allow: [clerk, keeper, system], outcome: done{more}"
        ),
        st.sampled_from(LEAVES),
        st.one_of(dests([*LEAVES, "closed"]), st.just("back")),
        st.sampled_from(SOMETIMES),
    )


def joins() -> st.SearchStrategy[str]:
    return st.builds(
        lambda source, dest: f"as_soon_as: paper.signed, source: {source}, dest: {dest}, outcome: done",
        st.sampled_from(LEAVES),
        st.sampled_from([*LEAVES, "closed"]),
    )


@st.composite
def definitions(draw: st.DrawFn) -> str:
    lines = [HEAD, "states:"]
    lines += [f"  {leaf}: {{phase: work, waits_for: [clerk]}}" for leaf in LEAVES]
    lines += ["  closed: {final: true}", "transitions:", "  - {trigger: file, dest: s0, allow: [anyone]}"]
    ways = [draw(exits(leaf)) for leaf in LEAVES]
    lines += [f"  - {{{act}}}" for act, _ in ways]
    lines += [f"  - {{trigger: n{n}, {act}}}" for n, act in enumerate(draw(st.lists(noise(), max_size=4)))]
    lines += [f"  - {{{join}}}" for join in draw(st.lists(joins(), max_size=2))]
    lines += ["clocks:", "  idle: {within: 9 cd, runs_in: [s0], at: {due: [{remind: [clerk]}]}}"]
    lines += [f"  {leaf}: {{{clock}}}" for leaf, (_, clock) in zip(LEAVES, ways, strict=True) if clock]
    return "\n".join(lines)


class Case:
    """Where a case stands, which clocks run with which marks unspent."""

    def __init__(self, definition: Definition, random: Random) -> None:
        self.outline = Outline(definition)
        self.definition = definition
        self.random = random
        self.leaf, self.back = "s0", None
        self.runs: dict[str, set[str]] = {}
        self._settle()

    def _settle(self) -> None:
        """Clocks after an event. A condition in ``while`` may be false for ever: such a clock never runs."""
        for name, clock in self.definition.clocks.items():
            if (
                clock.while_ is None
                and self.leaf in (clock.runs_in or ())
                and self.leaf not in clock.pauses_in
            ):
                self.runs.setdefault(name, set(clock.at))
            elif self.leaf not in clock.pauses_in:
                self.runs.pop(name, None)

    def _take(self, transition: Transition) -> None:
        """The adversary picks any branch that may be open."""
        number = self.random.randrange(len(transition.dest))
        to = transition.dest[number].to
        if to == "back":
            to = self.back or "stay"
        if to != "stay":
            again = to == self.leaf
            self.back, self.leaf = self.leaf, to
            if again:
                for name in [n for n in self.runs if self.definition.clocks[n].runs_in == (self.leaf,)]:
                    del self.runs[name]
        self._settle()

    def person(self, trigger: str, way: WayOut) -> None:
        """The named post does the named act; whatever may be refused is refused."""
        edge = self.outline.moves[self.leaf, trigger]
        assert way.role_or_clock in edge.transition.allow
        assert VOCABULARY.roles[way.role_or_clock].standing
        assert not edge.transition.guard
        assert not edge.transition.requires
        self._take(edge.transition)

    def wait(self) -> None:
        """Time goes by: one of the unspent marks that can still fire does so, or nothing is left to wait for."""
        ready = [
            (name, mark)
            for name, marks in self.runs.items()
            for mark in sorted(marks)
            if self._counts(name, mark)
        ]
        assert ready, f"waiting for ever in {self.leaf}"
        name, mark = self.random.choice(ready)
        self.runs[name].discard(mark)
        for effect in self.definition.clocks[name].at[mark]:
            if not isinstance(effect, FireEffect):
                continue
            edge = self.outline.moves.get((self.leaf, effect.trigger))
            if edge is None:
                continue
            transition = edge.transition
            asked = any(ask.needed for ask in transition.asks)
            if not (transition.guard or transition.requires or asked) and "system" in transition.allow:
                self._take(transition)

    def _counts(self, name: str, mark: str) -> bool:
        clock = self.definition.clocks[name]
        late = clock.kind == "wait" and mark.startswith("due+")
        return not late and self.leaf not in clock.pauses_in and not clock.restarts_on

    def wander(self) -> None:
        """Anything that anybody may do, allowed or not by what the adversary can refuse."""
        edges = [e for e in self.outline.edges if e.source == self.leaf]
        if edges and self.random.random() < 0.7:
            self._take(self.random.choice(edges).transition)
        elif any(self._counts(n, m) for n, marks in self.runs.items() for m in marks):
            self.wait()


@given(definitions(), st.integers(0, 2**32))
def test_the_named_ways_out_always_lead_to_an_end(text: str, seed: int) -> None:
    loaded = loads(text)
    assert loaded.definition is not None, [f.message() for f in loaded.findings]
    analysis = analyse(Outline(loaded.definition), vocabulary=VOCABULARY)
    if any(f.code in ("FM-D202", "FM-D101", "FM-D208", "FM-D508") for f in analysis.findings):
        return
    random = Random(seed)
    for _ in range(5):
        case = Case(loaded.definition, random)
        for _ in range(random.randrange(8)):
            if case.leaf != "closed":
                case.wander()
        for _ in range(400):
            if case.leaf == "closed":
                break
            way = analysis.ways_out[case.leaf]
            if way.by == "person":
                case.person(way.trigger, way)
            else:
                case.wait()
        assert case.leaf == "closed", (case.leaf, analysis.ways_out)
