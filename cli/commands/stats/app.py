"""What all figures are asked with: which cases, told apart by what, as of when."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads
from cli.output.progress import Progress
from cli.output.table import Column
from engine.domain.period import between

app = noun("stats")
LONG = 20_000  # cases whose histories take more than a moment
Asked = Mapping[str, Any]  # what every measure takes: by, filter, filed, closed, zone, public
Range = Annotated[str | None, typer.Option(help="FROM..TO: months or days, either end may be left out")]

Working = Annotated[bool, typer.Option("--working", help="office hours of the case's calendar, pauses out")]
Pauses = Annotated[
    bool | None,
    typer.Option("--pauses/--no-pauses", help="with or without time in which the law's limits stand still"),
]


def _text(flag: str, help_: str) -> Any:
    return Annotated[str | None, typer.Option(flag, help=help_)]


SELECTING: dict[str, Any] = {
    "by": _text("--by", "NAME,..: type, unit, phase, state, risk, category, place, channel, outcome, holder, filed_month, closed_month"),
    "type_": _text("--type", "TYPE,..: only these case types"),
    "unit": _text("--unit", "UNIT: this unit and all below it"),
    "phase": _text("--phase", "PHASE,..: intake, waiting, work, review, done"),
    "state": _text("--state", "STATE,..: where the cases stand"),
    "risk": _text("--risk", "GRADE,..: red, orange .."),
    "place": _text("--place", "CODE,..: where it happened"),
    "channel": _text("--channel", "CHANNEL,..: how it was reported"),
    "outcome": _text("--outcome", "OUTCOME,..: how it ended"),
    "holder": _text("--holder", "PERSON: cases in which this person has a seat"),
    "filed": Range,
    "closed": Range,
    "public": Annotated[bool, typer.Option("--public", help="for readers outside: cells of fewer than 5 are left out, and what would give them away")],
}  # fmt: skip
FILTERED = {
    "type_": "type",
    **{name: name for name in ("unit", "phase", "state", "risk", "place", "channel", "outcome", "holder")},
}


def measures(name: str, *, example: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a figure: the function takes the call, what was asked, and its own options."""

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        call, _asked, *own = inspect.signature(function, eval_str=True).parameters.values()

        def run(call: Call, **given: Any) -> None:
            asked = {key: given.pop(key) for key in SELECTING}
            with watched(call):
                function(call, _asked_of(call, asked), **given)

        run.__name__, run.__doc__ = function.__name__, function.__doc__
        shared = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=False if key == "public" else None)
            for key, kind in SELECTING.items()
        ]  # fmt: skip
        kept = [param.replace(kind=inspect.Parameter.KEYWORD_ONLY) for param in own]
        run.__dict__["__signature__"] = inspect.Signature([call, *kept, *shared])
        reads(app, name, example=example, as_of=True)(run)
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

    zone = call.settings.zone
    typed = {name: given[key] for key, name in FILTERED.items()}
    return {
        "by": names(given["by"]),
        "filter": call.engine.read(query.meant, call.caller, given=typed),
        "filed": between(given["filed"], zone=zone),
        "closed": between(given["closed"], zone=zone),
        "zone": zone,
        "public": given["public"],
    }


def names(text: str | None) -> list[str]:
    """`unit,filed-month` as names."""
    return [name.strip().replace("-", "_") for name in text.split(",")] if text else []


def key_column(name: str) -> Column:
    """What a group is told apart by."""
    return Column(name, cell=lambda row: str(row["key"][name] or "-"), flex=True)
