# ruff: noqa: S608 - the texts are our own
"""The audit against everything that somebody with the database in hand can do: found and located, or said to be out of reach."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, audit, filing, importing, seal, worker
from engine.service.audit.finding import CODES
from tests.support import tamper
from tests.support.register import bring
from tests.support.town import Town
from tests.support.walk import PLACE

Answer = dict[str, Any]
Tamper = Callable[[Unit], None]
SET = {"risk": "yellow", "category": "neigh"}
CLEAR = {"prior_reports": 0} | dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)


@pytest.fixture
def town(store: Store) -> Town:
    """Three cases with marks of clocks, all sealed; ids 1 to 3. Seals of seven acts each."""
    town = Town(store)
    for _ in range(3):
        ref = town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall")[
            "ref"
        ]
        town.do(acting.note, "dsp-01", ref=ref, text="came by")
        town.do(acting.do_act, "dsp-01", ref=ref, act="screen", set=SET, records={"screening_form": [CLEAR]})
    town.pass_(days=2)
    town.do(worker.sweep, "system")
    town.do(acting.note, "dsp-01", ref=ref, text="again")
    seal_all(town)
    return town


def seal_all(town: Town) -> None:
    while town.do(seal.make, "system", limit=7)["more"]:
        pass


def audited(town: Town, way: Tamper = lambda unit: None, **given: Any) -> Answer:
    """What the audit says after it was done; then it is undone."""

    def look(unit: Unit) -> Answer:
        way(unit)
        return audit.verify(unit, town.as_("adm"), **given)

    return town.engine.store.write(look, dry_run=True)


def refs(town: Town) -> dict[int, str]:
    return town.engine.store.read(lambda unit: dict(rows(unit, "SELECT id, ref FROM case_file")))


def kinds(answer: Answer) -> set[str]:
    assert answer["holds"] == (answer["breaks"] == [])
    assert answer["breaks_count"] == len(answer["breaks"])
    return {one["kind"] for one in answer["breaks"]}


# ---- nothing was done ----------------------------------------------------------------------------


def test_a_store_that_nobody_touched_holds(town: Town) -> None:
    answer = audited(town)
    assert (answer["holds"], answer["breaks"], answer["first"]) == (True, [], None)
    counted = town.ask(audit.size, "adm")
    assert {name: answer["checked"][name] for name in counted} == counted
    assert answer["sealed"]["events"] == counted["events"]
    assert answer["trust"] == {"unsealed": 0, "since": None, "after_anchor": None}


# ---- what is found by chains, rows and seals -------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """``do``; the kinds that are told, all of them; where: the first break that matters, (kind, case, seq)."""

    name: str
    do: Tamper
    kinds: set[str]
    where: tuple[str, int | None, int | None]


def on(table: str, where: str, **cells: Any) -> Tamper:
    def change(unit: Unit) -> None:
        for column, value in cells.items():
            tamper.do(unit, f"UPDATE {table} SET {column} = ? WHERE {where}", value)

    return change


def drop(table: str, where: str) -> Tamper:
    return lambda unit: tamper.do(unit, f"DELETE FROM {table} WHERE {where}")


def edited(unit: Unit) -> None:
    tamper.edit_body(unit, 2, 2, actor="dsp-02")


def edited_and_hashed_anew(unit: Unit) -> None:
    tamper.edit_body(unit, 2, 2, note="never came")
    tamper.rechain(unit, 2)


def swapped(unit: Unit) -> None:
    one, two = (
        rows(unit, f"SELECT hash, body FROM event WHERE case_id = 2 AND seq = {n}")[0] for n in (2, 3)
    )
    for seq, (digest, body) in ((2, two), (3, one)):
        tamper.do(
            unit, "UPDATE event SET hash = ?, body = ? WHERE case_id = 2 AND seq = ?", digest, body, seq
        )


def cut_and_rewound(unit: Unit) -> None:
    """The last act of the third case taken out, and the case with it set back to what it was."""
    last = tamper.cell(unit, "case_file", "version", "id = 3")
    tamper.do(unit, "DELETE FROM event WHERE case_id = 3 AND seq = ?", last)
    tamper.rechain(unit, 3)


def removed(unit: Unit) -> None:
    tamper.remove_case(unit, 2)


def forged_among_the_sealed(unit: Unit) -> None:
    tamper.forge(unit, 1, position=-5)


def moved_behind_the_seals(unit: Unit) -> None:
    if unit.dialect == "sqlite":
        tamper.do(unit, "UPDATE event SET rowid = 10000 WHERE case_id = 2 AND seq = 2")
    else:
        tamper.do(unit, "UPDATE event SET txid = pg_current_xact_id() WHERE case_id = 2 AND seq = 2")


def body_of(case_id: int, old: str, new: str) -> Tamper:
    return lambda unit: tamper.edit(
        unit, "case_file", "body", f"id = {case_id}", lambda text: text.replace(old, new, 1)
    )


def bytes_of(table: str, column: str, where: str) -> Tamper:
    return lambda unit: tamper.edit(unit, table, column, where, lambda raw: bytes([raw[0] ^ 1]) + raw[1:])


WAYS = [
    Way("a body edited", edited, {"altered", "columns"}, ("altered", 2, 2)),
    Way("a body edited, its history hashed anew", edited_and_hashed_anew, {"rewritten"}, ("rewritten", 2, 2)),
    Way("a hash edited", bytes_of("event", "hash", "case_id = 1 AND seq = 2"), {"altered", "rewritten"}, ("altered", 1, 2)),
    Way("a history led where no state is", lambda unit: tamper.lead_nowhere(unit, 2, 3), {"rewritten", "state"}, ("state", 2, None)),
    Way("two acts in each other's place", swapped, {"altered", "columns", "rewritten"}, ("altered", 2, 2)),
    Way("an act in the middle taken out", drop("event", "case_id = 2 AND seq = 2"), {"missing", "cut", "columns"} - {"columns"}, ("missing", 2, 2)),
    Way("a column of an act edited", on("event", "case_id = 1 AND seq = 2", actor="aux-07"), {"columns"}, ("columns", 1, 2)),
    Way("the last act cut, the case set back", cut_and_rewound, {"cut", "row"} - {"row"}, ("cut", 3, None)),
    Way("a whole case taken out", removed, {"removed", "number"}, ("removed", 2, None)),
    Way("only the case's row taken out", drop("case_file", "id = 2"), {"orphan", "number"}, ("orphan", 2, None)),
    Way("the case set back, its acts left", on("case_file", "id = 2", version=1), {"head"}, ("head", 2, None)),
    Way("an act put among the sealed ones", forged_among_the_sealed, {"inserted"}, ("inserted", 1, None)),
    Way("an act put behind the seals", moved_behind_the_seals, {"reordered"}, ("reordered", 2, 2)),
    Way("a case's body edited", body_of(2, "a wall", "a well"), {"body"}, ("body", 2, None)),
    Way("a case's place edited", on("case_file", "id = 2", place="230199000299"), {"row"}, ("row", 2, None)),
    Way("a deadline edited", on("clock_run", "case_id = 2", verdict="met"), {"mirror"}, ("mirror", 2, None)),
    Way("the row of a clock taken out", drop("clock_run", "case_id = 2"), {"mirror"}, ("mirror", 2, None)),
    Way("a milestone taken out", drop("milestone", "case_id = 2"), {"mirror"}, ("mirror", 2, None)),
    Way("a link put in", lambda unit: tamper.do(unit, "INSERT INTO case_link (case_id, kind, ref, at) SELECT id, 'merged_into', '26-00001-1', filed_at FROM case_file WHERE id = 2"), {"mirror"}, ("mirror", 2, None)),
    Way("a holder put in", lambda unit: tamper.do(unit, "INSERT INTO seat_holder (case_id, seat, person, since, accepted) SELECT 2, 'mediator', 'med-12', filed_at, ? FROM case_file WHERE id = 2", True), {"mirror"}, ("mirror", 2, None)),
    Way("a row of no case", lambda unit: tamper.do(unit, "INSERT INTO milestone (case_id, name, first_at, last_at) SELECT 77, 'x', filed_at, filed_at FROM case_file WHERE id = 2"), {"orphan"}, ("orphan", 77, None)),
    Way("a seal taken out", drop("seal", "n = 2"), {"seal_gone"}, ("seal_gone", None, 2)),
    Way("a seal's root edited", bytes_of("seal", "root", "n = 1"), {"seal"}, ("seal", None, 1)),
    Way("a seal's leaves edited", bytes_of("seal", "leaves", "n = 1"), {"seal", "inserted", "removed"}, ("seal", None, 1)),
    Way("a seal's count edited", on("seal", "n = 1", count=3), {"seal"}, ("seal", None, 1)),
    Way("a seal's end edited", on("seal", "n = 1", position=3), {"seal_place"}, ("seal_place", None, 1)),
    Way("a definition edited", lambda unit: tamper.edit(unit, "definition", "body", "case_type = 'dispute_mediation'", lambda text: text.replace("30 cd", "90 cd", 1)), {"definition"}, ("definition", None, None)),
    Way("a definition taken out", drop("definition", "case_type = 'dispute_mediation'"), {"definition"}, ("definition", 1, None)),
    Way("routing tables edited", lambda unit: tamper.edit(unit, "routing_table", "source", "case_type = 'dispute_mediation'", lambda text: text.replace("weight: 4", "weight: 1", 1)), {"routing"}, ("routing", None, None)),
    Way("the vocabulary edited", on("definition", "case_type = '@vocabulary'", body="{}"), {"definition"}, ("definition", None, None)),
]  # fmt: skip


def test_whatever_is_changed_in_sealed_history_is_found_and_located(town: Town) -> None:
    names = refs(town)
    wrong = []
    for way in WAYS:
        answer = audited(town, way.do)
        kind, case_id, seq = way.where
        there = [
            one
            for one in answer["breaks"]
            if one["kind"] == kind and case_id in (None, one["case_id"]) and seq in (None, one["seq"])
        ]
        suspected = {one["ref"] for one in answer["breaks"] if one["kind"] != "definition"} - {None}
        innocent = suspected - {names.get(case_id or 0)} if case_id else set()
        told = there and there[0]["code"] == CODES[kind] and there[0]["text"]
        if kinds(answer) != way.kinds or not told or innocent:
            wrong.append((way.name, answer["breaks"]))
    assert wrong == [], wrong
    assert audited(town)["holds"]  # each was undone


def test_a_history_that_makes_no_case_is_told_without_a_word_of_the_program(town: Town) -> None:
    def way(unit: Unit) -> None:
        where = "case_id = 2 AND seq = 1"
        tamper.edit(unit, "event", "body", where, lambda text: text.replace('"links":[]', '"links":[5]', 1))
        tamper.rechain(unit, 2)

    answer = audited(town, way)
    (unread,) = (one for one in answer["breaks"] if one["kind"] == "unreadable")
    assert (unread["case_id"], unread["what"]) == (2, None)
    assert not any("Error" in str(value) for value in unread.values())


# ---- what only an anchor finds ---------------------------------------------------------------------


def anchored(town: Town) -> str:
    line: str = town.ask(audit.anchor, "adm")["anchor"]
    return line


def removed_and_sealed_anew(unit: Unit) -> None:
    """The last case taken out with its number, and every seal made again over what is left."""
    tamper.remove_case(unit, 3)
    tamper.do(unit, "UPDATE counter SET value = 2 WHERE name = 'serial-2026'")
    tamper.reseal(unit)


def edited_and_sealed_anew(unit: Unit) -> None:
    edited_and_hashed_anew(unit)
    tamper.reseal(unit)


def cut_and_sealed_anew(unit: Unit) -> None:
    cut_and_rewound(unit)
    tamper.reseal(unit)


@pytest.mark.parametrize("way", [removed_and_sealed_anew, edited_and_sealed_anew, cut_and_sealed_anew])
def test_when_all_seals_were_made_anew_only_an_anchor_tells(town: Town, way: Tamper) -> None:
    line = anchored(town)
    alone = audited(town, way)
    assert kinds(alone) <= {"row", "mirror"}  # traces in columns, if whoever did it was not careful
    assert alone["trust"]["after_anchor"] is None
    held = audited(town, way, anchor=[line])
    assert "anchor" in kinds(held) or "anchor_gone" in kinds(held)
    assert held["anchors"][0]["holds"] is False
    assert audited(town, anchor=[line])["anchors"][0]["holds"] is True


def test_a_case_that_went_with_its_seals_leaves_a_hole_in_the_numbers(town: Town) -> None:
    def way(unit: Unit) -> None:
        tamper.remove_case(unit, 2)
        tamper.reseal(unit)

    answer = audited(town, way)
    assert [(one["kind"], one["ref"]) for one in answer["breaks"]] == [("number", refs(town)[2])]


def test_two_anchors_tell_between_which_of_them_it_was_done(town: Town) -> None:
    first = anchored(town)
    town.do(acting.note, "dsp-01", ref=refs(town)[1], text="later")
    seal_all(town)
    second = anchored(town)
    seals = int(first.split(":")[0])

    def way(unit: Unit) -> None:
        last = tamper.cell(unit, "case_file", "version", "id = 1")
        tamper.edit_body(unit, 1, last, note="never")
        tamper.rechain(unit, 1)
        tamper.do(unit, "DELETE FROM seal WHERE n > ?", seals)
        while seal.make(unit, tamper.LATER, limit=7)["more"]:
            pass

    answer = audited(
        town, way, anchor=["\n".join(["# kept on paper", first, second.lower().replace("-", " ")])]
    )
    assert [(one["n"], one["holds"]) for one in answer["anchors"]] == [(seals, True), (seals + 1, False)]
    assert [(one["kind"], one["seq"], one["what"]) for one in answer["breaks"]] == [
        ("anchor", seals + 1, str(seals))
    ]
    assert audited(town, anchor=[first])["trust"] == {"unsealed": 0, "since": None, "after_anchor": 1}


def test_seals_cut_from_the_end_are_on_trust_until_an_anchor_is_held_against_them(town: Town) -> None:
    line = anchored(town)
    last = int(line.split(":")[0])
    alone = audited(town, drop("seal", f"n = {last}"))
    assert (alone["holds"], alone["trust"]["unsealed"] > 0) == (True, True)
    held = audited(town, drop("seal", f"n = {last}"), anchor=[line])
    assert [(one["kind"], one["seq"]) for one in held["breaks"]] == [("anchor_gone", last)]


# ---- what is out of reach, and said to be -----------------------------------------------------------


def test_what_is_newer_than_the_last_seal_rests_on_trust_and_is_counted(town: Town) -> None:
    """Somebody puts an act behind everything else, as the engine would have: nothing can tell it from a true one."""
    answer = audited(town, lambda unit: tamper.forge(unit, 1))
    assert answer["holds"]
    assert answer["trust"]["unsealed"] == 1


def test_answers_kept_under_keys_are_no_evidence(town: Town) -> None:
    """A key's answer is a convenience for whoever repeats a command: what was done stands in the history."""
    town.do(acting.note, "dsp-01", ref=refs(town)[1], text="again", key="k-1")
    seal_all(town)
    way = on("command_key", "key = 'k-1'", answer='{"case": {"ref": "26-99999-9"}}')
    assert audited(town, way)["holds"]


