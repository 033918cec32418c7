"""What a report is: a title and parts, each a measure with its arguments. Shipped ones are files beside this one.

    title: {en: Weekly page, zh: 每周报告}
    needs_unit: false
    parts:
      - measure: durations
        title: {en: How long it takes, zh: 办理用时}
        of: county                      # unit (as the report is asked), or its county
        with: {clock: first_resolution, by: type, filed: last 12 months}

Everything that can be wrong with it is told at once, with its place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from engine.analytics.registry import MEASURES, RANGES
from engine.domain.errors import Reason, UsageError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
KEYS = ("title", "needs_unit", "parts")
PART_KEYS = ("measure", "title", "of", "with")
SCOPES = ("unit", "county")
MOST_PARTS = 40


@dataclass(frozen=True, slots=True)
class Part:
    measure: str
    title: Mapping[str, str]  # by language
    of: str = "unit"
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    title: Mapping[str, str]
    parts: tuple[Part, ...]
    needs_unit: bool = False

    def called(self, lang: str) -> str:
        return titled(self.title, lang)


def titled(title: Mapping[str, str], lang: str) -> str:
    return title.get(lang) or title.get("en") or next(iter(title.values()), "")


@cache
def shipped() -> dict[str, Any]:
    """The reports that come along, as they are written, by name."""
    import yaml

    folder = files("engine.analytics.report").joinpath("shipped")
    found = sorted((file.name.removesuffix(".yaml"), file) for file in folder.iterdir())
    return {name: yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) for name, file in found}


def read(given: Any) -> Plan:
    """A report as somebody wrote it. FM-U733 with one reason for each thing that is wrong, and its place."""
    faults = [
        Reason("FM-U733", {"where": pointer or "/", "problem": problem, "problem_zh": chinese}, "input", pointer=pointer)
        for pointer, problem, chinese in _faults(given)
    ]  # fmt: skip
    if faults:
        raise UsageError("FM-U733", reasons=faults)
    return Plan(
        _title(given["title"]),
        tuple(
            Part(
                one["measure"],
                _title(one.get("title") or {}),
                one.get("of", "unit"),
                dict(one.get("with") or {}),
            )
            for one in given["parts"]
        ),
        bool(given.get("needs_unit", False)),
    )


def _title(given: Any) -> dict[str, str]:
    return {"en": given} if isinstance(given, str) else dict(given)


Fault = tuple[str, str, str]


def _faults(given: Any) -> Iterator[Fault]:
    if not isinstance(given, Mapping):
        yield "", "a report is a map of title and parts", "报告应为含 title 和 parts 的映射"
        return
    yield from _unknown(given, KEYS, "")
    yield from _title_faults(given.get("title"), "/title", needed=True)
    if not isinstance(given.get("needs_unit", False), bool):
        yield "/needs_unit", "true or false", "应为 true 或 false"
    parts = given.get("parts")
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS:
        yield "/parts", f"a list of 1 to {MOST_PARTS} parts", f"应为 1 至 {MOST_PARTS} 项的列表"
        return
    for number, part in enumerate(parts):
        yield from _part_faults(part, f"/parts/{number}")


def _unknown(given: Mapping[str, Any], known: Any, where: str) -> Iterator[Fault]:
    for key in given:
        if key not in known:
            names = ", ".join(known)
            yield f"{where}/{key}", f"unknown; there are: {names}", f"未知;可用:{names}"


def _title_faults(given: Any, where: str, *, needed: bool = False) -> Iterator[Fault]:
    if given is None and not needed:
        return
    texts = list(given.values()) if isinstance(given, Mapping) else [given]
    langs = list(given) if isinstance(given, Mapping) else []
    fine = texts and all(isinstance(one, str) and one.strip() and len(one) <= 200 for one in texts)
    if not fine or any(lang not in ("en", "zh") for lang in langs):
        yield (
            where,
            "a text of at most 200 signs, or one each under en and zh",
            "应为不超过 200 字的文本,或分别写在 en 和 zh 下",
        )


def _part_faults(part: Any, where: str) -> Iterator[Fault]:
    if not isinstance(part, Mapping):
        yield where, "a part is a map with a measure", "每一部分应为含 measure 的映射"
        return
    yield from _unknown(part, PART_KEYS, where)
    yield from _title_faults(part.get("title"), f"{where}/title")
    if part.get("of", "unit") not in SCOPES:
        yield f"{where}/of", "unit or county", "应为 unit 或 county"
    known, given = part.get("measure"), part.get("with") or {}
    if not isinstance(known, str) or known not in MEASURES:
        names = ", ".join(MEASURES)
        yield f"{where}/measure", f"there are: {names}", f"可用指标:{names}"
    elif not isinstance(given, Mapping):
        yield f"{where}/with", "a map of arguments", "应为参数映射"
    else:
        yield from _argument_faults(known, given, f"{where}/with")


def _argument_faults(measure: str, given: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Arguments that the measure takes, each of the kind that it is declared with."""
    takes = MEASURES[measure].takes
    yield from _unknown(given, takes, where)
    for name, value in given.items():
        if name not in takes:
            continue
        kind = takes[name].annotation
        if name in RANGES or kind in (str, "str"):
            fine = isinstance(value, str)
        elif name == "filter":
            fine = isinstance(value, Mapping) and all(isinstance(one, str | bool) for one in value.values())
        elif kind in (bool, "bool"):
            fine = isinstance(value, bool)
        elif kind in (int, "int", int | None):
            fine = isinstance(value, int) and not isinstance(value, bool)
        else:  # a name, several names, a day
            fine = isinstance(value, str | int | bool) or (
                isinstance(value, list) and all(isinstance(v, str) for v in value)
            )
        if not fine:
            yield f"{where}/{name}", "not a value that it takes", "不是可接受的值"
