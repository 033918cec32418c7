"""The filter of cases as options: the same words for lists, figures and files of events (``engine/domain/filter.py``)."""

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.domain.filter import WORDS, Range, Word, ranges, spread

if TYPE_CHECKING:
    from datetime import datetime

    from cli.call import Call

Typed = Mapping[str, Any]  # the words that were typed, by name
_SPELT = {word.name: f"{word.name}_" if word.name in ("type", "open") else word.name for word in WORDS}


def _declared(word: Word) -> inspect.Parameter:
    flag = word.kind == "flag"
    said = word.help if flag else f"{word.takes}: {word.help}"
    option = typer.Option("--" + word.name.replace("_", "-"), help=said)
    kind: Any = bool if flag else str | None
    default = False if flag else None
    annotation = Annotated[kind, option]
    return inspect.Parameter(
        _SPELT[word.name], inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


OPTIONS = [_declared(word) for word in WORDS]


def taken(given: dict[str, Any]) -> dict[str, Any]:
    """The words among a command's options, taken out of them."""
    return {name: given.pop(spelt) for name, spelt in _SPELT.items()}


def filtered(function: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of the filter; it gets what was typed as ``typed``."""
    call, *own = inspect.signature(function, eval_str=True).parameters.values()

    def run(call: "Call", **given: Any) -> None:
        function(call, typed=taken(given), **given)

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    kept = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own if one.name != "typed"]
    first = [one for one in kept if one.default is inspect.Parameter.empty]
    run.__dict__["__signature__"] = inspect.Signature([call, *first, *OPTIONS, *kept[len(first) :]])
    return run


def asked(call: "Call", typed: Typed) -> dict[str, Any]:
    """What was typed as lists take it; a flag that was not is none."""
    return spread(_dated(call, typed), at=call.caller.now, zone=call.settings.zone)


def parted(call: "Call", typed: Typed, at: "datetime") -> tuple[dict[str, Any], dict[str, Range]]:
    """The same as figures take it: filed and closed apart. ``at``: what `last 28 days` ends before."""
    return ranges(_dated(call, typed), at=at, zone=call.settings.zone)


def _dated(call: "Call", typed: Typed) -> dict[str, Any]:
    due = typed.get("due")
    return {**typed, "due": call.instant(due, ahead=True) if due else None}
