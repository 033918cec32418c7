"""A case as programs ask for it: in depth, as a table, where it stands for one whose act was refused."""

from collections.abc import Collection, Mapping
from typing import Any

from engine.domain.errors import Unavailable, UsageError
from engine.domain.instant import to_text
from engine.persistence import schema
from engine.persistence.case_store import history
from engine.persistence.unit import Unit
from engine.service import clock, cover, law, view
from engine.service.acting import find_act
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.query import list_cases, next_acts, show_case

DEPTHS = ("next", "clocks")
MOST_ROWS = 100_000


def standing(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    act: str | None = None,
    since: int | None = None,
    again: bool = False,
) -> Answer:
    """How a case stands, what happened after version ``since``, and what the caller could do instead of ``act``;
    ``again``: where only its inputs were wrong, that is the act itself."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    after = row.version if since is None else max(0, since)
    shown = cover.cover(unit, caller, row.body)
    events = [
        shown.event(view.event(program, e.event, caller.lang)) for e in history(unit, row.id, after_seq=after)
    ]
    told = ("act", "title", "actor", "occurred_at")
    case = view.brief(program, row.body, row.version, caller.lang)
    tried = find_act(program, act) if act is not None else None
    open_acts = next_acts(unit, caller, ref=row.ref)["items"]
    return {
        "case": {name: case[name] for name in ("ref", "state", "state_title", "version")},
        "since": [{"version": e["seq"], **{name: e[name] for name in told}} for e in events],
        "way_out": [
            {"act": offer["act"], "title": offer["title"]}
            for offer in open_acts
            if offer["allowed"] and (offer["act"] == tried if again else offer["act"] != tried)
        ],
    }


def case_in_depth(unit: Unit, caller: Caller, *, ref: str, include: Collection[str] = ()) -> Answer:
    """One case as it is shown; ``include`` of ``next``: every act with its input and why not; of ``clocks``:
    every run with its intervals."""
    for name in include:
        if name not in DEPTHS:
            raise UsageError("FM-U351", kind="input", name="include", given=name, wanted=", ".join(DEPTHS))
    answer = show_case(unit, caller, ref=ref)
    if "next" in include:
        answer["next"] = next_acts(unit, caller, ref=answer["ref"])["items"]
    if "clocks" in include:
        answer["clocks"] = [
            clock.explain(
                unit, caller, ref=answer["ref"], clock=run["name"], item=run["item"], run=run["run"]
            )
            for run in answer["clocks"]
        ]
    return answer


def all_cases(unit: Unit, caller: Caller, *, filter: Mapping[str, Any]) -> Answer:  # noqa: A002 - the word of lists and figures
    """Every case that the filter selects, in one view of the store; FM-U352 where they are too many."""
    count = list_cases(unit, caller, filter=filter, limit=1)["count"]
    if count > MOST_ROWS:
        raise UsageError("FM-U352", kind="input", count=count, limit=MOST_ROWS)
    return list_cases(unit, caller, filter=filter, limit=None)


def ready(unit: Unit, caller: Caller) -> Answer:
    """{schema, as_of} from a store that answers and still has the schema of this program (FM-S002, FM-S003)."""
    has = schema.number(unit.connection) or 0
    if has != schema.NEEDED:
        code = "FM-S002" if has < schema.NEEDED else "FM-S003"
        raise Unavailable(code, kind="store", has=has, needs=schema.NEEDED)
    return {"schema": has, "as_of": to_text(caller.at)}
