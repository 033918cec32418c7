"""Who may run the house itself, and who reads what of a case. Pure.

What may be done on a case stands in its definition; the first part is about everything around cases: people, leave,
calendars, definitions, registers. Until somebody is appointed who could be asked, whoever holds the store sets it
up: an office never locks itself out.

The second part turns what somebody is towards a case into what he is shown of it. Sources: Personal Information
Protection Law art. 28 and 34 (the least that a duty needs), People's Mediation Law art. 15, Criminal Procedure Rules
art. 173 (who told it stays secret), Domestic Violence Law art. 14; how they are cut into classes is ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

ADMINISTER: Mapping[str, tuple[str, ...]] = {
    "organisation": ("administrator", "head"),
    "appointment": ("administrator", "head", "director"),
    "leave": ("administrator", "head", "director", "dispatcher"),
    "calendar": ("administrator", "head"),
    "definition": ("administrator", "head"),
    "routing": ("administrator", "head"),
    "register": ("administrator", "head", "dispatcher"),
    "evidence": ("administrator", "head"),
}

# who may ask figures about named others: those who lead or give work out; about himself everybody may
FIGURES_OF_PERSONS = ("head", "director", "dispatcher", "inspector", "pb", "lupon_secretary")


def may_administer(what: str, roles: Collection[str], *, set_up: bool, own: bool = False) -> bool:
    """``roles`` held today anywhere; ``set_up``: somebody holds one of the roles; ``own``: it concerns only oneself."""
    if not set_up or (own and what == "leave"):
        return True
    return any(role in roles for role in ADMINISTER[what])


# ---- what is shown of a case -------------------------------------------------------------------

# from the most open to the most closed; a class that is not among them is read as the last
CLASSES = ("public", "contact", "narrative", "sensitive", "protected", "caucus", "informant", "sealed")
PRIVATE = frozenset(CLASSES[CLASSES.index("sensitive") :])

Sight = Literal["all", "flags", "nothing"]
"""All of a fact; of it only that it is so or not; or only that there is one."""

# what was sealed is shown to these, on cases that their unit serves, and to the head above them
SEES_SEALED = frozenset({"head", "superior", "privacy_officer"})
_LEADS = frozenset({"head", "superior"})
_SENSITIVE = _LEADS | {"officer", "legal", "director", "pb", "lupon_secretary", "privacy_officer"}
_FLAGS = frozenset({
    "dispatcher", "auxiliary", "mediator_post", "lupon_member", "judicial_office", "coordinator",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody is towards a case on the day: roles over units that serve it, and seats on it."""

    roles: frozenset[str] = frozenset()
    seats: frozenset[str] = frozenset()


def closer(*classes: str) -> str:
    """The most closed of them; ``public`` of none."""
    return CLASSES[max(map(_rank, classes), default=0)]


def _rank(name: str) -> int:
    return CLASSES.index(name) if name in CLASSES else len(CLASSES) - 1


def sight(class_: str, reader: Reader, *, own: bool = False) -> Sight:
    """What of a fact of this class the reader is shown; ``own``: he brought it himself.

    Up to ``narrative`` nothing is closed here: that is for whom a case exists at all.
    """
    roles, seats = reader.roles, reader.seats
    match closer(class_):
        case "sensitive":
            if own or seats or not _SENSITIVE.isdisjoint(roles):
                return "all"
            return "flags" if not _FLAGS.isdisjoint(roles) else "nothing"
        case "protected":  # where a victim is found: sworn people only, whoever else works on the case
            return _if(own or not (_LEADS | {"officer", "legal"}).isdisjoint(roles))
        case "caucus":
            return _if(own)
        case "informant":  # the officer who is named for it, and who leads him; not who took it down
            return _if(not _LEADS.isdisjoint(roles) or ("officer" in roles and bool(seats)))
        case "sealed":
            return _if(may_see_sealed(roles))
    return "all"


def _if(open_: bool) -> Sight:
    return "all" if open_ else "nothing"


def may_see_sealed(roles: Collection[str]) -> bool:
    """``roles`` held on the day towards the case."""
    return not SEES_SEALED.isdisjoint(roles)


def may_know_why(roles: Collection[str], dispatch: Collection[str]) -> bool:
    """Whether somebody is told why another was left out of a seat. ``dispatch``: who gives such cases to somebody."""
    return not (_LEADS | {"director", *dispatch}).isdisjoint(roles)
