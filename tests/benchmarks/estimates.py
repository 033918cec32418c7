"""How long the estimators take over 1,000,000 closed and 100,000 open cases in 38,400 groups.

``python -m tests.benchmarks.estimates`` prints seconds, the best of several runs, and the most memory beyond the columns.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from engine.analytics.estimate.arrange import arrange
from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.incidence import incidence
from engine.analytics.estimate.logrank import against_rest
from engine.analytics.estimate.mean import rmst, rmst_exact
from engine.analytics.estimate.occupation import Stays, occupation
from engine.analytics.estimate.percentile import closed_percentiles_of, percentiles_of

CLOSED, OPEN, GROUPS = 1_000_000, 100_000, 200 * 8 * 24
DAY = 86_400
SHARES = (0.5, 0.8, 0.9)
RUNS = 5
UNITS = 200


def columns(closed: int = CLOSED, still_open: int = OPEN, groups: int = GROUPS) -> tuple[np.ndarray, ...]:
    """Lognormal durations with a median of six days; the open ones watched for up to two years. Seconds."""
    random = np.random.default_rng(6)
    over = random.lognormal(np.log(6 * DAY), 1.1, closed)
    watched = random.uniform(0, 730 * DAY, still_open)
    lasted = np.concatenate([over, watched]).astype(np.int64)
    ended = np.arange(closed + still_open) < closed
    group = random.integers(0, groups, closed + still_open).astype(np.int32)
    order = random.permutation(closed + still_open)
    return lasted[order], ended[order], group[order]


def question(lasted: np.ndarray, ended: np.ndarray, group: np.ndarray) -> None:
    """The curve's and the closed cases' percentiles of all groups."""
    rows = arrange(lasted, ended, group, GROUPS)
    percentiles_of(rows, SHARES)
    closed_percentiles_of(rows, SHARES)


def best(asked: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        asked()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def stays_of(lasted: np.ndarray, parts: int) -> Stays:
    """Each case's time cut into so many equal parts, each for another reason."""
    n = lasted.size
    cuts = lasted[:, None] * np.arange(parts + 1) // parts
    return Stays(
        np.repeat(np.arange(n), parts),
        np.tile(np.arange(parts), n),
        cuts[:, :-1].ravel(),
        cuts[:, 1:].ravel(),
    )


def measure() -> dict[str, dict[str, float]]:
    lasted, ended, group = given = columns()
    rows = arrange(*given, GROUPS)
    tracemalloc.start()
    question(*given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    unit, kind = group % UNITS, group // UNITS % 8
    whole = curve(lasted, ended)
    few, stays = slice(0, 10_000), stays_of(lasted[:10_000], 6)
    all_stays = stays_of(lasted, 6)
    asked: dict[str, Callable[[], object]] = {
        "percentiles_38400": lambda: question(*given),
        "arrange": lambda: arrange(*given, GROUPS),
        "curve_percentiles": lambda: percentiles_of(rows, SHARES),
        "closed_percentiles": lambda: closed_percentiles_of(rows, SHARES),
        "one_curve": lambda: curve(lasted, ended),
        "its_mean": lambda: rmst(whole, 60 * DAY),
        "its_exact_mean": lambda: rmst_exact(whole, 60 * DAY),
        "incidence_of_4": lambda: incidence(lasted, ended * (1 + group % 4), 4),
        "200_units_against_rest": lambda: against_rest(lasted, ended, unit, UNITS, kind),
        "occupation_of_all": lambda: occupation(lasted, ended, kind, 8, all_stays, 6, 60 * DAY),
        "occupation_10000_cases": lambda: occupation(
            lasted[few], ended[few], kind[few], 8, stays, 6, 60 * DAY
        ),
    }
    found = {name: {"s": best(call)} for name, call in asked.items()}
    found["percentiles_38400"]["peak_mb"] = peak / 2**20
    return found


if __name__ == "__main__":
    for name, values in measure().items():
        sys.stdout.write(f"{name:24} " + "  ".join(f"{k} {v:,.3f}" for k, v in values.items()) + "\n")
