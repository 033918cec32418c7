"""``stats flow``: from which state cases go where, how long they stay, and where they go round in circles.

States are those of the main region, told by case type and name as ``workflow draw`` draws them, so that a diagram can be
coloured by ``share`` and labelled with ``n_now``. Time is that before the case is closed; of a case it adds up to the
whole from the report on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.estimate.pile import Pile, Sums
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
    in ``from`` so long)}; of fewer than ten stays p50_s is None and ``few`` says so. ``rework``: ``n_cases`` that came back to a state, ``n_returns``, ``n_reopened`` cases.
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
    parts, states = stays(frame, unit)
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_open": int((frame.closed < 0).sum()),
        "groups": _groups(
            unit, groups, _Counted(frame, groups, parts, states), states, caller.lang, public=public
        ),
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
    from engine.analytics.traces.law import law, newest

    texts = frame.texts("state")
    hashes = {texts[code].partition(":")[0] for code in frame.codes("state")}
    laws = {content_hash: law(unit, content_hash).definition for content_hash in hashes}
    types = sorted({one.case_type for one in laws.values() if one is not None})
    if by or len(types) > 1:
        if not strict:
            return None
        raise UsageError("FM-U724", types=", ".join(types) or "-")
    return newest(unit, hashes)


class _Counted:
    """Stays counted by group, state and the move that ended them: a cell is group * ``most`` + the number of a move.

    A move is (state, next state, act that led there), in one number; of a stay that lasts the next state is ``wide``.
    """

    def __init__(
        self, frame: "Frame", groups: "Groups", parts: Iterable["Stays"], states: Sequence["State"]
    ) -> None:
        import numpy as np

        from engine.analytics.estimate.pile import BITS, Pile

        self.frame, self.groups, self.acts = frame, groups, frame.texts("via")
        self.wide, self._many = max(len(states), 1), max(len(self.acts), 1)
        moves = self.wide * (self.wide + 1) * self._many
        self.returned = np.zeros(len(frame), np.bool_)
        track, longest = frame.book.track("state"), max(0, frame.at - int(frame.filed.min(initial=frame.at)))
        room = BITS - max(1, longest.bit_length()) - len(groups).bit_length()
        self.most = min(moves, 1 << room)
        # each move is its own number, so that those from one state lie together; where there is no room for that, the
        # order in which they are met
        self.known: Sequence[int] = range(moves) if moves <= 1 << room else []
        self._number = np.full(0 if self.known else moves, -1, np.int32)
        pile = Pile(0 if track is None else len(track.case), len(groups) * self.most, longest)
        for stay in parts:
            self._put(pile, stay)
        self.sums: Sums = pile.sums()

    def _put(self, pile: "Pile", stay: "Stays") -> None:
        import numpy as np

        from engine.analytics.estimate.numbering import again

        left = stay.end >= 0
        lasted = np.maximum(0, np.where(left, stay.end, self.frame.at) - stay.start)
        move = np.full(stay.case.size, self.wide * self._many)
        np.copyto(move[:-1], stay.state[1:] * self._many + stay.via[1:], where=left[:-1])
        move += stay.state * ((self.wide + 1) * self._many)
        back = again((stay.case - stay.case[:1]) * self.wide + stay.state)
        self.returned[stay.case[back]] = True
        number = self._numbers(move)
        pile.add(self.groups.of[stay.case].astype(np.int64) * self.most + number, lasted, left, back)

    def _numbers(self, move: "Ints") -> Any:
        import numpy as np

        if not isinstance(self.known, list):
            return move
        found = self._number[move]
        if (found < 0).any():
            fresh = np.unique(move[found < 0])
            self._number[fresh] = np.arange(len(self.known), len(self.known) + fresh.size)
            self.known += fresh.tolist()
            if len(self.known) > self.most:
                raise ValueError(f"more than {self.most} different moves in {len(self.groups)} groups")
            found = self._number[move]
        return found

    def told(self, number: int) -> tuple[int, int, int]:
        """State, next state and act of a move."""
        rest, act = divmod(self.known[number], self._many)
        return *divmod(rest, self.wide + 1), act


def _groups(
    unit: Unit, groups: "Groups", counted: _Counted, states: Sequence["State"], lang: str, *, public: bool
) -> list[dict[str, Any]]:
    import numpy as np

    frame = counted.frame
    made_moves = _moves(unit, counted, states, lang)
    made_states, n_returns = _states(unit, counted, states, lang, public=public)
    opened = np.zeros(len(frame), np.bool_)
    opens = np.array([text == "open" for text in frame.texts("closing")] or [False])
    for _, closing in frame.portions("closing"):
        opened[closing.case[opens[closing.code]]] = True
    columns = (
        groups.sizes(), groups.sizes(frame.closed < 0), groups.sizes(counted.returned), n_returns,
        groups.sizes(opened),
    )  # fmt: skip
    made = []
    for g, (n, n_open, n_cases, returns, n_reopened) in enumerate(
        zip(*(c.tolist() for c in columns), strict=True)
    ):
        told = made_states[g]
        total = sum(one["total_s"] or 0 for one in told)
        for one in told:
            one["share"] = round(one["total_s"] / total, 6) if total and one["total_s"] is not None else None
        made.append(
            {
                "key": groups.keys[g], "n": n, "n_open": n_open, "total_s": total, "bottleneck": _bottleneck(told),
                "rework": {"n_cases": n_cases, "n_returns": returns, "n_reopened": n_reopened},
                "states": told, "transitions": made_moves[g],
            }
        )  # fmt: skip
    return made


def _bottleneck(states: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    slow = max(states, key=lambda one: one["total_s"] or 0, default=None)
    if slow is None or not slow["total_s"]:
        return None
    return {name: slow[name] for name in ("type", "state", "title", "share")}


def _states(
    unit: Unit, counted: _Counted, states: Sequence["State"], lang: str, *, public: bool
) -> tuple[list[list[dict[str, Any]]], "Ints"]:
    """Of each group, and how often cases came back in it. Takes the counted rows over."""
    import numpy as np

    from engine.analytics import titles
    from engine.analytics.estimate.percentile import NOT_REACHED, percentiles_of, resting_of
    from engine.analytics.suppress import SMALLEST, half
    from engine.analytics.traces.law import law

    sums, wide, size = counted.sums, counted.wide, len(counted.groups)
    number, move_of = np.unique(sums.group % counted.most, return_inverse=True)
    start = np.array([counted.told(one)[0] for one in number.tolist()] or [0], np.int64)
    cells, cell = np.unique(sums.group // counted.most * wide + start[move_of], return_inverse=True)
    columns = np.zeros((4, cells.size), np.int64)
    for column, values in zip(columns, (sums.n, sums.n_open, sums.n_marked, sums.seconds), strict=True):
        np.add.at(column, cell, values)
    rows = sums.rows.regrouped(cell, cells.size)
    halves = percentiles_of(rows, [0.5])
    if public:
        halves = np.where(resting_of(rows, halves) < SMALLEST, NOT_REACHED, halves)
    named = [titles.state(law(unit, state.hash), state.name, lang) for state in states]
    made: list[list[dict[str, Any]]] = [[] for _ in range(size)]
    for place, n, n_now, n_returns, total, middle in zip(
        cells.tolist(), *columns.tolist(), halves[:, 0].tolist(), strict=True
    ):
        group, number = divmod(place, wide)
        state = states[number]
        made[group].append(
            {
                "type": state.type, "state": state.name, "title": named[number], "phase": state.phase,
                "final": state.final, "n": n, "n_now": n_now, "n_returns": n_returns,
                "total_s": None if state.final else total, "share": None,
                **({"p50_s": None} if state.final else half(None if middle < 0 else middle, of=n)),
            }
        )  # fmt: skip
    returns = np.zeros(size, np.int64)
    np.add.at(returns, cells // wide, columns[2])
    return made, returns


def _moves(unit: Unit, counted: _Counted, states: Sequence["State"], lang: str) -> list[list[dict[str, Any]]]:
    from engine.analytics import titles
    from engine.analytics.estimate.percentile import closed_percentiles_of
    from engine.analytics.suppress import half
    from engine.analytics.traces.law import law

    @cache
    def titled(content_hash: str, name: str) -> str:
        return titles.act(law(unit, content_hash), name, lang)

    sums = counted.sums
    halves = closed_percentiles_of(sums.rows, [0.5])[:, 0]
    made: list[list[dict[str, Any]]] = [[] for _ in range(len(counted.groups))]
    for place, count, middle in zip(sums.group.tolist(), sums.n.tolist(), halves.tolist(), strict=True):
        group, number = divmod(place, counted.most)
        start, to, act = counted.told(number)
        if to == counted.wide:
            continue
        name = counted.acts[act]
        line = {
            "type": states[start].type,
            "from": states[start].name,
            "to": states[to].name,
            "act": name,
            "title": titled(states[to].hash, name),
        }
        made[group].append(line | {"n": count, **half(round(middle), of=count)})
    for told in made:
        told.sort(key=lambda line: (-line["n"], line["type"], line["from"], line["to"], line["act"]))
    return made