def test_organisation_and_approvals_are_not_covered(town: Town) -> None:
    assert audited(town, on("person", "code = 'dsp-01'", name="somebody else"))["holds"]


# ---- what was taken out lawfully ---------------------------------------------------------------------


@pytest.fixture
def register(store: Store) -> Town:
    """A batch of four cases, sealed."""
    town = Town(store, people=False)
    bring(town)
    seal_all(town)
    return town


def test_a_batch_that_was_withdrawn_is_told_and_no_damage(register: Town) -> None:
    line = anchored(register)
    assert audited(register, anchor=[line])["holds"]
    register.do(importing.withdraw, "adm", batch="B-1", reason="the wrong year")
    before = audited(register, anchor=[line])
    assert (before["holds"], before["trust"]["unsealed"]) == (True, 1)  # that it was withdrawn
    seal_all(register)
    answer = audited(register, anchor=[line])
    assert (answer["holds"], answer["trust"]["unsealed"]) == (True, 0)
    assert answer["withdrawn"] == [{"batch": "B-1", "cases": 4, "by": "adm", "at": "2026-11-23T00:00:00Z"}]
    bring(register)  # and rows come in again under places of their own
    seal_all(register)
    assert audited(register, anchor=[line])["holds"]


def test_what_the_store_says_of_itself_cannot_be_changed_either(register: Town) -> None:
    register.do(importing.withdraw, "adm", batch="B-1")
    seal_all(register)

    def other_hand(unit: Unit) -> None:
        tamper.edit(
            unit, "event", "body", "case_id = 0 AND seq = 1", lambda text: text.replace('"adm"', '"dsp-01"')
        )

    answer = audited(register, other_hand)
    first = answer["breaks"][0]
    assert (first["kind"], first["case_id"], first["seq"]) == ("altered", 0, 1)
    assert answer["first"]["text"].startswith("the store's own history")
    gone = audited(register, drop("event", "case_id = 0"))
    assert kinds(gone) == {"removed"}
    assert {one["case_id"] for one in gone["breaks"] if one["kind"] == "removed"} == {0, 1, 2, 3, 4}


