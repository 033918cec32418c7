"""An upgrade takes calendars and units that are there as what they were from the start: figures answer as before."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from engine.persistence import address, schema, setting_history
from engine.persistence.as_known import as_known
from engine.persistence.schema import SHIPPED
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample

AT = {"sqlite": "2025-11-04 02:30:00.000000", "postgresql": "2025-11-04 02:30:00+00"}
PUBLISHED = datetime(2025, 11, 4, 2, 30, tzinfo=UTC)
EVER = datetime(1970, 1, 1, tzinfo=UTC)
HEAD = {"id": "CN", "zone": "Asia/Shanghai", "weekend": ["sat", "sun"], "office": ["08:30-17:30"]}
YEAR = {"source": "a notice", "days_off": ["2026-01-01"], "make_up_days": [], "published": True}


@pytest.fixture
def before(request: pytest.FixtureRequest) -> int:
    return int(getattr(request, "param", 9))


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, before: int, tmp_path: Path) -> Any:
    """The address of a store of the schema before."""
    if request.param == "sqlite":
        (tmp_path / "old.db").touch()
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgresql_server").database("old")
    schema.migrate(address.parse(url), plan=schema.Plan(before, SHIPPED.folders))
    yield url
    if request.param == "postgresql":
        request.getfixturevalue("postgresql_server").drop("old")


def test_what_is_there_was_so_from_the_start(old: str) -> None:
    engine = create_engine(old)
    with engine.begin() as connection:
        _fill(connection)
    engine.dispose()
    schema.upgrade(address.parse(old), now=sample.START)
    with Store.open(old) as store:
        rows = store.read(lambda unit: list(setting_history.read(unit)))
        assert [(kind, id_, at) for kind, id_, at, _ in rows] == [
            ("calendar", "CN", EVER),
            ("year", "CN|2026", PUBLISHED),
            ("closure", "CN|S-1|2026-03-03", EVER),
            ("unit", "C-1", EVER),
            ("unit", "S-1", EVER),
            ("place", "P-1", EVER),
            ("area", "S-1|all|P-1|", EVER),
            ("appointment", "off-1|officer|S-1|2020-01-01", EVER),
            ("absence", "off-1|2026-03-02", EVER),
        ]
        assert [json.loads(body or "null") for *_, body in rows] == [
            {"id": "CN", "body": HEAD},
            {"calendar": "CN", "year": 2026, "body": YEAR},
            {"calendar": "CN", "unit": "S-1", "day": "2026-03-03", "reason": "market"},
            {"code": "C-1", "name": "县局", "level": "county", "parent": None, "desk": True, "volunteers": 0,
             "since": None, "until": None},
            {"code": "S-1", "name": "所", "level": "station", "parent": "C-1", "desk": False, "volunteers": 3,
             "since": "2020-01-01", "until": None},
            {"code": "P-1", "name": "村", "kind": "village", "parent": "T-1", "became": None, "since": None, "until": None},
            {"unit": "S-1", "place": "P-1", "function": "all", "since": None, "until": None},
            {"person": "off-1", "role": "officer", "unit": "S-1", "since": "2020-01-01", "until": None},
            {"person": "off-1", "since": "2026-03-02", "until": "2026-03-04"},
        ]  # fmt: skip
        assert store.read(setting_history.unlike) == []
        assert store.read(lambda unit: told(unit, PUBLISHED)) == (["C-1", "S-1"], "closure", True)
        assert store.read(lambda unit: told(unit, EVER)) == (["C-1", "S-1"], "closure", False)


@pytest.mark.parametrize("before", [10], indirect=True)
def test_where_a_place_lies_joins_the_names_it_had(old: str) -> None:
    """The schema before kept names alone; one of a place that is gone is kept too."""
    engine = create_engine(old)
    with engine.begin() as connection:
        _fill(connection)
        for body in (
            {"code": "P-1", "name": "旧村"},
            {"code": "P-1", "name": "村"},
            {"code": "P-9", "name": "-"},
        ):
            connection.execute(
                text(
                    "INSERT INTO setting_history (kind, id, recorded_at, body) VALUES ('place', :id, :at, :body)"
                ),
                {"id": body["code"], "at": AT[connection.dialect.name], "body": json.dumps(body)},
            )
    engine.dispose()
    schema.upgrade(address.parse(old), now=sample.START)
    with Store.open(old) as store:
        kept = store.read(lambda unit: list(setting_history.read(unit)))
        told_of = [json.loads(body or "null") for kind, _, _, body in kept if kind == "place"]
        assert [(one["name"], one["kind"], one["parent"]) for one in told_of] == [
            ("旧村", "village", "T-1"), ("村", "village", "T-1"), ("-", "", None),
        ]  # fmt: skip
        known = store.read(lambda unit: as_known(unit, EVER))
        assert [one.person for one in known.appointments()] == ["off-1"]


def told(unit: Unit, at: datetime) -> tuple[list[str], str, bool]:
    known = as_known(unit, at)
    calendar = known.calendar("CN", "S-1")
    return known.below("C-1"), calendar.why(date(2026, 3, 3)), calendar.is_published(2026)


def _fill(connection: Any) -> None:
    def put(sql: str, **values: Any) -> None:
        connection.execute(text(sql), values)

    put("INSERT INTO calendar (id, body) VALUES ('CN', :body)", body=json.dumps(HEAD))
    put(
        "INSERT INTO calendar_year (calendar, year, body, hash, source, published_at)"
        " VALUES ('CN', 2026, :body, 'h', 'a notice', :at)",
        body=json.dumps(YEAR),
        at=AT[connection.dialect.name],
    )
    put("INSERT INTO closure (calendar, unit, day, reason) VALUES ('CN', 'S-1', '2026-03-03', 'market')")
    unit = (
        "INSERT INTO unit (code, name, level, parent, desk, volunteers, since)"
        " VALUES (:code, :name, :level, :parent, :desk, :volunteers, :since)"
    )
    put(unit, code="C-1", name="县局", level="county", parent=None, desk=True, volunteers=0, since=None)
    put(
        unit,
        code="S-1",
        name="所",
        level="station",
        parent="C-1",
        desk=False,
        volunteers=3,
        since="2020-01-01",
    )
    put("INSERT INTO place (code, name, kind, parent) VALUES ('P-1', '村', 'village', 'T-1')")
    put("INSERT INTO service_area (unit, function, place) VALUES ('S-1', 'all', 'P-1')")
    put("INSERT INTO person (code, name, phone) VALUES ('off-1', '', '')")
    put(
        "INSERT INTO appointment (person, role, unit, basis, since) VALUES ('off-1', 'officer', 'S-1', '', '2020-01-01')"
    )
    put("INSERT INTO absence (person, since, until, reason) VALUES ('off-1', '2026-03-02', '2026-03-04', '')")
