"""What the documents say is so: commands print what is printed, excerpts are excerpts, links lead somewhere."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.support.console import Typed, blocks, fits, run, typed

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
ENV = {"FOLKMOOT_NOW": "2026-11-23T08:05:00+08:00"}
EVERY = (*PAGES, *(str(path.relative_to(ROOT)) for path in DECISIONS))


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


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


class TestLinks:
    @pytest.mark.parametrize("page", EVERY)
    def test_lead_to_a_file(self, page: str) -> None:
        found = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose(read(page)))
        missing = [
            link
            for link in found
            if not link.startswith(("http://", "https://", "mailto:"))
            and not ((ROOT / page).parent / link).exists()
        ]
        assert missing == []

    @pytest.mark.parametrize("page", EVERY)
    def test_paths_named_in_the_text_exist(self, page: str) -> None:
        """Code spans that are paths of this tree, like ``engine/machine/fold.py``; with ``<`` or ``*`` they are patterns."""
        tops = {path.name for path in ROOT.iterdir() if path.is_dir()}
        spans = re.findall(r"`([\w./-]+)(?:::[\w:]+)?`", read(page))
        named = [span for span in spans if "/" in span and span.split("/")[0] in tops]
        assert [span for span in named if not (ROOT / span).exists()] == []

    @pytest.mark.parametrize("page", EVERY)
    def test_names_in_the_code_exist(self, page: str) -> None:
        """Code spans like ``machine.decide.sweep``: a module of the engine, then a name it has."""
        named = re.findall(r"`((?:engine|workflows|cli)\.[\w.]+)`", read(page))
        assert [name for name in named if not _exists(name)] == []

    @pytest.mark.parametrize("page", EVERY)
    def test_targets_of_make_exist(self, page: str) -> None:
        targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
        named = set(
            re.findall(
                r"\bmake ([a-z-]+)", "\n".join(re.findall(r"`[^`]+`|^make .*$", read(page), re.MULTILINE))
            )
        )
        assert named - targets == set()

    @pytest.mark.parametrize("page", EVERY)
    def test_tests_named_in_the_text_exist(self, page: str) -> None:
        """``tests/x/test_y.py::TestZ::test_a``: the file has that class and that function."""
        named = [
            (file, name)
            for file, names in re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", read(page))
            for name in names.split("::")
        ]
        missing = [
            (file, name)
            for file, name in named
            if not re.search(rf"^\s*(?:class|def) {name}\b", read(file), re.MULTILINE)
        ]
        assert missing == []


def _exists(dotted: str) -> bool:
    """Whether a module, or a name at the top of one, stands in the tree; nothing is imported."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:cut])
        for source in (path.with_suffix(".py"), path / "__init__.py"):
            if source.is_file():
                rest = parts[cut:]
                text = source.read_text("utf-8")
                return all(re.search(rf"\b{name}\b", text) for name in rest)
    return False


class TestArchitecture:
    def test_lists_every_room_and_no_other(self) -> None:
        text = read("ARCHITECTURE.md")
        section = text.split("## The rooms")[1].split("\n## ")[0]
        told = set(re.findall(r"^\| `([\w/]+)/?` \|", section, flags=re.MULTILINE))
        rooms = {
            f"engine/{path.name}"
            for path in (ROOT / "engine").iterdir()
            if path.is_dir() and (path / "__init__.py").is_file()
        }
        assert told == rooms | {"engine", "workflows", "cli", "api", "features", "tests", "docs"}

    def test_the_index_names_every_decision(self) -> None:
        text = read("ARCHITECTURE.md")
        assert [path.name for path in DECISIONS if f"(docs/decisions/{path.name})" not in text] == []

    def test_every_table_is_told_and_no_other(self) -> None:
        from engine.persistence.table import METADATA

        section = read("ARCHITECTURE.md").split("## The data")[1].split("\n## ")[0]
        told = set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))
        assert told == set(METADATA.tables)


class TestDecisions:
    def test_there_are_some_and_their_numbers_run_on(self) -> None:
        assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
        assert DECISIONS

    @pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
    def test_each_has_the_five_parts_and_fills_them(self, path: Path) -> None:
        text = path.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == HEADINGS
        parts = re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]
        assert all(part.strip() for part in parts)

    @pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
    def test_each_names_what_enforces_it(self, path: Path) -> None:
        part = path.read_text("utf-8").split("## Enforced by")[1]
        assert re.search(r"`(tests/|features/|pyproject\.toml)", part)


class TestChangelog:
    def test_begins_with_what_is_not_released(self) -> None:
        assert re.search(r"^## Unreleased", read("CHANGELOG.md"), flags=re.MULTILINE)
