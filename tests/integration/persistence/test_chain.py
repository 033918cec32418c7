"""The chain of a case: tampering by somebody who can write the database is found, and where."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from engine.persistence import case_store, chain, evidence, table
from engine.persistence.evidence import Break
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample

event = table.columns_of(table.Event)
case = table.columns_of(table.Case)


@pytest.fixture
def case_id(store: Store) -> int:
    """A case of five events."""

    def build(unit: Unit) -> int:
        case_id = sample.file_case(unit)
        for _ in range(4):
            sample.note(unit, case_id)
        return case_id

    return store.write(build)


def verify(store: Store, case_id: int) -> list[Break]:
    return store.read(lambda unit: evidence.verify_chain(unit, case_id))


def swap(unit: Unit, case_id: int) -> None:
    texts = {row.seq: row.text for row in case_store.history(unit, case_id)}
    for seq, other in ((2, 3), (3, 2)):
        unit.execute(
            update(event).where(event.c.case_id == case_id, event.c.seq == seq).values(body=texts[other])
        )


def edit(unit: Unit, case_id: int) -> None:
    unit.execute(update(event).where(event.c.case_id == case_id, event.c.seq == 3).values(body='{"seq":3}'))


def take_out(unit: Unit, case_id: int) -> None:
    unit.execute(delete(event).where(event.c.case_id == case_id, event.c.seq == 3))


def cut_tail(unit: Unit, case_id: int) -> None:
    unit.execute(delete(event).where(event.c.case_id == case_id, event.c.seq == 5))


def rehash_one(unit: Unit, case_id: int) -> None:
    """An edit that also computes the edited event's own hash anew."""
    rows = case_store.history(unit, case_id)
    text = '{"seq":3}'
    forged = chain.link(rows[1].hash, case_id, 3, text)
    unit.execute(
        update(event).where(event.c.case_id == case_id, event.c.seq == 3).values(body=text, hash=forged)
    )


def break_json(unit: Unit, case_id: int) -> None:
    unit.execute(update(event).where(event.c.case_id == case_id, event.c.seq == 2).values(body="{"))


def test_an_untouched_history_holds(store: Store, case_id: int) -> None:
    assert verify(store, case_id) == []


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (edit, [Break(3, "altered")]),
        (swap, [Break(2, "altered"), Break(3, "altered")]),
        (take_out, [Break(3, "missing")]),
        (cut_tail, [Break(4, "head")]),
        (rehash_one, [Break(4, "altered")]),
        (break_json, [Break(2, "altered")]),
    ],
)
def test_tampering_is_located(
    store: Store, case_id: int, tamper: Callable[[Unit, int], None], found: list[Break]
) -> None:
    store.write(lambda unit: tamper(unit, case_id))
    assert verify(store, case_id) == found


def test_a_history_moved_to_another_case_does_not_hold(store: Store, case_id: int) -> None:
    other = store.write(sample.file_case)

    def move(unit: Unit) -> None:
        unit.execute(delete(event).where(event.c.case_id == other))
        unit.execute(update(event).where(event.c.case_id == case_id).values(case_id=other))
        row = case_store.find_case_by_id(unit, case_id)
        assert row is not None
        unit.execute(update(case).where(case.c.id == other).values(head=row.head, version=row.version))

    store.write(move)
    assert [found.kind for found in verify(store, other)] == ["altered"] * 5


def test_one_spelling_whatever_the_order_of_keys() -> None:
    assert chain.canonical({"b": 1, "a": ["调解", None, True]}) == '{"a":["调解",null,true],"b":1}'
    assert chain.canonical({"a": 1, "b": 2}) == chain.canonical({"b": 2, "a": 1})
