"""A compiled expression, and what its evaluation means.

CEL hands an error back as a value whose content is a non-empty string and therefore true to Python. So
nothing here ever asks whether a result is "truthy": a condition holds if its value *is* ``True``, and an
error becomes :class:`Unknown`, which is false to Python as well.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from engine.rules import function
from engine.rules.facts import Facts
from engine.rules.needs import Needs
from engine.rules.reading import Comparison, Path, Reading
from engine.rules.schema import FactType

if TYPE_CHECKING:  # whoever only shows a case has no use for CEL, and loading it takes long
    from cel_expr_python import cel

    from engine.rules.layout import Layout

MOST_KNOWN = 256  # values of one expression that are kept
_MISSING = ('Key not found in map : "', 'No value with name "')


@dataclass(frozen=True, slots=True)
class Unknown:
    """The value cannot be known. ``name`` is the fact that is absent, ``why`` what CEL said."""

    name: str
    why: str = ""

    def __bool__(self) -> bool:
        return False


Value = bool | int | float | str | datetime | timedelta | list[Any] | dict[str, Any] | Unknown


@dataclass(frozen=True, slots=True)
class Atom:
    """A fact with one value of a finite or numeric kind, and the constants it is set against."""

    fact: FactType
    literals: tuple[bool | int | float | str, ...] = ()


@dataclass(frozen=True, eq=False)
class Expression:
    """One expression of one definition, type-checked. ``calls``: the functions of the language it uses.

    ``needs``: what an evaluation has to be given; ``names``: the names of it beside ``case``.
    """

    text: str
    want: str
    item: str | None
    calls: frozenset[str]
    names: tuple[str, ...]
    needs: Needs
    reads_case: bool
    env: "cel.Env" = field(repr=False)
    tree: "cel.Expression" = field(repr=False)
    layout: "Layout" = field(repr=False)
    reading: Reading = field(repr=False)
    # what CEL said, by what it was given: the same facts have the same value, so this is never out of date
    _known: dict[tuple[Any, ...], "Value"] = field(default_factory=dict, repr=False)

    @cached_property
    def columns(self) -> dict[Path, int]:
        """Each path read, in the order of the text, with the column where it begins."""
        canonical = self.layout.canonical
        ordered = sorted(self.reading.reads.items(), key=lambda pair: pair[1])
        return {canonical(path): column for path, column in ordered}

    @cached_property
    def reads(self) -> frozenset[Path]:
        """The paths of the facts it names, ``case.fine`` given as ``fine``; an element of a list has the
        list's path, so that ``parties.all(p, p.age > 17)`` reads ``parties`` and ``parties.age``."""
        return frozenset(self.layout.canonical(path) for path in self.reading.reads)

    @cached_property
    def tests(self) -> frozenset[Path]:
        """Those of ``reads`` that ``has`` asks about; the same path may be read elsewhere as well."""
        return frozenset(self.layout.canonical(path) for path in self.reading.tests)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        canonical = self.layout.canonical
        return tuple(replace(c, path=canonical(c.path)) for c in self.reading.compared)

    @cached_property
    def atoms(self) -> dict[Path, Atom]:
        """The paths read that have one value of a bool, choice or number: what brute force can run through."""
        found = {}
        for path in self.columns:
            member = self.layout.member(path)
            if member is not None and member.fact is not None and member.finite and self.layout.plain(path):
                found[path] = Atom(member.fact, self.literals.get(path, ()))
        return found

    @property
    def finite(self) -> bool:
        """Whether its value depends on nothing but its atoms."""
        return not self.calls and self.atoms.keys() == self.reads

    @cached_property
    def literals(self) -> dict[Path, tuple[bool | int | float | str, ...]]:
        """Each path with the constants it is compared with, in the order of the text, once each."""
        found: dict[Path, dict[Any, None]] = {}
        for comparison in self.comparisons:
            found.setdefault(comparison.path, {})[comparison.literal] = None
        return {path: tuple(values) for path, values in found.items()}

    @cached_property
    def worldly(self) -> bool:
        return not self.calls.isdisjoint(function.WORLDLY)

    def evaluate(self, facts: Mapping[str, Any]) -> Value:
        """Its value over facts: a Python value, a person as his code, a date as its text; or Unknown."""
        if not isinstance(facts, Facts):
            return self._python(self.tree.eval(self._by_hand(facts)), facts)
        if self.worldly:
            with _surrounded(facts, self.text):
                return self._python(self.tree.eval(self._activation(facts)), facts)
        if facts.fixed or not self._lasting:
            return self._python(self.tree.eval(self._activation(facts)), facts)
        given = facts.given(self.needs)
        found = self._known.get(given)
        if found is None:
            found = self._python(self.tree.eval(self._activation(facts)), facts)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()  # other threads may look it up meanwhile: they hold what they found
            self._known[given] = found
        return found

    @cached_property
    def _lasting(self) -> bool:
        """Whether the same facts come again. A date as text also hangs on the zone, which is no fact."""
        return self.needs.lasting and self.want != "value:date"

    def _activation(self, facts: Facts) -> "cel.Activation":
        """What CEL is given. Expressions with the same needs share it, because it keeps what it converted."""
        given = facts.given(self.needs)
        held = facts.activations.get(self.needs)
        if held is None or held[0] is not given:
            held = facts.activations[self.needs] = (given, self.env.Activation(facts.made(self.needs)))
        return held[1]

    def _by_hand(self, facts: Mapping[str, Any]) -> "cel.Activation":
        data = {name: facts[name] for name in self.names if name in facts}
        return self.env.Activation(data | {"case": facts.get("case", {})} if self.reads_case else data)

    def _python(self, result: "cel.Value", facts: Mapping[str, Any]) -> Value:
        value = result.value()
        if value is True or value is False:
            return bool(value)
        if isinstance(value, str) and result.type().name() == "ERROR":
            return Unknown(self._absent(value), value)
        if isinstance(value, list | dict):
            value = result.plain_value()
        if self.want == "value:date" and isinstance(value, datetime):
            return _local_date(value, facts)
        return cast(Value, _codes(value) if self._persons else value)

    @property
    def _persons(self) -> bool:
        return self.want in ("person", "parties", "value:person", "value:persons", "value:parties")

    def _absent(self, why: str) -> str:
        """The absent fact behind an error, by its whole path where the text of the expression tells it."""
        for beginning in _MISSING:
            _, found, rest = why.partition(beginning)
            if found:
                return self._whole(rest.partition('"')[0])
        return why.partition(": ")[2] or why

    def _whole(self, key: str) -> str:
        for path in self.columns:
            if key in path:
                return ".".join(path[: path.index(key) + 1])
        return key


