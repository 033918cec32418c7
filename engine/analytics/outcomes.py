"""``stats outcomes``: how cases end, and how soon, with the ways to end competing.

Whoever withdraws can no longer be settled, so each outcome is told as the share of all cases that has ended so by a day
(cumulative incidence), open cases being censored. The time is that from the report to the last closing; a case that was
opened again is open. Three rates stand beside it, each with the cases that it is of.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.suppress import SMALLEST
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

DAYS = (7, 30, 60, 90)
DAY = 86_400
GRADES = (
    "substantive",
    "stage",
    "procedural",
    "",
)  # "": closed without an outcome, or with one of a lost text
SETTLED = "substantive"
MANY = 200  # groups up to which shares by day are told
AT_ONCE = 6  # outcomes that are counted in one go
TEXT = "report to the last closing, by how it ended; a reopened case is open again"
TEXT_ZH = "报案到最后一次结案,按结果分;重新打开的案件仍算在办"
# what each rate is of: a milestone that the case reached, or none for all
RATES = {
    "referred": (None, "all that were filed", "全部报案"),
    "accepted": ("accepted", "those that were accepted", "已受理的"),
    "mediated": ("first_session", "those that came to a first session", "已开过首次调解的"),
}
Range = tuple[datetime | None, datetime | None]


@ceiling
def outcomes(
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
    """{n, n_open, n_closed, groups[{key, n, n_open, n_closed, grades[], outcomes[], open[], rates[]}]}.

    Of each outcome and each grade ``n`` that ended so, and ``by`` day the ``share`` with the 95 % interval ``between``;
    ``open`` is the share still open then: with all outcomes of a day it makes 1. A day that nobody was watched to is
    left out; above 200 groups all are. ``rates``: of those ``per`` which, ``n_resolved`` are closed with a substantive
    outcome; ``n_open`` are open and may yet be.
    """
    from engine.analytics.grouping import group_cases
    from engine.analytics.nested import cover
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    ways, cause = ends(frame)
    made = _groups(frame, unit, groups, ways, cause, caller.lang, public=public)
    open_ = frame.closed < 0
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_open": int(open_.sum()),
        "n_closed": int((~open_).sum()),
        "groups": made,
    }
    finish(answer, by=by, public=public, counts=("n_open", "n_closed"))
    if public:
        cover(answer["groups"], "outcomes", counts=("n",), says=("outcome", "title", "grade"))
        for group in answer["groups"]:
            _with_grade(group)
        cover(answer["groups"], "grades", counts=("n",), says=("grade",))
        cover(answer["groups"], "rates", counts=("n", "n_resolved", "n_open"), says=("per", "text"))
    return answer


def _with_grade(group: dict[str, Any]) -> None:
    """A grade would tell by subtraction of an outcome that is left out, if that is alone in it or all are few."""
    for grade in group["grades"]:
        ways = [way for way in group["outcomes"] if way["grade"] == grade["grade"]]
        gone = [way for way in ways if way.get("hidden")]
        rest = grade["n"] - sum(way["n"] for way in ways if not way.get("hidden"))
        if gone and (len(gone) == 1 or rest < SMALLEST):
            grade["hidden"] = True


class Way(NamedTuple):
    """An outcome with its grade."""

    grade: str
    outcome: str


def ends(frame: "Frame") -> tuple[list[Way], "Ints"]:
    """The ways in which the cases ended, better grades first, and for each case the number of its own, -1 while open."""
    import numpy as np

    of_code = [_way(text) for text in frame.texts("closing")]
    steps = frame.steps("closing")
    last = np.full(len(frame), -1, np.int64)
    last[steps.case] = steps.code
    there = {of_code[code] for code in np.unique(last[frame.closed >= 0]).tolist()}
    ways = sorted(there, key=lambda way: (GRADES.index(way.grade), way.outcome))
    number = {way: n for n, way in enumerate(ways)}
    numbers = np.array([*(number.get(way, -1) for way in of_code), -1], np.int64)
    return ways, np.where(frame.closed >= 0, numbers[last], -1)


def _way(text: str) -> Way:
    _, outcome, grade = (*text.split("|"), "", "")[:3]
    return Way(grade if grade in GRADES else "", outcome)


def _groups(
    frame: "Frame",
    unit: Unit,
    groups: "Groups",
    ways: Sequence[Way],
    cause: "Ints",
    lang: str,
    *,
    public: bool,
) -> list[dict[str, Any]]:
    import numpy as np

    size = len(groups)
    lasted = frame.lasting(frame.closed)
    over = cause >= 0
    cell = groups.of[over].astype(np.int64) * len(ways) + cause[over]
    ended = np.bincount(cell, minlength=size * len(ways)).reshape(size, len(ways))
    titles = _titles(frame, unit, ways, lang)
    rates = _rates(frame, groups, ways, cause, lang)
    n, n_open = groups.sizes().tolist(), groups.sizes(frame.closed < 0).tolist()
    made = []
    for number, key in enumerate(groups.keys):
        days = _days(lasted, cause, groups, number, ways, public=public) if size <= MANY else None
        made.append(
            {
                "key": key, "n": n[number], "n_open": n_open[number], "n_closed": n[number] - n_open[number],
                "grades": _grades(ways, ended[number].tolist(), days),
                "outcomes": [
                    {"outcome": way.outcome, "title": titles[way], "grade": way.grade, "n": count,
                     "by": days.ways.get(column, []) if days else []}
                    for column, (way, count) in enumerate(zip(ways, ended[number].tolist(), strict=True)) if count
                ],
                "open": days.open if days else [],
                "rates": [rate.told(number) for rate in rates],
            }
        )  # fmt: skip
    return made


def _titles(frame: "Frame", unit: Unit, ways: Sequence[Way], lang: str) -> dict[Way, str]:
    from engine.analytics import titles

    laws = titles.followed(frame, unit)
    return {way: titles.outcome(laws, way.outcome, lang) if way.outcome else "" for way in ways}


def _grades(ways: Sequence[Way], ended: Sequence[int], days: "_Days | None") -> list[dict[str, Any]]:
    told = []
    for grade in GRADES:
        n = sum(count for way, count in zip(ways, ended, strict=True) if way.grade == grade)
        if n:
            told.append({"grade": grade, "n": n, "by": days.grades[grade] if days else []})
    return told


# ---- shares by day ---------------------------------------------------------------------------------


class _Days(NamedTuple):
    ways: dict[int, list[dict[str, Any]]]
    grades: dict[str, list[dict[str, Any]]]
    open: list[dict[str, Any]]


def _days(
    lasted: "Ints", cause: "Ints", groups: "Groups", number: int, ways: Sequence[Way], *, public: bool
) -> _Days:
    """One group's shares; each outcome against all others together, a few at a time."""
    import numpy as np

    members = groups.members(number)
    lasted, cause = lasted[members], cause[members]
    days = [day for day in DAYS if _known(lasted, cause, day * DAY)]
    if public:
        days = _outside(lasted, cause, len(ways), days)
    grade = np.array([*(GRADES.index(way.grade) for way in ways), -1], np.int64)[cause]
    of_grade, open_ = _shares(lasted, grade, range(len(GRADES)), days)
    there = np.unique(cause[cause >= 0]).tolist()
    of_way: dict[int, list[dict[str, Any]]] = {}
    for first in range(0, len(there), AT_ONCE):
        of_way |= _shares(lasted, cause, there[first : first + AT_ONCE], days)[0]
    return _Days(of_way, {GRADES[n]: told for n, told in of_grade.items()}, open_)


