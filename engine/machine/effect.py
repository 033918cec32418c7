"""Steps 8 to 10 of one act: effects in file order, then what follows by itself, each an event of its own."""

from collections.abc import Callable, Iterable
from typing import Any

from engine.definitions.model import (
    Effect,
    FireEffect,
    LinkEffect,
    NoticeEffect,
    PurgeEffect,
    RemindEffect,
    SealEffect,
    SeatEffect,
    SetEffect,
    UnseatEffect,
)
from engine.domain.errors import Reason
from engine.machine.command import SYSTEM, Halt, Pick
from engine.machine.draft import Draft
from engine.machine.erasure import redacted
from engine.machine.lot import RECUSED, UNANSWERED, fill_by_lot
from engine.machine.opening import open_case, tell_linked
from engine.machine.sitting import answered, empty_seat, fill_seat, replace_holder
from engine.machine.typed import Wrong, typed
from engine.machine.who import people

Item = tuple[str, str]


def run_effects(draft: Draft, effects: Iterable[Effect], item: Item | None = None) -> None:
    """Apply effects to the current event. A ``fire`` waits until the clocks are settled."""
    for effect in effects:
        _RUN[effect.verb](draft, effect, item)


def _fire(draft: Draft, effect: FireEffect, item: Item | None) -> None:
    if effect.on is not None:
        tell_linked(draft, effect)
        return
    draft.fires.append((effect.trigger, draft.events[-1]["seq"]))


def _notice(draft: Draft, effect: NoticeEffect, item: Item | None) -> None:
    draft.tell(kind="notice", form=effect.form, to=_to(draft, effect.to, item))


def _remind(draft: Draft, effect: RemindEffect, item: Item | None) -> None:
    draft.tell(kind="reminder", to=_to(draft, effect.to, item))


def _link(draft: Draft, effect: LinkEffect, item: Item | None) -> None:
    draft.emit(do="link", kind=effect.link, ref=draft.state["fields"][effect.case])


def _seal(draft: Draft, effect: SealEffect, item: Item | None) -> None:
    draft.emit(do="seal", what=effect.target)


def _purge(draft: Draft, effect: PurgeEffect, item: Item | None) -> None:
    """Content of this very act goes before it is written; that of earlier ones when the decision is stored."""
    facts = sorted(effect.facts)
    draft.events[:] = [redacted(event, facts) for event in draft.events]
    draft.emit(do="purge", facts=facts, erased={})


def _to(draft: Draft, who: tuple[str, ...], item: Item | None) -> list[str]:
    """``party`` in the mark of a per-party clock is that party alone."""
    if item is not None and item[0] == "party" and "party" in who:
        rest = tuple(name for name in who if name != "party")
        return [item[1], *people(rest, draft.program.outline, draft.state)]
    return people(who, draft.program.outline, draft.state)


def _set(draft: Draft, effect: SetEffect, item: Item | None) -> None:
    for field, text in effect.values.items():
        spec = draft.program.definition.fields[field]
        expression = draft.program.value(text, f"value:{spec.kind}", item[0] if item else None)
        seed = draft.reseed() if "draw" in expression.calls else None
        value = draft.known(expression, field, item)
        try:
            stored = typed(spec, value, lambda kind, code: True, lambda option: ())
        except Wrong as error:
            raise Halt(
                [Reason("FM-R303", {"name": field, "value": value, "wanted": str(error)}, "input")]
            ) from error
        draft.emit(do="set", field=field, value=stored, **({"seed": seed} if seed else {}))


def _unseat(draft: Draft, effect: UnseatEffect, item: Item | None) -> None:
    held = [h["person"] for h in draft.state["seats"].get(effect.seat, ())]
    if effect.who is not None:
        value: Any = draft.known(
            draft.program.value(effect.who, "person", item[0] if item else None), effect.seat, item
        )
        wanted = value if isinstance(value, list) else [value]  # codes of persons
        held = [person for person in held if person in wanted]
    there = {h["person"]: answered(h) for h in draft.state["seats"].get(effect.seat, ())}
    for person in held:
        why = None if effect.who is None else _left_because(draft, answered=there[person])
        empty_seat(draft, effect.seat, person, why)


def _left_because(draft: Draft, *, answered: bool) -> str:
    """Whom time takes from a seat for which he never answered gave no answer; everybody else is recused."""
    return UNANSWERED if not answered and draft.events[-1]["actor"] == SYSTEM else RECUSED


def _seat(draft: Draft, effect: SeatEffect, item: Item | None) -> None:
    """By lot or by routing. Nobody to be found leaves the seat empty and an incident in the supervisor's queue."""
    if effect.by == "lot":
        fill_by_lot(draft, effect.seat)
        return
    leaving = draft.leaving(effect.seat)
    if leaving is not None:
        replace_holder(draft, effect.seat, leaving)
        return
    spec = draft.program.outline.seats[effect.seat]
    while len(draft.state["seats"].get(effect.seat, ())) < spec.least:
        pick: Pick = draft.world.pick(draft.asked(effect.seat))
        if pick.person is None:
            draft.emit(do="incident", what="nobody_found", seat=effect.seat, decision=dict(pick.decision))
            return
        fill_seat(draft, effect.seat, pick.person, pick)


_RUN: dict[str, Callable[[Draft, Any, Item | None], None]] = {
    "set": _set,
    "fire": _fire,
    "notice": _notice,
    "remind": _remind,
    "seat": _seat,
    "unseat": _unseat,
    "link": _link,
    "open": open_case,
    "seal": _seal,
    "purge": _purge,
}
