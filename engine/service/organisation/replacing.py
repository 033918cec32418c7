"""When a file may stand for all appointments: it holds some, all its lines hold, and somebody can still run the house."""

from datetime import date

from engine.domain import organisation as org
from engine.domain.access import ADMINISTER
from engine.domain.errors import Unsound
from engine.service.organisation.column import Value
from engine.service.organisation.difference import Change
from engine.service.organisation.reading import Read

HOLDS = ("appointments", "persons")  # a line of persons can name an appointment


def check(read: Read, change: Change, stored: org.Organisation, *, on: date) -> None:
    """Unsound with FM-I032 (no appointment in the file), FM-I033 (lines left out) or FM-I034 (nobody left)."""
    count = len(change.ended)
    if not count:
        return
    if not read.parsed["appointments"]:
        raise Unsound("FM-I032", kind="finding", count=count)
    left_out = next((r for r in read.rejected if r.sheet in HOLDS), None)
    if left_out is not None:
        raise Unsound(
            "FM-I033",
            kind="finding",
            count=count,
            sheet=left_out.sheet,
            row=left_out.row,
            column=left_out.column,
        )
    if _leads(list(stored.appointments), on) and not _leads(_after(change, stored), on):
        raise Unsound("FM-I034", kind="finding", count=count)


def _after(change: Change, stored: org.Organisation) -> list[Value]:
    gone = {id(before) for before, _after in change.changed + change.ended}
    kept: list[Value] = [held for held in stored.appointments if id(held) not in gone]
    return kept + change.new + [after for _before, after in change.changed + change.ended]


def _leads(appointments: list[org.Appointment] | list[Value], on: date) -> bool:
    """Whether somebody may administer the organisation on that day."""
    return any(
        isinstance(held, org.Appointment) and held.role in ADMINISTER["organisation"] and org.holds(held, on)
        for held in appointments
    )
