"""``stats flow``: from which state cases go where, how long they stay, and where they go round in circles.

States are those of the main region, told by case type and name as ``workflow draw`` draws them, so that a diagram can be
coloured by ``share`` and labelled with ``n_now``. Time is that before the case is closed; of a case it adds up to the
whole from the report on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.spells import State, Stays
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

TEXT = "moves from state to state, and the time before closing spent in each"
TEXT_ZH = "各状态之间的流转,以及结案前在各状态停留的时间"
Range = tuple[datetime | None, datetime | None]


@ceiling
def flow(
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
    drawn: bool | Literal["if_one"] = False,
) -> dict[str, Any]:
    """{n, n_open, groups[{key, n, n_open, total_s, bottleneck, rework{}, states[], transitions[]}]}.

    Of each state {type, state, title, phase, final, n (times entered), n_now (cases in it), n_returns (entered again by a
    case that had left it), total_s, share (of the group's total_s), p50_s (half leave it by then, those still in it
    counting as such)}; of a final one no time is told. Of each transition {type, from, to, act, title, n, p50_s (half had been
    in ``from`` so long)}. ``rework``: ``n_cases`` that came back to a state, ``n_returns``, ``n_reopened`` cases.
    ``bottleneck``: the state with the largest share.

    ``drawn``: also ``definition``, the hash of the text on which it can be drawn: the newest of those that these cases
    follow, None where there is none. FM-U724 for groups and for cases of several types: each has a drawing of its own;
    ``if_one`` leaves ``definition`` None for these.
    """
    from engine.analytics.grouping import group_cases
    from engine.analytics.nested import cover
    from engine.analytics.selecting import select_cases
    from engine.analytics.spells import stays
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    law_drawn = {"definition": _drawn_on(frame, unit, by, strict=drawn is True)} if drawn else {}
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    stay, states = stays(frame, unit)
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_open": int((frame.closed < 0).sum()),
        "groups": _groups(frame, unit, groups, stay, states, caller.lang, public=public),
        **law_drawn,
    }
    finish(answer, by=by, public=public, counts=("n_open",))
    if public:
        says = ("type", "state", "title", "phase", "final")
        counts = ("n", "n_now", "n_returns")
        cover(answer["groups"], "states", counts=counts, says=says, apart=(("n", "n_now"),))
        cover(answer["groups"], "transitions", counts=("n",), says=("type", "from", "to", "act", "title"))
        for group in answer["groups"]:
            rework = group["rework"]
            if any(count is not None and 0 < count < 5 for count in rework.values()):
                group["rework"] = dict.fromkeys(rework)
    return answer


def _drawn_on(frame: "Frame", unit: Unit, by: Sequence[str], *, strict: bool) -> str | None:
    import numpy as np

    from engine.analytics.traces.law import law, newest

    texts = frame.texts("state")
    codes = np.unique(frame.steps("state").code).tolist()
    hashes = {texts[code].partition(":")[0] for code in codes}
    laws = {content_hash: law(unit, content_hash).definition for content_hash in hashes}
    types = sorted({one.case_type for one in laws.values() if one is not None})
    if by or len(types) > 1:
        if not strict:
            return None
        raise UsageError("FM-U724", types=", ".join(types) or "-")
    return newest(unit, hashes)


def _groups(
    frame: "Frame",
    unit: Unit,
    groups: "Groups",
    stay: "Stays",
    states: Sequence["State"],
    lang: str,
    *,
    public: bool,
) -> list[dict[str, Any]]:
    import numpy as np

    size, wide = len(groups), max(len(states), 1)
    of = groups.of[stay.case].astype(np.int64)
    lasted = np.maximum(0, np.where(stay.end >= 0, stay.end, frame.at) - stay.start)
    back = _returns(stay, wide)
    made_states = _states(unit, of, stay, states, lasted, back, size, lang, public=public)
    made_moves = _moves(frame, unit, of, stay, states, lasted, size, lang)
    returned = np.zeros(len(frame), np.bool_)
    returned[stay.case[back]] = True
    opened = np.zeros(len(frame), np.bool_)
    opens = np.array([text == "open" for text in frame.texts("closing")] or [False])
    closing = frame.steps("closing")
    opened[closing.case[opens[closing.code]]] = True
    columns = (
        groups.sizes(), groups.sizes(frame.closed < 0), groups.sizes(returned),
        np.bincount(of[back], minlength=size), groups.sizes(opened),
    )  # fmt: skip
    made = []
    for g, (n, n_open, n_cases, n_returns, n_reopened) in enumerate(
        zip(*(c.tolist() for c in columns), strict=True)
    ):
        told = made_states[g]
        total = sum(one["total_s"] or 0 for one in told)
        for one in told:
            one["share"] = round(one["total_s"] / total, 6) if total and one["total_s"] is not None else None
        made.append(
            {
                "key": groups.keys[g], "n": n, "n_open": n_open, "total_s": total, "bottleneck": _bottleneck(told),
                "rework": {"n_cases": n_cases, "n_returns": n_returns, "n_reopened": n_reopened},
                "states": told, "transitions": made_moves[g],
            }
        )  # fmt: skip
    return made


def _bottleneck(states: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    slow = max(states, key=lambda one: one["total_s"] or 0, default=None)
    if slow is None or not slow["total_s"]:
        return None
    return {name: slow[name] for name in ("type", "state", "title", "share")}


def _returns(stay: "Stays", wide: int) -> Any:
    """Which stays are in a state that the case had left before."""
    import numpy as np

    which = stay.case * wide + stay.state
    order = np.argsort(
        which, kind="stable"
    )  # nearly in order as it is; of equal ones the first stays the first
    which = which[order]
    found = np.zeros(which.size, np.bool_)
    found[order[1:]] = which[1:] == which[:-1]
    return found


def _states(
    unit: Unit, of: "Ints", stay: "Stays", states: Sequence["State"], lasted: "Ints", back: Any, size: int, lang: str,
    *, public: bool,
) -> list[list[dict[str, Any]]]:  # fmt: skip
    import numpy as np

    from engine.analytics import titles
    from engine.analytics.estimate.numbering import numbered
    from engine.analytics.estimate.percentile import NOT_REACHED, percentiles, resting
    from engine.analytics.suppress import SMALLEST
    from engine.analytics.traces.law import law

    wide = max(len(states), 1)
    cells, cell = numbered(of * wide + stay.state, max(1, size * wide))
    left = stay.end >= 0
    half_s = percentiles(lasted, left, cell, cells.size, [0.5])
    if public:
        half_s = np.where(resting(lasted, left, cell, half_s) < SMALLEST, NOT_REACHED, half_s)
    columns = (
        np.bincount(cell, minlength=cells.size), np.bincount(cell[~left], minlength=cells.size),
        np.bincount(cell[back], minlength=cells.size), np.bincount(cell, lasted, cells.size),
        half_s[:, 0],
    )  # fmt: skip
    named = [titles.state(law(unit, state.hash), state.name, lang) for state in states]
    made: list[list[dict[str, Any]]] = [[] for _ in range(size)]
    for place, n, n_now, n_returns, total, half in zip(
        cells.tolist(), *(c.tolist() for c in columns), strict=True
    ):
        group, number = divmod(place, max(len(states), 1))
        state = states[number]
        made[group].append(
            {
                "type": state.type, "state": state.name, "title": named[number], "phase": state.phase,
                "final": state.final, "n": n, "n_now": n_now, "n_returns": n_returns,
                "total_s": None if state.final else int(total), "share": None,
                "p50_s": None if state.final or half < 0 else half,
            }
        )  # fmt: skip
    return made


def _moves(
    frame: "Frame",
    unit: Unit,
    of: "Ints",
    stay: "Stays",
    states: Sequence["State"],
    lasted: "Ints",
    size: int,
    lang: str,
) -> list[list[dict[str, Any]]]:
    import numpy as np

    from engine.analytics import titles
    from engine.analytics.estimate.numbering import numbered
    from engine.analytics.estimate.percentile import closed_percentiles
    from engine.analytics.traces.law import law

    @cache
    def titled(content_hash: str, name: str) -> str:
        return titles.act(law(unit, content_hash), name, lang)

    rows = np.flatnonzero(stay.end >= 0)  # what follows is a stay of the same case
    acts, wide = frame.texts("via"), max(len(states), 1)
    mixed = ((of[rows] * wide + stay.state[rows]) * wide + stay.state[rows + 1]) * max(
        len(acts), 1
    ) + stay.via[rows + 1]
    cells, cell = numbered(mixed, max(1, size * wide * wide * max(len(acts), 1)))
    n = np.bincount(cell, minlength=cells.size)
    half = closed_percentiles(lasted[rows], np.ones(rows.size, np.bool_), cell, cells.size, [0.5])[:, 0]
    made: list[list[dict[str, Any]]] = [[] for _ in range(size)]
    for place, count, middle in zip(cells.tolist(), n.tolist(), half.tolist(), strict=True):
        rest, act = divmod(place, len(acts))
        rest, to = divmod(rest, wide)
        group, start = divmod(rest, wide)
        line = {
            "type": states[start].type,
            "from": states[start].name,
            "to": states[to].name,
            "act": acts[act],
            "title": titled(states[to].hash, acts[act]),
        }
        made[group].append(line | {"n": count, "p50_s": round(middle)})
    for told in made:
        told.sort(key=lambda line: (-line["n"], line["type"], line["from"], line["to"], line["act"]))
    return made
