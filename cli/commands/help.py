"""`folkmoot help TOPIC`: topics, message codes, details of a bug."""

from importlib.resources import files
from typing import Annotated

import typer

from cli import bug, exit_codes
from cli.call import Call
from cli.command import plain, single
from engine.domain.errors import NotFound, UsageError
from engine.domain.messages import catalogue

app = single()


@plain(app, "help", example="folkmoot help times")
def help_(
    call: Call,
    topic: Annotated[str | None, typer.Argument(help="a topic, a code such as FM-R202, or bug")] = None,
    name: Annotated[str | None, typer.Argument(help="with bug: its id")] = None,
) -> None:
    """Help on a topic, on a message code (FM-R202), or the kept details of a bug."""
    if topic is None:
        found = "\n".join(
            [call.word("topics"), *(f"  {one}" for one in topics()), "  FM-R202 ..", "  bug ID"]
        )
    elif topic == "bug":
        found = bug.find(_id(name)) or _unknown(_id(name))
    elif topic.upper().startswith("FM-"):
        found = _code(call, topic.upper())
    else:
        found = read(topic, call.lang)
    call.page(
        {"topic": topic, "text": found}, lambda page: page.line(found) if topic is None else page.raw(found)
    )


def topics() -> list[str]:
    return sorted(
        {
            file.name.split(".")[0]
            for file in files("cli").joinpath("topics").iterdir()
            if file.name.endswith(".txt")
        }
    )


def read(topic: str, lang: str) -> str:
    """The page of a topic; FM-U079 lists those there are."""
    if topic not in topics():
        raise UsageError("FM-U079", topic=topic, known=", ".join(topics()))
    return files("cli").joinpath("topics", f"{topic}.{lang}.txt").read_text("utf-8").rstrip("\n")


def _id(name: str | None) -> str:
    if not name:
        raise UsageError("FM-U002", command="help bug", option="ID", example="folkmoot help bug 3f2a")
    return name


def _unknown(name: str) -> str:
    raise NotFound("FM-N011", id=name)


def _code(call: Call, code: str) -> str:
    entry = catalogue().get(code)
    if entry is None:
        raise UsageError("FM-U079", topic=code, known=", ".join(topics()))
    http = entry.get("http")
    status = call.word("code_line", exit=exit_codes.of_code(code), http=http if http else "-")
    said = catalogue().get(f"word.code.{code}", entry)[
        call.lang
    ]  # a message may be nothing but what it is filled with
    return f"{code}  {said}\n{status}"
