"""Carrying out a purge: the decision says which facts, here they are taken out of everything that is stored."""

from collections.abc import Iterable, Sequence

from engine.domain.case import Event
from engine.machine.erasure import redacted
from engine.persistence import chain, erased
from engine.persistence.case_store import CaseRow, history
from engine.persistence.unit import Unit

Left = dict[int, str]  # event -> what is left of its text


def erase(unit: Unit, row: CaseRow, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events as they are to be written, after everything earlier has lost the content that they purge."""
    facts = purged(events)
    if not facts:
        return tuple(events)
    left = left_of((held.event for held in history(unit, row.id)), facts)
    erased.rewrite(unit, row.id, left)
    erased.forget(unit, row.id, row.ref, facts)
    return vouching(events, left)


def purged(events: Iterable[Event]) -> list[str]:
    """The facts that these events purge."""
    changes = (change for event in events for change in event["changes"] if change["do"] == "purge")
    return sorted({fact for change in changes for fact in change["facts"]})


def left_of(earlier: Iterable[Event], facts: Sequence[str]) -> Left:
    """What is left of those earlier events that hold some of this content. Pure."""
    bare = ((event, redacted(event, facts)) for event in earlier)
    return {event["seq"]: chain.canonical(rest) for event, rest in bare if rest is not event}


def vouching(events: Sequence[Event], left: Left) -> tuple[Event, ...]:
    """The events, the last purge among them naming what is left of each earlier one. Pure."""
    digests = {str(seq): erased.digest(text) for seq, text in left.items()}
    told = list(events)
    place = max(n for n, event in enumerate(told) if any(c["do"] == "purge" for c in event["changes"]))
    changes = told[place]["changes"]
    last = max(n for n, change in enumerate(changes) if change["do"] == "purge")
    named = [{**change, "erased": digests} if n == last else change for n, change in enumerate(changes)]
    told[place] = {**told[place], "changes": named}
    return tuple(told)
