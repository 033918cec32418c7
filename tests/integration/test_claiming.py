"""Many reach for one open case at once: exactly one has it, and each other is told who, when, and what is next."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from api.app import create_app
from engine.domain.errors import FolkmootError
from engine.domain.messages import tell
from engine.persistence.store import Store
from engine.service import filing, organisation, query, seat, token
from tests.support.town import Town

CREW = [f"off-{n}" for n in range(10, 22)]
MORE = "persons:\n" + "".join(f"- {{code: {code}, role: officer, unit: office-021}}\n" for code in CREW)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with Store.open(database_url, threads=6) as store:
        made = Town(store)
        made.do(organisation.import_organisation, "adm-01", files={"crew.yaml": MORE.encode()})
        yield made


def filed(town: Town) -> str:
    given = {"case_type": "service_request", "place": "示例一村", "what": "a lamp"}
    return str(town.do(filing.file_case, "dsp-01", **given)["ref"])


def claimed(town: Town, who: str, ref: str) -> FolkmootError | None:
    try:
        town.do(seat.take, who, ref=ref)
    except FolkmootError as error:
        return error
    return None


def holders(town: Town, ref: str) -> list[str]:
    shown = town.ask(query.show_case, "dsp-01", ref=ref)
    return [held["person"] for held in shown["seats"] if held["seat"] == "handler"]


def takings(town: Town, ref: str) -> int:
    return sum(e["act"] == "take_handler" for e in town.ask(query.history, "dsp-01", ref=ref)["items"])


def test_through_the_service_one_wins_and_each_loser_knows_the_winner(town: Town) -> None:
    for _ in range(3):
        ref = filed(town)
        town.pass_(seconds=3)
        with ThreadPoolExecutor(len(CREW)) as threads:
            errors = dict(
                zip(CREW, threads.map(claimed, [town] * len(CREW), CREW, [ref] * len(CREW)), strict=True)
            )
        won = [who for who, error in errors.items() if error is None]
        assert won == holders(town, ref)
        assert (len(won), takings(town, ref)) == (1, 1)
        for error in errors.values():
            if error is not None:
                assert (error.code, error.first.params["person"]) == ("FM-C003", won[0])
                assert error.first.params["at"] == f"{town.now:%Y-%m-%dT%H:%M:%SZ}"
                assert "case list --unassigned" in tell(error.first)


def test_over_http_one_wins_and_each_loser_knows_the_winner(town: Town) -> None:
    secrets = {who: town.do(token.create_token, "chf-01", person=who)["token"] for who in CREW}
    refs = [filed(town) for _ in range(3)]
    app = create_app(town.engine)

    async def take(client: httpx2.AsyncClient, who: str, ref: str) -> tuple[str, int, Any]:
        headers = {"Authorization": f"Bearer {secrets[who]}"}
        answer = await client.post(f"/v1/cases/{ref}/assignments", json={"take": True}, headers=headers)
        return who, answer.status_code, answer.json()

    async def all_of_them(ref: str) -> list[tuple[str, int, Any]]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
            return await asyncio.gather(*(take(client, who, ref) for who in CREW))

    async def each() -> list[list[tuple[str, int, Any]]]:
        async with app.router.lifespan_context(app):
            return [await all_of_them(ref) for ref in refs]

    for ref, answers in zip(refs, asyncio.run(each()), strict=True):
        assert Counter(status for _, status, _ in answers) == {201: 1, 409: len(CREW) - 1}
        (winner,) = [who for who, status, _ in answers if status == 201]
        assert (holders(town, ref), takings(town, ref)) == ([winner], 1)
        for _, status, told in answers:
            if status == 409:
                assert (told["code"], told["reasons"][0]["params"]["person"]) == ("FM-C003", winner)
                assert "GET /v1/cases?unassigned=true" in told["detail"]
