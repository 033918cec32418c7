"""The console entry: `folkmoot <noun> <verb>`."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from cli import globals as common
from cli.globals import As, Db, Json, Lang, Server
from cli.group import Program

app = typer.Typer(
    name="folkmoot", cls=Program, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


@app.callback(invoke_without_command=True)
def start(
    ctx: typer.Context,
    db: Db = None,
    server: Server = None,
    as_: As = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    common.remember(ctx, db, server, as_, lang, json)
    if ctx.invoked_subcommand is None:
        from cli.call import Call
        from cli.commands.whoami import show_place

        with Call(common.of(ctx), {}) as call:
            show_place(call)


def run() -> None:
    """What `folkmoot` on the command line calls. No traceback ever leaves it."""
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # else every installed package is looked through
    gc.set_threshold(
        200_000, 20, 20
    )  # imports make no garbage, and most commands end before this many objects
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    with _ended_well():
        app()


@contextmanager
def _ended_well() -> Iterator[None]:
    """A worker that is stopped before it listens to signals itself has nothing in hand: it ends with status 0."""
    if "worker" not in sys.argv[1:]:
        yield
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, frame: FrameType | None) -> None:
    del number, frame
    sys.exit(0)
