"""The tables of one case type, asked about one case: compiled once, nothing written, nothing guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.domain.duration import is_duration
from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.routing.table.answer import Proposal, Ruling, Unruled
from engine.routing.table.bind import Bound
from engine.routing.table.hit import Outcome, choose
from engine.routing.table.model import LISTS, SINGLES, Branch, Categories, Sheet
from engine.routing.table.row import Row, Verdict, both, verdict
from engine.routing.table.written import UNKNOWN
from engine.rules.expression import Expression, Unknown

MOST_KNOWN = 1024  # combinations of inputs of one table that are kept
_UNSET: Mapping[str, Any] = {}


class _Stop(Exception):
    """The table cannot answer."""

    def __init__(self, unruled: Unruled) -> None:
        self.unruled = unruled


@dataclass(frozen=True, slots=True)
class Routing:
    """Compiled tables. ``category`` reads the field of the category tree; ``inherited`` has for each of its
    options the function, levels and acknowledge that hold where a rule says nothing. ``waits``: the seats that the
    workflow passes on when nobody answers; of others no time for an answer is told."""

    sheet: Sheet
    digest: str
    tables: tuple[Bound, ...]
    seats: Mapping[str, Bound]
    proposing: Bound | None = None
    category: Expression | None = None
    inherited: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    waits: frozenset[str] = frozenset()

    @property
    def case_type(self) -> str:
        return self.sheet.case_type

    @property
    def version(self) -> str:
        return self.sheet.version

    @property
    def scores(self) -> Mapping[str, int]:
        """Weights by name; empty where the usual ones hold."""
        return self.sheet.scores

    def ruling(self, seat: str, facts: Mapping[str, Any]) -> Ruling | Unruled:
        """What the seat asks for on this case; facts as :mod:`engine.rules.facts` gives them."""
        bound = self.seats.get(seat)
        if bound is None:
            return Ruling()
        try:
            values = _values(bound, facts)
            rows = _chosen(bound, values, facts, "seat")
            given = _merged(bound, rows, facts)
            for slot, value in self._inherited(bound, rows, given, facts).items():
                given.setdefault(slot, value)
            if seat not in self.waits:
                given.pop("acknowledge", None)
                given.pop("grace", None)
        except _Stop as stop:
            return stop.unruled
        told = _told(bound, rows)
        return Ruling(inputs=_shown(bound, values), **told, **given)

    def grade(self, facts: Mapping[str, Any]) -> Proposal | Unruled | None:
        """The value that the rules propose; None where no table proposes one."""
        bound = self.proposing
        if bound is None or bound.table.gives is None:
            return None
        try:
            values = _values(bound, facts)
            rows = _chosen(bound, values, facts, "grade")
            value = _proposed(bound, rows, facts)
        except _Stop as stop:
            return stop.unruled
        return Proposal(
            field=bound.table.gives, value=value, inputs=_shown(bound, values), **_told(bound, rows)
        )

    def _inherited(
        self, bound: Bound, rows: tuple[Row, ...], given: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """What the case's category says, where the rules left something open that some category says."""
        if self.category is None or not any(self.inherited.values()):
            return _UNSET
        if all(slot in given for slot in ("function", "levels", "acknowledge")):
            return _UNSET
        value = self.category.evaluate(facts)
        if isinstance(value, Unknown):
            if UNKNOWN in self.inherited:
                return self.inherited[UNKNOWN]
            raise _missing(bound, rows[0], value, "seat")
        return self.inherited.get(str(value), _UNSET)


def inherited(categories: Categories | None) -> dict[str, dict[str, Any]]:
    """Option to what holds for it: the nearest that says something, from the leaf upwards."""
    found: dict[str, dict[str, Any]] = {}

    def walk(branch: Branch, above: Mapping[str, Any]) -> None:
        own = {"function": branch.owner, "levels": branch.levels, "acknowledge": branch.acknowledge}
        held = {**above, **{slot: value for slot, value in own.items() if value}}
        if not branch.under:
            found[branch.name] = held
        for inner in branch.under:
            walk(inner, held)

    if categories is not None:
        for top in (*categories.tree, *([categories.unknown] if categories.unknown else [])):
            walk(top, {})
    return found


# ---- which rules decide ------------------------------------------------------------------------------


