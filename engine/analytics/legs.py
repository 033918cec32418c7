"""``stats legs``: from the call to the report back, leg by leg: signed for, set off, arrived, reported back.

The moments are milestones that definitions may name (``signed``, ``dispatched``, ``arrived``, ``feedback``). A moment
that nobody recorded is blank: it is never zero, and its legs are in no share. The bounds are those of a weekly
bulletin of a Chinese police command centre.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.heap import alike, uncollected
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

MINUTE, HOUR = 60, 3600
SHARES = (0.5, 0.8, 0.9)
NAMES = ("p50_s", "p80_s", "p90_s")
TEXT = "from the call to the report back, leg by leg"
TEXT_ZH = "接警到反馈各环节用时"
APART = ("n_waiting", "n_blank", "n_backwards")
Range = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Leg:
    """To the milestone ``to`` from the moment before it; ``bounds``: inner edges of the buckets, in seconds."""

    name: str
    to: str
    bounds: tuple[int, ...]


LEGS = (
    Leg("sign", "signed", (30, 60, 120, 180)),
    Leg("dispatch", "dispatched", (5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE)),
    Leg("arrive", "arrived", ()),  # the bulletin has no bounds for the way
    Leg("feedback", "feedback", (30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR)),
)


@ceiling
def legs(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    from_receipt: bool = False,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
) -> dict[str, Any]:
    """{n, n_open, groups[{key, n, n_open, legs[]}]}; of each leg ``n`` measured, ``n_waiting`` (begun, not over),
    ``n_blank`` (begin or end was never recorded), ``n_backwards`` (recorded in the other order), which are all cases;
    ``buckets`` [{from_s, until_s, n}] with half-open bounds of those measured; percentiles with the waiting ones as
    not over yet, null where fewer than ten are measured. ``from_receipt`` measures each from the report instead of from the moment before it.
    """
    from engine.analytics.grouping import group_cases
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    made = _groups(unit, frame, groups, from_receipt=from_receipt, public=public)
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "from_receipt": from_receipt,
        "n": len(frame),
        "n_open": int((frame.closed < 0).sum()),
        "groups": made,
    }
    answer = finish(answer, by=by, public=public, counts=("n_open",))
    if public:
        for group in answer["groups"]:
            for leg in group["legs"] or ():
                _for_all(leg)
    return answer


@uncollected()
def _groups(
    unit: Unit, frame: "Frame", groups: "Groups", *, from_receipt: bool, public: bool
) -> list[dict[str, Any]]:
    at = moments(frame)
    legs_ = []
    for number, leg in enumerate(LEGS):
        begun = at[0 if from_receipt else number]
        found = _measured(frame, begun, at[number + 1 :], _named(unit, frame, leg.to))
        legs_.append(_told(groups, leg, found, public=public))
    n, n_open = groups.sizes().tolist(), groups.sizes(frame.closed < 0).tolist()
    return [
        {"key": key, "n": n_, "n_open": n_open_, "legs": list(each)}
        for key, n_, n_open_, *each in zip(groups.keys, n, n_open, *legs_, strict=True)
    ]


class Measured(NamedTuple):
    """For each case: seconds (of waiting ones so far; -1 elsewhere), and whether it is over, waiting, backwards."""

    lasted: "Ints"
    over: Any
    waiting: Any
    backwards: Any


def moments(frame: "Frame") -> list["Ints"]:
    """When each case was reported and reached each moment; -1 where nobody recorded it."""
    return [frame.filed, *(frame.first_at(f"milestone/{leg.to}") for leg in LEGS)]


def _measured(frame: "Frame", begun: "Ints", ends: Sequence["Ints"], named: Any) -> Measured:
    """``ends``: when each case reached the end of the leg, and the moments after it."""
    import numpy as np

    ended, *later = ends
    there = (begun >= 0) & (ended >= 0)
    over = there & (ended >= begun)
    # who was never sent is not on his way any more once the answer was given
    past = np.any([one >= 0 for one in later], axis=0) if later else np.zeros(len(frame), np.bool_)
    waiting = (begun >= 0) & (ended < 0) & (frame.closed < 0) & named & ~past
    lasted = np.where(over, ended - begun, np.where(waiting, np.maximum(frame.at - begun, 0), -1))
    return Measured(lasted, over, waiting, there & ~over)


def _named(unit: Unit, frame: "Frame", milestone: str) -> Any:
    """Whether the text of each case's definition says when it is reached at all."""
    import numpy as np

    from engine.analytics.traces.law import law

    laws = [law(unit, content_hash).definition for content_hash in frame.texts("definition")]
    named = [bool(one and one.milestones.get(milestone)) for one in laws]
    return np.array([*named, False])[frame.last_code("definition")]


