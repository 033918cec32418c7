"""``stats outcomes``: how cases end, and how soon, with the ways to end competing.

Whoever withdraws can no longer be settled, so each outcome is told as the share of all cases that has ended so by a day
(cumulative incidence), open cases being censored. The time is that from the report to the last closing; a case that was
opened again is open. Three rates stand beside it, each with the cases that it is of.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.heap import alike, uncollected
from engine.analytics.suppress import SMALLEST
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.estimate.moments import Causes, Ended
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


def ends(frame: "Frame") -> tuple[list[Way], "Causes"]:
    """The ways in which the cases ended, better grades first, and for each case the number of its own, -1 while open."""
    import numpy as np

    of_code = [_way(text) for text in frame.texts("closing")]
    last = np.where(frame.closed >= 0, frame.last_code("closing"), -1)
    there = {of_code[code] for code in np.flatnonzero(np.bincount(last + 1)[1:]).tolist()}
    ways = sorted(there, key=lambda way: (GRADES.index(way.grade), way.outcome))
    number = {way: n for n, way in enumerate(ways)}
    numbers = np.array([*(number.get(way, -1) for way in of_code), -1], np.int32)
    return ways, numbers[last]


def _way(text: str) -> Way:
    _, outcome, grade = (*text.split("|"), "", "")[:3]
    return Way(grade if grade in GRADES else "", outcome)


@uncollected()
def _groups(
    frame: "Frame",
    unit: Unit,
    groups: "Groups",
    ways: Sequence[Way],
    cause: "Causes",
    lang: str,
    *,
    public: bool,
) -> list[dict[str, Any]]:
    import numpy as np

    size, width = len(groups), len(ways)
    over = cause >= 0
    ended = np.bincount(
        groups.of[over].astype(np.int64) * width + cause[over], minlength=size * width
    ).reshape(size, width)
    lines = _Lines(ways, _titles(frame, unit, ways, lang), public=public)
    rates = _rates(frame, groups, ways, cause, lang)
    shares = (
        _of_each(frame.lasting(frame.closed), cause, groups, ways, public=public)
        if size <= MANY
        else repeat(_Days({}, {}, []), size)
    )
    sizes, still = groups.sizes().tolist(), groups.sizes(frame.closed < 0).tolist()
    return [
        {
            "key": key, "n": n, "n_open": n_open, "n_closed": n - n_open, **lines.told(counts, days),
            "open": days.open, "rates": [rate.told(number) for rate in rates],
        }
        for number, (key, n, n_open, counts, days) in enumerate(
            zip(groups.keys, sizes, still, ended.tolist(), shares, strict=True)
        )
    ]  # fmt: skip


class _Lines:
    """What each group says of its grades and outcomes."""

    def __init__(self, ways: Sequence[Way], titles: Sequence[str], *, public: bool) -> None:
        named = [
            {"outcome": way.outcome, "title": title, "grade": way.grade}
            for way, title in zip(ways, titles, strict=True)
        ]
        self._grades = {
            grade: [column for column, way in enumerate(ways) if way.grade == grade] for grade in GRADES
        }
        self._grade = alike(lambda grade, n: {"grade": grade, "n": n, "by": []}, public=public)
        self._way = alike(lambda column, n: {**named[column], "n": n, "by": []}, public=public)

    def told(self, counts: Sequence[int], days: "_Days") -> dict[str, Any]:
        grades = ((grade, sum([counts[way] for way in ways])) for grade, ways in self._grades.items())
        return {
            "grades": [_with(self._grade(grade, n), days.grades.get(grade)) for grade, n in grades if n],
            "outcomes": [_with(self._way(way, n), days.ways.get(way)) for way, n in enumerate(counts) if n],
        }


def _with(line: dict[str, Any], by: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {**line, "by": by} if by else line


def _titles(frame: "Frame", unit: Unit, ways: Sequence[Way], lang: str) -> list[str]:
    from engine.analytics import titles

    laws = titles.followed(frame, unit)
    return [titles.outcome(laws, way.outcome, lang) if way.outcome else "" for way in ways]


# ---- shares by day ---------------------------------------------------------------------------------


class _Days(NamedTuple):
    ways: dict[int, list[dict[str, Any]]]
    grades: dict[str, list[dict[str, Any]]]
    open: list[dict[str, Any]]


def _of_each(
    lasted: "Ints", cause: "Causes", groups: "Groups", ways: Sequence[Way], *, public: bool
) -> Iterator[_Days]:
    """Each group's shares, in the order of groups."""
    from engine.analytics.estimate.moments import in_order

    for rows in in_order(lasted, cause, len(ways), groups.of, len(groups)):
        days = [day for day in DAYS if _known(rows, len(ways), day * DAY)]
        if public:
            days = _outside(rows, len(ways), days)
        yield _days(rows, ways, days)


