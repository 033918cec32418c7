"""The act on PostgreSQL with eight connections, against the same two round trips by hand.

Both load the case and the key by one statement and write everything by another, which is its own transaction.
The server flushes to disk at every commit.
"""

import random
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg

from engine.persistence.store import Store
from engine.service import acting
from tests.benchmarks.rows import ACT, WHO, Sample, clone, compute, file_one
from tests.benchmarks.slices import Contender, figures, take_turns
from tests.support.database import Server
from tests.support.town import Town

CASES = 10_000
CONNECTIONS = 8
SLICE = 240
LOAD = (
    "SELECT c.id, c.version, c.head, c.state, c.body, k.digest, k.answer, k.at"
    " FROM case_file c LEFT JOIN command_key k ON k.key = %s WHERE c.ref = %s"
)
WRITE = """
WITH moved AS (
    UPDATE case_file SET version = %s, state = %s, risk = %s, next_due_at = %s, head = %s, body = %s
    WHERE id = %s AND version = %s RETURNING id
), e AS (
    INSERT INTO event (case_id, seq, act, actor, at, recorded_at, hash, body)
    SELECT id, %s, %s, %s, %s, %s, %s, %s FROM moved RETURNING case_id
), c AS (
    UPDATE clock_run SET status = %s, verdict = %s, stopped_at = %s FROM moved
    WHERE case_id = moved.id AND name = %s AND item = %s AND run = %s RETURNING case_id
), m AS (
    INSERT INTO milestone (case_id, name, first_at, last_at) SELECT id, %s, %s, %s FROM moved
    ON CONFLICT (case_id, name) DO UPDATE SET last_at = excluded.last_at RETURNING case_id
), k AS (
    INSERT INTO command_key (key, digest, case_id, answer, at) SELECT %s, %s, id, %s, %s FROM moved
    RETURNING case_id
)
SELECT count(*) FROM moved"""


def measure(rounds: int = 12) -> dict[str, dict[str, float]]:
    server = Server(durable=True)
    try:
        return {"postgres_8": _measure(server, rounds)}
    finally:
        server.stop()


def _measure(server: Server, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        sample = Sample(Path(folder))
    stores = {name: server.database(name) for name in ("hand", "engine")}
    refs, _ = (_fill(url) for url in stores.values())
    random.Random(1).shuffle(refs)
    hands = [ByHand(stores["hand"], sample) for _ in range(CONNECTIONS)]
    town = Town(Store.open(stores["engine"], threads=CONNECTIONS), seeded=True)
    contenders = {
        "hand": Contender(_by_hand(hands, iter(refs))),
        "engine": Contender(_engine(town, iter(refs))),
    }
    take_turns(contenders, rounds, warm=3)
    town.engine.close()
    for hand in hands:
        hand.connection.close()
    return figures(contenders["engine"], contenders["hand"])


def _fill(url: str) -> list[str]:
    town = Town(Store.open(url, create=True))
    file_one(town)
    town.engine.close()
    with psycopg.connect(url, autocommit=True) as connection:
        refs = clone(connection, CASES - 1, mark="%s")
        connection.execute("SELECT setval('case_file_id_seq', %s)", (CASES,))
        connection.execute("VACUUM ANALYZE")
    return refs


class ByHand:
    def __init__(self, url: str, sample: Sample) -> None:
        self.sample = sample
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("SET TIME ZONE 'UTC'")

    def advance(self, ref: str, key: str) -> None:
        at = self.sample.at + "+00:00"
        row = self.connection.execute(LOAD, (key, ref)).fetchone()
        if row is None or row[5] is not None:
            raise ValueError(key)
        case_id, version, head, state, text = row[:5]
        made = compute(self.sample, ref, case_id, version, head, state, text)
        due = self.sample.next_due_at + "+00:00"
        values = (
            version + 1, "screening", "yellow", due, made.head, made.body, case_id, version,
            version + 1, "screen", WHO, at, at, made.head, made.event,
            "stopped", "met", at, "triage", "", 1,
            "acknowledged", at, at,
            key, made.digest, made.answer, at,
        )  # fmt: skip
        found = self.connection.execute(WRITE, values).fetchone()
        if found != (1,):
            raise ValueError(ref)


def _by_hand(hands: list[ByHand], refs: Iterator[str]) -> Callable[[], int]:
    def share(hand: ByHand, mine: list[str]) -> None:
        for ref in mine:
            hand.advance(ref, uuid.uuid4().hex)

    def slice_() -> int:
        given = list(islice(refs, SLICE))
        threads = [Thread(target=share, args=(h, given[n::CONNECTIONS])) for n, h in enumerate(hands)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return SLICE

    return slice_


def _engine(town: Town, refs: Iterator[str]) -> Callable[[], int]:
    def slice_() -> int:
        caller: Any = town.as_(WHO)
        waiting = [town.engine.submit(acting.do_act, caller, ref=ref, **ACT) for ref in islice(refs, SLICE)]
        wait(waiting)  # woken once, as whoever joins threads is
        for future in waiting:
            future.result()
        return SLICE

    return slice_


if __name__ == "__main__":
    for name, values in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 12).items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:.3f}" for k, v in values.items()) + "\n")
