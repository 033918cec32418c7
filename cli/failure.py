"""How a command ends: every exception becomes a message, one JSON problem where asked, and an exit status."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from typer import Abort, Exit
from typer._click import exceptions as click

from cli import exit_codes
from cli.output.width import fold, screen, width
from engine.domain.errors import FolkmootError, Reason, UsageError
from engine.domain.messages import catalogue, tell, text


@contextmanager
def told(args: Sequence[str]) -> Iterator[None]:
    """Run a command inside; leaves by ``SystemExit`` unless all went well."""
    try:
        yield
        sys.stdout.flush()
    except Exit as end:
        sys.stdout.flush()
        sys.exit(end.exit_code)
    except SystemExit as end:  # Typer turns a broken pipe into status 1
        if isinstance(end.__context__, BrokenPipeError):
            _hush()
            sys.exit(exit_codes.DONE)
        raise
    except FolkmootError as error:
        _tell(error, args)
    except click.ClickException as error:
        _tell(usage(error), args)
    except (KeyboardInterrupt, Abort):
        print(file=sys.stderr)
        sys.exit(exit_codes.INTERRUPTED)
    except OSError as error:
        if error.errno != errno.EPIPE:
            _break(error, args)
        _hush()
        sys.exit(exit_codes.DONE)
    except Exception as error:
        _break(error, args)


def _tell(error: FolkmootError, args: Sequence[str]) -> None:
    try:
        report(error, args)
    except Exception as broken:
        _break(broken, args)
    sys.exit(exit_codes.of_code(error.code))


def _break(error: Exception, args: Sequence[str]) -> None:
    from cli import bug

    name = bug.keep(error, args)
    code = "FM-X002" if "saved" in getattr(error, "__notes__", ()) else "FM-X001"
    try:
        report(FolkmootError(code, id=name), args)
    except Exception:  # the messages themselves are broken: say the least, but no traceback
        print(f"{code}  folkmoot help bug {name}", file=sys.stderr)
    sys.exit(exit_codes.BUG)


def _hush() -> None:
    """The reader went away: nothing more may be written, not even by the interpreter's last flush."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def report(error: FolkmootError, args: Sequence[str]) -> None:
    """The reasons, all of them: people read them on stderr, a program one document on stdout."""
    lang = language(args)
    if "--json" in args:
        from cli.output import document

        document.write(document.to_json({"problem": problem(error.reasons, lang)}))
        return
    sys.stdout.flush()
    for reason in error.reasons:
        print("\n".join(lines(reason, lang)), file=sys.stderr)


def problem(reasons: Sequence[Reason], lang: str) -> dict[str, Any]:
    """RFC 9457 by keys, the same as over HTTP."""
    first = reasons[0]
    return {
        "type": f"/problems/{first.code}",
        "code": first.code,
        "status": catalogue().get(first.code, {}).get("http"),
        "exit": exit_codes.of_code(first.code),
        "detail": tell(first, lang),
        "reasons": [{**reason.to_json(), "text": tell(reason, lang)} for reason in reasons],
        "way_out": [way for reason in reasons for way in reason.way_out],
    }


WHO_WAS_FIRST = frozenset({"FM-C003"})  # told to the second
WHICH_YEAR = frozenset({"FM-U441"})  # told with the year


def lines(reason: Reason, lang: str, cells: int | None = None) -> list[str]:
    """*code  what, which rule / way out*, folded under the text."""
    from cli.output import moment

    seconds, dated = reason.code in WHO_WAS_FIRST, reason.code in WHICH_YEAR
    typed = _to_type(reason, lang)
    said = moment.humane(tell(reason, lang), _zone(), lang, seconds=seconds, dated=dated, typed=typed)
    if reason.basis and reason.basis not in said:
        said = f"{said.rstrip(' .。')} ({reason.basis})." if lang == "en" else f"{said}({reason.basis})"
    indent = " " * (width(reason.code) + 2)
    room = cells or (screen() if sys.stderr.isatty() else 10_000)
    made = fold(said, room, indent)
    if reason.way_out and reason.way_out[0] not in said:
        made += fold(text("word.way_out", lang, ways=" · ".join(reason.way_out)), room, indent)
    made[0] = f"{reason.code}  {made[0].lstrip()}"
    return made


def _to_type(reason: Reason, lang: str) -> str:
    """What a reason shows to be typed: the words of the message itself and its example."""
    return f"{catalogue().get(reason.code, {}).get(lang, '')} {reason.params.get('example', '')}"