def test_a_batch_taken_out_by_hand_is_damage(register: Town) -> None:
    def way(unit: Unit) -> None:
        for case_id in (1, 2, 3, 4):
            tamper.remove_case(unit, case_id)
        tamper.do(unit, "UPDATE import_batch SET status = 'withdrawn'")

    assert "removed" in kinds(audited(register, way))


# ---- garbage -------------------------------------------------------------------------------------------

TEXTS = [
    "",
    "x",
    "null",
    "[]",
    "7",
    "{}",
    '{"changes":[{"do":"fly"}]}',
    '{"changes":{}}',
    "[" * 5000,
    "{" * 9,
]


def test_no_garbage_stops_an_audit(town: Town) -> None:
    for text in TEXTS:
        for way in (on("event", "case_id = 2 AND seq = 1", body=text), on("case_file", "id = 2", body=text)):
            answer = audited(town, way)
            assert not answer["holds"]
            assert {one["case_id"] for one in answer["breaks"]} == {2}
            json.dumps(answer)
        assert not audited(town, on("definition", "case_type = 'dispute_mediation'", body=text))["holds"]


def test_sqlite_holds_anything_in_any_column_and_it_is_told(sqlite_url: str) -> None:
    """Numbers for texts, texts for numbers and hashes, and bytes that are no text at all."""
    with Store.open(sqlite_url) as store:
        town = Town(store)
        for _ in range(2):
            ref = town.do(
                filing.file_case, "dsp-01", case_type="service_request", place=PLACE, what="a lamp"
            )["ref"]
            town.do(acting.note, "dsp-01", ref=ref, text="came by")
        seal_all(town)
        places = {
            "event": "case_id = 1 AND seq = 2",
            "case_file": "id = 1",
            "clock_run": "case_id = 1",
            "seal": "n = 1",
        }
        silent = []
        for table, where in places.items():
            for column in tamper.columns_of(table):
                for value in ("CAST(X'ff00fe' AS TEXT)", "'nonsense'", "X'00'", "3.5", "-9"):
                    if (table, column) == ("case_file", "id") and value != "-9":
                        continue  # the only column that SQLite keeps clean
                    way = f"UPDATE {table} SET {column} = {value} WHERE {where}"
                    try:
                        answer = audited(town, lambda unit, sql=way: tamper.do(unit, sql))
                    except sqlite3.IntegrityError:  # SQLite itself refuses a second row of this key
                        continue
                    json.dumps(answer)
                    if answer["holds"]:
                        silent.append(way)
        assert silent == []


# ---- one case alone --------------------------------------------------------------------------------------


def test_one_case_is_verified_with_its_leaves_and_not_the_others(town: Town) -> None:
    names = refs(town)
    assert audited(town, ref=names[2])["checked"]["cases"] == 1
    assert kinds(audited(town, edited_and_hashed_anew, ref=names[2])) == {"rewritten"}
    assert audited(town, edited_and_hashed_anew, ref=names[1])["holds"]
    assert kinds(audited(town, cut_and_rewound, ref=names[3])) == {"cut"}
    assert audited(town, ref=names[2].replace("-", ""))["holds"]
