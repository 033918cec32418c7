"""The program and its nouns as groups that load a command module only when one of its commands runs."""

import os
import sys
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import typer.main
from typer import Exit
from typer._click.core import Command as AnyCommand
from typer._click.core import Context
from typer._click.formatting import HelpFormatter
from typer._click.shell_completion import CompletionItem
from typer._completion_classes import completion_init
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandInfo

from cli import failure, manual
from cli.nouns import nearest, nouns
from cli.plain import lightened
from engine.domain.errors import UsageError

COMPLETE = "_FOLKMOOT_COMPLETE"


class _Once:
    """An option of one value that refuses a second one, of which the parser would silently take the last."""

    def __init__(self, option: Any) -> None:
        self._option = option

    def __getattr__(self, name: str) -> Any:
        return getattr(self._option, name)

    def process(self, value: Any, state: Any) -> None:
        count = 1 + sum(one is self._option.obj for one in state.order)
        if count > 1:
            raise UsageError("FM-U442", option=self._option.obj.opts[-1], count=count)
        self._option.process(value, state)


def strict(parser: Any) -> Any:
    """FM-U442 for an option of one value that stands twice, as FM-U353 over HTTP."""
    for known in (parser._short_opt, parser._long_opt):
        for name, option in known.items():
            if option.action == "store":
                known[name] = _Once(option)
    return parser


class Command(TyperCommand):
    """One verb. ``example`` stands in its help and in the message about a missing option."""

    example: str = ""

    def __init__(self, *args: Any, epilog: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = epilog or ""

    def get_params(self, ctx: Context) -> list[Any]:
        return lightened(super().get_params(ctx))

    def make_parser(self, ctx: Context) -> Any:
        return strict(super().make_parser(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        formatter.write(manual.of_command(self, ctx))


class Verbs(MutableMapping[str, AnyCommand]):
    """The commands of a noun, each built when it is asked for: a call needs one of them."""

    def __init__(self, declared: Iterable[CommandInfo]) -> None:
        self._made: dict[str, AnyCommand | CommandInfo] = {
            one.name or typer.main.get_command_name(getattr(one.callback, "__name__", "")): one
            for one in declared
        }

    def __getitem__(self, name: str) -> AnyCommand:
        found = self._made[name]
        if isinstance(found, CommandInfo):
            found = self._made[name] = typer.main.get_command_from_info(
                found, pretty_exceptions_short=False, rich_markup_mode=None
            )
        return found

    def __setitem__(self, name: str, command: AnyCommand) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class NounGroup(TyperGroup):
    """`folkmoot case`: shows its help when no verb follows."""

    def get_params(self, ctx: Context) -> list[Any]:
        return lightened(super().get_params(ctx))

    def make_parser(self, ctx: Context) -> Any:
        return strict(super().make_parser(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        formatter.write(manual.of_noun(self, ctx))

    def invoke(self, ctx: Context) -> Any:
        if not ctx._protected_args:
            super().invoke(ctx)
            print(ctx.get_help())
            return None
        return super().invoke(ctx)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args[0] not in self.commands and not ctx.resilient_parsing:
            words = [ctx.info_name or "", args[0]]
            raise UsageError("FM-U001", given=" ".join(words), near=nearest(words))
        return super().resolve_command(ctx, args)


@cache
def _built(name: str, module: str) -> AnyCommand:
    app: typer.Typer = import_module(f"cli.commands.{module}").app
    declared = app.registered_commands
    if app.registered_callback is None:
        command: Any = typer.main.get_command(app)
    else:
        app.registered_commands = []
        command = typer.main.get_command(app)
        app.registered_commands = declared
        command.commands = Verbs(declared)
    command.name = name
    made: AnyCommand = command
    return made


class Program(TyperGroup):
    """`folkmoot`: its help comes from the table of nouns; every ending becomes a message and an exit status."""

    def get_command(self, ctx: Context, cmd_name: str) -> AnyCommand | None:
        """The noun's command, built on first use and kept: many runs may share one process."""
        noun = nouns().get(cmd_name)
        return _built(cmd_name, noun.module) if noun else None

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args[0] not in nouns() and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise UsageError("FM-U001", given=args[0], near=nearest(args))
        return super().resolve_command(ctx, args)

    def get_params(self, ctx: Context) -> list[Any]:
        return lightened(super().get_params(ctx))

    def make_parser(self, ctx: Context) -> Any:
        return strict(super().make_parser(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        formatter.write(manual.of_program(self, ctx))

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        lang = manual.language(ctx)
        found = [(name, noun) for name, noun in nouns().items() if name.startswith(incomplete)]
        return [CompletionItem(name, help=noun.help(lang)) for name, noun in found]

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Standing alone, every ending is told and becomes the exit status; else exceptions travel."""
        given = list(sys.argv[1:] if args is None else args)
        names = (prog_name or "folkmoot", complete_var or COMPLETE)
        if not standalone_mode:
            return super().main(given, *names, False, windows_expand_args, **extra)
        with failure.told(given):
            if os.environ.get(names[1]):
                completion_init()
            status = super().main(given, *names, False, windows_expand_args, **extra)
            if isinstance(status, int):
                raise Exit(status)
        return None
