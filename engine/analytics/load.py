"""``stats load``: who has how much open work, how old it is, and how often work changes hands.

Without ``by`` each person is told with all open cases in which he has a seat, a case once; a case weighs what it weighed
when the seat was taken, else what its grade weighs (as in ``stats fairness``). With ``by`` groups of cases are told
instead, each case with the weight of its grade.

Counts, weights and counts by age are told of every group. Half of them being younger than so long (``p50_s``) is told
of ten or more; how old the oldest is, a figure of the group with ``by``, is of a person a fact about one case of his, and
told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

BANDS = (7, 30, 60, 90)  # the last whole days of each band of age; the fifth has none
AGES = ("0-7", "8-30", "31-60", "61-90", ">90")
MOVES = ("n_given", "n_taken")
TEXT = "open cases, their weight and their age since the report"
TEXT_ZH = "在办案件的件数、权重与自报案起的时长"
Range = tuple[datetime | None, datetime | None]


@ceiling
def load(
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
    """{n, n_open, n_unassigned, weight, n_reassigned, uncovered, groups[{key, n, n_handled, weight, ages{}, oldest_s,
    p50_s, n_given, n_taken}]}; the groups' ``n`` are open cases. ``n_reassigned``: how often a handler followed
    another one, in all selected cases; ``n_given`` and ``n_taken`` from whom and to whom. ``uncovered``: units that
    serve a place and have nobody appointed, ``uncovered_title`` what they were called then, with their codes.
    """
    import numpy as np

    from engine.analytics.seated import weights
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    open_ = frame.closed < 0
    weight = weights(frame)
    moves = _moves(frame)
    made = _by(frame, unit, by, zone, weight, moves) if by else _persons(frame, weight, moves)
    holder = frame.last_code("holder")
    nobody = frame.names.known("holder", "")
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_open": int(open_.sum()),
        "n_unassigned": int((open_ & np.isin(holder, [-1, nobody])).sum()),
        "weight": int(weight[open_].sum()),
        "n_reassigned": int(moves.case.size),
        **_with_nobody(unit, filter, as_of or caller.now, zone, caller.lang),
        "groups": made,
    }
    whole = {"n": answer["n_open"], "n_handled": answer["n_open"] - answer["n_unassigned"], "groups": made}
    also = ("weight", "ages", "n_given", "n_taken", *(() if by else ("oldest_s",)))
    finish(whole, by=by or ("holder",), public=public, counts=("n_handled",), also=also)
    return _for_all(answer, whole) if public else answer | {"groups": whole["groups"]}


def _for_all(answer: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """For readers outside. ``whole``: the open cases as suppress left them; what adds up to them goes with them."""
    from engine.analytics.nested import small
    from engine.analytics.suppress import SMALLEST, tells

    n, n_open = answer["n"], answer["n_open"]
    if whole["n"] is None or small(n_open):
        answer |= {"n_open": None, "weight": None}
    if small(n) or 0 < n - n_open < SMALLEST:  # how many are closed
        answer["n"] = None
    if whole["n_handled"] is None or answer["n_open"] is None or tells(answer["n_unassigned"], n_open):
        answer["n_unassigned"] = None
    for group in whole["groups"]:
        moves = {name: None for name in MOVES if small(group[name])}
        ages = {"ages": dict.fromkeys(AGES)} if any(map(small, group["ages"].values())) else {}
        group |= {"oldest_s": None, **moves, **ages}  # of a single case
    if small(answer["n_reassigned"]) or any(one[name] is None for one in whole["groups"] for name in MOVES):
        answer["n_reassigned"] = None
    return answer | {"groups": whole["groups"], "public": True}


# ---- changes of hands ------------------------------------------------------------------------------


class _Moves(NamedTuple):
    """A handler who follows another one: ``given`` and ``taken`` are codes of ``holder``."""

    case: "Ints"
    given: "Ints"
    taken: "Ints"


def _moves(frame: "Frame") -> _Moves:
    import numpy as np

    steps = frame.steps("holder")
    somebody = steps.code != frame.names.known("holder", "")
    case, code = steps.case[somebody], steps.code[somebody].astype(np.int64)
    rows = np.flatnonzero((case[1:] == case[:-1]) & (code[1:] != code[:-1]))
    return _Moves(case[rows], code[rows], code[rows + 1])


# ---- each person -----------------------------------------------------------------------------------


class _Sat(NamedTuple):
    """Who has a seat of an open case: each person and case once."""

    case: "Ints"
    person: "Ints"
    handles: Any
    weight: "Ints"


def _sat(frame: "Frame", weight: "Ints") -> _Sat:
    import numpy as np

    from engine.analytics.compliance import last_rows
    from engine.analytics.seated import once_each, rows

    told = rows(frame)
    carried = told.case * (int(told.person.max(initial=0)) + 1) + told.person
    last = last_rows(carried * max(1, len(told.seats)) + told.seat)
    last = last[told.comes[last] & (frame.closed[told.case[last]] < 0)]
    case, person, handles = told.case[last], told.person[last], told.handles(told.seat[last])
    heavy = np.where(told.said[last] > 0, told.said[last], weight[case])
    one = once_each(case, person, handles, heavy)
    return _Sat(case[one], person[one], handles[one], heavy[one])


def _persons(frame: "Frame", weight: "Ints", moves: _Moves) -> list[dict[str, Any]]:
    import numpy as np

    from engine.analytics.traces.shelf import PERSONS

    sat = _sat(frame, weight)
    texts = frame.texts(PERSONS)
    given, taken = (
        np.array([frame.names.known(PERSONS, text) for text in frame.texts("holder")] or [-1], np.int64)[
            codes
        ]
        for codes in (moves.given, moves.taken)
    )
    who = np.unique(np.concatenate([sat.person, given, taken]))
    of = np.searchsorted(who, sat.person)
    keys = [{"holder": texts[number]} for number in who.tolist()]
    counts = (np.bincount(np.searchsorted(who, codes), minlength=who.size) for codes in (given, taken))
    made = _told(frame, keys, sat.case, of, sat.weight, sat.handles, *counts)
    return sorted(made, key=lambda one: (-one["weight"], -one["n"], one["key"]["holder"]))


def _by(
    frame: "Frame", unit: Unit, by: Sequence[str], zone: str, weight: "Ints", moves: _Moves
) -> list[dict[str, Any]]:
    import numpy as np

    from engine.analytics.grouping import group_cases

    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    open_ = np.flatnonzero(frame.closed < 0)
    holder = frame.last_code("holder")[open_]
    handled = (holder >= 0) & (holder != frame.names.known("holder", ""))
    moved = np.bincount(groups.of[moves.case], minlength=len(groups))
    return _told(frame, groups.keys, open_, groups.of[open_], weight[open_], handled, moved, moved)


def _told(
    frame: "Frame", keys: Sequence[dict[str, Any]], case: "Ints", of: Any, weight: "Ints", handled: Any, given: Any, taken: Any
) -> list[dict[str, Any]]:  # fmt: skip
    """A line for each key of the open cases that are its own."""
    import numpy as np

    from engine.analytics.estimate.percentile import closed_percentiles
    from engine.analytics.spells import bands

    size, age = len(keys), np.maximum(0, frame.at - frame.filed[case])
    every = np.ones(case.size, np.bool_)
    ages = np.bincount(of * len(AGES) + bands(age, BANDS), minlength=size * len(AGES)).reshape(
        size, len(AGES)
    )
    oldest = np.full(size, -1, np.int64)
    np.maximum.at(oldest, of, age)
    half = closed_percentiles(age, every, of.astype(np.int64), size, [0.5])[:, 0] if size else np.zeros(0)
    heavy = np.bincount(of, weight, size)
    columns = (
        np.bincount(of, minlength=size),
        np.bincount(of[handled], minlength=size),
        heavy,
        ages,
        oldest,
        half,
        given,
        taken,
    )
    return [
        {
            "key": key, "n": n, "n_handled": n_handled, "weight": int(heavy_), "ages": dict(zip(AGES, ages_, strict=True)),
            "oldest_s": oldest_ if oldest_ >= 0 else None, "p50_s": round(half_) if half_ == half_ else None,
            "n_given": given_, "n_taken": taken_,
        }
        for key, n, n_handled, heavy_, ages_, oldest_, half_, given_, taken_ in zip(keys, *(c.tolist() for c in columns), strict=True)
    ]  # fmt: skip


# ---- who is there ----------------------------------------------------------------------------------


def _with_nobody(
    unit: Unit, filter_: Mapping[str, Any] | None, at: datetime, zone: str, lang: str
) -> dict[str, list[str]]:
    from engine.analytics.report.naming import Names

    codes = uncovered(unit, filter_, at, ZoneInfo(zone))
    names = Names(unit, lang, at)
    return {"uncovered": codes, "uncovered_title": [names.unit_called(code) or code for code in codes]}


def uncovered(unit: Unit, filter_: Mapping[str, Any] | None, at: datetime, zone: ZoneInfo) -> list[str]:
    """Units that served a place and in which nobody was appointed on the day, of those that are asked about."""
    from engine.domain.organisation import holds
    from engine.persistence.as_known import as_known

    known, day = as_known(unit, at), at.astimezone(zone).date()
    serving = {area.unit for area in known.areas() if holds(area, day)}
    held = {one.unit for one in known.appointments() if holds(one, day)}
    found = (code for code in sorted(serving - held) if (one := known.units().get(code)) and holds(one, day))
    within = (filter_ or {}).get("unit")
    below = set(known.below(str(within))) if within else None
    return [code for code in found if below is None or code in below]
