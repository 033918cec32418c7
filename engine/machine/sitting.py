"""Who sits down and who leaves: the changes of seats, whoever asks for them (an act, an effect, a clock)."""

from typing import Any

from engine.domain.case import Holder
from engine.machine.command import Pick
from engine.machine.draft import Draft


def fill_seat(draft: Draft, seat: str, person: str, pick: Pick) -> None:
    outline = draft.program.outline
    accepted = not outline.seats[seat].accept
    said: dict[str, Any] = {"weight": pick.weight}
    if seat in outline.awaited:
        said |= {"acknowledge": pick.acknowledge, "grace": pick.grace}
    rule = {name: value for name, value in said.items() if value is not None}
    if accepted and seat in outline.awaited and person != draft.events[-1]["actor"]:
        rule["answered"] = False
    draft.emit(do="seat", seat=seat, person=person, accepted=accepted, **rule, decision=dict(pick.decision))


def answered(holder: Holder) -> bool:
    """Whether a holder has said that he is there: he accepted the seat, or has acted on the case since."""
    return holder.get("answered", holder["accepted"])


def answer(draft: Draft, actor: str) -> None:
    """Whoever acts on a case answers for the seats in which he is waited for."""
    for seat in draft.program.outline.awaited:
        for holder in draft.state["seats"].get(seat, ()):
            if holder["person"] == actor and holder["accepted"] and not answered(holder):
                draft.emit(do="answer", seat=seat, person=actor)


def empty_seat(draft: Draft, seat: str, person: str, why: str | None = None) -> None:
    """A person leaves a seat, and with it the seats that are filled from it; ``why`` bars from coming back."""
    draft.emit(do="unseat", seat=seat, person=person, **({"why": why} if why else {}))
    for other, spec in draft.program.outline.seats.items():
        if seat in spec.of and any(h["person"] == person for h in draft.state["seats"].get(other, ())):
            empty_seat(draft, other, person)


def replace_holder(draft: Draft, seat: str, leaving: str) -> None:
    """Another takes the place of one holder, as the engine picks. Where nobody can, he stays and it is an incident."""
    pick = draft.world.pick(draft.asked(seat))
    if pick.person is None:
        draft.emit(do="incident", what="nobody_found", seat=seat, decision=dict(pick.decision))
        return
    empty_seat(draft, seat, leaving)
    fill_seat(draft, seat, pick.person, pick)
