"""`folkmoot stats why`: why a unit takes longer, in parts that add up."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.charting import ChartHere, ChartTo, Drawing
from cli.commands.stats.app import Asked, measures
from cli.output.moment import span
from cli.output.page import Page
from cli.output.table import Column

SHOWN = 5  # parts with a line of their own


@measures("why", example="folkmoot stats why --unit S-012 --filed 2025-11..")
def why(
    call: Call,
    asked: Asked,
    against: Annotated[
        str | None, typer.Option(help="UNIT: held against this one; the unit above, without this one")
    ] = None,
    clock: Annotated[str, typer.Option(help="CLOCK: see stats clocks")] = "first_resolution",
    days: Annotated[
        int | None, typer.Option(help="DAYS: the mean over the first so many; 60, or as many as are known")
    ] = None,
    per: Annotated[
        str, typer.Option(help="state, waits, side, owner, phase: what parts are told by")
    ] = "state",
    cases: Annotated[str | None, typer.Option(help="PART: the cases behind it, the longest first")] = None,
    chart: ChartHere = False,
    chart_to: ChartTo = None,
) -> None:
    """Why a unit is slower than others: its mix of cases first, then where the time went."""
    from engine.analytics import why as measure

    drawing = Drawing(call, chart, chart_to)
    answer = call.read(measure.why, **asked, against=against, clock=clock, days=days, per=per, cases=cases)

    drawing.make("why", answer)
    call.figures(answer, lambda page: show_why(call, page, answer, drawing))


def show_why(call: Call, page: Page, answer: Mapping[str, Any], drawing: Drawing) -> None:
    page.line(call.word("stats_head", text=answer["text"], at=call.dated(answer["as_of"])), "strong")
    _told(call, page, answer)
    drawing.show(page)


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    told = {"unit": answer["unit"], "against": answer["other"], "days": answer["days"]}
    if answer["few"]:
        counts = {name: "-" if answer[name] is None else answer[name] for name in ("n", "other_n")}
        page.line(call.word("why_few", **told, **counts))
        return
    tenths = _tenths(answer["difference_days"])
    which = "slower" if tenths > 0 else "faster" if tenths < 0 else "alike"
    page.line(call.word(f"why_{which}", by=f"{abs(tenths) / 10:.1f}", **told), "strong")
    page.line(f" {_signed(_tenths(answer['case_mix']['days']))}  {_mix(call, answer['case_mix'])}")
    parts = [part for part in answer["parts"] if _tenths(part["days"])]
    for part in parts[:SHOWN]:
        page.line(f" {_signed(_tenths(part['days']))}  {_part(call, answer, part)}")
    left = sum(_tenths(part["days"]) for part in parts[SHOWN:])
    if parts[SHOWN:]:
        page.line(f" {_signed(left)}  {call.word('why_rest', n=len(parts) - SHOWN)}")
    waited = ", ".join(f"{one['title']} {one['percent']}%" for one in answer["waited"])
    page.line(call.word("why_waited", waited=waited or "-"))
    oldest = "-" if answer["oldest_s"] is None else span(answer["oldest_s"], call.lang)
    page.line(call.word("why_open", n=answer["n"], n_open=answer["n_open"], oldest=oldest))
    page.line(call.word("why_report", unit=answer["unit"], as_of=_as_of(call, answer)))
    if answer.get("cases"):
        columns = _case_columns(call)
        page.table(columns, answer["cases"], [call.word(column.head or column.key) for column in columns])
    elif "cases" in answer:
        page.line(call.word("why_no_cases"))


def _as_of(call: Call, answer: Mapping[str, Any]) -> str:
    """For the next command, where one was asked for."""
    return f" --as-of {answer['as_of']}" if call.shared.get("as_of") else ""


def _part(call: Call, answer: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    lengths = {name: span(part[name], call.lang) for name in ("mean_s", "other_s")}
    n = "-" if part["n"] is None else part["n"]
    said = call.word("why_part", title=part["title"], n=n, of=answer["n"], **lengths)
    if part.get("n_late"):
        said += call.word("why_late", n_late=part["n_late"], limit=_limit(call, part["limits"]))
    said += "".join(_unserved(call, one) for one in part.get("unserved", ()) if one["n"])
    return said + f"  --cases {part['key'] or '-'}"


def _limit(call: Call, limits: Sequence[Mapping[str, Any]]) -> str:
    """The limit where it is one and the same for all, by its length."""
    lengths = {limit["text"] for limit in limits}
    return str(lengths.pop()) if len(lengths) == 1 and None not in lengths else call.word("why_their_limit")


def _unserved(call: Call, post: Mapping[str, Any]) -> str:
    places = call.word("why_villages" if post["kind"] == "village" else "why_places")
    since = "" if post["since"] is None else call.word("why_since", day=call.on_day(post["since"]))
    return call.word(
        "why_unserved", who=post["title"], n=post["n"], of=post["of"], places=places, since=since
    )


def _mix(call: Call, mix: Mapping[str, Any]) -> str:
    """The mix, with the kind that adds most to it."""
    same: Sequence[Mapping[str, Any]] = [
        kind for kind in mix["kinds"] if kind["seconds"] * mix["seconds"] > 0 and kind["share"] != kind["other_share"]
    ]  # fmt: skip
    if not same:
        return call.word("why_mix")
    most = same[0]
    which = "more" if most["share"] > most["other_share"] else "fewer"
    shares = {name: f"{100 * most[name]:.0f}%" for name in ("share", "other_share")}
    return call.word("why_mix") + call.word(f"why_{which}", kind=most["title"], **shares)


def _case_columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("ref"),
        Column("seconds", head="why_spent", right=True, cell=lambda row: span(row["seconds"], call.lang)),
        Column("open", cell=lambda row: call.word("yes") if row["open"] else ""),
    )


def _tenths(days: float) -> int:
    return round(days * 10)


def _signed(tenths: int) -> str:
    return f"{tenths / 10:+.1f}"
