"""The station behind its HTTP door: a store with some work in it, and a client for each person.

Everything that the examples of the HTTP document name stands here: three disputes and a request for a yes, a batch
of an old register, a workflow that waits to be put in force.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.persistence.store import Store
from engine.service import acting, clock, filing, seat, token
from tests.support.town import Town

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 9 in the morning
REPORTED, ASKED, MEDIATED = "26-00001-0", "26-00002-9", "26-00003-2"
FORM = dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)
PARTIES = ({"role": "claimant", "name": "party A"}, {"role": "respondent", "name": "party B"})


def furnish(town: Town) -> None:
    """The cases that the examples work on."""
    for _ in range(3):
        _file(town)
    for ref in (ASKED, MEDIATED):
        _until_asked(town, ref)
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "dsp-01", ref=MEDIATED, kind="consent", items=yes, done_by="aux-07")
    town.do(
        clock.extend, "dsp-01", ref=MEDIATED, clock="mediation_limit", reason="the appraisal is out",
        set={"longer_agreed": True}, ask=True,
    )  # fmt: skip


def _file(town: Town) -> None:
    town.do(
        filing.file_case,
        "dsp-01",
        case_type="dispute_mediation",
        place="230199000201",
        what="wall on the boundary",
        parties=PARTIES,
    )


def _until_asked(town: Town, ref: str) -> None:
    town.do(
        acting.do_act,
        "dsp-01",
        ref=ref,
        act="screen",
        records={"screening_form": [{**FORM, "prior_reports": 0}]},
        set={"risk": "yellow", "category": "neigh"},
    )
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")


class Office:
    """``client`` speaks to the app; ``as_("aux-07")`` gives the headers of a person."""

    def __init__(self, town: Town, client: TestClient) -> None:
        self.town, self.engine, self.client = town, town.engine, client
        self._tokens: dict[str, str] = {}

    def move(self, url: str) -> None:
        """Over to another store, at the same hour."""
        self.engine.close()
        self.engine.store = Store.open(url, threads=2)
        self.town.now = NOW
        self._tokens.clear()

    def as_(self, person: str, **more: str) -> dict[str, str]:
        if person not in self._tokens:
            caller = self.engine.caller(person="adm-01")
            self._tokens[person] = self.engine.call(token.create_token, caller, person=person)["token"]
        return {"Authorization": f"Bearer {self._tokens[person]}", **more}

    def get(self, path: str, by: str = "dsp-01", **more: Any) -> Any:
        return self.client.get(path, headers=self.as_(by, **more.pop("headers", {})), **more)

    def send(self, method: str, path: str, by: str = "dsp-01", **more: Any) -> Any:
        return self.client.request(method, path, headers=self.as_(by, **more.pop("headers", {})), **more)

    def post(self, path: str, json: Any = None, by: str = "dsp-01", **more: Any) -> Any:
        return self.send("POST", path, by, json=json, **more)

    def refused(self, answer: Any, status: int, code: str) -> dict[str, Any]:
        """The problem document of an answer, which has this status and code."""
        told: dict[str, Any] = answer.json()
        assert (answer.status_code, told["code"]) == (status, code), told
        assert answer.headers["content-type"] == "application/problem+json"
        return told


def open_office(url: str, *, furnished: bool) -> Iterator[Office]:
    town = Town(Store.open(url, threads=2), now=NOW, seeded=furnished)
    if not furnished:
        furnish(town)
    with TestClient(create_app(town.engine)) as client:
        yield Office(town, client)
    town.engine.close()


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the cases, made once and then copied."""
    path = tmp_path_factory.mktemp("office") / "office.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        furnish(Town(store, now=NOW))
    return path


@pytest.fixture(scope="session")
def _office(furnished: Path) -> Iterator[Office]:
    """One application for all tests; the store below it changes."""
    yield from open_office(f"sqlite:///{furnished}", furnished=True)


@pytest.fixture
def office(_office: Office, furnished: Path, tmp_path: Path) -> Office:
    """The office with its cases, on a SQLite file of its own."""
    path = tmp_path / "office.db"
    shutil.copy(furnished, path)
    _office.move(f"sqlite:///{path}")
    return _office


@pytest.fixture
def office_on_postgresql(postgresql_url: str) -> Iterator[Office]:
    """The same on PostgreSQL."""
    yield from open_office(postgresql_url, furnished=False)
