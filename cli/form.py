"""What an act takes, as questions: listed by `case next REF ACT`, asked by `case do` at a terminal.

The input schema of an act (JSON Schema) has the same shape as what is sent: ``set``, ``records``, ``seats``,
``parties``, ``note``, ``outcome``. Each question is one leaf of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from cli import prompt
from cli.call import Call
from cli.output.width import fold, pad, screen, width

Schema = Mapping[str, Any]
KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Question:
    """``path`` leads to the value in what is sent; ``options`` are (id, title) of a choice."""

    path: tuple[str, ...]
    title: str
    kind: str
    needed: bool
    options: tuple[tuple[str, str], ...] = ()
    many: bool = False

    @property
    def option(self) -> str:
        """How it is typed on the command line."""
        where, *rest = self.path
        if where == "records":
            return f"--record {rest[0]}:{rest[1]}=.." if len(rest) > 1 else f"--record {rest[0]}:.."
        if where == "parties":
            return f"--party {rest[0]}=.."
        if where in ("set", "seats"):
            return f"--{where.removesuffix('s') if where == 'seats' else where} {rest[0]}=.."
        return f"--{where.replace('_', '-')} .."

    @property
    def by_key(self) -> bool:
        """One key answers it."""
        return self.kind == "bool" or (0 < len(self.options) <= len(KEYS) and not self.many)

    @property
    def wanted(self) -> str:
        return ", ".join(name for name, _ in self.options) if self.options else self.kind


def questions(schema: Schema, lang: str) -> list[Question]:
    """Every leaf that the act takes, in the schema's order."""
    return list(_leaves(schema, lang, (), needed=True))


def _leaves(schema: Schema, lang: str, path: tuple[str, ...], *, needed: bool) -> Iterator[Question]:
    wanted = set(schema.get("required", ()))
    for name, part in schema.get("properties", {}).items():
        here, must = (*path, name), needed and name in wanted
        if part.get("type") == "array" and part.get("items", {}).get("properties"):
            yield from _leaves(part["items"], lang, here, needed=must)
        elif part.get("properties"):
            yield from _leaves(part, lang, here, needed=must)
        else:
            yield _leaf(here, part, lang, needed=must)


def _leaf(path: tuple[str, ...], part: Schema, lang: str, *, needed: bool) -> Question:
    many = part.get("type") == "array"
    ids = (part.get("items", {}) if many else part).get("enum", ())
    titles = part.get("options", {})
    options = tuple((str(one), str(titles.get(one, {}).get(lang, one)).replace("_", " ")) for one in ids)
    kind = str(part.get("kind") or part.get("type") or "text")
    title = part.get("title_zh") if lang == "zh" else part.get("title")
    return Question(path, str(title or path[-1].replace("_", " ")), kind, needed, options, many)


def part_of(schema: Schema, *path: str) -> Schema:
    """The part of a schema at a path; empty where it has none."""
    here: Schema = schema
    for name in path:
        here = here.get("properties", {}).get(name, {})
        if here.get("type") == "array":
            here = here.get("items", {})
    return here


def ask_missing(call: Call, schema: Schema, sent: dict[str, Any]) -> None:
    """Ask at the keyboard for what is needed and not given; without a terminal the engine says what lacks."""
    if not prompt.possible():
        return
    open_questions = [q for q in questions(schema, call.lang) if q.needed and _missing(sent, q.path)]
    wide = max((width(q.title) for q in open_questions), default=0)
    with ExitStack() as keys:
        for question in open_questions:
            if question.by_key:
                keys.enter_context(prompt.single_keys())
            else:
                keys.close()
            put(sent, question.path, _answer(call, question, wide))


def wanted(call: Call, question: Question) -> str:
    """The ids of a choice, else what kind of value is wanted, in words."""
    word = {"string": "text", "integer": "whole"}.get(question.kind, question.kind)
    said = call.word(f"typed.{word}")
    return question.wanted if question.options or said == f"word.typed.{word}" else said


def _missing(sent: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    here: Any = sent
    for name in path:
        if isinstance(here, list):
            here = here[0] if here else {}
        if not isinstance(here, Mapping) or here.get(name) in (None, "", [], {}):
            return True
        here = here[name]
    return False


def put(sent: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Place a value; ``parties`` and what is below ``records`` are lists of items, the first is filled."""
    here: dict[str, Any] = sent
    for depth, name in enumerate(path[:-1]):
        if (path[0], depth) in (("records", 1), ("parties", 0)):
            items = here.setdefault(name, [])
            if not items:
                items.append({})
            here = items[0]
        else:
            here = here.setdefault(name, {})
    here[path[-1]] = value


def _answer(call: Call, question: Question, wide: int) -> Any:
    lead = f" {pad(question.title, wide)}  "
    if question.kind == "bool":
        return prompt.key(f"{lead}{call.word('key_yes_no')} ", "ynYN是否") in "yY是"
    if question.by_key:
        listed = "  ".join(f"{KEYS[i]} {title}" for i, (_, title) in enumerate(question.options))
        shown = "\n".join(fold(listed, screen() - 4, " " * width(lead)))
        pressed = prompt.key(f"{lead}{shown.lstrip()}  ", KEYS[: len(question.options)])
        return question.options[KEYS.index(pressed)][0]
    given = prompt.line(f"{lead}[{wanted(call, question)}] ")
    return [one.strip() for one in given.split(",")] if question.many else given
