"""`folkmoot import`: batches of imported cases."""

from typing import Annotated

import typer

from cli.call import Call
from cli.command import noun, reads, writes
from cli.output.table import Column

app = noun("import")
Batch = Annotated[str, typer.Argument(help="BATCH: such as B-3")]
COLUMNS = (
    Column("batch"),
    Column("status"),
    Column("read", right=True),
    Column("landed", right=True),
    Column("open", right=True),
    Column("rejected", right=True),
    Column("by"),
    Column("at"),
    Column("name", flex=True),
)


@reads(app, "list", example="folkmoot import list")
def list_(call: Call) -> None:
    """Batches, the newest first."""
    from engine.service import importing

    call.table(call.read(importing.list_batches), COLUMNS, empty=call.word("no_batches"))


@reads(app, "show", example="folkmoot import show B-3")
def show(call: Call, batch: Batch) -> None:
    """One batch, and whether it can still be withdrawn."""
    from engine.service import importing

    answer = call.read(importing.show_batch, batch=batch)
    counts = {name: answer.get(name, 0) for name in ("read", "landed", "closed", "open")}

    def page(made: object) -> None:
        made.line(f"{answer['batch']}  {answer['name']}  {answer['by']}  {call.time(answer['at'])}", "strong")  # type: ignore[attr-defined]
        made.line(" " + call.word("register_landed", **counts))  # type: ignore[attr-defined]
        made.line(" " + call.word("batch_worked_on", n=answer["worked_on"]))  # type: ignore[attr-defined]

    call.page(answer, page)


@writes(app, "withdraw", example="folkmoot import withdraw B-3")
def withdraw(call: Call, batch: Batch) -> None:
    """Take a batch out again, its cases with it; only while nobody has worked on them."""
    from engine.service import importing

    held = call.read_only(importing.show_batch, batch=batch)
    call.agree("FM-U004", count=held.get("landed", 0))
    answer = call.write(importing.withdraw, batch=batch)
    call.page(answer, lambda page: page.line(call.word("batch_withdrawn", **answer)))
