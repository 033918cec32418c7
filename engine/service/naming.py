"""Words of a filter as people say them: case types, states, grades and outcomes by id or by a title in any language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from engine.domain.errors import UsageError
from engine.domain.near import closest, told_near
from engine.machine.judge import fact_title, state_title
from engine.machine.program import Program
from engine.persistence import late as table
from engine.persistence.late import select
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Caller
from engine.service.titles import titled
from engine.service.today import today
from engine.service.view import outcome_title

LANGUAGES = ("en", "zh")
_case = table.columns_of(table.Case)
Titles = Iterator[tuple[str, tuple[str, ...]]]  # a word, the ids it means


def resolved(unit: Unit, caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    """The filter with ids in place of titles. A parent state means its leaves. FM-U081 names near words."""
    made = dict(given)
    spoken = [name for name in WORDS if given.get(name)]
    if not spoken:
        return made
    programs = [law.active(unit, name, today(unit, caller)) for name in law.case_types(unit)]
    for name in spoken:
        known = _known(programs, WORDS[name])
        values = given[name] if isinstance(given[name], list | tuple) else str(given[name]).split(",")
        made[name] = [one for value in values for one in _meant(unit, name, value.strip(), known)]
    return made


def find_seat(program: Program, given: str) -> str:
    """A seat by id or by its title."""
    wanted = given.strip().casefold()
    for name in program.outline.seats:
        titles = (name, fact_title(program, name, "en"), fact_title(program, name, "zh"))
        if wanted in (t.casefold() for t in titles):
            return name
    raise UsageError("FM-U213", seat=given, known=", ".join(program.outline.seats))


def _known(programs: Iterable[Program], words: Callable[[Program], Titles]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for program in programs:
        for word, ids in words(program):
            key = word.casefold()
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *ids)))
    return found


def _meant(unit: Unit, name: str, value: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if value.casefold() in known:
        return known[value.casefold()]
    column = _COLUMNS[name]
    if unit.execute(select(column).where(column == value).limit(1)):  # of a version no longer in force
        return (value,)
    ids = sorted({one for meant in known.values() for one in meant})
    raise UsageError("FM-U081", option=name, given=value, **told_near(closest(value.casefold(), known), ids))


def _types(program: Program) -> Titles:
    definition = program.definition
    for word in (
        definition.case_type,
        *(definition.text("title", lang, definition.title) for lang in LANGUAGES),
    ):
        yield word, (definition.case_type,)


def _states(program: Program) -> Titles:
    for name, leaves in program.outline.under.items():
        for word in (name, *(state_title(program, name, lang) for lang in LANGUAGES)):
            yield word, leaves


def _grades(program: Program) -> Titles:
    fields = program.definition.fields
    for option in fields["risk"].options if "risk" in fields else ():
        told = [
            titled(program, {"risk": option}, fields, "fields", lang)[0]["value_title"] for lang in LANGUAGES
        ]
        for word in (option, *told):
            yield word, (option,)


def _outcomes(program: Program) -> Titles:
    for name in program.definition.outcomes:
        for word in (name, *(outcome_title(program, name, lang) or name for lang in LANGUAGES)):
            yield word, (name,)


WORDS: Mapping[str, Callable[[Program], Titles]] = {
    "type": _types,
    "state": _states,
    "risk": _grades,
    "outcome": _outcomes,
}
_COLUMNS = {
    "type": _case.c.case_type,
    "state": _case.c.state,
    "risk": _case.c.risk,
    "outcome": _case.c.outcome,
}
