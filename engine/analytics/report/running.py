"""A report run: its measures asked one after the other, for one unit, as of one instant.

Nothing in it says when it was run. The same report as of the same past instant is the same next year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.analytics.registry import MEASURES, RANGES, Measure
from engine.analytics.report.listing import show_report
from engine.analytics.report.naming import Names
from engine.analytics.report.plan import KEYS, Part, Plan, read, titled
from engine.analytics.report.sheet import Table, tables
from engine.domain.errors import UsageError
from engine.domain.instant import from_text, to_text
from engine.domain.messages import tell, text
from engine.domain.period import stretch
from engine.persistence.as_known import Known, as_known
from engine.persistence.unit import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """One part with what it answered; ``chart``: as ``engine.analytics.chart`` has it, or None. ``refused``: why there
    is no answer, in words: a unit with nothing above it is held against nothing, and the rest of the page stands."""

    title: str
    measure: str
    given: Mapping[str, Any]
    answer: Mapping[str, Any]
    tables: list[Table]
    chart: Any = None
    refused: str = ""
    about: tuple[str, ...] = ()  # which cases: of which unit, and of when
    error: UsageError | None = None


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    title: str
    unit: str | None
    as_of: datetime
    lang: str
    zone: str
    parts: list[Told]
    unit_called: str | None = None  # its name with its code
    note: str | None = None  # that nothing was on file then

    def to_json(self) -> dict[str, Any]:
        return {
            "report": self.name, "title": self.title, "unit": self.unit, "as_of": to_text(self.as_of),
            "note": self.note,
            "parts": [
                {
                    "title": part.title, "measure": part.measure, "with": dict(part.given), "answer": part.answer,
                    "tables": [table.to_json() for table in part.tables],
                    "refused": part.refused or None,
                }
                for part in self.parts
            ],
        }  # fmt: skip


def get_plan(unit: Unit, caller: Any, name: str) -> Plan:
    """A report by name, of those that come along or were saved; FM-N730 where there is none."""
    return read({key: value for key, value in show_report(unit, caller, name=name).items() if key in KEYS})


def run(
    unit: Unit,
    caller: Any,
    *,
    name: str,
    in_unit: str | None = None,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    charts: bool = True,
) -> Run:
    """FM-N730 unknown, FM-U735 where it needs a unit and none is given, FM-U733 where its text does not hold (any
    more). What one measure refuses is told in its place; what all refuse is raised."""
    plan, at = get_plan(unit, caller, name), as_of or caller.at
    if plan.needs_unit and in_unit is None:
        raise UsageError("FM-U735", name=name)
    names = Names(unit, caller.lang, at)
    parts = [_asked(unit, caller, part, in_unit, at, zone, names, charts=charts) for part in plan.parts]
    if all(part.error for part in parts) and parts[0].error:
        raise parts[0].error
    note = None if any(part.answer.get("n") for part in parts) else _note(unit, caller, at, zone)
    called = names.unit_called(in_unit)
    return Run(name, plan.called(caller.lang), in_unit, at, caller.lang, zone, parts, called, note)


def _note(unit: Unit, caller: Any, at: datetime, zone: str) -> str | None:
    from engine.analytics.selecting import said_of_nothing

    reason = said_of_nothing(unit, caller, at)
    if reason is None:
        return None
    first = reason.params.get("first")
    said = {"first": f"{from_text(first).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"} if first else {}
    return text(reason.code, caller.lang, **said)


def answered(
    unit: Unit,
    caller: Any,
    *,
    name: str,
    in_unit: str | None = None,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
) -> dict[str, Any]:
    """:func:`run` as plain JSON."""
    return run(unit, caller, name=name, in_unit=in_unit, as_of=as_of, zone=zone, charts=False).to_json()


def _asked(
    unit: Unit, caller: Any, part: Part, in_unit: str | None, at: datetime, zone: str, names: Names, *, charts: bool
) -> Told:  # fmt: skip
    measure = MEASURES[part.measure]
    scope = _county(as_known(unit, at), in_unit) if part.of == "county" and in_unit else in_unit
    said = {**part.given, **({"unit": scope} if scope else {})}
    title, about = titled(part.title, caller.lang), _which(part, scope, at, zone, names)
    try:
        given = _arguments(measure, part, scope, at, zone)
        drawn = measure.drawn_with if charts else {}
        answer = measure.run(unit, caller, **{**given, **drawn}, as_of=at, zone=zone)
    except UsageError as error:
        why = " ".join(tell(reason, caller.lang) for reason in error.reasons)
        return Told(title or part.measure, part.measure, said, {}, [], refused=why, about=about, error=error)
    chart = measure.drawn(answer, lang=caller.lang, zone=zone, name=names.drawn) if charts else None
    title = title or str(answer.get("text", part.measure))
    return Told(
        title,
        part.measure,
        said,
        answer,
        tables(measure, answer, caller.lang, names.told),
        chart,
        about=about,
    )


def _which(part: Part, scope: str | None, at: datetime, zone: str, names: Names) -> tuple[str, ...]:
    """Which cases a part is about, in words; a period that is none is told by the measure."""
    told = [text("word.report_of", names.lang, unit=names.unit_called(scope))] if scope else []
    for name in sorted(RANGES & part.given.keys()):
        try:
            begin, end = stretch(str(part.given[name]), at=at, zone=zone)
        except UsageError:
            continue
        first = f"{begin.astimezone(ZoneInfo(zone)):%Y-%m-%d}" if begin else ""
        last = f"{end.astimezone(ZoneInfo(zone)) - timedelta(seconds=1):%Y-%m-%d}" if end else ""
        told.append(text(f"word.report_{name}", names.lang, first=first, last=last))
    return tuple(told)


def _arguments(measure: Measure, part: Part, scope: str | None, at: datetime, zone: str) -> dict[str, Any]:
    given = dict(part.given)
    for name in RANGES & given.keys():
        given[name] = stretch(str(given[name]), at=at, zone=zone)
    for name in ("by", "activities"):
        if isinstance(given.get(name), str):
            given[name] = [one.strip().replace("-", "_") for one in given[name].split(",")]
    for name in ("since", "until"):
        if name in given:
            given[name] = _day(str(given[name]), at, zone)
    if scope is not None:
        given["filter"] = {**(given.get("filter") or {}), "unit": scope}
    return given


def _day(given: str, at: datetime, zone: str) -> date:
    """A day: ``2026-11-02``, or the first of ``last 12 weeks``."""
    since = stretch(given, at=at, zone=zone)[0]
    if since is None:
        raise UsageError("FM-U303", given=given)
    return since.astimezone(ZoneInfo(zone)).date()


def _county(known: Known, code: str) -> str:
    """The county above a unit; the topmost unit where none is one, itself where nothing is above."""
    seen = code
    for _ in range(20):
        above = known.above(seen)
        if above is None or known.level(seen) == "county":
            return seen
        seen = above
    return seen
