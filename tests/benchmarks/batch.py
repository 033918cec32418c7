"""How long a waiting list of a thousand takes to be planned over five hundred officers: run with
``python -m tests.benchmarks.batch``.

The cases lie at a hundred places, each with its own nearness to every officer; grades are mixed. Looking people up and
carrying the plan out are not in. Beside it in turns: picking one by one, written by hand as plainly as it goes, over the
same people with the same filters. ``ratio`` is planning against that, in CPU time; ``cheaper`` is what it saves in cost.
"""

import sys
from collections.abc import Sequence
from datetime import date
from random import Random
from time import process_time

from engine.routing.batch import plan
from engine.routing.candidate import Candidate, Request
from engine.routing.cost import near, price
from engine.routing.exclusion import exclusion
from engine.routing.placed import Batch, Wanted

CASES, OFFICERS, PLACES = 1000, 500, 100
ON = date(2026, 11, 23)


def waiting(seed: int = 1) -> list[Wanted]:
    random = Random(seed)
    loads = [random.randrange(12) for _ in range(OFFICERS)]
    pools = [
        [
            Candidate(
                f"off-{n:03}", "officer", f"S-{n % 50:03}", "station", abs(place % 50 - n % 50) // 4,
                load=loads[n], idle_since=f"2026-{n % 12 + 1:02}-01T00:00:00Z", on_duty=n % 7 != 3,
            )
            for n in range(OFFICERS)
        ]
        for place in range(PLACES)
    ]  # fmt: skip
    request = Request("handler", ("officer",), ON)
    weights = random.choices((1, 2, 3, 4), (20, 60, 15, 5), k=CASES)
    # half of them come from a tenth of the places: where there is no crowd, one by one is as good
    places = [random.randrange(PLACES // 10 if random.random() < 0.5 else PLACES) for _ in range(CASES)]
    return [Wanted(f"26-{n:05}-0", request, pools[place], weights[n]) for n, place in enumerate(places)]


def by_hand(cases: Sequence[Wanted]) -> dict[str, str]:
    """Each case to the cheapest of those who may, the heaviest first."""
    added: dict[str, int] = {}
    taken: dict[str, str] = {}
    for case in sorted(cases, key=lambda case: (-case.weight, case.ref)):
        best: tuple[int, str, str] | None = None
        for c in case.candidates:
            load = c.load + added.get(c.person, 0)
            if load < c.cap and exclusion(case.request, c) is None:
                found = (near(case.request, c) + price(load, c.cap), c.idle_since, c.person)
                best = found if best is None else min(best, found)
        if best is not None:
            taken[case.ref] = best[2]
            added[best[2]] = added.get(best[2], 0) + case.weight
    return taken


def measure(rounds: int = 3) -> dict[str, dict[str, float]]:
    """Best of some rounds, after one that loads the solver."""
    cases = waiting()
    made: Batch = plan(cases)
    spent: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in (("plan", plan), ("hand", by_hand)):
            begun = process_time()
            work(cases)
            spent[name] = min(process_time() - begun, spent.get(name, 1e9))
    return {
        f"batch_{CASES}x{OFFICERS}": {
            "s": spent["plan"],
            "by_hand_s": spent["hand"],
            "ratio": spent["plan"] / spent["hand"],
            "cheaper": 1 - made.cost / made.one_by_one,
            "better": made.better,
            "worse": made.worse,
        }
    }


if __name__ == "__main__":
    for name, values in measure().items():
        sys.stdout.write(
            f"{name}  " + "  ".join(f"{key} {value:,.4g}" for key, value in values.items()) + "\n"
        )
