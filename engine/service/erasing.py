"""Carrying out a purge: the decision says which facts, here they are taken out of everything that is stored."""

from collections.abc import Sequence

from engine.domain.case import Event
from engine.machine.erasure import redacted
from engine.persistence import chain, erased
from engine.persistence.case_store import CaseRow, history
from engine.persistence.unit import Unit


def erase(unit: Unit, row: CaseRow, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events as they are to be written; the last purge among them names what was left of each earlier one."""
    told = list(events)
    found = [(n, m) for n, e in enumerate(told) for m, c in enumerate(e["changes"]) if c["do"] == "purge"]
    if not found:
        return tuple(told)
    facts = sorted({fact for n, m in found for fact in told[n]["changes"][m]["facts"]})
    left: dict[int, str] = {}
    for held in history(unit, row.id):
        bare = redacted(held.event, facts)
        if bare is not held.event:
            left[held.seq] = chain.canonical(bare)
    place, index = found[-1]
    changes = list(told[place]["changes"])
    changes[index] = {
        **changes[index],
        "erased": {str(seq): erased.digest(text) for seq, text in left.items()},
    }
    told[place] = {**told[place], "changes": changes}
    erased.rewrite(unit, row.id, left)
    erased.forget(unit, row.id, row.ref, facts)
    return tuple(told)
