"""The frame of the command line: where options stand, how mistakes are told, how a command ends."""

import ast
import json
import re
from importlib import import_module
from pathlib import Path

import pytest
import typer.main

from cli import exit_codes
from cli.failure import lines
from cli.nouns import nearest, nouns
from engine.domain.errors import Reason
from engine.domain.messages import catalogue
from tests.support.commandline import Shell

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"FM-[A-Z]\d{3}")


class TestExitStatus:
    def test_every_code_of_the_catalogue_has_the_exit_status_of_its_letter(self) -> None:
        codes = {code: entry for code, entry in catalogue().items() if code.startswith("FM-")}
        assert codes
        for code, entry in codes.items():
            assert code[3] in exit_codes.OF_LETTER, code
            if "exit" in entry:
                assert entry["exit"] == exit_codes.of_code(code), code

    def test_every_code_that_stands_in_the_source_has_a_message(self) -> None:
        used = {
            (code, path.relative_to(ROOT))
            for folder in ("engine", "cli", "workflows")
            for path in (ROOT / folder).rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
            for code in [node.value]
        }
        assert used
        assert sorted((code, str(path)) for code, path in used if code not in catalogue()) == []

    def test_what_is_no_code_is_a_bug(self) -> None:
        assert exit_codes.of_code("nonsense") == exit_codes.BUG


class TestOptionsOnEveryLevel:
    @pytest.mark.parametrize(
        "line",
        ["--as aux-07 config show --json", "config --as aux-07 show --json", "config show --as aux-07 --json",
         "--json config --as aux-07 show", "config --json show --as aux-07"],
    )  # fmt: skip
    def test_a_global_option_works_before_and_after_the_noun_and_after_the_verb(
        self, shell: Shell, line: str
    ) -> None:
        said = shell(*line.split())
        assert said.status == 0
        values = {item["name"]: (item["value"], item["origin"]) for item in said.json["items"]}
        assert values["as"] == ("aux-07", "flag")

    def test_the_innermost_level_wins(self, shell: Shell) -> None:
        said = shell("--as", "a-1", "config", "--as", "a-2", "show", "--as", "a-3", "--json")
        assert {"a-3"} == {item["value"] for item in said.json["items"] if item["name"] == "as"}


class TestSettings:
    def test_flag_beats_environment_beats_local_file_beats_user_file(self, shell: Shell) -> None:
        user = shell.folder / "config" / "folkmoot" / "folkmoot.toml"
        user.parent.mkdir(parents=True)
        user.write_text('as = "u"\nlang = "zh"\nzone = "Asia/Tokyo"\ndatabase_url = "u.db"\n')
        (shell.folder / "folkmoot.toml").write_text('as = "l"\nlang = "zh"\ndatabase_url = "l.db"\n')
        said = shell(
            "--db",
            "flag.db",
            "config",
            "show",
            "--json",
            env={"FOLKMOOT_LANG": "en", "FOLKMOOT_DATABASE_URL": "e.db"},
        )
        told = {item["name"]: (item["value"], item["origin"]) for item in said.json["items"]}
        assert told["database_url"] == ("sqlite:///flag.db", "flag")
        assert told["lang"] == ("en", "environment")
        assert told["as"] == ("l", "folkmoot.toml")
        assert told["zone"] == ("Asia/Tokyo", str(user))
        assert told["server"] == (None, "default")

    def test_an_unknown_key_in_a_file_names_the_near_one(self, shell: Shell) -> None:
        (shell.folder / "folkmoot.toml").write_text('databse_url = "l.db"\n')
        said = shell("config", "show")
        assert said.status == 2
        assert "databse_url" in said.err
        assert "database_url" in said.err

    @pytest.mark.parametrize(("locale", "lang"), [("zh_CN.UTF-8", "zh"), ("de_DE.UTF-8", "en"), ("C", "en")])
    def test_the_language_follows_the_locale(self, shell: Shell, locale: str, lang: str) -> None:
        said = shell("config", "show", "--json", env={"LC_ALL": locale})
        assert {"lang": lang} == {i["name"]: i["value"] for i in said.json["items"] if i["name"] == "lang"}


