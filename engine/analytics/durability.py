"""``stats durability``: does what was settled stay settled.

Of the cases closed for the first time with a substantive outcome: how many were opened again within so many days. An
agreement that is broken, a payment that bounces, a quarrel that begins anew are all such an opening, since nothing
happens in a closed case. What was closed less long ago than that has not held yet and has not failed: it is counted
apart (``n_open``) and in no share.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.heap import uncollected
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame, Steps
    from engine.analytics.traces.shelf import Ints

DAYS = (30, 90, 180, 365)
DAY = 86_400
COUNTS = ("n_watched", "n_failed", "n_held", "n_open", "n_open_failed")
SETTLED = "substantive"  # the grade of an outcome that settles the matter; others end it and settle nothing
TEXT = "closed with a substantive outcome, and opened again"
TEXT_ZH = "以实质结果结案后又重新打开"
Range = tuple[datetime | None, datetime | None]


@ceiling
def durability(
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
) -> dict[str, Any]:
    """{n, n_reopened, groups[{key, n, n_reopened, within[]}]}; of each length of time: ``n_watched`` closed so long ago
    or longer, ``n_failed`` of them opened again within it and ``n_held`` not, ``share_failed`` of those watched (None
    where there are none), ``n_open`` closed less long ago, ``n_open_failed`` of these opened again already.

    ``by`` and the ranges are those of durations; ``outcome`` and ``closed_month`` are those of the first closing.
    """

    from engine.analytics.grouping import group_cases
    from engine.analytics.nested import cover
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, as_of=as_of)
    found = settled(frame)
    keep = found.closed >= 0
    if closed[0] is not None:
        keep &= found.closed >= closed[0].timestamp()
    if closed[1] is not None:
        keep &= found.closed < closed[1].timestamp()
    frame, found = frame.only(keep), Settled(*(column[keep] for column in found))
    frame.say("outcome", found.outcome)
    frame.count_as_closed(found.closed)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    n_reopened = groups.sizes(found.reopened >= 0)
    made = _groups(groups, found, n_reopened.tolist(), frame.at)
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_reopened": int(n_reopened.sum()),
        "groups": made,
    }
    finish(answer, by=by, public=public, counts=("n_reopened",))
    if public:
        apart = (("n_open", "n_open_failed"),)
        cover(answer["groups"], "within", counts=COUNTS, says=("days",), apart=apart)
    return answer


class Settled(NamedTuple):
    """For each case when it was first closed with a substantive outcome, with which (a code), and when it was opened
    again after that; -1 where it was not."""

    closed: "Ints"
    outcome: "Ints"
    reopened: "Ints"


def settled(frame: "Frame") -> Settled:
    import numpy as np

    n = len(frame)
    found = Settled(*(np.full(n, -1, np.int64) for _ in range(3)))
    said = [text.split("|") for text in frame.texts("closing")]
    good = np.array([parts[-1] == SETTLED for parts in said] or [False])
    codes = [frame.names.known("outcome", parts[1]) if len(parts) > 1 else -1 for parts in said] or [-1]
    for _, steps in frame.portions("closing"):
        _settle(found, steps, good[steps.code], np.array(codes)[steps.code])
    return found


def _settle(found: Settled, steps: "Steps", good: Any, outcome: "Ints") -> None:
    """Of some cases, whole: their rows are in order, so the first of a case is the one that differs from that before."""
    import numpy as np

    rows = np.flatnonzero(good)
    rows = rows[np.diff(steps.case[rows], prepend=-1) != 0]
    cases = steps.case[rows]
    found.closed[cases], found.outcome[cases] = steps.at[rows], outcome[rows]
    after = np.minimum(rows + 1, len(steps.case) - 1)
    again = (after > rows) & (steps.case[after] == cases)  # what follows a closing of the same case opens it
    found.reopened[cases[again]] = steps.at[after[again]]


@uncollected()
def _groups(groups: "Groups", found: Settled, n_reopened: Sequence[int], at: int) -> list[dict[str, Any]]:
    within = [_within(groups, found, days, at) for days in DAYS]
    return [
        {"key": key, "n": n, "n_reopened": again, "within": list(each)}
        for key, n, again, *each in zip(
            groups.keys, groups.sizes().tolist(), n_reopened, *within, strict=True
        )
    ]


def _within(groups: "Groups", found: Settled, days: int, at: int) -> Iterator[dict[str, Any]]:
    """What is said of one length of time, group by group."""
    length = days * DAY
    watched = found.closed + length <= at
    failed = (found.reopened >= 0) & (found.reopened <= found.closed + length)
    columns = (
        groups.sizes(which).tolist() for which in (watched, watched & failed, ~watched, ~watched & failed)
    )
    for n_watched, n_failed, n_open, n_open_failed in zip(*columns, strict=True):
        share = round(n_failed / n_watched, 6) if n_watched else None
        yield {
            "days": days, "n_watched": n_watched, "n_failed": n_failed, "n_held": n_watched - n_failed,
            "share_failed": share, "n_open": n_open, "n_open_failed": n_open_failed,
        }  # fmt: skip