def _days(rows: "Ended", ways: Sequence[Way], days: Sequence[int]) -> _Days:
    """One group's; each outcome, and each grade, against all others together."""
    import numpy as np

    from engine.analytics.estimate.moments import at_moments

    there = np.flatnonzero(np.bincount(rows.cause, minlength=len(ways))[: len(ways)]).tolist()
    grades = [grade for grade in GRADES if any(ways[way].grade == grade for way in there)]
    columns = np.array(
        [[way == one for way in range(len(ways))] for one in there]
        + [[way.grade == grade for way in ways] for grade in grades],
        np.bool_,
    ).reshape(len(there) + len(grades), len(ways))
    found = at_moments(rows, columns, [day * DAY for day in days])
    told = [
        [
            {"days": day, "share": round(share, 6), "between": None if low != low else [round(low, 6), round(high, 6)]}
            for day, share, low, high in zip(days, *each, strict=True)
        ]
        for each in zip(*(column.T.tolist() for column in (found.share, found.low, found.high)), strict=True)
    ]  # fmt: skip
    open_ = [
        {"days": day, "share": round(share, 6)} for day, share in zip(days, found.open.tolist(), strict=True)
    ]
    return _Days(
        dict(zip(there, told, strict=False)), dict(zip(grades, told[len(there) :], strict=True)), open_
    )


def _outside(rows: "Ended", ways: int, days: Sequence[int]) -> list[int]:
    """The days that may be told outside: between two of them no outcome that is told has fewer than five, nor have all
    of them; what is left out of the outcomes counts as one."""
    import numpy as np

    from engine.analytics.suppress import telling

    total = np.bincount(rows.cause, minlength=ways + 1)[:ways]
    cell = np.where(total < SMALLEST, ways, np.arange(ways))  # those of few go together
    of_cell = np.append(cell, -1)[rows.cause]
    told = [one for one in np.unique(cell).tolist() if (of_cell == one).sum() >= SMALLEST]
    kept = list(days)
    for which in (*(of_cell == one for one in told), rows.cause < ways):
        ends = rows.lasted[which]
        counts = np.searchsorted(ends, [day * DAY for day in kept], side="right").tolist()
        kept = [kept[place] for place in telling(counts, rows.lasted.size, ends.size)]
    return kept


def _known(rows: "Ended", ways: int, seconds: int) -> bool:
    """Whether somebody was watched so long, or all are over."""
    return bool(rows.lasted.size) and (int(rows.lasted[-1]) >= seconds or bool((rows.cause < ways).all()))


# ---- rates -----------------------------------------------------------------------------------------


class _Rate:
    """One rate of all groups; of tens of thousands many have the same numbers, and these are told alike."""

    def __init__(self, per: str, text: str, n: "Ints", n_open: "Ints", n_resolved: "Ints") -> None:
        import numpy as np

        from engine.analytics.estimate.funnel import wilson

        self._says = {"per": per, "text": text}
        self._counts = list(zip(n.tolist(), n_open.tolist(), n_resolved.tolist(), strict=True))
        pairs = list({(of, good) for of, _, good in self._counts if of})
        of, good = np.array(pairs, np.int64).reshape(-1, 2).T
        self._shares = {
            pair: (round(pair[1] / pair[0], 6), round(low, 6), round(high, 6))
            for pair, (low, high) in zip(pairs, wilson(good, of).tolist(), strict=True)
        }

    def told(self, group: int) -> dict[str, Any]:
        n, n_open, n_resolved = self._counts[group]
        share, *between = self._shares.get((n, n_resolved), _NO_SHARE)
        return {
            **self._says, "n": n, "n_open": n_open, "n_resolved": n_resolved,
            "share": share, "between": between or None,
        }  # fmt: skip


_NO_SHARE = (None,)  # of none


def _rates(frame: "Frame", groups: "Groups", ways: Sequence[Way], cause: "Causes", lang: str) -> list[_Rate]:
    import numpy as np

    resolved = np.array([*(way.grade == SETTLED for way in ways), False])[cause]
    made = []
    for per, (milestone, text, zh) in RATES.items():
        of = np.ones(len(frame), np.bool_)
        if milestone is not None:
            of = frame.first_at(f"milestone/{milestone}") >= 0
        counts = (groups.sizes(which) for which in (of, of & (cause < 0), of & resolved))
        made.append(_Rate(per, zh if lang == "zh" else text, *counts))
    return made