def _values(bound: Bound, facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """What each column reads, hashable."""
    return tuple([_hashable(column.expression.evaluate(facts)) for column in bound.columns])


def _hashable(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_hashable(one) for one in value)
    return repr(value) if isinstance(value, dict) else value


def _chosen(bound: Bound, values: tuple[Any, ...], facts: Mapping[str, Any], use: str) -> tuple[Row, ...]:
    verdicts: Sequence[Verdict] = _cells(bound, values, facts)
    if bound.whens:
        verdicts = [
            cells if row.when is None or cells is False else both(cells, verdict(row.when, facts))
            for row, cells in zip(bound.rows, verdicts, strict=True)
        ]
    outcome = choose(bound.table.hit, bound.rows, verdicts, bound.otherwise)
    if outcome.kind != "chosen":
        raise _stopped(bound, outcome, values, use)
    return outcome.rows


def _cells(bound: Bound, values: tuple[Any, ...], facts: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """Whether the cells of each rule hold: they read nothing but the columns, so it is kept by their values."""
    found = bound.known.get(values)
    if found is None:
        found = tuple(row.cells_hold(facts) for row in bound.rows)
        if len(bound.known) >= MOST_KNOWN:
            bound.known.clear()
        bound.known[values] = found
    return found


# ---- what they give ------------------------------------------------------------------------------------


def _told(bound: Bound, rows: tuple[Row, ...]) -> dict[str, Any]:
    rules = [row.rule for row in rows]
    return {
        "rule": "+".join(rule.id for rule in rules),
        "table": bound.table.name,
        "because": "; ".join(rule.because for rule in rules),
        "because_zh": ";".join(rule.zh for rule in rules if rule.zh),
    }


def _given(bound: Bound, row: Row, slot: str, facts: Mapping[str, Any], use: str) -> Any:
    """What a rule says of a slot, worked out; None where it says nothing."""
    given = row.then.get(slot)
    if not isinstance(given, Expression):
        return given
    value = given.evaluate(facts)
    if isinstance(value, Unknown):
        raise _missing(bound, row, value, use)
    return value


def _merged(bound: Bound, rows: tuple[Row, ...], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Slot to value, the slots about which nothing is said left out."""
    found: dict[str, Any] = {}
    said_of = {slot for row in rows for slot in row.then}
    for slot in LISTS:
        if slot not in said_of:
            continue
        said = [(row, _given(bound, row, slot, facts, "seat")) for row in rows]
        names = dict.fromkeys(name for row, value in said for name in _names(bound, row, slot, value))
        if names:
            found[slot] = tuple(names)
    for slot in SINGLES:
        if slot not in said_of:
            continue
        values = [
            (row, value) for row in rows if (value := _given(bound, row, slot, facts, "seat")) is not None
        ]
        for row, value in values:
            _single(bound, row, slot, value)
        if values and (one := _one(bound, slot, values)) != "":
            found[slot] = one
    return found


def _names(bound: Bound, row: Row, slot: str, value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    names = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(name, str) and name for name in names):
        raise _unfit(bound, row, slot, value)
    return names


def _single(bound: Bound, row: Row, slot: str, value: Any) -> None:
    if slot == "weight":
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31
    else:
        fits = isinstance(value, str) and (slot not in ("acknowledge", "grace") or is_duration(value))
    if not fits:
        raise _unfit(bound, row, slot, value)


def _one(bound: Bound, slot: str, values: list[tuple[Row, Any]]) -> Any:
    """The one value of a slot; weights are added up, or the largest or smallest is taken."""
    found = [value for _, value in values]
    if slot == "weight" and len(found) > 1:
        return _reduced(bound.table.collect or "max", found)
    if any(value != found[0] for value in found):
        raise _Stop(Unruled(_clash(bound, tuple(row for row, _ in values), "seat")))
    return found[0]


def _proposed(bound: Bound, rows: tuple[Row, ...], facts: Mapping[str, Any]) -> Any:
    values = [_given(bound, row, "value", facts, "grade") for row in rows]
    if bound.table.hit == "collect":
        return _stored(bound.kind, _collected(bound, values))
    return _stored(bound.kind, values[0])


def _collected(bound: Bound, values: list[Any]) -> Any:
    if bound.table.collect is None:
        lists = [[value] if isinstance(value, str) else list(value) for value in values]
        return list(dict.fromkeys(one for some in lists for one in some))
    if bound.table.collect == "count":
        return len(values)
    return _reduced(bound.table.collect, [Decimal(str(value)) for value in values])


def _reduced(how: str, numbers: list[Any]) -> Any:
    if how == "sum":
        return sum(numbers)
    return min(numbers) if how == "min" else max(numbers)


def _stored(kind: str, value: Any) -> Any:
    """As a case stores it: numbers as decimal text, lists as lists, an instant as text."""
    if kind in ("number", "money"):
        spelt = format(Decimal(str(value)).normalize(), "f")
        return spelt if "." in spelt else f"{spelt}.0"
    if kind == "int":
        return int(value)
    if kind == "choices":
        return [value] if isinstance(value, str) else list(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return None
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _shown(bound: Bound, values: tuple[Any, ...]) -> dict[str, Any]:
    return {column.name: _plain(value) for column, value in zip(bound.columns, values, strict=True)}


# ---- why they do not -----------------------------------------------------------------------------------


def _reason(code: str, bound: Bound, use: str, **params: Any) -> Reason:
    way = {"way": text(f"routing.way.{use}"), "way_zh": text(f"routing.way.{use}", "zh")}
    title = {"table": bound.table.title, "table_zh": bound.table.zh}
    return Reason(
        code, {**title, **params, **way}, "seat" if use == "seat" else "input", bound.table.basis or None
    )


def _missing(bound: Bound, row: Row, unknown: Unknown, use: str) -> _Stop:
    return _Stop(Unruled(_reason("FM-R511", bound, use, fact=unknown.name, rule=row.rule.id)))


def _clash(bound: Bound, rows: tuple[Row, ...], use: str) -> Reason:
    return _reason("FM-R512", bound, use, rules=", ".join(row.rule.id for row in rows))


def _unfit(bound: Bound, row: Row, slot: str, value: Any) -> _Stop:
    return _Stop(
        Unruled(_reason("FM-R513", bound, "seat", rule=row.rule.id, slot=slot, value=str(value)[:80]))
    )


def _stopped(bound: Bound, outcome: Outcome, values: tuple[Any, ...], use: str) -> _Stop:
    if outcome.kind == "missing" and outcome.unknown is not None:
        return _missing(bound, outcome.rows[0], outcome.unknown, use)
    if outcome.kind == "clash":
        return _Stop(Unruled(_clash(bound, outcome.rows, use)))
    read = ", ".join(f"{name} = {_word(value)}" for name, value in _shown(bound, values).items())
    return _Stop(Unruled(_reason("FM-R510", bound, use, inputs=read or "-")))


def _word(value: Any) -> str:
    return "?" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
