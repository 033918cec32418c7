"""The noun `routing` and what its commands take alike."""

from typing import Annotated

import typer

from cli.command import noun

app = noun("routing")

Version = Annotated[
    str | None, typer.Option("--version", help="VERSION: label or hash, not the one in force")
]
Since = Annotated[str | None, typer.Option("--since", help="DAY: decisions from then on")]
Until = Annotated[str | None, typer.Option("--until", help="DAY: up to then")]
