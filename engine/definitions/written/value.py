"""Values that may branch: ``30 cd``, ``param.watch``, the name of a fact, a tree by a fact, a row of a table."""

import re
from collections.abc import Callable

from engine.definitions.model import Places, TableRef, Tree, Value
from engine.definitions.written.node import Mapping, Node, Scalar, Sequence
from engine.definitions.written.reader import ID, Reader
from engine.domain.duration import Mark, is_duration
from engine.domain.errors import UsageError

_REFERENCE = re.compile(r"param\.[a-z][a-z0-9_]{0,39}\Z")

Leaf = Callable[[Node, str], Value | Places]


def is_mark(text: str) -> bool:
    try:
        return str(Mark.parse(text)) == text
    except UsageError:
        return False


def tree(reader: Reader, node: Node, path: str, leaf: Leaf) -> Value | Places:
    """A leaf, or ``{by, OPTION: ..., else: ...}`` of leaves, or ``{table, take}``."""
    if not isinstance(node, Mapping):
        return leaf(node, path)
    if "table" in node.entries:
        return _of_table(reader, node, path, leaf)
    entries = reader.entries(node, path)
    if "by" not in entries:
        reader.lacks(node, path, "by")
        return ""
    options = {
        key: tree(reader, inner, f"{path}.{key}", leaf)
        for key, inner in entries.items()
        if key not in ("by", "else")
    }
    other = entries.get("else")
    return Tree(
        by=reader.name(entries["by"], f"{path}.by"),
        options=options,
        otherwise=None if other is None else tree(reader, other, f"{path}.else", leaf),
        has_else=other is not None,
    )


def _of_table(reader: Reader, node: Mapping, path: str, leaf: Leaf) -> Value | Places:
    entries = reader.block(node, path, ("table", "take", "else"), ("table", "take", "else"))
    seat = reader.name(entries["table"], f"{path}.table") if "table" in entries else ""
    taken = reader.name(entries["take"], f"{path}.take") if "take" in entries else ""
    if taken and taken != "acknowledge":
        reader.wrong(entries["take"], f"{path}.take", "acknowledge")
        return ""
    other = tree(reader, entries["else"], f"{path}.else", leaf) if "else" in entries else None
    return TableRef(table=seat, take="acknowledge", otherwise=_value(other) if other is not None else None)


def duration(reader: Reader, node: Node, path: str) -> Value:
    """A Value that gives a duration."""

    def leaf(inner: Node, own: str) -> str:
        text = inner.text if isinstance(inner, Scalar) else ""
        if is_duration(text) or _REFERENCE.match(text) or ID.match(text):
            return text
        reader.wrong(inner, own, "duration")
        return ""

    return _value(tree(reader, node, path, leaf))


def parameter(reader: Reader, node: Node, path: str) -> Value:
    """A Value of any type: number, truth value, text, duration."""
    return _value(tree(reader, node, path, reader.plain))


def named(reader: Reader, node: Node, path: str) -> str | Tree:
    """A name, or one by a fact."""
    found = tree(reader, node, path, reader.name)
    if isinstance(found, str | Tree):
        return found
    reader.wrong(node, path, "name")
    return ""


def places(reader: Reader, node: Node, path: str) -> Places | Tree:
    """Who signs: a list of Who and of lists of Who, or such lists by a field of the record."""

    def leaf(inner: Node, own: str) -> Places:
        return tuple(
            reader.names(item, at) if isinstance(item, Sequence) else reader.name(item, at)
            for item, at in reader.many(inner, own)
        )

    found = tree(reader, node, path, leaf)
    return found if isinstance(found, tuple | Tree) else ()


def _value(found: Value | Places) -> Value:
    return "" if isinstance(found, tuple) else found