def _zone() -> str:
    from engine import settings

    try:
        return settings.load().zone
    except UsageError:
        return settings.Settings().zone


def language(args: Sequence[str]) -> str:
    """The language of the message when the settings themselves may be what is wrong."""
    from engine import settings

    typed = [after for word, after in pairwise(args) if word == "--lang"]
    typed += [word.removeprefix("--lang=") for word in args if word.startswith("--lang=")]
    try:
        return settings.load({"lang": typed[-1] if typed else None}).lang
    except UsageError:
        return "en"


def usage(error: click.ClickException) -> UsageError:
    """What the option parser found, in our words."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path.removeprefix("folkmoot").strip() if ctx else ""
    if isinstance(error, click.MissingParameter):
        return _missing(error, command)
    if isinstance(error, click.NoSuchOption):
        return _no_option(error, command)
    if isinstance(error, click.BadOptionUsage):
        return UsageError("FM-U061", option=error.option_name)
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if ctx and "extra argument" in error.message:
        return UsageError("FM-U062", command=command, extra=error.message.rpartition(" (")[2].rstrip(")"))
    return UsageError("FM-U063", problem=error.format_message())


def _missing(error: click.MissingParameter, command: str) -> UsageError:
    param: Any = error.param
    name = (
        (param.opts[0] if param.param_type_name == "option" else param.name.rstrip("_").upper())
        if param
        else ""
    )
    example = getattr(error.cmd, "example", "") or f"folkmoot {command} --help"
    return UsageError("FM-U002", command=command, option=name, example=example)


def _example(error: click.UsageError) -> str:
    """The example of the command that was typed; its help where it has none."""
    command: Any = error.ctx.command if error.ctx else None
    path = error.ctx.command_path if error.ctx else "folkmoot"
    return getattr(command, "example", "") or f"{path} --help"


def _no_option(error: click.NoSuchOption, command: str) -> UsageError:
    from difflib import get_close_matches

    ctx = error.ctx
    known = (
        [name for param in ctx.command.params for name in param.opts if name.startswith("--")] if ctx else []
    )
    bare = {name.lstrip("-"): name for name in known}  # the dashes are no likeness
    near = get_close_matches(error.option_name.lstrip("-"), bare, 1)
    option, name = error.option_name, command or "folkmoot"
    more = f"folkmoot {command} --help".replace("  ", " ")
    others = _siblings_with(option, ctx)
    if others:
        return UsageError("FM-U077", option=option, command=name, others=", ".join(others), help=more)
    if near:
        return UsageError("FM-U060", option=option, command=name, near=bare[near[0]])
    return UsageError("FM-U059", option=option, command=name, help=more)


FEW = 10  # commands; an option of more than these is named as one of them all, which helps nobody


def _siblings_with(option: str, ctx: Any) -> list[str]:
    """Commands of the same noun that have this very option: then it is no slip of the finger."""
    group = ctx.parent.command if ctx and ctx.parent and ctx.parent.parent else None
    found = [
        f"{ctx.parent.info_name} {verb}"
        for verb, command in getattr(group, "commands", {}).items()
        if any(option in param.opts and not getattr(param, "hidden", False) for param in command.params)
    ]
    return found if len(found) <= FEW else []


def _number(error: click.BadParameter) -> dict[str, Any] | None:
    """What was typed for a number, and what is wanted in words, if that is what is wrong."""
    found: Any = error.__cause__
    faults = found.errors() if hasattr(found, "errors") else []
    kind = next((fault["type"].partition("_")[0] for fault in faults), "")
    if kind not in ("int", "float"):
        return None
    words = {f"wanted{end}": text(f"word.number_{kind}", lang) for end, lang in (("", "en"), ("_zh", "zh"))}
    return {"given": str(faults[0]["input"]), **words}


def _bad_value(error: click.BadParameter) -> UsageError:
    param: Any = error.param
    choices = param.type_descriptor.choices if param is not None else None
    if choices:
        wanted = ", ".join(str(choice) for choice in choices)
        named = param.opts[0] if param.param_type_name == "option" else param.name.upper()
        return UsageError("FM-U064", option=named, wanted=wanted, example=_example(error))
    told = _number(error)
    if told is not None and param is not None:
        return UsageError("FM-U443", option=param.opts[-1] if param.opts else "", **told)
    return UsageError("FM-U065", option=param.opts[0] if param is not None else "", problem=error.message)
