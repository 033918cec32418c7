"""Servers as processes: stopped in the middle of work, several at once, with clients that give up and come again."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.persistence.store import Store
from engine.service import query, token
from tests.support.aftermath import check_store, fired, late
from tests.support.serving import Command, Server, client_of, press, serving, workers
from tests.support.town import Town
from tests.support.web import SCREENED

NOW = "2026-11-23T09:00:00+08:00"  # a Monday
MOMENT = datetime.fromisoformat(NOW).astimezone(UTC)
FRIDAY = "2026-11-20T09:00:00+08:00"
CLIENTS = 8


def seeded(url: str) -> str:
    """The station in a store, and the token of its dispatcher."""
    with Store.open(url) as store:
        town = Town(store, now=MOMENT)
        secret: str = town.do(token.create_token, "adm-01", person="dsp-01")["token"]
    return secret


def filings(number: int) -> Iterator[Command]:
    """Reports without end, each with a word that no other has."""
    for n in count():
        sent = {"type": "dispute_mediation", "place": "230199000201", "what": f"wall {number}-{n}"}
        yield Command("/v1/cases", sent)


def found(url: str) -> dict[str, str]:
    """Word of the report -> reference, of every case in the store; each word stands there once."""
    with Store.open(url) as store:
        check_store(store)
        told = Town(store, now=MOMENT, seeded=True).ask(query.list_cases, "dsp-01", limit=1000)
    words = {case["what"]: case["ref"] for case in told["items"]}
    assert len(words) == len(told["items"]) == told["count"]
    return words


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_in_the_middle_of_work_nothing_acknowledged_is_lost(sqlite_url: str, number: int) -> None:
    secret = seeded(sqlite_url)
    server = Server(sqlite_url, "--port", "0", now=NOW)
    answered = []

    def stop(command: Command) -> None:
        answered.append(command)
        if len(answered) == 5 * CLIENTS:
            server.tell(number)

    try:
        sent = press(server, secret, [filings(n) for n in range(CLIENTS)], stop)
        status, err = server.ended()
    finally:
        server.kill()
    assert (status, err) == (0, "")
    server.await_free_port()

    there = found(sqlite_url)
    assert len(answered) >= 5 * CLIENTS
    for command in answered:
        assert command.status == 201, command.body
        assert there[str(command.sent["what"])] == command.body["ref"]
    in_doubt = [command for command in sent if command.status is None]
    assert len(in_doubt) <= CLIENTS
    assert set(there) <= {command.sent["what"] for command in sent}

    # whoever heard no answer asks again, with the same key
    with Store.open(sqlite_url, threads=1) as store:
        town = Town(store, now=MOMENT, seeded=True)
        with TestClient(create_app(town.engine), headers={"Authorization": f"Bearer {secret}"}) as client:
            for command in in_doubt:
                command.send(client)
                assert command.status == 201
                assert there.get(str(command.sent["what"]), command.body["ref"]) == command.body["ref"]
    assert found(sqlite_url) == {str(c.sent["what"]): c.body["ref"] for c in sent}


def lives(number: int, cases: int, refs: list[str]) -> Iterator[Command]:
    """File, answer the safety questions, change the grade twice; deadlines of Friday's report are over."""
    for n in range(cases):
        sent = {
            "type": "dispute_mediation", "place": "230199000201", "what": f"wall {number}-{n}", "occurred_at": FRIDAY,
        }  # fmt: skip
        filed = Command("/v1/cases", sent)
        yield filed
        ref = filed.body["ref"]
        refs.append(ref)
        yield Command(f"/v1/cases/{ref}/triggers/screen", SCREENED)
        for grade in ("orange", "yellow"):
            yield Command(
                f"/v1/cases/{ref}/triggers/regrade", {"set": {"risk": grade}, "note": "looked again"}
            )


def test_several_servers_and_workers_on_one_database_do_everything_once(postgresql_url: str) -> None:
    secret = seeded(postgresql_url)
    refs: list[str] = []
    with (
        serving(postgresql_url, "--port", "0", "--workers", "2", "--worker", now=NOW) as one,
        serving(postgresql_url, "--port", "0", "--no-worker", now=NOW) as other,
        workers(postgresql_url, 2, now=NOW),
    ):
        done: list[Command] = []
        for server in (one, other):
            done += press(server, secret, [lives(n + server.port, 3, refs) for n in range(4)], lambda c: None)
        assert [c.body for c in done if c.status not in (200, 201)] == []
        # the same again: the same answers, nothing done
        with client_of(other, secret) as client:
            for command in islice(done, 0, None, 5):
                first = command.body
                command.send(client)
                assert command.body == first
    with Store.open(postgresql_url) as store:
        check_store(store)
        marks = fired(store)  # each once, in its own moment
        assert late(store, MOMENT) == []
        town = Town(store, now=MOMENT, seeded=True)
        for ref in refs:
            told = town.ask(query.history, "dsp-01", ref=ref, verify=True)
            acts = [e["act"] for e in told["items"] if e["kind"] == "act"]
            assert acts == ["file", "screen", "regrade", "regrade"]
            assert told["verified"]
            assert marks[ref]
    assert len(set(refs)) == len(refs) == 2 * 4 * 3


def test_who_gives_up_waiting_and_asks_again_gets_the_one_answer(postgresql_url: str) -> None:
    secret = seeded(postgresql_url)
    asked = list(islice(filings(0), 12))
    gave_up = 0
    with (
        serving(postgresql_url, "--port", "0", "--workers", "2", now=NOW) as server,
        client_of(server, secret) as client,
    ):
        for command in asked:
            try:
                command.send(client, timeout=httpx2.Timeout(5, read=0.001))
            except httpx2.TimeoutException:
                gave_up += 1
        for command in asked:
            command.send(client)
            first = command.body
            command.send(client)
            assert command.body == first
    assert gave_up > 0
    assert found(postgresql_url) == {str(c.sent["what"]): c.body["ref"] for c in asked}


def test_of_a_server_that_was_killed_nobody_stays_on_the_port(postgresql_url: str) -> None:
    seeded(postgresql_url)
    server = Server(postgresql_url, "--port", "0", "--workers", "2", now=NOW)
    try:
        assert httpx2.get(f"{server.address}/readyz", timeout=60).status_code == 200
        server.tell(signal.SIGKILL)
        server.await_free_port()
        assert server.ended()[0] == -signal.SIGKILL
    finally:
        server.kill()
