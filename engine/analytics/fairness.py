"""``stats fairness``: who was given how much work, week by week, by whom and why, and who was left out.

Load is what a case weighed when the seat was filled, else what its grade weighs now; of one case nobody carries more
than once. A week is that of ISO 8601 in the reader's zone. Who could have been picked in a week: whoever held an
appointment then, in the role that is asked or else in one in which somebody was picked, and was not away all week. Over
these the spread is measured (:mod:`engine.analytics.gini`), and these are named who could have been picked and were not.

What is hidden from who asks counts nowhere. Who sat where is read from the acts themselves, without those that were taken
back and at the times they were corrected to; what was decided, however it was corrected, stays a pick.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ClauseElement, Select, or_, select

from engine.analytics.ceiling import ceiling
from engine.analytics.gini import gini
from engine.domain.errors import UsageError
from engine.domain.instant import from_text, to_text
from engine.domain.messages import text
from engine.machine.believed import believed, corrected
from engine.persistence import table
from engine.persistence.selection import Asking, condition, subtree
from engine.persistence.unit import Unit
from engine.routing import load

WEEKS = 4  # where no day is said: this week and the three before
MOST_WEEKS = 106
HANDLER = "handler"
KINDS = ("engine", "hand", "lot", "self")
# what an exclusion may not reveal: a kinship, a complaint, an objection
COVERED = frozenset({"related", "barred", "recused", "complained_of", "declined"})
NOT_AVAILABLE = "not_available"
_SEATING = ('%"do":"seat"%', '%"do":"unseat"%')
_CORRECTING = ('%"do":"restore"%', '%"do":"retime"%')

_case, _event, _pick, _held, _absence, _unit = (
    table.columns_of(model)
    for model in (table.Case, table.Event, table.SeatPick, table.Appointment, table.Absence, table.Unit)
)


class Week(NamedTuple):
    """From Monday to Monday, both midnights. Of the one that runs, all there is so far."""

    name: str
    first: date
    since: datetime
    until: datetime

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


class Sat(NamedTuple):
    """A person on a seat of a case; ``until`` None while it lasts."""

    case_id: int
    person: str
    handles: bool
    weight: int
    since: datetime
    until: datetime | None


@dataclass
class _Share:
    """One person's week."""

    open: int = 0
    taken: int = 0
    by: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    able: bool = False

    @property
    def picks(self) -> int:
        return sum(self.by.values())


@ceiling
def fairness(
    unit: Unit,
    caller: Any,
    *,
    in_unit: str | None = None,
    since: date | None = None,
    until: date | None = None,
    role: str | None = None,
    zone: str = "Asia/Shanghai",
) -> dict[str, Any]:
    """{text, weeks[{week, from, to, n, picks, load, gini, gini_exact, idle[]}], items[{week, person, open, taken, picks,
    share, by{}, why{}, excluded{}, able}], gini, since, until, as_of}.

    ``open``: weight held at the end of the week (now, of this one); ``taken``: weight of the seats taken in it;
    ``share``: of all picks of the week. ``in_unit``: people appointed there or below. FM-U404 for days the wrong way
    round, FM-U405 for more than two years.
    """
    weeks = _weeks(caller.at, since, until, ZoneInfo(zone))
    there = condition(Asking(unit, caller.person, caller.now), {})
    units = _units(unit, caller, in_unit)
    picks = _picks(unit, there, weeks[0].since, weeks[-1].until)
    posts = _posts(unit, weeks, units)
    wanted = _roles(posts, picks, role)
    people = None if units is None and role is None else {p.person for p in posts if p.role in wanted}
    able = {week.name: _able(unit, posts, wanted, week) for week in weeks}
    sat = list(_sat(unit, there, weeks[0].since))
    told = [_week(week, able[week.name], picks, sat, people) for week in weeks]
    return {
        "text": text("word.measure.fairness", caller.lang),
        "weeks": [_spread(week, shares) for week, shares in zip(weeks, told, strict=True)],
        "items": [one for week, shares in zip(weeks, told, strict=True) for one in _lines(week, shares)],
        "count": sum(len(shares) for shares in told),
        "next": None,
        "since": weeks[0].first.isoformat(),
        "until": min(weeks[-1].last, caller.at.astimezone(ZoneInfo(zone)).date()).isoformat(),
        "as_of": to_text(caller.at),
    }


