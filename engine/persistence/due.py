"""What is due for the worker, in portions: each goes on behind the last, and takes what no other worker has."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ClauseElement, Select, and_, or_, select

from engine.persistence.case_store import DueCase
from engine.persistence.statement import statement
from engine.persistence.table import Approval, Case, columns_of
from engine.persistence.unit import Unit

_case, _approval = columns_of(Case), columns_of(Approval)
EVER = datetime.min.replace(tzinfo=UTC)


class Reached(NamedTuple):
    """How far a round has come: everything up to here was tried in it."""

    due: datetime = EVER
    case: int = 0
    approval: int = 0


def _due(now: datetime, due: datetime, case: int, limit: int) -> Select[Any]:
    c = _case.c
    behind = or_(c.next_due_at > due, c.id > case)
    found = select(c.id, c.ref, c.next_due_at).where(c.next_due_at <= now, c.next_due_at >= due, behind)
    return found.order_by(c.next_due_at, c.id).limit(cast(Any, limit))


@statement(DueCase._make)
def _due_cases(*, now: datetime, due: datetime, case: int, limit: int) -> ClauseElement:
    return _due(now, due, case, limit)


@statement(DueCase._make)
def _take_due_cases(*, now: datetime, due: datetime, case: int, limit: int) -> ClauseElement:
    return _due(now, due, case, limit).with_for_update(skip_locked=True)


@statement(tuple)
def _lapsing(*, now: datetime, approval: int, limit: int) -> ClauseElement:
    c = _approval.c
    lapsed = and_(c.status == "waiting", c.lapses_at <= now, c.id > approval)
    return select(c.id, c.case_id).where(lapsed).order_by(c.id).limit(cast(Any, limit))


@statement(lambda cells: cells[0])
def _next_mark(*, now: datetime) -> ClauseElement:
    return select(_case.c.next_due_at).where(_case.c.next_due_at > now).order_by(_case.c.next_due_at).limit(1)


@statement(lambda cells: cells[0])
def _next_lapse(*, now: datetime) -> ClauseElement:
    c = _approval.c
    return select(c.lapses_at).where(c.status == "waiting", c.lapses_at > now).order_by(c.lapses_at).limit(1)


def due_cases(unit: Unit, now: datetime, reached: Reached, *, limit: int) -> list[DueCase]:
    """Cases whose earliest unfired mark has come, the longest waiting first."""
    return unit.run(_due_cases, now=now, due=reached.due, case=reached.case, limit=limit)


def take_due_cases(unit: Unit, now: datetime, reached: Reached, *, limit: int) -> list[DueCase]:
    """The same, to be worked on: on PostgreSQL locked, and without those that somebody is working on."""
    unit.begin()
    return unit.run(_take_due_cases, now=now, due=reached.due, case=reached.case, limit=limit)


def lapsing(unit: Unit, now: datetime, reached: Reached, *, limit: int) -> list[tuple[int, int]]:
    """Requests that nobody answered in time: their numbers and cases."""
    found: list[Any] = unit.run(_lapsing, now=now, approval=reached.approval, limit=limit)
    return found


def next_moment(unit: Unit, now: datetime) -> datetime | None:
    """When something falls due that is not due yet."""
    found = [unit.find(_next_mark, now=now), unit.find(_next_lapse, now=now)]
    return min((at for at in found if at is not None), default=None)
