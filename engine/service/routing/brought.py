"""A graver grade that a joined case brings: proposed in the case in which it goes on, and never set there by itself.

It is proposed as long as the two are joined and until a person has graded the case after that; taken apart, what nobody
confirmed is gone with the case that it came with.
"""

from collections.abc import Iterator
from typing import Any

from engine.domain.errors import NotFound
from engine.machine.believed import believed
from engine.machine.opening import BACKWARDS
from engine.machine.program import Program
from engine.persistence.case_store import CaseRow, history
from engine.persistence.unit import Unit
from engine.service.caller import Caller
from engine.service.case import get_case
from engine.service.past import SAME

GRADES = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
FIELD = "risk"
HERE = tuple(kind + BACKWARDS for kind in SAME)  # how the case that goes on calls one that was joined to it


def graver(unit: Unit, caller: Caller, program: Program, row: CaseRow) -> tuple[str, str] | None:
    """(grade, the case that it came with): the gravest that was brought and not answered, if it is graver than the
    case's own and the case can have it. Of cases that the caller may not see nothing is told."""
    spec = program.definition.fields.get(FIELD)
    if spec is None:
        return None
    able = [found for found in _brought(unit, caller, row, {row.ref}) if found[0] in (spec.options or ())]
    best = max(able, key=lambda found: GRADES[found[0]], default=None)
    own = GRADES.get(row.body["fields"].get(FIELD) or "", 0)
    return best if best is not None and GRADES[best[0]] > own else None


def _brought(unit: Unit, caller: Caller, row: CaseRow, seen: set[str]) -> Iterator[tuple[str, str]]:
    refs = [link["ref"] for link in row.body["links"] if link["kind"] in HERE]
    waiting = _unanswered(unit, row, refs) if refs else ()
    for ref in waiting:
        if ref in seen:
            continue
        seen.add(ref)
        try:
            joined = get_case(unit, caller, ref)
        except NotFound:
            continue
        grade = joined.body["fields"].get(FIELD)
        if grade in GRADES:
            yield grade, joined.ref
        yield from _brought(unit, caller, joined, seen)  # what had been joined to it before


def _unanswered(unit: Unit, row: CaseRow, refs: list[str]) -> list[str]:
    """Of the joined cases those after whose coming nobody graded the case; what was taken back did not."""
    came: dict[str, int] = {}
    graded = 0
    for event in believed([held.event for held in history(unit, row.id)]):
        for told in event["changes"]:
            change: dict[str, Any] = dict(told)
            if change["do"] == "link" and change["ref"] in refs:
                came[change["ref"]] = event["seq"]
            elif change["do"] == "set" and change["field"] == FIELD:
                graded = event["seq"]
    return [ref for ref in refs if came.get(ref, 0) > graded]
