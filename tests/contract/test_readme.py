"""The README: what it prints is what comes out, what it quotes stands there, and it begins as promised."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.support.console import Typed, blocks, fits, run, typed

ROOT = Path(__file__).parents[2]
ENV = {"FOLKMOOT_NOW": "2026-11-23T08:05:00+08:00"}


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def section(title: str) -> str:
    """A part of the README, without its heading."""
    return read("README.md").split(f"\n## {title}\n")[1].split("\n## ")[0]


def wrong(commands: Iterable[Typed], folder: Path) -> str:
    """The commands that print something else than the document says, with what they print."""
    ran = ((command, run(command, folder, ENV)) for command in commands)
    return "\n".join(
        "\n".join([f"$ {command.command}", *said]) for command, said in ran if not fits(command.printed, said)
    )


def sessions(section: str) -> Iterator[Typed]:
    """Every command of a part of the README, in order."""
    return chain.from_iterable(typed(block) for block in blocks(section, "console"))


def python(example: str, folder: Path) -> tuple[list[str], str]:
    """What a Python example prints, and what it complains of."""
    ran = subprocess.run(  # noqa: S603 - the README's own example
        [sys.executable, "-c", example],
        cwd=folder,
        env={**ENV, "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout.splitlines(), ran.stderr


class TestReadme:
    def test_every_command_and_the_example_print_what_is_printed(self, tmp_path: Path) -> None:
        """The part that makes a store first, then the others in order, all in one folder."""
        begin = section("Start your own")
        rest = read("README.md").replace(begin, "")
        for part in (begin, rest):
            found = wrong(sessions(part), tmp_path)
            assert not found, found
        (example,) = blocks(rest, "python")
        promised = [line.split("  # ")[1] for line in example.splitlines() if "print(" in line]
        assert python(example, tmp_path) == (promised, "")

    def test_excerpts_of_the_workflow_stand_in_it(self) -> None:
        shipped = read("workflows/dispute_mediation/workflow.yaml")
        excerpts = list(
            chain.from_iterable(block.split("# ...\n") for block in blocks(read("README.md"), "yaml"))
        )
        assert excerpts
        assert [excerpt for excerpt in excerpts if excerpt not in shipped] == []

    def test_the_table_of_states_is_the_generated_one(self) -> None:
        rows = [line for line in read("README.md").splitlines() if line.startswith("|")]
        page = read("workflows/dispute_mediation/README.md").splitlines()
        assert len(rows) > 4
        assert [row for row in rows if row not in page] == []

    def test_the_number_of_states_is_that_of_the_page(self) -> None:
        (told,) = re.findall(r"Some of the (\d+) states", read("README.md"))
        assert f"- {told} states," in read("workflows/dispute_mediation/README.md")

    def test_it_begins_with_one_sentence_then_the_law(self) -> None:
        first = read("README.md").split("```yaml")[0]
        assert first.count("\n## ") == 0
        assert len(first.strip().splitlines()[2].split(". ")) == 1

    def test_no_badges(self) -> None:
        assert "![" not in read("README.md")


class TestSessions:
    """The way in which a document's sessions are compared."""

    def test_dots_stand_for_the_rest_of_a_line_or_for_lines(self) -> None:
        said = ["26-00001-0  receipt EXSM-7Y", "one", "two", "end"]
        assert fits(["26-00001-0  receipt ..", "..", "end"], said)
        assert fits(["26-00001-0  receipt EXSM-7Y", "one", "two", "end", ".."], said)

    @pytest.mark.parametrize(
        "printed", [["a", "b"], ["a", "c"], ["a"], ["a", "b", "c", "d"], ["b", ".."], [], ["a..", "c"]]
    )
    def test_anything_else_is_compared(self, printed: list[str]) -> None:
        assert not fits(printed, ["a", "b", "c"])

    def test_a_session_is_read_as_it_was_typed(self, tmp_path: Path) -> None:
        (command,) = typed("$ cat\n> one\n> two\nprinted\n")
        assert (command.feed, command.printed) == (["one", "two"], ["printed"])
        assert run(command, tmp_path, {}) == ["one", "two"]
