"""The demo: a county at work in virtual time, whole and sound, the same again for the same seed."""

import json
import os
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.output.width import width
from engine.bootstrap import Engine, open_engine
from engine.machine.fold import fold
from engine.persistence.case_store import find_case, history
from engine.persistence.evidence import verify_chain
from engine.service import query
from engine.settings import Settings
from tests.support.commandline import PROGRAM, Shell
from workflows.demo import Setting, VirtualClock, play, prepare

NOW = "2026-11-24T09:31:00+08:00"
MORNING = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
DAYS = 8


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One demo by the program itself: its file and the one JSON document it printed."""
    folder = tmp_path_factory.mktemp("demo") / "a county"  # the printed commands have to quote it
    folder.mkdir()
    env = {**os.environ, "FOLKMOOT_NOW": NOW, "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, "demo", "--days", str(DAYS), "--seed", "7", "--json"],
        capture_output=True, text=True, cwd=folder, env=env, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert os.listdir(folder) == ["demo.db"], "nothing else is left in the folder"
    return folder / "demo.db", json.loads(done.stdout)


def opened(path: Path) -> Engine:
    return open_engine(Settings(database_url=f"sqlite:///{path}"), clock=lambda: MORNING)


def references(engine: Engine) -> list[str]:
    every = engine.read(query.list_cases, engine.caller(person=None), limit=None)
    return sorted(item["ref"] for item in every["items"])


def histories(engine: Engine) -> dict[str, list[Any]]:
    def read(unit: Any) -> dict[str, list[Any]]:
        rows = {ref: find_case(unit, ref) for ref in references(engine)}
        return {ref: [told.event for told in history(unit, row.id)] for ref, row in rows.items() if row}

    return engine.store.read(read)


class TestTheStore:
    def test_every_case_is_the_sum_of_its_events_and_every_chain_holds(
        self, made: tuple[Path, dict[str, Any]]
    ) -> None:
        path, answer = made

        def check(unit: Any) -> int:
            for ref in refs:
                row = find_case(unit, ref)
                assert row is not None
                assert fold([told.event for told in history(unit, row.id)]) == row.body, ref
                assert not verify_chain(unit, row.id), ref
            return len(refs)

        with opened(path) as engine:
            refs = references(engine)
            assert engine.store.read(check) == answer["work"]["cases"] > 20
            assert engine.is_demo

    def test_the_same_seed_and_morning_give_the_same_histories(
        self, made: tuple[Path, dict[str, Any]], tmp_path: Path
    ) -> None:
        path, answer = made
        setting = Setting(MORNING, DAYS, seed=7)
        clock = VirtualClock(setting.since)
        again = Settings(database_url=f"sqlite:///{tmp_path / 'again.db'}")
        with opened(path) as first, open_engine(again, clock=clock, create=True) as second:
            played = play(prepare(second, setting, clock), setting, lambda at: None)
            assert histories(first) == histories(second)
        assert played.acts == answer["work"]["acts"]
        assert played.surprises == (), "the people of the demo are refused only what they try on purpose"

    def test_another_seed_gives_other_histories(self, tmp_path: Path) -> None:
        filed = []
        for seed in (1, 2):
            setting = Setting(MORNING, 2, seed=seed)
            clock = VirtualClock(setting.since)
            url = f"sqlite:///{tmp_path / f'{seed}.db'}"
            with open_engine(Settings(database_url=url), clock=clock, create=True) as engine:
                play(prepare(engine, setting, clock), setting, lambda at: None)
                filed.append(histories(engine))
        assert filed[0] != filed[1]


class TestTheAnswer:
    def test_it_tells_the_work_the_story_the_desk_and_how_long(
        self, made: tuple[Path, dict[str, Any]]
    ) -> None:
        path, answer = made
        assert answer["database"] == str(path)
        assert answer["sample"]["stations"] == 3
        assert answer["work"]["acts"] > 100
        assert answer["work"]["refused"] == sum(answer["work"]["refused_by_code"].values()) > 0
        assert answer["work"]["until"] == "2026-11-24T00:05:00+00:00"
        story = answer["story"]["history"]
        assert story["verified"]
        assert [item["basis"] for item in story["items"] if item["basis"]]
        groups = {group["key"]: group["count"] for group in answer["desk"]["groups"]}
        assert groups["red"] >= 1
        assert sum(groups.values()) > 5
        by_type = {group["key"]["type"]: group for group in answer["durations"]["by_type"]["groups"]}
        assert set(by_type) == {"dispute_mediation", "service_request"}
        assert by_type["service_request"]["n_reached"] > 0
        assert by_type["service_request"]["curve"]

    def test_the_five_commands_run_from_any_folder(
        self, made: tuple[Path, dict[str, Any]], tmp_path: Path
    ) -> None:
        _, answer = made
        assert len(answer["try"]) == 5
        env = {"PATH": "/nowhere", "HOME": str(tmp_path), "FOLKMOOT_NOW": NOW, "LANG": "C.UTF-8"}
        for command in answer["try"]:
            done = subprocess.run(  # noqa: S603 - the printed line as it stands
                shlex.split(command), capture_output=True, text=True, cwd=tmp_path, env=env, timeout=60,
                check=False,
            )  # fmt: skip
            assert done.returncode == 0, (command, done.stderr)
            assert done.stdout.strip(), command


class TestTheFile:
    def test_a_database_that_is_no_demo_is_never_replaced(self, station: Shell) -> None:
        before = (station.folder / "folkmoot.db").read_bytes()
        said = station("demo", "--days", "2", "--db", "folkmoot.db", "--force")
        assert said.status == 2
        assert "FM-U330" in said.err
        assert (station.folder / "folkmoot.db").read_bytes() == before

    def test_a_file_of_another_kind_is_never_replaced(self, shell: Shell) -> None:
        (shell.folder / "demo.db").write_text("my notes")
        assert shell("demo", "--days", "2").status == 2
        assert (shell.folder / "demo.db").read_text() == "my notes"

    def test_an_earlier_demo_is_replaced_with_force_only(self, shell: Shell) -> None:
        assert shell("demo", "--days", "2").status == 0
        first = (shell.folder / "demo.db").stat().st_ino
        refused = shell("demo", "--days", "2")
        assert refused.status == 2
        assert "--force" in refused.err
        assert (shell.folder / "demo.db").stat().st_ino == first
        assert shell("demo", "--days", "2", "--force").status == 0
        assert not (shell.folder / "folkmoot.db").exists(), "a configured database is not touched"

    @pytest.mark.parametrize("args", [("--days", "0"), ("--days", "999"), ("--db", "postgresql://h/d")])
    def test_what_cannot_be_made_is_told(self, shell: Shell, args: tuple[str, ...]) -> None:
        assert shell("demo", *args).status == 2
        assert os.listdir(shell.folder) == []


def test_it_fits_a_terminal_of_80_columns_in_both_languages(shell: Shell) -> None:
    for lang in ("en", "zh"):
        said = shell.terminal("demo", "--days", "2", "--force", "--lang", lang, env={"NO_COLOR": "1"})
        assert said.status == 0
        told = said.out.split("\r\x1b[K")[-1]
        lines = [line for line in told.split("\n") if "demo.db" not in line]  # a path cannot be folded
        assert [line for line in lines if width(line) > 80] == []
        assert "%" in told
        assert ("virtual time" in told) == (lang == "en")