@uncollected()
def _told(groups: "Groups", leg: Leg, found: Measured, *, public: bool) -> list[dict[str, Any]]:
    """Of each group what is said of one leg."""
    import numpy as np

    from engine.analytics.estimate.arrange import arrange
    from engine.analytics.estimate.percentile import NOT_REACHED, percentiles_of, resting
    from engine.analytics.suppress import LEAST, SMALLEST

    size, seen = len(groups), found.over | found.waiting
    rows = arrange(found.lasted[seen], found.over[seen], groups.of[seen], size)
    found_s = percentiles_of(rows, SHARES)
    enough = (groups.sizes(found.over) >= LEAST)[:, None]
    if public:
        enough = enough & (
            resting(found.lasted[seen], found.over[seen], groups.of[seen], found_s) >= SMALLEST
        )
    shares = np.where(enough, found_s, NOT_REACHED).tolist()
    edges = np.array(leg.bounds, np.int64)
    bucket = np.searchsorted(edges, found.lasted[found.over], side="right")
    width = len(edges) + 1
    counts = np.bincount(groups.of[found.over] * width + bucket, minlength=size * width).reshape(size, width)
    n, waiting, backwards = (groups.sizes(which) for which in (found.over, found.waiting, found.backwards))
    blank = groups.sizes() - n - waiting - backwards
    columns = [one.tolist() for one in (n, waiting, blank, backwards)]
    between = list(pairwise([0, *leg.bounds, None])) if leg.bounds else []
    bucket_ = alike(lambda low, high, n: {"from_s": low, "until_s": high, "n": n}, public=public)

    def told(counted: tuple[int, ...], in_each: Sequence[int], seconds: Sequence[int]) -> dict[str, Any]:
        n, waiting, blank, backwards = counted
        half, most, nearly = seconds
        return {
            "leg": leg.name, "n": n, "n_waiting": waiting, "n_blank": blank, "n_backwards": backwards,
            "buckets": [bucket_(low, high, many) for (low, high), many in zip(between, in_each, strict=False)],
            "p50_s": _there(half), "p80_s": _there(most), "p90_s": _there(nearly),
        }  # fmt: skip

    unmeasured = alike(lambda *counted: told(counted, [0] * width, [NOT_REACHED] * 3), public=public)
    return [
        told(counted, in_each, seconds) if counted[0] else unmeasured(*counted)
        for counted, in_each, seconds in zip(zip(*columns, strict=True), counts.tolist(), shares, strict=True)
    ]


def _there(seconds: int) -> int | None:
    return None if seconds < 0 else seconds


def _for_all(leg: dict[str, Any]) -> None:
    """For readers outside: small cells of one leg, and their sum, are left out."""
    from engine.analytics.suppress import hidden, silence

    cells = [(bucket, "n") for bucket in leg["buckets"]] or [(leg, "n")]
    cells += [(leg, name) for name in APART]
    gone = hidden([where[name] or 0 for where, name in cells])
    for number in gone:
        where, name = cells[number]
        where[name] = None
    if gone:
        silence(leg, ("n", *NAMES))
