"""Sealing: every event under exactly one seal, in the order of reading, in one chain however many seal at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from threading import Event as Flag
from typing import Any

import pytest

from engine.persistence import chain
from engine.persistence import seal as seals
from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import audit, seal
from engine.service.caller import Caller
from tests.support import stored_case as sample
from tests.support import tamper

CALLER = Caller("system", datetime(2026, 11, 25, 2, 0, tzinfo=UTC))


def make(store: Store, limit: int = 1000) -> dict[str, Any]:
    return store.write(lambda unit: seal.make(unit, CALLER, limit=limit))


def sealed(store: Store) -> list[tuple[int, int]]:
    """(case, seq) of every leaf, in order."""

    def look(unit: Unit) -> Iterator[tuple[int, int]]:
        for one in seals.each(unit):
            for at in range(0, len(one.leaves), chain.LEAF):
                leaf = one.leaves[at : at + chain.LEAF]
                yield int.from_bytes(leaf[:8], "big"), int.from_bytes(leaf[8:12], "big")

    return store.read(lambda unit: list(look(unit)))


def events(store: Store) -> list[tuple[int, int]]:
    return store.read(lambda unit: rows(unit, "SELECT case_id, seq FROM event ORDER BY case_id, seq"))


def fill(store: Store, cases: int = 3, notes: int = 2) -> None:
    for _ in range(cases):
        case_id = store.write(sample.file_case)
        for _ in range(notes):
            store.write(lambda unit, case_id=case_id: sample.note(unit, case_id))


def breaks(store: Store) -> list[str]:
    """What seals and chains say; the sample's cases follow no workflow and have no check digit in their names."""
    found = store.read(lambda unit: audit.verify(unit, CALLER, folding=False))["breaks"]
    return [one["kind"] for one in found if one["kind"] != "number"]


def test_every_event_is_sealed_once_in_the_order_of_reading(store: Store) -> None:
    fill(store)
    made = [make(store, 4), make(store, 4), make(store, 4)]
    assert [(one["n"], one["sealed"], one["more"]) for one in made] == [
        (1, 4, True),
        (2, 4, True),
        (3, 1, False),
    ]
    assert sealed(store) == [(case_id, seq) for case_id in (1, 2, 3) for seq in (1, 2, 3)]
    assert breaks(store) == []


def test_a_root_is_what_anybody_can_compute(store: Store) -> None:
    fill(store, 1)
    make(store)
    fill(store, 1)
    make(store)
    before = bytes(32)
    hashes = store.read(
        lambda unit: {(c, s): h for c, s, h in rows(unit, "SELECT case_id, seq, hash FROM event")}
    )
    for n, case_id in ((1, 1), (2, 2)):
        leaves = b"".join(
            case_id.to_bytes(8, "big") + seq.to_bytes(4, "big") + hashes[case_id, seq][:16]
            for seq in (1, 2, 3)
        )
        text = b"folkmoot/seal/1\0" + before + n.to_bytes(8, "big") + b"2026-11-25T02:00:00Z\0" + leaves
        before = sha256(text).digest()
        found = store.read(lambda unit, n=n: seals.find(unit, n))
        assert found is not None
        assert found.root == before


def test_where_nothing_waits_nothing_is_written(store: Store) -> None:
    fill(store)
    make(store)
    assert store.read(lambda unit: seal.waiting(unit, CALLER))["waiting"] == 0
    assert make(store) == {"n": None, "sealed": 0, "more": False, "as_of": "2026-11-25T02:00:00Z"}
    assert store.read(lambda unit: rows(unit, "SELECT count(*) FROM seal")) == [(1,)]


def test_a_dry_run_seals_nothing(store: Store) -> None:
    fill(store)
    told = store.write(lambda unit: seal.make(unit, CALLER), dry_run=True)
    assert (told["n"], told["sealed"]) == (1, 9)
    assert sealed(store) == []


def test_who_is_late_steps_back(store: Store) -> None:
    """A seal that was decided on what another sealed meanwhile is not written."""
    fill(store)

    def late(unit: Unit) -> Any:
        found = seals.waiting(unit, seals.START, limit=5)
        assert seals.put(unit, None, found, at=CALLER.at) is not None
        return seals.put(unit, None, found, at=CALLER.at)

    assert store.write(late) is None
    assert len(sealed(store)) == 5


def test_many_seal_while_many_write_and_there_is_one_chain(database_url: str) -> None:
    with Store.open(database_url) as one, Store.open(database_url) as two, Store.open(database_url) as writer:
        done = Flag()

        def sealing(store: Store) -> int:
            made = 0
            while not done.is_set():
                made += make(store, 5)["sealed"]
            return made

        with ThreadPoolExecutor(2) as pool:
            busy = [pool.submit(sealing, store) for store in (one, two)]
            fill(writer, cases=12, notes=3)
            done.set()
            made = sum(future.result() for future in busy)
        while make(one, 5)["sealed"]:
            made += 5
        found = sealed(one)
        assert sorted(found) == events(one)
        assert len(found) == len(set(found))
        assert [n for (n,) in one.read(lambda unit: rows(unit, "SELECT n FROM seal ORDER BY n"))] == list(
            range(1, one.read(lambda unit: rows(unit, "SELECT count(*) FROM seal"))[0][0] + 1)
        )
        assert breaks(one) == []


def test_an_event_whose_transaction_ends_late_is_not_passed_over(postgresql_url: str) -> None:
    """It has the smaller number and appears after a seal was made: the seal has to wait for it."""
    import psycopg

    with Store.open(postgresql_url) as store, closing(psycopg.connect(postgresql_url)) as slow:
        fill(store, 1)
        make(store)
        columns = "act, actor, at, recorded_at, hash, body"
        slow.execute(
            f"INSERT INTO event (case_id, seq, {columns}) SELECT 77, 1, {columns} FROM event WHERE seq = 1"  # noqa: S608
        )
        fill(store, 1)
        assert make(store)["sealed"] == 0  # everything newer may still have a place before it
        slow.commit()
        assert make(store)["sealed"] == 4
        assert sorted(sealed(store)) == events(store)


@pytest.mark.parametrize("value", ["'nonsense'", "X'00'", "7", "X'" + "ff" * 40 + "'"])
@pytest.mark.parametrize("column", ["hash", "seq", "case_id"])
def test_a_damaged_row_does_not_stop_sealing(sqlite_url: str, column: str, value: str) -> None:
    with Store.open(sqlite_url) as store:
        fill(store, 1)
        store.write(lambda unit: tamper.do(unit, f"UPDATE event SET {column} = {value} WHERE seq = 2"))  # noqa: S608
        assert make(store)["sealed"] == 3
        fill(store, 1)
        assert make(store)["sealed"] == 3
        assert breaks(store) != []
