"""The one filter language of lists, counts and statistics, as a condition on cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import JSON, and_, cast, func, literal_column, or_, select

from engine.definitions.model import Phase
from engine.domain.channel import CHANNELS
from engine.domain.errors import SignInNeeded, UsageError
from engine.persistence.hidden import shown
from engine.persistence.table import (
    Absence,
    Case,
    ClockRun,
    Definition,
    ImportBatch,
    Person,
    Place,
    SeatHolder,
    ServiceArea,
    columns_of,
)
from engine.persistence.table import Unit as UnitTable
from engine.persistence.unit import Unit

_case, _clock, _unit, _seat = (columns_of(model) for model in (Case, ClockRun, UnitTable, SeatHolder))
_area, _place, _absence = columns_of(ServiceArea), columns_of(Place), columns_of(Absence)
_definition, _person, _import = columns_of(Definition), columns_of(Person), columns_of(ImportBatch)

# filter name -> column; equality, several values mean any of them
EQUAL = {
    "phase": _case.c.phase,
    "state": _case.c.state,
    "type": _case.c.case_type,
    "risk": _case.c.risk,
    "place": _case.c.place,
    "outcome": _case.c.outcome,
    "channel": _case.c.channel,
}
# the earliest due instant among a case's running limits: judged by the instant, not by what a worker did
DUE = (
    select(func.min(_clock.c.due_at))
    .where(_clock.c.case_id == _case.c.id, _clock.c.status == "running", _clock.c.kind == "limit")
    .scalar_subquery()
)
# Said in both ways and with the words themselves: the indices of units and holders want the phases, the index of
# open cases its own condition, and neither is found by values that are bound later.
OPEN_PHASES: list[Any] = [literal_column(f"'{name}'") for name in get_args(Phase) if name != "done"]
OPEN = and_(_case.c.phase.in_(OPEN_PHASES), _case.c.phase != literal_column("'done'"))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who filters and when: `holder=me` and `late` hang on it."""

    unit: Unit
    person: str | None
    now: datetime


def condition(asking: Asking, given: Mapping[str, Any]) -> Any:
    """The condition that all parts of a filter hold, and that the case is there for who asks.

    Unknown names give FM-U219, unknown phases, case types and channels FM-U304, unknown units, people, places and
    batches FM-U305 to U308.
    """
    unknown = [name for name in given if name not in FILTERS]
    if unknown:
        raise UsageError("FM-U219", name=unknown[0], known=", ".join(FILTERS))
    parts: list[Any] = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        if name in EQUAL:
            values = value if isinstance(value, list | tuple) else [v.strip() for v in str(value).split(",")]
            _refuse_unknown(asking.unit, name, values)
            parts.append(EQUAL[name].in_(values))
            if name == "phase" and "done" not in values:
                parts.append(OPEN)
        else:
            parts.append(_SPECIAL[name](asking, value))
    there = shown(asking.unit, _case.c.id, asking.person, asking.now.date())
    if there is not None:
        parts.append(there)
    return and_(*parts) if parts else _case.c.id.is_not(None)


def _refuse_unknown(unit: Unit, name: str, values: Iterable[Any]) -> None:
    known: Sequence[str]
    if name == "place":
        _refuse_unknown_places(unit, values)
        return
    if name == "phase":
        known = get_args(Phase)
    elif name == "type":
        types = select(_definition.c.case_type).where(_definition.c.case_type != "@vocabulary").distinct()
        known = sorted(row["case_type"] for row in unit.execute(types))
    elif name == "channel":
        known = CHANNELS
    else:
        return
    for value in values:
        if value not in known and not _ever(unit, EQUAL[name], value):
            raise UsageError("FM-U304", option=name, given=value, known=", ".join(known))


def _refuse_unknown_places(unit: Unit, values: Iterable[Any]) -> None:
    for value in values:
        if not (_ever(unit, _place.c.code, value) or _ever(unit, _case.c.place, value)):
            raise UsageError("FM-U307", given=value, near="", near_zh="")


def _ever(unit: Unit, column: Any, value: Any) -> bool:
    """Whether any row has the value: what cases hold is no mistake, whatever became of it since."""
    return bool(unit.execute(select(column).where(column == value).limit(1)))


def _in_unit(asking: Asking, value: Any) -> Any:
    return _case.c.unit.in_(subtree(asking.unit, _known_unit(asking, value)))


def _known_unit(asking: Asking, value: Any) -> str:
    code = str(value)
    if not (_ever(asking.unit, _unit.c.code, code) or _ever(asking.unit, _case.c.unit, code)):
        raise UsageError("FM-U305", given=code)
    return code


