"""The benchmark compares like with like: what is written by hand is what the engine writes, to the byte."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.persistence.store import Store
from tests.benchmarks.rows import TABLES, ByHand, Sample, advance, copy, new_store
from tests.support.town import Town


def test_the_rows_by_hand_are_the_rows_of_the_engine(tmp_path: Path) -> None:
    ref = new_store(tmp_path / "store.db", 3)[-1]
    hand = ByHand(copy(tmp_path / "store.db", tmp_path / "hand.db"), Sample(tmp_path))
    told = hand.advance(ref, "k")
    hand.close()
    town = Town(Store.open(str(tmp_path / "store.db")), seeded=True)
    answer = advance(town, ref, "k")
    town.engine.close()

    assert told == answer
    assert _rows(tmp_path / "hand.db") == _rows(tmp_path / "store.db")


def test_cases_made_for_a_benchmark_hold_their_chain(tmp_path: Path) -> None:
    from engine.persistence.evidence import verify_all

    new_store(tmp_path / "store.db", 5)
    with Store.open(str(tmp_path / "store.db")) as store:
        found = store.read(lambda unit: list(verify_all(unit)))
    assert len(found) == 5
    assert not any(breaks for _, breaks in found)


def _rows(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY {key}").fetchall()  # noqa: S608
            for name, key in TABLES.items()
        }
