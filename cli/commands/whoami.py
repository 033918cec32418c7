"""Where am I, who am I: `folkmoot` alone and `folkmoot whoami`."""

import re
from collections.abc import Mapping
from typing import Any

from cli import show
from cli.call import Call
from cli.command import plain, single
from cli.output.page import Page
from cli.show import joined
from engine.domain.errors import NotFound

app = single()
WIDE = 12


@plain(app, "whoami", example="folkmoot --as aux-07 whoami")
def whoami(call: Call) -> None:
    """Who you are here, and your appointments."""
    from engine.service import desk

    answer = call.read(desk.where_am_i)
    call.page(answer, lambda page: _person(call, page, answer))


def show_place(call: Call) -> None:
    """`folkmoot` alone: database, person, counts, three next commands. Never fails: that there is no database
    is an answer too."""
    from engine.service import desk

    try:
        answer = call.read(desk.where_am_i)
    except NotFound as error:
        _nowhere(call, error)
        return
    call.page(answer, lambda page: _place(call, page, answer))


def _nowhere(call: Call, error: NotFound) -> None:
    from cli.failure import lines, problem

    answer = {"store": None, "person": call.person, "problem": problem(error.reasons, call.lang)}

    def write(page: Page) -> None:
        for line in lines(error.first, call.lang):
            page.line(line)
        page.line("folkmoot demo     " + call.word("try_demo"))
        page.line("folkmoot --help   " + call.word("try_help"))

    call.page(answer, write)


def _place(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    kind = call.word("demo_store") if answer.get("demo") else ""
    page.item(call.word("database"), joined(_shown(call.settings.database_url), kind), WIDE)
    _person(call, page, answer)
    counts = answer["cases"]
    page.item(call.word("cases"), call.word("case_counts", open=counts["open"], all=counts["all"]), WIDE)
    page.item(call.word("case_types"), ", ".join(answer["case_types"]) or call.word("none"), WIDE)
    page.line()
    for command, word in (("desk", "try_desk"), ("case list", "try_list"), ("help", "try_topics")):
        page.line(f"folkmoot{_typed(call)} {command:<12}{call.word(word)}")


def _shown(url: str) -> str:
    """A URL without its password, a SQLite one as the path of its file."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    return re.sub(r"//([^:/@]+):[^@]*@", r"//\1:***@", url)


def _typed(call: Call) -> str:
    """The flags again that were typed, so that the next line works as it is shown."""
    db = f" --db {call.common.db}" if call.common.db else ""
    return db + (f" --as {call.common.as_}" if call.common.as_ else "")


def _person(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not answer["person"]:
        page.item(
            call.word("person"), call.word("nobody_demo" if answer.get("demo") else "nobody_named"), WIDE
        )
        return
    unknown = "" if answer["known"] else call.word("person_unknown")
    page.item(call.word("person"), joined(answer["person"], answer["name"], unknown), WIDE)
    for i, held in enumerate(answer["appointments"]):
        until = call.word("until", day=call.on_day(str(held["until"]))) if held.get("until") else ""
        word = call.word("appointments") if i == 0 else ""
        lent = call.word("for_person", person=held["acting_for"]) if held.get("acting_for") else ""
        page.item(word, joined(show.title(held, "role"), show.title(held, "unit"), lent, until), WIDE)
