"""The options that families of commands share, and the moments and limits they carry."""

from collections.abc import Sequence
from copy import copy
from typing import Annotated, Any, get_args

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


def hidden(family: Family, names: Sequence[str]) -> Family:
    """The family with some options left out of help. Typed nevertheless, they are told as fitting nowhere."""
    return family | {name: _otherwise(family[name], hidden=True) for name in names}


def told(family: Family, name: str, said: str) -> Family:
    """The family with one option's help said otherwise."""
    return family | {name: _otherwise(family[name], help=said)}


def _otherwise(declared: tuple[Any, Any], **changed: Any) -> tuple[Any, Any]:
    annotation, default = declared
    kind, option = get_args(annotation)
    other = copy(option)
    for name, value in changed.items():
        setattr(other, name, value)
    return Annotated[kind, other], default


# told to the command itself, never passed on to a service
OF_THE_DOOR = frozenset({"csv", "jsonl", "yes", "dry_run"})
