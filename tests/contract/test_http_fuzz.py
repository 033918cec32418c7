"""The HTTP door answers as its document says, whatever is sent: never 500, no status, type or shape unforetold."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
