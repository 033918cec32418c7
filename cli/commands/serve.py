"""`folkmoot serve`: becomes the HTTP door, which is a program of its own."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.call import Call
from cli.command import plain, single

app = single()


@plain(app, "serve", example="folkmoot serve --port 8080")
def serve(
    call: Call,
    host: Annotated[
        str, typer.Option(help="ADDRESS: where to listen; from outside only with a token")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="NUMBER: 0 takes a free one")] = 8080,
    workers: Annotated[int, typer.Option(help="N: processes, on PostgreSQL only")] = 1,
    worker: Annotated[
        bool | None, typer.Option("--worker/--no-worker", help="look at deadlines too (a SQLite file: yes)")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="sample data and a clock of its own, for trying out programs")
    ] = False,
    keep: Annotated[Path | None, typer.Option(help="FILE: a new one, in which the sandbox stays")] = None,
) -> None:
    """Answer over HTTP until SIGTERM or Ctrl-C; then finish what is in hand and end with status 0."""
    given = ["--host", host, "--port", str(port), "--workers", str(workers)]
    if worker is not None:
        given.append("--worker" if worker else "--no-worker")
    if sandbox or keep:
        given += ["--sandbox", *(["--keep", str(keep)] if keep else [])]
    if call.common.json:
        given.append("--json")
    become(call, given)


def become(call: Call, given: list[str]) -> None:
    """This very process goes on as `python -m api`; what the settings say goes along in its environment."""
    environment = {
        **os.environ,
        "FOLKMOOT_DATABASE_URL": call.settings.database_url,
        "FOLKMOOT_LANG": call.lang,
    }
    sys.stdout.flush()
    # -P: a folder named api where it is started is not what is meant
    os.execve(sys.executable, [sys.executable, "-P", "-m", "api", *given], environment)  # noqa: S606 - itself
