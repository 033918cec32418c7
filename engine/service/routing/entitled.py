"""Which of the cases that wait for a seat somebody may give out: by what he is appointed to at their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.outline import HANDLER_SEAT
from engine.domain.errors import FolkmootError, Reason
from engine.machine.draft import Draft
from engine.machine.judge import allowed
from engine.machine.move import find_move
from engine.machine.program import Program
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.caller import Caller
from engine.service.naming import find_seat
from engine.service.seat import fillers


@dataclass
class Entitled:
    """Asked once for each case type and place, so that a long list of other people's cases is not read whole."""

    unit: Unit
    caller: Caller
    seat: str
    _known: dict[tuple[str, str, str], bool | None] = field(default_factory=dict)

    def at(self, row: Mapping[str, Any]) -> bool | None:
        """False where no role of the caller there fills the seat in any state; None where there is no such seat.

        ``row``: {definition, place, unit}. True may still be refused where the case stands (:func:`against`).
        """
        key = row["definition"], row["place"], row["unit"]
        if key not in self._known:
            self._known[key] = self._ask(*key)
        return self._known[key]

    def _ask(self, definition: str, place: str, office: str) -> bool | None:
        program = law.program(self.unit, definition)
        name = seat_of(program, self.seat)
        if name is None:
            return None
        who = _who(program, name)
        if "anyone" in who:
            return True
        day = law.calendar(self.unit, program.definition.calendar, office).day_of(self.caller.at)
        near = directory.around(self.unit, place, function=program.definition.case_type, on=day)
        return not who.isdisjoint(directory.who(self.unit, self.caller.name, near))


def seat_of(program: Program, seat: str) -> str | None:
    """A seat by id or title, None where the case type has none of this name."""
    try:
        return find_seat(program, seat)
    except FolkmootError:
        return None


def _who(program: Program, seat: str) -> set[str]:
    """Everybody who fills the seat by some act, as far as appointments say it."""
    triggers = program.outline.triggers
    who = {w for name in fillers(program, seat, auto=True) for t in triggers[name][1] for w in t.allow}
    return (who | set(program.outline.dispatch if seat == HANDLER_SEAT else ())) - program.outline.reserved


def against(draft: Draft, act: str, actor: str) -> Reason | None:
    """FM-R101 where the act that fills the seat now is for others; an act that is not open is told by itself."""
    move = find_move(draft, act)
    found = draft.program.outline.generated.get(act) if move is None else move[2]
    return None if found is None else next(iter(allowed(draft, found.allow, act, actor)), None)
