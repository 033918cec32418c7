"""What all figures are asked with: which cases, told apart by what, as of when."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from cli import filter as filtering
from cli.call import Call
from cli.command import noun, reads
from cli.output.progress import Progress
from cli.output.table import Column

app = noun("stats")
LONG = 20_000  # cases whose histories take more than a moment
Asked = Mapping[str, Any]  # what every measure takes: by, filter, filed, closed, zone, public
Range = Annotated[str | None, typer.Option(help="FROM..TO: months or days, either end may be left out")]

Working = Annotated[bool, typer.Option("--working", help="office hours of the case's calendar, pauses out")]
Pauses = Annotated[
    bool | None,
    typer.Option("--pauses/--no-pauses", help="with or without time in which the law's limits stand still"),
]


BY = "NAME,..: type, unit, phase, state, risk, category, place, channel, outcome, holder, filed_month, closed_month"
ALSO: dict[str, tuple[Any, Any]] = {
    "by": (Annotated[list[str] | None, typer.Option("--by", help=BY)], None),
    "public": (
        Annotated[bool, typer.Option("--public", help="for readers outside: cells of fewer than 5 are left out, and what would give them away")],
        False,
    ),
}  # fmt: skip


def measures(
    name: str, *, example: str, without: str = "limit"
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a figure: the function takes the call, what was asked, and its own options.

    ``without``: as of ``reads``; a figure tells all it has, but for those that name cases one by one.
    """

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        call, _asked, *own = inspect.signature(function, eval_str=True).parameters.values()

        def run(call: Call, **given: Any) -> None:
            asked = {**filtering.taken(given), **{key: given.pop(key) for key in ALSO}}
            with watched(call):
                function(call, _asked_of(call, asked), **given)

        run.__name__, run.__doc__ = function.__name__, function.__doc__
        by, public = (
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for key, (kind, default) in ALSO.items()
        )
        kept = [param.replace(kind=inspect.Parameter.KEYWORD_ONLY) for param in own]
        run.__dict__["__signature__"] = inspect.Signature([call, *kept, by, *filtering.OPTIONS, public])
        reads(app, name, example=example, as_of=True, without=without)(run)
        return function

    return declare


@contextmanager
def watched(call: Call) -> Iterator[None]:
    """Tells how far it is when a question has to read many histories first."""
    shown: Progress | None = None

    def tell(done: int, of: int) -> None:
        nonlocal shown
        if of >= LONG:
            shown = shown or Progress(of, lang=call.lang)
            shown(done)

    # what needs numpy is imported only now
    from engine.analytics.traces.book import progress

    token = progress.set(tell)
    try:
        yield
    finally:
        progress.reset(token)
        if shown is not None:
            shown.close()


def _asked_of(call: Call, given: Mapping[str, Any]) -> Asked:
    from engine.service import query

    zone, as_of = call.settings.zone, call.known_as_of()
    typed = {name: value for name, value in given.items() if name not in ALSO}
    words, stretches = filtering.parted(call, typed, as_of or call.caller.now)
    return {
        "by": names(",".join(given["by"] or ())),
        "filter": call.engine.read(query.meant, call.caller, given=words),
        **stretches,
        "zone": zone,
        "public": given["public"],
    }


def names(text: str | None) -> list[str]:
    """`unit,filed-month` as names."""
    return [name.strip().replace("-", "_") for name in text.split(",")] if text else []


def key_column(name: str) -> Column:
    """What a group is told apart by."""
    return Column(name, cell=lambda row: str(row["key"][name] or "-"), flex=True)
