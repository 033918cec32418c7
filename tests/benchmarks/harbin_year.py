"""A year of disputes over the whole sample city, each given to somebody by the rules: ``python -m tests.benchmarks.harbin_year``.

208 stations, 332 offices, some 1,890 villages with a post, 118 disputes a day. Every decision goes through the
engine as a dispatcher's does (the case read, the tables asked, everybody weighed, one durable commit) on one SQLite
file that grows by the year. How disputes arrive and how long they last is made up: villages differ (Gamma 0.7), so
do months and weekdays; durations are lognormal; who is related to whom is drawn.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from engine.analytics.gini import gini
from engine.domain.errors import Refused
from engine.domain.organisation import Absence, Organisation, Relation
from engine.persistence import organisation_store
from engine.persistence.store import Store
from engine.service import acting, filing, seat
from tests.support.town import Town
from workflows.harbin.generator import build

PER_DAY = 118
DAYS = 365
MONTH = 30  # what `make bench` plays; the whole year takes a quarter of an hour
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = (1.25, 1.2, 0.9, 1.1, 1.15, 0.95, 0.85, 0.85, 1.1, 1.15, 0.7, 0.8)
WEEKDAYS = (1.1, 1.03, 1.0, 1.0, 1.0, 0.97, 0.85)
KINDS = {  # the mix of one rural county; days that such a case lasts, the median
    "neigh": (281, 3), "land": (180, 9), "forest": (57, 9), "fam": (80, 6), "inh": (29, 6), "inj": (75, 4),
    "demol": (53, 9), "house": (38, 6), "contract": (21, 6), "affairs": (17, 5), "traf": (8, 4), "wage": (8, 12),
    "other": (153, 4),
}  # fmt: skip
GRADES = {"red": 3, "orange": 40, "yellow": 800, "blue": 157}  # of a thousand
HOUSEHOLDS = 120  # of a village, as parties are known
KIN = 9  # households to which an auxiliary of the village is related
AWAY = 0.06  # share of people on leave in any week


@dataclass
class Year:
    """What became of a year's disputes. ``ms``: of each decision, from the command to the answer."""

    ms: list[float] = field(default_factory=list)
    levels: Counter[str] = field(default_factory=Counter)
    fallen: Counter[str] = field(default_factory=Counter)
    nobody: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)


def measure(days: int = MONTH) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        played = play(Path(folder) / "city.db", days)
    return {"routing_city": told(played)}


