"""Reading a ``routing.yaml``: its blocks as values, every part with its place, everything wrong noted."""

import re
from collections.abc import Callable

from engine.definitions.written.node import Mapping, Node, Scalar, Sequence
from engine.definitions.written.reader import Reader
from engine.domain.duration import is_duration
from engine.routing.table.cell import ANY, parse
from engine.routing.table.model import (
    COLLECTS,
    HITS,
    LISTS,
    SLOTS,
    Branch,
    Categories,
    Cel,
    Cell,
    Given,
    Plain,
    Rule,
    Sheet,
    Table,
)

HEADER = ("case_type", "title", "version", "basis", "basis_zh", "zh", "categories", "scores", "tables")
TABLE = (
    "title",
    "basis",
    "basis_zh",
    "zh",
    "gives",
    "for",
    "hit",
    "priority",
    "collect",
    "inputs",
    "rules",
    "else",
)
RULE = ("id", "if", "when", "then", "because", "basis", "basis_zh", "zh", "rank")
BRANCH = ("title", "zh", "owner", "levels", "acknowledge", "under")
SCORES = ("load", "skill", "continuity", "conflict")
MOST_RULES = 200
ELSE = "else"
UNKNOWN = "?"  # no option is called that
_RULE_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_HALF = re.compile(r"\s*(?:[<>=!]=?|[\[(]|.*\.\.)")  # the beginning of a comparison or a range

Entries = dict[str, Node]


def sheet(reader: Reader, root: Node) -> Sheet:
    entries = reader.block(root, "", HEADER, ("case_type", "title", "version", "tables"))
    tables = reader.named(entries.get("tables"), "tables")
    return Sheet(
        case_type=_id(reader, entries, "case_type", ""),
        title=_text(reader, entries, "title", ""),
        version=_text(reader, entries, "version", ""),
        basis=_text(reader, entries, "basis", ""),
        basis_zh=_text(reader, entries, "basis_zh", ""),
        zh=_text(reader, entries, "zh", ""),
        categories=_categories(reader, entries.get("categories")),
        scores=_scores(reader, entries.get("scores")),
        tables=tuple(_table(reader, name, node, f"tables.{name}") for name, node in tables.items()),
    )


def _text(reader: Reader, entries: Entries, key: str, path: str) -> str:
    return reader.text(entries[key], f"{path}.{key}".lstrip(".")) if key in entries else ""


def _id(reader: Reader, entries: Entries, key: str, path: str) -> str:
    return reader.id(entries[key], f"{path}.{key}".lstrip(".")) if key in entries else ""


def _name(reader: Reader, entries: Entries, key: str, path: str) -> str | None:
    return reader.name(entries[key], f"{path}.{key}") if key in entries else None


def _scores(reader: Reader, node: Node | None) -> dict[str, int]:
    return {
        name: reader.whole(inner, f"scores.{name}")
        for name, inner in reader.block(node, "scores", SCORES).items()
    }


# ---- the tree of categories ------------------------------------------------------------------------


def _categories(reader: Reader, node: Node | None) -> Categories | None:
    if node is None:
        return None
    entries = reader.block(node, "categories", ("field", "tree", "unknown"), ("field", "tree"))
    if not entries:
        return None
    return Categories(
        _name(reader, entries, "field", "categories") or "",
        _branches(reader, entries.get("tree"), "categories.tree"),
        _unknown(reader, entries.get("unknown")),
    )


def _unknown(reader: Reader, node: Node | None) -> Branch | None:
    if node is None:
        return None
    path = "categories.unknown"
    return _branch(reader, UNKNOWN, node, path, ("owner", "levels", "acknowledge"))


def _branches(reader: Reader, node: Node | None, path: str) -> tuple[Branch, ...]:
    return tuple(
        _branch(reader, name, inner, f"{path}.{name}") for name, inner in reader.named(node, path).items()
    )


def _branch(reader: Reader, name: str, node: Node, path: str, known: tuple[str, ...] = BRANCH) -> Branch:
    entries = reader.block(node, path, known)
    acknowledge = entries.get("acknowledge")
    return Branch(
        name=name,
        title=_text(reader, entries, "title", path),
        zh=_text(reader, entries, "zh", path),
        owner=_name(reader, entries, "owner", path),
        levels=reader.names(entries.get("levels"), f"{path}.levels"),
        acknowledge=None if acknowledge is None else _duration(reader, acknowledge, f"{path}.acknowledge"),
        under=_branches(reader, entries.get("under"), f"{path}.under"),
        path=path,
    )


def _duration(reader: Reader, node: Node, path: str) -> str:
    text = node.text if isinstance(node, Scalar) else ""
    if is_duration(text):
        return text
    reader.wrong(node, path, "length")
    return ""


# ---- tables ----------------------------------------------------------------------------------------


def _table(reader: Reader, name: str, node: Node, path: str) -> Table:
    entries = reader.block(node, path, TABLE, ("title", "hit", "inputs", "rules"))
    if isinstance(node, Mapping) and ("gives" in entries) == ("for" in entries):
        reader.fault(node.at, path, "routing.gives_or_for")
    gives = _name(reader, entries, "gives", path)
    inputs = reader.named(entries.get("inputs"), f"{path}.inputs")
    for key, inner in inputs.items():  # the columns are found by their names in messages about expressions
        reader.positions.put(f"{path}.inputs.{key}", inner.at)
    collect = entries.get("collect")
    return Table(
        name=name,
        title=_text(reader, entries, "title", path),
        hit=reader.option(entries.get("hit"), f"{path}.hit", HITS, "unique"),
        inputs={key: reader.expression(inner, f"{path}.inputs.{key}") for key, inner in inputs.items()},
        rules=_rules(reader, entries.get("rules"), f"{path}.rules", gives is not None),
        gives=gives,
        seats=reader.names(entries.get("for"), f"{path}.for"),
        otherwise=_otherwise(reader, entries.get("else"), f"{path}.else", gives is not None),
        priority=reader.names(entries.get("priority"), f"{path}.priority"),
        collect=None if collect is None else reader.option(collect, f"{path}.collect", COLLECTS, "max"),
        basis=_text(reader, entries, "basis", path),
        basis_zh=_text(reader, entries, "basis_zh", path),
        zh=_text(reader, entries, "zh", path),
        path=path,
    )


