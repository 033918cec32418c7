"""What a condition tells by having held: the facts without which it could not have been true."""

import re
from collections.abc import Iterator

from engine.definitions.outline import Outline
from engine.rules.expression import Expression
from engine.rules.reading import Path

_MACRO = re.compile(r"\|\||&&|\?|\.(all|exists|exists_one|filter|map)\(")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HAS = re.compile(r"has\(([a-z0-9_.]+)\)\Z")
_SOME = re.compile(r"([a-z0-9_]+)\.size\(\) *(?:> *\d+|>= *[1-9]\d*|== *[1-9]\d*)\Z")


def told(outline: Outline, expression: Expression) -> Iterator[Path]:
    """Tokens without which a condition could not have been true: those of the facts its conjuncts read outright."""
    for part in conjuncts(expression.text):
        some = _SOME.match(part)
        if some is not None and some[1] in outline.plurals:
            yield (outline.plurals[some[1]],)
        elif (asked := _HAS.match(part)) is not None:
            yield from _tokens(outline, tuple(asked[1].removeprefix("case.").split(".")))
        elif not _MACRO.search(part) and "has(" not in part:
            yield from _read_outright(outline, part, expression)


def _read_outright(outline: Outline, part: str, whole: Expression) -> Iterator[Path]:
    named = {name.removeprefix("case.") for name in _NAME.findall(_QUOTED.sub("", part))}
    for path in whole.reads:
        dotted = ".".join(path)
        if dotted in named or any(name.startswith(f"{dotted}.") for name in named):
            yield from _tokens(outline, path)
    if re.fullmatch(r"[a-z0-9_]+\.signed", part):
        yield (part.partition(".")[0], "signed_at")


def _tokens(outline: Outline, path: Path) -> Iterator[Path]:
    """The tokens without which a path has no value."""
    if path[0] in ("last", "been"):
        yield path[:2]
    elif path[0] in outline.definition.fields or path[0] in outline.definition.records:
        yield path[:1]
        if path[1:2] == ("signed_at",):
            yield path[:2]


def conjuncts(text: str) -> list[str]:
    """Parts of a condition that must all hold: split at ``&&`` outside of brackets and quotes."""
    if "&&" not in text:
        return [text.strip()]
    parts, depth, quote, start = [], 0, "", 0
    index = 0
    while index < len(text):
        char = text[index]
        if quote:
            index += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif depth == 0 and text.startswith("&&", index):
            parts.append(text[start:index])
            start, index = index + 2, index + 1
        elif depth == 0 and (char == "?" or text.startswith("||", index)):
            return [text]
        index += 1
    parts.append(text[start:])
    return [part.strip() for part in parts]