class TestMistakes:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            (["show", "26-04166-0"], "case show"),
            (["case", "shw"], "case show"),
            (["cse", "show"], "case show"),
            (["case", "shoe", "26-04166-0"], "case show"),
            (["26-04166-0"], "case show 26-04166-0"),
            (["dsk"], "desk"),
            (["grant", "A-1"], "approval grant"),
            (["config", "list"], "config show"),
        ],
    )
    def test_an_unknown_command_names_the_one_that_was_meant(
        self, typed: list[str], meant: str, shell: Shell
    ) -> None:
        assert nearest(typed) == meant
        said = shell(*typed)
        assert said.status == 2
        assert "FM-U001" in said.err
        assert f"`{meant}`" in said.err

    def test_a_missing_option_comes_with_an_example(self, shell: Shell) -> None:
        said = shell("case", "link", "26-00001-0", "26-00002-8")
        assert said.status == 2
        assert "FM-U002" in said.err
        assert "--kind" in said.err
        assert "folkmoot case link 26-04102-0" in said.err

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_the_day_in_an_example_can_be_typed(self, shell: Shell, lang: str) -> None:
        said = shell("person", "end", "aux-07", "--until", "2026-10-31", "--lang", lang)
        assert (said.status, said.err[:7]) == (2, "FM-U002")
        assert "folkmoot person end aux-07 --role mediator_post --until 2026-12-31" in said.err

    def test_days_that_a_message_itself_writes_stay_as_they_are_to_be_typed(self) -> None:
        row = Reason(
            "FM-I026", {"sheet": "s", "row": 2, "column": "since", "value": "2026-11-2", "wanted": "day"}
        )
        assert "(a day as 2026-11-23," in lines(row, "en")[0]
        assert "2026-12-01T09:00:00+08:00" in lines(Reason("FM-U391", {}), "en")[0]

    def test_a_misspelt_option_names_the_near_one(self, shell: Shell) -> None:
        said = shell("config", "show", "--jsn")
        assert (said.status, "--json" in said.err) == (2, True)

    def test_an_extra_word_and_a_missing_value_are_told(self, shell: Shell) -> None:
        assert "`extra`" in shell("config", "show", "extra").err
        assert "--lang" in shell("config", "show", "--lang").err

    def test_with_json_a_failure_is_one_document_on_stdout(self, shell: Shell) -> None:
        for typed in (["case", "shw"], ["config", "show", "--jsn"], ["case", "link", "26-00001-0"]):
            said = shell(*typed, "--json")
            assert said.status == 2
            problem = said.json["problem"]
            assert problem["code"].startswith("FM-U")
            assert problem["reasons"][0]["text"]

    def test_the_server_option_says_that_it_is_not_there_yet(self, shell: Shell) -> None:
        assert "FM-U070" in shell("--server", "https://x", "config", "show").err

    def test_a_mistake_is_told_in_chinese(self, shell: Shell) -> None:
        assert "是不是 case show" in shell("case", "shw", "--lang", "zh").err


class TestBugs:
    def test_a_bug_leaves_no_traceback_and_no_personal_data(
        self, station: Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from engine.service import query

        def broken(*_: object, **__: object) -> dict[str, object]:
            raise RuntimeError("Wang of 示例一村, 13800000000")

        monkeypatch.setattr(query, "list_cases", broken)
        said = station("case", "list", "--q", "Wang", "--json")
        assert said.status == 1
        code, name = said.json["problem"]["code"], said.json["problem"]["reasons"][0]["params"]["id"]
        assert code == "FM-X001"
        kept = station("help", "bug", name)
        assert kept.status == 0
        assert "RuntimeError" in kept.out
        assert "case list" in kept.out
        assert "--q" in kept.out
        for secret in ("Wang", "13800000000", "示例"):
            assert secret not in kept.out

    def test_an_unknown_bug_is_not_found(self, shell: Shell) -> None:
        assert shell("help", "bug", "zzzz").status == 4

    def test_a_broken_catalogue_still_ends_without_a_traceback(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from cli import failure

        monkeypatch.setattr(failure, "tell", lambda *_: 1 / 0)
        said = shell("case", "shw")
        assert said.status == 1
        assert said.err.startswith("FM-X001")


class TestNouns:
    @pytest.mark.parametrize("name", sorted(nouns()))
    def test_the_table_of_verbs_is_what_the_modules_offer(self, name: str) -> None:
        command = typer.main.get_command(import_module(f"cli.commands.{nouns()[name].module}").app)
        assert tuple(getattr(command, "commands", ())) == nouns()[name].verbs

    def test_every_command_module_stands_in_the_table(self) -> None:
        there = {path.stem if path.suffix else path.name for path in (ROOT / "cli" / "commands").iterdir()}
        assert there - {"__init__", "__pycache__"} == {noun.module for noun in nouns().values()}


class TestTheProgram:
    def test_help_status_and_pipes(self, station: Shell) -> None:
        assert station.program("--help").status == 0
        assert station.program("nonsense").status == 2
        assert station.program("case", "show", "26-99999-9", "--as", "dsp-01").status == 4

    def test_alone_it_says_where_you_are(self, station: Shell) -> None:
        said = station.program()
        assert said.status == 0
        assert "folkmoot.db" in said.out
        assert said.out.count("folkmoot ") >= 3

    def test_alone_without_a_store_it_says_how_to_make_one(self, shell: Shell) -> None:
        said = shell.program(env={"FOLKMOOT_DATABASE_URL": "sqlite:///none.db"})
        assert said.status == 0
        assert "FM-N003" in said.out
        assert "folkmoot demo" in said.out
        assert list(shell.folder.glob("*.db")) == []

    def test_a_reader_that_goes_away_is_no_error(self, station: Shell) -> None:
        import subprocess

        from tests.support.commandline import PROGRAM

        with subprocess.Popen(  # noqa: S603
            [*PROGRAM, "help", "settings"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            errors = process.stderr.read()
            process.stderr.close()
        assert (process.returncode, errors) == (0, b"")

    def test_one_document_whatever_happens(self, station: Shell) -> None:
        for typed in (
            ["desk"],
            ["case", "list"],
            ["case", "show", "1"],
            ["worker", "--once"],
            ["help"],
            ["whoami"],
        ):
            said = station.program(*typed, "--json", "--as", "dsp-01")
            json.loads(said.out)
