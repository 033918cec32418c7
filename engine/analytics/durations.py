"""``stats durations``: how long from the report to a named moment, with open cases counted as open.

Every answer names its clock, how many cases, how many of them open, and the instant it is as of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.heap import uncollected
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.messages import text as message
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

SHARES = (0.5, 0.8, 0.9)
NAMES = ("p50_s", "p80_s", "p90_s")
DAYS = (7, 30, 60, 90)
DAY = 86_400
MANY = 200  # groups up to which each is told with its intervals and compared with the rest
PART = 2048  # groups told at a time
NUMBERS = ("all", "open", "reached", "not_reached")
NOTHING = -1  # seconds of what was not reached
Range = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of the statistics: from filing to a milestone, the first or the last time it was reached."""

    name: str
    milestone: str
    last: bool
    text: str
    zh: str


CLOCKS = {
    clock.name: clock
    for clock in (
        Clock("first_resolution", "first_resolution", False, "report to first resolution", "报案到首次解决"),
        Clock("final_resolution", "final_resolution", True, "report to the last closing; a reopened case is open again", "报案到最后一次结案;重新打开的案件仍算在办"),
        Clock("to_acknowledged", "acknowledged", False, "report to the desk's first answer", "报案到首次受理登记"),
        Clock("to_first_contact", "first_contact", False, "report to first contact with a party", "报案到首次联系当事人"),
        Clock("to_assignment", "assigned", False, "report to a person named for it", "报案到指派"),
        Clock("to_first_session", "first_session", False, "report to the first session", "报案到首次调解"),
        Clock("to_agreement", "agreement", False, "report to an agreement in force", "报案到协议生效"),
        Clock("to_performance", "performance", False, "report to performance", "报案到履行完毕"),
    )
}  # fmt: skip


# what is measured for each stay and not once for each case: in ``stats waiting``
STAYS = {
    clock.name: clock
    for clock in (
        Clock("in_state", "", False, "from entering a state until leaving it; who is still there counts on", "从进入某状态到离开;仍在该状态的继续计时"),
        Clock("with_owner", "", False, "from getting a handler until losing him; time without one stands apart", "从有承办人到更换;无人承办的时间另列"),
    )
}  # fmt: skip


