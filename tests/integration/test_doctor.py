"""The doctor: each fault planted in a store is found by its check, with its repair; a sound store is told sound."""
# ruff: noqa: S608 - the texts are our own

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.definitions.canonical import content_hash, from_json
from engine.domain.errors import Unavailable
from engine.domain.messages import catalogue
from engine.persistence.connection import check_server
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, audit, doctor, filing, seal, worker
from engine.service.audit import pages, verification
from engine.service.caller import Caller
from tests.support import tamper
from tests.support.register import bring
from tests.support.tamper import do
from tests.support.town import Town
from tests.support.walk import PLACE
from tests.support.whole import dump

Answer = dict[str, Any]
Fault = Callable[[Unit], None]
# the test server saves its disk, and a sandboxed one may stand anywhere
ALWAYS = {"durable"}


@pytest.fixture
def town(store: Store) -> Town:
    """Two cases, all that is due fired, all sealed."""
    town = Town(store)
    for _ in range(2):
        ref = town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall")[
            "ref"
        ]
        town.do(acting.note, "dsp-01", ref=ref, text="came by", key=f"k-{ref}")
    town.do(worker.sweep, "system")
    town.do(seal.make, "system")
    return town


def examined(
    town: Town, fault: Fault = lambda unit: None, *, quick: bool = False, lang: str = "en"
) -> Answer:
    """What the doctor says after the fault; then it is undone."""
    caller = Caller("adm", town.now, lang)

    def look(unit: Unit) -> Answer:
        fault(unit)
        return doctor.examine(unit, caller, quick=quick)

    return town.engine.store.write(look, dry_run=True)


def broken(answer: Answer) -> set[str]:
    assert answer["ok"] == (answer["broken"] == [])
    assert answer["held"] + len(answer["broken"]) == len(answer["checks"])
    return {one["id"] for one in answer["checks"] if not one["ok"]} - ALWAYS


def run(sql: str, *values: Any) -> Fault:
    return lambda unit: do(unit, sql, *values)


class Planted(NamedTuple):
    fault: Fault
    broken: set[str]
    told: str  # a part of what is found


def with_marks(*ats: str, stopped: bool = False) -> Fault:
    """Marks put into the last act of a case at these moments ("": that of the act); the history is hashed anew."""

    def plant(unit: Unit) -> None:
        last = tamper.cell(unit, "case_file", "version", "id = 1")
        body = json.loads(tamper.cell(unit, "event", "body", f"case_id = 1 AND seq = {last}"))
        clock = json.loads(tamper.cell(unit, "case_file", "body", "id = 1"))["clocks"][0]
        mark = {"do": "mark", "clock": clock["name"], "run": clock["run"], "mark": "due"}
        stop = (
            [{"do": "clock", "run": {**clock, "status": "stopped", "stopped": body["at"]}}] if stopped else []
        )
        marks = [{**mark, "at": at or body["at"]} for at in ats]
        tamper.edit_body(unit, 1, last, changes=[*body["changes"], *stop, *marks])
        tamper.rechain(unit, 1)

    return plant


def waiting_approval(unit: Unit, case_id: int, lapses: datetime) -> None:
    at = tamper.cell(unit, "case_file", "filed_at", "id = 1")
    kept = lapses if unit.dialect == "postgresql" else f"{lapses:%Y-%m-%d %H:%M:%S}.000000"
    do(
        unit,
        "INSERT INTO approval (id, case_id, asks, command, asked_by, at, allow, lapses_at, status)"
        " VALUES (7, ?, 'extension', '{}', 'dsp-01', ?, '[]', ?, 'waiting')",
        case_id, at, kept,
    )  # fmt: skip


def no_longer_understood(unit: Unit) -> None:
    """A text in force, whole and unaltered, with a rule that this program cannot read."""
    body = json.loads(tamper.cell(unit, "definition", "body", "case_type = 'dispute_mediation'"))
    rule = next(iter(body["rules"].values()))
    rule["that"] = "fields.risk =~ 'red'"
    digest = content_hash(from_json(body))
    names = "version, effective_from, added_at, source, translations"
    do(
        unit,
        f"INSERT INTO definition (hash, case_type, status, body, {names})"
        f" SELECT ?, case_type, 'active', ?, {names} FROM definition WHERE case_type = 'dispute_mediation'",
        digest, json.dumps(body),
    )  # fmt: skip


