"""The station behind the HTTP door, in this process: `web.get("/v1/me", by="dsp-01")`."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import ServeSettings
from engine.persistence.store import Store
from engine.service import token
from tests.support.town import Town

HEAD = "chf-01"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
FILING = {"type": "dispute_mediation", "place": "示例一村", "what": "wall on the boundary"}
SCREENED = {
    "set": {"risk": "yellow", "category": "neigh"},
    "records": {
        "screening_form": [
            dict.fromkeys(
                ["violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"],
                False,
            )
            | {"prior_reports": 0}
        ]
    },
}  # fmt: skip


class Web:
    """``town`` holds the clock. Every person has a token that is made when it is first needed."""

    def __init__(self, store: Store, settings: ServeSettings | None = None, *, seeded: bool = False) -> None:
        self.town = Town(store, seeded=seeded)
        self.app = create_app(self.town.engine, settings=settings)
        self._tokens: dict[str, str] = {}
        self._client = TestClient(self.app)
        self._client.__enter__()

    def close(self) -> None:
        self._client.__exit__()

    def token(self, person: str, **more: Any) -> str:
        made: str = self.town.do(token.create_token, HEAD, person=person, **more)["token"]
        return made

    def __call__(
        self,
        method: str,
        path: str,
        *,
        by: str | None = "dsp-01",
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> httpx2.Response:
        given = dict(headers or {})
        if by is not None:
            if by not in self._tokens:
                self._tokens[by] = self.token(by)
            given.setdefault("Authorization", f"Bearer {self._tokens[by]}")
        return self._client.request(method, path, headers=given, **sent)

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self("GET", path, **more)

    def post(self, path: str, sent: Any = None, **more: Any) -> httpx2.Response:
        return self("POST", path, json=sent, **more)

    def file(self, what: str = "wall on the boundary", **more: Any) -> str:
        answer = self.post("/v1/cases", FILING | {"what": what} | more)
        assert answer.status_code == 201, answer.text
        ref: str = answer.json()["ref"]
        return ref

    def act(self, ref: str, trigger: str, sent: Any = None, **more: Any) -> httpx2.Response:
        return self.post(f"/v1/cases/{ref}/triggers/{trigger}", {} if sent is None else sent, **more)

    def at(self, now: datetime) -> None:
        self.town.now = now


@pytest.fixture(scope="session")
def seeded_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The station's store, made once and copied for each test."""
    path = tmp_path_factory.mktemp("web") / "web.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        Town(store)
    return path


@pytest.fixture(scope="module")
def _one_web(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    path = tmp_path_factory.mktemp("web") / "web.db"
    shutil.copy(seeded_file, path)
    with Store.open(f"sqlite:///{path}", threads=1) as store:
        made = Web(store, seeded=True)
        yield made
        made.close()


@pytest.fixture
def web(_one_web: Web) -> Web:
    """Over a SQLite file and its writer, the same for all tests of a module: each files its own cases."""
    _one_web.at(MONDAY)
    return _one_web


@pytest.fixture
def both_webs(database_url: str) -> Iterator[Web]:
    """Over both databases, one after the other."""
    with Store.open(database_url, threads=2) as store:
        made = Web(store)
        yield made
        made.close()


def problem(answer: httpx2.Response, status: int, code: str) -> Any:
    """The document, which has all that a problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["code"] == code
    assert document["type"] == f"/problems/{code}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert code in [reason["code"] for reason in document["reasons"]]
    assert all(reason["text"] and reason["kind"] for reason in document["reasons"])
    assert isinstance(document["way_out"], list)
    return document
