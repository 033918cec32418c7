"""Seats by lot, and seats filled from another seat.

A lot is a pure function of a seed and of those who may be drawn, in the order recorded: who has both, draws
the same again. The seed comes from outside and is written down with the pick.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definitions.model import SeatSpec
from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.machine.command import Pool
from engine.machine.draft import Draft
from engine.rules.function import chance

RECUSED, DECLINED, UNANSWERED = "recused", "declined", "unanswered"


def drawn(seed: str, people: Sequence[str], count: int) -> list[str]:
    """``count`` of these people (all of them where they are fewer), each as likely as any other.

    The same seed over the same people in the same order gives the same pick.
    """
    left = list(people)
    found: list[str] = []
    while left and len(found) < count:
        found.append(left.pop(int(chance(seed, f"lot {len(found) + 1}") * len(left))))
    return found


def replayed(decision: Mapping[str, Any]) -> list[str]:
    """Who is drawn when a recorded lot is drawn again."""
    return drawn(decision["seed"], decision["pool"], decision["wanted"])


def pool(draft: Draft, seat: str) -> Pool:
    """Who may be drawn now, in order of their codes, and who not and why.

    A seat of a seat is drawn from its holders alone. Nobody sits twice on one case, and who was recused or
    declined is not drawn again.
    """
    outline, state = draft.program.outline, draft.state
    spec = outline.seats[seat]
    above = parents(draft, spec)
    if len(above) == len(spec.of):
        found = Pool(tuple(sorted({h["person"] for s in above for h in state["seats"].get(s, ())})))
    else:
        found = draft.world.pool(draft.asked(seat))
    beside = [h["person"] for name, held in state["seats"].items() if name not in above for h in held]
    shut = {**dict.fromkeys(beside, "holds"), **state.get("barred", {}).get(seat, {})}
    able = tuple(sorted(person for person in found.people if person not in shut))
    told = {out["person"] for out in found.excluded}
    out = [
        {"person": person, "because": shut[person], "params": {}}
        for person in sorted(found.people)
        if person in shut and person not in told
    ]
    return Pool(able, (*found.excluded, *out))


def parents(draft: Draft, spec: SeatSpec) -> list[str]:
    """The seats from whose holders a seat is filled."""
    return [name for name in spec.of if name in draft.program.outline.seats]


def against(draft: Draft, seat: str, person: str) -> list[Reason] | None:
    """What the case itself says of a person named for a seat; None: those who know the people are to be asked."""
    spec = draft.program.outline.seats[seat]
    if draft.state.get("barred", {}).get(seat, {}).get(person) == RECUSED:
        return [_unfit(seat, person, RECUSED)]
    above = parents(draft, spec)
    members = [h["person"] for name in above for h in draft.state["seats"].get(name, ()) if h["accepted"]]
    if person in members:
        return []
    if above and len(above) == len(spec.of):
        return [_unfit(seat, person, "no_member", members)]
    return None


def _unfit(seat: str, person: str, because: str, members: Sequence[str] = ()) -> Reason:
    params: dict[str, Any] = {"person": person, "seat": seat, "excluded_by": because}
    for suffix, lang in (("", "en"), ("_zh", "zh")):
        joint = text("word.out.joint", lang).join(sorted(members))
        params[f"because{suffix}"] = text(f"word.out.{because}", lang)
        params[f"others{suffix}"] = text("word.out.members", lang, list=joint) if members else ""
    return Reason("FM-R501", params, "seat", pointer=f"/seats/{seat}")


def fill_by_lot(draft: Draft, seat: str) -> None:
    """Draw for every place of a seat that is empty; too few leave an incident beside those who were drawn."""
    spec = draft.program.outline.seats[seat]
    wanted = spec.least - len(draft.state["seats"].get(seat, ()))
    if wanted <= 0:
        return
    among = pool(draft, seat)
    decision: dict[str, Any] = {
        "by": "lot",
        "seat": seat,
        "seed": draft.world.seed(),
        "pool": list(among.people),
        "wanted": wanted,
        "excluded": list(among.excluded),
        "reason": "lot",
    }
    found = replayed(decision)
    for person in found:
        draft.emit(
            do="seat",
            seat=seat,
            person=person,
            accepted=not spec.accept,
            decision={**decision, "person": person},
        )
    if len(found) < wanted:
        draft.emit(do="incident", what="too_few", seat=seat, decision={**decision, "reason": "too_few"})
