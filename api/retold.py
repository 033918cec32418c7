"""Reasons inside an answer, told as problems tell them: what stands against an act, an approval, one of many."""

import re
from typing import Any

from api.twin import in_addresses, tell_over_http
from engine.domain.errors import Reason
from engine.domain.messages import find_entry, text

HOLD = ("reasons", "against")  # lists of reasons, in an answer or in one of its items or results
WAYS = ("way", "way_zh")
_GIVEN = re.compile(
    r"(audit verify)(?: --\w+)(?: (?:[A-Z]+\b|文件))?"
)  # what the address takes stands in its body


def retold(answer: Any, lang: str) -> Any:
    """The answer with every reason in the words of HTTP; the very same one where it holds none."""
    if not isinstance(answer, dict):
        return answer
    made = _own(answer, lang)
    for name in ("items", "results"):
        listed = made.get(name)
        if isinstance(listed, list) and any(_holds(one) for one in listed):
            made = {**made, name: [_own(one, lang) if _holds(one) else one for one in listed]}
    return made


def _holds(one: Any) -> bool:
    return isinstance(one, dict) and any(one.get(name) for name in HOLD)


def _own(answer: dict[str, Any], lang: str) -> dict[str, Any]:
    if not _holds(answer):
        return answer
    return {**answer, **{name: [_told(r, lang) for r in answer[name]] for name in HOLD if answer.get(name)}}


def _told(reason: dict[str, Any], lang: str) -> dict[str, Any]:
    params = reason["params"] | {n: in_addresses(reason["params"][n]) for n in WAYS if n in reason["params"]}
    said = Reason(reason["code"], params, reason["kind"])
    return {**reason, "params": params, "text": tell_over_http(said, lang)}


def examined(answer: dict[str, Any], lang: str) -> dict[str, Any]:
    """What the doctor found, each repair told as an address, or as what is typed on the server."""
    return {**answer, "checks": [_check(one, lang) for one in answer["checks"]]}


def _check(check: dict[str, Any], lang: str) -> dict[str, Any]:
    if check["ok"]:
        return check
    found = [{**one, "text": in_addresses(one["text"])} for one in check["found"]]
    return {**check, "found": found, "repair": _repair(check["id"], check["repair"], lang)}


def _repair(check: str, told: str, lang: str) -> str:
    entry = find_entry(f"word.doctor_{check}_repair") or {}
    if "over_http" in entry and told == entry[lang]:
        return str(entry["over_http"][lang])
    there = in_addresses(_GIVEN.sub(r"\1", told))
    return text("word.on_the_server", lang, what=there) if "folkmoot " in there else there
