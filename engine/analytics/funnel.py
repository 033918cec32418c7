"""``stats funnel``: which units stand out by more than chance, each held against its own number of cases.

A small unit has a high rate or a low one by chance alone, so a list of rates puts small units at both ends. Here each is
told with the limits between which a unit of its size lies by chance 95 and 99.8 times of 100, if its rate were that of
all (Spiegelhalter, Statistics in Medicine 24, 2005).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame

DAY = 86_400
POINTS = 40
MOST_DAYS = 3650
DAYS = {"missed": None, "reopened": 90, "slow": 30}
TEXTS = {
    "missed": ("cases with a missed limit, of those in which a limit ended", "有期限逾期的案件,占有期限已结束的案件"),
    "reopened": ("cases opened again within {days} days, of those closed with a substantive outcome so long ago", "{days} 天内重新打开的案件,占以实质结果结案已满该天数的案件"),
    "slow": ("cases without a first resolution within {days} days, of those filed so long ago", "{days} 天内未首次解决的案件,占报案已满该天数的案件"),
}  # fmt: skip
Range = tuple[datetime | None, datetime | None]


@ceiling
def funnel(
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
    of: str = "slow",
    days: int | None = None,
    cases: str | None = None,
) -> dict[str, Any]:
    """{of, days, n, n_selected, n_bad, share, groups[{key, n, n_bad, share, between, limits95, limits998, stands}], curve[]}.

    ``n`` are the cases of which it is known whether they are bad, of ``n_selected`` (None for readers outside). ``stands``: ``within`` the limits, or ``above``,
    ``far_above``, ``below``, ``far_below``, far being outside those of 99.8 %. ``curve``: the limits by ``n``. By unit
    unless other groups are asked. ``cases``: ``bad`` or ``known``, the cases behind ``n_bad`` or ``n``. FM-U716, FM-U720,
    FM-U722, FM-U725.
    """
    import numpy as np

    from engine.analytics import behind
    from engine.analytics.estimate import funnel as estimate
    from engine.analytics.grouping import group_cases
    from engine.analytics.recurrence import one_of
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    one_of(of, tuple(DAYS))
    behind.asked(cases, ("bad", "known"), public=public)
    days = _length(of, days)
    by = by or ("unit",)
    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    known, bad = KNOWN[of](frame, days or 0)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    n, n_bad = groups.sizes(known), groups.sizes(known & bad)
    total, all_bad = int(n.sum()), int(n_bad.sum())
    share = all_bad / total if total else 0.0
    between, limits = estimate.wilson(n_bad, n), _limits(n, share)
    told = [
        _told(*columns)
        for columns in zip(
            groups.keys, n.tolist(), n_bad.tolist(), between.tolist(), limits.tolist(), strict=True
        )
    ]
    answer: dict[str, Any] = {
        "text": TEXTS[of][caller.lang == "zh"].format(days=days),
        "of": of,
        "days": days,
        "as_of": to_text(as_of or caller.at),
        "n": total,
        "n_selected": None if public else len(frame),
        "n_bad": all_bad,
        "share": round(share, 6) if total else None,
        "groups": [group for group in told if group["n"]],
        "curve": _curve(int(n.max(initial=0)), share),
    }
    finish(answer, by=by, public=public, counts=("n_bad",))
    if public:
        for group in answer["groups"]:
            if group["n_bad"] is None:
                group.update(share=None, between=None, stands=None)
    if answer["n_bad"] is None:
        answer.update(share=None, curve=[])
    if cases is not None:
        at = np.flatnonzero(known & bad if cases == "bad" else known)
        answer["cases"] = behind.cases_at(unit, frame, groups, at, {"bad": bad[at].tolist()})
    return answer


def _length(of: str, days: int | None) -> int | None:
    if days is None or DAYS[of] is None:
        return DAYS[of]
    if not 1 <= days <= MOST_DAYS:
        raise UsageError("FM-U722", given=str(days), most=MOST_DAYS)
    return days


# ---- of what, and what is bad ----------------------------------------------------------------------


def _missed(frame: "Frame", days: int) -> tuple[Any, Any]:
    import numpy as np

    from engine.analytics.compliance import COUNTS, VERDICTS, runs_of

    runs = runs_of(frame)
    known, bad = np.zeros(len(frame), np.bool_), np.zeros(len(frame), np.bool_)
    known[runs.case[np.isin(runs.state, [COUNTS.index(name) for name in VERDICTS])]] = True
    bad[runs.case[runs.state == COUNTS.index("missed")]] = True
    return known, bad


def _reopened(frame: "Frame", days: int) -> tuple[Any, Any]:
    from engine.analytics.durability import settled

    found = settled(frame)
    known = (found.closed >= 0) & (found.closed + days * DAY <= frame.at)
    return known, (found.reopened >= 0) & (found.reopened <= found.closed + days * DAY)


def _slow(frame: "Frame", days: int) -> tuple[Any, Any]:
    first = frame.first_at("milestone/first_resolution")
    limit = frame.filed + days * DAY
    return limit <= frame.at, (first < 0) | (first > limit)


KNOWN: dict[str, Callable[["Frame", int], tuple[Any, Any]]] = {
    "missed": _missed,
    "reopened": _reopened,
    "slow": _slow,
}


# ---- told ------------------------------------------------------------------------------------------


def _limits(n: Any, share: float) -> Any:
    """float64 [groups, levels, 2]; those of equal size are worked out once."""
    import numpy as np

    from engine.analytics.estimate.funnel import limits

    sizes, of = np.unique(n, return_inverse=True)
    return limits(sizes.astype(np.int64), share)[of]


def _told(key: dict[str, Any], n: int, n_bad: int, between: Any, limits: Any) -> dict[str, Any]:
    if not n:
        return {"key": key, "n": 0}
    share = n_bad / n
    (low, high), (lower, higher) = limits
    stands = "within"
    if share > high:
        stands = "far_above" if share > higher else "above"
    elif share < low:
        stands = "far_below" if share < lower else "below"
    return {
        "key": key, "n": n, "n_bad": n_bad, "share": round(share, 6), "between": [round(end, 6) for end in between],
        "limits95": [round(low, 6), round(high, 6)], "limits998": [round(lower, 6), round(higher, 6)], "stands": stands,
    }  # fmt: skip


def _curve(largest: int, share: float) -> list[dict[str, Any]]:
    import numpy as np

    from engine.analytics.estimate.funnel import limits

    if not largest:
        return []
    sizes = np.unique(np.geomspace(1, largest, POINTS).round().astype(np.int64))
    return [
        {
            "n": n,
            "limits95": [round(end, 6) for end in one[0]],
            "limits998": [round(end, 6) for end in one[1]],
        }
        for n, one in zip(sizes.tolist(), limits(sizes, share).tolist(), strict=True)
    ]
