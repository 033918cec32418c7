"""Every operation of the HTTP document has an example, and an example is what really happens."""

from collections.abc import Iterator
from typing import Any

import pytest

from api import examples
from tests.contract.api_examples import operations, template
from tests.support import exemplary
from tests.support.exemplary import Exemplary

NAMES = sorted(operations())
LOOKING = [name for name in NAMES if operations()[name][0] == "GET"]
WRITING = [name for name in NAMES if name not in LOOKING]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exemplary]:
    folder = tmp_path_factory.mktemp("exemplary")
    opened = Exemplary(template(folder), folder)
    yield opened
    opened.close()


def test_every_operation_has_one_and_no_other() -> None:
    assert set(examples.requests()) == set(operations()) == set(examples.answers())


@pytest.mark.parametrize("name", LOOKING)
def test_what_looks(store: Exemplary, name: str) -> None:
    holds(store, name)


@pytest.mark.parametrize("name", WRITING)
def test_what_changes(store: Exemplary, name: str) -> None:
    store.renew()
    holds(store, name)


def holds(store: Exemplary, name: str) -> None:
    method, path = operations()[name]
    answer = exemplary.told(store.ask(method, path, examples.requests()[name]))
    assert answer["status"] < 300, answer["body"]
    assert answer == examples.answers()[name], "python -m tests.contract.api_examples writes them afresh"


def test_the_document_shows_them_where_they_belong(store: Exemplary) -> None:
    document = store.client.get("/openapi.json").json()
    for name, (method, path) in operations().items():
        operation: dict[str, Any] = document["paths"][path][method.lower()]
        asked, told = examples.requests()[name], examples.answers()[name]
        shown = {one["name"]: one.get("example") for one in operation.get("parameters", ())}
        for part in ("path", "query"):
            assert {key: shown[key] for key in asked.get(part, {})} == asked.get(part, {}), name
        sent = examples.body_of(asked)
        if sent is not None:
            assert operation["requestBody"]["content"][sent[0]]["example"] == sent[1], name
        if told["body"] is not None:
            content = operation["responses"][str(told["status"])]["content"]
            assert content[told["type"]]["example"] == told["body"], name
