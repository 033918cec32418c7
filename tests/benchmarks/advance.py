"""An act through the engine against its rows written by hand, on SQLite: ``python -m tests.benchmarks.advance``.

One caller; sixteen callers of the writer thread; a hundred acts in a commit. Every commit is durable
(``synchronous = FULL``), every store holds 20,000 cases, every act is done on a case that it was never done on.
"""

import asyncio
import random
import sys
import tempfile
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop

from engine.persistence.store import Store
from engine.service import acting
from tests.benchmarks.rows import ACT, WHO, ByHand, Sample, advance, copy, new_store
from tests.benchmarks.slices import Contender, figures, take_turns
from tests.support.town import Town

CASES = 20_000
SLICE = 150
CALLERS = 16
BULK = 100


def measure(rounds: int = 15, cases: int = CASES) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        refs = new_store(folder / "store.db", cases)
        random.Random(1).shuffle(refs)
        sample = Sample(folder)
        hands = {
            n: ByHand(copy(folder / "store.db", folder / f"hand-{n}.db"), sample) for n in ("one", "bulk")
        }
        towns = {n: _town(folder, n, threads=int(n == "many")) for n in ("one", "many", "bulk")}
        many = Many(towns["many"], iter(refs))
        contenders = {
            "hand": Contender(_one_by_one(hands["one"].advance, iter(refs))),
            "one": Contender(_one_by_one(lambda ref: advance(towns["one"], ref), iter(refs))),
            "many": Contender(many),
            "hand_bulk": Contender(_bulk_by_hand(hands["bulk"], iter(refs))),
            "bulk": Contender(_bulk(towns["bulk"], iter(refs))),
        }
        take_turns(contenders, rounds)
        for town in towns.values():
            town.engine.close()
        for hand in hands.values():
            hand.close()
    return {
        "advance_single": figures(contenders["one"], contenders["hand"]),
        "advance_16_callers": {
            **figures(contenders["many"], contenders["hand"]),
            "worst_stall_ms": max(many.stalls) * 1000,
        },
        "bulk_100": figures(contenders["bulk"], contenders["hand_bulk"]),
    }


def _town(folder: Path, name: str, *, threads: int) -> Town:
    path = copy(folder / "store.db", folder / f"engine-{name}.db")
    return Town(Store.open(str(path), threads=threads), seeded=True)


def _one_by_one(work: Any, refs: Iterator[str]) -> Any:
    def slice_() -> int:
        for ref in islice(refs, SLICE):
            work(ref)
        return SLICE

    return slice_


class Many:
    """Sixteen tasks of one event loop, each waiting for its own act before it asks for the next."""

    def __init__(self, town: Town, refs: Iterator[str]) -> None:
        self.town, self.refs = town, refs
        self.stalls: list[float] = []

    def __call__(self) -> int:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # the loop that servers run on
            return runner.run(self._all())

    async def _all(self) -> int:
        queue = iter(list(islice(self.refs, SLICE * 2)))
        await asyncio.gather(*(self._caller(queue) for _ in range(CALLERS)))
        return SLICE * 2

    async def _caller(self, queue: Iterator[str]) -> None:
        engine = self.town.engine
        for ref in queue:
            begun = perf_counter()
            await engine.awaited(acting.do_act, self.town.as_(WHO), ref=ref, **ACT)
            self.stalls.append(perf_counter() - begun)


def _bulk_by_hand(hand: ByHand, refs: Iterator[str]) -> Any:
    def slice_() -> int:
        hand.connection.execute("BEGIN IMMEDIATE")
        for ref in islice(refs, BULK):
            hand.write(ref, uuid.uuid4().hex)
        hand.connection.execute("COMMIT")
        return BULK

    return slice_


def _bulk(town: Town, refs: Iterator[str]) -> Any:
    def work(unit: Any) -> None:
        for ref in islice(refs, BULK):
            acting.do_act(unit, town.as_(WHO), ref=ref, key=uuid.uuid4().hex, **ACT)

    def slice_() -> int:
        town.engine.store.write(work)
        return BULK

    return slice_


if __name__ == "__main__":
    for name, values in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 15).items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:.3f}" for k, v in values.items()) + "\n")