def _rules(reader: Reader, node: Node | None, path: str, gives: bool) -> tuple[Rule, ...]:
    if node is not None and not isinstance(node, Sequence):
        reader.wrong(node, path, "list")
        return ()
    if node is not None and len(node.items) > MOST_RULES:
        reader.fault(node.at, path, "routing.too_many", limit=MOST_RULES)
        return ()
    return tuple(_rule(reader, item, own, gives, RULE) for item, own in reader.many(node, path))


def _otherwise(reader: Reader, node: Node | None, path: str, gives: bool) -> Rule | None:
    if node is None:
        return None
    return _rule(reader, node, path, gives, ("id", "then", "because", "basis", "basis_zh", "zh"))


def _rule(reader: Reader, node: Node, path: str, gives: bool, known: tuple[str, ...]) -> Rule:
    needed = ("id", "then", "because") if "if" in known else ("then", "because")
    entries = reader.block(node, path, known, needed)
    when, then, rank = entries.get("when"), entries.get("then"), entries.get("rank")
    return Rule(
        id=_rule_id(reader, entries, path),
        cells=_cells(reader, entries.get("if"), f"{path}.if"),
        when=None if when is None else reader.expression(when, f"{path}.when"),
        then=_value(reader, then, f"{path}.then") if gives else _slots(reader, then, f"{path}.then"),
        because=_text(reader, entries, "because", path),
        basis=_text(reader, entries, "basis", path),
        basis_zh=_text(reader, entries, "basis_zh", path),
        zh=_text(reader, entries, "zh", path),
        rank=None if rank is None else reader.whole(rank, f"{path}.rank", 1),
        path=path,
    )


def _rule_id(reader: Reader, entries: Entries, path: str) -> str:
    if "id" not in entries:
        return ELSE
    value = reader.name(entries["id"], f"{path}.id")
    if value and not _RULE_ID.match(value):
        reader.wrong(entries["id"], f"{path}.id", "rule_id")
    return value


# ---- cells -----------------------------------------------------------------------------------------


def _cells(reader: Reader, node: Node | None, path: str) -> dict[str, Cell]:
    found = {key: cell(reader, inner, f"{path}.{key}") for key, inner in reader.entries(node, path).items()}
    return {key: one for key, one in found.items() if one.kind != "any"}


def cell(reader: Reader, node: Node, path: str) -> Cell:
    """A cell; what does not hold asks nothing, and is told."""
    if isinstance(node, Mapping):
        entries = reader.block(node, path, ("not",), ("not",))
        values = _values(reader, entries.get("not"), f"{path}.not")
        return Cell("not", values) if values else ANY
    if isinstance(node, Scalar) and isinstance(node.value(), str):
        short = parse(node.text)
        if short is not None:
            return short
        if _HALF.match(node.text):
            reader.wrong(node, path, "cell")
            return ANY
    values = _values(reader, node, path)
    return Cell("of", values) if values else ANY


def _values(reader: Reader, node: Node | None, path: str) -> tuple[Plain, ...]:
    if isinstance(node, Sequence) and not node.items:
        reader.wrong(node, path, "cell")
    return tuple(dict.fromkeys(reader.plain(item, own) for item, own in reader.many(node, path)))


# ---- what a rule gives -----------------------------------------------------------------------------


def _value(reader: Reader, node: Node | None, path: str) -> dict[str, Given]:
    return {} if node is None else {"value": _given(reader, node, path, _single)}


def _slots(reader: Reader, node: Node | None, path: str) -> dict[str, Given]:
    found: dict[str, Given] = {}
    for slot, inner in reader.block(node, path, SLOTS).items():
        found[slot] = _given(reader, inner, f"{path}.{slot}", _READ.get(slot, _names))
    return found


Read = Callable[[Reader, Node, str], Given]


def _given(reader: Reader, node: Node, path: str, read: Read) -> Given:
    """A constant, or ``{cel: EXPRESSION}``."""
    if not isinstance(node, Mapping):
        return read(reader, node, path)
    entries = reader.block(node, path, ("cel",), ("cel",))
    return Cel(reader.expression(entries["cel"], f"{path}.cel") if "cel" in entries else "")


def _single(reader: Reader, node: Node, path: str) -> Given:
    return reader.names(node, path) if isinstance(node, Sequence) else reader.plain(node, path)


def _names(reader: Reader, node: Node, path: str) -> Given:
    return tuple(dict.fromkeys(reader.names(node, path)))


def _weight(reader: Reader, node: Node, path: str) -> Given:
    return reader.whole(node, path)


_READ: dict[str, Read] = {
    "function": lambda reader, node, path: reader.name(node, path),
    "sex": lambda reader, node, path: reader.name(node, path),
    "weight": _weight,
    "acknowledge": _duration,
    "grace": _duration,
    **dict.fromkeys(LISTS, _names),
}
