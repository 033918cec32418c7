"""The bodies that are read by hand: their known keys, and what each must be. The wire schemas in
``api/schema`` document the same; a test holds them together."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from engine.domain.errors import Reason, UsageError
from engine.domain.messages import text
from engine.domain.period import YEARS, too_far

Check = Callable[[Any], bool]


def texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _is(kind: type) -> Check:
    return lambda value: isinstance(value, kind)


def _map_of(inner: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(inner(one) for one in value.values())


# key of the body -> (argument of the service, check, word for what is wanted)
ACT: Mapping[str, tuple[str, Check, str]] = {
    "set": ("set", _is(dict), "object"),
    "records": ("records", _map_of(objects), "lists"),
    "parties": ("parties", objects, "objects"),
    "seats": ("seats", _map_of(texts), "seats"),
    "note": ("note", _is(str), "text"),
    "outcome": ("outcome", _is(str), "text"),
    "item": ("item", _is(str), "text"),
    "auto": ("auto", _is(bool), "flag"),
    "occurred_at": ("at", _is(str), "moment"),
    "done_by": ("done_by", _is(str), "text"),
    "reason": ("reason", _is(str), "text"),
    "ask": ("ask", _is(bool), "flag"),
}


def checked(sent: Any, known: Mapping[str, tuple[str, Check, str]]) -> dict[str, Any]:
    """The service's arguments; every key that is not known or not so is told (FM-U006, FM-U005). null is nothing."""
    if not isinstance(sent, dict):
        raise UsageError("FM-U006", reasons=[wanted("", sent, "object")])
    reasons: list[Reason] = []
    arguments: dict[str, Any] = {}
    for key, value in sent.items():
        if key not in known:
            reasons.append(unknown(f"/{escaped(key)}"))
        elif value is not None:
            name, fits, word = known[key]
            if not fits(value):
                reasons.append(wanted(f"/{key}", value, word))
            elif word == "moment":
                arguments[name] = moment(value, f"/{key}", reasons)
            else:
                arguments[name] = value
    if reasons:
        raise UsageError(reasons[0].code, reasons=reasons)
    return arguments


def moment(given: str, pointer: str, reasons: list[Reason]) -> datetime | None:
    """An instant with its offset; else FM-U005 is added to the reasons."""
    at = instant(given)
    if at is None:
        reasons.append(no_moment(given, pointer))
    return at


def no_moment(given: str, pointer: str) -> Reason:
    """FM-U005; FM-U365 where it can be read and is only too far."""
    try:
        far = datetime.fromisoformat(given).year not in YEARS
    except (ValueError, TypeError):
        far = False
    if far:
        return replace(too_far(given[:40]).first, pointer=pointer)
    return Reason("FM-U005", {"given": given[:40]}, "input", pointer=pointer)


def instant(given: Any) -> datetime | None:
    """Date, time and offset, within the years that calendars can count in."""
    try:
        at = datetime.fromisoformat(given)
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo is not None and at.year in YEARS else None


def plain_day(given: Any) -> date | None:
    """A day without a time, within the same years."""
    try:
        day = date.fromisoformat(given)
    except (ValueError, TypeError):
        return None
    return day if day.year in YEARS else None


def escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def unknown(pointer: str) -> Reason:
    return _reason("field_unknown", pointer)


def missing(pointer: str) -> Reason:
    return _reason("field_missing", pointer)


def wanted(pointer: str, given: Any, word: str) -> Reason:
    """``word``: of the catalogue's ``word.wanted.*``, or what is wanted itself."""
    said = {lang: text(f"word.wanted.{word}", lang) for lang in ("en", "zh")}
    told = {lang: word if name.startswith("word.") else name for lang, name in said.items()}
    return _reason("field_wanted", pointer, given=shown(given), wanted=told["en"], wanted_zh=told["zh"])


def shown(value: Any) -> str:
    """A value as it may be quoted: short, and no more than its kind where it is long."""
    if isinstance(value, dict):
        return "{..}"
    if isinstance(value, list):
        return "[..]"
    told = f"`{value}`" if isinstance(value, str) else json.dumps(value)
    return told if len(told) <= 42 else told[:40] + "..`"


def _reason(word: str, pointer: str, **params: Any) -> Reason:
    where = {lang: pointer or text("word.the_body", lang) for lang in ("en", "zh")}
    zh = {name.removesuffix("_zh"): value for name, value in params.items()}
    en = {name: value for name, value in params.items() if not name.endswith("_zh")}
    said = {
        "problems": text(f"word.{word}", "en", pointer=where["en"], **en),
        "problems_zh": text(f"word.{word}", "zh", pointer=where["zh"], **zh),
    }
    return Reason("FM-U006", said, "input", pointer=pointer or None)
