"""A waiting list through the engine, case by case: each a commit of its own, and nobody waits long for the store."""

from typing import Any

from api.door import Door
from engine.domain.errors import FolkmootError, Reason
from engine.routing.placed import Placed
from engine.service.routing import batch


async def assign_batch(door: Door, *, reason: str | None, **asked: Any) -> dict[str, Any]:
    """The report; under a key the same request gets the same answer."""
    digest = batch.digest_of(door.caller, reason=reason, **asked)
    held = await door.read(batch.first_answer, key=door.key, digest=digest)
    if held is not None:
        return held
    made = await door.read(batch.plan_batch, **asked)
    told = [await _one(door, made, ref, todo, reason) for ref, todo in batch.results(made)]
    answer = batch.report(made, told, door.caller)
    if door.key and not door.dry_run:
        await door.house.write(batch.finish, door.caller, key=door.key, digest=digest, answer=answer)
    door.exchange.saved = not door.dry_run and bool(answer["assigned"])
    return answer


async def _one(
    door: Door, made: batch.Plan, ref: str, todo: Placed | Reason, reason: str | None
) -> dict[str, Any]:
    if isinstance(todo, Reason):
        return batch.not_done(ref, [todo], door.lang)
    given: dict[str, Any] = {"made": made, "placed": todo, "reason": reason}
    if door.key:
        given["key"] = f"{door.key}:{ref}"
    try:
        answer = await door.house.write(batch.assign_planned, door.caller, dry_run=door.dry_run, **given)
    except FolkmootError as error:
        return batch.not_done(ref, error.reasons, door.lang)
    return batch.done(todo, answer)
