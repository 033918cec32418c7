"""The sandbox: a sample county to try programs on, and deadlines of weeks within a minute."""

import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.route.sandbox import furnish
from api.sandbox import open_sandbox
from engine.bootstrap import Engine
from engine.domain.errors import UsageError
from engine.persistence.store import Store
from tests.support.aftermath import check_store
from tests.support.commandline import PROGRAM, Shell

CLOCK = "/v1/sandbox/clock"


class Play:
    """A program under test: ``client`` speaks as the dispatcher."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page: dict[str, Any] = client.get("/sandbox").json()
        self.tokens = {person["role"]: person["token"] for person in self.page["people"]}

    def get(self, path: str) -> Any:
        answer = self.client.get(path, headers=self._as("dispatcher"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, sent: Any, by: str = "dispatcher", **headers: str) -> httpx2.Response:
        return self.client.post(path, json=sent, headers={**self._as(by), **headers})

    def move(self, **sent: str) -> Any:
        answer = self.post(CLOCK, sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def now(self) -> datetime:
        return datetime.fromisoformat(self.get(CLOCK)["now"])

    def file(self) -> str:
        sent = {"type": "dispute_mediation", "place": self.page["place"], "what": "wall on the boundary"}
        ref: str = self.post("/v1/cases", sent).json()["ref"]
        return ref

    def _as(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    said: list[str] = []
    sandbox = open_sandbox(say=said.append, days=3)
    assert said
    app = create_app(sandbox.engine)
    furnish(app, sandbox)
    with TestClient(app) as client:
        yield Play(client)
    sandbox.close()
    assert not sandbox.path.exists()


def test_everybody_of_a_station_is_there_and_is_who_the_token_says(play: Play) -> None:
    assert {"dispatcher", "officer", "mediator", "director", "head"} <= set(play.tokens)
    for person in play.page["people"]:
        me = play.client.get("/v1/me", headers={"Authorization": f"Bearer {person['token']}"}).json()
        assert (me["person"], me["identity"]) == (person["person"], "token")
        assert person["role"] in [a["role"].removesuffix("_post") for a in me["appointments"]]
    assert play.get("/v1/cases?limit=1")["count"] >= play.page["cases"] > 0


def test_who_comes_without_a_token_is_told_where_they_stand(play: Play) -> None:
    told = play.client.get("/v1/me")
    assert (told.status_code, told.json()["code"]) == (401, "FM-A003")
    assert "GET /sandbox" in told.json()["detail"]


def test_time_stands_still_until_it_is_moved(play: Play) -> None:
    before = play.now()
    ref = play.file()
    assert play.now() == before
    assert datetime.fromisoformat(play.get(f"/v1/cases/{ref}")["filed_at"]) == before
    moved = play.move(advance="90 min")
    assert play.now() == before + timedelta(minutes=90)
    assert (moved["since"], moved["now"]) == (
        before.isoformat().replace("+00:00", "Z"),
        (before + timedelta(minutes=90)).isoformat().replace("+00:00", "Z"),
    )


def test_a_deadline_of_days_passes_at_once_and_acts_in_its_own_moment(play: Play) -> None:
    ref = play.file()
    runs = {run["name"]: run for run in play.get(f"/v1/cases/{ref}/clocks")["items"]}
    triage = runs["triage"]
    moved = play.move(advance="3 wd")

    assert moved["fired"] >= 2
    mine = {item["act"]: item for item in moved["items"] if item["ref"] == ref}
    assert mine["triage:due"]["occurred_at"] == triage["due_at"]
    assert mine["triage:due"]["recorded_at"] == triage["due_at"]
    after = {run["name"]: run for run in play.get(f"/v1/cases/{ref}/clocks")["items"]}
    assert after["triage"]["late"] is True
    assert [i["recorded_at"] for i in moved["items"]] == sorted(i["recorded_at"] for i in moved["items"])
    assert play.move(to=moved["now"])["fired"] == 0


def test_a_length_of_time_ends_where_a_clock_of_that_length_would(play: Play) -> None:
    for length in ("3 wd", "5 cd", "8 wh"):
        wanted = play.post("/v1/clock-previews", {"duration": length}).json()["due_at"]
        assert play.move(advance=length)["now"] == wanted


def test_a_moment_is_reached_to_the_second(play: Play) -> None:
    to = play.now() + timedelta(days=2, seconds=7)
    assert play.move(to=to.isoformat())["now"] == to.isoformat().replace("+00:00", "Z")
    assert play.now() == to


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"to": "2020-01-01T00:00:00Z"}, "FM-U390"),
        ({}, "FM-U391"),
        ({"advance": "1 h", "to": "2099-01-01T00:00:00Z"}, "FM-U391"),
        ({"advance": "900 cd"}, "FM-U392"),
        ({"advance": "600 years"}, "FM-U392"),
        ({"to": "2099-01-01T00:00:00Z"}, "FM-U392"),
        ({"advance": "soon"}, "FM-U007"),
        ({"to": "2099-01-01T00:00:00"}, "FM-U005"),
        ({"advance": "1 h", "back": True}, "FM-U006"),
    ],
)
def test_what_is_no_step_forward_moves_nothing(play: Play, sent: dict[str, Any], code: str) -> None:
    before = play.now()
    answer = play.post(CLOCK, sent)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert play.now() == before


def test_a_step_may_be_looked_at_first_and_is_made_once(play: Play) -> None:
    play.file()
    before = play.now()
    would = play.post(CLOCK + "?dry_run=true", {"advance": "2 wd"}).json()["would"]
    assert would["cases"] >= 1
    assert play.now() == before
    key = {"Idempotency-Key": f"step-{before}".replace(" ", "_")}
    first = play.post(CLOCK, {"advance": "2 wd"}, **key)
    again = play.post(CLOCK, {"advance": "2 wd"}, **key)
    assert first.json() == again.json()
    assert first.json()["now"] == would["now"]
    assert play.now() == datetime.fromisoformat(would["now"])
    other = play.post(CLOCK, {"advance": "3 wd"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "FM-C002")


def test_nobody_moves_it_without_a_token(play: Play) -> None:
    assert play.client.post(CLOCK, json={"advance": "1 h"}).status_code == 401
    assert play.client.get(CLOCK).status_code == 401


def test_a_real_store_has_no_such_addresses(play: Play) -> None:
    furnished: Any = play.client.app
    app = create_app(furnished.state.house.engine)
    with TestClient(app) as client:
        assert client.get("/sandbox").status_code == 404
        token = {"Authorization": f"Bearer {play.tokens['head']}"}
        assert client.post(CLOCK, json={"advance": "1 h"}, headers=token).status_code == 404
    assert CLOCK not in app.openapi()["paths"]
    assert CLOCK in play.client.get("/openapi.json").json()["paths"]


def test_what_exists_is_not_made_a_sandbox(tmp_path: Path) -> None:
    there = tmp_path / "real.db"
    there.write_text("mine")
    with pytest.raises(UsageError) as refused:
        open_sandbox(keep=there, say=lambda line: None)
    assert refused.value.code == "FM-U393"
    assert there.read_text() == "mine"


def test_what_is_kept_is_a_store_like_any_other(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    sandbox = open_sandbox(keep=kept, say=lambda line: None, days=2)
    sandbox.close()
    with Store.open(str(kept)) as store:
        assert Engine(store).is_demo
        check_store(store)


def test_served_it_says_who_is_there_and_leaves_nothing(shell: Shell) -> None:
    temporary = shell.folder / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, "serve", "--sandbox", "--port", "0", "--json"], cwd=shell.folder, text=True,
        env=shell.surroundings({"TMPDIR": str(temporary)}), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        head = next(p for p in told["sandbox"]["people"] if p["role"] == "head")
        bearer = {"Authorization": f"Bearer {head['token']}"}
        with httpx2.Client(base_url=told["address"], headers=bearer, timeout=30) as client:
            moved = client.post(CLOCK, json={"advance": "3 wd"})
            assert moved.status_code == 200, moved.text
            assert moved.json()["since"] == told["sandbox"]["now"]
            assert moved.json()["fired"] == len([i for i in moved.json()["items"] if i["kind"] == "mark"])
            assert moved.json()["fired"] > 0
        assert list(temporary.glob("folkmoot-sandbox-*"))
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert not list(temporary.glob("folkmoot-sandbox-*"))
    assert not (shell.folder / "folkmoot.db").exists()
