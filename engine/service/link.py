"""Typed links between cases, kept on both."""

from dataclasses import replace
from datetime import datetime

from engine.domain.errors import FolkmootError, Reason, UsageError, refused
from engine.domain.instant import to_text, whole
from engine.machine.command import Command
from engine.machine.opening import BACKWARDS
from engine.machine.program import Program
from engine.machine.remark import remark
from engine.persistence.case_store import CaseRow
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.acting import answer_of, expect
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.world import gather
from engine.service.writing import write


def link(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    kind: str,
    other: str,
    reason: str | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """Link a case to another. Both keep it, each in an event of its own, in one commit."""
    row, far = get_case(unit, caller, ref), _other_case(unit, caller, other)
    expect(unit, caller, row, if_version)
    known = law.vocabulary(unit).links
    if kind not in known:
        about = {"link": kind, "known": ", ".join(known) or "-"}
        raise UsageError("FM-U216", reasons=[Reason("FM-U216", about, "input", pointer="/kind")])
    if row.id == far.id:
        raise UsageError("FM-U217", reasons=[Reason("FM-U217", {"ref": row.ref}, pointer="/other")])
    if any(held["kind"] == kind and held["ref"] == far.ref for held in row.body["links"]):
        raise UsageError("FM-U218", ref=row.ref, other=far.ref, link=kind)
    command = Command(
        "link", whole(at or caller.now), done_by or caller.name, caller.name, caller.identity, note=reason
    )
    answer = _link_one(unit, caller, row, command, kind, far.ref)
    _link_one(unit, caller, far, command, kind + BACKWARDS, row.ref)
    return {
        **answer,
        "links": [*row.body["links"], {"kind": kind, "ref": far.ref, "at": to_text(command.at)}],
    }


def _other_case(unit: Unit, caller: Caller, ref: str) -> CaseRow:
    try:
        return get_case(unit, caller, ref)
    except FolkmootError as error:  # the one that was given, not the one to be linked
        error.reasons = tuple(replace(reason, pointer="/other") for reason in error.reasons)
        raise


def _link_one(unit: Unit, caller: Caller, row: CaseRow, command: Command, kind: str, other: str) -> Answer:
    program: Program = law.program(unit, row.definition)
    world = gather(unit, caller, program, row.body, command)
    if not world.roles and not any(
        h["person"] == command.actor for held in row.body["seats"].values() for h in held
    ):
        about = {
            "entered_by": command.entered_by, "actor": command.actor,
            "because": "no appointment serves this case", "because_zh": "在本案所属辖区没有任职",
        }  # fmt: skip
        raise refused([Reason("FM-R106", about, "who")])
    decision = remark(program, row.body, row.version, command, world, do="link", kind=kind, ref=other)
    write(unit, row, program, decision)
    return answer_of(program, decision, caller.lang, row.version)
