"""Statements on the driver's connection: types come back as they went, on both databases."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest
from sqlalchemy import (
    ClauseElement,
    Column,
    Integer,
    MetaData,
    Table,
    bindparam,
    insert,
    select,
    text,
    update,
)

from engine.domain.errors import UsageError
from engine.persistence import table
from engine.persistence.compiler import dialect_of
from engine.persistence.statement import Statement, Upsert, statement
from engine.persistence.store import Store
from engine.persistence.unit import Unit

appointment, person, unit_table, event = (
    table.columns_of(model) for model in (table.Appointment, table.Person, table.Unit, table.Event)
)
place = table.columns_of(table.Place)


class Named(NamedTuple):
    code: str
    languages: list[str] | None


@statement(Named._make)
def person_by_code(*, code: str) -> ClauseElement:
    return select(person.c.code, person.c.languages).where(person.c.code == code)


def add_person(unit: Unit, code: str, **more: Any) -> None:
    unit.execute(insert(person).values(code=code, name="李", phone="", **more))


class TestTypes:
    def test_json_dates_booleans_and_nothing(self, store: Store) -> None:
        def write(unit: Unit) -> None:
            unit.execute(
                insert(unit_table).values(code="S-012", name="所", level="station", desk=True, volunteers=0)
            )
            add_person(unit, "off-05", languages=["zh", "hlj"], since=date(2026, 1, 31))
            unit.execute(insert(appointment).values(person="off-05", role="head", unit="S-012", basis=""))

        store.write(write)
        assert store.read(lambda unit: unit.run(person_by_code, code="off-05")) == [
            Named("off-05", ["zh", "hlj"])
        ]
        [found] = store.read(lambda unit: unit.execute(select(person)))
        assert (found["since"], found["until"], found["languages"]) == (
            date(2026, 1, 31),
            None,
            ["zh", "hlj"],
        )
        [desk] = store.read(lambda unit: unit.execute(select(unit_table.c.desk, unit_table.c.hours)))
        assert desk == {"desk": True, "hours": None}
        [row] = store.read(lambda unit: unit.execute(select(appointment)))
        assert (row["id"], row["skills"], row["capacity"]) == (1, None, None)

    def test_instants_are_utc_whatever_went_in(self, store: Store) -> None:
        noon = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))

        def write(unit: Unit) -> None:
            unit.execute(
                insert(event).values(
                    case_id=1, seq=1, act="x", actor="x", at=noon, recorded_at=noon, hash=b"\0\xff", body="{}"
                )
            )

        store.write(write)
        [row] = store.read(lambda unit: unit.execute(select(event.c.at, event.c.hash)))
        assert row == {"at": noon.astimezone(UTC), "hash": b"\0\xff"}
        assert row["at"].tzinfo is UTC or row["at"].utcoffset() == timedelta()

    def test_a_naive_instant_is_a_bug(self, store: Store) -> None:
        at = datetime(2026, 11, 24)  # noqa: DTZ001 - that is the point
        with pytest.raises(ValueError, match=r"timezone|naive"):
            store.read(lambda unit: unit.execute(select(event).where(event.c.at == at)))


class TestForms:
    def test_lists_of_values(self, store: Store) -> None:
        store.write(lambda unit: [add_person(unit, code) for code in ("a", "b", "c")])

        def read(unit: Unit) -> list[str]:
            rows = unit.execute(
                select(person.c.code).where(person.c.code.in_(["a", "c", "x"])).order_by(person.c.code)
            )
            return [row["code"] for row in rows]

        assert store.read(read) == ["a", "c"]
        assert store.read(lambda u: u.execute(select(person).where(person.c.code.in_([])))) == []

    def test_a_list_in_a_statement_compiled_once_is_a_bug(self) -> None:
        made: Statement[..., Any] = Statement(
            lambda codes: select(person).where(person.c.code.in_(codes)), ["codes"], tuple
        )
        with pytest.raises(TypeError, match="lists"):
            made.on("sqlite")

    def test_a_default_on_the_python_side_is_a_bug(self) -> None:
        other = Table("other", MetaData(), Column("a", Integer), Column("b", Integer, default=1))
        made: Statement[..., Any] = Statement(lambda a: insert(other).values(a=a), ["a"], tuple)
        with pytest.raises(TypeError, match="defaults"):
            made.on("sqlite")

    def test_many_rows(self, store: Store) -> None:
        rows = [{"code": f"p{n}", "name": "村", "kind": "village", "parent": None} for n in range(300)]
        store.write(lambda unit: unit.execute_many(insert(place), rows))
        store.write(lambda unit: unit.execute_many(insert(place), []))
        assert len(store.read(lambda unit: unit.execute(select(place)))) == 300

    def test_insert_or_change(self, store: Store) -> None:
        def put(unit: Unit, name: str, *, change: bool) -> None:
            values = {"code": "p1", "name": name, "kind": "village"}
            unit.execute(
                Upsert(
                    place, values, key=("code",), change=(lambda new: {"name": new.name}) if change else None
                )
            )

        def name(unit: Unit) -> str:
            return str(unit.execute(select(place.c.name))[0]["name"])

        for given, change, expected in (("a", True, "a"), ("b", True, "b"), ("c", False, "b")):
            store.write(lambda unit, given=given, change=change: put(unit, given, change=change))
            assert store.read(name) == expected

    def test_rows_touched(self, store: Store) -> None:
        store.write(lambda unit: [add_person(unit, code) for code in ("a", "b")])
        rename: Statement[..., Any] = Statement(
            lambda name: update(person).values(name=name), ["name"], tuple
        )
        assert store.write(lambda unit: unit.change(rename, name="王")) == 2

    def test_a_percent_sign_is_a_percent_sign(self, store: Store) -> None:
        store.write(lambda unit: add_person(unit, "100%s"))
        found = store.read(
            lambda unit: unit.execute(select(person.c.code).where(person.c.code.like("%0\\%%", escape="\\")))
        )
        assert found == [{"code": "100%s"}]

    def test_text_with_its_values(self, store: Store) -> None:
        store.write(lambda unit: add_person(unit, "a"))
        query = text("SELECT code FROM person WHERE code = :code").bindparams(bindparam("code", "a"))
        assert store.read(lambda unit: unit.execute(query.columns(person.c.code))) == [{"code": "a"}]

    def test_nul_in_a_question_finds_nothing_or_is_refused(self, store: Store) -> None:
        if store.dialect == "sqlite":
            assert store.read(lambda unit: unit.run(person_by_code, code="a\0b")) == []
        else:
            with pytest.raises(UsageError):
                store.read(lambda unit: unit.run(person_by_code, code="a\0b"))


def test_both_dialects_are_the_drivers_own() -> None:
    assert dialect_of("sqlite").driver == "pysqlite"
    assert dialect_of("postgresql").driver == "psycopg"


def test_work_on_a_file_imports_neither_postgresql_nor_migrations(sqlite_url: str) -> None:
    program = (
        "import sys\n"
        "from engine.persistence.store import Store\n"
        "from tests.support import stored_case as sample\n"
        f"Store.open({sqlite_url!r}).write(sample.file_case)\n"
        "print([m for m in sys.modules if m.startswith(('psycopg', 'alembic', 'sqlalchemy.dialects.postgresql'))])\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