@contextmanager
def _surrounded(facts: Facts, text: str) -> Iterator[None]:
    """Give the functions their world for one evaluation. Facts made by hand have none: those functions fail."""
    world, now = function.world.set(facts), function.text_now.set(text)
    try:
        yield
    finally:
        function.world.reset(world)
        function.text_now.reset(now)


def _local_date(at: datetime, facts: Mapping[str, Any]) -> str:
    return (facts.local(at) if isinstance(facts, Facts) else at).date().isoformat()


def _codes(value: Any) -> Any:
    """Persons, holders and parties by their ``id``."""
    if isinstance(value, list):
        return [_codes(element) for element in value]
    return value.get("id") if isinstance(value, dict) else value


def holds(expression: Expression, facts: Mapping[str, Any]) -> bool | Unknown:
    """True, False or Unknown; nothing else counts as true."""
    value = expression.evaluate(facts)
    if value is True or value is False or isinstance(value, Unknown):
        return value
    return Unknown(expression.text, f"{type(value).__name__} is no condition")


def blame(expression: Expression, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The numbers of the parties for whom a condition that failed does not hold, each judged alone.

    Empty if the condition names no parties, holds, or fails without any party as well (``parties.size() > 1``
    blames nobody).
    """
    if "parties" not in expression.names or expression.evaluate(facts) is True:
        return ()
    if expression.evaluate(_with(facts, [])) is not True:
        return _only_some(expression, facts)
    return tuple(p["id"] for p in facts["parties"] if expression.evaluate(_with(facts, [p])) is not True)


def _only_some(expression: Expression, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Where even no party at all would fail, only a difference between the parties tells anything."""
    parties = facts["parties"]
    failing = tuple(p["id"] for p in parties if expression.evaluate(_with(facts, [p])) is not True)
    return failing if len(failing) < len(parties) else ()


def _with(facts: Mapping[str, Any], parties: list[dict[str, Any]]) -> Mapping[str, Any]:
    if isinstance(facts, Facts):
        return facts.replaced(parties=parties)
    return {**facts, "parties": parties}
