"""Words of a filter as people say them: case types, states, grades and outcomes by id or by a title in any language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from engine.domain.errors import NotFound, UsageError
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
_UNITS = (table.columns_of(table.Unit).c.code, _case.c.unit)
_PLACES = (table.columns_of(table.Place).c.code, _case.c.place)
_PEOPLE = (table.columns_of(table.Person).c.code, _case.c.holder)
Titles = Iterator[tuple[str, tuple[str, ...]]]  # a word, the ids it means


def resolved(unit: Unit, caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    """The filter with ids in place of titles and codes in place of names. A parent state means its leaves.

    FM-U081 names near words; FM-U003 where a name is that of several, FM-U307 of no place.
    """
    made = {**given, **_coded(unit, caller, given)}
    spoken = [name for name in WORDS if given.get(name)]
    if not spoken:
        return made
    programs = [law.active(unit, name, today(unit, caller)) for name in law.case_types(unit)]
    for name in spoken:
        known = _known(programs, WORDS[name])
        values = given[name] if isinstance(given[name], list | tuple) else str(given[name]).split(",")
        made[name] = [one for value in values for one in _meant(unit, name, value.strip(), known)]
    return made


def _coded(unit: Unit, caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    """Units, places and people by their codes. What is a code, or was one on a case, stays as it is."""
    made: dict[str, Any] = {}
    for name in ("unit", "served_by"):
        if given.get(name):
            made[name] = _code(unit, str(given[name]).strip(), _UNITS, _unit_by_name)
    if given.get("place"):
        values = (
            given["place"] if isinstance(given["place"], list | tuple) else str(given["place"]).split(",")
        )
        made["place"] = [
            code for value in values for code in _places(unit, str(value).strip(), today(unit, caller))
        ]
    if given.get("holder") and given["holder"] != "me":
        made["holder"] = _code(unit, str(given["holder"]).strip(), _PEOPLE, _person_by_name)
    return made


def _code(unit: Unit, value: str, columns: Iterable[Any], by_name: Callable[[Unit, str], str]) -> str:
    return value if any(_stands(unit, column, value) for column in columns) else by_name(unit, value)


def _unit_by_name(unit: Unit, value: str) -> str:
    from engine.service.unit import resolve_unit  # only a name costs its loading

    try:
        return resolve_unit(unit, value)
    except NotFound:
        return value  # refused by the filter itself, as everywhere


def _person_by_name(unit: Unit, value: str) -> str:
    from engine.service.person import resolve_person

    try:
        return resolve_person(unit, value)
    except NotFound:
        return value


def _places(unit: Unit, value: str, on: date) -> list[str]:
    if any(_stands(unit, column, value) for column in _PLACES):
        return [value]
    from engine.service.place import codes_by_name

    return codes_by_name(unit, value, on=on)


def _stands(unit: Unit, column: Any, value: str) -> bool:
    return bool(unit.execute(select(column).where(column == value).limit(1)))


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
    if _stands(unit, _COLUMNS[name], value):  # of a version no longer in force
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
