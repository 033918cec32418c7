"""The program and its nouns as groups that load a command module only when one of its commands runs."""

import os
import sys
from collections.abc import Sequence
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

from cli import failure, manual
from cli.nouns import nearest, nouns
from engine.domain.errors import UsageError

COMPLETE = "_FOLKMOOT_COMPLETE"


class Command(TyperCommand):
    """One verb. ``example`` stands in its help and in the message about a missing option."""

    example: str = ""

    def __init__(self, *args: Any, epilog: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = epilog or ""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        formatter.write(manual.of_command(self, ctx))


class NounGroup(TyperGroup):
    """`folkmoot case`: shows its help when no verb follows."""

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
    command: AnyCommand = typer.main.get_command(import_module(f"cli.commands.{module}").app)
    command.name = name
    return command


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
