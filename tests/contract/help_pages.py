"""Writes every help page to ``tests/data/cli_help``: ``python -m tests.contract.help_pages``.

The pages are kept so that a change of the command line shows in a review, and are checked to be fresh.
"""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import typer.main
from typer.testing import CliRunner

from cli.main import app
from cli.nouns import nouns

FOLDER = Path(__file__).parents[1] / "data" / "cli_help"


def commands() -> Iterator[tuple[str, ...]]:
    """Every noun, and every verb behind it."""
    yield ()
    for name, noun in nouns().items():
        yield (name,)
        command = typer.main.get_command(import_module(f"cli.commands.{noun.module}").app)
        for verb in getattr(command, "commands", {}):
            yield (name, verb)


def page(command: tuple[str, ...], lang: str) -> str:
    """The help of a command as it looks in 80 columns."""
    env = {"COLUMNS": "80", "LC_ALL": "C.UTF-8", "FOLKMOOT_LANG": None}
    return CliRunner().invoke(app, ["--lang", lang, *command, "--help"], env=env).stdout


def book(name: str, lang: str) -> str:
    """All pages of one noun."""
    mine = [command for command in commands() if (command[:1] or ("folkmoot",)) == (name,)]
    return "\n".join(page(command, lang) for command in mine)


def books() -> Iterator[tuple[Path, str]]:
    for name in ("folkmoot", *nouns()):
        for lang in ("en", "zh"):
            yield FOLDER / f"{name}.{lang}.txt", book(name, lang)


def main() -> None:
    os.chdir(FOLDER.parents[2])
    FOLDER.mkdir(exist_ok=True)
    wanted = dict(books())
    for path in FOLDER.glob("*.txt"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
