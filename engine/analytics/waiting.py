"""``stats waiting``: where the time went, by state, by whom it was waited for, by who had the case, by phase.

Every second of a case from its filing to its closing, or to the instant asked for while it is open, stands under one
part and no other, so parts add up to the total of a case, of a group and of all, to the second.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.instant import to_text
from engine.domain.messages import text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.reasons import Reasons
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

Range = tuple[datetime | None, datetime | None]


@ceiling
def waiting(
    unit: Unit,
    caller: Any,
    *,
    per: str = "state",
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
    working: bool = False,
    pauses: bool | None = None,
) -> dict[str, Any]:
    """Per group ``total_s`` and its ``parts``, the longest first: ``n`` cases that were ever in it, ``n_stays``, its
    ``total_s`` and ``share`` of the group's, and ``p50_s``, half of the stays being over by then, with those that still
    last counted as open (null: not reached). ``per``: see reasons.PER; of what several are waited for, all are named.

    A stay of no length is none. ``working``, ``pauses``: as of durations. FM-U711 for another ``per``.
    """
    import numpy as np

    from engine.analytics.grouping import group_cases
    from engine.analytics.reasons import reasons_of
    from engine.analytics.selecting import select_cases
    from engine.analytics.staying import watched
    from engine.analytics.suppress import finish
    from engine.analytics.worktime import Ruler, time_of

    time = time_of(working, pauses)
    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    found = reasons_of(frame, unit, per, watched(frame), caller.lang)
    rows = found.stays
    seconds = Ruler(frame, unit, time).between(rows.case, rows.begin, rows.end)
    total = np.bincount(groups.of[rows.case], seconds, len(groups)).astype(np.int64)
    told = [
        {"key": key, "n": n, "n_open": n_open, "total_s": total_, "parts": parts}
        for key, n, n_open, total_, parts in zip(
            groups.keys,
            groups.sizes().tolist(),
            groups.sizes(frame.closed < 0).tolist(),
            total.tolist(),
            _parts(frame, groups, found, seconds, total, public=public, lang=caller.lang),
            strict=True,
        )
    ]
    answer = {
        "per": per,
        "text": text(f"word.waiting_{per}", caller.lang),
        "as_of": to_text(as_of or caller.at),
        **time.told(caller.lang),
        "n": len(frame),
        "n_open": int((frame.closed < 0).sum()),
        "total_s": int(seconds.sum()),
        "groups": told,
    }
    return _for_all(finish(answer, by=by, public=public, counts=("n_open",)), public=public)


def _for_all(answer: dict[str, Any], *, public: bool) -> dict[str, Any]:
    """For readers outside the sum of all is left out where a group is: it would tell what is gone."""
    if public and any(group.get("hidden") for group in answer["groups"]):
        answer["total_s"] = None
    return answer


def _parts(
    frame: "Frame",
    groups: "Groups",
    found: "Reasons",
    seconds: "Ints",
    total: "Ints",
    *,
    public: bool,
    lang: str,
) -> list[list[dict[str, Any]]]:
    """The parts of each group, the longest first."""
    import numpy as np

    from engine.analytics.estimate.numbering import distinct, numbered
    from engine.analytics.estimate.percentile import NOT_REACHED, percentiles, resting
    from engine.analytics.suppress import SMALLEST

    rows, reasons = found.stays, list(found.reasons)
    size = len(reasons)
    cell = groups.of[rows.case].astype(np.int64) * size + rows.label
    if public:
        cell = _gathered(groups, rows.case, cell, size)
        reasons = [*reasons, reasons[0]._replace(key="rest", title=text("word.wait_rest", lang), waits=None)]
        size += 1
    cells, of = numbered(cell, max(1, len(groups) * size))
    over = (frame.closed[rows.case] >= 0) | np.append(rows.case[1:] == rows.case[:-1], False)[
        : rows.case.size
    ]
    halves = percentiles(seconds, over, of, max(1, cells.size), (0.5,))
    if public:  # of few stays that are over it would tell how long one of them was
        halves = np.where(resting(seconds, over, of, halves) < SMALLEST, NOT_REACHED, halves)
    half = halves[: cells.size, 0]
    spent = np.bincount(of, seconds, cells.size).astype(np.int64)
    stays = np.bincount(of, minlength=cells.size)
    pairs = distinct(of.astype(np.int64) + rows.case * (cells.size + 1))  # nearly in order: rows are, by case
    cases = np.bincount(pairs % (cells.size + 1), minlength=cells.size)
    made: list[list[dict[str, Any]]] = [[] for _ in range(len(groups))]
    order = np.lexsort((cells % size, -spent, cells // size))
    columns = (cells[order], cases[order], stays[order], spent[order], half[order])
    of_all, in_all = total.tolist(), groups.sizes().tolist()
    for one, n, n_stays, spent_, half_ in zip(*(c.tolist() for c in columns), strict=True):
        group, label = divmod(one, size)
        key, title, waits = reasons[label]
        tells = public and 0 < in_all[group] - n < 5
        made[group].append({
            "key": key, "title": title, **({"waits_for": waits} if waits is not None else {}),
            "n": None if tells else n, "n_stays": None if tells else n_stays, "total_s": spent_,
            "share": round(spent_ / of_all[group], 6) if of_all[group] else None,
            "p50_s": None if half_ < 0 else half_,
        })  # fmt: skip
    return made


def _gathered(groups: "Groups", case: "Ints", cell: "Ints", size: int) -> "Ints":
    """Parts that fewer than five cases were ever in go together, with so many of the next smallest that five are.

    Numbers of cells with one part more in each group, the last, for what goes together.
    """
    import numpy as np

    from engine.analytics.suppress import SMALLEST

    group, label = np.divmod(cell, size)
    cells, of = np.unique(cell, return_inverse=True)
    few = np.zeros(cells.size, np.bool_)
    for number in range(len(groups)):
        members = np.flatnonzero(cells // size == number)
        within = [set(case[of == one].tolist()) for one in members.tolist()]
        gone: set[int] = set()
        for one in sorted(range(len(within)), key=lambda n: len(within[n])):
            if len(within[one]) >= SMALLEST and (not gone or len(gone) >= SMALLEST):
                break
            gone |= within[one]
            few[members[one]] = True
    return np.where(few[of], group * (size + 1) + size, group * (size + 1) + label)