PAST = datetime(2026, 11, 20, tzinfo=UTC)
NEVER = datetime(2031, 1, 1, tzinfo=UTC)
BOTH = {
    "an act edited": Planted(
        lambda unit: tamper.edit_body(unit, 1, 2, actor="off-05"), {"histories"}, "act 2 was altered"
    ),
    "a case taken out": Planted(
        lambda unit: tamper.remove_case(unit, 2), {"histories", "keys"}, "is gone, with its whole history"
    ),
    "all seals taken out, which only an anchor tells": Planted(run("DELETE FROM seal"), set(), ""),
    "an act taken out": Planted(
        run("DELETE FROM event WHERE case_id = 1 AND seq = 1"), {"histories", "versions"}, "act 1 is missing"
    ),
    "a case set back": Planted(
        run("UPDATE case_file SET version = 1 WHERE id = 1"), {"versions"}, "says otherwise than its last act"
    ),
    "a history led where no state is": Planted(
        lambda unit: tamper.lead_nowhere(unit, 1, 1), {"histories", "states"}, "stands in main/nowhere"
    ),
    "a seal edited": Planted(run("UPDATE seal SET count = 2"), {"seals"}, "Seal 1 does not follow"),
    "a column of a case edited": Planted(
        run("UPDATE case_file SET risk = 'red' WHERE id = 1"), {"cases"}, "the column risk"
    ),
    "a deadline's row edited": Planted(
        run("UPDATE clock_run SET status = 'stopped' WHERE case_id = 1"), {"cases"}, "the row clock_run/"
    ),
    "a case in a state that is none": Planted(
        lambda unit: tamper.edit(
            unit, "case_file", "body", "id = 1", lambda text: text.replace('"main":"reported"', '"main":"nowhere"')
        ),
        {"cases"},
        "is not what its",
    ),
    "a mark fired before its moment": Planted(with_marks("2031-01-01T00:00:00Z"), {"marks", "histories"}, "before its moment"),
    "a mark fired twice": Planted(with_marks("", ""), {"marks", "histories"}, "fired a second time"),
    "a mark fired after its clock stopped": Planted(
        with_marks("", stopped=True), {"marks", "histories", "cases"}, "although its clock stood still"
    ),
    "a definition edited": Planted(
        run("UPDATE definition SET body = replace(body, '30 cd', '90 cd') WHERE case_type = 'dispute_mediation'"),
        {"definitions"},
        "altered",
    ),
    "a definition taken out": Planted(
        run("DELETE FROM definition WHERE case_type = 'dispute_mediation'"), {"definitions"}, "missing"
    ),
    "a text that is no longer understood": Planted(no_longer_understood, {"definitions"}, ": "),
    "a number that would come again": Planted(
        run("UPDATE counter SET value = 1 WHERE name = 'serial-2026'"), {"counters"}, "serial-2026 stands at 1"
    ),
    "a key of a case that is not there": Planted(
        run("UPDATE command_key SET case_id = 99 WHERE key LIKE 'k-26-00001%'"), {"keys"}, "not there"
    ),
    "an answer that cannot be read": Planted(
        run("UPDATE command_key SET answer = '{' WHERE key LIKE 'k-26-00001%'"), {"keys"}, "cannot be read"
    ),
    "an approval that should have lapsed": Planted(
        lambda unit: waiting_approval(unit, 1, PAST), {"approvals"}, "A-7 should have lapsed"
    ),
    "an approval of no case": Planted(
        lambda unit: waiting_approval(unit, 99, NEVER), {"approvals"}, "A-7 asks about a case that is not there"
    ),
    "an imported row of no case": Planted(
        lambda unit: [
            do(unit, "INSERT INTO import_batch (id, name, at, by, status, counts) SELECT 1, 'x', filed_at, 'adm', 'landed', '{}' FROM case_file WHERE id = 1"),
            do(unit, "INSERT INTO import_row (source, key, batch, case_id, digest) VALUES ('s', '12', 1, 99, 'd')"),
        ][0],
        {"registers"},
        "row 12 of s",
    ),
    "a year that is not published": Planted(
        run("DELETE FROM calendar_year WHERE year = 2026"), {"calendars", "settings"}, "CN has no list of days off for 2026"
    ),
    "a unit moved past the program": Planted(
        run("UPDATE unit SET parent = NULL WHERE code = 'S-012'"), {"settings"}, "unit S-012 is not what was last"
    ),
    "a leave written past the program": Planted(
        run("INSERT INTO absence (person, since, reason) VALUES ('off-05', '2026-11-02', '')"),
        {"settings"},
        "absence off-05|2026-11-02 is not what was last",
    ),
    "a unit taken out of the history": Planted(
        run("DELETE FROM setting_history WHERE id = 'S-012'"), {"settings"}, "unit S-012 is not what was last"
    ),
    "a history that cannot be read": Planted(
        run("UPDATE setting_history SET body = '{' WHERE id = 'CN|2025'"), {"settings"}, "year CN|2025 is not"
    ),
    "nobody who may run the house": Planted(
        run("UPDATE appointment SET until = '2026-11-01' WHERE role IN ('administrator', 'head')"),
        {"administered", "settings"},
        "nobody is appointed as administrator or head",
    ),
    "an index taken away": Planted(run("DROP INDEX ix_case_file_due"), {"schema"}, "ix_case_file_due is missing"),
}  # fmt: skip