# ---- weeks and people ---------------------------------------------------------------------------


def _weeks(at: datetime, since: date | None, until: date | None, zone: ZoneInfo) -> list[Week]:
    today = at.astimezone(zone).date()
    end = min(until or today, today)
    begin = since or end - timedelta(weeks=WEEKS - 1)
    if begin > end:
        raise UsageError("FM-U404", since=begin.isoformat(), until=end.isoformat())
    first, last = (day - timedelta(days=day.weekday()) for day in (begin, end))
    count = (last - first).days // 7 + 1
    if count > MOST_WEEKS:
        raise UsageError("FM-U405", weeks=count, most=MOST_WEEKS)
    return [_from(first + timedelta(weeks=n), zone) for n in range(count)]


def _from(monday: date, zone: ZoneInfo) -> Week:
    year, number, _ = monday.isocalendar()
    begin, end = (datetime.combine(day, time(), zone) for day in (monday, monday + timedelta(weeks=1)))
    return Week(f"{year}-W{number:02}", monday, begin, end)


def _units(unit: Unit, caller: Any, code: str | None) -> list[str] | None:
    if code is None:
        return None
    condition(Asking(unit, caller.person, caller.now), {"unit": code})  # FM-U305 for an unknown one
    return subtree(unit, code)


class _Post(NamedTuple):
    person: str
    role: str
    since: date | None
    until: date | None


def _posts(unit: Unit, weeks: Sequence[Week], units: list[str] | None) -> list[_Post]:
    """Appointments that held on some day of these weeks."""
    c = _held.c
    query: Select[Any] = select(c.person, c.role, c.since, c.until).where(
        or_(c.since.is_(None), c.since <= weeks[-1].last), or_(c.until.is_(None), c.until >= weeks[0].first)
    )
    if units is not None:
        query = query.where(c.unit.in_(units))
    return [_Post(**row) for row in unit.execute(query)]


def _roles(posts: Iterable[_Post], picks: Iterable["_Picked"], role: str | None) -> set[str]:
    """The role that is asked; else all in which somebody who was picked is appointed. FM-U406 for an unknown one."""
    held: dict[str, set[str]] = {}
    for post in posts:
        held.setdefault(post.person, set()).add(post.role)
    known = sorted({role for roles in held.values() for role in roles})
    if role is not None:
        if role not in known:
            raise UsageError("FM-U406", role=role, known=", ".join(known) or "-")
        return {role}
    return {one for pick in picks if pick.person in held for one in held[pick.person]}


def _able(unit: Unit, posts: Iterable[_Post], roles: Collection[str], week: Week) -> set[str]:
    c = _absence.c
    away: ClauseElement = select(c.person).where(
        c.since <= week.first, or_(c.until.is_(None), c.until >= week.last)
    )
    gone = {row["person"] for row in unit.execute(away)}
    return {
        post.person
        for post in posts
        if post.role in roles
        and post.person not in gone
        and (post.since is None or post.since <= week.last)
        and (post.until is None or post.until >= week.first)
    }


# ---- what happened ------------------------------------------------------------------------------


class _Picked(NamedTuple):
    person: str | None
    at: datetime
    picked_by: str
    reason: str | None
    excluded: list[list[str]]


def _picks(unit: Unit, there: Any, since: datetime, until: datetime) -> list[_Picked]:
    c = _pick.c
    query: ClauseElement = (
        select(c.person, c.at, c.picked_by, c.reason, c.excluded)
        .where(c.case_id == _case.c.id, there, c.at >= since, c.at < until)
        .order_by(c.at, c.case_id, c.seq, c.n)
    )
    return [_Picked(**{**row, "excluded": json.loads(row["excluded"])}) for row in unit.execute(query)]


