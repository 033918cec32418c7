"""A whole register by portions: many commits, and yet one request with one answer under its key."""

from typing import Any

from engine.persistence.case_store import KeyWrite, find_key, write_key
from engine.persistence.unit import Unit
from engine.service.acting import replayed
from engine.service.authority import require
from engine.service.caller import Answer, Caller


def first_answer(unit: Unit, caller: Caller, *, key: str | None, digest: str) -> Answer | None:
    """What this request was answered before; FM-C002 where the key belongs to another one."""
    require(unit, caller, "register")
    held = find_key(unit, key) if key else None
    return replayed(held.key, held.digest, held.answer, held.at, digest) if held else None


def finish(unit: Unit, caller: Caller, *, key: str, digest: str, answer: dict[str, Any]) -> Answer:
    """Binds the answer of a request whose portions have all landed."""
    held = find_key(unit, key)
    if held is None:
        write_key(unit, KeyWrite(key, digest, answer, caller.at))
    return answer
