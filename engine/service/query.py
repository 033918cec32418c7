"""Reading cases: lists, one case, what can be done and why not, history, the desk."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.machine.command import Command
from engine.machine.judge import act_title, state_title, who_title
from engine.machine.offer import Offer, offers
from engine.machine.program import Program
from engine.persistence import table
from engine.persistence.case_store import CaseRow
from engine.persistence.case_store import history as events_of
from engine.persistence.evidence import verify_chain
from engine.persistence.unit import Unit
from engine.service import law, view
from engine.service.acting import find_act, get_case
from engine.service.caller import Answer, Caller
from engine.service.world import gather

_case = table.columns_of(table.Case)
_clock = table.columns_of(table.ClockRun)
_unit = table.columns_of(table.Unit)
_seat = table.columns_of(table.SeatHolder)

# column name of the filter -> column; all are equality, several values mean any of them
EQUAL = {
    "phase": _case.c.phase,
    "state": _case.c.state,
    "type": _case.c.case_type,
    "risk": _case.c.risk,
    "place": _case.c.place,
    "outcome": _case.c.outcome,
    "channel": _case.c.channel,
}


def list_cases(
    unit: Unit,
    caller: Caller,
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002
    limit: int | None = 50,
    cursor: str | None = None,
) -> Answer:
    """Cases by the filter, the earliest deadline first; ``count`` is of all that the filter selects."""
    wanted = condition(unit, caller, filter or {})
    count = unit.execute(select(func.count().label("n")).select_from(_case).where(wanted))[0]["n"]
    query = _page(select(*_LISTED).where(wanted), cursor)
    rows = unit.execute(query.limit(limit + 1) if limit else query)
    more = limit is not None and len(rows) > limit
    rows = rows[:limit] if limit else rows
    items = [_line(unit, row, caller) for row in rows]
    return {
        "items": items,
        "count": count,
        "next": _cursor(rows[-1]) if more else None,
        "as_of": to_text(caller.at),
    }


_DUE = (
    select(func.min(_clock.c.due_at))
    .where(_clock.c.case_id == _case.c.id, _clock.c.status == "running", _clock.c.kind == "limit")
    .scalar_subquery()
)
_LISTED = (
    _case.c.id, _case.c.ref, _case.c.case_type, _case.c.definition, _case.c.version, _case.c.state, _case.c.phase,
    _case.c.place, _case.c.unit, _case.c.holder, _case.c.risk, _case.c.channel, _case.c.cycle, _case.c.outcome,
    _case.c.filed_at, _case.c.closed_at, _case.c.body, _DUE.label("due_at"),
)  # fmt: skip


def condition(unit: Unit, caller: Caller, given: Mapping[str, Any]) -> Any:
    """The one filter language of lists, counts and statistics. Unknown names give FM-U219."""
    unknown = [name for name in given if name not in FILTERS]
    if unknown:
        raise UsageError("FM-U219", name=unknown[0], known=", ".join(FILTERS))
    parts: list[Any] = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        if name in EQUAL:
            values = value if isinstance(value, list | tuple) else [v.strip() for v in str(value).split(",")]
            parts.append(EQUAL[name].in_(values))
        else:
            parts.append(_SPECIAL[name](unit, caller, value))
    return and_(*parts) if parts else _case.c.id.is_not(None)


def _held(unit: Unit, caller: Caller, value: Any) -> Any:
    person = caller.name if value == "me" else str(value)
    sits = select(_seat.c.case_id).where(_seat.c.person == person)
    return or_(_case.c.holder == person, _case.c.id.in_(sits))


def _text(unit: Unit, caller: Caller, value: Any) -> Any:
    escaped = str(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*[c.like(f"%{escaped}%", escape="\\") for c in (_case.c.body, _case.c.ref)])


def _external(unit: Unit, caller: Caller, value: Any) -> Any:
    system, _, number = str(value).partition(":")
    return and_(_case.c.external_system == system, _case.c.external_id == number)


_SPECIAL: dict[str, Callable[[Unit, Caller, Any], Any]] = {
    "unit": lambda unit, caller, value: _case.c.unit.in_(subtree(unit, str(value))),
    "holder": _held,
    "unassigned": lambda unit, caller, value: and_(_case.c.holder.is_(None), _case.c.phase != "done"),
    "open": lambda unit, caller, value: _case.c.phase != "done",
    "late": lambda unit, caller, value: and_(caller.now >= _DUE, _case.c.phase != "done"),
    "due": lambda unit, caller, value: and_(_moment(value) >= _DUE, _case.c.phase != "done"),
    "q": _text,
    "external": _external,
    "filed_from": lambda unit, caller, value: _case.c.filed_at >= _moment(value),
    "filed_until": lambda unit, caller, value: _case.c.filed_at < _moment(value),
    "batch": lambda unit, caller, value: _case.c.batch == int(str(value).upper().removeprefix("B-")),
    "refs": lambda unit, caller, value: _case.c.ref.in_([get_case(unit, ref).ref for ref in value]),
}
FILTERS = (*EQUAL, *_SPECIAL)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def subtree(unit: Unit, code: str) -> list[str]:
    """A unit and all below it; an unknown one gives an empty selection's error from the unit services."""
    below = select(_unit.c.code).where(_unit.c.code == code).cte("below", recursive=True)
    below = below.union_all(select(_unit.c.code).where(_unit.c.parent == below.c.code))
    return [row["code"] for row in unit.execute(select(below.c.code))] or [code]


