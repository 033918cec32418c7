"""`folkmoot import`: batches of imported cases."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads, writes
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

app = noun("import")
Batch = Annotated[str, typer.Argument(help="BATCH: such as B-3")]
COLUMNS = (
    Column("batch"),
    Column("name", flex=True, head="register"),
    Column("status"),
    Column("read", right=True),
    Column("landed", right=True),
    Column("rejected", right=True),
    Column("landed_at"),
    Column("by"),
)


@reads(app, "list", example="folkmoot import list", without="limit")
def list_(call: Call) -> None:
    """Batches, the newest first."""
    from engine.service import importing

    columns = [
        replace(c, cell=lambda row: call.time(row["at"])) if c.key == "landed_at" else c for c in COLUMNS
    ]
    call.table(call.read(importing.list_batches), columns, empty=call.word("no_batches"))


@reads(app, "show", example="folkmoot import show B-3", without="csv limit")
def show(call: Call, batch: Batch) -> None:
    """One batch, and whether it can still be withdrawn."""
    from engine.service import importing

    answer = call.read(importing.show_batch, batch=batch)
    counts = {name: answer.get(name, 0) for name in ("read", "landed", "closed", "open")}

    call.page(answer, lambda page: _shown(call, page, answer, counts))


def _shown(call: Call, page: Page, answer: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    page.line(joined(answer["batch"], answer["name"], answer["by"], call.time(answer["at"])), "strong")
    page.line(" " + call.word("register_landed", **counts))
    page.line(" " + call.word("batch_worked_on", n=answer["worked_on"]))


@writes(app, "withdraw", example="folkmoot import withdraw B-3", without="ask at done_by key")
def withdraw(call: Call, batch: Batch) -> None:
    """Take a batch out again, its cases with it; only while nobody has worked on them."""
    from engine.service import importing

    held = call.engine.read(importing.show_batch, call.caller, batch=batch)
    call.agree("FM-U004", count=held.get("landed", 0))
    answer = call.write(importing.withdraw, batch=batch)
    word = "batch_would_go" if call.dry_run else "batch_withdrawn"
    call.page(answer, lambda page: page.line(call.word(word, **answer)))
