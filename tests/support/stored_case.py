"""Small cases for tests of the store: plain data that no workflow had to decide."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from engine.domain.case import CaseState, Event
from engine.persistence import case_store
from engine.persistence.case_store import CaseWrite, KeyWrite, Summary
from engine.persistence.unit import Unit

START = datetime(2026, 11, 24, 0, 21, tzinfo=UTC)


def text(hours: float = 0) -> str:
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def state(ref: str = "26-00001-1", **changed: Any) -> CaseState:
    """A case as just filed, with whatever is given in place of its facts."""
    made = {
        "ref": ref,
        "case_type": "dispute_mediation",
        "definition": "a41c09",
        "place": "230199000201",
        "unit": "S-012",
        "what": "wall on the boundary / 院墙纠纷",
        "channel": "phone",
        "filed_at": text(),
        "filed_by": "dsp-01",
        "states": {"main": "reported"},
        "back": {},
        "cycle": 1,
        "fields": {},
        "parties": [],
        "records": [],
        "seats": {},
        "clocks": [],
        "been": {},
        "last": {},
        "links": [],
    }
    return cast(CaseState, made | changed)


def event(seq: int, *changes: dict[str, Any], act: str = "note", hours: float = 0, **more: Any) -> Event:
    made = {
        "seq": seq,
        "act": act,
        "kind": "act",
        "actor": "dsp-01",
        "entered_by": "dsp-01",
        "identity": "asserted",
        "at": text(hours),
        "recorded": text(hours),
        "definition": "a41c09",
        "changes": list(changes),
    }
    return cast(Event, made | more)


def summary(**given: Any) -> Summary:
    return Summary(**({"state": "reported", "phase": "intake", "open": True} | given))


def key(name: str, answer: Any = None, *, digest: str = "d1") -> KeyWrite:
    return KeyWrite(name, digest, answer, START)


def file_case(
    unit: Unit, *, key: KeyWrite | None = None, events: Sequence[Event] = (), given: Any = None, **facts: Any
) -> int:
    """Files a case under the next serial number; its id."""
    serial = case_store.next_serial(unit, 2026)
    after = state(f"26-{serial:05d}", **facts)
    filed = events or [event(1, {"do": "file", "case": {}}, act="file")]
    return case_store.insert_case(unit, CaseWrite(None, after, filed, given or summary(), key))


def note(unit: Unit, case_id: int, *, key: KeyWrite | None = None, given: Any = None, **facts: Any) -> int:
    """One more event, and whatever facts are given; its seq. Again on a conflict of versions."""
    row = case_store.find_case_by_id(unit, case_id)
    assert row is not None
    after = cast(CaseState, {**row.body, **facts})
    write = CaseWrite(row.body, after, [event(row.version + 1)], given or summary(), key)
    case_store.save_case(unit, row, write)
    return row.version + 1


def note_once(unit: Unit, case_id: int, name: str) -> Any:
    """As a service does it: the answer under the key if it was done, else done now and bound to the key."""
    held = case_store.find_key(unit, name)
    if held is not None:
        return held.answer
    row = case_store.find_case_by_id(unit, case_id)
    assert row is not None
    answer = {"version": row.version + 1}
    note(unit, case_id, key=key(name, answer))
    return answer
