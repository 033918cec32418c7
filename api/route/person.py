"""People: who is there, leave, appointments."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.organisation import (
    Appointed,
    Appointing,
    Ended,
    Leave,
    LeftBehind,
    Person,
    Persons,
    Returned,
)
from api.schema.path import Day, On, PersonCode, RoleName
from engine.service import appointment, leave, person

router = APIRouter()
TAG = "People"
IN_QUERY = {"FM-N021": "?unit", "FM-U051": "?role"}


@router.get("/v1/persons", **told("People with an appointment", Persons, tag=TAG, also={304: None}))
async def list_persons(
    door: DoorDep,
    page: PageDep,
    unit: Annotated[
        str | None, Query(description="of this unit and those below it", examples=["S-012"])
    ] = None,
    role: Annotated[str | None, Query(description="only this role", examples=["officer"])] = None,
    on: On = None,
) -> Response:
    """Roles, units, load and who is away until when, on a day."""
    answer = await door.read(
        person.list_persons, unit_code=unit, role=role, on=on, limit=None, places=IN_QUERY
    )
    return door.listed(answer, page)


@router.get("/v1/persons/{code}", **told("One person", Person, tag=TAG, also={304: None}))
async def show_person(door: DoorDep, code: PersonCode, on: On = None) -> Response:
    """Appointments and leave, past and coming, and the open cases held."""
    return door.shown(await door.read(person.show_person, person=code, on=on))


@router.post("/v1/persons/{code}/absences", **changes("Leave", LeftBehind, tag=TAG, status=201))
async def add_absence(door: WriteDep, code: PersonCode, sent: Leave) -> Response:
    """Says what work stays behind. A leave that covers the first day already gets the new end."""
    return await door.write(
        leave.away,
        persons=[code],
        until=sent.until,
        since=sent.since,
        reason=sent.reason,
        substitute=sent.substitute,
        status=201,
        places={"FM-R520": "/substitute", "FM-U381": "/substitute"},
    )


@router.delete("/v1/persons/{code}/absences", **changes("Back at work", Returned, tag=TAG))
async def end_absence(
    door: WriteDep,
    code: PersonCode,
    on: Annotated[Day | None, Query(description="first day back (today)", examples=["2026-11-26"])] = None,
) -> Response:
    """The leave that runs on that day ends the day before."""
    return await door.write(leave.back, persons=[code], on=on)


@router.post("/v1/persons/{code}/appointments", **changes("Appoint", Appointed, tag=TAG, status=201))
async def appoint(door: WriteDep, code: PersonCode, sent: Appointing) -> Response:
    """A role over a unit; authority counts from its first day."""
    return await door.write(
        appointment.appoint,
        person=code,
        role=sent.role,
        unit_code=sent.unit,
        since=sent.since,
        until=sent.until,
        capacity=sent.capacity,
        skills=sent.skills,
        basis=sent.basis,
        new=sent.new,
        status=201,
        places={"FM-N021": "/unit"},
    )


@router.delete("/v1/persons/{code}/appointments/{role}", **changes("End an appointment", Ended, tag=TAG))
async def end_appointment(
    door: WriteDep,
    code: PersonCode,
    role: RoleName,
    unit: Annotated[
        str | None, Query(description="over which unit; all without it", examples=["M-12"])
    ] = None,
    until: Annotated[Day | None, Query(description="last day (today)", examples=["2026-12-31"])] = None,
) -> Response:
    """Open cases stay where they are and are counted in the answer."""
    return await door.write(
        appointment.end, person=code, role=role, unit_code=unit, until=until, places=IN_QUERY
    )
