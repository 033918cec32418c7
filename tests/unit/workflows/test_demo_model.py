"""The demo's model of arrivals and working hours."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflows.calendar import load_calendar
from workflows.demo.arrivals import arrivals
from workflows.demo.cast import Cast
from workflows.demo.chance import Chance
from workflows.demo.hours import Times
from workflows.harbin import build

ZONE = ZoneInfo("Asia/Shanghai")
UNTIL = datetime(2026, 11, 24, 8, 5, tzinfo=ZONE)
SINCE = UNTIL - timedelta(days=700)
VILLAGES = [f"v{number}" for number in range(40)]
HOUR = timedelta(hours=1)


class TestArrivals:
    def test_they_lie_in_the_window_in_order_and_are_the_same_again(self) -> None:
        found = arrivals(1, VILLAGES, SINCE, UNTIL, ZONE)
        assert found == arrivals(1, VILLAGES, SINCE, UNTIL, ZONE)
        assert found != arrivals(2, VILLAGES, SINCE, UNTIL, ZONE)
        assert [a.at for a in found] == sorted(a.at for a in found)
        assert found[0].at >= SINCE
        assert found[-1].at < UNTIL

    def test_a_few_villages_bring_much(self) -> None:
        counts = [Counter(a.place for a in arrivals(seed, VILLAGES, SINCE, UNTIL, ZONE)) for seed in range(4)]
        shares = [sum(n for _, n in c.most_common(4)) / c.total() for c in counts]
        assert 0.25 < sum(shares) / len(shares) < 0.5
        assert sum(c.total() for c in counts) / 4 == pytest.approx(40 * 41 * 700 / 365, rel=0.25)

    def test_days_are_busier_than_nights_and_two_parties_are_usual(self) -> None:
        found = arrivals(1, VILLAGES, SINCE, UNTIL, ZONE)
        hours = Counter(a.at.hour for a in found)
        assert hours[9] > hours[12] > hours[2]
        disputes = [a for a in found if a.case_type == "dispute_mediation"]
        assert sum(a.parties == 2 for a in disputes) / len(disputes) == pytest.approx(0.8, abs=0.05)


class TestTimes:
    times = Times(load_calendar("CN"))

    @pytest.mark.parametrize(
        ("since", "hours", "then"),
        [
            ("2026-11-23T09:00", 2, "2026-11-23T11:00"),
            ("2026-11-23T16:20", 2, "2026-11-24T09:10"),
            ("2026-11-20T17:20", 1, "2026-11-23T09:10"),  # over the weekend
            ("2026-09-30T17:30", 1, "2026-10-08T09:10"),  # over the National Day holiday
        ],
    )
    def test_offices_count_only_their_own_hours(self, since: str, hours: int, then: str) -> None:
        start = datetime.fromisoformat(since).replace(tzinfo=ZONE)
        assert self.times.office(start, hours * HOUR) == datetime.fromisoformat(then).replace(tzinfo=ZONE)

    def test_villagers_are_awake_on_sundays_too(self) -> None:
        night = datetime(2026, 11, 22, 2, tzinfo=ZONE)
        assert self.times.awake(night, HOUR) == datetime(2026, 11, 22, 8, 30, tzinfo=ZONE)


class TestChance:
    def test_each_key_has_a_stream_of_its_own(self) -> None:
        first = [Chance(1, 2, n).whole(0, 10**9) for n in range(20)]
        assert first == [Chance(1, 2, n).whole(0, 10**9) for n in range(20)]
        assert len(set(first)) == 20

    def test_a_length_of_time_scatters_about_its_median(self) -> None:
        chance = Chance(5)
        lengths = sorted(chance.about(10 * HOUR, spread=0.7) for _ in range(2001))
        assert lengths[1000] / HOUR == pytest.approx(10, rel=0.1)


def test_every_village_has_its_people() -> None:
    cast = Cast(build(1))
    for village in cast.villages:
        local = cast.local(village)
        assert local.handler in (local.auxiliary, local.officer)
        assert local.director not in local.mediators
        assert len({local.dispatcher, local.head, local.superior, local.director}) == 4
    assert len(cast.stations) == 3
