"""``stats waiting``: where the time went, by state, by whom it was waited for, by who had the case, by phase.

Every second of a case from its filing to its closing, or to the instant asked for while it is open, stands under one
part and no other, so parts add up to the total of a case, of a group and of all, to the second.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.messages import text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.estimate.pile import Sums
    from engine.analytics.grouping import Groups
    from engine.analytics.reasons import Reason, Reasons
    from engine.analytics.staying import Stays
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints
    from engine.analytics.worktime import Ruler

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
    cases: str | None = None,
) -> dict[str, Any]:
    """Per group ``total_s`` and its ``parts``, the longest first: ``n`` cases that were ever in it, ``n_stays``, its
    ``total_s`` and ``share`` of the group's, and ``p50_s``, half of the stays being over by then, with those that still
    last counted as open (null: not reached, or ``few``: fewer than ten stays). ``per``: see reasons.PER; of what several are waited for, all are named. Of a state ``waits_for`` and in words ``waits_for_title``.

    A stay of no length is none. ``working``, ``pauses``: as of durations. FM-U711 for another ``per``.

    ``cases`` names a part (see behind.part) and brings the cases that were ever in it, the longest first: ``seconds``
    and ``n_stays`` there, and whether a stay there lasts (``now``). FM-U716, FM-U725, FM-U726.
    """
    import numpy as np

    from engine.analytics.behind import inside
    from engine.analytics.grouping import group_cases
    from engine.analytics.reasons import reasons_of
    from engine.analytics.selecting import select_cases
    from engine.analytics.staying import watched
    from engine.analytics.suppress import finish
    from engine.analytics.worktime import Ruler, time_of

    inside(cases, public=public)
    time = time_of(working, pauses)
    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    found = reasons_of(frame, unit, per, watched(frame), caller.lang)
    ruler = Ruler(frame, unit, time)
    cells = _Cells(frame, groups, found, ruler, public=public)
    total = np.bincount(cells.sums.group // cells.size, cells.sums.seconds, len(groups)).astype(np.int64)
    told = [
        {"key": key, "n": n, "n_open": n_open, "total_s": total_, "parts": parts}
        for key, n, n_open, total_, parts in zip(
            groups.keys,
            groups.sizes().tolist(),
            groups.sizes(frame.closed < 0).tolist(),
            total.tolist(),
            _parts(groups, cells, found.reasons, total, public=public, lang=caller.lang),
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
        "total_s": int(total.sum()),
        "groups": told,
    }
    if cases is not None:
        known = sorted(
            {*(cells.sums.group % cells.size).tolist(), found.lost} if per == "owner" else range(cells.size)
        )
        part = known[_part(cases, [found.reasons[n] for n in known])]
        answer["cases"] = _cases(unit, groups, found, ruler, part)
    return _for_all(finish(answer, by=by, public=public, counts=("n_open",)), public=public)


def _part(name: str, reasons: Sequence["Reason"]) -> int:
    from engine.analytics.behind import part

    return part(name, reasons, lambda known: UsageError("FM-U725", given=name, known=known))


def _cases(unit: Unit, groups: "Groups", found: "Reasons", ruler: "Ruler", part: int) -> list[dict[str, Any]]:
    """Those that were ever in this part."""
    import numpy as np

    from engine.analytics.behind import longest, texts_at

    frame = found.frame
    spent, many = np.zeros((2, len(frame)), np.int64)
    lasts = np.zeros(len(frame), np.bool_)
    for rows in found.portions():
        there = np.flatnonzero(rows.label == part)
        case = rows.case[there]
        np.add.at(spent, case, ruler.between(case, rows.begin[there], rows.end[there]))
        np.add.at(many, case, 1)
        lasts[case[~_over(frame, rows)[there]]] = True
    where = np.flatnonzero(many)
    columns = {
        "n_stays": many[where].tolist(),
        "now": lasts[where].tolist(),
        "unit": texts_at(frame, "unit", where),
    }
    return longest(unit, frame, groups, where, spent[where], columns)


def _over(frame: "Frame", rows: "Stays") -> Any:
    """Which of these stays are over: the last one of an open case lasts."""
    over = frame.closed[rows.case] >= 0
    over[:-1] |= rows.case[1:] == rows.case[:-1]
    return over


def _for_all(answer: dict[str, Any], *, public: bool) -> dict[str, Any]:
    """For readers outside the sum of all is left out where a group is: it would tell what is gone."""
    if public and any(group.get("hidden") for group in answer["groups"]):
        answer["total_s"] = None
    return answer


class _Cells:
    """Stays of each group and reason counted: a cell is group * ``size`` + reason, ``sums.n_marked`` how many cases."""

    def __init__(
        self, frame: "Frame", groups: "Groups", found: "Reasons", ruler: "Ruler", *, public: bool
    ) -> None:
        import numpy as np

        self._frame, self._groups, self._found, self._ruler = frame, groups, found, ruler
        self.size = len(found.reasons)
        self._moved = np.arange(len(groups) * self.size)
        self.sums = self._counted()
        if public:
            self._moved = self._gathered()
            self.size += 1
            self.sums = self._counted()

    def _counted(self) -> "Sums":
        import numpy as np

        from engine.analytics.estimate.numbering import again
        from engine.analytics.estimate.pile import Pile

        longest = int((self._found.end - self._frame.filed).max(initial=0))
        pile = Pile(self._found.most_rows, len(self._groups) * self.size, longest)
        for rows in self._found.portions():
            cell = self._cell(rows)
            over = _over(self._frame, rows)
            before = again((rows.case - rows.case[:1]) * self.size + cell % self.size)
            pile.add(cell, self._ruler.lengths(rows), over, np.logical_not(before))
        return pile.sums()

    def _cell(self, rows: "Stays") -> "Ints":
        found: Ints = self._moved[
            self._groups.of[rows.case].astype(rows.label.dtype) * len(self._found.reasons) + rows.label
        ]
        return found

    def _gathered(self) -> "Ints":
        """Parts that fewer than five cases were ever in go together, with so many of the next smallest that five are.

        The cell of each, with one part more in each group, the last, for what goes together.
        """
        from engine.analytics.suppress import SMALLEST

        size, within = self.size, self._within(SMALLEST)
        moved, gone = self._moved + self._moved // size, set[int]()
        counted = sorted(
            zip(
                (self.sums.group // size).tolist(),
                self.sums.n_marked.tolist(),
                self.sums.group.tolist(),
                strict=True,
            )
        )
        group = -1
        enough = False
        for number, n, cell in counted:
            if number != group:
                group, gone, enough = number, set(), False
            if enough or (n >= SMALLEST and not 0 < len(gone) < SMALLEST):
                continue
            moved[cell] = number * (size + 1) + size
            enough = n >= SMALLEST  # what goes with the smaller ones makes them so many
            gone |= within.get(cell, set())
        return moved

    def _within(self, fewer: int) -> dict[int, set[int]]:
        """The cases of each cell that has fewer."""
        import numpy as np

        small = np.zeros(self._moved.size, np.bool_)
        small[self.sums.group[self.sums.n_marked < fewer]] = True
        found: dict[int, set[int]] = {}
        for rows in self._found.portions():
            cell = self._cell(rows)
            few = small[cell]
            for one, case in zip(cell[few].tolist(), rows.case[few].tolist(), strict=True):
                found.setdefault(one, set()).add(case)
        return found


def _parts(
    groups: "Groups", cells: _Cells, known: Sequence["Reason"], total: "Ints", *, public: bool, lang: str
) -> list[list[dict[str, Any]]]:
    """The parts of each group, the longest first."""
    import numpy as np

    from engine.analytics.estimate.percentile import NOT_REACHED, percentiles_of, resting_of
    from engine.analytics.suppress import SMALLEST, half

    sums, size, reasons = cells.sums, cells.size, list(known)
    if public:
        reasons.append(
            reasons[0]._replace(key="rest", title=text("word.wait_rest", lang), waits=None, waits_title=None)
        )
    halves = percentiles_of(sums.rows, (0.5,))
    if public:  # of few stays that are over it would tell how long one of them was
        halves = np.where(resting_of(sums.rows, halves) < SMALLEST, NOT_REACHED, halves)
    made: list[list[dict[str, Any]]] = [[] for _ in range(len(groups))]
    order = np.lexsort((sums.group % size, -sums.seconds, sums.group // size))
    columns = (column[order] for column in (sums.group, sums.n_marked, sums.n, sums.seconds, halves[:, 0]))
    of_all, in_all = total.tolist(), groups.sizes().tolist()
    for one, n, n_stays, spent_, half_ in zip(*(c.tolist() for c in columns), strict=True):
        group, label = divmod(one, size)
        reason = reasons[label]
        tells = public and 0 < in_all[group] - n < 5
        made[group].append({
            "key": reason.key, "title": reason.title, **reason.people(),
            "n": None if tells else n, "n_stays": None if tells else n_stays, "total_s": spent_,
            "share": round(spent_ / of_all[group], 6) if of_all[group] else None,
            **({"p50_s": None} if tells else half(None if half_ < 0 else half_, of=n_stays)),
        })  # fmt: skip
    return made
