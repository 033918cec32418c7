"""Cases that belong together: linked, joined into one, taken apart again."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import show
from cli.call import Call
from cli.command import reads, writes
from cli.commands.case.app import app
from cli.commands.case.reading import Ref
from cli.option import IfVersion
from cli.output.page import Page
from cli.output.table import Column


@writes(
    app, "link", example="folkmoot case link 26-04102-0 26-04089-2 --kind duplicate_of", without="ask key"
)
def link(
    call: Call,
    ref: Ref,
    other: Annotated[str, typer.Argument(help="the other case")],
    kind: Annotated[str, typer.Option(help="KIND: as the vocabulary names them")],
) -> None:
    """Link two cases, seen from both."""
    from engine.service import link as service

    answer = call.write(service.link, ref=call.references([ref])[0], kind=kind, other=other)
    call.page(answer, lambda page: show.saved(call, page, answer))


@writes(app, "merge", example="folkmoot case merge 26-04102-0 --into 26-04089-2 --dry-run")
def merge(
    call: Call,
    ref: Ref,
    into: Annotated[str, typer.Option(help="REF: the case that goes on")],
    kind: Annotated[str | None, typer.Option(help="KIND: how it is linked, where there are several")] = None,
    if_version: IfVersion = None,
) -> None:
    """Join a case to another that goes on; the earliest deadline governs. --dry-run shows which."""
    from engine.service import merging

    answer = call.write(
        merging.merge, ref=call.references([ref])[0], into=into, kind=kind, if_version=if_version
    )
    call.page(answer, lambda page: _merged(call, page, answer))


def _merged(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    show.saved(call, page, answer)
    if "case" not in answer:
        return
    ref, into = answer["case"]["ref"], answer["into"]
    page.line(call.word("merged_into", ref=ref, into=into), "strong")
    for warning in answer["warnings"]:
        page.line(f"  {warning}", "strong")
    for clock in answer["clocks"]:
        own, brought = (_ends(call, clock[name]) for name in ("own_due_at", "brought_due_at"))
        about = {"clock": clock["title"], "due": show.due(call, clock), "of": clock["governs"]}
        page.line("  " + call.word("governs", ref=ref, into=into, own=own, brought=brought, **about))
    if not answer["clocks"]:
        page.line("  " + call.word("no_shared_clock"))


def _ends(call: Call, at: str | None) -> str:
    return show.due(call, {"due_at": at}) if at else call.word("clock_open_pause")


@writes(app, "unmerge", example='folkmoot case unmerge 26-04102-0 --reason "two fights"')
def unmerge(call: Call, ref: Ref, if_version: IfVersion = None) -> None:
    """Take a joined case apart again: both stand as if they had never been one."""
    from engine.service import merging

    answer = call.write(merging.unmerge, ref=call.references([ref])[0], if_version=if_version)
    call.page(answer, lambda page: _apart(call, page, answer))


def _apart(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    show.saved(call, page, answer)
    if "case" not in answer:
        return
    left = ", ".join(answer["left"])
    page.line(call.word("taken_apart", ref=answer["case"]["ref"], left=left), "strong")
    for clock in answer["clocks"]:
        due = show.due(call, clock) or call.word("clock_open_pause")
        page.line("  " + call.word("runs_apart", ref=clock["ref"], clock=clock["title"], due=due))


@reads(app, "similar", example="folkmoot case similar 26-04102-0", without="limit")
def similar(call: Call, ref: Ref) -> None:
    """Open cases that it may repeat, with the reasons; a person says whether."""
    from engine.service import similar as service

    def one(number: str) -> None:
        answer = call.read(service.similar_cases, ref=number)
        call.table(answer, _alike(call), empty=call.word("no_similar"))

    call.each(ref, one)


def _alike(call: Call) -> tuple[Column, ...]:
    return (
        Column("ref"),
        Column("state", cell=lambda row: row["state_title"]),
        Column("filed_at", cell=lambda row: call.time(row["filed_at"]), head="filed"),
        Column("points", right=True),
        Column("because", flex=True, least=24),
    )