def list_clocks(unit: Unit, caller: Any) -> dict[str, Any]:
    """The clocks there are, what each measures, when it ends and which question answers it."""
    items = [
        {
            "clock": c.name, "from": "filed", "to": c.milestone, "which": "last" if c.last else "first",
            "text": c.zh if caller.lang == "zh" else c.text, "asked": "stats durations",
        }
        for c in CLOCKS.values()
    ] + [
        {
            "clock": c.name, "from": "entered", "to": "left", "which": "each",
            "text": c.zh if caller.lang == "zh" else c.text,
            "asked": f"stats waiting --per {'state' if c.name == 'in_state' else 'owner'}",
        }
        for c in STAYS.values()
    ]  # fmt: skip
    for item in items:
        item["ends"] = message(f"word.stats_ends_{item['which']}", caller.lang)
    return {"items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


@ceiling
def durations(
    unit: Unit,
    caller: Any,
    *,
    clock: str = "first_resolution",
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
    closed_only: bool = False,
    curves: bool = False,
    working: bool = False,
    pauses: bool | None = None,
    cases: str | None = None,
) -> dict[str, Any]:
    """Percentiles of those that reached the moment and of the product-limit curve, per group.

    ``n_open``: how many of the ``n`` cases are not closed; ``n_reached``: for how many the clock has ended. Up to
    :data:`MANY` groups each has ``between`` (the 95 % interval of each percentile; null: not reached), ``resolved_by``
    (the share by day with its interval) and ``mean60_s`` (the mean over the first 60 days, at most 60 days each);
    of several groups each ``against`` the rest (see against). With ``curves`` each brings what a drawing of it needs
    (estimate.drawn). ``closed`` of fewer than ten ended ones is null.

    Of several groups there is also the ``whole``, told as one of them (``total`` true, its key without values).

    ``closed_only``: ``n`` are those whose clock has ended, and none of them counts as open.

    ``working``: seconds of office hours; ``pauses``: also those in which the law's limits stand still (None: on the wall,
    not in office hours). In office hours there is no ``resolved_by`` and no ``mean60_s``: their days are those of the wall.

    ``by``: see grouping.BY; ``filed`` and ``closed``: half-open ranges of instants. Months are those of ``zone``.

    ``cases``: one of :data:`NUMBERS`, the cases that it counts, the longest first. FM-U716, FM-U725.
    """
    import numpy as np

    from engine.analytics import behind
    from engine.analytics.against import compare
    from engine.analytics.grouping import Groups, group_cases
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import LEAST, finish
    from engine.analytics.worktime import lasting, time_of

    measured, time = get_clock(clock), time_of(working, pauses)
    behind.asked(cases, NUMBERS, public=public)
    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    ended = reached(frame, measured)
    if closed_only:
        over = ended >= 0
        frame, ended = frame.only(over), ended[over]
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    lasted = lasting(frame, unit, ended, time)
    going = frame.closed < 0 if not closed_only else ended < 0
    made = _groups(groups, going, ended, lasted, closed_only=closed_only, public=public)
    if len(groups) <= MANY:
        made = _closer(
            groups, ended, lasted, made,
            curves=curves, closed_only=closed_only, by_day=not working, public=public,
        )  # fmt: skip
        if by and not closed_only:
            made = compare(frame, unit, groups, by, ended, lasted, made, public=public)
    if closed_only and 0 < len(frame) < LEAST:
        made = [group | {"few": True} for group in made]
    answer: dict[str, Any] = {
        "clock": clock,
        "text": measured.zh if caller.lang == "zh" else measured.text,
        "as_of": to_text(as_of or caller.at),
        **time.told(caller.lang),
        "closed_only": closed_only,
        "n": len(frame),
        "n_open": int(going.sum()),
        "n_reached": int((ended >= 0).sum()),
        "groups": made,
    }
    finish(answer, by=by, public=public, counts=("n_open", "n_reached"))
    if len(groups) > 1:
        one = Groups([dict.fromkeys(by)], np.zeros(len(frame), np.int32))
        told = _groups(one, going, ended, lasted, closed_only=closed_only, public=public)
        told = _closer(
            one, ended, lasted, told, curves=False, closed_only=closed_only, by_day=not working, public=public
        )
        answer["whole"] = _whole(told, answer, by=by, public=public)
    if cases is not None:
        over = ended >= 0
        counted = {"all": over | True, "open": going, "reached": over, "not_reached": ~over}
        where = np.flatnonzero(counted[cases])
        columns = {"reached": over[where].tolist(), "unit": behind.texts_at(frame, "unit", where)}
        answer["cases"] = behind.longest(unit, frame, groups, where, lasted[where], columns)
    return answer


def _whole(
    told: list[dict[str, Any]], answer: Mapping[str, Any], *, by: Sequence[str], public: bool
) -> dict[str, Any]:
    """All cases as one group. For readers outside it tells nothing that less the groups would be a group left out, nor
    what adds up: shares by day and means."""
    from engine.analytics.suppress import finish, silence

    counts = ("n_open", "n_reached")
    whole: dict[str, Any]
    [whole] = finish({"groups": told, "n": told[0]["n"]}, by=by, public=False, counts=counts)["groups"]
    whole |= {"total": True, **{name: answer[name] for name in ("n", *counts)}}
    if public:
        silence(whole, ("resolved_by", "mean60_s"))
        whole["closed"]["mean_s"] = None
        if any(
            one.get("hidden") or None in (one["n"], one["n_reached"]) for one in (whole, *answer["groups"])
        ):
            silence(whole, ("closed", "km", "between"))
    return whole


def get_clock(name: str) -> Clock:
    if name in STAYS:
        raise UsageError("FM-U710", name=name, per="state" if name == "in_state" else "owner")
    if name not in CLOCKS:
        raise UsageError("FM-U302", name=name, known=", ".join(CLOCKS))
    return CLOCKS[name]


def reached(frame: "Frame", clock: Clock) -> "Ints":
    """The second at which each case reached the clock's moment, -1 where it has not.

    A clock to the last time runs again while the case is open again.
    """
    import numpy as np

    track = f"milestone/{clock.milestone}"
    if not clock.last:
        return frame.first_at(track)
    return np.where(frame.closed >= 0, frame.last_at(track), -1)


@uncollected()
def _groups(
    groups: "Groups", going: Any, ended: "Ints", lasted: "Ints", *, closed_only: bool, public: bool
) -> list[dict[str, Any]]:
    """What all groups are told with, however many."""
    import numpy as np

    from engine.analytics.estimate.arrange import arrange
    from engine.analytics.estimate.percentile import closed_percentiles_of, percentiles_of, resting
    from engine.analytics.suppress import LEAST, SMALLEST

    over = ended >= 0
    size = len(groups)
    rows = arrange(lasted, over, groups.of, size)
    km = np.full((size, len(SHARES)), NOTHING) if closed_only else percentiles_of(rows, SHARES)
    alone = closed_percentiles_of(rows, SHARES)
    if public:
        km = np.where(resting(lasted, over, groups.of, km) < SMALLEST, NOTHING, km)
    n_reached = groups.sizes(over)
    total = np.bincount(groups.of[over], lasted[over], size)
    enough = n_reached >= LEAST
    mean = np.where(enough, total / np.maximum(n_reached, 1), NOTHING)
    alone = np.where(enough[:, None], alone, NOTHING)
    whole = (np.rint(column).astype(np.int64) for column in (alone, mean))
    columns = (groups.sizes(), groups.sizes(going), n_reached, km, *whole)
    del rows  # a curve of a million rows: what follows needs the room
    told = (
        row
        for part in range(0, size, PART)
        for row in zip(*(c[part : part + PART].tolist() for c in columns), strict=True)
    )
    return [
        {
            "key": key, "n": n, "n_open": n_open, "n_reached": reached_,
            "closed": {"p50_s": _there(closed[0]), "p80_s": _there(closed[1]), "p90_s": _there(closed[2]), "mean_s": _there(mean_)},
            "km": {"p50_s": _there(curve[0]), "p80_s": _there(curve[1]), "p90_s": _there(curve[2])},
        }
        for key, (n, n_open, reached_, curve, closed, mean_) in zip(groups.keys, told, strict=True)
    ]  # fmt: skip


def _there(seconds: int) -> int | None:
    return None if seconds < 0 else seconds


def _closer(
    groups: "Groups",
    ended: "Ints",
    lasted: "Ints",
    made: list[dict[str, Any]],
    *,
    curves: bool,
    closed_only: bool,
    by_day: bool,
    public: bool,
) -> list[dict[str, Any]]:
    """Intervals, shares by day and the restricted mean of each group."""
    from engine.analytics.estimate.curve import curve
    from engine.analytics.estimate.drawn import drawn, drawn_outside
    from engine.analytics.estimate.mean import rmst
    from engine.analytics.suppress import SMALLEST, silence

    if closed_only and not curves:
        return made
    for number, group in enumerate(made):
        if not group["n"]:
            continue
        members = groups.members(number)
        found = curve(lasted[members], ended[members] >= 0)
        if not closed_only:
            group["between"] = {
                name: list(found.percentile_interval(share))
                for name, share in zip(NAMES, SHARES, strict=True)
            }
            if by_day:
                group["resolved_by"] = [_by_day(found, days) for days in DAYS if _known(found, days * DAY)]
                group["mean60_s"] = round(rmst(found, 60 * DAY)) if _known(found, 60 * DAY) else None
        if curves:
            group |= drawn_outside(found) if public else drawn(found)
        if public:
            _for_all(group, found)
            if 0 < group["n_reached"] < SMALLEST:
                silence(group, ("resolved_by", "mean60_s"))
                group.pop("curve", None)
    return made


def _for_all(group: dict[str, Any], curve: Any) -> None:
    """For readers outside: no end of an interval and no share by day rests on fewer than five, nor tells of so few."""
    from engine.analytics.suppress import SMALLEST, telling

    def kept(name: str, end: int | None) -> int | None:
        known = end is not None and group["km"][name] is not None and curve.ended_by(end) >= SMALLEST
        return end if known else None

    for name, ends in group.get("between", {}).items():
        group["between"][name] = [kept(name, end) for end in ends]
    if shares := group.get("resolved_by"):
        by_day = [curve.ended_by(one["days"] * DAY) for one in shares]
        group["resolved_by"] = [shares[place] for place in telling(by_day, curve.n, group["n_reached"])]


def _known(curve: Any, seconds: int) -> bool:
    """Whether somebody was watched so long, or all are over."""
    return curve.reach is None or curve.reach >= seconds


def _by_day(curve: Any, days: int) -> dict[str, Any]:
    between = curve.resolved_between(days * DAY)
    share = round(curve.resolved_by(days * DAY), 6)
    return {"days": days, "share": share, "between": [round(end, 6) for end in between] if between else None}
