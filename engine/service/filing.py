"""A new case: type, place and one sentence suffice; everything else may come later."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from engine.domain.channel import CHANNELS, is_channel
from engine.domain.errors import Conflict, Reason, Refused, UsageError, refused
from engine.domain.instant import whole
from engine.domain.length import check_length
from engine.domain.reference import make
from engine.machine.command import Command, Filing
from engine.machine.decide import file_case as decide_filing
from engine.machine.decide import numbered
from engine.persistence.case_store import (
    CaseWrite,
    KeyWrite,
    find_external,
    find_key,
    insert_case,
    next_serial,
)
from engine.persistence.unit import Unit
from engine.service import law, opening, place, receipt
from engine.service.acting import answer_of, flat, replayed
from engine.service.caller import Answer, Caller
from engine.service.covered import CONFIDENTIAL
from engine.service.directory import around
from engine.service.hiding import hidden_from
from engine.service.served import attach
from engine.service.similar import similar
from engine.service.summary import summarise
from engine.service.today import day_of
from engine.service.world import gather_for_filing

UNSERVED = ""  # no unit serves this place: the case stands on nobody's desk, and lists say so


def file_case(
    unit: Unit,
    caller: Caller,
    *,
    case_type: str,
    place: str,
    what: str | None,
    channel: str = "desk",
    reporter: Mapping[str, Any] | None = None,
    anonymous: bool = False,
    confidential: bool = False,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the word that people type
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    parties: Sequence[Mapping[str, Any]] = (),
    external: Mapping[str, str] | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    key: str | None = None,
) -> Answer:
    """File a case. The answer has the reference, a receipt for the reporter, and similar open cases."""
    told = (what or "").strip()
    if not told:
        raise UsageError("FM-U211", reasons=[Reason("FM-U211", kind="input", pointer="/what")])
    check_length(told, "/what")
    _check_channel(channel)
    reporter = _checked_reporter(reporter, anonymous=anonymous, confidential=confidential)
    occurred = whole(at or caller.now)
    spot = find_place(unit, place, occurred)
    command = Command(
        trigger="file",
        at=occurred,
        actor=done_by or caller.name,
        entered_by=caller.name,
        identity=caller.identity,
        fields=set or {},
        records=records or {},
        parties=flat(parties),
        note=told,
    )
    digest = _digest(case_type, spot, command, external)
    held = find_key(unit, key) if key else None
    if held is not None:
        return replayed(held.key, held.digest, held.answer, held.at, digest)
    _not_on_file(unit, external)
    day = day_of(unit, occurred)
    program = law.active(unit, find_type(unit, case_type, day), day)
    home = around(unit, spot, function=program.definition.case_type, on=day).home
    filing = Filing(
        ref="",
        case_type=program.definition.case_type,
        place=spot,
        unit=home.code if home else UNSERVED,
        what=told,
        channel=channel,
        reporter=None if anonymous else reporter,
        external=external,
    )
    world = gather_for_filing(unit, caller, program, filing, command)
    decision = decide_filing(program, filing, command, world)
    if decision.reasons:
        raise refused(decision.reasons)
    # only an accepted filing takes a number, so that refusals leave no holes
    ref = str(make(occurred.year % 100, next_serial(unit, occurred.year)))
    named = numbered(program, decision, ref) if not decision.opens else None
    decision = named or opening.decided(
        unit, caller, world, lambda around: decide_filing(program, replace(filing, ref=ref), command, around)
    )
    if decision.state is None:
        raise Refused(decision.reasons[0].code, reasons=decision.reasons)
    code = receipt.drawn()
    answer = {
        "ref": ref,
        "receipt": code,
        "similar": similar(unit, caller, decision.state),
        **answer_of(program, decision, caller.lang, 0),
    }
    bound = KeyWrite(key, digest, answer, caller.at) if key else None
    events = attach(unit, program, decision.state, decision.events)
    summary = summarise(program, decision.state, events)
    beside = (*hidden_from(unit, program, None, decision.state, events), receipt.bound(code, ref, caller.at))
    insert_case(unit, CaseWrite(None, decision.state, events, summary, bound, beside=beside))
    return answer


def find_place(unit: Unit, given: str, at: datetime) -> str:
    """The code of a place given by code or by a name that is unique; FM-U003 names the candidates."""
    return place.resolve(unit, given, on=day_of(unit, at))


def find_type(unit: Unit, given: str, on: date) -> str:
    """A case type by id or by its title in any language; an unknown one as it is, to be told by the law."""
    spelt = given.strip().replace("-", "_")
    if spelt in law.case_types(unit):
        return spelt
    return law.type_by_title(unit, given, on) or given


def _check_channel(given: str) -> None:
    if not is_channel(given):
        about = {"given": given[:40], "known": ", ".join(CHANNELS)}
        raise UsageError("FM-U358", reasons=[Reason("FM-U358", about, "input", pointer="/channel")])


def _checked_reporter(
    reporter: Mapping[str, Any] | None, *, anonymous: bool, confidential: bool
) -> Mapping[str, Any] | None:
    """Who reports in confidence is known to the house, and named to few (``engine.service.cover``)."""
    code = None
    if confidential and (anonymous or not reporter):
        code = "FM-U397"
    elif reporter:
        code = "FM-U367" if anonymous else None if {"name", "person"} & reporter.keys() else "FM-U369"
    if code is not None:
        raise UsageError(code, reasons=[Reason(code, kind="input", pointer="/reporter")])
    return {**reporter, CONFIDENTIAL: True} if reporter and confidential else reporter


def _not_on_file(unit: Unit, external: Mapping[str, str] | None) -> None:
    """FM-C022 with the case that has this number; who is first by a moment only is told by the store (FM-C023)."""
    ref = find_external(unit, external["system"], external["id"]) if external else None
    if external and ref:
        about = {"system": external["system"], "number": external["id"], "ref": ref}
        raise Conflict("FM-C022", reasons=[Reason("FM-C022", about, "conflict", pointer="/external")])


def _digest(case_type: str, spot: str, command: Command, external: Mapping[str, str] | None) -> str:
    asked = [
        case_type, spot, command.actor, command.entered_by, dict(command.fields), command.note,
        [dict(p) for p in command.parties], {k: [dict(i) for i in v] for k, v in command.records.items()},
        dict(external or {}),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