def _page(query: Select[Any], cursor: str | None) -> Select[Any]:
    """By the next deadline, then newest; the cursor holds the last row's sort key."""
    order = func.coalesce(_case.c.next_due_at, _FAR)
    query = query.add_columns(order.label("sort_at"))
    if cursor:
        at, last = _read_cursor(cursor)
        query = query.where(or_(order > at, and_(order == at, _case.c.id < last)))
    return query.order_by(order, _case.c.id.desc())


_FAR = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def _cursor(row: dict[str, Any]) -> str:
    text = json.dumps([row["sort_at"].isoformat(), row["id"]])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        at, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(at), int(last)
    except (ValueError, TypeError) as error:
        raise UsageError("FM-U220") from error


def _line(unit: Unit, row: dict[str, Any], caller: Caller) -> dict[str, Any]:
    program = law.program(unit, row["definition"])
    state = json.loads(row["body"])
    due = row["due_at"]
    return {
        **view.brief(program, state, row["version"], caller.lang),
        "what": state["what"],
        "holder": row["holder"],
        "due_at": to_text(due) if due else None,
        "due_date": next(
            (r["due_date"] for r in state["clocks"] if due and r.get("due") == to_text(due)), None
        ),
        "late": bool(due and due <= caller.now),
        "closed_at": to_text(row["closed_at"]) if row["closed_at"] else None,
    }


# ---- one case ----------------------------------------------------------------------------------


def show_case(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """One page: everything of a case, its last five acts, and what the caller can do next."""
    row = get_case(unit, ref)
    program = law.program(unit, row.definition)
    events = events_of(unit, row.id, after_seq=max(0, row.version - 5))
    mine = [o for o in _offers(unit, caller, program, row, every=False) if o.allowed]
    return {
        **view.full(program, row, caller.lang, caller.now),
        "history": [view.event(program, e.event, caller.lang) for e in events],
        "next": [{"act": o.act, "title": act_title(program, o.act, caller.lang)} for o in mine],
    }


def next_acts(unit: Unit, caller: Caller, *, ref: str, act: str | None = None, every: bool = False) -> Answer:
    """What the caller can do, what not, and why; with ``act`` only that one."""
    row = get_case(unit, ref)
    program = law.program(unit, row.definition)
    found = _offers(unit, caller, program, row, every=every or act is not None)
    if act is not None:
        wanted = find_act(program, act)
        found = [o for o in found if o.act == wanted]
    return {
        **view.brief(program, row.body, row.version, caller.lang),
        "due": _next_deadline(program, row, caller),
        "items": [_offer(program, o, caller.lang) for o in found],
    }


def _offers(unit: Unit, caller: Caller, program: Program, row: CaseRow, *, every: bool) -> list[Offer]:
    person = caller.person or "-"
    command = Command("", caller.at, person, person, caller.identity)
    return offers(
        program, row.body, row.version, command, gather(unit, caller, program, row.body, command), every=every
    )


def _offer(program: Program, offer: Offer, lang: str) -> dict[str, Any]:
    from engine.domain.messages import tell

    return {
        "act": offer.act,
        "title": act_title(program, offer.act, lang),
        "allowed": offer.allowed,
        "who": [who_title(program, who, lang) for who in offer.who],
        "basis": offer.basis,
        "input": offer.form,
        "reasons": [{**r.to_json(), "text": tell(r, lang)} for r in offer.reasons],
    }


def _next_deadline(program: Program, row: CaseRow, caller: Caller) -> dict[str, Any] | None:
    live = [r for r in row.body["clocks"] if r["status"] == "running" and r["kind"] == "limit" and "due" in r]
    if not live:
        return None
    return view.clock(program, min(live, key=lambda r: r["due"]), caller.lang, caller.now)


def history(unit: Unit, caller: Caller, *, ref: str, verify: bool = False) -> Answer:
    """Who did what, when it happened, when it was entered, on what basis; with ``verify`` the chain is checked."""
    row = get_case(unit, ref)
    program = law.program(unit, row.definition)
    items = [
        {**view.event(law.program(unit, e.event["definition"]), e.event, caller.lang), "hash": e.hash.hex()}
        for e in events_of(unit, row.id)
    ]
    answer: Answer = {
        "ref": row.ref,
        "type": row.case_type,
        "what": row.body["what"],
        "items": items,
        "count": len(items),
    }
    answer["state_title"] = state_title(program, row.state, caller.lang)
    if verify:
        breaks = verify_chain(unit, row.id)
        answer["verified"] = not breaks
        answer["breaks"] = [{"ref": row.ref, "seq": b.seq, "kind": b.kind} for b in breaks]
    return answer
