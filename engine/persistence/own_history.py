"""The store's own history: events of no case, chained and sealed like all others.

It says what a later reader could otherwise take for damage: cases that were lawfully taken out again.
"""

import json
from typing import Any

from sqlalchemy import ClauseElement, insert, select

from engine.domain.instant import from_text
from engine.persistence import boundary, chain
from engine.persistence.raw import rows
from engine.persistence.statement import Element, Upsert, statement
from engine.persistence.table import Counter, Event, columns_of
from engine.persistence.unit import Unit

OWN = 0  # the id that no case has

_event, _counter = columns_of(Event), columns_of(Counter)


@statement(tuple)
def _turn(*, name: str) -> Element:
    return Upsert(
        _counter,
        {"name": name, "value": 1},
        key=("name",),
        change=lambda _: {"value": _counter.c.value + 1},
        returning=(_counter.c.value,),
    )


@statement(tuple)
def _last(*, case_id: int) -> ClauseElement:
    c = _event.c
    return select(c.seq, c.hash).where(c.case_id == case_id).order_by(c.seq.desc()).limit(1)


def append(unit: Unit, body: dict[str, Any]) -> None:
    """One more event; its seq and hash follow from the one before."""
    unit.run(_turn, name="history")  # who comes second waits here, and then sees the first one's event
    found = unit.find(_last, case_id=OWN)
    seq, head = (found[0] + 1, found[1]) if found else (1, chain.GENESIS)
    body = {"seq": seq, **body}
    text = chain.canonical(body)
    boundary.check_body(text, body)
    unit.execute(
        insert(_event).values(
            case_id=OWN,
            seq=seq,
            act=body["act"],
            actor=body["actor"],
            at=from_text(body["at"]),
            recorded_at=from_text(body["recorded"]),
            hash=chain.link(head, OWN, seq, text),
            body=text,
        )
    )


def events(unit: Unit) -> list[tuple[int, bytes, str]]:
    """Seq, hash and text of each, as they stand there."""
    found = rows(unit, "SELECT seq, hash, body FROM event WHERE case_id = ? ORDER BY seq", OWN)
    return [(seq, digest, text) for seq, digest, text in found]


def withdrawn(unit: Unit) -> dict[int, dict[str, Any]]:
    """Cases that were taken out with their batch, by id: {ref, version, head, batch, by, at}.

    What cannot be read says nothing; the chain tells that it was damaged.
    """
    gone: dict[int, dict[str, Any]] = {}
    for _seq, _digest, text in events(unit):
        try:
            body = json.loads(text)
            for change in body["changes"]:
                told = {"batch": change["batch"], "by": body["actor"], "at": body["at"]}
                for case_id, ref, version, head in change["cases"]:
                    gone[int(case_id)] = {"ref": str(ref), "version": int(version), "head": str(head), **told}
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return gone
