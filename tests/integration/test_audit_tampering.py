# ruff: noqa: S608 - the texts are our own
"""The audit against everything that somebody with the database in hand can do: found and located, or said to be out of reach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, audit, filing, seal, worker
from engine.service.audit.finding import CODES
from tests.support import tamper
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
