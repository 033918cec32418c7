"""Care of the store from the command line: init, status, upgrade, backup, restore."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from workflows.shipped import CASE_TYPES


class Shell:
    """The command line in an empty folder; gives exit status, stdout, stderr."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *args: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.argv", ["folkmoot", *args])
        status = 0
        try:
            run()
        except SystemExit as end:
            status = int(end.code or 0)
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def json(self, *args: str) -> Any:
        status, out, _ = self(*args, "--json")
        return {"exit": status, **json.loads(out)}


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOLKMOOT_NOW", "2026-11-23T01:14:00+00:00")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("FOLKMOOT_DATABASE_URL", raising=False)
    return Shell(capsys, monkeypatch)


@pytest.mark.parametrize("command", [("case", "list"), ("doctor",), ("serve",), ("worker", "--once")])
def test_an_empty_file_is_told_as_one_and_not_as_missing(
    shell: Shell, tmp_path: Path, command: tuple[str, ...]
) -> None:
    empty = tmp_path / "begun.db"
    empty.touch()
    if command == ("serve",):  # it would take the place of this process
        command = ("case", "list", "--lang", "zh")
    _, out, told = shell(*command, "--db", str(empty))
    assert "FM-S014" in out + told
    assert "begun.db" in out + told
    assert "FM-N003" not in out + told
    assert empty.stat().st_size == 0


def test_the_help_of_a_backup_says_that_a_copied_file_is_none(shell: Shell) -> None:
    assert "cp is no backup" in shell("db", "backup", "--help")[1]
    assert "用 cp 复制文件不算备份" in shell("--lang", "zh", "db", "backup", "--help")[1]


def test_a_life_of_a_database(shell: Shell, tmp_path: Path) -> None:
    status, _, told = shell("db", "status")
    assert status == 4
    assert told.startswith("FM-N003")
    assert list(tmp_path.iterdir()) == []

    made = shell.json("db", "init")
    assert made["exit"] == 0
    assert {text["case_type"] for text in made["active"]} == set(CASE_TYPES)
    assert {"CN"} <= {calendar["id"] for calendar in made["calendars"]}
    status, _, told = shell("db", "init")
    assert (status, told[:9]) == (5, "FM-C021  ")

    found = shell.json("db", "status")
    assert (found["schema"], found["needs"], found["current"], found["cases"]) == (
        found["needs"], found["schema"], True, 0,
    )  # fmt: skip
    assert found["last_backup"] is None

    kept = shell.json("db", "backup")
    assert (kept["verified"], kept["path"]) == (True, "backups/folkmoot-20261123-0914.db")
    assert shell.json("db", "status")["last_backup"]["path"] == kept["path"]

    restored = shell.json("db", "restore", kept["path"])
    assert (restored["exit"], restored["path"]) == (0, "folkmoot-restored-20261123-0914.db")
    live = Path("folkmoot.db").read_bytes()
    files = sorted(Path().iterdir())
    status, _, told = shell("db", "restore", kept["path"], "--to", "folkmoot.db")
    assert (status, told[:8]) == (2, "FM-U313 ")
    assert "--to folkmoot-restored-20261123-0914" in told
    assert Path("folkmoot.db").read_bytes() == live
    assert sorted(Path().iterdir()) == files

    nothing = shell.json("db", "upgrade")
    assert (nothing["exit"], nothing["copy"], nothing["available"]) == (0, None, [])


@pytest.mark.parametrize(("lang", "word"), [("en", "Made folkmoot.db"), ("zh", "已建立 folkmoot.db")])
def test_people_are_told_in_their_language(shell: Shell, lang: str, word: str) -> None:
    _, out, _ = shell("--lang", lang, "db", "init")
    assert out.startswith(word)
    for command in (["status"], ["upgrade"], ["backup"]):
        status, out, told = shell("--lang", lang, "db", *command)
        assert (status, told) == (0, "")
        assert "word." not in out
    _, out, _ = shell("--lang", lang, "db", "restore", "backups/folkmoot-20261123-0914.db")
    assert "mv folkmoot.db folkmoot.db.old" in out


def test_a_seed_that_fails_leaves_no_file(tmp_path: Path) -> None:
    from engine.service import store

    def fail(unit: Any, activate: bool) -> dict[str, Any]:
        raise LookupError("nothing shipped")

    with pytest.raises(LookupError):
        store.init(str(tmp_path / "x.db"), seed=fail)
    assert list(tmp_path.iterdir()) == []


def test_on_postgresql_too(postgresql_server: Any) -> None:
    from engine.domain.errors import Conflict
    from engine.service import store

    url = postgresql_server.database("care")
    try:
        made = store.init(url, seed=lambda unit, activate: {"definitions": [], "calendars": []})
        assert made["schema"] == store.status(url)["schema"]
        assert store.status(url)["size_bytes"] > 0
        with pytest.raises(Conflict):
            store.init(url, seed=lambda unit, activate: {"definitions": [], "calendars": []})
    finally:
        postgresql_server.drop("care")
