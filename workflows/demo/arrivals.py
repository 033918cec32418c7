"""When and where disputes and requests come in: a Poisson stream per village, some villages livelier than others.

Rates and factors are proposals of the model, not observations: nationally about 17 disputes reach a village's
mediators in a year; the number of requests beside them is invented.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.demo.chance import Chance

PER_YEAR = {"dispute_mediation": 17.0, "service_request": 24.0}  # of one village
LIVELINESS = 0.7  # shape of the Gamma: a tenth of the villages brings more than a third of the cases
MONTH = (1.25, 1.2, 0.9, 1.1, 1.15, 0.95, 0.85, 0.85, 1.1, 1.15, 0.7, 0.8)
WEEKDAY = (1.1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.85)
PEAK_HOURS = frozenset({9, 10, 15, 16, 19, 20})
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})

DISPUTES: Mapping[str, float] = {
    "neigh": 28.1, "land": 16.0, "forest": 7.7, "fam": 8.0, "inh": 2.9, "inj": 7.5, "demol": 5.3, "house": 3.8,
    "debt": 3.0, "contract": 2.1, "affairs": 1.7, "wage": 2.8, "traf": 0.8, "water": 3.0, "stock": 2.5,
    "crop": 2.5, "env": 0.6, "other": 1.7,
}  # fmt: skip
REQUESTS: Mapping[str, float] = {
    "certificate": 18, "household": 14, "road": 13, "water_power": 14, "environment": 9, "care": 11,
    "lost_property": 6, "advice": 11, "other": 4,
}  # fmt: skip
CHANNELS: Mapping[str, float] = {"phone": 46, "desk": 24, "visit": 18, "hotline": 12}


@dataclass(frozen=True, slots=True)
class Arrival:
    at: datetime
    place: str
    case_type: str
    category: str
    channel: str
    parties: int


def arrivals(
    seed: int, villages: Sequence[str], since: datetime, until: datetime, zone: ZoneInfo
) -> list[Arrival]:
    """Everything that is reported between two instants, in the order of time."""
    days = list(_days(since.astimezone(zone).date(), until.astimezone(zone).date()))
    found: list[Arrival] = []
    for number, village in enumerate(villages):
        chance = Chance(seed, 1, number)
        liveliness = chance.gamma(LIVELINESS)
        for case_type, rate in PER_YEAR.items():
            for day in days:
                mean = rate / 365 * liveliness * MONTH[day.month - 1] * WEEKDAY[day.weekday()]
                found += [
                    _arrival(chance, village, case_type, day, zone) for _ in range(chance.poisson(mean))
                ]
    return sorted((a for a in found if since <= a.at < until), key=lambda a: (a.at, a.place, a.case_type))


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def _arrival(chance: Chance, village: str, case_type: str, day: date, zone: ZoneInfo) -> Arrival:
    hour = chance.weighted({h: _busy(h) for h in range(24)})
    at = datetime.combine(day, time(hour, chance.whole(0, 59), chance.whole(0, 59)), zone)
    dispute = case_type == "dispute_mediation"
    return Arrival(
        at,
        village,
        case_type,
        chance.weighted(DISPUTES if dispute else REQUESTS),
        chance.weighted(CHANNELS),
        _parties(chance) if dispute else 1,
    )


def _busy(hour: int) -> float:
    return 3.0 if hour in PEAK_HOURS else 0.15 if hour in NIGHT else 1.0


def _parties(chance: Chance) -> int:
    """Two in four cases of five; now and then many against one."""
    size = chance.weighted({"two": 80, "few": 15, "many": 5})
    return {"two": 2, "few": chance.whole(3, 4), "many": chance.whole(5, 12)}[size]
