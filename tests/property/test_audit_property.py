"""Random work is clean to an audit, and damage to any column that it vouches for is found."""
# ruff: noqa: S608 - the texts are our own

import shutil
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import FolkmootError, NotFound
from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, audit, doctor, filing, law, query, seal, worker
from tests.support import tamper
from tests.support.filling import Filling
from tests.support.town import Town
from tests.support.walk import PLACE, Chooser, staff
from tests.support.whole import state_of
from workflows.shipped import CASE_TYPES

# what an audit vouches for, every cell of it; `batch` says only whether a case was imported
VOUCHED = {
    "event": tamper.columns_of("event"),
    "case_file": [c for c in tamper.columns_of("case_file") if c != "batch"],
    "clock_run": tamper.columns_of("clock_run"),
    "seat_holder": tamper.columns_of("seat_holder"),
    "case_link": tamper.columns_of("case_link"),
    "milestone": tamper.columns_of("milestone"),
    "seal": tamper.columns_of("seal"),
    "definition": ["hash", "body"],
}
CELLS = [(table, column) for table, columns in VOUCHED.items() for column in columns]
STEPS = 60


def work(town: Town, seed: int) -> None:
    """Cases of all types led on at random by people and clocks, sealed now and then."""
    random, done, refs = Random(seed), dict[str, int](), list[str]()
    for case_type in [*CASE_TYPES, *CASE_TYPES]:
        filed = town.do(filing.file_case, "dsp-01", case_type=case_type, place=PLACE, what="a wall")
        refs.append(filed["ref"])
    for _ in range(STEPS):
        town.pass_(hours=random.choice([0, 1, 5, 30]))
        what = random.random()
        if what < 0.15:
            town.do(worker.sweep, "system")
        elif what < 0.25:
            town.do(seal.make, "system", limit=random.choice([1, 5, 1000]))
        else:
            act(town, random.choice(refs), random, done)
    town.do(worker.sweep, "system")


def act(town: Town, ref: str, random: Random, done: dict[str, int]) -> None:
    """Anything that somebody may do to a case as it stands, filled in as asked; else a remark."""
    state = state_of(town.engine.store, ref)
    program = town.engine.store.read(lambda unit: law.program(unit, state["definition"]))
    chooser = Chooser(program, staff(), done, eager=0.9)
    name = chooser.act(state, random)
    done[name] = done.get(name, 0) + 1
    for actor in random.sample(chooser.actors(state), 3):
        typist = actor if actor in staff() else "dsp-01"
        try:
            item = town.ask(query.next_acts, typist, ref=ref, act=name)["items"][0]
            filling = Filling(
                program, state, town.now, people=staff(), random=random, cases=(ref,), calm=True
            )
            town.do(
                acting.do_act, typist, ref=ref, act=name, **filling.inputs(name, item["input"], actor=actor)
            )
        except FolkmootError:
            continue
        return
    with suppress(NotFound):  # it may be about him
        town.do(acting.note, "dsp-01", ref=ref, text="a remark")


def damaged(value: Any, random: Random) -> Any:
    """The same kind of value, one byte of it another."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + random.randrange(10_000, 20_000)  # beyond any key that is taken
    if isinstance(value, bytes):
        at = random.randrange(len(value))
        return value[:at] + bytes([value[at] ^ (1 << random.randrange(8))]) + value[at + 1 :]
    if isinstance(value, str):
        if not value:
            return "x"
        at = random.randrange(len(value))
        return value[:at] + ("X" if value[at] != "X" else "Y") + value[at + 1 :]
    return value


def damage(unit: Unit, table: str, column: str, random: Random) -> bool:
    """Changes one cell that holds something; whether there was one."""
    keys = [c.name for c in tamper.METADATA.tables[table].primary_key]
    names = ", ".join([*keys, column])
    held = rows(unit, f"SELECT {names} FROM {table} WHERE {column} IS NOT NULL ORDER BY {', '.join(keys)}")
    if not held:
        return False
    *key, value = random.choice(held)
    if isinstance(value, date):
        changed: Any = value + timedelta(days=1)
    else:
        changed = damaged(value, random)
    where = " AND ".join(f"{name} = ?" for name in keys)
    tamper.do(unit, f"UPDATE {table} SET {column} = ? WHERE {where}", changed, *key)
    return True


def test_random_work_holds_and_any_damage_is_found(store: Store) -> None:
    town = Town(store)
    work(town, 7)
    clean = town.ask(audit.verify, "adm")
    assert clean["breaks"] == []
    assert clean["checked"]["events"] > STEPS / 2
    assert clean["sealed"]["events"] > 0
    checked = town.ask(doctor.examine, "adm")["checks"]
    assert [one for one in checked if not one["ok"] and one["id"] not in ("durable", "sealing")] == []
    town.do(seal.make, "system", limit=100_000)
    tried = set()

    @settings(max_examples=max(100, settings().max_examples))
    @given(cell=st.sampled_from(CELLS), seed=st.integers(0, 2**32))
    def try_it(cell: tuple[str, str], seed: int) -> None:
        def look(unit: Unit) -> bool:
            there = damage(unit, *cell, Random(seed))
            return not there or not audit.verify(unit, town.as_("adm"))["holds"]

        tried.add(cell)
        assert store.write(look, dry_run=True), cell

    try_it()
    assert len(tried) > len(CELLS) / 3


@settings(max_examples=max(3, settings().max_examples // 20))
@given(seed=st.integers(0, 2**32))
def test_whatever_people_and_clocks_do_it_holds(
    sqlite_template: Any, tmp_path_factory: Any, seed: int
) -> None:
    path = tmp_path_factory.mktemp("audit") / "store.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        town = Town(store)
        work(town, seed)
        answer = town.ask(audit.verify, "adm")
        assert answer["breaks"] == []
