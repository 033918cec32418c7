"""YAML text as a tree of nodes with places; scalars by the core rules of YAML 1.2.

The parser's events are read one by one, so that depth, aliases and size are refused before anything
is built. Words such as ``no`` and ``on`` stay words, ``1:30`` stays text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.definitions.finding import Finding
from engine.definitions.position import Position

MOST_BYTES = 1_000_000
MOST_DEPTH = 40
_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(f"{sign}inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
)  # written with an escape; no XML may hold one
_INSIDE = ("'", '"')  # quotes that stand before the first character
# a line that holds an expression whose first or later characters mean something else to YAML
_HALF_EXPRESSION = re.compile(
    r"\b(?:that|when|as_soon_as|while|from|until|guard|who|set|parties)\s*:\s*(?:[!\[&*|>%@`\"]|[^'\"{\[]*[(&|!=<>])"
)


@dataclass(slots=True)
class Scalar:
    at: Position
    text: str
    plain: bool
    tag: str | None = None

    def value(self) -> str | int | float | bool | None:
        if not self.plain:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        first = self.text[0]
        if not (first.isdigit() or first in "+-."):
            return self.text
        if _INT.match(self.text):
            return _integer(self.text)
        return float(self.text) if _FLOAT.match(self.text) else self.text


@dataclass(slots=True)
class Sequence:
    at: Position
    items: list["Node"] = field(default_factory=list)
    tag: str | None = None


@dataclass(slots=True)
class Mapping:
    """Keys are texts as written; ``keys`` holds their places."""

    at: Position
    entries: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Position] = field(default_factory=dict)
    tag: str | None = None


Node = Scalar | Sequence | Mapping


def _integer(text: str) -> int:
    """Python refuses more than 4,300 digits; such a number is too large in any case."""
    if len(text) > 100:
        return 1 << 64
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


class _Refused(Exception):
    def __init__(
        self,
        detail: str,
        line: int,
        column: int,
        *,
        code: str = "FM-D001",
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail, self.line, self.column, self.code, self.params = detail, line, column, code, params or {}


def decode(content: bytes, file: str) -> tuple[str, list[Finding]]:
    """The text of a file's content; too large or not UTF-8 is a finding."""
    if len(content) > MOST_BYTES:
        return "", [
            _finding(file, _Refused("yaml.too_large", 1, 1, params={"limit": MOST_BYTES // 1_000_000}))
        ]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        return "", [_finding(file, _Refused("yaml.not_utf8", line, column))]


def read(text: str, file: str) -> tuple[Node | None, list[Finding]]:
    """The one document of a text as a node, and what was found wrong; None where reading had to stop."""
    builder = _Builder(file)
    try:
        _characters(text)
        for event in _events(text):
            builder.take(event)
    except _Refused as refused:
        return None, [*builder.findings, _finding(file, refused)]
    if builder.root is None and not builder.findings:
        builder.findings.append(_finding(file, _Refused("yaml.empty", 1, 1)))
    return builder.root, builder.findings


def _finding(file: str, refused: _Refused) -> Finding:
    return Finding(refused.code, refused.params, file, refused.line, refused.column, "", refused.detail)


def _characters(text: str) -> None:
    """NUL and lone surrogates cannot be stored; size is counted in bytes."""
    found = re.search("[\x00\ud800-\udfff]", text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise _Refused("yaml.character", line, column, params={"character": f"U+{ord(found.group()):04X}"})
    if len(text) > MOST_BYTES or len(text.encode()) > MOST_BYTES:
        raise _Refused("yaml.too_large", 1, 1, params={"limit": MOST_BYTES // 1_000_000})


def _place(mark: Any) -> tuple[int, int]:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        lines = text.splitlines()
        near = {line, _place(error.context_mark or error.problem_mark)[0]}
        if any(_HALF_EXPRESSION.search(lines[n - 1]) for n in near if n <= len(lines)):
            raise _Refused("yaml.quote", line, column, code="FM-D002") from None
        raise _Refused(
            "yaml.syntax", line, column, params={"problem": str(error.problem or error.context)}
        ) from None
    except yaml.YAMLError as error:
        raise _Refused("yaml.syntax", 1, 1, params={"problem": str(error).split("\n")[0]}) from None


class _Builder:
    """Builds the tree from events with an explicit stack: no recursion, whatever the input."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.findings: list[Finding] = []
        self._stack: list[Sequence | Mapping] = []
        self._keys: list[tuple[str, Position] | None] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
            self._keys.pop()
        elif isinstance(event, yaml.CollectionStartEvent):
            self._collection(event)
        elif isinstance(event, yaml.AliasEvent):
            self._refuse("yaml.alias", event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse("yaml.documents", event)
        if event.version is not None and tuple(event.version) != (1, 2):
            self._refuse("yaml.version", event)

    def _refuse(self, detail: str, event: yaml.Event, **params: Any) -> None:
        line, column = _place(event.start_mark)
        raise _Refused(detail, line, column, params=params)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None:
            self._refuse("yaml.alias", event)
        if not event.value.isprintable() and _CONTROL.search(event.value):
            self._refuse("yaml.control", event)
        start, end, quote, tag = event.start_mark, event.end_mark, event.style or "", event.tag
        if start is None or end is None:
            raise ValueError("the parser gave no place")
        at = Position(
            self.file,
            start.line + 1,
            start.column + (2 if quote in _INSIDE else 1),
            quote,
            event.value,
            end.line - start.line + 1,
        )
        self._place(Scalar(at, event.value, not quote and tag is None, tag), event)

    def _collection(self, event: yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._refuse("yaml.alias", event)
        if len(self._stack) >= MOST_DEPTH:
            self._refuse("yaml.too_deep", event, limit=MOST_DEPTH)
        at = Position(self.file, *_place(event.start_mark))
        node: Sequence | Mapping = (
            Mapping(at, tag=event.tag)
            if isinstance(event, yaml.MappingStartEvent)
            else Sequence(at, tag=event.tag)
        )
        self._place(node, event)
        self._stack.append(node)
        self._keys.append(None)

    def _place(self, node: Node, event: yaml.Event) -> None:
        if not self._stack:
            self.root = node
            return
        around = self._stack[-1]
        if isinstance(around, Sequence):
            around.items.append(node)
        elif (key := self._keys[-1]) is None:
            if not isinstance(node, Scalar) or node.tag is not None:
                self._refuse("yaml.key", event)
            else:
                self._keys[-1] = (node.text, node.at)
        else:
            self._keys[-1] = None
            self._entry(around, key, node)

    def _entry(self, around: Mapping, key: tuple[str, Position], node: Node) -> None:
        name, at = key
        if name in around.entries:
            params = {"key": name, "first": around.keys[name].line}
            self.findings.append(
                Finding("FM-D001", params, self.file, at.line, at.column, "", "yaml.duplicate")
            )
            return
        around.entries[name], around.keys[name] = node, at
