"""The case that is meant: by its reference as people type it, and only if it is there for who asks."""

from engine.domain.errors import NotFound, UsageError
from engine.domain.messages import text
from engine.domain.near import told_near
from engine.domain.reference import misread, near, parse
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, Opened, find_case, find_key, open_case
from engine.persistence.late import select
from engine.persistence.unit import Unit
from engine.service.caller import Caller
from engine.service.hiding import unseen

SERIAL_DIGITS = 6  # short forms are no longer than a serial; longer ones are whole references


def get_case(unit: Unit, caller: Caller, ref: str) -> CaseRow:
    """A case by its reference as people type it, or by the last digits of its serial where they are unique.

    FM-U221 when several fit, FM-N001 with near ones that exist when none does that the caller may see.
    """
    found = parse(ref)
    row = find_case(unit, str(found)) if found else None
    row = row or _by_serial(unit, caller, ref)
    if row is None or unseen(unit, caller, row):
        tries = [find_case(unit, str(r)) for r in near(ref)]
        exist = [held.ref for held in tries if held is not None and not unseen(unit, caller, held)]
        slip, slip_zh = (text("word.check_digit_off", lang) if misread(ref) else "" for lang in ("en", "zh"))
        raise NotFound("FM-N001", kind="usage", ref=ref, slip=slip, slip_zh=slip_zh, **told_near(exist[:3]))
    return row


def _by_serial(unit: Unit, caller: Caller, ref: str) -> CaseRow | None:
    digits = "".join(str(int(c)) for c in ref.strip() if c.isdecimal())
    if not digits or len(digits) > SERIAL_DIGITS or len(digits) != len(ref.strip()):
        return None
    case = table.columns_of(table.Case)
    fits = case.c.ref.like(f"__-%{digits}-_")
    rows = [
        row["ref"]
        for row in unit.execute(select(case.c.ref).where(fits).order_by(case.c.ref.desc()).limit(9))
    ]
    whole = [
        r for r in rows if int(r.split("-")[1]) == int(digits)
    ]  # 1 is 26-00001, though 26-00011 ends so too
    fitting = [row for r in whole or rows if (row := find_case(unit, r)) and not unseen(unit, caller, row)]
    if len(fitting) > 1:
        raise UsageError("FM-U221", given=ref, refs=", ".join(row.ref for row in fitting[:5]))
    return fitting[0] if fitting else None


def open_with_key(unit: Unit, caller: Caller, ref: str, key: str | None) -> Opened:
    """The case, and what was answered under the key: one question if the reference is typed as it is written."""
    found = open_case(unit, ref, key)
    if found is None or (found.held is None and unseen(unit, caller, found.row)):
        return Opened(get_case(unit, caller, ref), find_key(unit, key) if key else None)
    return found
