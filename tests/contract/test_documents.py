"""What the documents name is there: files, functions, tests, commands, make targets, rooms, tables, decisions."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from cli.nouns import nouns
from tests.support.console import blocks, typed

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
EVERY = (
    *PAGES,
    "docs/law.md",
    "docs/routing.md",
    "docs/charts.md",
    "docs/figures.md",
    *(str(path.relative_to(ROOT)) for path in DECISIONS),
)


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


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


class TestCommands:
    @pytest.mark.parametrize("page", EVERY)
    def test_that_are_named_exist_with_their_options(self, page: str) -> None:
        assert [line for line in commands(read(page)) if not _is_command(line)] == []

    def test_one_that_is_not_there_would_be_found(self) -> None:
        text = "`folkmoot nothing`, `case fly`, `case history --sideways`\n```sh\nfolkmoot desk\n```"
        assert [line for line in commands(text) if not _is_command(line)] == [
            ["nothing"],
            ["case", "fly"],
            ["case", "history", "--sideways"],
        ]

    def test_every_target_of_make_stands_in_the_table(self) -> None:
        targets = re.findall(r"^([a-z-]+):.*##", read("Makefile"), flags=re.MULTILINE)
        table = re.findall(r"^\| `make ([a-z-]+)`", read("CONTRIBUTING.md"), flags=re.MULTILINE)
        assert sorted(table) == sorted(set(targets) - {"help", "clean", "lint", "types", "contracts"})


def commands(text: str) -> list[list[str]]:
    """Every command in code, without its values: nouns, verbs and long options.

    With ``folkmoot`` before it, or a code span that begins with a noun and goes on.
    """
    code = [
        *re.findall(r"`([^`\n]+)`", text),
        *chain.from_iterable(block.splitlines() for block in blocks(text, "sh")),
        *(one.command for block in blocks(text, "console") for one in typed(block)),
    ]
    found = []
    for line in code:
        words = line.split("  #")[0].split()
        named = bool(words) and words[0].split("/")[-1] == "folkmoot"
        words = words[1:] if named else words
        plain = list(_plain(words))
        if (named and plain) or (len(words) > 1 and words[0] in nouns() and words[1].isalpha()):
            found.append(plain)
    return found


def _plain(words: list[str]) -> Iterator[str]:
    """The command's own words; global options go, with the value that two of them take."""
    left = iter(words)
    for word in left:
        if word in ("--as", "--db", "--lang"):
            next(left, None)
        elif re.fullmatch(r"(--)?[a-z-]+", word) and word not in ("--json", "--help", "--server"):
            yield word


def _is_command(words: list[str]) -> bool:
    noun, *rest = words
    if noun.startswith("--"):
        return True
    if noun not in nouns():
        return False
    verbs = nouns()[noun].verbs
    if verbs and rest and not rest[0].startswith("--") and rest[0] not in verbs:
        return False
    page = read(f"tests/data/cli_help/{noun}.en.txt")
    return all(re.search(rf"{word}\b", page) for word in rest if word.startswith("--"))


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
    def test_the_life_of_a_command_names_what_there_is(self) -> None:
        life = read("ARCHITECTURE.md").split("## The life of one command")[1].split("```")[1]
        told = [re.split(r"\s{2,}", line.strip())[0] for line in life.strip().splitlines()]
        names = {name for first in told for name in re.findall(r"\b[A-Za-z_]+\b(?![./])", first)}
        source = "".join(
            path.read_text("utf-8") for room in ("engine", "cli") for path in (ROOT / room).rglob("*.py")
        )
        words = {"commit", "then", "the", "answer", "py"}
        missing = {n for n in names - words if not re.search(rf"\b(?:def|class) {n}\b", source)}
        assert missing == set()

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
