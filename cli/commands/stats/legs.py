"""`folkmoot stats legs`: from the call to the report back."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, key_column, measures
from cli.output.moment import span
from cli.output.page import Page
from cli.output.table import Column


@measures("legs", example="folkmoot stats legs --type service_request --by unit --filed 2026-10..")
def legs(
    call: Call,
    asked: Asked,
    from_receipt: Annotated[
        bool, typer.Option("--from-receipt", help="each from the report, not from the moment before it")
    ] = False,
) -> None:
    """Receive, sign, set off, arrive, report back: how long each took; what nobody recorded stays blank."""
    from engine.analytics import legs as measure

    answer = call.read(measure.legs, **asked, from_receipt=from_receipt)
    call.figures(answer, lambda page: show_legs(call, page, answer))


def show_legs(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not shown.head(call, page, answer):
        return
    rows = [{"key": group["key"], **leg} for group in answer["groups"] for leg in group["legs"] or ()]
    word = "leg.receipt" if answer["from_receipt"] else "leg"
    columns = [
        *map(key_column, answer["groups"][0]["key"]),
        Column("leg", cell=lambda row: call.word(f"{word}.{row['leg']}"), head="leg_head"),
        Column("n", right=True, cell=lambda row: shown.count(call, row["n"]), head="leg_measured"),
        Column("buckets", cell=lambda row: buckets(call, row), head="leg_buckets", flex=True, least=24),
        Column("p50_s", right=True, cell=lambda row: _time(call, row["p50_s"]), head="share_p50_s"),
        Column("p90_s", right=True, cell=lambda row: _time(call, row["p90_s"]), head="share_p90_s"),
        *(_apart(call, name) for name in ("waiting", "blank", "backwards")),
    ]  # fmt: skip
    if not rows:
        page.line(call.word("stats_too_few"))
        shown.public(call, page, answer)
        return
    page.table(columns, rows, [call.word(column.head or column.key) for column in columns])
    page.line(call.word("leg_note"))
    if any(group.get("few") for group in answer["groups"]):
        page.line(call.word("stats_few"))
    if answer.get("public"):
        page.line(call.word("stats_public"))


def _apart(call: Call, name: str) -> Column:
    """How many of a leg's cases are not measured, for one reason."""
    return Column(
        f"n_{name}", right=True, cell=lambda row: shown.count(call, row[f"n_{name}"]), head=f"leg_{name}"
    )


def buckets(call: Call, leg: Mapping[str, Any]) -> str:
    """``0-30 s 4 (50 %), 30-60 s 4 (50 %)``, those with something in them."""
    told = []
    for one in leg["buckets"]:
        if one["n"]:
            share = f" ({100 * one['n'] / leg['n']:.0f} %)" if leg["n"] else ""
            told.append(f"{bounds(call, one)} {one['n']}{share}")
    return ", ".join(told) or "-"


def bounds(call: Call, bucket: Mapping[str, Any]) -> str:
    low, high = bucket["from_s"], bucket["until_s"]
    return f"> {span(low, call.lang)}" if high is None else f"{span(low, call.lang)}-{span(high, call.lang)}"


def _time(call: Call, seconds: int | None) -> str:
    return "-" if seconds is None else span(seconds, call.lang)
