"""Typed reading of nodes: every accessor gives a usable value, and notes what did not fit."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.position import Position, Positions
from engine.definitions.written.node import Mapping, Node, Scalar, Sequence

ID = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_LARGEST = 2**63 - 1


def shown(node: Node) -> dict[str, str]:
    """What stands there, as parameters for both languages."""
    if isinstance(node, Scalar) and node.text:
        return {"found": f"`{node.text[:40]}`"}
    if isinstance(node, Scalar):
        return {"found": "nothing", "found_zh": "空"}
    if isinstance(node, Sequence):
        return {"found": "a list", "found_zh": "列表"}
    return {"found": "a block", "found_zh": "块"}


def balanced(text: str) -> bool:
    """Whether brackets and quotes close: half an expression does not."""
    return (
        text.count("(") == text.count(")") and text.count("[") == text.count("]") and text.count('"') % 2 == 0
    )


class Reader:
    """Collects findings and positions while the blocks are read.

    Paths are those of the normal form. ``wanted`` in a finding is the id ``wanted.<what>`` of the
    catalogue, so that the sentence exists in every language.
    """

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self.positions = Positions(file)
        self._told_tags: set[int] = set()

    # ---- findings ------------------------------------------------------------------------------

    def fault(self, at: Position, path: str, detail: str, /, *, code: str = "FM-D001", **params: Any) -> None:
        self.findings.append(Finding(code, params, at.file, at.line, at.column, path, detail))

    def wrong(self, node: Node, path: str, wanted: str, **params: Any) -> None:
        """A node of another type than is wanted here."""
        self.fault(node.at, path, f"wanted.{wanted}", **shown(node), **params)

    def tags(self, node: Node | None) -> None:
        """Every tag that no expression has complained about yet."""
        waiting = [node] if node is not None else []
        while waiting:
            one = waiting.pop()
            if one.tag is not None and id(one) not in self._told_tags:
                self.fault(one.at, "", "yaml.tag", tag=one.tag)
            if isinstance(one, Sequence):
                waiting.extend(one.items)
            elif isinstance(one, Mapping):
                waiting.extend(one.entries.values())

    # ---- blocks --------------------------------------------------------------------------------

    def entries(self, node: Node | None, path: str) -> dict[str, Node]:
        """Name to node of a map whose names are the author's; nothing at all counts as empty."""
        if node is None:
            return {}
        if isinstance(node, Scalar) and node.value() is None and node.tag is None:
            return {}
        if not isinstance(node, Mapping):
            self.wrong(node, path, "map")
            return {}
        for key, inner in node.entries.items():
            own = f"{path}.{key}" if path else key
            self.positions.put(own, inner.at if isinstance(inner, Scalar) and inner.text else node.keys[key])
        return node.entries

    def named(self, node: Node | None, path: str) -> dict[str, Node]:
        """As :meth:`entries`, each name being an Id."""
        entries = self.entries(node, path)
        for key in entries:
            if not ID.match(key):
                self.fault(self._key(node, key), f"{path}.{key}", "wanted.id", found=f"`{key}`")
        return entries

    def block(
        self, node: Node | None, path: str, known: Collection[str], needed: Collection[str] = ()
    ) -> dict[str, Node]:
        """Key to node of a block with fixed keys."""
        entries = self.entries(node, path)
        for key in entries:
            if key not in known:
                self._unknown(node, key, path, known)
        if isinstance(node, Mapping) or (isinstance(node, Scalar) and node.value() is None):
            for key in needed:
                if key not in entries:
                    self.lacks(node, path, key)
        return {key: inner for key, inner in entries.items() if key in known}

    def lacks(self, node: Node, path: str, key: str) -> None:
        """A key that must stand; silent where a misspelt one is told already."""
        others = list(node.entries) if isinstance(node, Mapping) else []
        if not get_close_matches(key, [name for name in others if name != key], n=1, cutoff=0.75):
            self.fault(node.at, path, "yaml.lacks", key=key)

    def _key(self, node: Node | None, key: str) -> Position:
        return node.keys[key] if isinstance(node, Mapping) else Position(self.positions.file, 1, 1)

    def _unknown(self, node: Node | None, key: str, path: str, known: Collection[str]) -> None:
        at, own = self._key(node, key), f"{path}.{key}" if path else key
        half = self._half(node, key)
        if half is not None:
            self.fault(at, own, "yaml.quote_key", code="FM-D002", key=half)
            return
        near = get_close_matches(key, sorted(known), n=1, cutoff=0.6)
        detail = "yaml.unknown" if near else "yaml.unknown_among"
        self.fault(at, own, detail, code="FM-D002", key=key, known=", ".join(known), near=(near or [""])[0])

    def _half(self, node: Node | None, key: str) -> str | None:
        """The key of the expression that YAML has cut in two, of which ``key`` is the second half."""
        before = ""
        for name, inner in node.entries.items() if isinstance(node, Mapping) else ():
            if name == key:
                break
            if isinstance(inner, Scalar) and inner.at.quote == "" and not balanced(inner.text):
                before = name
        if before:
            return before
        return key if not ID.match(key) and re.search(r"[()\[\]=!<>&|\"]", key) else None

    def many(self, node: Node | None, path: str) -> Iterator[tuple[Node, str]]:
        """Elements of a list with their paths; a single element may stand without a list."""
        if node is None:
            return
        if isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                own = f"{path}.{number}"
                self.positions.put(own, item.at)
                yield item, own
        else:
            self.positions.put(f"{path}.0", node.at)
            yield node, f"{path}.0"

    # ---- scalars -------------------------------------------------------------------------------

    def _scalar(self, node: Node, path: str, wanted: str) -> str | int | float | bool | None:
        if isinstance(node, Scalar):
            value = node.value()
            if value is not None or wanted == "any":
                return value
        self.wrong(node, path, wanted)
        return None

    def text(self, node: Node, path: str, wanted: str = "text") -> str:
        value = self._scalar(node, path, wanted)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None:
            self.wrong(node, path, wanted)
        return ""

    def name(self, node: Node, path: str) -> str:
        """A name of something, known or not."""
        return self.text(node, path, "name")

    def id(self, node: Node, path: str) -> str:
        value = self.name(node, path)
        if value and not ID.match(value):
            self.wrong(node, path, "id")
        return value

    def expression(self, node: Node, path: str) -> str:
        """CEL as text; ``true`` and ``5`` need no quotes. What YAML has taken apart is to be quoted."""
        if node.tag is not None or not isinstance(node, Scalar):
            self._told_tags.add(id(node))
            self.fault(node.at, path, "yaml.quote", code="FM-D002")
            return ""
        if not node.text.strip() or (node.plain and node.value() is None):
            self.wrong(node, path, "expression")
            return ""
        if node.plain and not balanced(node.text):
            self.fault(node.at, path, "yaml.quote", code="FM-D002")
        return node.text

    def flag(self, node: Node | None, path: str, default: bool = False) -> bool:
        if node is None:
            return default
        value = self._scalar(node, path, "bool")
        if isinstance(value, bool):
            return value
        if value is not None:
            self.wrong(node, path, "bool")
        return default

    def whole(self, node: Node, path: str, least: int = 0) -> int:
        value = self._scalar(node, path, "whole")
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= _LARGEST:
            return value
        if value is not None:
            self.wrong(node, path, "whole", least=least)
        return least

    def plain(self, node: Node, path: str) -> str | int | float | bool:
        """A value of any scalar type that can be stored: no null, no infinity, no more than 63 bits."""
        value = self._scalar(node, path, "value")
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
            self.wrong(node, path, "bits")
            return 0
        if isinstance(value, float) and not abs(value) < float("inf"):
            self.wrong(node, path, "finite")
            return 0
        return "" if value is None else value

    def option(self, node: Node | None, path: str, options: Collection[str], default: str) -> Any:
        """One of some words; an unknown one gives the default (and a finding)."""
        if node is None:
            return default
        value = self._scalar(node, path, "name")
        if isinstance(value, str) and value in options:
            return value
        if value is not None:
            near = get_close_matches(str(value), sorted(options), n=1, cutoff=0.6)
            self.fault(
                node.at,
                path,
                "wanted.option",
                **shown(node),
                options=", ".join(options),
                near=(near or [""])[0],
            )
        return default

    def names(self, node: Node | None, path: str) -> tuple[str, ...]:
        return tuple(self.name(item, own) for item, own in self.many(node, path))
