"""The options that families of commands share, and the moments and limits they carry."""

from typing import Annotated, Any

import typer

from cli import globals as common

Csv = Annotated[bool, typer.Option("--csv", help="comma-separated values with a head")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="one JSON document a line")]
Limit = Annotated[str, typer.Option("--limit", help="N|all: how many rows")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="TIME: as it stood then")]

DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="do all checks, save nothing")]
DoneBy = Annotated[str | None, typer.Option("--done-by", help="CODE: who did it, when you only enter it")]
At = Annotated[str | None, typer.Option("--at", help="TIME: when it happened (now)")]
Reason = Annotated[str | None, typer.Option("--reason", help="TEXT: why")]
Key = Annotated[
    str | None, typer.Option("--key", help="KEY: repeat safely; same key, same answer, done once")
]
Ask = Annotated[bool, typer.Option("--ask", help="send it to the approver where it needs one")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="answer y to the question")]
IfVersion = Annotated[
    int | None, typer.Option("--if-version", help="N: only if the case still has this version")
]

From = Annotated[str | None, typer.Option("--from", help="FILE|-: read it from a file or from stdin")]

Family = dict[str, tuple[Any, Any]]  # name -> (annotation, default)

EVERYWHERE: Family = {
    name: (annotation, False if name == "json" else None) for name, annotation in common.ANNOTATIONS.items()
}
READING: Family = {
    "csv": (Csv, False),
    "jsonl": (JsonLines, False),
    "limit": (Limit, "50"),
}
LOOKING_BACK: Family = {**READING, "as_of": (AsOf, None)}
WRITING: Family = {
    "dry_run": (DryRun, False),
    "done_by": (DoneBy, None),
    "at": (At, None),
    "reason": (Reason, None),
    "key": (Key, None),
    "ask": (Ask, False),
    "yes": (Yes, False),
}

# told to the command itself, never passed on to a service
OF_THE_DOOR = frozenset({"csv", "jsonl", "yes", "dry_run"})
