"""Find, show, and say what can be done next."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from cli import filter as filtering
from cli import show
from cli.call import Call
from cli.command import reads
from cli.commands.case.app import app
from cli.output.page import Page
from cli.show import joined
from engine.domain.errors import Reason
from engine.domain.messages import tell

REF_HELP = "the case: 26-04127-2, or its last digits; - reads them from stdin"
Ref = Annotated[str, typer.Argument(help=REF_HELP)]
Case = Mapping[str, Any]
WIDE = 12


@reads(
    app,
    "list",
    example="folkmoot case list --phase work --late\nfolkmoot case list --unit S-012 --filed 2026-11",
)
@filtering.filtered
def list_cases(
    call: Call,
    typed: filtering.Typed,
    refs: Annotated[bool, typer.Option("--refs", help="references only, one a line")] = False,
) -> None:
    """Cases you may see, by any of these together."""
    from engine.service import query

    asked = filtering.asked(call, typed)
    answer = call.read(query.list_cases, filter=asked)
    columns = show.case_columns(call)
    call.table(
        answer, columns[:1] if refs else columns, empty=call.word("no_cases" if asked else "no_cases_yet")
    )


@reads(app, "show", example="folkmoot case show 26-04127-2", without="csv limit")
def show_case(
    call: Call,
    ref: Ref,
) -> None:
    """One page: parties, deadlines, records, the last acts and the next."""
    from engine.service import showing

    def one(number: str) -> None:
        answer = call.read(showing.show_case, ref=number)
        call.page(answer, _writer(call, answer))

    call.each(ref, one)


def _writer(call: Call, case: Case) -> Any:
    def write(page: Page) -> None:
        page.line(show.head(call, case), "strong")
        sections = {
            "about": _about(call, case),
            "parties": [_party(call, party) for party in case.get("parties", ())],
            "clocks": [
                _clock(call, clock) for clock in case.get("clocks", ()) if clock["status"] != "stopped"
            ],
            "records": [_record(call, item) for item in case.get("records", ())],
            "links": [_link(call, link) for link in case.get("links", ())],
            "last_acts": _last(call, case),
            "you_can": [_open_acts(call, case)],
        }
        for name, lines in sections.items():
            _section(page, call.word(name), lines)

    return write


def _section(page: Page, name: str, lines: Iterable[str]) -> None:
    for i, line in enumerate(lines):
        page.item(name if i == 0 else "", line, WIDE)


def _about(call: Call, case: Case) -> list[str]:
    filed = call.word(
        "filed_line",
        at=call.time(case.get("filed_at")),
        channel=show.known(call, "channel", case.get("channel")),
    )
    reporter = case.get("reporter")
    lines = [
        case.get("what") or "",
        joined(show.place(case), show.name_of(case.get("unit_name") or case.get("unit"))),
        joined(filed, show.plain(call, reporter) if reporter else ""),
        joined(show.title(case, "risk").upper(), show.holders(case)),
        show.titled(call, case["titled"]),
        joined(show.title(case, "outcome"), case.get("grade")),
        call.word("onward", ref=case["goes_on_in"]) if case.get("goes_on_in") else "",
        *(call.word("sealed_now", what=one["title"]) for one in case.get("sealed", ())),
        *(call.word("purged", what=one["title"]) for one in case.get("purged", ())),
    ]
    return [line for line in lines if line]


def _link(call: Call, link: Case) -> str:
    if link["back"]:
        return call.word("link_back", ref=link["ref"], title=link["title"])
    return joined(link["title"], link["ref"])


def _party(call: Call, party: Case) -> str:
    left = "" if party.get("active", True) else call.word("left")
    return joined(
        party["no"],
        show.title(party, "role"),
        show.name_of(party.get("name")),
        show.titled(call, party["titled"]),
        left,
    )


def _clock(call: Call, clock: Case) -> str:
    until = call.word("paused") if clock["status"] == "paused" else show.due(call, clock)
    return joined(clock["title"], clock.get("item"), until, clock.get("basis"))


def _record(call: Call, item: Case) -> str:
    signed = call.word("signed") if item.get("signed_at") else ""
    said = show.titled(call, item["titled"])
    return joined(
        item["id"], item.get("party"), item.get("of"), said, signed, call.time(item["at"]), item["by"]
    )


def _last(call: Call, case: Case) -> list[str]:
    return [
        joined(call.time(e["occurred_at"]), e["title"], e["actor"], e.get("note")) for e in case["history"]
    ]


def _open_acts(call: Call, case: Case) -> str:
    return ", ".join(item["title"] for item in case["next"]) or call.word("nothing")


@reads(app, "next", example="folkmoot case next 26-04166-0 open_session", without="csv limit")
def next_acts(
    call: Call,
    ref: Ref,
    act: Annotated[str | None, typer.Argument(help="one act only, by name or title")] = None,
    all_: Annotated[bool, typer.Option("--all", help="also acts of other states")] = False,
) -> None:
    """What can be done now, what cannot, and why not."""
    from engine.service import showing

    def one(number: str) -> None:
        answer = call.read(showing.next_acts, ref=number, act=act, every=all_)
        call.page(answer, _can_writer(call, answer, detailed=act is not None))

    call.each(ref, one)


def _can_writer(call: Call, answer: Case, *, detailed: bool) -> Any:
    def write(page: Page) -> None:
        page.line(show.head(call, answer), "strong")
        can = [item for item in answer["items"] if item["allowed"]]
        page.item(
            call.word("you_can"), ", ".join(item["title"] for item in can) or call.word("nothing"), WIDE
        )
        if detailed:
            _section(page, call.word("takes"), (line for item in can for line in _takes(call, item)))
        cannot = [item for item in answer["items"] if not item["allowed"]]
        others = [] if detailed else [item for item in cannot if _for_others(item)]
        told = (item for item in cannot if item not in others)
        _section(page, call.word("you_cannot"), (line for item in told for line in _why_not(call, item)))
        listed = "; ".join(
            f"{item['title']}: {', '.join(item['who'])}" for item in others if not _of_seat(item)
        )
        _section(page, call.word("for_others"), [f"{listed}  FM-R101"] if listed else [])

    return write


def _for_others(item: Case) -> bool:
    """Refused for no other reason than who asks."""
    return all(reason["kind"] == "who" for reason in item["reasons"])


def _of_seat(item: Case) -> bool:
    """What only the holder of a seat could do with it: of no interest to anybody else."""
    return bool(item["act"].startswith(("handback_", "accept_", "decline_")))


def _why_not(call: Call, item: Case) -> list[str]:
    """The reasons of one act; its title is not said twice where the sentence begins with it."""
    lines: list[str] = []
    for reason in item.get("reasons", ()):
        said = reason_text(call, reason)
        named = "" if lines or said.startswith((item["title"], f"“{item['title']}”")) else item["title"]
        lines.append(joined(named or "", said, reason["code"]))
    return lines


def _takes(call: Call, item: Case) -> list[str]:
    from cli.form import questions, wanted

    return [
        joined(
            asked.option, asked.title, wanted(call, asked), "" if asked.needed else call.word("may_be_left")
        )
        for asked in questions(item.get("input") or {}, call.lang)
    ]


def reason_text(call: Call, reason: Case) -> str:
    """The text as the service wrote it, or made here from code and parameters."""
    return call.humane(
        str(reason.get("text") or tell(Reason(reason["code"], reason.get("params", {})), call.lang))
    )
