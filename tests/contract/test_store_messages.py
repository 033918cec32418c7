"""What the store says is complete: both languages, an HTTP status or none, and the exit of its letter."""

import re

import pytest

from cli import exit_codes
from engine.domain.errors import FolkmootError
from engine.domain.messages import catalogue, tell
from engine.persistence import failure

OURS = {
    code: entry
    for code, entry in catalogue().items()
    if re.match(r"FM-(S0[01]|V001|U04[1-4]|N00[34]|C02[12])", code)
}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("code", OURS)
def test_complete(code: str) -> None:
    entry = OURS[code]
    assert places(entry["en"]) == places(entry["zh"])
    assert entry["exit"] == exit_codes.of_code(code)
    assert entry["http"] in (None, 409, 422, 503)


def sqlite_error(name: str) -> Exception:
    import sqlite3

    error = sqlite3.OperationalError("it broke")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_BUSY_SNAPSHOT", "FM-S001"),
        ("SQLITE_FULL", "FM-S004"),
        ("SQLITE_READONLY_DBMOVED", "FM-S005"),
        ("SQLITE_CANTOPEN", "FM-S006"),
        ("SQLITE_IOERR_WRITE", "FM-S007"),
        ("SQLITE_NOTADB", "FM-S009"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_driver_says_becomes_a_whole_sentence(name: str, code: str, lang: str) -> None:
    told = failure.translate(sqlite_error(name))
    assert isinstance(told, FolkmootError)
    assert told.code == code
    assert places(OURS[code][lang]) <= set(told.first.params)
    assert "{" not in tell(told.first, lang)


def test_what_nobody_can_mend_stays_what_it_is() -> None:
    error = sqlite_error("SQLITE_ERROR")
    assert failure.translate(error) is error
