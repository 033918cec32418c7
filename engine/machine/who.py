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
    return any(_matches(who, outline, state, actor, roles, pending) for who in allow)


def _matches(
    who: str, outline: Outline, state: CaseState, actor: str, roles: frozenset[str], pending: bool
) -> bool:
    if who == SYSTEM or actor == SYSTEM:
        return who == actor
    if who == "anyone":
        return True
    if who == "reporter":
        return (state.get("reporter") or {}).get("person") == actor
    if who in outline.seats:
        accept = outline.seats[who].accept and not pending
        return any(
            h["person"] == actor and (h["accepted"] or not accept) for h in state["seats"].get(who, ())
        )
    if who == "party" or who in outline.definition.parties.roles:
        return any(
            p["active"] and actor in (p["no"], p.get("person")) and who in ("party", p["role"])
            for p in state["parties"]
        )
    return who in roles


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
