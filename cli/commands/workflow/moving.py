"""Running cases go on under another text of their type."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import writes
from cli.commands.workflow.app import app
from cli.output.page import Page
from engine.domain.errors import NotFound, UsageError


@writes(
    app,
    "migrate",
    example="folkmoot workflow migrate dispute_mediation --to 2027.1 --dry-run",
    without="ask at done_by",
)
def migrate(
    call: Call,
    name: Annotated[str, typer.Argument(help="NAME: case type")],
    to: Annotated[str, typer.Option("--to", help="VERSION: label or hash of the text they go to")],
    from_: Annotated[
        str | None, typer.Option("--from", help="VERSION: only those that follow this one")
    ] = None,
    map_: Annotated[
        str | None, typer.Option("--map", help="FILE: `states: {old: new}` for states that were renamed")
    ] = None,
    ref: Annotated[list[str] | None, typer.Option("--ref", help="REF: only these cases")] = None,
) -> None:
    """Open cases go on under another text. Look first with --dry-run; back again by the same command."""
    from engine.service import migrating

    given = {
        "name": name, "to": to, "came_from": from_, "states": _plan(map_), "refs": call.references(ref) if ref else None,
    }  # fmt: skip
    about = {key: given[key] for key in ("name", "to", "came_from", "refs")}
    count = call.read(migrating.meant, **about)["count"]
    whole: dict[str, Any] = {"results": [], "count": 0, "moved": 0, "failed": 0}
    after, more = 0, True
    if count and not call.dry_run:
        call.agree("FM-U004", count=count)
    while more:
        answer = call.write(migrating.move, after=after, **given)
        after, more = answer["after"], answer["more"]
        whole = {**answer, "results": whole["results"] + answer["results"]} | {
            n: whole[n] + answer[n] for n in ("count", "moved", "failed")
        }
        if more:
            call.say(call.word("mg_so_far", done=whole["count"], count=count))
    call.page(whole, lambda page: _told(call, page, whole))
    if whole["failed"]:
        call.end(exit_codes.IN_PART if whole["moved"] else exit_codes.of_code("FM-R420"))


def _plan(file: str | None) -> dict[str, str] | None:
    if file is None:
        return None
    import yaml

    path = Path(file)
    if not path.is_file():
        raise NotFound("FM-N010", file=file)
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError("FM-U245", because=" ".join(str(error).split())[:200]) from error
    states = read.get("states") if isinstance(read, Mapping) else None
    if not isinstance(states, Mapping) or not all(isinstance(x, str) for kv in states.items() for x in kv):
        raise UsageError("FM-U245", because=file)
    return dict(states)


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not answer["count"]:
        page.line(call.word("mg_none", name=answer["case_type"], version=answer["version"]))
        return
    for one in answer["results"]:
        page.line(_line(call, one), "" if one["moved"] else "late")
    word = "mg_would" if call.dry_run else "mg_moved"
    about = {n: answer[n] for n in ("moved", "count", "version")}
    page.line(call.word(word, hash=answer["hash"][:6], **about))


def _line(call: Call, one: Mapping[str, Any]) -> str:
    if not one["moved"]:
        why = "; ".join(reason["text"] for reason in one["reasons"]) or one["state_title"]
        return f"{one['ref']}  {why}"
    parts = [f"{one['ref']}  {one['state_title']} -> {one['to_state_title']}"]
    for moved in one["deadlines"]:
        days = [call.on_day(moved[end]) if moved[end] else call.word("none") for end in ("before", "after")]
        parts.append(f"{moved['title']} {days[0]} -> {days[1]}")
    if one["fires"]:
        parts.append(call.word("mg_fires", count=one["fires"]))
    return "; ".join(parts)
