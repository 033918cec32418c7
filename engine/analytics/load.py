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
HANDLER = "handler"
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
    serve a place and have nobody appointed (None where a past instant is asked: of that nothing was kept).
    """
    import numpy as np

    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    open_ = frame.closed < 0
    weight = _weights(frame)
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
        "uncovered": uncovered(unit, caller, filter) if as_of is None else None,
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


# ---- weights and changes of hands ------------------------------------------------------------------


def _weights(frame: "Frame") -> "Ints":
    """What each case's grade weighs."""
    import numpy as np

    from engine.routing import load as weighing

    texts = frame.texts("field/risk")
    return np.array([*map(weighing.weight, texts), weighing.weight(None)], np.int64)[
        frame.last_code("field/risk")
    ]


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

    steps = frame.steps("seat")
    if steps.value is None or not steps.case.size:
        none = np.zeros(0, np.int64)
        return _Sat(none, none, none > 0, none)
    parts = [text.split("|") for text in frame.texts("seat")]
    seats = sorted({part[0] for part in parts})
    seat = np.array([seats.index(part[0]) for part in parts], np.int64)[steps.code]
    comes = np.array([part[-1] == "in" for part in parts])[steps.code]
    said = np.array([int(part[1]) if len(part) > 2 else 0 for part in parts], np.int64)[steps.code]
    persons = int(steps.value.max()) + 1
    carried = steps.case * persons + steps.value
    last = last_rows(carried * len(seats) + seat)
    last = last[comes[last] & (frame.closed[steps.case[last]] < 0)]
    heavy = np.where(said[last] > 0, said[last], weight[steps.case[last]])
    handles = seat[last] == seats.index(HANDLER) if HANDLER in seats else np.zeros(last.size, np.bool_)
    order = np.lexsort((heavy, handles, carried[last]))  # of several seats that of the handler counts
    last, heavy, handles = last[order], heavy[order], handles[order]
    final = np.ones(last.size, np.bool_)
    final[:-1] = carried[last[1:]] != carried[last[:-1]]
    last = last[final]
    return _Sat(steps.case[last], steps.value[last], handles[final], heavy[final])


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


def uncovered(unit: Unit, caller: Any, filter_: Mapping[str, Any] | None) -> list[str]:
    """Units that serve a place and in which nobody is appointed today, of those that are asked about."""
    from sqlalchemy import ClauseElement, exists, not_, or_, select

    from engine.persistence import table
    from engine.persistence.selection import subtree

    u, held, area = (
        table.columns_of(model).c for model in (table.Unit, table.Appointment, table.ServiceArea)
    )
    today = caller.now.date()

    def today_in(c: Any) -> tuple[Any, ...]:
        return or_(c.since.is_(None), c.since <= today), or_(c.until.is_(None), c.until >= today)

    serves = exists().where(area.unit == u.code, *today_in(area))
    somebody = exists().where(held.unit == u.code, *today_in(held))
    query: ClauseElement = select(u.code).where(*today_in(u), serves, not_(somebody)).order_by(u.code)
    found = [row["code"] for row in unit.execute(query)]
    within = (filter_ or {}).get("unit")
    return [code for code in found if code in set(subtree(unit, str(within)))] if within else found
