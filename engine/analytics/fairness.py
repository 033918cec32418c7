"""``stats fairness``: who was given how much work, week by week, by whom and why, and who was left out.

Load is what a case weighed when the seat was filled, else what its grade weighs now; of one case nobody carries more
than once. A week is that of ISO 8601 in the reader's zone. Who could have been picked in a week: whoever held an
appointment then, in the role that is asked or else in one in which somebody was picked, and was not away all week. Over
these the spread is measured (:mod:`engine.analytics.gini`), and these are named who could have been picked and were not.

What is hidden from who asks counts nowhere. Who sat where is as believed as of the instant, without acts that were taken
back and at the times they were corrected to; what was decided, however it was corrected, stays a pick. Appointments and
leave, too, are those that were known then.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from engine.analytics.ceiling import ceiling
from engine.analytics.gini import gini
from engine.domain import organisation as org
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.messages import text
from engine.persistence import table
from engine.persistence.as_known import Known, as_known
from engine.persistence.selection import Asking, condition
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.seated import Stays
    from engine.analytics.traces.frame import Frame

WEEKS = 4  # where no day is said: this week and the three before
MOST_WEEKS = 106
KINDS = ("engine", "hand", "lot", "self")
# what an exclusion may not reveal: a kinship, a complaint, an objection
COVERED = frozenset({"related", "barred", "recused", "complained_of", "declined"})
NOT_AVAILABLE = "not_available"

_case, _event, _pick = (table.columns_of(model) for model in (table.Case, table.Event, table.SeatPick))


class Week(NamedTuple):
    """From Monday to Monday, both midnights. Of the one that runs, all there is so far."""

    name: str
    first: date
    since: datetime
    until: datetime

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


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
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
) -> dict[str, Any]:
    """{text, weeks[{week, from, to, n, picks, load, gini, gini_exact, idle[]}], items[{week, person, open, taken, picks,
    share, by{}, why{}, excluded{}, able}], gini, since, until, as_of}.

    ``open``: weight held at the end of the week (at ``as_of``, of that in which it falls); ``taken``: weight of the
    seats taken in it; ``share``: of all picks of the week. ``in_unit``: people appointed there or below. FM-U404 for days
    the wrong way round, FM-U405 for more than two years.
    """
    from engine.analytics.seated import stays
    from engine.analytics.selecting import select_cases

    at = as_of or caller.at
    weeks = _weeks(at, since, until, ZoneInfo(zone))
    frame = select_cases(unit, caller, as_of=as_of)
    frame = frame.only((frame.closed < 0) | (frame.closed > int(weeks[0].since.timestamp())))
    known = as_known(unit, at)
    posts = _posts(known, weeks, _units(unit, caller, known, in_unit))
    picks = _picks(unit, caller, weeks, at)
    wanted = _roles(posts, picks, role)
    people = None if in_unit is None and role is None else {p.person for p in posts if p.role in wanted}
    able = {week.name: _able(known, posts, wanted, week) for week in weeks}
    carried = _carried(frame, stays(frame), weeks)
    told = [_week(week, able[week.name], picks, carried[week.name], people) for week in weeks]
    return {
        "text": text("word.measure.fairness", caller.lang),
        "weeks": [_spread(week, shares) for week, shares in zip(weeks, told, strict=True)],
        "items": [one for week, shares in zip(weeks, told, strict=True) for one in _lines(week, shares)],
        "count": sum(len(shares) for shares in told),
        "next": None,
        "since": weeks[0].first.isoformat(),
        "until": min(weeks[-1].last, at.astimezone(ZoneInfo(zone)).date()).isoformat(),
        "as_of": to_text(at),
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


def _units(unit: Unit, caller: Any, known: Known, code: str | None) -> list[str] | None:
    """All of a unit; FM-U305 for one that is none, or was none yet."""
    if code is None:
        return None
    condition(Asking(unit, caller.person, caller.now), {"unit": code})
    if not known.is_unit(code):
        raise UsageError("FM-U305", given=code)
    return known.below(code)


def _posts(known: Known, weeks: Sequence[Week], units: list[str] | None) -> list[org.Appointment]:
    """Appointments that held on some day of these weeks."""
    held = (one for one in known.appointments() if _touches(one, weeks[0].first, weeks[-1].last))
    return [one for one in held if units is None or one.unit in units]


def _touches(dated: org.Dated, first: date, last: date) -> bool:
    return (dated.since is None or dated.since <= last) and (dated.until is None or dated.until >= first)


def _roles(posts: Iterable[org.Appointment], picks: Iterable["_Picked"], role: str | None) -> set[str]:
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


def _able(known: Known, posts: Iterable[org.Appointment], roles: Collection[str], week: Week) -> set[str]:
    gone = {
        one.person
        for one in known.absences()
        if one.since <= week.first and (one.until is None or one.until >= week.last)
    }
    there = (one for one in posts if one.role in roles and one.person not in gone)
    return {one.person for one in there if _touches(one, week.first, week.last)}


# ---- what happened ------------------------------------------------------------------------------


class _Picked(NamedTuple):
    person: str | None
    at: datetime
    picked_by: str
    reason: str | None
    excluded: list[list[str]]


def _picks(unit: Unit, caller: Any, weeks: Sequence[Week], at: datetime) -> list[_Picked]:
    """Decisions of these weeks that were written down by an instant."""
    c = _pick.c
    query: Select[Any] = (
        select(c.person, c.at, c.picked_by, c.reason, c.excluded)
        .where(c.case_id == _case.c.id, condition(Asking(unit, caller.person, caller.now), {}))
        .where(c.at >= weeks[0].since, c.at < weeks[-1].until, c.at <= at)
        .order_by(c.at, c.case_id, c.seq, c.n)
    )
    if at < caller.at:
        same = (_event.c.case_id == c.case_id, _event.c.seq == c.seq)
        query = query.where(*same, _event.c.recorded_at <= at)
    return [_Picked(**{**row, "excluded": json.loads(row["excluded"])}) for row in unit.execute(query)]


class _Carried(NamedTuple):
    """Weights by person: of the seats taken in a week, and of those held at its end, a case once."""

    taken: dict[str, int]
    open: dict[str, int]


def _carried(frame: "Frame", sat: "Stays", weeks: Iterable[Week]) -> dict[str, _Carried]:
    import numpy as np

    from engine.analytics.seated import once_each
    from engine.analytics.traces.shelf import PERSONS

    names = frame.texts(PERSONS)

    def summed(which: Any) -> dict[str, int]:
        persons, place = np.unique(sat.person[which], return_inverse=True)
        heavy = np.bincount(place, sat.weight[which], persons.size).astype(np.int64).tolist()
        return dict(zip((names[one] for one in persons.tolist()), heavy, strict=True))

    found = {}
    for week in weeks:
        first, end = int(week.since.timestamp()), int(week.until.timestamp())
        held = np.flatnonzero((sat.since < end) & (sat.until >= end))
        once = once_each(sat.case[held], sat.person[held], sat.handles[held], sat.weight[held])
        taken = np.flatnonzero((sat.since >= first) & (sat.since < end))
        found[week.name] = _Carried(summed(taken), summed(held[once]))
    return found


def _week(
    week: Week, able: set[str], picks: Iterable[_Picked], carried: _Carried, people: set[str] | None
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
    for person, weight in carried.taken.items():
        of(person).taken += weight
    for person, weight in carried.open.items():
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