def _sat(unit: Unit, there: Any, since: datetime) -> Iterator[Sat]:
    """Who sat on which seat from when until when, as it is believed now, of cases that were open at or after a moment."""
    alive = or_(_case.c.closed_at.is_(None), _case.c.closed_at > since)
    moved = or_(*[_event.c.body.like(pattern) for pattern in (*_SEATING, *_CORRECTING)])
    query: ClauseElement = (
        select(_event.c.case_id, _event.c.body, _case.c.risk, _case.c.closed_at)
        .where(_event.c.case_id == _case.c.id, there, alive, moved)
        .order_by(_event.c.case_id, _event.c.seq)
    )
    for case_id, rows in groupby(unit.execute(query), key=itemgetter("case_id")):
        found = list(rows)
        events = [json.loads(row["body"]) for row in found]
        if corrected(events):
            events = believed(_history(unit, case_id))
        yield from _sat_in(case_id, events, found[0]["risk"], found[0]["closed_at"])


def _history(unit: Unit, case_id: int) -> list[Any]:
    """All of it: what followed from an act goes with the act."""
    query: ClauseElement = select(_event.c.body).where(_event.c.case_id == case_id).order_by(_event.c.seq)
    return [json.loads(row["body"]) for row in unit.execute(query)]


def _sat_in(case_id: int, events: Iterable[Any], risk: str | None, ended: datetime | None) -> Iterator[Sat]:
    held: dict[tuple[str, str], tuple[datetime, int]] = {}
    for event in events:
        at = from_text(event["at"])
        for change in event["changes"]:
            key = (change.get("seat", ""), change.get("person", ""))
            if change["do"] == "seat":
                held.setdefault(key, (at, change.get("weight") or load.weight(risk)))
            elif change["do"] == "unseat" and key in held:
                begun, weight = held.pop(key)
                yield Sat(case_id, key[1], key[0] == HANDLER, weight, begun, at)
    for (seat, person), (begun, weight) in held.items():
        yield Sat(case_id, person, seat == HANDLER, weight, begun, ended)


def _week(
    week: Week, able: set[str], picks: Iterable[_Picked], sat: Iterable[Sat], people: set[str] | None
) -> dict[str, _Share]:
    shares = {person: _Share(able=True) for person in able}

    def of(person: str) -> _Share:
        return shares.setdefault(person, _Share()) if people is None or person in people else _Share()

    for pick in picks:
        if week.since <= pick.at < week.until:
            if pick.person is not None:
                of(pick.person).by[pick.picked_by] += 1
                of(pick.person).reasons[pick.reason or "by_hand"] += 1
            for person, because in pick.excluded:
                of(person).excluded[as_told(because)] += 1
    held: dict[tuple[str, int], tuple[bool, int]] = {}
    for one in sat:
        if week.since <= one.since < week.until:
            of(one.person).taken += one.weight
        if one.since < week.until and (one.until is None or one.until >= week.until):
            key = (one.person, one.case_id)  # who handles a case and sits elsewhere in it carries it once
            held[key] = max(held.get(key, (False, 0)), (one.handles, one.weight))
    for (person, _), (_, weight) in held.items():
        of(person).open += weight
    return shares


def as_told(because: str) -> str:
    """Why somebody was left out, as it may be told to everybody who reads figures."""
    return NOT_AVAILABLE if because in COVERED else because


# ---- told ---------------------------------------------------------------------------------------


def _spread(week: Week, shares: Mapping[str, _Share]) -> dict[str, Any]:
    """One week over all who could have been picked."""
    able = {person: share for person, share in shares.items() if share.able}
    spread = gini(share.open for share in able.values())
    return {
        "week": week.name,
        "from": week.first.isoformat(),
        "to": week.last.isoformat(),
        "n": len(able),
        "picks": sum(share.picks for share in shares.values()),
        "load": sum(share.open for share in shares.values()),
        "gini": _decimal(spread),
        "gini_exact": None if spread is None else f"{spread.numerator}/{spread.denominator}",
        "idle": sorted(person for person, share in able.items() if not share.picks),
    }


def _lines(week: Week, shares: Mapping[str, _Share]) -> Iterator[dict[str, Any]]:
    total = sum(share.picks for share in shares.values())
    for person, share in sorted(shares.items(), key=lambda item: (-item[1].open, item[0])):
        yield {
            "week": week.name,
            "person": person,
            "open": share.open,
            "taken": share.taken,
            "picks": share.picks,
            "share": _decimal(Fraction(share.picks, total)) if total else None,
            "by": {kind: share.by[kind] for kind in KINDS},
            "why": dict(sorted(share.reasons.items())),
            "excluded": dict(sorted(share.excluded.items())),
            "able": share.able,
        }


def _decimal(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)
