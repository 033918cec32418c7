"""What a batch of seats is asked (:class:`Wanted`) and what its plan says of each case (:class:`Placed`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.routing import choice
from engine.routing.candidate import Candidate, Pick, Request
from engine.routing.cost import room


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat of a case. ``weight``: what the case adds to a load. ``since``: how long it waits, instant text.

    Cases at the same place share their list of ``candidates``; it is judged once for all that ask the same of it.
    """

    ref: str
    request: Request
    candidates: Sequence[Candidate]
    weight: int
    since: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What the whole batch puts on one person: the weights of the cases, the smallest first."""

    load: int
    cap: int
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """``person`` None: nobody is left. ``rank``: which choice of this case alone that is, 1 for its best.
    ``instead``: whom picking one by one gives."""

    wanted: Wanted
    person: str | None
    rank: int | None
    cost: int
    shares: Mapping[str, Share]
    instead: str | None
    instead_cost: int

    @property
    def others(self) -> dict[str, int]:
        """What the rest of the batch puts on those who were asked for this case, as ``Request.added`` has it.

        Who holds lighter cases of the batch and has no room for one so heavy is told as full.
        """
        caps = {c.person: c.cap for c in sorted(self.wanted.candidates, key=lambda c: c.cap)}
        found = {}
        for person in sorted(caps.keys() & self.shares.keys()):
            share = self.shares[person]
            found[person] = sum(share.weights) - (self.wanted.weight if person == self.person else 0)
            load = share.load + found[person]
            if person != self.person and not room(load, share.cap, self.wanted.weight, share.weights[0]):
                found[person] = max(found[person], caps[person] - share.load)
        return {person: weight for person, weight in found.items() if weight}

    def pick(self) -> Pick:
        """The choice with its table, as if the others of the batch had been assigned before."""
        request = replace(self.wanted.request, added=self.others)
        pick = choice.choose(request, self.wanted.candidates)
        if pick.person == self.person:
            return pick
        mine = next((c for c in pick.considered if c.person == self.person), None)
        unit = str(mine.terms["unit"]) if mine else None
        reason = "batch" if self.person else "nobody"
        return replace(pick, person=self.person, unit=unit, score=mine.score if mine else None, reason=reason)


@dataclass(frozen=True, slots=True)
class Batch:
    """The plan, in the order in which it is carried out: the heaviest first, then who waits longest."""

    placed: tuple[Placed, ...]
    cost: int
    one_by_one: int
    left: int
    left_one_by_one: int

    @property
    def better(self) -> int:
        """Cases that come cheaper than one by one."""
        return sum(p.person is not None and p.cost < p.instead_cost for p in self.placed if p.instead)

    @property
    def worse(self) -> int:
        return sum(p.person is not None and p.cost > p.instead_cost for p in self.placed if p.instead)

    @property
    def saved(self) -> int | None:
        """How much cheaper than one by one, in whole hundredths, rounded down; None where one by one seats fewer,
        or costs nothing."""
        if self.left != self.left_one_by_one or not self.one_by_one:
            return None
        return (self.one_by_one - self.cost) * 100 // self.one_by_one
