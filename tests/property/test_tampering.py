"""Whoever changes a history behind the engine's back is found, and it is said where."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from engine.persistence import chain
from engine.persistence.evidence import Break, verify_all, verify_chain
from engine.persistence.store import Store
from engine.persistence.table import Case, Event, columns_of
from engine.persistence.unit import Unit
from engine.service import acting, filing, worker
from tests.support.town import Town
from tests.support.walk import PLACE
from workflows.shipped import CASE_TYPES

_case, _event = columns_of(Case), columns_of(Event)
LENGTH = 9
Tamper = Callable[[Unit, int, int, int], list[Break]]
seqs = st.integers(1, LENGTH)


@pytest.fixture
def store_with_cases(store: Store) -> Store:
    """A case of each type, each of :data:`LENGTH` events, some of them marks of clocks."""
    town = Town(store)
    refs = [
        town.do(filing.file_case, "dsp-01", case_type=case_type, place=PLACE, what="a wall")["ref"]
        for case_type in CASE_TYPES
    ]
    town.pass_(days=1)
    town.do(worker.sweep, "system")
    for ref in refs:
        while length(store, ref) < LENGTH:
            town.do(acting.note, "dsp-01", ref=ref, text="a remark")
        assert length(store, ref) == LENGTH
    return store


def length(store: Store, ref: str) -> int:
    rows = store.read(lambda unit: unit.execute(select(_case.c.version).where(_case.c.ref == ref)))
    return int(rows[0]["version"])


# ---- what somebody might do; each gives the breaks that must be told --------------------------------


def edit(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    body = cells(unit, case_id, seq)["body"]
    write(unit, case_id, seq, body=body.replace("dsp-01", "dsp-02", 1) if "dsp-01" in body else body + " ")
    return [Break(seq, "altered")]


def swap_what_they_say(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    one, two = cells(unit, case_id, seq), cells(unit, case_id, other)
    write(unit, case_id, seq, body=two["body"])
    write(unit, case_id, other, body=one["body"])
    return [Break(found, "altered") for found in sorted({seq, other})] if seq != other else []


def swap_whole(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    one, two = cells(unit, case_id, seq), cells(unit, case_id, other)
    write(unit, case_id, seq, **two)
    write(unit, case_id, other, **one)
    return [Break(min(seq, other), "altered")] if seq != other else []


def change_the_hash(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    held = cells(unit, case_id, seq)["hash"]
    write(unit, case_id, seq, hash=bytes([held[0] ^ 1]) + held[1:])
    return [Break(seq, "altered")]


def edit_and_hash_anew(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    """Somebody who knows how it is hashed, but not how the next one depends on it."""
    before = cells(unit, case_id, seq - 1)["hash"] if seq > 1 else chain.GENESIS
    body = cells(unit, case_id, seq)["body"] + " "
    write(unit, case_id, seq, body=body, hash=chain.link(before, case_id, seq, body))
    return [Break(seq + 1, "altered") if seq < LENGTH else Break(seq, "head")]


def drop(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    """Any event; without the last one the case row knows better."""
    unit.execute(delete(_event).where(_event.c.case_id == case_id, _event.c.seq == seq))
    return [Break(seq, "missing") if seq < LENGTH else Break(LENGTH - 1, "head")]


def add(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    rows = unit.execute(select(_event).where(_event.c.case_id == case_id, _event.c.seq == LENGTH))
    body = rows[0]["body"]
    forged = {"seq": LENGTH + 1, "hash": chain.link(rows[0]["hash"], case_id, LENGTH + 1, body)}
    unit.execute(insert(_event).values(**{**rows[0], **forged}))
    return [Break(LENGTH + 1, "head")]


def turn_the_case_back(unit: Unit, case_id: int, seq: int, other: int) -> list[Break]:
    back = {"version": seq, "head": cells(unit, case_id, seq)["hash"]}
    unit.execute(update(_case).where(_case.c.id == case_id).values(**back))
    return [Break(LENGTH, "head")] if seq < LENGTH else []


WAYS = [
    edit, swap_what_they_say, swap_whole, change_the_hash, edit_and_hash_anew, drop, add, turn_the_case_back
]  # fmt: skip


def cells(unit: Unit, case_id: int, seq: int) -> dict[str, Any]:
    where = (_event.c.case_id == case_id, _event.c.seq == seq)
    return unit.execute(select(_event.c.body, _event.c.hash).where(*where))[0]


def write(unit: Unit, case_id: int, seq: int, **values: Any) -> None:
    unit.execute(update(_event).where(_event.c.case_id == case_id, _event.c.seq == seq).values(**values))


# ---- it is found ------------------------------------------------------------------------------------


def test_any_single_tampering_is_found_where_it_was_done(store_with_cases: Store) -> None:
    @given(way=st.sampled_from(WAYS), case_id=st.sampled_from([1, 2]), seq=seqs, other=seqs)
    def try_it(way: Tamper, case_id: int, seq: int, other: int) -> None:
        def tamper(unit: Unit) -> None:
            expected = way(unit, case_id, seq, other)
            found = verify_chain(unit, case_id)
            assert bool(found) == bool(expected)
            assert found[: len(expected)] == expected
            told = {head.id: breaks for head, breaks in verify_all(unit)}
            others = range(1, len(CASE_TYPES) + 1)
            assert told == {**{every: [] for every in others}, case_id: found}  # no other case is suspected

        store_with_cases.write(tamper, dry_run=True)

    try_it()
    assert store_with_cases.read(lambda unit: [b for _, breaks in verify_all(unit) for b in breaks]) == []
