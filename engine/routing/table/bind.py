"""A sheet held against its case type: every name known, every expression typed, every value of a kind that fits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine.definitions.analysis.report import Phrase, Report, listed, near, phrase
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline
from engine.domain.duration import is_duration
from engine.routing.table import cell as cells
from engine.routing.table.column import Column, column
from engine.routing.table.model import (
    LISTS,
    Categories,
    Cel,
    Cell,
    Given,
    Plain,
    Rule,
    Sheet,
    Table,
)
from engine.routing.table.row import Row, Verdict
from engine.rules.environment import Environment, ExpressionError
from engine.rules.expression import Expression

_NUMBERS = ("int", "number", "money")
_LITERALS = ("choice", "choices", "bool", "text", "duration", *_NUMBERS)


@dataclass(frozen=True, slots=True)
class Bound:
    """A table compiled. ``rows`` without the one that holds where no other does; ``whens``: some row has one."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    otherwise: Row | None
    kind: str = ""  # of the field it gives
    whens: bool = False
    known: dict[tuple[object, ...], tuple[Verdict, ...]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Binder:
    """``functions``: the functions that service areas know; None: not told, nothing is held against it."""

    sheet: Sheet
    outline: Outline
    environment: Environment
    vocabulary: Vocabulary
    report: Report
    functions: Collection[str] | None = None

    @property
    def definition(self) -> Definition:
        return self.outline.definition

    def bind(self) -> tuple[Bound, ...]:
        if self.sheet.case_type != self.definition.case_type:
            wanted = self.definition.case_type
            self.report.tell("D420", "case_type", name=self.sheet.case_type, wanted=wanted)
        self._categories()
        self._once()
        return tuple(self._table(table) for table in self.sheet.tables)

    # ---- names -----------------------------------------------------------------------------------

    def unknown(self, path: str, sort: str, name: str, known: Collection[str]) -> bool:
        """Tell a name that is none of the known ones."""
        if name in known or not name:
            return False
        self.report.tell(
            "D411", path, sort=_sort(sort), name=name, known=listed(known) or "-", near=near(name, known)
        )
        return True

    def _once(self) -> None:
        """At most one table for each seat, and one that proposes."""
        held: dict[str, str] = {}
        for table in self.sheet.tables:
            for number, seat in enumerate(table.seats):
                path = f"{table.path}.for.{number}"
                if not self.unknown(path, "seat", seat, self.outline.seats) and seat in held:
                    self.report.tell("D415", path, seat=seat, table=held[seat])
                held.setdefault(seat, table.name)
            if table.gives is not None:
                if "@" in held:
                    self.report.tell("D415", f"{table.path}.gives", seat=table.gives, table=held["@"])
                held.setdefault("@", table.name)

    # ---- categories ------------------------------------------------------------------------------

    def _categories(self) -> None:
        """Every option of the field in exactly one leaf; groups are called otherwise than options."""
        tree = self.sheet.categories
        if tree is None or self.unknown("categories.field", "field", tree.field, _choices(self.definition)):
            return
        spec = self.definition.fields.get(tree.field)
        options = () if spec is None else spec.options
        seen: dict[str, str] = {}
        for top in tree.tree:
            for leaf in top.leaves():
                if not self.unknown(leaf.path, "option", leaf.name, options) and leaf.name in seen:
                    self.report.tell("D413", leaf.path, name=leaf.name, why=_why("twice"))
                seen.setdefault(leaf.name, leaf.path)
        for option in options:
            if option not in seen:
                self.report.tell("D413", f"categories.tree#{option}", name=option, why=_why("missing"))
        names: set[str] = set()
        for group in tree.groups():
            if group.name in options or group.name in names:
                self.report.tell("D413", group.path, name=group.name, why=_why("taken"))
            names.add(group.name)
        self._branches(tree)

    def _branches(self, tree: Categories) -> None:
        waiting = [*tree.tree, *([tree.unknown] if tree.unknown else [])]
        while waiting:
            branch = waiting.pop()
            waiting.extend(branch.under)
            if branch.owner is not None and self.functions is not None:
                self.unknown(f"{branch.path}.owner", "function", branch.owner, self.functions)
            for number, level in enumerate(branch.levels):
                self.unknown(f"{branch.path}.levels.{number}", "level", level, self.vocabulary.levels)

    # ---- tables ----------------------------------------------------------------------------------

    def _table(self, table: Table) -> Bound:
        self._ids(table)
        columns = {c.name: c for name, text in table.inputs.items() if (c := self._column(table, name, text))}
        kind = self._gives(table)
        self._policy(table, kind)
        rows = [self._row(table, rule, columns, kind) for rule in table.rules]
        otherwise = table.otherwise
        return Bound(
            table,
            tuple(columns.values()),
            tuple(rows),
            None if otherwise is None else self._row(table, otherwise, columns, kind),
            kind,
            any(row.when is not None for row in rows),
        )

    def _ids(self, table: Table) -> None:
        seen: set[str] = set()
        for rule in table.each:
            if rule.id and rule.id in seen:
                self.report.tell("D419", f"{rule.path}.id", name=rule.id, table=table.name)
            seen.add(rule.id)
        asked = {name for rule in table.rules for name in rule.cells}
        for name in table.inputs:
            if name not in asked and table.rules:
                self.report.tell("D421", f"{table.path}.inputs.{name}", name=name, table=table.name)

    def _column(self, table: Table, name: str, text: str) -> Column | None:
        try:
            return column(self.environment, name, text) if text else None
        except ExpressionError as error:
            self.wrong(f"{table.path}.inputs.{name}", error)
            return None

    def wrong(self, path: str, error: ExpressionError) -> None:
        place = error.column if error.line == 1 else 0
        self.report.tell(error.code.removeprefix("FM-"), path, column=place, **error.params)

    def _gives(self, table: Table) -> str:
        if table.gives is None or self.unknown(
            f"{table.path}.gives", "field", table.gives, self.definition.fields
        ):
            return ""
        return self.definition.fields[table.gives].kind if table.gives else ""

    def _policy(self, table: Table, kind: str) -> None:
        """What a hit policy needs is there, and nothing that it has no use for."""
        if table.hit == "priority":
            self._ranked(table)
        elif table.priority:
            self.report.tell("D417", f"{table.path}.priority", why=_why("no_priority"))
        if table.hit == "collect":
            if table.gives is not None and table.collect is None and kind not in ("choices", ""):
                self.report.tell("D417", f"{table.path}.hit", why=_why("no_collect"))
            if table.gives is not None and table.collect is not None and kind and kind not in _NUMBERS:
                self.report.tell("D417", f"{table.path}.collect", why=_why("no_number", name=table.gives))
            if table.gives is None and table.collect == "count":
                self.report.tell("D417", f"{table.path}.collect", why=_why("no_count"))
        elif table.collect is not None:
            self.report.tell("D417", f"{table.path}.collect", why=_why("not_collected"))

    def _ranked(self, table: Table) -> None:
        if table.gives is None:
            for rule in table.rules:
                if rule.rank is None:
                    self.report.tell("D417", rule.path, why=_why("no_rank", name=rule.id))
            if table.priority:
                self.report.tell("D417", f"{table.path}.priority", why=_why("ranked"))
            return
        if not table.priority:
            self.report.tell("D417", f"{table.path}.hit", why=_why("no_order"))
            return
        for rule in table.rules:
            given = rule.then.get("value")
            if given is not None and str(given) not in table.priority:
                self.report.tell("D417", f"{rule.path}.then", why=_why("not_ordered", name=_shown(given)))

    # ---- rules -----------------------------------------------------------------------------------

    def _row(self, table: Table, rule: Rule, columns: Mapping[str, Column], kind: str) -> Row:
        found: dict[str, tuple[Cell, Expression]] = {}
        for name, cell in rule.cells.items():
            path = f"{rule.path}.if.{name}"
            if not self.unknown(path, "column", name, table.inputs) and name in columns:
                made = self._cell(columns[name], cell, path)
                if made is not None:
                    found[name] = made
        if rule.rank is not None and (table.hit != "priority" or table.gives is not None):
            self.report.tell("D417", f"{rule.path}.rank", why=_why("rank"))
        texts = [f"({expression.text})" for _, expression in found.values()]
        return Row(
            rule,
            found,
            self.compile(" && ".join(texts), "bool", f"{rule.path}.if"),
            None if rule.when is None else self.compile(rule.when, "bool", f"{rule.path}.when"),
            self._then(table, rule, kind),
            _order(table, rule),
        )

    def compile(self, text: str, want: str, path: str) -> Expression | None:
        try:
            return self.environment.compile(text, want=want) if text else None
        except ExpressionError as error:
            self.wrong(path, error)
            return None

    def _cell(self, over: Column, cell: Cell, path: str) -> tuple[Cell, Expression] | None:
        if over.shape is None:
            self.report.tell("D412", path, cell=cells.written(cell), over=over.name, shape=_why("no_shape"))
            return None
        cell = self._expanded(over, cell)
        if not cells.fits(cell, over.shape):
            shape = _why(f"shape.{over.shape}")
            self.report.tell("D412", path, cell=cells.written(cell), over=over.name, shape=shape)
            return None
        if over.options and not self._options(over, cell, path):
            return None
        made = self.compile(cells.to_cel(cell, over.text, over.shape), "bool", path)
        return None if made is None else (cell, made)

    def _expanded(self, over: Column, cell: Cell) -> Cell:
        """Groups of the category tree as the options under them."""
        tree = self.sheet.categories
        if tree is None or over.fact != (tree.field,) or cell.kind not in ("of", "not"):
            return cell
        groups = {group.name: tuple(leaf.name for leaf in group.leaves()) for group in tree.groups()}
        values: list[Plain] = []
        for value in cell.values:
            values.extend(groups.get(str(value), (value,)) if value not in over.options else (value,))
        return Cell(cell.kind, tuple(dict.fromkeys(values)), cell.op)

    def _options(self, over: Column, cell: Cell, path: str) -> bool:
        wrong = [value for value in cell.values if value not in over.options]
        tree = self.sheet.categories
        groups = [] if tree is None or over.fact != (tree.field,) else [g.name for g in tree.groups()]
        for value in wrong:
            self.unknown(self._at(path, cell, value), "option", str(value), (*over.options, *groups))
        return not wrong

    def _at(self, path: str, cell: Cell, value: Plain) -> str:
        """The place of one value of a cell, where each has its own."""
        inner = f"{path}.not" if cell.kind == "not" else path
        positions = self.report.positions
        if positions is None:
            return inner
        for number in range(len(cell.values)):
            if (at := f"{inner}.{number}") in positions and positions.find(at).text == str(value):
                return at
        return inner

    # ---- what a rule gives -----------------------------------------------------------------------

    def _then(self, table: Table, rule: Rule, kind: str) -> dict[str, Given | Expression]:
        path = f"{rule.path}.then"
        if table.gives is not None:
            given = rule.then.get("value")
            if given is None or not kind:
                return {}
            made = self._output(given, kind, self.definition.fields[table.gives].options, path)
            return {} if made is None else {"value": made}
        found: dict[str, Given | Expression] = {}
        for slot, given in rule.then.items():
            made = self._slot(slot, given, f"{path}.{slot}", table.seats)
            if made is not None:
                found[slot] = made
        return found

    def _output(
        self, given: Given, kind: str, options: tuple[str, ...], path: str
    ) -> Given | Expression | None:
        if isinstance(given, Cel):
            return self.compile(given.text, f"value:{kind}", f"{path}.cel")
        if kind not in _LITERALS or not _literal_fits(given, kind):
            self.report.tell("D416", path, value=_shown(given), type=kind)
            return None
        if kind in ("choice", "choices"):
            several = given if isinstance(given, tuple) else (str(given),)
            wrong = [one for one in several if self.unknown(path, "option", one, options)]
            if wrong:
                return None
            return several if kind == "choices" else given
        return given

    def _may_hold(self, seats: tuple[str, ...], roles: tuple[str, ...], path: str) -> None:
        """Somebody of these roles may sit on each seat that the table decides."""
        for seat in seats:
            spec = self.outline.seats.get(seat)
            may = {who.partition("@")[0] for who in spec.of} if spec else set()
            if spec and not may.isdisjoint(self.vocabulary.roles) and may.isdisjoint(_bare(roles)):
                self.report.tell("D423", path, seat=seat, roles=listed(roles), may=listed(spec.of))

    def _slot(self, slot: str, given: Given, path: str, seats: tuple[str, ...]) -> Given | Expression | None:
        if isinstance(given, Cel):
            return self._computed(slot, given.text, f"{path}.cel")
        several = given if isinstance(given, tuple) else (str(given),)
        names: dict[str, Collection[str] | None] = {
            "roles": self.vocabulary.roles,
            "levels": self.vocabulary.levels,
            "function": self.functions,
        }
        known = names.get(slot)
        if slot == "roles":
            self._may_hold(seats, several, path)
        if known is not None:
            for number, name in enumerate(several):
                own = f"{path}.{number}" if slot in LISTS else path
                self.unknown(own, slot.removesuffix("s"), name, known)
        return given

    def _computed(self, slot: str, text: str, path: str) -> Expression | None:
        """A list may be given by one word or by several; whom parties chose by persons."""
        if slot == "prefer":
            return self.compile(text, "value:persons", path)
        if slot not in LISTS:
            want = dict.fromkeys(("acknowledge", "grace"), "value:duration") | {"weight": "value:int"}
            return self.compile(text, want.get(slot, "value:text"), path)
        try:
            return self.environment.compile(text, want="value:text") if text else None
        except ExpressionError as error:
            if error.code != "FM-D302":
                self.wrong(path, error)
                return None
        return self.compile(text, "value:choices", path)


def _bare(roles: tuple[str, ...]) -> set[str]:
    return {role.partition("@")[0] for role in roles}


def _choices(definition: Definition) -> list[str]:
    return [name for name, spec in definition.fields.items() if spec.kind == "choice"]


def _order(table: Table, rule: Rule) -> int:
    if table.gives is None:
        return rule.rank or 0
    given = str(rule.then.get("value"))
    return table.priority.index(given) if given in table.priority else len(table.priority)


def _literal_fits(given: Given, kind: str) -> bool:
    if kind == "choices":
        return isinstance(given, str | tuple)
    if kind == "bool":
        return isinstance(given, bool)
    if kind == "duration":
        return isinstance(given, str) and is_duration(given)
    if kind in ("choice", "text"):
        return isinstance(given, str)
    whole = isinstance(given, int) and not isinstance(given, bool)
    return whole or (kind != "int" and isinstance(given, float))


def _shown(given: Given) -> str:
    if isinstance(given, Cel):
        return given.text
    return ", ".join(given) if isinstance(given, tuple) else str(given)


def _sort(name: str) -> Phrase:
    return phrase(f"routing.sort.{name}")


def _why(name: str, /, **params: object) -> Phrase:
    return phrase(f"routing.{name}", **params)
