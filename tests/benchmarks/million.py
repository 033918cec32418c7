"""An act among a million cases against the same act among twenty thousand: ``python -m tests.benchmarks.million``.

The same rows written by hand take their turns beside, so that what the larger file costs SQLite can be told from
what it costs the engine.
"""

import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from engine.persistence.store import Store
from tests.benchmarks.rows import ByHand, Sample, advance, clone, copy, new_store
from tests.benchmarks.slices import Contender, figures, take_turns
from tests.support.town import Town

FEW, MANY = 20_000, 1_000_000
PORTION = 20_000
SLICE = 150
ROUNDS = 15


def measure(rounds: int = ROUNDS, *, few: int = FEW, many: int = MANY) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few_refs = new_store(folder / "few.db", few)
        copy(folder / "few.db", folder / "many.db")
        many_refs = [*few_refs, *_more(folder / "many.db", many - few)]
        sample = Sample(folder)
        half = (rounds + 2) * SLICE
        hands, towns, contenders = [], [], {}
        for size, refs in (("few", few_refs), ("many", many_refs)):
            # each on cases of its own, so that one file serves both
            chosen = random.Random(1).sample(refs, 2 * half)
            hand = ByHand(folder / f"{size}.db", sample)
            town = Town(Store.open(str(folder / f"{size}.db")), seeded=True)
            contenders[f"hand_{size}"] = Contender(_slices(hand.advance, iter(chosen[:half])))
            contenders[size] = Contender(
                _slices(lambda ref, town=town: advance(town, ref), iter(chosen[half:]))
            )
            hands.append(hand)
            towns.append(town)
        take_turns(contenders, rounds)
        for town in towns:
            town.engine.close()
        for hand in hands:
            hand.close()
    ours, by_hand = (figures(contenders[f"{kind}many"], contenders[f"{kind}few"]) for kind in ("", "hand_"))
    return {
        "million_cases": {
            **{name: ours[name] for name in ("ratio", "cpu_us", "per_s")},
            "few_cpu_us": ours["by_hand_cpu_us"],
            "few_per_s": ours["by_hand_per_s"],
            "by_hand_ratio": by_hand["ratio"],
        }
    }


def _more(path: Path, count: int) -> Iterator[str]:
    """So many more cases, a portion at a time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in ("synchronous = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {setting}")
        while count > 0:
            yield from clone(connection, min(PORTION, count))
            count -= PORTION


def _slices(work: Any, refs: Iterator[str]) -> Any:
    def slice_() -> int:
        for ref in islice(refs, SLICE):
            work(ref)
        return SLICE

    return slice_


if __name__ == "__main__":
    for name, values in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS).items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:.3f}" for k, v in values.items()) + "\n")