def told(year: Year) -> dict[str, float]:
    ms, found = sorted(year.ms), sum(year.levels.values())
    shares = {f"{level}_share": n / max(1, found) for level, n in sorted(year.levels.items())}
    return {
        "p99_ms": ms[int(len(ms) * 0.99)],
        "p50_ms": ms[len(ms) // 2],
        "decisions": len(ms),
        **shares,
        "fallen_share": sum(year.fallen.values()) / max(1, found),
        "nobody": sum(year.nobody.values()),
        "gini_of_picks": float(gini(year.taken.values()) or 0),
    }


def play(file: Path, days: int, *, seed: int = 1) -> Year:
    rng, year = random.Random(seed), Year()
    city = build(scale="full")
    store = Store.open(str(file), create=True)
    town = Town(store, people=False, now=BEGIN)
    _people(town, city, rng, days)
    villages = [a for a in city.areas if a.unit.startswith("V-")]
    desk = _dispatchers(city)
    weights = [rng.gammavariate(0.7, 1) for _ in villages]
    ending: list[tuple[datetime, str, str]] = []
    for n in range(days):
        day = BEGIN + timedelta(days=n)
        for at, village in _arrivals(rng, day, [a.place for a in villages], weights):
            town.now = at
            while ending and ending[0][0] <= at:
                _, ref, by = heappop(ending)
                town.do(acting.do_act, by, ref=ref, act="withdraw", done_by="P1")
            kind = rng.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
            by = desk[village]
            ref = _filed(town, rng, by, village, kind)
            lasts = rng.lognormvariate(0, 0.8) * KINDS[kind][1]
            if _given(town, year, by, ref):
                heappush(ending, (at + timedelta(days=min(lasts, 27)), ref, by))
    town.engine.close()
    year.taken.update({held.person: 0 for held in city.appointments if held.role == "auxiliary"})
    return year


def _people(town: Town, city: Organisation, rng: random.Random, days: int) -> None:
    """The sample city, with relations between auxiliaries and households of their village, and with leave."""
    village = {a.unit: a.place for a in city.areas}
    auxiliaries = [a for a in city.appointments if a.role == "auxiliary"]
    relations = [
        Relation(a.person, household(village[a.unit], n), "kin")
        for a in auxiliaries
        for n in rng.sample(range(HOUSEHOLDS), KIN)
    ]
    first = BEGIN.date()
    absences = [
        Absence(code, first + timedelta(days=7 * week), first + timedelta(days=7 * week + 6), "leave")
        for week in range(days // 7 + 1)
        for code in sorted({a.person for a in city.appointments})
        if rng.random() < AWAY
    ]

    def enter(unit: Any, caller: Any) -> dict[str, Any]:
        for part in (city.units, city.places, city.areas, city.persons, city.appointments):
            organisation_store.add(unit, part, at=caller.at)
        organisation_store.add(unit, absences, at=caller.at)
        organisation_store.add(unit, relations, at=caller.at)
        return {}

    town.do(enter, "adm")


def _dispatchers(city: Organisation) -> dict[str, str]:
    """Of each village with a post the dispatcher of its station."""
    sits = {a.unit: a.person for a in city.appointments if a.role == "dispatcher"}
    found = {}
    for area in city.areas:
        if area.unit.startswith("V-"):
            office = city.unit[city.unit[area.unit].parent or ""]
            found[area.place] = sits[office.parent or ""]
    return found


def household(village: str, n: int) -> str:
    return f"h-{village}-{n}"


def _arrivals(
    rng: random.Random, day: datetime, villages: Sequence[str], weights: Sequence[float]
) -> Iterator[tuple[datetime, str]]:
    mean = PER_DAY * MONTHS[day.month - 1] * WEEKDAYS[day.weekday()]
    number = max(0, round(rng.gauss(mean, mean**0.5)))
    seconds = sorted(rng.randrange(86_400) for _ in range(number))
    for second, village in zip(seconds, rng.choices(villages, weights, k=number), strict=True):
        yield day + timedelta(seconds=second), village


def _filed(town: Town, rng: random.Random, by: str, village: str, kind: str) -> str:
    first, second = rng.sample(range(HOUSEHOLDS), 2)
    risk = rng.choices(list(GRADES), list(GRADES.values()))[0]
    sides = (("claimant", first), ("respondent", second))
    parties = [{"role": role, "person": household(village, n)} for role, n in sides]
    filed = town.do(
        filing.file_case, by, case_type="dispute_mediation", place=village, what="a dispute in the village",
        set={"category": kind, "risk": risk}, parties=parties,
    )  # fmt: skip
    return str(filed["ref"])


def _given(town: Town, year: Year, by: str, ref: str) -> bool:
    begun = time.perf_counter()
    try:
        answer: Mapping[str, Any] = town.do(seat.assign, by, ref=ref, auto=True)
    except Refused as refused:
        year.ms.append((time.perf_counter() - begun) * 1000)
        year.nobody[refused.reasons[0].code] += 1
        return False
    year.ms.append((time.perf_counter() - begun) * 1000)
    _count(year, answer["event"]["changes"][-1]["decision"])
    return True


def _count(year: Year, decision: Mapping[str, Any]) -> None:
    best = decision["candidates"][0]["terms"]
    year.levels["neighbour" if best.get("neighbour") else best["level"]] += 1
    year.rules[decision["rule"]] += 1
    year.taken[decision["person"]] += 1
    for fallen in decision.get("fallen", ())[:1]:  # why not in the village itself
        year.fallen["+".join(fallen["because"])] += 1


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    with tempfile.TemporaryDirectory() as name:
        year = play(Path(name) / "city.db", size)
    sys.stdout.write(f"{told(year)}\n{year.levels}\n{year.fallen}\n{year.nobody}\n{year.rules}\n")
