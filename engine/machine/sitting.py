"""Who sits down and who leaves: the changes of seats, whoever asks for them (an act, an effect, a clock)."""

from engine.machine.command import Pick
from engine.machine.draft import Draft


def fill_seat(draft: Draft, seat: str, person: str, pick: Pick) -> None:
    accepted = not draft.program.outline.seats[seat].accept
    said = {"weight": pick.weight, "acknowledge": pick.acknowledge}
    rule = {name: value for name, value in said.items() if value is not None}
    draft.emit(do="seat", seat=seat, person=person, accepted=accepted, **rule, decision=dict(pick.decision))


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
