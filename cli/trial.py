"""Whole commands to try on a database, which work from any folder."""

import shlex
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.demo import Played

NAME = "folkmoot"


def program() -> str:
    """The program as it was started, with its whole path; else where it is installed."""
    started = Path(sys.argv[0])
    beside = Path(sysconfig.get_path("scripts")) / NAME
    for path in (started.absolute(), beside):
        if path.name == NAME and path.is_file():
            return str(path)
    return shutil.which(NAME) or NAME


def commands(path: Path, lang: str | None, played: "Played") -> list[str]:
    """Five lines: a desk, what can be done on a case, a history, a deadline explained, how long it takes."""
    given = [program(), "--db", str(path), *(["--lang", lang] if lang else [])]
    desk = ["--as", played.dispatcher, "desk"]
    durations = ["stats", "durations", "--by", "unit"]
    found = [desk]
    if played.example:
        found.append(["--as", played.example.holder, "case", "next", played.example.ref])
    if played.story:
        found.append(["case", "history", played.story, "--verify"])
    if played.example:
        found.append(["clock", "explain", played.example.ref, played.example.clock])
    spare = [["--as", played.head, "approval", "list"], ["case", "list"], ["stats", "durations", "--chart"]]
    return [shlex.join([*given, *words]) for words in [*found, durations, *spare][:5]]
