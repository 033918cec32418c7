"""Values as they arrive, made into the values that are stored; wrong ones become reasons, never exceptions.

Stored forms: bool, int, text; money and numbers as canonical decimal text; dates ISO; instants UTC text;
durations in the language's spelling; choices by id, though a title in any language is taken too.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.definitions.model import FieldSpec
from engine.domain.duration import Duration
from engine.domain.errors import FolkmootError, Reason
from engine.domain.instant import to_text
from engine.domain.length import LONGEST_TEXT
from engine.domain.messages import text

ONE_OF = "one of "
PHRASES = tuple(
    f"word.typed.{name}"
    for name in (
        "bool", "whole", "whole_bits", "number", "number_bits", "text", "text_clean", "text_long", "date", "moment",
        "length", "known_party", "known_place", "known_unit", "known_person", "known_case", "one_item",
    )
)  # fmt: skip
LARGEST = 2**63 - 1
TRUE = frozenset({"true", "yes", "y", "1", "是", "有"})
FALSE = frozenset({"false", "no", "n", "0", "否", "无"})


class Wrong(ValueError):
    """The value does not fit; ``args[0]`` says what is wanted."""


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
    raise Wrong("true or false")


def _int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Wrong("a whole number")
    try:
        number = int(value)
    except ValueError as error:
        raise Wrong("a whole number") from error
    if abs(number) > LARGEST:
        raise Wrong("a whole number of at most 63 bits")
    return number


def _decimal(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Wrong("a number such as 5000 or 12.50")
    try:
        number = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation as error:
        raise Wrong("a number such as 5000 or 12.50") from error
    if not number.is_finite() or abs(number) > LARGEST:
        raise Wrong("a finite number of at most 63 bits")
    spelt = format(number.normalize(), "f")
    return spelt if "." in spelt else spelt + ".0"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("some text")
    if "\x00" in value or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise Wrong("text without NUL or broken characters")
    if len(value) > LONGEST_TEXT:
        raise Wrong(f"a text of at most {LONGEST_TEXT} characters")
    return value


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise Wrong("a date such as 2026-11-23") from error


def _timestamp(value: Any) -> str:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong("a time with its offset, such as 2026-11-23T10:00+08:00") from error
    if at.tzinfo is None:
        raise Wrong("a time with its offset, such as 2026-11-23T10:00+08:00")
    return to_text(at.astimezone(UTC))


def _duration(value: Any) -> str:
    try:
        return str(Duration.parse(str(value)))
    except FolkmootError as error:
        raise Wrong("a duration such as 10 wd") from error


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "bool": _bool,
    "int": _int,
    "number": _decimal,
    "money": _decimal,
    "text": _text,
    "file": _text,
    "date": _date,
    "timestamp": _timestamp,
    "duration": _duration,
    "place": _text,
    "unit": _text,
    "party": _text,
    "person": _text,
    "case": _text,
}
_LISTS = {"choices": "choice", "parties": "party", "persons": "person"}
EXISTING = frozenset({"party", "place", "unit", "person", "case"})


Titles = Callable[[str], Iterable[str]]  # of an option, in the languages that are known


def options(spec: FieldSpec, titles: Titles, value: Any) -> str:
    """The option that a value names, by id or by a title."""
    named = str(value).strip()
    if named in spec.options:
        return named
    for option in spec.options:
        if named in titles(option):
            return option
    raise Wrong(ONE_OF + ", ".join(spec.options))


def typed(spec: FieldSpec, value: Any, known: Callable[[str, str], bool], titles: Titles) -> Any:
    """The value as it is stored; raises :class:`Wrong`. ``known`` tells whether a code exists."""
    kind = spec.kind
    make = _PLAIN.get(kind)
    if make is not None:
        made = make(value)
        if kind in EXISTING and not known(kind, made):
            raise Wrong(f"a known {kind}")
        return made
    if kind in _LISTS:
        single = spec.model_copy(update={"kind": _LISTS[kind]})
        parts = value if isinstance(value, list | tuple) else [p for p in str(value).split(",") if p.strip()]
        return [
            typed(single, part.strip() if isinstance(part, str) else part, known, titles) for part in parts
        ]
    return options(spec, titles, value)


_SPELT = {None: "null", True: "true", False: "false"}  # as they were sent


def wrong(name: str, value: Any, wanted: str, pointer: str) -> Reason:
    """FM-R303 in both languages; ``wanted`` in English, one of the phrases here or names to choose from."""
    value = _SPELT.get(value, value) if value is None or isinstance(value, bool) else value
    given = {"name": name, "value": value, "wanted": wanted, "wanted_zh": in_chinese(wanted)}
    return Reason("FM-R303", given, "input", pointer=pointer)


def in_chinese(wanted: str) -> str:
    """What is wanted, as the catalogue says it in Chinese; names stay as they are."""
    if wanted.startswith(ONE_OF):
        return text("word.typed.one_of", "zh", names=wanted.removeprefix(ONE_OF))
    return next((text(word, "zh") for word in PHRASES if text(word) == wanted), wanted)
