"""Acts for which every door asks for the reason; the event keeps it as its note."""

from typing import Any

from engine.domain.errors import Refused, refused
from engine.machine.entitled import noted
from engine.persistence.unit import Unit
from engine.service.acting import do_act
from engine.service.caller import Answer, Caller


def do_reasoned(unit: Unit, caller: Caller, *, reason: str | None, **given: Any) -> Answer:
    """:func:`do_act`; where the note is missing, the reason is named, as it is typed."""
    try:
        return do_act(unit, caller, note=reason, **given)
    except Refused as error:  # nothing was written: a refused decision is none
        raise refused([noted(one) for one in error.reasons]) from error
