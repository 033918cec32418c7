"""How long things last, where the time went and why one unit is slower: with fractions, one second after another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import pytest

from engine.analytics.durations import CLOCKS, durations
from engine.analytics.waiting import waiting
from engine.analytics.why import why
from engine.domain.calendar import Calendar
from engine.domain.counting import instant_at
from engine.persistence.law_store import calendar
from tests.support.lives import Life, spans
from tests.support.quarrels import Quarrels

DAY = 86_400
Length = tuple[int, bool]  # seconds, and whether it is over
KINDS: tuple[dict[str, bool], ...] = (
    {},
    {"pauses": False},
    {"working": True},
    {"working": True, "pauses": True},
)
PHASE = {"new": "intake", "talk": "work", "rest": "waiting", "kept": "review"}
LABELS: dict[str, Callable[[Any], Any]] = {
    "state": lambda state: state,
    "phase": PHASE.get,
    "waits": lambda state: "head+party" if state == "rest" else "dispatcher",
    "side": lambda state: "parties+office" if state == "rest" else "office",
    "owner": lambda person: person,
}


# ---- a curve ---------------------------------------------------------------------------------------


def curve(lengths: Sequence[Length]) -> list[tuple[int, Fraction]]:
    """Kaplan and Meier: at each second at which something was over, the share that was not."""
    left, found = Fraction(1), []
    for moment in sorted({s for s, over in lengths if over}):
        risk, over = sum(s >= moment for s, _ in lengths), sum(s == moment and over for s, over in lengths)
        left *= 1 - Fraction(over, risk)
        found.append((moment, left))
    return found


def percentile(lengths: Sequence[Length], share: Fraction) -> int | None:
    """The first second by which so large a share is over."""
    return next((moment for moment, left in curve(lengths) if 1 - left >= share), None)


def over_by(lengths: Sequence[Length], second: int) -> Fraction:
    return 1 - next((left for moment, left in reversed(curve(lengths)) if moment <= second), Fraction(1))


def restricted(lengths: Sequence[Length], upto: int) -> Fraction:
    """The area under the curve."""
    steps = [(0, Fraction(1)), *((m, left) for m, left in curve(lengths) if m < upto), (upto, Fraction(0))]
    return sum((left * (after - at) for (at, left), (after, _) in pairwise(steps)), Fraction(0))


def middle(seconds: Sequence[int], share: Fraction) -> int | None:
    """Between the two nearest of those that are over."""
    if not seconds:
        return None
    ordered, place = sorted(seconds), share * (len(seconds) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


# ---- what counts as time ---------------------------------------------------------------------------


class Rule:
    """Counts the seconds of one kind of time."""

    def __init__(
        self, town: Quarrels, at: datetime, *, working: bool = False, pauses: bool | None = None
    ) -> None:
        self.town, self.at, self.working = town, int(at.timestamp()), working
        self.pauses = not working if pauses is None else pauses
        self.open: dict[str, list[tuple[int, int]]] = {}

    def between(self, life: Life, begin: int, end: int) -> int:
        """Seconds of a case that count, less those in which its limits stood still."""
        counted = self._plain(life, begin, end)
        if not self.pauses:
            for still, one, two in spans(life.still, life.filed, life.watched(self.at)):
                one, two = max(one, begin), min(two, end)
                counted -= self._plain(life, one, two) if still and one < two else 0
        return counted

    def _plain(self, life: Life, begin: int, end: int) -> int:
        if not self.working:
            return end - begin
        return sum(max(0, min(end, two) - max(begin, one)) for one, two in self._hours(life.unit))

    def _hours(self, office: str) -> list[tuple[int, int]]:
        if office not in self.open:
            found: Calendar = self.town.store.read(lambda unit: calendar(unit, "CN", office))
            last = found.day_of(instant_at(self.at))
            days = [last - timedelta(days=n) for n in range(200)]
            self.open[office] = [hours for day in days for hours in found.open_seconds(day)]
        return self.open[office]


# ---- durations -------------------------------------------------------------------------------------


def reached(life: Life, clock: str) -> int | None:
    shut = [at for closes, _, at in life.closings if closes]
    return {
        "first_resolution": life.reached("kept", "shut"),
        "final_resolution": max(shut) if life.closed is not None else None,
        "to_assignment": min(life.named, default=None),
        "to_first_session": life.reached("kept"),
    }.get(clock)


def lasted(rule: Rule, life: Life, clock: str) -> Length:
    ended = reached(life, clock)
    until = max(life.filed, life.watched(rule.at) if ended is None else ended)
    return rule.between(life, life.filed, until), ended is not None


def check_durations(town: Quarrels, at: datetime, told: list[Life]) -> None:
    for clock in CLOCKS:
        for kind in KINDS if clock == "first_resolution" else KINDS[:1]:
            _check_clock(town, at, told, clock, kind)


def _check_clock(town: Quarrels, at: datetime, told: list[Life], clock: str, kind: dict[str, bool]) -> None:
    rule = Rule(town, at, **kind)
    answer = town.ask(durations, as_of=at, clock=clock, cases="all", **kind)
    lengths = [lasted(rule, life, clock) for life in told]
    ended = [s for s, over in lengths if over]
    counts = (len(told), sum(life.closed is None for life in told), len(ended))
    assert (answer["n"], answer["n_open"], answer["n_reached"]) == counts
    _check_named(town, at, told, clock, kind, answer)
    for group in answer["groups"]:
        assert (group["n"], group["n_open"], group["n_reached"]) == counts
        for name, share in (("p50_s", Fraction(1, 2)), ("p80_s", Fraction(4, 5)), ("p90_s", Fraction(9, 10))):
            assert group["km"][name] == percentile(lengths, share)
            assert group["closed"][name] == (middle(ended, share) if len(ended) >= 10 else None)
        assert group["closed"]["mean_s"] == (
            round(Fraction(sum(ended), len(ended))) if len(ended) >= 10 else None
        )
        for one in group.get("resolved_by", ()):
            assert one["share"] == pytest.approx(float(over_by(lengths, one["days"] * DAY)), abs=2e-6)
        if group.get("mean60_s") is not None:
            assert abs(group["mean60_s"] - restricted(lengths, 60 * DAY)) <= 1


def _check_named(
    town: Quarrels, at: datetime, told: list[Life], clock: str, kind: dict[str, bool], answer: dict[str, Any]
) -> None:
    """The cases behind its numbers, and behind those of the ended ones alone."""
    rule = Rule(town, at, **kind)
    rows = longest(
        {
            "ref": life.ref, "seconds": seconds, "reached": over, "unit": life.unit, "open": life.closed is None,
        }
        for life, (seconds, over) in ((life, lasted(rule, life, clock)) for life in told)
    )  # fmt: skip
    assert answer["cases"] == rows
    if clock not in ("first_resolution", "final_resolution"):
        return
    wanted = {
        "open": [row for row in rows if row["open"]],
        "reached": [row for row in rows if row["reached"]],
        "not_reached": [row for row in rows if not row["reached"]],
    }
    counts = (answer["n_open"], answer["n_reached"], answer["n"] - answer["n_reached"])
    assert tuple(map(len, wanted.values())) == counts
    places = {life.ref: life.place for life in told}
    for number, of in wanted.items():
        cases = town.ask(durations, as_of=at, clock=clock, by=["place"], cases=number, **kind)["cases"]
        assert cases == [{**row, "key": {"place": places[row["ref"]]}} for row in of]
    for number, of in (("all", wanted["reached"]), ("open", [])):
        ended = town.ask(durations, as_of=at, clock=clock, closed_only=True, cases=number, **kind)
        assert ended["cases"] == of


def longest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["seconds"], row["ref"]))


# ---- waiting ---------------------------------------------------------------------------------------


def stays(life: Life, per: str, until: int) -> list[tuple[Any, int, int]]:
    """What it stood under from when until when; what follows each other and counts alike is one."""
    told = life.owner if per == "owner" else life.where
    rows = [
        ("closed" if per != "owner" and what == "shut" else what and LABELS[per](what), begin, end)
        for what, begin, end in spans(told, life.filed, max(life.filed, until))
    ]
    joined = [(key, list(of)) for key, of in groupby(rows, key=lambda row: row[0])]
    return [(key, of[0][1], of[-1][2]) for key, of in joined]


def check_waiting(town: Quarrels, at: datetime, told: list[Life]) -> None:
    for number, per in enumerate(LABELS):
        for kind in KINDS if per == "state" else (KINDS[0], KINDS[1 + number % 3]):
            _check_parts(town, at, told, per, kind)


def _check_parts(town: Quarrels, at: datetime, told: list[Life], per: str, kind: dict[str, bool]) -> None:
    rule = Rule(town, at, **kind)
    lengths: dict[Any, list[Length]] = defaultdict(list)
    cases: dict[Any, dict[str, list[Length]]] = defaultdict(lambda: defaultdict(list))
    for life in told:
        rows = stays(life, per, life.watched(rule.at))
        for n, (key, begin, end) in enumerate(rows):
            over = life.closed is not None or n + 1 < len(rows)
            lengths[key].append((rule.between(life, begin, end), over))
            cases[key][life.ref].append(lengths[key][-1])
    answer = town.ask(waiting, as_of=at, per=per, **kind)
    assert answer["total_s"] == sum(s for of in lengths.values() for s, _ in of)
    for group in answer["groups"]:
        assert {p["key"]: (p["n"], p["n_stays"], p["total_s"], p["p50_s"]) for p in group["parts"]} == {
            key: (
                len(cases[key]),
                len(of),
                sum(s for s, _ in of),
                percentile(of, Fraction(1, 2)) if len(of) >= 10 else None,
            )
            for key, of in lengths.items()
        }
        assert {p["key"] for p in group["parts"] if p.get("few")} == {
            k for k, of in lengths.items() if len(of) < 10
        }
    for key in list(cases)[: 1 if kind else None]:
        name = "-" if key is None else key
        named = town.ask(waiting, as_of=at, per=per, by=["risk"], cases=name, **kind)["cases"]
        assert named == longest(
            {
                "ref": life.ref, "key": {"risk": life.risk or None}, "seconds": sum(s for s, _ in of),
                "n_stays": len(of), "now": not all(over for _, over in of), "unit": life.unit,
                "open": life.closed is None,
            }
            for life in told
            if (of := cases[key].get(life.ref))
        )  # fmt: skip


# ---- why -------------------------------------------------------------------------------------------

Row = dict[Any, Fraction]  # seconds of a mean case by what it stood under


def check_why(town: Quarrels, at: datetime, told: list[Life], days: int) -> None:
    """Of cases that were all watched as long as is compared: then every mean is one of plain numbers."""
    until = at - timedelta(days=days)
    seen = [life for life in told if life.filed <= int(until.timestamp())]
    mine, theirs = ([life for life in seen if life.unit == code] for code in ("S-012", "county-99"))
    if not mine or not theirs:
        return
    about = {
        "filter": {"unit": "S-012"},
        "against": "county-99",
        "filed": (None, until + timedelta(seconds=1)),
    }
    answer = town.ask(why, as_of=at, days=days, by=["risk"], **about)
    assert (answer["n"], answer["other_n"]) == (len(mine), len(theirs))
    assert answer["few"] == (min(len(mine), len(theirs)) < 10)
    if answer["few"]:
        return
    mix, parts, means = apart(mine, theirs, days * DAY, int(at.timestamp()))
    assert [answer["mean_s"], answer["other_mean_s"]] == [round(one) for one in means]
    assert abs(answer["difference_s"] - (means[0] - means[1])) <= Fraction(1, 2)
    assert abs(answer["case_mix"]["seconds"] - mix) < 1
    found = {one["key"]: one["seconds"] for one in answer["parts"]}
    assert all(abs(found.get(key, 0) - parts.get(key, 0)) < 1 for key in found.keys() | parts.keys())
    assert answer["difference_s"] == answer["case_mix"]["seconds"] + sum(found.values())


def apart(
    mine: list[Life], theirs: list[Life], tau: int, at: int
) -> tuple[Fraction, Row, tuple[Fraction, Fraction]]:
    """Kitagawa's formula: what comes of other kinds, what comes of each state, and the two means."""
    mix, parts, risks = Fraction(0), Counter[Any](), {life.risk for life in (*mine, *theirs)}
    for risk in risks:
        sides = [[life for life in side if life.risk == risk] for side in (mine, theirs)]
        p, q = Fraction(len(sides[0]), len(mine)), Fraction(len(sides[1]), len(theirs))
        one, other = (mean(side or sides[1 - n], tau, at) for n, side in enumerate(sides))
        mix += (p - q) * (sum(one.values()) + sum(other.values())) / 2
        for key in one.keys() | other.keys():
            parts[key] += (p + q) / 2 * (one.get(key, Fraction(0)) - other.get(key, Fraction(0)))  # type: ignore[assignment]
    whole = [sum(mean(side, tau, at).values(), Fraction(0)) for side in (mine, theirs)]
    return mix, dict(parts), (whole[0], whole[1])  # type: ignore[arg-type]


def mean(side: list[Life], tau: int, at: int) -> Row:
    found: Row = defaultdict(Fraction)
    for life in side:
        ended = reached(life, "first_resolution")
        until = min(life.filed + tau, life.watched(at) if ended is None else ended)
        for key, begin, end in stays(life, "state", until):
            found[key] += Fraction(end - begin, len(side))
    return found
