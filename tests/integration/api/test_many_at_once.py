"""Sixteen callers at once, reading and writing the same few cases: everything acknowledged is there, once."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Iterator

import httpx2
import pytest

from api.app import create_app
from engine.persistence.store import Store
from engine.service import filing, token
from tests.support.town import Town

CALLERS = 16
EACH = 100 if os.environ.get("FOLKMOOT_SOAK") else 12


@pytest.fixture
def busy_town(database_url: str) -> Iterator[Town]:
    with Store.open(database_url, threads=4) as store:
        yield Town(store)


async def work(
    town: Town, secret: str, refs: list[str], seed: int, said: Counter[str], client: httpx2.AsyncClient
) -> None:
    chance = random.Random(seed)
    headers = {"Authorization": f"Bearer {secret}"}
    for n in range(EACH):
        ref = chance.choice(refs)
        what = chance.choice(["note", "note", "note", "again", "seen", "case", "next", "list", "desk"])
        if what in ("note", "again", "seen"):
            version = (
                (await client.get(f"/v1/cases/{ref}", headers=headers)).json()["version"]
                if what == "seen"
                else 0
            )
            more = {"If-Match": f'"{version}"'} if version else {}
            key = {"Idempotency-Key": f"{seed}-{n}"}
            path = f"/v1/cases/{ref}/triggers/note"
            sent = [
                client.post(path, json={"note": f"{seed}-{n}"}, headers=headers | key | more)
                for _ in range(1 + (what == "again"))
            ]
            answers = await asyncio.gather(*sent)
            said[f"{what} {'/'.join(sorted({str(a.status_code) for a in answers}))}"] += 1
            assert all(a.json() == answers[0].json() for a in answers)
            if answers[0].status_code == 200:
                said[ref] += 1
        else:
            path = {
                "case": f"/v1/cases/{ref}",
                "next": f"/v1/cases/{ref}/next",
                "list": "/v1/cases?limit=2",
                "desk": "/v1/me/desk",
            }[what]
            answer = await client.get(path, headers=headers)
            said[f"{what} {answer.status_code}"] += 1
            assert answer.status_code == 200, answer.text


def test_all_that_was_acknowledged_is_there_once(busy_town: Town) -> None:
    town = busy_town
    refs = [
        town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what=str(n))[
            "ref"
        ]
        for n in range(3)
    ]
    secret = town.do(token.create_token, "chf-01", person="dsp-01")["token"]
    said: Counter[str] = Counter()
    app = create_app(town.engine)

    async def all_of_them() -> list[dict[str, object]]:
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client,
        ):
            await asyncio.gather(*(work(town, secret, refs, n, said, client) for n in range(CALLERS)))
            headers = {"Authorization": f"Bearer {secret}"}
            return [
                (await client.get(f"/v1/cases/{ref}/history?verify=true&limit=500", headers=headers)).json()
                for ref in refs
            ]

    histories = asyncio.run(all_of_them())
    assert {name.split()[1] for name in said if " " in name} <= {"200", "412"}
    for ref, history in zip(refs, histories, strict=True):
        assert history["count"] == said[ref] + 1
        assert history["verified"]
