"""Who may run the house itself: people, leave, calendars, definitions, registers. Pure.

What may be done on a case stands in its definition; this is about everything around cases. Until somebody is
appointed who could be asked, whoever holds the store sets it up: an office never locks itself out.
"""

from collections.abc import Collection, Mapping

ADMINISTER: Mapping[str, tuple[str, ...]] = {
    "organisation": ("administrator", "head"),
    "appointment": ("administrator", "head", "director"),
    "leave": ("administrator", "head", "director", "dispatcher"),
    "calendar": ("administrator", "head"),
    "definition": ("administrator", "head"),
    "register": ("administrator", "head", "dispatcher"),
    "evidence": ("administrator", "head"),
}

# what was sealed is shown to these, on cases that their unit serves, and to the head above them
SEES_SEALED = frozenset({"head", "superior", "privacy_officer"})


def may_see_sealed(roles: Collection[str]) -> bool:
    """``roles`` held on the day towards the case."""
    return not SEES_SEALED.isdisjoint(roles)


def may_administer(what: str, roles: Collection[str], *, set_up: bool, own: bool = False) -> bool:
    """``roles`` held today anywhere; ``set_up``: somebody holds one of the roles; ``own``: it concerns only oneself."""
    if not set_up or (own and what == "leave"):
        return True
    return any(role in roles for role in ADMINISTER[what])
