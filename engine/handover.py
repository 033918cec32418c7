"""All of somebody's open work goes to others: each seat in a commit of its own, so that one conflict loses nothing.

Under a key the list of seats is bound first and each seat by a key made from it: repeated, it goes on with the same
list, and what was moved is answered as the first time.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError
from engine.service.caller import Answer, Caller
from engine.service.routing import reassigning


def reassign(
    engine: Engine,
    caller: Caller,
    *,
    persons: Sequence[str],
    to: str | None = None,
    seat: str | None = None,
    unit_code: str | None = None,
    cases: Sequence[str] = (),
    reason: str | None = None,
    key: str | None = None,
    dry_run: bool = False,
    begun: Callable[[int], Callable[[int], None]] = lambda total: lambda done: None,
) -> Answer:
    """{results, count, moved, failed, persons}. ``begun`` hears how many seats there are, and gives who hears how
    many are done."""
    asked: dict[str, Any] = {
        "persons": list(persons), "to": to, "seat": seat, "unit_code": unit_code, "cases": list(cases),
    }  # fmt: skip
    if dry_run:
        return engine.call(reassigning.preview, caller, dry_run=True, reason=reason, **asked)
    planned = (
        engine.call(reassigning.plan, caller, key=key, **asked)
        if key
        else engine.read(reassigning.plan, caller, **asked)
    )
    told, results = begun(len(planned["items"])), []
    for done, item in enumerate(planned["items"], start=1):
        results.append(_one(engine, caller, item, planned["to"], reason, key))
        told(done)
    return reassigning.summed(planned, results)


def _one(
    engine: Engine, caller: Caller, item: dict[str, str], to: str | None, reason: str | None, key: str | None
) -> dict[str, Any]:
    given: dict[str, Any] = {**item, "to": to, "reason": reason, "key": _key(key, item) if key else None}
    try:
        return engine.call(reassigning.move, caller, **given)
    except FolkmootError as error:
        return reassigning.refused(caller, item, error)


def _key(key: str, item: dict[str, str]) -> str:
    named = "\n".join([key, item["ref"], item["seat"], item["person"]])
    return sha256(named.encode()).hexdigest()[:32]
