"""The doctor: whether everything that must hold in a store does, and what to do where it does not. Changes nothing."""

from collections.abc import Callable

from engine.domain.errors import Unavailable
from engine.domain.instant import to_text
from engine.persistence.raw import rows
from engine.persistence.unit import Unit
from engine.service import audit
from engine.service.caller import Answer, Caller
from engine.service.desk import is_demo
from engine.service.doctor import care, evidence, ground
from engine.service.doctor.check import Look, carry_out, unlooked

__all__ = ["examine"]

NOTHING: Answer = {"breaks": [], "checked": {"cases": 0, "events": 0, "seals": 0}}
SURE = tuple(check for check in ground.CHECKS if check.id != "order")  # these need no table
CHECKS = (*ground.CHECKS, *evidence.CHECKS, *care.CHECKS)


def examine(
    unit: Unit, caller: Caller, *, quick: bool = False, progress: Callable[[int], None] | None = None
) -> Answer:
    """Every check that fits this store; ``quick`` looks at a sample of cases, seals and keys.

    {ok, held, broken, quick, checks[{id, title, invariant, ok, count, found[{ref, text}], repair}],
    looked{cases, events, seals}, as_of}
    """
    fit = [check for check in CHECKS if check.only in (None, unit.dialect)]
    hindrance, seen = _follow(unit, caller, quick, progress)
    made_up = not hindrance and is_demo(unit)
    look = Look(unit, caller, quick, seen, _file(unit), made_up)
    results = [
        carry_out(check, look) if not hindrance or check in SURE else unlooked(check, caller.lang, hindrance)
        for check in fit
    ]
    told = [result.told(caller.lang) for result in results]
    broken = [one["id"] for one in told if not one["ok"]]
    return {
        "ok": not broken,
        "held": len(told) - len(broken),
        "broken": broken,
        "quick": quick,
        "checks": told,
        "looked": {name: look.audit["checked"][name] for name in ("cases", "events", "seals")},
        "as_of": to_text(caller.at),
    }


def _follow(
    unit: Unit, caller: Caller, quick: bool, progress: Callable[[int], None] | None
) -> tuple[str | None, Answer]:
    """What following the histories gives, or the check that tells why they cannot be followed."""
    try:
        if ground.lacking(unit):
            return "schema", NOTHING
        return None, audit.verify(unit, caller, sample=quick, progress=progress)
    except Unavailable:
        if unit.dialect != "sqlite":
            raise
        return "pages", NOTHING


def _file(unit: Unit) -> str | None:
    if unit.dialect != "sqlite":
        return None
    return next((path for _number, name, path in rows(unit, "PRAGMA database_list") if name == "main"), None)
