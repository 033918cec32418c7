"""Several processes answer and look at deadlines over one PostgreSQL; they are stopped in the middle of the work."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event

import httpx2
import pytest

from engine.persistence.store import Store
from engine.service import filing, query, token
from tests.support.commandline import PROGRAM
from tests.support.town import Town

CALLERS, PROCESSES = 6, 2


@dataclass
class Heard:
    """What callers were told: by which processes, and how many acts were acknowledged."""

    processes: set[str] = field(default_factory=set)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@pytest.fixture
def town(postgresql_url: str) -> Iterator[Town]:
    with Store.open(postgresql_url) as store:
        yield Town(store)


def test_all_that_any_of_them_acknowledged_is_there_once(town: Town, postgresql_url: str) -> None:
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": "a wall"}
    ref = town.do(filing.file_case, "dsp-01", **given)["ref"]
    secret = town.do(token.create_token, "chf-01", person="dsp-01")["token"]
    environment = {
        **os.environ,
        "FOLKMOOT_DATABASE_URL": postgresql_url,
        "FOLKMOOT_NOW": "2026-12-23T09:00:00+08:00",  # the case's deadlines have passed: its worker has work
    }
    command = [*PROGRAM, "serve", "--port", "0", "--workers", str(PROCESSES), "--worker", "--json"]
    server = subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = json.loads(server.stdout.readline())["address"]
        heard, enough = Heard(), Event()
        with ThreadPoolExecutor(CALLERS) as callers:
            working = [callers.submit(work, address, secret, ref, n, heard, enough) for n in range(CALLERS)]
            enough.wait(60)
            server.send_signal(signal.SIGTERM)
            for one in working:
                one.result(60)
        _, err = server.communicate(timeout=60)
    finally:
        server.kill()
    assert server.returncode == 0, err
    assert len(heard.processes) >= PROCESSES
    assert heard.refused == []
    history = town.ask(query.history, "dsp-01", ref=ref, verify=True)
    notes = [event["note"] for event in history["items"] if event["act"] == "note"]
    assert history["verified"]
    assert len(set(notes)) == len(notes)
    assert set(heard.acknowledged) <= set(notes)
    assert len(notes) <= len(heard.acknowledged) + CALLERS  # one each was in hand when the server went
    marks = [event["act"] for event in history["items"] if event["kind"] == "mark"]
    assert marks
    assert len(set(marks)) == len(marks)


def work(address: str, secret: str, ref: str, caller: int, heard: Heard, enough: Event) -> None:
    """Notes, each on a connection of its own, until nobody answers any more."""
    for n in count():
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"{caller}-{n}"}
        try:
            with httpx2.Client(base_url=address, headers=headers, timeout=60) as client:
                answer = client.post(f"/v1/cases/{ref}/triggers/note", json={"note": f"{caller}-{n}"})
        except httpx2.TransportError:
            return
        heard.processes.add(answer.headers["request-id"].partition("-")[0])
        if answer.status_code == 200:
            heard.acknowledged.append(f"{caller}-{n}")
        else:
            heard.refused.append(answer.text)
        if len(heard.processes) >= PROCESSES and len(heard.acknowledged) >= CALLERS * 5:
            enough.set()
