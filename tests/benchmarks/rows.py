"""The act that is measured, many cases it can be done on, and its rows written by hand.

The act is the safety questions of a dispute: the command's key is looked up, the case loaded by its reference,
the caller's appointment and two guards judged, eleven answers recorded, the case moved, a clock stopped; then
five rows and the case's own are written in one durable commit.
"""

import hashlib
import json
import shutil
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from engine.domain.reference import make
from engine.persistence import chain
from engine.persistence.store import Store
from engine.service import acting, filing
from tests.support.town import Town

WHO = "dsp-01"
QUESTIONS = (
    "violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language",
)  # fmt: skip
ACT: dict[str, Any] = {
    "act": "screen",
    "set": {"risk": "yellow", "category": "neigh"},
    "records": {"screening_form": [dict.fromkeys(QUESTIONS, False) | {"prior_reports": 0}]},
}
# what an act writes, and by which columns its rows are found again
TABLES = {
    "case_file": "id",
    "event": "case_id, seq",
    "clock_run": "case_id, name, run",
    "milestone": "case_id, name",
    "seat_holder": "case_id, seat",
    "case_link": "case_id, kind",
    "command_key": "key",
}
GIVEN = ("txid", "position")  # what PostgreSQL gives an event by itself
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_as_it_is = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def advance(town: Town, ref: str, key: str | None = None) -> Any:
    """The act through the engine."""
    return town.do(acting.do_act, WHO, ref=ref, key=key, **ACT)


def file_one(town: Town) -> str:
    """A case that waits for the act."""
    parties = [{"role": "claimant"}, {"role": "respondent"}]
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": "a wall", "parties": parties}
    return str(town.do(filing.file_case, WHO, **given)["ref"])


def new_store(path: Path, cases: int) -> list[str]:
    """A store with a small station and so many cases as the engine files them; their references."""
    town = Town(Store.open(str(path), create=True))
    try:
        file_one(town)
    finally:
        town.engine.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        return ["26-00001-0", *clone(connection, cases - 1)]


def clone(connection: Any, count: int, mark: str = "?") -> list[str]:
    """As many more cases like the first, each with its own number and its own true chain.

    ``mark`` is how the driver writes a place.
    """
    case, event = _rows(connection, "case_file", "id = 1")[0], _rows(connection, "event", "case_id = 1")[0]
    beside = {name: _rows(connection, name, "case_id = 1") for name in ("clock_run", "milestone")}
    (last,) = connection.execute("SELECT max(id) FROM case_file").fetchone()
    many: dict[str, list[dict[str, Any]]] = {name: [] for name in ("case_file", "event", *beside)}
    refs = []
    for case_id in range(last + 1, last + 1 + count):
        ref = str(make(26, case_id))
        text = event["body"].replace(case["ref"], ref)
        head = chain.link(chain.GENESIS, case_id, 1, text)
        body = case["body"].replace(case["ref"], ref)
        many["case_file"].append(case | {"id": case_id, "ref": ref, "head": head, "body": body})
        many["event"].append(event | {"case_id": case_id, "hash": head, "body": text})
        for name, rows in beside.items():
            many[name] += [row | {"case_id": case_id} for row in rows]
        refs.append(ref)
    cursor = connection.cursor()
    connection.execute("BEGIN")
    for name, rows in many.items():
        if rows:
            places = ", ".join([mark] * len(rows[0]))
            sql = f"INSERT INTO {name} ({', '.join(rows[0])}) VALUES ({places})"  # noqa: S608 - our own names
            cursor.executemany(sql, [list(row.values()) for row in rows])
    for name in ("case", "serial-2026"):
        raised = f"UPDATE counter SET value = {mark} WHERE name = {mark}"  # noqa: S608
        connection.execute(raised, (last + count, name))
    connection.execute("COMMIT")
    return refs


def _rows(connection: Any, table: str, where: str) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM {table} WHERE {where}")  # noqa: S608 - our own names
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [{name: value for name, value in row.items() if name not in GIVEN} for row in rows]


