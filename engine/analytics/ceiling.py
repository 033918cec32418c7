"""For whom figures are: what tells of a named person is for those who lead or dispatch, and of himself for everybody.

Three steps, from the most to the least: who leads or dispatches asks everything; who is appointed here otherwise asks
everything of cases, and of persons only himself; who is not appointed here, or only outside (a court, an agency), asks
only about cases in which he has a seat. Until somebody leads, whoever holds the store asks everything.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from inspect import signature
from typing import Any, NamedTuple, TypeVar, cast

from engine.domain.access import FIGURES_OF_PERSONS
from engine.domain.errors import UsageError
from engine.persistence.unit import Unit

F = TypeVar("F", bound=Callable[..., dict[str, Any]])
PERSONS = frozenset({"holder", "person"})  # groups that are people
# a measure and what it tells of persons without being told to
ALWAYS = frozenset({"fairness", "load"})


class Standing(NamedTuple):
    leads: bool
    inside: bool


def ceiling(measure: F) -> F:
    """The measure, asked only as far as it is for the caller: FM-U412, FM-U413; FM-A001 where nobody says who he is.

    Where groups are people, who does not lead gets his own, and ``only`` says so.
    """
    shape = signature(measure)

    @wraps(measure)
    def asked(unit: Unit, caller: Any, **given: Any) -> dict[str, Any]:
        bound = shape.bind(unit, caller, **given)
        bound.apply_defaults()
        own = _checked(unit, caller, measure.__name__, bound.arguments)
        answer = measure(unit, caller, **given)
        return _own(answer, caller.name) if own else answer

    return cast(F, asked)


def persons_in(name: str) -> list[str]:
    """The ways in which a measure tells of persons, as they are asked for: for the catalogue."""
    found = {
        "fairness": ["always"],
        "load": ["without by", "by=holder"],
        "activity": ["by=holder", "by=person", "person", "cases"],
    }
    found |= {
        "waiting": ["by=holder", "per=owner"],
        "why": ["by=holder", "per=owner"],
        "oldest": [],
        "deciding": [],
    }
    return [*found.get(name, ["by=holder"]), *(["holder"] if name != "fairness" else [])]


def _checked(unit: Unit, caller: Any, name: str, given: Mapping[str, Any]) -> bool:
    """Whether groups are people of whom only the caller's own is for him."""
    whose = (given.get("filter") or {}).get("holder")
    grouped = name == "fairness" or bool(PERSONS & set(given.get("by") or ()))
    grouped = grouped or (name in ALWAYS and not given.get("by"))
    others = {str(one) for one in (whose, given.get("person")) if one} - {"me", caller.person}
    split = (
        given.get("per") == "owner"
        or (name == "why" and grouped)
        or (name == "activity" and given["cases"] and not given["person"])
    )
    standing = standing_of(unit, caller)
    if standing.leads:
        return False
    mine = whose is not None and not others
    if not standing.inside and not mine:
        raise UsageError("FM-U413", actor=caller.name)
    if others or split:
        raise UsageError(
            "FM-U412", actor=caller.name, who=roles_told(unit, "en"), who_zh=roles_told(unit, "zh")
        )
    return grouped and bool(caller.name)


def standing_of(unit: Unit, caller: Any) -> Standing:
    """By the appointments of today, his own and those of whom he stands in for."""
    on = caller.now.date()
    return unit.once(("standing", caller.person, on), lambda: _standing(unit, caller.person, on))


def _standing(unit: Unit, person: str | None, on: date) -> Standing:
    from engine.persistence.law_store import vocabulary

    if not _set_up(unit, on):
        return Standing(True, True)
    if person is None:  # who only looks sees cases; of persons he has to say who asks
        return Standing(False, True)
    held = _roles(unit, person, on)
    words = vocabulary(unit).roles
    inside = {role for role in held if role not in words or not words[role].outside}
    return Standing(not inside.isdisjoint(FIGURES_OF_PERSONS), bool(inside))


def roles_told(unit: Unit, lang: str) -> str:
    from engine.persistence.law_store import vocabulary

    words = vocabulary(unit).roles
    told = [words[role] for role in FIGURES_OF_PERSONS if role in words]
    return ("、" if lang == "zh" else ", ").join(
        one.zh if lang == "zh" and one.zh else one.title for one in told
    )


def _valid(columns: Any, on: date) -> tuple[Any, Any]:
    from sqlalchemy import or_

    since = or_(columns.since.is_(None), columns.since <= on)
    return since, or_(columns.until.is_(None), columns.until >= on)


def _set_up(unit: Unit, on: date) -> bool:
    from sqlalchemy import ClauseElement, select

    from engine.persistence import table

    held = table.columns_of(table.Appointment).c
    query: ClauseElement = (
        select(held.id).where(held.role.in_(FIGURES_OF_PERSONS), *_valid(held, on)).limit(1)
    )
    return bool(unit.execute(query))


def _roles(unit: Unit, person: str, on: date) -> set[str]:
    from sqlalchemy import ClauseElement, select

    from engine.persistence import table

    held, away = (table.columns_of(model).c for model in (table.Appointment, table.Absence))
    whose, left = {person}, [person]
    while left:  # for whom he stands in, and for whom these do
        query: ClauseElement = select(away.person).where(away.substitute == left.pop(), *_valid(away, on))
        left += [row["person"] for row in unit.execute(query) if row["person"] not in whose]
        whose |= set(left)
    asked: ClauseElement = select(held.role).where(held.person.in_(sorted(whose)), *_valid(held, on))
    return {row["role"] for row in unit.execute(asked)}


def _own(answer: dict[str, Any], me: str) -> dict[str, Any]:
    """What of it is about the caller, or about nobody."""
    told = {**answer, "only": me}
    if "groups" in told:
        told["groups"] = [
            group for group in told["groups"] if all(group["key"].get(name) in (None, me) for name in PERSONS)
        ]
        if "cases" in told:
            told["cases"] = [
                one for one in told["cases"] if all(one["key"].get(name) in (None, me) for name in PERSONS)
            ]
    else:
        told["items"] = [one for one in told["items"] if one["person"] == me]
        told["weeks"] = [
            {**week, "idle": [one for one in week["idle"] if one == me]} for week in told["weeks"]
        ]
        told["count"] = len(told["items"])
    return told
