"""Who may: the ``allow`` grammar against the actor of a command. Denied unless listed."""

from collections.abc import Iterable

from engine.definitions.outline import Outline
from engine.domain.case import CaseState
from engine.machine.command import SYSTEM


def may(
    allow: Iterable[str],
    outline: Outline,
    state: CaseState,
    actor: str,
    roles: frozenset[str],
    *,
    pending: bool = False,
) -> bool:
    """Whether one of the listed holds for the actor. ``pending``: holders who have not accepted yet count too."""
    return not names_of(actor, outline, state, roles, pending=pending).isdisjoint(allow)


def names_of(
    actor: str, outline: Outline, state: CaseState, roles: frozenset[str], *, pending: bool = False
) -> set[str]:
    """Every Who that holds for the actor: roles, seats taken (``pending``: or only named for), party, reporter."""
    if actor == SYSTEM:
        return {SYSTEM}
    names = {"anyone", *(roles - outline.reserved)}
    if (state.get("reporter") or {}).get("person") == actor:
        names.add("reporter")
    for party in state["parties"]:
        if party["active"] and actor in (party["no"], party.get("person")):
            names.update(name for name in ("party", party["role"]) if name not in outline.seats)
    for seat, holders in state["seats"].items():
        spec = outline.seats.get(seat)
        if spec is not None and any(
            h["person"] == actor and (h["accepted"] or pending or not spec.accept) for h in holders
        ):
            names.add(seat)
    return names


def people(who: Iterable[str], outline: Outline, state: CaseState) -> list[str]:
    """Those meant by a list of Who as far as the case knows them: party numbers, holders; roles by their name."""
    found: dict[str, None] = {}
    for name in who:
        if name in outline.seats:
            found.update(dict.fromkeys(h["person"] for h in state["seats"].get(name, ())))
        elif name == "party" or name in outline.definition.parties.roles:
            found.update(
                dict.fromkeys(
                    p["no"] for p in state["parties"] if p["active"] and name in ("party", p["role"])
                )
            )
        elif name == "reporter" and (state.get("reporter") or {}).get("person"):
            found[state["reporter"]["person"]] = None
        else:
            found[name] = None
    return list(found)
