"""``stats backlog``: how many cases were open at the end of each day, week or month, and how old they were.

Of each step: what came (filed and reopened), what was closed, and what was open at its end; what was open at the end of
the step before, with what came, less what was closed, is exactly that. Age is counted from the report, in whole days.
Of no group a share or a percentile is told, so none is too small.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.period import begins, next_begins
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.spells import Spells
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

EVERY = {"day": 30, "week": 26, "month": 12}  # and how many steps are told where no first day is said
MOST = 1000
AGES = ("0-7", "8-30", "31-60", "61-90", ">90")
BANDS = (7, 30, 60, 90)
DAY = 86_400
FLOWS = ("filed", "reopened", "closed")
TEXT = "open cases at the end of each {every}, by age since the report"
TEXT_ZH = "每{every}末的在办案件,按自报案起的时长分"
ZH = {"day": "日", "week": "周", "month": "月"}
Range = tuple[datetime | None, datetime | None]


@ceiling
def backlog(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
    every: str = "week",
    since: date | None = None,
    until: date | None = None,
) -> dict[str, Any]:
    """{every, since, until, n, n_open, groups[{key, n, n_open, before, steps[]}]}; ``before``: open when the first step
    began. Of each step ``from`` and ``to`` (days, both in it), ``filed``, ``reopened``, ``closed``, ``open`` at its end,
    ``ages`` of these. Without ``since`` the first is that in which the first case came. A step ends with its last day, the last one at the instant as of which all is told.

    ``by`` phase, state or holder: where the cases stand as of the instant. FM-U720 for an unknown step, FM-U721 for more than a
    thousand, FM-U404 for days the wrong way round.
    """
    from engine.analytics.grouping import group_cases
    from engine.analytics.recurrence import one_of
    from engine.analytics.selecting import select_cases
    from engine.analytics.spells import open_spells
    from engine.analytics.suppress import finish

    one_of(every, tuple(EVERY))
    days = _days(every, since, until, as_of or caller.at, ZoneInfo(zone))
    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    edges = _edges(days, frame.at, ZoneInfo(zone))
    told = _groups(frame, groups, open_spells(frame), days, edges)
    if since is None:
        days = _begun(told, days)
    name = ZH[every] if caller.lang == "zh" else every
    answer: dict[str, Any] = {
        "text": (TEXT_ZH if caller.lang == "zh" else TEXT).format(every=name),
        "every": every,
        "since": days[0].isoformat(),
        "until": (days[-1] - timedelta(days=1)).isoformat(),
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_open": int((frame.closed < 0).sum()),
        "groups": told,
    }
    finish(answer, by=(), public=public, counts=("n_open",))
    if public:
        for group in answer["groups"]:
            _for_all(group)
    return answer


def _for_all(group: dict[str, Any]) -> None:
    """For readers outside: a step with a small cell tells how many were open, if they are enough, and nothing else. So
    does one on whose other side it may not be told how many were: what came and went would give it away."""
    from engine.analytics.nested import small

    group["before"] = before = None if small(group["before"]) else group["before"]
    for number, step in enumerate(group["steps"], 1):
        last = number == len(group["steps"])
        gone = small(step["open"]) or (last and group["n_open"] is None)  # the last one may be the present
        cells = [*(step[name] for name in FLOWS), *step["ages"].values()]
        if gone or before is None or any(map(small, cells)):
            step |= {**dict.fromkeys(FLOWS), "ages": dict.fromkeys(AGES), "hidden": True}
        step["open"] = before = None if gone else step["open"]


# ---- steps -----------------------------------------------------------------------------------------


def _days(every: str, since: date | None, until: date | None, at: datetime, zone: ZoneInfo) -> list[date]:
    """The first day of each step, and the day after the last one, which is no later than that of the instant."""
    today = at.astimezone(zone).date()
    last = min(until or today, today)
    first = begins(every, since) if since else _back(every, begins(every, last), EVERY[every] - 1)
    if first > last:
        raise UsageError("FM-U404", since=first.isoformat(), until=last.isoformat())
    days = [first]
    while days[-1] <= last:
        days.append(next_begins(every, days[-1]))
        if len(days) > MOST + 1:
            raise UsageError("FM-U721", every=every, most=MOST)
    days[-1] = min(days[-1], today + timedelta(days=1))  # a week that still runs ends today
    return days


def _back(every: str, day: date, steps: int) -> date:
    if every != "month":
        return day - timedelta(days=steps * (7 if every == "week" else 1))
    months = day.year * 12 + day.month - 1 - steps
    return date(months // 12, months % 12 + 1, 1)


def _edges(days: Sequence[date], at: int, zone: ZoneInfo) -> "Ints":
    """The second at which each step begins, and that behind the last one: no later than the instant itself."""
    import numpy as np

    begin = [int(datetime.combine(day, time(), zone).timestamp()) for day in days]
    return np.minimum(np.array(begin, np.int64), at + 1)


def _begun(groups: Sequence[dict[str, Any]], days: list[date]) -> list[date]:
    """Where no first day was asked for, steps before anything was there are left out, but for the last one."""
    empty = 0
    while empty < len(days) - 2 and not any(_busy(group, empty) for group in groups):
        empty += 1
    for group in groups:
        del group["steps"][:empty]
    return days[empty:]


def _busy(group: Mapping[str, Any], number: int) -> bool:
    step = group["steps"][number]
    return bool(group["before"] or step["open"] or any(step[name] for name in FLOWS))


# ---- counted ---------------------------------------------------------------------------------------


def _groups(
    frame: "Frame", groups: "Groups", spells: "Spells", days: Sequence[date], edges: "Ints"
) -> list[dict[str, Any]]:
    import numpy as np

    size, steps = len(groups), len(edges) - 1
    of = groups.of[spells.case].astype(np.int64)
    over = spells.end >= 0
    end = np.where(over, spells.end, np.iinfo(np.int64).max)
    flows = [
        _within(of[which], at[which], edges, size)
        for at, which in ((spells.start, ~spells.again), (spells.start, spells.again), (end, over))
    ]
    filed = frame.filed[spells.case]
    lows = [0, *((days_ + 1) * DAY for days_ in BANDS)]
    ages = []
    for low, high in zip(lows, [*lows[1:], None], strict=True):
        # at its age in this band, and open: from one second up to another
        begin = spells.start if not low else np.maximum(spells.start, filed + low)
        until = end if high is None else np.minimum(end, filed + high)
        ages.append(_standing(of, begin, np.maximum(begin, until), edges, size))
    open_ = sum(ages[1:], ages[0])
    n, n_open = groups.sizes().tolist(), groups.sizes(frame.closed < 0).tolist()
    last = [day - timedelta(days=1) for day in days[1:]]
    made = []
    for g, key in enumerate(groups.keys):
        rows = zip(
            *(flow[g].tolist() for flow in flows),
            open_[g, 1:].tolist(),
            *(age[g, 1:].tolist() for age in ages),
            strict=True,
        )
        told = [
            {"from": days[k].isoformat(), "to": last[k].isoformat(), **dict(zip(FLOWS, row[:3], strict=True)),
             "open": row[3], "ages": dict(zip(AGES, row[4:], strict=True))}
            for k, row in enumerate(rows)
        ]  # fmt: skip
        made.append({"key": key, "n": n[g], "n_open": n_open[g], "before": int(open_[g, 0]), "steps": told})
    assert all(len(group["steps"]) == steps for group in made)  # noqa: S101 - a row for each step
    return made


def _within(of: "Ints", at: "Ints", edges: "Ints", size: int) -> "Ints":
    """int64 [groups, steps]: how many instants lie in each step, its first second in and its end not."""
    import numpy as np

    steps = len(edges) - 1
    step = np.searchsorted(edges, at, side="right") - 1
    there = (step >= 0) & (step < steps)
    return np.bincount(of[there] * steps + step[there], minlength=size * steps).reshape(size, steps)


def _standing(of: "Ints", begin: "Ints", until: "Ints", edges: "Ints", size: int) -> "Ints":
    """int64 [groups, edges]: how many spells had begun before each edge and were not over before it."""
    import numpy as np

    wide = len(edges) + 1
    # an edge e sees a spell if begin < e and until >= e: what happens at e itself belongs to the step after it
    first = np.searchsorted(edges, begin, side="right")
    after = np.maximum(first, np.searchsorted(edges, until, side="right"))
    change = np.bincount(of * wide + first, minlength=size * wide) - np.bincount(
        of * wide + after, minlength=size * wide
    )
    return np.cumsum(change.reshape(size, wide), axis=1)[:, :-1]
