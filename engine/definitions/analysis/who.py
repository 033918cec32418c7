"""The grammar of Who, judged without a case: what kind of name it is, and what such people can be relied on for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.model import Vocabulary
from engine.definitions.outline import Outline

SPECIAL = ("party", "reporter", "anyone", "system", "superior")


@dataclass(frozen=True)
class People:
    outline: Outline
    vocabulary: Vocabulary

    @cached_property
    def party_roles(self) -> frozenset[str]:
        return frozenset(self.outline.definition.parties.roles)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name a Who may begin with."""
        return frozenset((*SPECIAL, *self.outline.seats, *self.party_roles, *self.vocabulary.roles))

    def fault(self, who: str) -> str | None:
        """The part of a Who that is not known: the whole name, or ``@level``; None if all is."""
        name, at, level = who.partition("@")
        if at and name in self.vocabulary.roles:
            return None if level in self.vocabulary.levels else f"@{level}"
        return None if not at and name in self.known else who

    def is_seat(self, who: str) -> bool:
        return who in self.outline.seats

    def is_party(self, who: str) -> bool:
        return who == "party" or who in self.party_roles

    def role(self, who: str) -> str | None:
        """The role of ROLE and ROLE@LEVEL; ``superior`` is a head."""
        if who == "superior":
            return "head"
        name = who.partition("@")[0]
        return name if name in self.vocabulary.roles and not self.is_seat(who) else None

    def standing(self, who: str) -> bool:
        """Whether somebody is always there to act. ``superior`` is not: the topmost unit has none."""
        if who == "anyone":
            return any(role.standing for role in self.vocabulary.roles.values())
        role = None if who == "superior" else self.role(who)
        return role is not None and self.vocabulary.roles[role].standing

    def outside(self, who: str) -> bool:
        role = self.role(who)
        return role in self.vocabulary.roles and role is not None and self.vocabulary.roles[role].outside

    def can_act(self, who: str) -> bool:
        """Whether such a person can do anything here at all: known, not an outside body, not the engine."""
        return who != "system" and self.fault(who) is None and not self.outside(who)

    def holders(self, seat: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        """The Who that a seat is filled from, through seats that are filled from seats."""
        found: set[str] = set()
        for who in self.outline.seats[seat].of if seat not in seen else ():
            found |= self.holders(who, seen | {seat}) if self.is_seat(who) else {who}
        return frozenset(found)

    def meets(self, waited: str, allowed: str) -> bool:
        """Whether one who is waited for may be one who is allowed."""
        if waited == allowed:
            return True
        if allowed == "anyone":
            return waited != "system" and not self.outside(waited)
        if self.is_party(waited) and self.is_party(allowed):
            return "party" in (waited, allowed)
        if self.is_seat(waited) and self.is_seat(allowed):
            return bool(self.holders(waited) & self.holders(allowed))
        if self.is_seat(waited):
            return any(self.meets(who, allowed) for who in self.holders(waited))
        if self.is_seat(allowed):
            return any(self.meets(waited, who) for who in self.holders(allowed))
        mine, theirs = self.role(waited), self.role(allowed)
        if mine is None or mine != theirs:
            return False
        return waited == mine or allowed == theirs or "superior" in (waited, allowed)

    def any_meets(self, waited: Iterable[str], allowed: Iterable[str]) -> bool:
        given = tuple(allowed)
        return any(self.meets(who, other) for who in waited for other in given)
