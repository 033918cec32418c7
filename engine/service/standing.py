"""Where a case stands, for one whose act was refused; and whether the store answers at all."""

from engine.domain.errors import Unavailable
from engine.domain.instant import to_text
from engine.persistence import schema
from engine.persistence.case_store import history
from engine.persistence.unit import Unit
from engine.service import law, view
from engine.service.acting import get_case
from engine.service.caller import Answer, Caller
from engine.service.query import next_acts


def standing(
    unit: Unit, caller: Caller, *, ref: str, act: str | None = None, since: int | None = None
) -> Answer:
    """How a case stands, what happened after version ``since``, and what the caller could do instead of ``act``."""
    row = get_case(unit, ref)
    program = law.program(unit, row.definition)
    after = row.version if since is None else max(0, since)
    events = [view.event(program, e.event, caller.lang) for e in history(unit, row.id, after_seq=after)]
    told = ("act", "title", "actor", "occurred_at")
    case = view.brief(program, row.body, row.version, caller.lang)
    open_acts = next_acts(unit, caller, ref=row.ref)["items"]
    return {
        "case": {name: case[name] for name in ("ref", "state", "state_title", "version")},
        "since": [{"version": e["seq"], **{name: e[name] for name in told}} for e in events],
        "way_out": [
            {"act": offer["act"], "title": offer["title"]}
            for offer in open_acts
            if offer["allowed"] and offer["act"] != act
        ],
    }


def ready(unit: Unit, caller: Caller) -> Answer:
    """{schema, as_of} from a store that answers and still has the schema of this program (FM-S002, FM-S003)."""
    has = schema.number(unit.connection) or 0
    if has != schema.NEEDED:
        code = "FM-S002" if has < schema.NEEDED else "FM-S003"
        raise Unavailable(code, kind="store", has=has, needs=schema.NEEDED)
    return {"schema": has, "as_of": to_text(caller.at)}
