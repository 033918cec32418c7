"""A store that was filled by copying is one that the engine could have written itself."""

from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.persistence.evidence import verify_all
from engine.persistence.store import Store
from engine.service import filing, query
from tests.benchmarks import history

EVENTS = 1_000


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    path = tmp_path_factory.mktemp("history") / "long.db"
    history.county(path, days=3)
    return (path, *history.grow(path, events=EVENTS))


def test_it_holds_what_was_asked_for_and_every_chain_holds(grown: tuple[Path, int, int]) -> None:
    path, cases, events = grown
    assert EVENTS <= events < EVENTS + 50
    with Store.open(str(path)) as store:
        seen = store.read(lambda unit: [(head.id, breaks) for head, breaks in verify_all(unit)])
    assert [case_id for case_id, _ in seen] == list(range(1, cases + 1))
    assert [case_id for case_id, breaks in seen if breaks] == []


def test_every_copy_is_found_by_a_number_of_its_own(grown: tuple[Path, int, int]) -> None:
    path, cases, _ = grown
    with Engine(Store.open(str(path)), lambda: history.UNTIL) as engine:
        listed = engine.read(query.list_cases, engine.caller(person=None), limit=None)
        assert listed["count"] == len({item["ref"] for item in listed["items"]}) == cases
        last = max(item["ref"] for item in listed["items"])
        shown = engine.read(query.history, engine.caller(person=None), ref=last, verify=True)
        assert shown["verified"]
        assert shown["count"] > 2


def test_the_next_case_follows_them(grown: tuple[Path, int, int]) -> None:
    path, cases, _ = grown
    with Engine(Store.open(str(path)), lambda: history.UNTIL) as engine:
        place = engine.read(query.list_cases, engine.caller(person=None), limit=1)["items"][0]["place"]
        given = {
            "case_type": "service_request",
            "place": place,
            "what": "a lamp",
            "parties": [{"role": "requester"}],
        }
        answer = engine.call(
            filing.file_case, engine.caller(person="dsp-01"), dry_run=True, **given
        )  # fmt: skip
        assert int(answer["ref"].split("-")[1]) == cases + 1
