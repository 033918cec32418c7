"""One durable act against the same rows written by hand: run with ``python -m tests.benchmarks.advance``.

Both load a case, write its row, one event with canonical JSON and a hash, and the command's key, and commit
with ``synchronous=FULL``. They take turns in one process, so that a drifting machine moves both.
"""

import hashlib
import json
import sqlite3
import statistics
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from engine.persistence.store import Store
from engine.service import acting, filing
from tests.support.town import Town

ROUND = 50  # acts in one slice
ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def measure(rounds: int = 8) -> dict[str, float]:
    """Median ratio of the rates, and microseconds of CPU per act of both."""
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Store.open(str(Path(folder) / "engine.db"), create=True))
        refs = [_filed(town) for _ in range(ROUND)]
        by_hand = _ByHand(Path(folder) / "hand.db", town, refs)

        def engine(ref: str) -> None:
            town.do(acting.note, "dsp-01", ref=ref, text="looked at it")

        slices = [(_slice(by_hand.note, refs), _slice(engine, refs)) for _ in range(rounds + 1)][1:]
    return {
        "ratio": statistics.median(hand[0] / ours[0] for hand, ours in slices),
        "cpu_us": statistics.median(ours[1] for _, ours in slices) * 1e6 / ROUND,
        "by_hand_cpu_us": statistics.median(hand[1] for hand, _ in slices) * 1e6 / ROUND,
        "per_s": ROUND / statistics.median(ours[0] for _, ours in slices),
    }


def _slice(work: Callable[[str], None], refs: list[str]) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    for ref in refs:
        work(ref)
    return perf_counter() - wall, process_time() - cpu


def _filed(town: Town) -> str:
    parties = [{"role": "claimant"}, {"role": "respondent"}]
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": "a wall", "parties": parties}
    return str(town.do(filing.file_case, "dsp-01", **given)["ref"])


class _ByHand:
    """The same bodies in tables of the same shape, with nothing around them."""

    def __init__(self, path: Path, town: Town, refs: list[str]) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE c(id INTEGER PRIMARY KEY, ref TEXT UNIQUE, version INT, head BLOB, body TEXT);"
            "CREATE TABLE e(case_id INT, seq INT, at TEXT, hash BLOB, body TEXT, PRIMARY KEY(case_id, seq));"
            "CREATE TABLE k(key TEXT PRIMARY KEY, digest TEXT, answer TEXT);"
        )
        from engine.persistence.case_store import find_case

        for ref in refs:
            row = town.engine.store.read(lambda unit, ref=ref: find_case(unit, ref))
            assert row is not None
            values = (ref, row.version, row.head, ENCODE(row.body))
            self.connection.execute("INSERT INTO c(ref, version, head, body) VALUES (?, ?, ?, ?)", values)

    def note(self, ref: str) -> None:
        run, key = self.connection.execute, uuid.uuid4().hex
        run("BEGIN IMMEDIATE")
        run("SELECT digest FROM k WHERE key = ?", (key,)).fetchone()
        case_id, version, head, text = run(
            "SELECT id, version, head, body FROM c WHERE ref = ?", (ref,)
        ).fetchone()
        body = json.loads(text)
        event = {
            "seq": version + 1, "act": "note", "actor": "dsp-01", "at": "2026-11-23T00:00:00Z", "note": "looked at it",
            "recorded": "2026-11-23T00:00:00Z", "definition": body["definition"], "changes": [],
        }  # fmt: skip
        told = ENCODE(event)
        head = hashlib.sha256(head + told.encode()).digest()
        run(
            "UPDATE c SET version = ?, head = ?, body = ? WHERE id = ? AND version = ?",
            (version + 1, head, ENCODE(body), case_id, version),
        )
        run("INSERT INTO e VALUES (?, ?, ?, ?, ?)", (case_id, version + 1, event["at"], head, told))
        run("INSERT INTO k VALUES (?, ?, ?)", (key, hashlib.sha256(told.encode()).hexdigest(), told))
        run("COMMIT")


if __name__ == "__main__":
    for name, value in measure().items():
        sys.stdout.write(f"{name:16} {value:10.2f}\n")
