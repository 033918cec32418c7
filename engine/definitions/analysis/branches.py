"""FM-D304, D306, D307, D310: conditions run through every combination of values that can make a difference.

Flags, choices and numbers at the constants they are set against; up to 4,096 combinations through the real
evaluator. What lies outside of that is left undecided, never guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.report import phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.site import Written
from engine.rules.expression import Expression
from engine.rules.reading import Path
from engine.rules.sample import assignments, domain

Fixed = dict[Path, bool]


def check(scope: Scope, compiled: Compiled) -> frozenset[tuple[str, int, str, int]]:
    """Tell what is found; give the branches that are never taken in some leaf."""
    barred: set[tuple[str, int, str, int]] = set()
    for written in scope.written:
        if any(branch.when is not None for branch in written.transition.dest):
            barred |= _Choice(scope, compiled, written).check()
    _constant(scope, compiled)
    return frozenset(barred)


@dataclass
class _Tally:
    """What brute force saw of one branch, over all leaves and facts."""

    true: Mapping[Path, Any] | None = None  # facts under which its condition holds
    false: bool = False
    taken: bool = False


class _Judge:
    """One condition, evaluated once for each combination of the facts that it reads itself."""

    def __init__(self, compiled: Compiled, condition: Expression) -> None:
        self.compiled = compiled
        self.condition = condition
        self.paths = tuple(condition.atoms)
        self.seen: dict[tuple[Any, ...], bool] = {}

    def holds(self, assignment: Mapping[Path, Any]) -> bool:
        key = tuple(assignment[path] for path in self.paths)
        held = self.seen.get(key)
        if held is None:
            own = dict(zip(self.paths, key, strict=True))
            facts = self.compiled.environment.sample_facts(own)
            held = self.seen[key] = self.condition.evaluate(facts) is True
        return held


def _merged(tallies: tuple[_Tally, ...]) -> _Tally:
    true = next((tally.true for tally in tallies if tally.true is not None), None)
    return _Tally(true, any(t.false for t in tallies), any(t.taken for t in tallies))


class _Choice:
    """The branches of one transition."""

    def __init__(self, scope: Scope, compiled: Compiled, written: Written) -> None:
        self.scope = scope
        self.compiled = compiled
        self.written = written
        self.dest = written.transition.dest
        self.conditions = [self._condition(number) for number in range(len(self.dest))]
        self.leaves = [
            leaf
            for leaf in scope.outline.sources(written.region, written.transition)
            if leaf in scope.reachable
        ] or ([""] if written.transition.trigger == "file" else [])

    def _condition(self, number: int) -> Expression | None:
        text = self.dest[number].when
        path = f"{self.written.path}.dest.{number}.when"
        return None if text is None else self.compiled.condition(path, text)

    def check(self) -> set[tuple[str, int, str, int]]:
        if any(b.when is not None and c is None for b, c in zip(self.dest, self.conditions, strict=True)):
            return set()  # told as an expression that does not compile
        self._after_unconditional()
        by_leaf = {leaf: self._in_leaf(leaf) for leaf in self.leaves}
        decided = [tallies for tallies, _ in by_leaf.values() if tallies is not None]
        gap = next((gap for _, gap in by_leaf.values() if gap is not None), None)
        undecided = len(decided) < len(by_leaf)
        self._tell([_merged(column) for column in zip(*decided, strict=True)], gap, undecided)
        return {
            (self.written.region, self.written.index, leaf, number)
            for leaf, (tallies, _) in by_leaf.items()
            for number, tally in enumerate(tallies or ())
            if not tally.taken
        }

    def _in_leaf(self, leaf: str) -> tuple[list[_Tally] | None, Mapping[Path, Any] | None]:
        """What was seen of each branch where the case stands in one leaf, None if undecided; and the gap."""
        given = [condition for condition in self.conditions if condition is not None]
        tallies: list[_Tally] | None = [_Tally() for _ in self.dest]
        gap: Mapping[Path, Any] | None = None
        for fixed in worlds(self.scope, self.written.region, leaf, given):
            found = values_of(given, fixed)
            if found is None:
                tallies = None
                break
            gap = self._run(found, tallies or []) or gap
        return tallies, gap

    def _run(self, found: Mapping[Path, tuple[Any, ...]], tallies: list[_Tally]) -> Mapping[Path, Any] | None:
        """Every combination; the first under which no branch is open."""
        gap = None
        judges = [None if c is None else _Judge(self.compiled, c) for c in self.conditions]
        for assignment in assignments(found):
            taken = False
            for judge, tally in zip(judges, tallies, strict=True):
                holds = judge is None or judge.holds(assignment)
                if holds:
                    tally.true = tally.true if tally.true is not None else assignment
                    tally.taken = tally.taken or not taken
                else:
                    tally.false = True
                taken = taken or holds
            if not taken and gap is None:
                gap = assignment
        return gap

    def _tell(self, tallies: list[_Tally], gap: Mapping[Path, Any] | None, undecided: bool) -> None:
        report, path, trigger = self.scope.report, self.written.path, self.written.title
        last = self.dest[-1].when is not None
        if gap is not None:
            report.tell("D304", f"{path}.dest", trigger=trigger, witness=shown(gap))
        elif last and undecided:
            report.tell("D306", f"{path}.dest.{len(self.dest) - 1}.when", trigger=trigger)
        elif last:
            self.scope.covered.update((self.written.region, self.written.index, leaf) for leaf in self.leaves)
        if undecided:
            return
        for number, tally in enumerate(tallies):
            if tally.true is not None and not tally.taken and not self._follows_unconditional(number):
                why = phrase("branch.masked", witness=shown(tally.true))
                report.tell("D307", f"{path}.dest.{number}", number=number + 1, trigger=trigger, why=why)
            elif (
                self.dest[number].when is not None and self.leaves and (tally.true is None or not tally.false)
            ):
                value = "true" if tally.true is not None else "false"
                report.tell(
                    "D310", f"{path}.dest.{number}.when", condition=self.dest[number].when, value=value
                )

    def _follows_unconditional(self, number: int) -> bool:
        return any(branch.when is None for branch in self.dest[:number])

    def _after_unconditional(self) -> None:
        for number in range(len(self.dest)):
            if self._follows_unconditional(number):
                path = f"{self.written.path}.dest.{number}"
                why = phrase("branch.after")
                self.scope.report.tell("D307", path, number=number + 1, trigger=self.written.title, why=why)


# ---- D310 --------------------------------------------------------------------------------------


def _constant(scope: Scope, compiled: Compiled) -> None:
    """Conditions that stand alone: rules, inline guards, ``as_soon_as``, ``while``."""
    for computed, expression in compiled.of_use("guard", "join", "while"):
        if computed.rule is not None:
            continue
        seen: set[bool] = set()
        for fixed in worlds(scope, None, "", [expression]):
            found = values_of([expression], fixed)
            if found is None:
                break
            seen |= _results(compiled, expression, found)
            if len(seen) == 2:
                break
        else:
            if len(seen) == 1:
                value = "true" if True in seen else "false"
                scope.report.tell("D310", computed.path, condition=computed.text, value=value)


def _results(compiled: Compiled, expression: Expression, found: Mapping[Path, tuple[Any, ...]]) -> set[bool]:
    seen: set[bool] = set()
    asked = _asked(expression)
    for assignment in assignments(found):
        for there in product((True, False), repeat=len(asked)):
            facts = compiled.environment.sample_facts(assignment)
            for path, held in zip(asked, there, strict=True):
                if not held:
                    _take_out(facts, path)
            seen.add(expression.evaluate(facts) is True)
        if len(seen) == 2:
            break
    return seen


def _asked(expression: Expression) -> list[Path]:
    """The facts of which it is asked whether they are there at all: those may be absent too."""
    text = expression.text.replace("case.", "")
    return [path for path in expression.atoms if f"has({'.'.join(path).removeprefix('case.')})" in text]


def _take_out(facts: dict[str, Any], path: Path) -> None:
    """What is left where a fact is absent: whatever holds it is there without it."""
    held: Any = facts
    for name in path[:-1]:
        held = held[name][0] if isinstance(held[name], list) else held[name]
    held.pop(path[-1], None)
    if held is facts:
        facts["case"].pop(path[-1], None)


# ---- what can be decided -------------------------------------------------------------------------


def values_of(expressions: list[Expression], fixed: Mapping[Path, Any]) -> dict[Path, tuple[Any, ...]] | None:
    """The finite domain of some conditions; None too if a number is used otherwise than against a constant."""
    if not all(decidable(expression) for expression in expressions):
        return None
    return domain(expressions, fixed)


def decidable(expression: Expression) -> bool:
    """Whether its atoms can be run through: all that it reads, and numbers only set against constants."""
    if not expression.finite:
        return False
    text = expression.text.replace("case.", "")
    for path, atom in expression.atoms.items():
        if atom.fact.kind in ("bool", "choice"):
            continue
        name = re.escape(".".join(path).removeprefix("case."))
        named = len(re.findall(rf"(?<![\w.]){name}(?!\w)", text))
        asked = len(re.findall(rf"\bhas\({name}\)", text))
        compared = sum(1 for comparison in expression.comparisons if comparison.path == path)
        if named - asked != compared:
            return False
    return True


# ---- where a case may stand ----------------------------------------------------------------------


def worlds(scope: Scope, region: str | None, leaf: str, conditions: list[Expression]) -> Iterator[Fixed]:
    """``inside`` as it can be: this region stands in this leaf, each other one that is asked about in any."""
    asked = {path[1] for c in conditions for path in c.reads if path[0] == "inside" and len(path) > 1}
    regions = {scope.outline.leaves[scope.outline.under[name][0]].region for name in asked}
    choices = []
    for name in sorted(regions):
        standing = [leaf] if name == region else list(scope.graphs[name].leaves)
        choices.append([(name, one) for one in standing])
    for combination in product(*choices):
        stood = {part for _, one in combination for part in _path(scope, one)}
        yield {("inside", name): name in stood for name in asked}


def _path(scope: Scope, leaf: str) -> tuple[str, ...]:
    return scope.outline.leaves[leaf].path if leaf else ()


def shown(facts: Mapping[Path, Any]) -> str:
    """Facts as a person writes them: ``penalty = 13, inside.formed = true``."""
    if not facts:
        return "-"
    return ", ".join(f"{'.'.join(path)} = {_word(value)}" for path, value in facts.items())


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