def test_a_sound_store_is_told_sound(town: Town) -> None:
    for quick in (False, True):
        answer = examined(town, quick=quick)
        assert broken(answer) == set()
        assert answer["quick"] == quick
        assert answer["looked"]["cases"] == 2


def test_each_fault_is_found_by_its_check_with_its_repair(town: Town) -> None:
    wrong = []
    for name, planted in BOTH.items():
        answer = examined(town, planted.fault)
        found = [one for one in answer["checks"] if one["id"] in planted.broken]
        texts = [f["text"] for one in found for f in one["found"]]
        mended = all(one["repair"] and one["count"] for one in found)
        told = any(planted.told in text for text in texts) or not planted.told
        if broken(answer) != planted.broken or not mended or not told:
            wrong.append((name, broken(answer), texts))
    assert wrong == [], wrong
    assert broken(examined(town)) == set()


@pytest.mark.parametrize(
    ("sql", "missing"),
    [
        ("DROP TABLE seal", "seal.root"),
        ("ALTER TABLE milestone RENAME last_at TO at_last", "milestone.last_at"),
    ],
)
def test_a_store_that_is_not_whole_is_told_and_nothing_breaks(town: Town, sql: str, missing: str) -> None:
    answer = examined(town, run(sql))
    told = {one["id"]: one for one in answer["checks"]}
    assert missing in " ".join(f["text"] for f in told["schema"]["found"])
    assert told["histories"]["found"][0]["text"] == "cannot be looked at while the check schema does not hold"
    assert told["histories"]["repair"] == told["schema"]["repair"]
    assert told["version"]["ok"]
    with pytest.raises(Unavailable) as raised:
        town.engine.store.write(
            lambda unit: [do(unit, sql), audit.verify(unit, town.as_("adm"))], dry_run=True
        )
    assert raised.value.code == "FM-S013"


def test_it_speaks_both_languages(town: Town) -> None:
    planted = BOTH["an answer that cannot be read"]
    told = next(one for one in examined(town, planted.fault, lang="zh")["checks"] if one["id"] == "keys")
    assert "无法读取" in told["found"][0]["text"]
    assert told["repair"].startswith("以此键重试")


def test_nothing_is_changed(town: Town) -> None:
    before = dump(town.engine.store)
    town.ask(doctor.examine, "adm")
    assert dump(town.engine.store) == before


def test_a_worker_that_does_not_run_is_found(town: Town) -> None:
    town.pass_(days=3)
    answer = examined(town)
    assert broken(answer) == {"worker"}
    told = next(one for one in answer["checks"] if one["id"] == "worker")
    assert "2 cases have marks due since 2026-11-2" in told["found"][0]["text"]
    assert "looked at 2026-11-23T00:00:00Z" in told["found"][0]["text"]
    assert told["repair"].startswith("keep one running: folkmoot worker")
    town.do(worker.sweep, "system")
    assert broken(examined(town)) == set()


def test_acts_without_a_seal_are_told_after_an_hour(town: Town) -> None:
    town.do(acting.note, "dsp-01", ref=town.ask(acting_list, "adm"), text="later")
    assert broken(examined(town)) == set()
    town.now += timedelta(minutes=61)
    answer = examined(town)
    assert "sealing" in broken(answer)
    town.do(worker.sweep, "system")
    town.do(seal.make, "system")
    assert broken(examined(town)) == set()


def acting_list(unit: Unit, caller: Caller) -> str:
    ref: str = tamper.cell(unit, "case_file", "ref", "id = 1")
    return ref


def test_a_clock_that_went_back_is_found(town: Town) -> None:
    town.now -= timedelta(hours=1)
    answer = examined(town)
    assert broken(answer) == {"clock"}
    told = next(one for one in answer["checks"] if one["id"] == "clock")
    assert "recorded after now (2026-11-22T23:00:00Z)" in told["found"][0]["text"]


def test_a_large_store_is_sampled(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 1)
    monkeypatch.setattr(verification, "PAGE", 1)
    monkeypatch.setattr(verification, "PAGES", 2)
    monkeypatch.setattr(verification, "SEALS", 2)
    town = Town(store, people=False)
    bring(town)
    while town.do(seal.make, "system", limit=2)["more"]:
        pass
    whole, some = examined(town), examined(town, quick=True)
    assert (whole["looked"]["cases"], some["looked"]["cases"]) == (4, 2)
    assert some["looked"]["seals"] == 2 < whole["looked"]["seals"]
    assert broken(some) == broken(whole) == set()
    assert broken(examined(town, run("DELETE FROM seal WHERE n = 3"), quick=True)) == {"seals"}


