"""Who takes the seats that an act asks for: whom it names, or whom the engine picks; and who has to make room for them.

What :mod:`engine.machine.sitting` does to a case is decided here, for one command.
"""

from collections.abc import Sequence

from engine.definitions.model import Ask
from engine.definitions.outline import HANDLER_SEAT
from engine.domain.errors import Reason
from engine.machine import lot
from engine.machine.command import Command, Pick
from engine.machine.draft import Draft
from engine.machine.judge import fact_title
from engine.machine.sitting import empty_seat, fill_seat, replace_holder
from engine.machine.typed import wrong


class Seating:
    """``reasons``: where what does not fit is told, beside what else is wrong with the command."""

    def __init__(self, draft: Draft, command: Command, reasons: list[Reason]) -> None:
        self.draft, self.command, self.reasons = draft, command, reasons

    def take(self, ask: Ask) -> bool:
        """Whoever was named for a seat that an act asks for, or whom the engine picks; False: nobody was named."""
        people = self.command.seats.get(ask.name, ())
        leaving = self.draft.leaving(ask.name)
        if not people and self.command.auto and leaving is not None:
            replace_holder(self.draft, ask.name, leaving)
        elif not people and self.command.auto and ask.needed:
            self._pick(ask.name)
        elif not people and ask.needed:
            return False
        else:
            self.fill(ask.name, people)
        return True

    def _pick(self, seat: str) -> None:
        if seat == HANDLER_SEAT and not self._may_replace(seat):
            return
        held = [h["person"] for h in self.draft.state["seats"].get(seat, ())]
        # a handler is chosen anew among all, whoever handles it now too
        asked = self.draft.asked(seat, at=self.command.at, vacant=seat == HANDLER_SEAT)
        pick = self.draft.world.pick(asked)
        if pick.person is None:
            self.reasons.append(pick.against or Reason("FM-R502", dict(pick.decision), "seat"))
        elif pick.person in held:
            titles = {"seat": seat, "seat_zh": fact_title(self.draft.program, seat, "zh")}
            about = {"person": pick.person, "ref": self.draft.state.get("ref", "REF"), **titles}
            self.reasons.append(Reason("FM-R504", about, "seat"))
        else:
            if seat == HANDLER_SEAT:
                for holder in list(self.draft.state["seats"].get(seat, ())):
                    self.draft.emit(do="unseat", seat=seat, person=holder["person"])
            fill_seat(self.draft, seat, pick.person, pick)

    def fill(self, seat: str, people: Sequence[str]) -> None:
        """Put named people into a seat, each checked against the law's and the roster's hard filters."""
        spec = self.draft.program.outline.seats[seat]
        leaving = self.draft.leaving(seat) if people else None
        held = [h["person"] for h in self.draft.state["seats"].get(seat, ()) if h["person"] != leaving]
        if (
            leaving is None
            and seat == HANDLER_SEAT
            and len(people) == 1
            and people[0] not in held
            and spec.most == 1
        ):
            if not self._may_replace(seat):
                return
            for person in held:  # handing over is one act: the new holder takes the old one's place
                self.draft.emit(do="unseat", seat=seat, person=person)
            held = []
        if len({*held, *people}) > spec.most:
            wanted = f"at most {spec.most}"
            self.reasons.append(wrong(seat, ", ".join([*held, *people]), wanted, f"/seats/{seat}"))
            return
        for person in people:
            own = lot.against(self.draft, seat, person)
            world, asked = self.draft.world, self.draft.asked(seat, at=self.command.at)
            against = world.eligible(asked, person) if own is None else own
            self.reasons.extend(against)
            if not against and person not in held:
                if leaving is not None:
                    empty_seat(self.draft, seat, leaving)
                    leaving = None
                member = Pick(person, {"by": "hand", "seat": seat, "person": person, "reason": "by_hand"})
                fill_seat(self.draft, seat, person, world.by_hand(asked, person) if own is None else member)

    def _may_replace(self, seat: str) -> bool:
        """One's own choice may be changed at will; another's only with a reason, else it was too late."""
        for holder in self.draft.state["seats"].get(seat, ()):
            if holder.get("by") != self.command.actor and not self.command.note:
                about = {"person": holder["person"], "at": holder["since"]}
                self.reasons.append(Reason("FM-C003", about, "conflict"))
                return False
        return True
