"""Addresses of stores as people write them."""

from pathlib import Path

import pytest

from engine.domain.errors import UsageError
from engine.persistence.address import Address, parse


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite:///folkmoot.db", "folkmoot.db"),
        ("sqlite:////var/lib/folkmoot.db", "/var/lib/folkmoot.db"),
        ("folkmoot.db", "folkmoot.db"),
        ("/var/lib/案件 100%.db", "/var/lib/案件 100%.db"),
        ("sqlite:////var/lib/案件 100%.db", "/var/lib/案件 100%.db"),
    ],
)
def test_files(text: str, path: str) -> None:
    assert parse(text) == Address("sqlite", Path(path))
    assert str(parse(text)) == path


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_servers(scheme: str) -> None:
    assert parse(f"{scheme}://u@h/x").url == "postgresql://u@h/x"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:secret@h:5433/x", "postgresql://u:***@h:5433/x"),
        ("postgresql://u:@/x?host=/run/pg", "postgresql://u:***@/x?host=/run/pg"),
        ("postgresql://h/x", "postgresql://h/x"),
    ],
)
def test_passwords_are_never_shown(url: str, shown: str) -> None:
    assert str(parse(url)) == shown


@pytest.mark.parametrize("text", ["mysql://h/x", "sqlite://", "sqlite:///", "http://h/x"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert refused.value.code == "FM-U044"