def _outside(lasted: "Ints", cause: "Ints", ways: int, days: Sequence[int]) -> list[int]:
    """The days that may be told outside: between two of them no outcome that is told has fewer than five, nor have all
    of them; what is left out of the outcomes counts as one."""
    import numpy as np

    from engine.analytics.suppress import telling

    total = np.bincount(cause[cause >= 0], minlength=ways)
    cell = np.where(total < SMALLEST, ways, np.arange(ways))  # those of few go together
    of_cell = np.append(cell, -1)[cause]
    told = [one for one in np.unique(cell).tolist() if (of_cell == one).sum() >= SMALLEST]
    kept = list(days)
    for which in (*(of_cell == one for one in told), cause >= 0):
        ends = np.sort(lasted[which])
        counts = np.searchsorted(ends, [day * DAY for day in kept], side="right").tolist()
        kept = [kept[place] for place in telling(counts, lasted.size, ends.size)]
    return kept


def _known(lasted: "Ints", cause: "Ints", seconds: int) -> bool:
    """Whether somebody was watched so long, or all are over."""
    return bool(lasted.size) and (int(lasted.max()) >= seconds or bool((cause >= 0).all()))


def _shares(
    lasted: "Ints", cause: "Ints", wanted: Sequence[int], days: Sequence[int]
) -> tuple[dict[int, list[dict[str, Any]]], list[dict[str, Any]]]:
    import numpy as np

    from engine.analytics.estimate.incidence import incidence

    column = np.full(max(int(cause.max(initial=-1)), *wanted, 0) + 2, len(wanted) + 1, np.int64)
    column[list(wanted)] = np.arange(1, len(wanted) + 1)
    column[-1] = 0  # of -1: open
    found = incidence(lasted, column[cause], len(wanted) + 1)
    low, high = found.interval_by([day * DAY for day in days])
    told: dict[int, list[dict[str, Any]]] = {one: [] for one in wanted}
    open_ = []
    for moment, day in enumerate(days):
        row = int(np.searchsorted(found.times, day * DAY, side="right")) - 1
        share = found.by(day * DAY)
        for place, one in enumerate(wanted):
            limits = (low[moment, place], high[moment, place])
            between = None if np.isnan(limits).any() else [round(float(end), 6) for end in limits]
            told[one].append({"days": day, "share": round(float(share[place]), 6), "between": between})
        open_.append({"days": day, "share": round(float(found.after[row]), 6) if row >= 0 else 1.0})
    return told, open_


# ---- rates -----------------------------------------------------------------------------------------


class _Rate(NamedTuple):
    per: str
    text: str
    n: "Ints"
    n_open: "Ints"
    n_resolved: "Ints"
    between: Any

    def told(self, group: int) -> dict[str, Any]:
        n, n_resolved = int(self.n[group]), int(self.n_resolved[group])
        return {
            "per": self.per,
            "text": self.text,
            "n": n,
            "n_open": int(self.n_open[group]),
            "n_resolved": n_resolved,
            "share": round(n_resolved / n, 6) if n else None,
            "between": [round(float(end), 6) for end in self.between[group]] if n else None,
        }


def _rates(frame: "Frame", groups: "Groups", ways: Sequence[Way], cause: "Ints", lang: str) -> list[_Rate]:
    import numpy as np

    from engine.analytics.estimate.funnel import wilson

    resolved = np.array([*(way.grade == SETTLED for way in ways), False])[cause]
    made = []
    for per, (milestone, text, zh) in RATES.items():
        of = np.ones(len(frame), np.bool_)
        if milestone is not None:
            of = frame.first_at(f"milestone/{milestone}") >= 0
        n, n_open, good = (groups.sizes(which) for which in (of, of & (cause < 0), of & resolved))
        made.append(_Rate(per, zh if lang == "zh" else text, n, n_open, good, wilson(good, n)))
    return made
