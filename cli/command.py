"""How to add a command module.

1. Make ``cli/commands/<noun>.py`` and give it ``app = noun("<noun>")`` (``app = single()`` for a command
   without verbs). The noun, its verbs and its help in both languages stand in ``cli/nouns.py``.
2. Declare each verb with one decorator; the function's first parameter is the ``Call``, the rest are its
   own arguments and options as Typer has them. A help text may begin with ``METAVAR: ``.

       @reads(app, "list", example="folkmoot unit list --on 2026-11-24")
       def list_units(call: Call, on: Annotated[str | None, typer.Option(help="DATE: on that day")] = None) -> None:
           "Units that are active on a day."
           from engine.service import organisation          # heavy imports stay inside the function

           answer = call.read(organisation.list_units, on=call.day(on))
           call.table(answer, COLUMNS, empty=call.word("unit.none"))

       @writes(app, "close")
       def close(call: Call, code: str) -> None:
           "End a unit today."
           answer = call.write(organisation.close_unit, code=code)
           call.page(answer, lambda page: page.line(call.word("unit.closed", code=code)))

   ``reads`` adds --csv --jsonl --limit (with ``as_of`` --as-of too), ``writes`` adds --dry-run --done-by --at --reason --key --ask
   --yes (both less what stands in ``without``), ``plain`` only what all commands have (--db --server --as --lang --json). ``Call.read`` and ``Call.write``
   open the engine, pass on those shared values that the service function has parameters for, and refuse
   one that was typed and fits nowhere.
3. Answer once: ``call.table`` for ``{"items": [...]}``, ``call.figures`` for what was measured, ``call.page`` for
   anything else. All write JSON when asked, the first two rows.
   Columns are ``Column("ref")``: key of the JSON, head from ``word.ref``; a ``cell`` function makes another text.
   ``call.say`` is for talk (stderr). An empty list says why and what next.
4. Raise ``engine.domain.errors``; the program tells them by code, in the person's language, and exits by the
   code's letter. Before a large change: ``call.agree("FM-U004", count=38)``. Names, telephone numbers and
   narrative come through ``call.narrative(from_, question)``, never as an argument.
5. Words go to ``engine/domain/catalogue/<your area>.yaml``; Chinese help to ``cli/zh.yaml`` (``unit.list: 单位``,
   ``unit.list.on: 某日``). ``tests/contract/test_cli_help.py`` says what is missing; then run
   ``python -m tests.contract.help_pages`` to write the help pages afresh.
"""

import inspect
from collections.abc import Callable
from typing import Any

import typer

from cli import globals as common
from cli import option
from cli.call import Call
from cli.group import Command, NounGroup

__all__ = ["Call", "noun", "plain", "reads", "single", "writes"]

Declared = Callable[[Callable[..., None]], Callable[..., None]]


def noun(name: str) -> typer.Typer:
    """A group of verbs."""
    app = typer.Typer(
        name=name, cls=NounGroup, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    app.callback(invoke_without_command=True)(common.remember)
    return app


def single() -> typer.Typer:
    """A command without verbs: declare exactly one."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def plain(app: typer.Typer, name: str | None = None, *, example: str = "", **kept: Any) -> Declared:
    return _declare(app, name, {}, example, **kept)


def reads(
    app: typer.Typer, name: str | None = None, *, example: str = "", as_of: bool = False, without: str = ""
) -> Declared:
    """``as_of``: the service can answer as things stood at an earlier moment.

    ``without``: shared options that mean nothing here, as words: not shown, and refused when typed; of --csv and
    --jsonl the command itself sees to that (``Call.no_rows``).
    """
    family = option.LOOKING_BACK if as_of else option.READING
    return _declare(app, name, option.hidden(family, without.split()), example)


def writes(
    app: typer.Typer, name: str | None = None, *, example: str = "", without: str = "", at: str | None = None
) -> Declared:
    """``without``: shared options that its service has no use for, as words: not shown, and refused when typed.

    ``at``: what --at means here, where it is not when the act happened.
    """
    family = option.hidden(option.WRITING, without.split())
    return _declare(app, name, option.told(family, "at", at) if at else family, example)


def _declare(
    app: typer.Typer, name: str | None, family: option.Family, example: str, **settings: Any
) -> Declared:
    shared = {**family, **option.EVERYWHERE}

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            ctx = given.pop("ctx")
            typed = {key: given.pop(key) for key in shared}
            with Call(
                common.Globals(**{key: typed.pop(key) for key in option.EVERYWHERE}).under(common.of(ctx)),
                typed,
            ) as call:
                function(call, **given)

        run.__name__, run.__doc__ = function.__name__, function.__doc__
        run.__dict__["__signature__"] = _signature(function, shared)
        app.command(name, cls=Command, epilog=example, **settings)(run)
        return function

    return declare


def _signature(function: Callable[..., None], shared: option.Family) -> inspect.Signature:
    """The function's own parameters, without the call, and the shared ones."""
    _call, *own = inspect.signature(function, eval_str=True).parameters.values()
    by_name = inspect.Parameter.KEYWORD_ONLY
    twice = {param.name for param in own} & shared.keys()
    if twice:
        raise TypeError(f"{function.__name__} declares shared options itself: {sorted(twice)}")
    return inspect.Signature(
        [
            inspect.Parameter("ctx", by_name, annotation=typer.Context),
            *(param.replace(kind=by_name) for param in own),
            *(
                inspect.Parameter(key, by_name, annotation=annotation, default=default)
                for key, (annotation, default) in shared.items()
            ),
        ]
    )
