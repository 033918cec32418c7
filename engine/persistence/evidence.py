"""Whether histories still are what was written: the chain of one case, and of all of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from engine.persistence import chain, erased
from engine.persistence.late import Case, ClauseElement, Event, Select, columns_of, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

_case, _event = columns_of(Case), columns_of(Event)
PAGE = 500


class Break(NamedTuple):
    """Where a history does not hold.

    ``kind``: altered (this event, or its order), missing (no event of this seq), head (the case row says
    otherwise than the last event, or is gone).
    """

    seq: int
    kind: str


class Head(NamedTuple):
    id: int
    ref: str
    version: int
    head: bytes


@statement(tuple)
def _texts(*, case_id: int) -> ClauseElement:
    c = _event.c
    return select(c.seq, c.hash, c.body).where(c.case_id == case_id).order_by(c.seq)


def _heads_of() -> Select[Any]:
    return select(_case.c.id, _case.c.ref, _case.c.version, _case.c.head)


@statement(Head._make)
def _head(*, case_id: int) -> ClauseElement:
    return _heads_of().where(_case.c.id == case_id)


@statement(Head._make)
def _heads(*, after: int, limit: int) -> ClauseElement:
    return _heads_of().where(_case.c.id > after).order_by(_case.c.id).limit(cast(Any, limit))


def verify_chain(unit: Unit, case_id: int) -> list[Break]:
    """Where the history was altered after it was written; empty if it holds against the case row."""
    return _verify(unit, case_id, unit.find(_head, case_id=case_id))


def verify_all(unit: Unit, *, every: int = 1) -> Iterator[tuple[Head, list[Break]]]:
    """Every case, or every so many-th, with its breaks, in order of ids."""
    after = 0
    while heads := unit.run(_heads, after=after, limit=PAGE * every):
        for head in heads[::every]:
            yield head, _verify(unit, head.id, head)
        after = heads[-1].id


def _verify(unit: Unit, case_id: int, row: Head | None) -> list[Break]:
    breaks, head, seq = [], chain.GENESIS, 0
    texts = unit.run(_texts, case_id=case_id)
    left = erased.vouched((seq, text) for seq, _, text in texts)
    for found, digest, text in texts:
        seq += 1
        if found != seq:
            breaks.append(Break(seq, "missing"))
            seq = found
        elif not erased.stands(text, left.get(seq)) and chain.link(head, case_id, seq, text) != digest:
            breaks.append(Break(seq, "altered"))
        head = digest
    if row is None or row.head != head or row.version != seq:
        breaks.append(Break(seq, "head"))
    return breaks
