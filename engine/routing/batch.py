"""Many seats at once: who takes which, so that together it is as near and as evenly spread as can be.

Most cases come first, the heavier before the lighter, then the least sum of nearness and load (``engine.routing.cost``);
filters and caps are those of a single choice. Cases of one weight are placed by the optimum over all of them. Where
weights differ the exact optimum is a packing problem that nobody solves in time (the generalised assignment problem is
NP-hard); then each weight is placed by its optimum given the others, the heaviest first, again and again until no
weight can be placed better; should that be worse than the picks one by one, it begins with those. So it is never worse
than one by one, and not always the best there is.

So no case would be better off with somebody else while the others stay where they are: ``choose``, told what the others
were given (``Request.added``), picks the very same person. That is what is stored, and how a batch is replayed. (Where
weights or the rules' scores differ, rounding can leave two people equal to one of the two and not to the other; such a
pick says ``batch`` as its reason.)

Pure. The order in which cases and candidates come does not matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.routing.candidate import Candidate, Request
from engine.routing.cost import near, price, room
from engine.routing.exclusion import conflicted, failures
from engine.routing.placed import Batch, Placed, Share, Wanted

if TYPE_CHECKING:
    from engine.routing.matching import Places, Whole

Objective = tuple[int, ...]  # cases left, the heaviest weight first, then the cost


def plan(wanted: Iterable[Wanted]) -> Batch:
    """The best plan found; each case stands in it once."""
    table = _Table(wanted)
    greedy = table.one_by_one()
    best = table.improved(table.empty())
    if table.worth(greedy) < table.worth(best):  # only where weights differ
        best = table.improved(greedy)
    return table.told(best, greedy)


class _Able(NamedTuple):
    """Who could take a case: numbers of people, and what nearness costs with each."""

    people: "Whole"
    near: "Whole"


@dataclass
class _Table:
    """The cases against the people, as numbers. A solution (``taken``) holds a person's number for each case."""

    given: Iterable[Wanted]
    cases: list[Wanted] = field(init=False)

    def __post_init__(self) -> None:
        self.cases = sorted(self.given, key=lambda w: (-w.weight, w.since, w.ref, w.request.seat))
        judged: dict[Any, dict[str, Candidate]] = {}
        self._fit = [judged.setdefault(key, {}) for key in map(_alike, self.cases)]
        for found, wanted in zip(self._fit, self.cases, strict=True):
            if not found:
                found |= fit(wanted.request, wanted.candidates)
        self._people()

    def _people(self) -> None:
        """Everybody who could take something: the longest idle first, so that a number settles ties."""
        import numpy as np

        seen: dict[str, Candidate] = {}
        self.caps: dict[str, int] = {}
        for found in {id(found): found for found in self._fit}.values():
            for person, c in found.items():
                seen.setdefault(person, c)
                self.caps[person] = min(c.cap, self.caps.get(person, c.cap))
        self.people = sorted(seen, key=lambda person: (seen[person].idle_since, person))
        self.number = {person: n for n, person in enumerate(self.people)}
        self.load = [seen[person].load for person in self.people]
        self.cap = [self.caps[person] for person in self.people]
        made: dict[int, _Able] = {}
        self.able: list[_Able] = []
        for found, wanted in zip(self._fit, self.cases, strict=True):
            if id(found) not in made:
                people = sorted(found, key=self.number.__getitem__)
                numbers = np.array([self.number[person] for person in people], np.int64)
                costs = np.array([near(wanted.request, found[person]) for person in people], np.int64)
                made[id(found)] = _Able(numbers, costs)
            self.able.append(made[id(found)])

    @cached_property
    def weights(self) -> list[int]:
        return sorted({w.weight for w in self.cases}, reverse=True)

    def empty(self) -> list[int]:
        return [-1] * len(self.cases)

    # ---- what a solution is worth --------------------------------------------------------------

    def objective(self, taken: Sequence[int]) -> Objective:
        left = [
            sum(1 for n, w in enumerate(self.cases) if w.weight == weight and taken[n] < 0)
            for weight in self.weights
        ]
        return (*left, self.cost(taken))

    def worth(self, taken: Sequence[int]) -> tuple[Objective, int]:
        """Of equals the one with the longer idle, and the longer waiting."""
        ties = (p if p >= 0 else len(taken) - n for n, p in enumerate(taken))
        return self.objective(taken), sum(ties)

    def cost(self, taken: Sequence[int]) -> int:
        return sum(self.shares(taken))

    def shares(self, taken: Sequence[int]) -> list[int]:
        """What each case has of the cost: nearness, and the load it comes on top of, in the order of carrying out."""
        load, found = list(self.load), []
        for n, (wanted, person) in enumerate(zip(self.cases, taken, strict=True)):
            if person < 0:
                found.append(0)
                continue
            each = self.near(n, person) + price(load[person], self.cap[person])
            found.append(wanted.weight * each)
            load[person] += wanted.weight
        return found

    def near(self, case: int, person: int) -> int:
        import numpy as np

        able = self.able[case]
        return int(able.near[np.searchsorted(able.people, person)])

    # ---- one by one ----------------------------------------------------------------------------

    def one_by_one(self) -> list[int]:
        """What picking gives case by case, in the order in which they are carried out."""
        import numpy as np

        load, cap = self._loads.copy(), np.array(self.cap, np.int64)
        prices = np.array([price(at, most) for at, most in zip(self.load, self.cap, strict=True)], np.int64)
        taken = []
        for able, wanted in zip(self.able, self.cases, strict=True):
            free = load[able.people] < cap[able.people]
            people = able.people[free]
            if not people.size:
                taken.append(-1)
                continue
            person = int(people[np.argmin(able.near[free] + prices[people])])  # of equals the longest idle
            load[person] += wanted.weight
            prices[person] = price(int(load[person]), self.cap[person])
            taken.append(person)
        return taken

    # ---- all at once ---------------------------------------------------------------------------

    def improved(self, taken: Sequence[int]) -> list[int]:
        """Each weight at its best given the others, until no weight comes better. Never worse than it was."""
        now, settled = list(taken), 0
        while settled < len(self.weights):
            for weight in self.weights:
                made = self._placed(weight, now)
                better = self.worth(made) < self.worth(now)
                now, settled = (made, 1) if better else (now, settled + 1)
                if settled >= len(self.weights):
                    break
        return now

    def _placed(self, weight: int, taken: Sequence[int]) -> list[int]:
        """The cases of one weight at their best, the others where they are."""
        import numpy as np

        from engine.routing import matching

        mine = [n for n, w in enumerate(self.cases) if w.weight == weight]
        places = self._places(weight, taken)
        sizes = [self.able[n].people.size for n in mine]
        case = np.repeat(np.arange(len(mine)), sizes)
        person = np.concatenate([self.able[n].people for n in mine])
        cost = np.concatenate([self.able[n].near for n in mine]) * weight
        waits = len(mine) - np.arange(len(mine))
        arcs = matching.Arcs(len(mine), case, person, cost, waits)
        # ties go to the longest idle and to who waits longest: a last digit that no sum of them carries over
        scale = len(mine) * max(len(mine), len(self.people)) + 1
        fine = replace(arcs, cost=cost * scale + person), replace(places, price=places.price * scale)
        try:
            if matching.proven(*fine, np.array([taken[n] for n in mine], np.int64)):
                return list(taken)
            found = matching.solve(*fine)
        except OverflowError:  # more than can be told exactly: ties as they come
            found = matching.solve(arcs, places)
        made = list(taken)
        for n, chosen in zip(mine, found, strict=True):
            made[n] = int(chosen)
        return made

    def _places(self, weight: int, taken: Sequence[int]) -> "Places":
        """What is left for cases of this weight with each person, and at which prices."""
        import numpy as np

        from engine.routing.matching import Places

        others = {n: person for n, person in enumerate(taken) if self.cases[n].weight != weight}
        load = list(self.load)
        lightest: dict[int, int] = {}
        for n, person in others.items():
            if person >= 0:
                load[person] += self.cases[n].weight
                lightest[person] = min(self.cases[n].weight, lightest.get(person, self.cases[n].weight))
        most = len(taken) - len(others)
        count = [
            min(most, room(load[p], self.cap[p], weight, lightest.get(p))) for p in range(len(self.people))
        ]
        width = max(count, default=0)
        rows = [
            [weight * price(at + weight * j, cap) for j in range(max(1, width))]
            for at, cap in zip(load, self.cap, strict=True)
        ]
        return Places(np.array(rows, np.int64).reshape(len(load), max(1, width)), np.array(count, np.int64))

    # ---- told ----------------------------------------------------------------------------------

    def told(self, best: Sequence[int], greedy: Sequence[int]) -> Batch:
        placed = tuple(self._told(best, greedy))
        return Batch(
            placed,
            self.cost(best),
            self.cost(greedy),
            sum(person < 0 for person in best),
            sum(person < 0 for person in greedy),
        )

    def _told(self, best: Sequence[int], greedy: Sequence[int]) -> Iterator[Placed]:
        shares = self._held(best)
        now, instead = self.shares(best), self.shares(greedy)
        for n, wanted in enumerate(self.cases):
            yield Placed(
                wanted,
                self.people[best[n]] if best[n] >= 0 else None,
                self._rank(n, best[n]) if best[n] >= 0 else None,
                now[n],
                shares,
                self.people[greedy[n]] if greedy[n] >= 0 else None,
                instead[n],
            )

    def _held(self, taken: Sequence[int]) -> dict[str, Share]:
        weights: dict[int, list[int]] = {}
        for wanted, person in zip(self.cases, taken, strict=True):
            if person >= 0:
                weights.setdefault(person, []).append(wanted.weight)
        return {
            self.people[p]: Share(self.load[p], self.cap[p], tuple(sorted(found)))
            for p, found in weights.items()
        }

    def _rank(self, case: int, person: int) -> int:
        """Which choice a person is for a case that is alone: 1 for whom ``choose`` would pick."""
        import numpy as np

        able = self.able[case]
        prices = [price(self.load[p], self.cap[p]) for p in able.people.tolist()]
        alone = able.near + np.array(prices, np.int64)
        mine = self.near(case, person) + price(self.load[person], self.cap[person])
        before = (alone < mine) | ((alone == mine) & (able.people < person))
        return 1 + int(np.count_nonzero(before))

    @cached_property
    def _loads(self) -> "Whole":
        import numpy as np

        return np.array(self.load, np.int64)


def _alike(wanted: Wanted) -> Any:
    """Cases that ask the same of the same list are judged once."""
    r = wanted.request
    maps = (tuple(sorted(one.items())) for one in (r.barred, r.added, r.scores))
    return (
        id(wanted.candidates),
        r.roles,
        r.on,
        r.skills,
        r.holders,
        r.wanted,
        r.levels,
        r.languages,
        r.sex,
        r.topics,
        r.chosen,
        *maps,
    )


def fit(request: Request, candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """Those whom no filter keeps out, each in the appointment in which ``choose`` would consider them."""
    pool: dict[str, Candidate] = {}
    for c in candidates:
        other = pool.setdefault(c.person, c)
        if other is not c and _nearness(c) < _nearness(other):
            pool[c.person] = c
    conflict = any(conflicted(request, c) and not c.neighbour for c in pool.values())
    return {
        c.person: c
        for c in pool.values()
        if (conflict or not c.neighbour) and next(iter(failures(request, c)), None) is None
    }


def _nearness(c: Candidate) -> tuple[bool, int, str, str, str]:
    return c.neighbour, c.rank, c.unit, c.role, c.instead_of
