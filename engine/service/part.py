"""The parts of a case, one kind at a time: records, parties, notes, links, seats."""

from typing import Any

from engine.domain.instant import to_text
from engine.persistence.case_store import CaseRow
from engine.persistence.case_store import history as events_of
from engine.persistence.unit import Unit
from engine.service import law, view
from engine.service.acting import find_record
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.cover import cover
from engine.service.hiding import seen_links


def list_records(unit: Unit, caller: Caller, *, ref: str, kind: str | None = None) -> Answer:
    """Items of all records, or of one kind by id, plural or title."""
    row, shown = _shown(unit, caller, ref)
    items = shown["records"]
    if kind is not None:
        found = find_record(law.program(unit, row.definition), kind)
        items = [item for item in items if item["kind"] == found]
    return _listed(caller, row, items)


def list_parties(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Those who take part and those who did."""
    row, shown = _shown(unit, caller, ref)
    return _listed(caller, row, shown["parties"])


def list_seats(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Who sits where now, accepted or only named."""
    row, shown = _shown(unit, caller, ref)
    return _listed(caller, row, shown["seats"])


def list_links(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Links to other cases, seen from this one."""
    row, shown = _shown(unit, caller, ref)
    return _listed(caller, row, seen_links(unit, caller, shown["links"]))


def list_notes(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Every event that carries a remark, the oldest first; the report itself is none."""
    row = get_case(unit, caller, ref)
    shown = cover(unit, caller, row.body)
    told = [
        shown.event(view.event(law.program(unit, e.event["definition"]), e.event, caller.lang))
        for e in events_of(unit, row.id)
        if e.event.get("note") and e.event["act"] != "file"
    ]
    kept = ("seq", "act", "title", "actor", "entered_by", "occurred_at", "recorded_at", "note")
    return _listed(caller, row, [{name: event[name] for name in kept} for event in told])


def _shown(unit: Unit, caller: Caller, ref: str) -> tuple[CaseRow, dict[str, Any]]:
    row = get_case(unit, caller, ref)
    shown = view.full(law.program(unit, row.definition), row, caller.lang, caller.now)
    return row, cover(unit, caller, row.body).case(shown)


def _listed(caller: Caller, row: CaseRow, items: list[dict[str, Any]]) -> Answer:
    return {
        "ref": row.ref,
        "version": row.version,
        "items": items,
        "count": len(items),
        "next": None,
        "as_of": to_text(caller.at),
    }
