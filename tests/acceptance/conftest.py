"""Every scenario goes through each door, on a store of its own, and all doors must write the same history."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest

from engine.service import chance
from tests.acceptance import lookup, station
from tests.acceptance.cli_driver import CliDriver
from tests.acceptance.driver import Driver
from tests.acceptance.http_driver import HttpDriver
from tests.acceptance.live_driver import LiveDriver, LiveServer
from tests.acceptance.moment import ZONE
from tests.acceptance.service_driver import ServiceDriver
from tests.acceptance.station import STAFF
from tests.acceptance.steps.approval import *
from tests.acceptance.steps.batch import *
from tests.acceptance.steps.closing import *
from tests.acceptance.steps.clue import *
from tests.acceptance.steps.correction import *
from tests.acceptance.steps.desk import *
from tests.acceptance.steps.dispute import *
from tests.acceptance.steps.education import *
from tests.acceptance.steps.ending import *
from tests.acceptance.steps.fairness import *
from tests.acceptance.steps.figures import *
from tests.acceptance.steps.information import *
from tests.acceptance.steps.intake import *
from tests.acceptance.steps.joined import *
from tests.acceptance.steps.late import *
from tests.acceptance.steps.lupon import *
from tests.acceptance.steps.many import *
from tests.acceptance.steps.mediator import *
from tests.acceptance.steps.performance import *
from tests.acceptance.steps.police import *
from tests.acceptance.steps.privacy import *
from tests.acceptance.steps.reassign import *
from tests.acceptance.steps.refusal import *
from tests.acceptance.steps.road import *
from tests.acceptance.steps.routing import *
from tests.acceptance.steps.safety import *
from tests.acceptance.steps.service import *
from tests.acceptance.steps.service_duty import *
from tests.acceptance.steps.service_outcome import *
from tests.acceptance.steps.staff import *
from tests.acceptance.steps.standing import *
from tests.acceptance.steps.table import *
from tests.acceptance.steps.telling import *
from tests.acceptance.steps.time import *
from tests.acceptance.steps.trail import *
from tests.acceptance.steps.unforeseen import *
from tests.acceptance.steps.work import *
from tests.acceptance.steps.writing import *
from tests.acceptance.steps.zh import *
from tests.acceptance.story import ARRANGEMENTS, Story

DOORS: dict[str, type[ServiceDriver] | type[CliDriver] | type[HttpDriver]] = {
    "service": ServiceDriver,
    "cli": CliDriver,
    "http": HttpDriver,
}
LIVE = "live"
START = datetime(2024, 1, 2, 9, 0, tzinfo=ZONE)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The station, built once and copied for each scenario."""
    path = tmp_path_factory.mktemp("station") / "station.db"
    station.build(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(built: Path, tmp_path: Path) -> str:
    return _copy(built, tmp_path / "case.db")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "live: a scenario that a server process plays too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every scenario goes through every door; those with the tag also over a socket."""
    if "driver" in metafunc.fixturenames:
        live = [LIVE] if metafunc.definition.get_closest_marker(LIVE) else []
        metafunc.parametrize("driver", [*DOORS, *live], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _lookup() -> Iterator[None]:
    scenario = import_module("pytest_bdd.scenario")  # the package has a function of the same name
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            scenario, "find_fixturedefs_for_step", lookup.once(scenario.find_fixturedefs_for_step)
        )
        yield


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    server = LiveServer()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _one_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every door has to write the same history: what is drawn, each draws from the same seed."""
    monkeypatch.setattr(chance, "seed", lambda: "0" * 32)


@pytest.fixture(autouse=True)
def driver(request: pytest.FixtureRequest, database_url: str) -> Iterator[Driver]:
    door: str = request.param
    if door == LIVE:
        opened: Driver = LiveDriver(database_url, START, request.getfixturevalue("live_server"))
    else:
        opened = DOORS[door](database_url, START)
    yield opened
    opened.close()


@pytest.fixture
def story(driver: Driver, database_url: str, built: Path, tmp_path: Path) -> Iterator[Story]:
    told = Story(driver, database_url)
    yield told
    if not isinstance(driver, ServiceDriver):
        _same_history(told, _copy(built, tmp_path / "again.db"))


def _copy(path: Path, to: Path) -> str:
    shutil.copy(path, to)
    return f"sqlite:///{to}"


def _same_history(told: Story, database_url: str) -> None:
    """What was typed or sent, done again by the service functions, gives the same events to the last byte.

    Whose name stands in an event was asserted at the keyboard and proved by a token over HTTP.
    """
    identity = "token" if isinstance(told.driver, HttpDriver) else "asserted"
    again = ServiceDriver(database_url, START, identity)
    for now, means, given, named in told.journal:
        again.now = now
        if means in ARRANGEMENTS:
            ARRANGEMENTS[means](database_url, now, *given)
        else:
            getattr(again, means)(*given, **named)
    for ref in dict.fromkeys([told.ref, told.other]):
        if ref:
            looker = STAFF[told.looker]
            first, second = told.driver.history(ref, by=looker), again.history(ref, by=looker)
            assert [e["hash"] for e in first["items"]] == [e["hash"] for e in second["items"]]
    again.close()
