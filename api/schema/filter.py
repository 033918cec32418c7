"""The filter of cases, as query parameters: the same words as on the command line (``engine/domain/filter.py``)."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from api.door import DoorDep
from api.schema.case import DayOrMoment
from engine.domain.filter import STRETCHES, WORDS, Word, spread

BOUNDS = [f"{name}_{end}" for name in STRETCHES for end in ("from", "until")]
_SAID = {"from": "then or later", "until": "before then"}


def _named(name: str) -> str:
    """A word as a parameter of a function: some mean something else in Python."""
    return f"{name}_"


def _declared(word: Word) -> inspect.Parameter:
    examples = [word.example] if word.example else None
    told = Query(alias=word.name, description=word.help, max_length=word.longest or None, examples=examples)
    kind: Any = {"flag": bool, "day": DayOrMoment | None}.get(word.kind, str | None)
    return inspect.Parameter(
        _named(word.name), inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[kind, told], default=False if word.kind == "flag" else None,
    )  # fmt: skip


def _bounds() -> Iterator[inspect.Parameter]:
    for name in BOUNDS:
        what, _, end = name.partition("_")
        told = Query(alias=name, description=f"{what} {_SAID[end]}")
        annotation = Annotated[DayOrMoment | None, told]
        yield inspect.Parameter(
            _named(name), inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=None
        )


def words(function: Callable[..., Any]) -> Callable[..., Any]:
    """A dependency with the words of the filter among its parameters; it gets what was sent as ``sent``."""
    own = [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for one in inspect.signature(function, eval_str=True).parameters.values()
        if one.name != "sent"
    ]

    async def run(**given: Any) -> Any:
        sent = {name: given.pop(_named(name)) for name in (*(word.name for word in WORDS), *BOUNDS)}
        return await function(sent=sent, **given)

    shared = [*(_declared(word) for word in WORDS), *_bounds()]
    run.__dict__["__signature__"] = inspect.Signature([*own, *shared])
    return run


def dated(sent: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Plain days as moments: the one at which they begin at the server's zone or, of ``due``, end."""
    return {name: _instant(value, ZoneInfo(zone), ends=name == "due") for name, value in sent.items()}


def _instant(value: Any, zone: ZoneInfo, *, ends: bool) -> Any:
    if not isinstance(value, date) or isinstance(value, datetime):
        return value
    return datetime.combine(value + timedelta(days=ends), datetime.min.time(), zone)


@words
async def asked(door: DoorDep, sent: Mapping[str, Any]) -> dict[str, Any]:
    zone = door.house.settings.zone
    return spread(dated(sent, zone), at=door.now, zone=zone)


FilterDep = Annotated[dict[str, Any], Depends(asked)]
