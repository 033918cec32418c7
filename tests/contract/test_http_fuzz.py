"""The HTTP door answers as its document says, whatever is sent: never 500, no status, type or shape unforetold."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.route.sandbox import furnish
from api.sandbox import Sandbox, open_sandbox
from tests.support import exemplary

if TYPE_CHECKING:
    from tests.support.fuzzing import Fuzzer

SOAK = bool(os.environ.get("FOLKMOOT_SOAK"))
EXAMPLES = 300 if SOAK else 2
PARTS = 8


@pytest.fixture(scope="session")
def fuzzer(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Fuzzer"]:
    from tests.support.fuzzing import Fuzzer  # seconds that only this test pays

    folder = tmp_path_factory.mktemp("fuzz")
    template = folder / "exemplary.db"
    shutil.copy(sqlite_template, template)
    exemplary.build(f"sqlite:///{template}")
    office = exemplary.Exemplary(template, folder)
    yield Fuzzer(office, examples=EXAMPLES, thorough=SOAK)
    office.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_answer_is_one_that_the_document_foretells(fuzzer: "Fuzzer", part: int) -> None:
    assert fuzzer.run(part, PARTS) >= EXAMPLES
    assert 500 not in fuzzer.answered


def test_the_sandbox_does_so_too() -> None:
    from tests.support.fuzzing import Fuzzer

    sandbox = open_sandbox(say=lambda line: None, days=2)
    app = create_app(sandbox.engine)
    furnish(app, sandbox)
    with TestClient(app) as client:
        fuzzer = Fuzzer(_Sandboxed(client, sandbox), examples=10 * EXAMPLES, thorough=True)
        assert fuzzer.run(about="sandbox") > 3 * EXAMPLES
    sandbox.close()
    assert fuzzer.answered[200] > EXAMPLES


class _Sandboxed:
    def __init__(self, client: TestClient, sandbox: Sandbox) -> None:
        self.client, self._sandbox = client, sandbox

    def headers(self, person: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._sandbox.people[0].token}"} if person else {}