def subtree(unit: Unit, code: str) -> list[str]:
    """A unit and all below it."""
    return [*unit.once(("below", code), lambda: _below(unit, code))]


def _below(unit: Unit, code: str) -> list[str]:
    below = select(_unit.c.code).where(_unit.c.code == code).cte("below", recursive=True)
    below = below.union_all(select(_unit.c.code).where(_unit.c.parent == below.c.code))
    return [row["code"] for row in unit.execute(select(below.c.code))] or [code]


def _held(asking: Asking, value: Any) -> Any:
    person = asking.person if value == "me" else str(value)
    if person is None:
        raise SignInNeeded("FM-A001", kind="who")
    if person != asking.person and not any(
        _ever(asking.unit, column, person) for column in (_person.c.code, _case.c.holder, _seat.c.person)
    ):
        raise UsageError("FM-U306", given=person)
    sits = select(_seat.c.case_id).where(_seat.c.person == person, _seat.c.case_id == _case.c.id)
    return or_(_case.c.holder == person, sits.exists())


def _held_by_one_away(asking: Asking, value: Any) -> Any:
    """``value``: the day on which the handler is away; this day by UTC where it is only said that he is."""
    on = value if isinstance(value, date) else asking.now.date()
    c = _absence.c
    away = select(c.id).where(
        c.person == _case.c.holder, c.since <= on, or_(c.until.is_(None), c.until >= on)
    )
    return and_(away.exists(), OPEN)


SEALED = '%"sealed":{%'  # in a body; a quotation mark within what people wrote is spelt otherwise


def _text(asking: Asking, value: Any) -> Any:
    """Words of the report, or of the reference. Nothing else is looked through: being found would tell what is
    covered. The whole body first, since most cases have the words nowhere and are not read as JSON then."""
    escaped = str(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    what = (
        func.json_extract_path_text(cast(_case.c.body, JSON), "what")
        if asking.unit.dialect == "postgresql"
        else func.json_extract(_case.c.body, "$.what")
    )
    anywhere, said, named = (c.like(f"%{escaped}%", escape="\\") for c in (_case.c.body, what, _case.c.ref))
    spelt = or_(anywhere, _case.c.body.like("%\\%", escape="!"))  # JSON writes some signs otherwise
    return or_(and_(spelt, _case.c.body.not_like(SEALED), said), named)


def _external(asking: Asking, value: Any) -> Any:
    system, colon, number = str(value).partition(":")
    if not (colon and system and number):
        raise UsageError("FM-U222", given=value)
    return and_(_case.c.external_system == system, _case.c.external_id == number)


def _batch(asking: Asking, value: Any) -> Any:
    digits = str(value).upper().removeprefix("B-")
    number = int(digits) if digits.isdecimal() and len(digits) < 18 else -1
    if not _ever(asking.unit, _import.c.id, number):
        raise UsageError("FM-U308", given=value)
    return _case.c.batch == number


def _served(asking: Asking, value: Any) -> Any:
    """Cases at places that a unit, or one below it, serves for their case type: a committee's, say."""
    c = _area.c
    reach = (
        select(c.place, c.function)
        .where(c.unit.in_(subtree(asking.unit, _known_unit(asking, value))), _valid(c, asking.now.date()))
        .cte("reach", recursive=True)
    )
    reach = reach.union(select(_place.c.code, reach.c.function).where(_place.c.parent == reach.c.place))
    for_type = or_(reach.c.function == "all", reach.c.function == _case.c.case_type)
    return select(reach.c.place).where(reach.c.place == _case.c.place, for_type).exists()


def _valid(columns: Any, day: date) -> Any:
    since = or_(columns.since.is_(None), columns.since <= day)
    return and_(since, or_(columns.until.is_(None), columns.until >= day))


_SPECIAL: dict[str, Callable[[Asking, Any], Any]] = {
    "unit": _in_unit,
    "served_by": _served,
    "holder": _held,
    "unassigned": lambda asking, value: and_(_case.c.holder.is_(None), OPEN),
    "holder_away": _held_by_one_away,
    "open": lambda asking, value: OPEN,
    "late": lambda asking, value: and_(asking.now >= DUE, OPEN),
    "due": lambda asking, value: and_(_moment(value) >= DUE, OPEN),
    "q": _text,
    "external": _external,
    "filed_from": lambda asking, value: _case.c.filed_at >= _moment(value),
    "filed_until": lambda asking, value: _case.c.filed_at < _moment(value),
    "closed_from": lambda asking, value: _case.c.closed_at >= _moment(value),
    "closed_until": lambda asking, value: _case.c.closed_at < _moment(value),
    "batch": _batch,
    "refs": lambda asking, value: _case.c.ref.in_(list(value)),
}
FILTERS = (*EQUAL, *_SPECIAL)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
