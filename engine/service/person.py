"""People: who is there, what they are appointed to, what they carry."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from engine.definitions.outline import HANDLER_SEAT
from engine.domain.errors import NotFound, Unavailable, UsageError
from engine.domain.instant import to_text
from engine.domain.near import closest, told_near
from engine.persistence import table
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.routing.candidate import Candidate
from engine.service import law, stand_in
from engine.service.caller import Answer, Caller
from engine.service.hiding import there
from engine.service.routing import pool
from engine.service.today import iso, today
from engine.service.unit import resolve_unit, units_below
from engine.service.words import words_of

_person, _held = columns_of(table.Person).c, columns_of(table.Appointment).c
_absence, _case, _seat = (columns_of(m).c for m in (table.Absence, table.Case, table.SeatHolder))

Told = dict[str, Any]


def resolve_person(unit: Unit, given: str) -> str:
    """The code of a person from a code or a name that only one has; FM-N022, FM-U003."""
    text = given.strip()
    rows = unit.execute(select(_person.code).where(or_(_person.code == text, _person.name == text)))
    exact = [row for row in rows if row["code"] == text] or rows
    if not exact:
        raise NotFound("FM-N022", text=text)
    if len(exact) > 1:
        command = "person list"
        raise UsageError(
            "FM-U003", text=text, count=len(exact), what="persons", what_zh="人员", command=command
        )
    return str(exact[0]["code"])


def check_role(unit: Unit, role: str) -> None:
    """FM-U051 of a role that the vocabulary lacks."""
    known = law.vocabulary(unit).roles
    if known and role not in known:
        raise UsageError("FM-U051", value=role, **told_near(closest(role, known), sorted(known)))


def list_persons(
    unit: Unit,
    caller: Caller,
    *,
    unit_code: str | None = None,
    role: str | None = None,
    on: date | None = None,
    limit: int | None = 500,
) -> Answer:
    """People with an appointment on a day: of a unit and those below it, of one role, or all."""
    if role:
        check_role(unit, role)
    day = on or today(unit, caller)
    found = pool.standing(unit, day, *([_held.role == role] if role else []))
    if unit_code:
        below = units_below(unit, resolve_unit(unit, unit_code))
        found = [c for c in found if c.unit in below]
    names = {row["code"]: row["name"] for row in unit.execute(select(_person.code, _person.name))}
    people: dict[str, list[Candidate]] = {}
    for candidate in found:
        people.setdefault(candidate.person, []).append(candidate)
    acting = stand_in.present(unit, [code for code, held in people.items() if held[0].away], day)
    items = [
        {**_line(code, names.get(code, ""), held), "acting": acting.get(code)}
        for code, held in people.items()
    ]
    return {
        "items": items if limit is None else items[:limit],
        "count": len(items),
        "away": sum(item["away"] for item in items),
        "on": day.isoformat(),
    }


def _line(code: str, name: str, held: Sequence[Candidate]) -> Told:
    first = held[0]
    return {
        "code": code,
        "name": name,
        "roles": list(dict.fromkeys(c.role for c in held)),
        "units": list(dict.fromkeys(c.unit for c in held)),
        "load": first.load,
        "cap": min(c.cap for c in held),
        "on_duty": next((c.on_duty for c in held if c.on_duty is not None), None),
        "away": first.away,
        "away_until": iso(first.away_until),
    }


def show_person(unit: Unit, caller: Caller, *, person: str, on: date | None = None) -> Answer:
    """One person with all appointments and absences, past and coming, and the open cases held."""
    day = on or today(unit, caller)
    code = resolve_person(unit, person)
    head = unit.execute(
        select(_person.code, _person.name, _person.phone, _person.sex, _person.languages).where(
            _person.code == code
        )
    )[0]
    held = unit.execute(
        select(_held.role, _held.unit, _held.since, _held.until, _held.capacity, _held.skills, _held.basis)
        .where(_held.person == code)
        .order_by(_held.since, _held.role)
    )
    leave = unit.execute(
        select(_absence.since, _absence.until, _absence.reason, _absence.substitute)
        .where(_absence.person == code)
        .order_by(_absence.since)
    )
    standing = pool.standing(unit, day, _held.person == code)
    cases = open_cases(unit, caller, code)
    return {
        **head,
        "languages": head["languages"] or [],
        "acting": stand_in.present(unit, [code], day).get(code),
        "acting_for": stand_in.whom(unit, code, day),
        "appointments": [_dated(row, day) for row in held],
        "absences": [_dated(row, day) for row in leave],
        "load": standing[0].load if standing else 0,
        "away_until": iso(standing[0].away_until) if standing else None,
        "cases": cases,
        "open_cases": len(cases),
        "seats": by_seat(cases),
        "on": day.isoformat(),
    }


def _dated(row: Told, on: date) -> Told:
    valid = (row["since"] is None or row["since"] <= on) and (row["until"] is None or row["until"] >= on)
    return {**row, "since": iso(row["since"]), "until": iso(row["until"]), "valid": valid}


def sits(unit: Unit, caller: Caller, code: str) -> Any:
    """The condition that a person holds a seat of the case, whichever, that it is open, and that the caller may know
    of it."""
    seats = select(_seat.case_id).where(_seat.person == code, _seat.case_id == _case.id)
    return and_(seats.exists(), is_open(), there(unit, caller))


def open_cases(unit: Unit, caller: Caller, code: str) -> list[Told]:
    """The open cases where a person holds a seat, with the seats, the most urgent first."""
    rows = unit.execute(
        select(_case.id, _case.ref, _case.case_type, _case.definition, _case.state, _case.risk, _case.place)
        .add_columns(_case.next_due_at)
        .where(sits(unit, caller, code))
        .order_by(_case.next_due_at, _case.ref)
    )
    held = _seats_of(unit, code)
    return [
        {
            "ref": row["ref"],
            "type": row["case_type"],
            "state": row["state"],
            "risk": row["risk"],
            "place": row["place"],
            "next_due_at": to_text(row["next_due_at"]) if row["next_due_at"] else None,
            "seats": _titled(unit, caller, row["definition"], held[row["id"]]),
        }
        for row in rows
    ]


def _seats_of(unit: Unit, code: str) -> dict[int, list[str]]:
    """Open case to the seats that a person holds there now."""
    mine = (_seat.person == code, _seat.case_id == _case.id, is_open())
    found: dict[int, list[str]] = {}
    for row in unit.execute(select(_seat.case_id, _seat.seat).where(*mine).order_by(_seat.seat)):
        found.setdefault(row["case_id"], []).append(row["seat"])
    return found


def _titled(unit: Unit, caller: Caller, definition: str, seats: Sequence[str]) -> list[Told]:
    try:
        titles = words_of(law.program(unit, definition), caller.lang).fact
    except Unavailable:  # a damaged store: the text of one case is gone, the others are told all the same
        return [{"seat": seat, "seat_title": seat.replace("_", " ")} for seat in seats]
    return [{"seat": seat, "seat_title": titles[seat]} for seat in seats]


def by_seat(cases: Sequence[Told]) -> list[Told]:
    """[{seat, seat_title, cases}]: how many of these cases somebody holds on which seat, the handler's first."""
    held = [(one["seat"], one["seat_title"]) for case in cases for one in case["seats"]]
    return [
        {"seat": seat, "seat_title": title, "cases": number}
        for (seat, title), number in sorted(
            Counter(held).items(), key=lambda one: (one[0][0] != HANDLER_SEAT, one[0])
        )
    ]


def check_days(since: date, until: date | None) -> None:
    """FM-U052 where the last day lies before the first."""
    if until is not None and until < since:
        raise UsageError("FM-U052", since=since.isoformat(), until=until.isoformat())


def is_open() -> Any:
    """The condition that a case is open."""
    return or_(*[_case.phase == name for name in pool.OPEN_PHASES])
