"""Help: every page fresh, in two languages, in 80 columns, with an example that the program understands."""

import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cli.manual import chinese
from cli.nouns import nouns
from cli.output.width import width
from tests.contract import help_pages
from tests.support.commandline import Shell

COMMANDS = list(help_pages.commands())


def _verbs() -> list[tuple[str, Any]]:
    """Dotted path and command of everything that can be run."""
    found: list[tuple[str, Any]] = []
    for name, noun in nouns().items():
        command = typer.main.get_command(import_module(f"cli.commands.{noun.module}").app)
        verbs = getattr(command, "commands", None)
        found += [(f"{name}.{verb}", one) for verb, one in verbs.items()] if verbs else [(name, command)]
    return found


VERBS = dict(_verbs())


class TestPages:
    @pytest.mark.parametrize("name", ["folkmoot", *nouns()])
    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_the_kept_pages_are_fresh(
        self, name: str, lang: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        kept = help_pages.FOLDER / f"{name}.{lang}.txt"
        assert kept.read_text("utf-8") == help_pages.book(name, lang), "python -m tests.contract.help_pages"

    def test_no_page_is_wider_than_80_columns(self) -> None:
        lines = [
            line for file in help_pages.FOLDER.glob("*.txt") for line in file.read_text("utf-8").split("\n")
        ]
        assert [line for line in lines if width(line) > 80] == []

    @pytest.mark.parametrize(
        ("command", "refused"),
        [
            (("approval", "grant", "A-1"), ["--ask", "--at", "--done-by"]),
            (("workflow", "activate", "dispute_mediation"), ["--ask", "--at", "--done-by", "--reason"]),
            (("person", "back", "off-03"), ["--ask", "--reason"]),
            (("case", "note", "26-00001-0"), ["--ask", "--reason"]),
        ],
    )
    def test_help_shows_no_option_that_the_verb_refuses(
        self, command: tuple[str, ...], refused: list[str]
    ) -> None:
        shown = set(help_pages.page(command[:2], "en").split())
        assert shown.isdisjoint(refused)
        assert "--dry-run" in " ".join(shown)

    def test_a_required_option_is_marked(self) -> None:
        for lang, mark in (("en", "(required)"), ("zh", "(必填)")):
            page = help_pages.page(("person", "end"), lang).split("\n")
            assert page[0] == "folkmoot person end PERSON --role ROLE [--..]"
            assert [line.split()[0] for line in page if line.endswith(mark)] == ["--role"]

    @pytest.mark.parametrize("command", [("report", "run"), ("case", "paper"), ("org", "export")])
    def test_what_writes_a_file_lists_no_rows(self, command: tuple[str, str]) -> None:
        assert {"--csv", "--jsonl", "--limit"}.isdisjoint(help_pages.page(command, "en").split())

    @pytest.mark.parametrize(
        "typed",
        ["case show R", "case next R", "case proposals R", "approval show A-1", "clock explain R x", "import show B-1",
         "person show P", "unit show S-001", "routing explain R", "report show weekly", "case status X"],
    )  # fmt: skip
    def test_a_page_lists_no_columns_and_no_limit(self, typed: str, shell: Shell) -> None:
        words = typed.split()
        assert {"--csv", "--limit"}.isdisjoint(help_pages.page((words[0], words[1]), "en").split())
        assert "FM-U071" in shell(*words, "--limit", "3", "--as", "chf-01").err

    @pytest.mark.parametrize(
        ("lang", "said"), [("en", "when the act happened, if that"), ("zh", "该步实际发生的时间")]
    )
    def test_a_correction_says_that_its_time_is_the_acts(self, lang: str, said: str) -> None:
        assert said in help_pages.page(("case", "correct"), lang)

    def test_the_first_page_lists_every_noun(self) -> None:
        page = help_pages.page((), "en")
        assert all(f"  {name} " in page for name in nouns())

    def test_the_first_page_loads_no_command_and_no_library_of_the_engine(self, shell: Shell) -> None:
        code = "import sys\nfrom cli.main import app\ntry: app(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
        import subprocess
        import sys

        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        loaded = set(done.stdout.split("\n")[-2].split())
        heavy = {"sqlalchemy", "sqlmodel", "pydantic", "rich", "transitions", "cel_expr_python", "asyncio"}
        assert not loaded & heavy
        assert not [
            name for name in loaded if name.startswith(("cli.commands.", "engine.service", "engine.machine"))
        ]


class TestCompleteness:
    def test_every_command_says_what_it_does_in_both_languages(self) -> None:
        assert [path for path, one in VERBS.items() if not one.help] == []
        assert [path for path in VERBS if path not in chinese()] == []

    def test_every_option_and_argument_is_explained_in_both_languages(self) -> None:
        known = [
            (path, param.name.strip("_"), param.help) for path, one in VERBS.items() for param in one.params
        ]
        assert [f"{path}.{name}" for path, name, text in known if not text] == []
        assert [
            f"{path}.{name}"
            for path, name, _ in known
            if not {f"{path}.{name}", f"option.{name}"} & chinese().keys()
        ] == []

    def test_no_chinese_help_is_left_over(self) -> None:
        options = {f"{path}.{param.name.strip('_')}" for path, one in VERBS.items() for param in one.params}
        shared = {f"option.{param.name.strip('_')}" for one in VERBS.values() for param in one.params}
        assert sorted(set(chinese()) - set(VERBS) - options - shared) == []

    @pytest.mark.parametrize("path", VERBS)
    def test_every_command_has_an_example_that_can_be_read(self, path: str) -> None:
        command = VERBS[path]
        assert command.example, path
        for line in command.example.split("\n"):
            words = shlex.split(line.removeprefix('eval "$(').removesuffix(')"').partition(" > ")[0])
            assert words[0] == "folkmoot"
            rest = words[words.index(path.split(".")[-1]) + 1 :]
            command.make_context(path, rest)


class TestTopics:
    def test_every_topic_stands_in_both_languages_and_fits(self, shell: Shell) -> None:
        from cli.commands.help import topics

        assert {"exit", "references", "times"} <= set(topics())
        for topic in topics():
            for lang in ("en", "zh"):
                said = shell("help", topic, "--lang", lang)
                assert said.status == 0
                assert all(width(line) <= 80 for line in said.out.split("\n"))

    def test_a_code_is_explained(self, shell: Shell) -> None:
        said = shell("help", "fm-r101")
        assert "FM-R101" in said.out
        assert "exit 3, HTTP 403" in said.out

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_a_code_that_quotes_a_definition_is_explained_without_the_quotation(
        self, shell: Shell, lang: str
    ) -> None:
        said = shell("help", "FM-R202", "--lang", lang).out
        assert "{" not in said
        assert len(said) > 40

    def test_an_unknown_topic_lists_those_there_are(self, shell: Shell) -> None:
        said = shell("help", "nonsense")
        assert (said.status, "references" in said.err) == (2, True)


class TestCompletion:
    @pytest.mark.parametrize("kind", ["bash", "zsh", "fish", "powershell"])
    def test_there_is_a_script_for_the_shell(self, shell: Shell, kind: str) -> None:
        assert "_FOLKMOOT_COMPLETE" in shell("completion", kind).out

    def test_an_unknown_shell_is_told(self, shell: Shell) -> None:
        assert shell("completion", "tcsh").status == 2

    def test_the_shell_is_offered_nouns_and_verbs(self, shell: Shell) -> None:
        asks = {"_FOLKMOOT_COMPLETE": "complete_bash", "COMP_WORDS": "folkmoot ca", "COMP_CWORD": "1"}
        assert shell.program(env=asks).out.split() == ["case", "calendar"]
        verbs = {"_FOLKMOOT_COMPLETE": "complete_bash", "COMP_WORDS": "folkmoot case sh", "COMP_CWORD": "2"}
        assert shell.program(env=verbs).out.split() == ["show"]


def test_as_of_is_offered_only_where_it_means_something(shell: Shell) -> None:
    assert "--as-of" in shell("stats", "durations", "--help").out
    for command in (("case", "list"), ("desk",), ("unit", "list")):
        assert "--as-of" not in shell(*command, "--help").out
