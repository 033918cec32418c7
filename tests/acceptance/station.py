"""The station of the scenarios: a store with the shipped law, the tests' own definition and the invented staff."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from engine.bootstrap import Engine, open_engine
from engine.definitions.load import load
from engine.service import organisation
from engine.service.seed import Shipped, seed
from engine.settings import Settings
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

DATA = Path(__file__).parents[1] / "data"
ADMINISTRATOR = "adm-01"
OPENED = datetime(2023, 1, 2, tzinfo=UTC)  # before any scenario begins

# what people call them -> code; the roles stand in tests/data/org/station.yaml
STAFF: Mapping[str, str] = {
    "Ding": "dsp-01",
    "Duan": "dsp-02",
    "Wang": "aux-07",
    "Wu": "aux-08",
    "Ou": "off-05",
    "Ouyang": "off-06",
    "Chen": "chf-01",
    "Cao": "cnt-01",
    "Du": "dir-02",
    "Ma": "med-12",
    "Meng": "med-13",
    "Pilar": "bar-01",
    "Selya": "bar-02",
    "Luz": "lup-01",
    "Lando": "lup-02",
    "Lina": "lup-03",
    "Luis": "lup-04",
}
PARTIES: Mapping[str, str] = {"Asha": "P1", "Bram": "P2", "Cleo": "P3"}


def build(database_url: str) -> None:
    """A new store in force from before the first scenario."""
    with open_engine(Settings(database_url=database_url), clock=lambda: OPENED, create=True) as engine:
        caller = engine.caller(person=None)
        engine.call(
            seed,
            caller,
            definitions=[*shipped.texts(), _tests_own()],
            tables=shipped.tables(),
            vocabulary=shipped.vocabulary(),
            calendars=[load_calendar(name) for name in calendar_ids()],
        )
        _take(engine, "station.yaml", (DATA / "org" / "station.yaml").read_bytes())


def _tests_own() -> Shipped:
    path = DATA / "workflows" / "second_mediation" / "workflow.yaml"
    loaded = load(path)
    assert loaded.definition is not None, loaded.findings
    return Shipped(loaded.definition, path.read_text("utf-8"))


def _take(engine: Engine, name: str, content: bytes) -> None:
    told = engine.call(
        organisation.import_organisation, engine.caller(person=ADMINISTRATOR), files={name: content}
    )
    assert not told.get("rejected"), told


def arrange(database_url: str, now: datetime, **sheets: list[dict[str, Any]]) -> None:
    """What happened among the staff before the scenario: appointments, leave."""
    content = yaml.safe_dump(sheets, allow_unicode=True).encode()
    with open_engine(Settings(database_url=database_url), clock=lambda: now) as engine:
        _take(engine, "change.yaml", content)


def appoint(database_url: str, now: datetime, person: str, role: str, unit: str, since: date) -> None:
    row = {"person": person, "role": role, "unit": unit, "since": since.isoformat()}
    arrange(database_url, now, appointments=[row])


def dismiss(database_url: str, now: datetime, person: str, role: str, unit: str, until: date) -> None:
    row = {"person": person, "role": role, "unit": unit, "until": until.isoformat()}
    arrange(database_url, now, appointments=[row])


def limit(database_url: str, now: datetime, person: str, role: str, unit: str, capacity: int) -> None:
    row = {"person": person, "role": role, "unit": unit, "capacity": capacity}
    arrange(database_url, now, appointments=[row])


def relate(database_url: str, now: datetime, person: str, other: str, kind: str) -> None:
    arrange(database_url, now, relations=[{"person": person, "other": other, "kind": kind}])


def send_away(
    database_url: str, now: datetime, person: str, since: date, until: date, substitute: str | None = None
) -> None:
    row = {"person": person, "since": since.isoformat(), "until": until.isoformat(), "reason": "leave"}
    row |= {"substitute": substitute} if substitute else {}
    arrange(database_url, now, absences=[row])