# ---- on one database only --------------------------------------------------------------------------------


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def test_a_file_that_others_can_write_and_a_full_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(str(file)) as store:
        town = Town(store)
        file.chmod(0o666)
        answer = examined(town)
        assert broken(answer) == {"owned"}
        told = next(one for one in answer["checks"] if one["id"] == "owned")
        assert told["repair"] == f"chmod 600 {file}"
        file.chmod(0o600)
        free = shutil.disk_usage(file.parent)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: free._replace(free=5_000_000))
        answer = examined(town)
        assert broken(answer) == {"room"}
        assert "5 MB are free" in next(o for o in answer["checks"] if o["id"] == "room")["found"][0]["text"]


def test_a_reference_that_leads_to_nothing(file: Path) -> None:
    with Store.open(str(file)) as store:
        town = Town(store)
        raw = sqlite3.connect(file)
        raw.execute("DELETE FROM unit WHERE code = 'S-012'")
        raw.commit()
        raw.close()
        answer = examined(town)
        assert broken(answer) == {"pages", "settings"}
        assert (
            "leads to nothing in unit"
            in next(o for o in answer["checks"] if o["id"] == "pages")["found"][0]["text"]
        )


def test_garbage_in_any_column_stops_no_check(file: Path) -> None:
    with Store.open(str(file)) as store:
        town = Town(store)
        ref = town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall")[
            "ref"
        ]
        town.do(acting.note, "dsp-01", ref=ref, text="came by", key="k-1")
        store.write(lambda unit: waiting_approval(unit, 1, PAST))
        town.do(worker.sweep, "system")
        town.do(seal.make, "system")
        town.pass_(days=3)
        for table in (
            "counter",
            "command_key",
            "approval",
            "calendar_year",
            "definition",
            "case_file",
            "seal",
        ):
            for column in tamper.columns_of(table):
                for value in ("CAST(X'ff00fe' AS TEXT)", "'nonsense'", "X'00'", "-9.5"):
                    if (table, column) == ("case_file", "id"):
                        continue  # the only column that SQLite keeps clean
                    try:
                        answer = examined(town, run(f"UPDATE OR REPLACE {table} SET {column} = {value}"))
                    except sqlite3.IntegrityError:
                        continue
                    json.dumps(answer)


def test_pages_that_cannot_be_read(file: Path) -> None:
    with Store.open(str(file)) as store:
        town = Town(store)
        for _ in range(20):
            town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall")
    with closing(sqlite3.connect(file)) as raw:
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()[0]
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as pages_:
        pages_.seek((root - 1) * size)
        pages_.write(b"\xff" * size)
    with Store.open(str(file)) as store:
        answer = doctor_of(store)
        told = {one["id"]: one for one in answer["checks"]}
        assert not told["pages"]["ok"]
        assert "restore" in told["pages"]["repair"]
        assert (
            told["histories"]["found"][0]["text"] == "cannot be looked at while the check pages does not hold"
        )
        assert told["version"]["ok"]


def doctor_of(store: Store) -> Answer:
    caller = Caller("adm", datetime(2026, 11, 23, tzinfo=UTC))
    return store.read(lambda unit: doctor.examine(unit, caller))


def test_events_that_came_from_another_server(postgresql_url: str) -> None:
    with Store.open(postgresql_url) as store:
        town = Town(store)
        town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall")
        ahead = (3 << 32) + 17
        answer = examined(town, run("UPDATE event SET txid = ?::text::xid8", str(ahead)))
        told = next(one for one in answer["checks"] if one["id"] == "order")
        assert f"transaction {ahead}" in told["found"][0]["text"]
        assert "pg_resetwal --epoch=4" in told["repair"]


def test_a_server_that_does_not_write_to_its_disk(postgresql_url: str) -> None:
    with Store.open(postgresql_url) as store:
        answer = examined(Town(store, people=False))
        told = next(one for one in answer["checks"] if one["id"] == "durable")
        assert "fsync = off" in told["found"][0]["text"]
        assert told["repair"].startswith("ALTER SYSTEM SET fsync = on")


def test_every_check_has_its_words() -> None:
    words = catalogue()
    for check in doctor.CHECKS:
        assert f"word.doctor_{check.id}" in words
        assert f"word.doctor_{check.id}_repair" in words


def test_a_server_that_is_too_old_is_told_when_it_is_opened() -> None:
    check_server(140_000)
    with pytest.raises(Unavailable) as raised:
        check_server(130_014)
    assert (raised.value.code, raised.value.first.params["has"]) == ("FM-S012", 13)
