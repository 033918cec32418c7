"""A store of an earlier schema is brought along with its histories, sealed, and looked at by the doctor."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.persistence import address, schema
from engine.persistence.schema import SHIPPED, Plan
from engine.persistence.store import Store
from engine.service import acting, audit, filing
from engine.service import store as care
from tests.support.town import Town
from tests.support.walk import PLACE

BEFORE_SEALS = 2
NOW = datetime(2026, 11, 23, 0, 1, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store as it was before there were seals, with two cases."""
    new, made = tmp_path / "new.db", tmp_path / "old.db"
    with Store.open(f"sqlite:///{new}", create=True) as store:
        town = Town(store)
        for _ in range(2):
            ref = town.do(
                filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall"
            )["ref"]
            town.do(acting.note, "dsp-01", ref=ref, text="came by")
    made.touch()
    schema.migrate(address.parse(str(made)), plan=Plan(BEFORE_SEALS, SHIPPED.folders))
    with closing(sqlite3.connect(made)) as raw:
        raw.execute("ATTACH ? AS new", (str(new),))
        for (table,) in raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if table == "alembic_version":
                continue
            names = ", ".join(f'"{row[1]}"' for row in raw.execute(f"PRAGMA main.table_info({table})"))
            raw.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")  # noqa: S608
        raw.commit()
    return made


def upgrade(path: Path) -> dict[str, Any]:
    return care.upgrade(str(path), now=NOW, seed=lambda unit, active: {"definitions": []})


def test_what_had_no_seal_has_one_and_the_doctor_has_looked(old: Path) -> None:
    answer = upgrade(old)
    assert answer["before"] == BEFORE_SEALS
    checked = answer["doctor"]
    assert (checked["broken"], checked["held"]) == ([], checked["checks"])
    with Store.open(str(old)) as store:
        told = Town(store, people=False).ask(audit.verify, "adm")
    assert (told["holds"], told["trust"]["unsealed"]) == (True, 0)
    assert told["sealed"]["events"] == told["checked"]["events"] > 0
    assert upgrade(old)["doctor"] is None  # nothing was to do


def test_damage_that_came_along_is_told(old: Path) -> None:
    with closing(sqlite3.connect(old)) as raw:
        raw.execute("UPDATE case_file SET place = 'elsewhere' WHERE id = 1")
        raw.commit()
    assert upgrade(old)["doctor"]["broken"] == ["cases"]
