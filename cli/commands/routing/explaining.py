"""Why this person: one page about one decision."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli import show
from cli.call import Call
from cli.command import reads
from cli.commands.case.reading import Ref
from cli.commands.routing.app import app
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

WIDE = 12
PERSON = Column("person", head="ex_person")
LEVEL = Column("level", cell=lambda row: show.title(row, "level"))
Json = Mapping[str, Any]


@reads(app, "explain", example="folkmoot routing explain 26-04127-2", without="csv limit")
def explain(
    call: Call,
    ref: Ref,
    seat: Annotated[str | None, typer.Option(help="SEAT: which seat; the newest decision without it")] = None,
    decision: Annotated[int | None, typer.Option(help="N: an earlier decision, by its number")] = None,
) -> None:
    """Who was picked, by which rule, who else was considered, who was left out and why, as it was stored."""
    from engine.service.routing import explaining

    answer = call.read(explaining.explain, ref=call.references([ref])[0], seat=seat, decision=decision)
    call.page(answer, lambda page: _explained(call, page, answer))


def _explained(call: Call, page: Page, answer: Json) -> None:
    person = answer["person"] or call.word("nobody_chosen")
    page.line(joined(answer["ref"], answer["seat_title"], person, call.time(answer["at"])), "strong")
    page.line(call.humane(answer["sentence"]))
    _rule(call, page, answer)
    points = Column("points", head="ex_points", cell=lambda row: _points(call, row), flex=True, least=16)
    load = Column("load", right=True, cell=lambda row: f"{row['load']}/{row['cap']}" if "cap" in row else "")
    near = Column("rank", head="ex_near", cell=lambda row: _near(call, row))
    considered = (PERSON, Column("score", right=True), Column("unit"), LEVEL, near, load, points)
    rows = [{"person": c["person"], "score": c["score"], **c["terms"]} for c in answer["candidates"]]
    _table(call, page, considered, rows)
    _table(call, page, (PERSON, Column("text", head="out", flex=True, least=24)), answer["excluded"])
    why = Column("text", head="ex_fallen", flex=True, least=24)
    _table(call, page, (Column("unit"), LEVEL, why), answer["fallen"])
    if len(answer["decisions"]) > 1:
        _table(call, page, _decisions(call), answer["decisions"])
        page.talk.append(call.word("earlier_decisions", ref=answer["ref"]))


def _table(call: Call, page: Page, columns: Sequence[Column], rows: Sequence[Json]) -> None:
    if rows:
        page.line()
        page.table(columns, rows, [call.word(column.head or column.key) for column in columns])


def _decisions(call: Call) -> Sequence[Column]:
    return (
        Column("no", head="ex_no", right=True),
        Column("at", head="ex_at", cell=lambda row: call.time(row["at"])),
        Column("seat", head="ex_seat", cell=lambda row: show.title(row, "seat")),
        Column("person", head="ex_person", cell=lambda row: row["person"] or call.word("nobody_chosen")),
        Column("rule", head="ex_by_rule", flex=True, cell=lambda row: row["rule"] or "-"),
    )


def _rule(call: Call, page: Page, answer: Json) -> None:
    """What decided and what was asked of them."""
    table = answer["table"]
    version = joined(table["version"], table["hash"][:6]) if table else call.word("ex_no_table")
    page.item(call.word("ex_by_rule"), joined(answer["rule"], version), WIDE)
    for name in ("because", "basis", "against"):
        if answer[name]:
            page.item(call.word(f"ex_{name}"), answer[name], WIDE)
    for name, told in (("ex_read", answer["inputs_told"]), ("ex_wanted", answer["wanted_told"])):
        if told:
            said = (f"{one['title']} {one['value_title']}" for one in told)
            page.item(call.word(name), call.word("out.joint").join(said), WIDE)
    if "seed" in answer:
        page.item(call.word("ex_seed"), str(answer["seed"]), WIDE)
    page.item(call.word("ex_actor"), answer["actor"], WIDE)


def _near(call: Call, row: Json) -> str:
    """How many steps away the unit lies: the nearest that serves the place, or one beside it."""
    if row.get("neighbour"):
        return call.word("ex_beside")
    return call.word("ex_nearest") if row["rank"] == 0 else str(row["rank"] + 1)


def _points(call: Call, row: Json) -> str:
    """The terms of the score in thousandths, which add up to what the person is worth among those equally near."""
    return call.word("out.joint").join(
        f"{call.word('point_' + name)} {value}" for name, value in row.get("points", {}).items()
    )
