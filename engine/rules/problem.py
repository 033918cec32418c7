"""What is wrong with an expression, told to whoever wrote it: where, why, and the nearest right name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from engine.domain import messages
from engine.domain.errors import Reason, Unsound

_LINE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNEXPECTED = re.compile(
    r"(?:mismatched input|extraneous input|token recognition error at:|no viable alternative at input) '(.*?)'(?: expecting|$)"
)
LONGEST = 160
_TYPE_WORDS = {
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
    "TIMESTAMP": "timestamp",
    "DURATION": "duration",
    "null_type": "null",
}
_OPERATORS = {"@in": "in", "_[_]": "[ ]", "_?_:_": "? :", "!_": "!", "-_": "-"}


class ExpressionError(Unsound):
    """Raised by compiling. ``code`` is FM-D301, D302, D303 or D305; ``column`` (and ``line``) count from 1.

    ``problem`` and ``hint_id`` name texts of the catalogue, ``given`` their parameters; ``params`` is what a
    reason or finding of the code needs: ``message`` and ``message_zh``, and what they are made of.
    """

    def __init__(
        self,
        code: str,
        text: str,
        column: int,
        problem: str,
        given: Mapping[str, Any] | None = None,
        hint_id: str | None = None,
        line: int = 1,
    ) -> None:
        self.text, self.column, self.line = text, column, line
        self.problem, self.hint_id, self.given = problem, hint_id, dict(given or {})
        params = {"expression": text, "line": line, "at": column, "problem": problem}
        said = {"message": self.tell("en"), "message_zh": self.tell("zh")}
        super().__init__(code, reasons=[Reason(code, {**params, **said}, "finding")])

    @property
    def params(self) -> Mapping[str, Any]:
        return self.first.params

    @property
    def message(self) -> str:
        return self.tell()

    @property
    def hint(self) -> str | None:
        return messages.text(self.hint_id, "en", **self.given) if self.hint_id else None

    def tell(self, lang: str = "en") -> str:
        """The whole sentence, with its hint."""
        said = [messages.text(self.problem, lang, **self.given)]
        if self.hint_id:
            said.append(messages.text(self.hint_id, lang, **self.given))
        problem = ("" if lang == "zh" else " ").join(said)
        frame = "rules.whole" if self.problem == "rules.wrong_type" else "rules.at"
        return messages.text(frame, lang, expression=_shown(self.text), at=self.column, problem=problem)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Names:
    """What could have been meant: variables, functions and macros, members of messages."""

    variables: frozenset[str]
    functions: frozenset[str]
    members: dict[str, frozenset[str]]


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    found = get_close_matches(name, sorted(candidates), n=1, cutoff=0.6)
    return found[0] if found else None


def problem_of(text: str, said: str, names: Names) -> ExpressionError:
    """What the compiler said about a text, in the words of the catalogue."""
    complaints = [(int(line), int(column), what) for line, column, what in _LINE.findall(said)]
    if not complaints:
        return ExpressionError("FM-D301", text, 1, "rules.syntax", {"said": said.splitlines()[0]})
    line, column, what = min(complaints, key=lambda c: _rank(text, c))
    problem, given, hint = _explain(text, line, column, what, names)
    begins = given.pop("begins", column)
    return ExpressionError("FM-D301", text, begins, problem, given, hint, line)


def _rank(text: str, complaint: tuple[int, int, str]) -> tuple[int, int, int]:
    """An unknown macro also makes its variables unknown: the call comes first, then the order of the text."""
    line, column, what = complaint
    calls = "undeclared reference" in what and _at(text, line, column) == "("
    return (0 if calls else 1, line, column)


def _at(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    return lines[line - 1][column - 1 : column] if line <= len(lines) else ""


def _explain(
    text: str, line: int, column: int, what: str, names: Names
) -> tuple[str, dict[str, Any], str | None]:
    if found := re.match(r"undeclared reference to '([^']*)'", what):
        return _unknown_name(text, line, column, found[1], names)
    if found := re.match(r"undefined field '([^']*)' not found in struct '([^']*)'", what):
        message = found[2].rpartition(".")[2]
        near = nearest(found[1], names.members.get(message, ()))
        given = {"name": found[1], "of": _word(found[2]), "near": near}
        given["begins"] = _behind_dot(text, line, column, found[1])
        return "rules.unknown_member", given, "rules.meant" if near else None
    if found := re.match(r"found no matching overload for '([^']*)' applied to '(.*)'", what):
        return _no_overload(found[1], found[2])
    if found := re.match(r"expression of type '([^']*)' cannot be the operand of a select", what):
        return "rules.no_members", {"type": _word(found[1]), "begins": column + 1}, None
    if found := _UNEXPECTED.search(what):
        return "rules.unexpected", {"found": found[1].replace("<EOF>", "end")}, None
    return "rules.syntax", {"said": re.sub(r"^Syntax error: ", "", re.sub(r" expecting .*$", "", what))}, None


def _behind_dot(text: str, line: int, column: int, name: str) -> int:
    """Where the member's name stands: the compiler points at the dot, inside ``has`` at its bracket."""
    rest = text.split("\n")[line - 1][column - 1 :]
    found = re.search(rf"\.\s*({re.escape(name)})\b", rest)
    return column + found.start(1) if found else column


def _unknown_name(
    text: str, line: int, column: int, name: str, names: Names
) -> tuple[str, dict[str, Any], str | None]:
    called = _at(text, line, column) == "("
    last = name.rpartition(".")[2] if called else name.partition(".")[0]
    near = nearest(last, names.functions if called else names.variables)
    begins = column - len(last) if called or "." in name else column
    if "." in name and not called:
        begins = max(1, text.split("\n")[line - 1].find(name) + 1)
    given = {"name": last, "near": near, "begins": max(1, begins)}
    return (
        "rules.unknown_function" if called else "rules.unknown_name",
        given,
        "rules.meant" if near else None,
    )


def _no_overload(function: str, types: str) -> tuple[str, dict[str, Any], str | None]:
    operands = [_word(t) for t in re.split(r", (?![^(]*\))", types.strip("()"))]
    operator = _OPERATORS.get(function, function.strip("_"))
    hint = None
    if {"double", "int"} == set(operands):
        hint = "rules.write_double"
    elif "timestamp" in operands and "string" in operands:
        hint = "rules.write_timestamp"
    elif operands.count("null"):
        hint = "rules.write_has"
    return "rules.operands", {"operator": operator, "types": ", ".join(operands)}, hint


def _word(name: str) -> str:
    """A type in the words of the language: ``list(folkmoot.item_vote)`` is ``list(vote)``."""
    for given, word in _TYPE_WORDS.items():
        name = name.replace(given, word)
    name = re.sub(r"\bfolkmoot\.(item_)?", "", name)
    return name if "." in name else name.replace("LIST<", "list<").replace("DYN", "anything").lower()


def _shown(text: str) -> str:
    """On one line, and no longer than a message bears."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


word = _word
