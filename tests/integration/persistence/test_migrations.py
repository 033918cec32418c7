"""Migrations: the models say what they make, older stores come along, nothing is half migrated."""

import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from engine.domain.errors import Conflict, NotFound, Unavailable
from engine.persistence import address, case_store, schema
from engine.persistence.schema import SHIPPED, Plan
from engine.persistence.store import Store
from tests.support import stored_case as sample

LAST = SHIPPED.needs
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{before:04}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("added_{nth}", sa.String(), nullable=False, server_default="-"))
    {then}
"""


@pytest.fixture
def later(tmp_path: Path) -> Plan:
    """What a later program might bring: two good revisions and one that fails half way."""
    folder = tmp_path / "later"
    folder.mkdir()
    for number, then in ((1, "pass"), (2, "pass"), (3, 'op.execute("UPDATE nothing SET x = 1")')):
        made = REVISION.format(nth=number, number=LAST + number, before=LAST + number - 1, then=then)
        (folder / f"{LAST + number:04}_later.py").write_text(made)
    return Plan(LAST + 2, (*SHIPPED.folders, folder))


def engine_of(url: str) -> Any:
    if url.startswith("sqlite"):
        return create_engine("sqlite://", creator=lambda: sqlite3.connect(address.parse(url).file))
    return create_engine(url)


@pytest.fixture
def own_url(request: pytest.FixtureRequest, database_url: str) -> Any:
    """The address of a migrated store that the test may change as it likes."""
    if database_url.startswith("sqlite"):
        yield database_url
        return
    server = request.getfixturevalue("postgresql_server")
    url = server.database("own")
    schema.migrate(address.parse(url))
    yield url
    server.drop("own")


class TestShipped:
    def test_models_say_what_migrations_make(self, database_url: str) -> None:
        engine = engine_of(database_url)
        config = schema.configuration()
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.check(config)
        engine.dispose()

    def test_the_number_needed_is_the_last_revision(self) -> None:
        script = ScriptDirectory.from_config(schema.configuration())
        assert script.get_current_head() == f"{SHIPPED.needs:04}"

    def test_revisions_name_no_type_of_another_package(self) -> None:
        folder = Path(schema.__file__).parent / "migrations" / "versions"
        for file in folder.glob("*.py"):
            lines = file.read_text().splitlines()
            imports = [line for line in lines if line.startswith(("import", "from"))]
            foreign = [
                line for line in imports if line.split()[1].split(".")[0] not in sys.stdlib_module_names
            ]
            assert foreign == ["import sqlalchemy as sa", "from alembic import op"], file.name


class TestEveryReleasedSchema:
    @pytest.mark.parametrize("number", range(SHIPPED.needs + 1))
    def test_becomes_the_present_one(
        self, request: pytest.FixtureRequest, tmp_path: Path, number: int
    ) -> None:
        """0 is an empty database."""
        server = request.getfixturevalue("postgresql_server")
        (tmp_path / "old.db").touch()
        urls = [f"sqlite:///{tmp_path / 'old.db'}", server.database("old")]
        for url in urls:
            place = address.parse(url)
            if number:
                schema.migrate(place, plan=replace(SHIPPED, needs=number))
            assert schema.status(place).has == (number or None)
            schema.upgrade(place, now=sample.START)
            with Store.open(url) as store:
                assert store.write(sample.file_case) == 1
            engine = engine_of(url)
            config = schema.configuration()
            with engine.connect() as connection:
                config.attributes["connection"] = connection
                command.check(config)
            engine.dispose()
        server.drop("old")


class TestUpgrade:
    def test_data_come_along_and_a_copy_is_kept(self, own_url: str, later: Plan) -> None:
        with Store.open(own_url) as store:
            case_id = store.write(sample.file_case)
        place = address.parse(own_url)
        kept = schema.upgrade(place, now=sample.START, plan=later)
        assert schema.status(place, plan=later) == schema.Status(LAST + 2, LAST + 2)
        if place.dialect == "sqlite":
            assert kept == place.file.parent / "backups" / "store-20261124-0021.db"
            with Store.open(str(kept)) as copy:
                assert copy.read(lambda unit: case_store.find_case_by_id(unit, case_id)) is not None
        else:
            assert kept is None
        engine = engine_of(own_url)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT ref FROM case_file")).scalars().all() == ["26-00001"]
            assert connection.execute(text("SELECT added_1, added_2 FROM person")).all() == []
        engine.dispose()

    def test_nothing_to_do_keeps_no_copy(self, own_url: str) -> None:
        place = address.parse(own_url)
        assert schema.upgrade(place, now=sample.START) is None
        assert place.dialect != "sqlite" or not (place.file.parent / "backups").exists()

    def test_a_revision_that_fails_leaves_the_schema_as_it_was(self, own_url: str, later: Plan) -> None:
        with Store.open(own_url) as store:
            store.write(sample.file_case)
        place = address.parse(own_url)
        with pytest.raises(Exception, match="nothing"):
            schema.upgrade(place, now=sample.START, plan=replace(later, needs=LAST + 3))
        assert schema.status(place).current
        with Store.open(own_url) as store:
            assert store.read(lambda unit: case_store.find_case(unit, "26-00001")) is not None
        engine = engine_of(own_url)
        with engine.connect() as connection, pytest.raises(Exception, match="added_1"):
            connection.execute(text("SELECT added_1 FROM person"))
        engine.dispose()

    def test_programs_and_stores_of_other_times_are_told_apart(self, own_url: str, later: Plan) -> None:
        place = address.parse(own_url)
        schema.upgrade(place, now=sample.START, plan=later)
        with pytest.raises(Unavailable) as newer:
            Store.open(own_url)
        assert newer.value.code == "FM-S003"
        assert newer.value.first.params == {"has": LAST + 2, "needs": LAST}
        with pytest.raises(Unavailable) as refused:
            schema.upgrade(place, now=sample.START)
        assert refused.value.code == "FM-S003"
        connection = schema.connect(place)
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.close()
        with pytest.raises(Unavailable) as older:
            Store.open(own_url)
        assert older.value.code == "FM-S002"


class TestFiles:
    def test_opening_never_makes_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound) as missing:
            Store.open(str(tmp_path / "none.db"))
        assert missing.value.code == "FM-N003"
        assert list(tmp_path.iterdir()) == []

    def test_making_one_leaves_an_old_one_alone(self, sqlite_url: str) -> None:
        before = address.parse(sqlite_url).file.read_bytes()
        with pytest.raises(Conflict) as refused:
            Store.open(sqlite_url, create=True)
        assert refused.value.code == "FM-C021"
        assert address.parse(sqlite_url).file.read_bytes() == before

    def test_a_new_one_is_its_owners_alone(self, tmp_path: Path) -> None:
        with Store.open(str(tmp_path / "new.db"), create=True) as store:
            assert store.write(sample.file_case) == 1
        assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600

    def test_no_folder_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound) as missing:
            Store.open(str(tmp_path / "none" / "new.db"), create=True)
        assert missing.value.code == "FM-N004"

    @pytest.mark.parametrize("content", [b"", b"this is a letter, not a database" * 40])
    def test_what_is_no_store_is_told(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "letter.db"
        path.write_bytes(content)
        with pytest.raises((Unavailable, NotFound)) as told:
            Store.open(str(path))
        assert told.value.code == ("FM-S009" if content else "FM-S014")
        assert path.read_bytes() == content

    def test_another_programs_database_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "other.db"
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE bird (name TEXT)")
        with pytest.raises(Unavailable) as told:
            Store.open(str(path))
        assert told.value.code == "FM-S009"