class Sample:
    """What the engine wrote for one case: the parts that are the same for all of them."""

    def __init__(self, folder: Path) -> None:
        path = folder / "sample.db"
        (ref,) = new_store(path, 1)
        town = Town(Store.open(str(path)), seeded=True)
        advance(town, ref, key="sample")
        town.engine.close()
        with closing(sqlite3.connect(path)) as connection:
            case = _rows(connection, "case_file", "id = 1")[0]
            event = _rows(connection, "event", "seq = 2")[0]
            key = _rows(connection, "command_key", "key = 'sample'")[0]
        self.next_due_at, self.at = case["next_due_at"], key["at"]
        self.body, self.event, self.answer = map(json.loads, (case["body"], event["body"], key["answer"]))


class Written(NamedTuple):
    """What a person would compute: texts and hash for the rows."""

    body: str
    event: str
    head: bytes
    digest: str
    answer: str
    told: Any


def compute(
    like: Sample, ref: str, case_id: int, version: int, head: bytes, state: str, text: str
) -> Written:
    """The act on one case that was loaded."""
    if state != "reported":
        raise ValueError(state)
    body, wanted = json.loads(text), like.body
    body["states"]["main"] = "screening"
    body["back"] = {"main": "reported"}
    body["records"].append(wanted["records"][0])
    body["fields"].update(wanted["fields"])
    body["clocks"][0] = wanted["clocks"][0]
    event = _encode({**like.event, "seq": version + 1})
    answer = {
        **like.answer,
        "case": {**like.answer["case"], "ref": ref, "version": version + 1},
        "event": {**like.answer["event"], "seq": version + 1},
    }
    place = case_id.to_bytes(8, "big") + (version + 1).to_bytes(4, "big")
    head = hashlib.sha256(b"folkmoot/1\0" + head + place + event.encode()).digest()
    return Written(_as_it_is(body), event, head, _digest(ref), _as_it_is(answer), answer)


class ByHand:
    """What a person would write who knows this one act: the same rows, and nothing asked but key and case."""

    def __init__(self, path: Path, sample: Sample) -> None:
        self.sample = sample
        self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=128)
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA cache_size = -16000")

    def advance(self, ref: str, key: str | None = None) -> Any:
        """The act and its commit."""
        self.connection.execute("BEGIN IMMEDIATE")
        answer = self.write(ref, key or uuid.uuid4().hex)
        self.connection.execute("COMMIT")
        return answer

    def write(self, ref: str, key: str) -> Any:
        run, at = self.connection.execute, self.sample.at
        if run("SELECT digest, answer, at FROM command_key WHERE key = ?", (key,)).fetchone() is not None:
            raise ValueError(key)
        case_id, version, head, state, text = run(
            "SELECT id, version, head, state, body FROM case_file WHERE ref = ?", (ref,)
        ).fetchone()
        made = compute(self.sample, ref, case_id, version, head, state, text)
        touched = run(
            "UPDATE case_file SET version = ?, state = ?, risk = ?, next_due_at = ?, head = ?, body = ?"
            " WHERE id = ? AND version = ?",
            (
                version + 1,
                "screening",
                "yellow",
                self.sample.next_due_at,
                made.head,
                made.body,
                case_id,
                version,
            ),
        ).rowcount
        if touched != 1:
            raise ValueError(ref)
        run(
            "INSERT INTO event (case_id, seq, act, actor, at, recorded_at, hash, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (case_id, version + 1, "screen", WHO, at, at, made.head, made.event),
        )
        run(
            "UPDATE clock_run SET status = ?, verdict = ?, stopped_at = ?"
            " WHERE case_id = ? AND name = ? AND item = ? AND run = ?",
            ("stopped", "met", at, case_id, "triage", "", 1),
        )
        run(
            "INSERT INTO milestone (case_id, name, first_at, last_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (case_id, name) DO UPDATE SET last_at = excluded.last_at",
            (case_id, "acknowledged", at, at),
        )
        run(
            "INSERT INTO command_key (key, digest, case_id, answer, at) VALUES (?, ?, ?, ?, ?)",
            (key, made.digest, case_id, made.answer, at),
        )
        return made.told

    def close(self) -> None:
        self.connection.close()


def _digest(ref: str) -> str:
    asked = {
        "ref": ref, "trigger": "screen", "actor": WHO, "entered_by": WHO, "fields": ACT["set"],
        "records": ACT["records"], "parties": [], "seats": {}, "note": None, "outcome": None, "item": None,
        "auto": False,
    }  # fmt: skip
    return hashlib.sha256(_encode(asked).encode()).hexdigest()


def copy(path: Path, target: Path) -> Path:
    """A second store with the same rows: nobody may be using the first."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, target)
    return target
