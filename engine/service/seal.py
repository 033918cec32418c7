"""Sealing: every second or 1,000 events, outside of what people do.

A worker calls :func:`make` until there is no ``more``. Several at once make one chain of seals: who is late
steps back.
"""

from engine.domain.instant import to_text
from engine.persistence import seal as seals
from engine.persistence.unit import Unit
from engine.service.caller import Answer, Caller

MOST = 1000  # events under one seal


def make(unit: Unit, caller: Caller, *, limit: int = MOST) -> Answer:
    """One seal over the oldest events that have none.

    {n, sealed, more, as_of}; ``n`` is null where nothing waited or another sealer was first.
    """
    before = seals.last(unit)
    found = seals.waiting(unit, before.upto if before else seals.START, limit=limit + 1)
    made = seals.put(unit, before, found[:limit], at=caller.at) if found else None
    return {
        "n": made.n if made else None,
        "sealed": made.events if made else 0,
        "more": len(found) > limit,
        "as_of": to_text(caller.at),
    }


def waiting(unit: Unit, caller: Caller, *, limit: int = MOST) -> Answer:
    """Whether a seal can be made now, without taking the right to write: {waiting, as_of}; at most ``limit``."""
    before = seals.last(unit)
    found = seals.waiting(unit, before.upto if before else seals.START, limit=limit)
    return {"waiting": len(found), "as_of": to_text(caller.at)}
