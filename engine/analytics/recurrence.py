"""``stats recurrence``: does the same come again.

A case comes again if another of the same type is filed at the same place later, within so many days, between the same parties:
two of its own are parties there too, or the one where it names but one. What was watched less long than that is counted
apart and in no rate, and so is a case that names nobody. Reports that are one case (joined, duplicates) are no
recurrence. What was filed later counts whatever the filter asks of the earlier case; what is hidden from who asks does
not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

DAYS = (30, 180, 365)
DAY = 86_400
OF = ("parties", "place")
AFTER = ("closed", "filed")
NUMBERS = ("again", *(f"{name}/{days}" for days in DAYS for name in ("again", "watched", "open")), "unnamed")
TEXTS = {
    "parties": ("the same parties again at the same place, in the same type of case", "同一当事人在同一地点再次发生同类案件"),
    "place": ("the same type of case again at the same place, whoever the parties", "同一地点再次发生同类案件(不论当事人)"),
}  # fmt: skip
Range = tuple[datetime | None, datetime | None]


@ceiling
def recurrence(
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
    of: str = "parties",
    after: str = "closed",
    cases: str | None = None,
) -> dict[str, Any]:
    """{of, after, n, n_again, n_unnamed, groups[{key, n, n_again, within[]}]}; ``n`` cases from whose last closing (or
    report) days are counted, ``n_again`` of them came again, however late; ``n_unnamed`` name nobody and are not in n.

    Of each length ``n_watched`` long enough, ``n_again`` of these within it, ``share_again``, and ``n_open`` not watched
    so long. ``cases`` names one of these numbers (:data:`NUMBERS`) and brings its cases, each with the one that it came
    again as. FM-U720 for what ``of`` and ``after`` do not know, FM-U716, FM-U725.
    """
    import numpy as np

    from engine.analytics import behind
    from engine.analytics.grouping import group_cases
    from engine.analytics.nested import cover
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    one_of(of, OF)
    one_of(after, AFTER)
    behind.asked(cases, NUMBERS, public=public)
    frame = every = select_cases(unit, caller, as_of=as_of)
    if filter or any((*filed, *closed)):
        frame = select_cases(
            unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of, book=every.book
        )
    since = frame.closed if after == "closed" else frame.filed
    keep = (since >= 0) & ~_goes_on(frame)
    named = _named(frame) if of == "parties" else np.ones(len(frame), np.bool_)
    whole, unnamed = frame, keep & ~named
    frame, since = frame.only(keep & named), since[keep & named]
    again = _again(every, frame, since, of=of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    made = _groups(groups, since, again, frame.at)
    answer: dict[str, Any] = {
        "text": TEXTS[of][caller.lang == "zh"],
        "of": of,
        "after": after,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_again": int((again >= 0).sum()),
        "n_unnamed": int(unnamed.sum()),
        "groups": made,
    }
    finish(answer, by=by, public=public, counts=("n_again",))
    if public:
        counts, apart = ("n_watched", "n_again", "n_open"), (("n_watched", "n_again"),)
        cover(answer["groups"], "within", counts=counts, says=("days",), apart=apart)
        answer["n_unnamed"] = None
    if cases == "unnamed":
        groups = group_cases(whole, unit, by, ZoneInfo(zone))
        answer["cases"] = behind.cases_at(unit, whole, groups, np.flatnonzero(unnamed), {})
    elif cases is not None:
        which = np.flatnonzero(_counted(cases, since, again, frame.at))
        came = _came(unit, every, frame.ids[which], again[which], of=of)
        columns = {
            "since": behind.instants(since[which]),
            "again_at": behind.instants(again[which]),
            "again": came,
        }
        answer["cases"] = behind.cases_at(unit, frame, groups, which, columns)
    return answer


def one_of(given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise UsageError("FM-U720", given=given, known=", ".join(known))


def _goes_on(frame: "Frame") -> Any:
    number = frame.names.known("same", "1")
    return (frame.last_code("same") == number) & (number >= 0)


def _named(frame: "Frame") -> Any:
    import numpy as np

    found = np.zeros(len(frame), np.bool_)
    for _, steps in frame.portions("party"):
        found[steps.case] = True
    return found


# ---- what comes again ------------------------------------------------------------------------------


_PORTION = 1 << 15  # cases at a time; those of one type at one place are not torn apart


def _again(every: "Frame", frame: "Frame", since: "Ints", *, of: str) -> "Ints":
    """When the first case like each was filed at or after its second, -1 where none was."""
    import numpy as np

    spot = _pairs(every.last_code("type"), every.last_code("place"))
    there, mine = ~_goes_on(every), np.full(len(every), -1, np.int32)
    mine[np.searchsorted(every.ids, frame.ids)] = np.arange(len(frame), dtype=np.int32)
    found = np.full(len(frame), -1, np.int64)
    parties = _Parties.of(every) if of == "parties" else None
    # one sort of packed integers, much faster than one of places
    order = (
        np.sort(_pairs(spot, np.arange(spot.size, dtype=np.int64))) % (spot.size + 1) - 1
        if spot.size
        else spot
    )
    for cases in _alike(order, spot):
        own = mine[cases]
        asked = np.flatnonzero(own >= 0)
        if not asked.size:
            continue
        until = np.zeros(cases.size, np.int64)
        until[asked] = since[own[asked]]
        near = _Near(every.filed[cases], until, own >= 0, there[cases], _numbers(spot[cases]))
        again = near.place() if parties is None else near.parties(*parties.rows(cases))
        found[own[asked]] = again[asked]
    return found


def _alike(order: "Ints", spot: "Ints") -> Iterator["Ints"]:
    """Cases in the order of their spots, so many at a time."""
    import numpy as np

    fresh = np.flatnonzero(np.diff(spot[order], prepend=-1))
    cuts = np.unique(fresh[np.searchsorted(fresh, np.arange(0, order.size, _PORTION), side="right") - 1])
    for begin, end in pairwise([*cuts.tolist(), order.size]):
        yield order[begin:end]


def _numbers(ordered: "Ints") -> "Ints":
    """Values that are in order, numbered from 0."""
    import numpy as np

    return np.cumsum(np.diff(ordered, prepend=ordered[:1]) != 0)


class _Parties(NamedTuple):
    """Rows of every case from ``first`` on: the number of a party, and a digest of whom."""

    first: "Ints"
    no: Any
    digest: "Ints"

    @classmethod
    def of(cls, frame: "Frame") -> "_Parties":
        import numpy as np

        many, no, digest = np.zeros(len(frame) + 1, np.int64), [], []
        for cases, steps in frame.portions("party"):
            many[1:][cases] = np.bincount(steps.case - cases.start, minlength=cases.stop - cases.start)
            no.append(steps.code.copy())
            digest.append((steps.at if steps.value is None else steps.value).copy())
        none = np.zeros(0, np.int64)
        return cls(
            np.cumsum(many), np.concatenate([none.astype(np.int32), *no]), np.concatenate([none, *digest])
        )

    def rows(self, cases: "Ints") -> tuple["Ints", "Ints", "Ints"]:
        """Of these cases, in their order: which of them, the number of a party, the number of a digest."""
        import numpy as np

        from engine.analytics.estimate.numbering import ranks

        many = self.first[cases + 1] - self.first[cases]
        case = np.repeat(np.arange(cases.size), many)
        row = (self.first[cases] - (np.cumsum(many) - many))[case] + np.arange(case.size)
        return case, self.no[row].astype(np.int64), ranks(self.digest[row])

    def alike(self, one: int, other: int) -> bool:
        """Whether two parties of the one case are parties of the other too, or its only one is."""
        import numpy as np

        case, no, digest = (column.tolist() for column in self.rows(np.array([one, other])))
        rows = [[(n, d) for c, n, d in zip(case, no, digest, strict=True) if c == side] for side in (0, 1)]
        both = [(m, n) for m, d in rows[0] for n, e in rows[1] if d == e]
        if len({n for n, _ in rows[0]}) == 1:
            return bool(both)
        return any(m != k and n != j for m, n in both for k, j in both)


class _Marks(NamedTuple):
    """By what cases are alike: rows of a position and a number, each pair once."""

    case: "Ints"
    mark: "Ints"


class _Near(NamedTuple):
    """Cases of a few spots: when they were filed, the second ``since`` which others count, whether they are ``asked``
    about, whether they count as others (``there``), and the number of their ``spot``."""

    filed: "Ints"
    since: "Ints"
    asked: Any
    there: Any
    spot: "Ints"

    def place(self) -> "Ints":
        """The next filing at the same spot, -1 where there is none."""
        import numpy as np

        return self._next(_Marks(np.arange(self.spot.size), self.spot), self.asked)

    def parties(self, case: "Ints", no: "Ints", digest: "Ints") -> "Ints":
        """The next filing there between the same parties."""
        import numpy as np

        case, no, digest = _thrice(case, no, digest)
        single = _persons(case, no, self.spot.size) == 1
        found = self._next(_twos(case, no, digest, self.spot), self.asked & ~single)
        if (self.asked & single).any():
            ones = _once(case, _pairs(self.spot[case], digest))
            found = np.where(single, self._next(ones, self.asked & single), found)
        return found

    def _next(self, marks: _Marks, asked: Any) -> "Ints":
        """For each case that is asked about the first filing after its second among cases of the same mark; itself is
        none of them, being filed no later than it was closed."""
        import numpy as np

        never = np.iinfo(np.int64).max
        found = np.full(self.filed.size, never)
        pool, meant = (
            _Marks(*(column[which[marks.case]] for column in marks)) for which in (self.there, asked)
        )
        if not pool.case.size or not meant.case.size:
            return np.full(self.filed.size, -1, np.int64)
        shift = int(self.filed.min())
        span = int(max(self.filed.max(), self.since.max())) - shift + 2
        at = np.sort(pool.mark * span + (self.filed[pool.case] - shift))
        place = np.searchsorted(at, meant.mark * span + (self.since[meant.case] - shift), side="right")
        there = np.minimum(place, at.size - 1)
        hit = (place < at.size) & (at[there] // span == meant.mark)
        np.minimum.at(found, meant.case[hit], at[there[hit]] % span + shift)
        return np.where(found == never, -1, found)


def _pairs(one: Any, two: Any) -> "Ints":
    """A number for each combination."""
    import numpy as np

    return np.asarray((one.astype(np.int64) + 1) * (int(two.max(initial=0)) + 2) + two + 1, np.int64)


def _thrice(case: "Ints", no: "Ints", digest: "Ints") -> tuple["Ints", "Ints", "Ints"]:
    """Each combination once, in the order of cases."""
    from engine.analytics.estimate.numbering import distinct

    wide, high = int(digest.max(initial=0)) + 1, int(no.max(initial=0)) + 1  # together far below 2**63
    rest, digest = divmod(distinct((case * high + no) * wide + digest), wide)
    case, no = divmod(rest, high)
    return case, no, digest


def _once(case: "Ints", mark: "Ints") -> _Marks:

    from engine.analytics.estimate.numbering import distinct, ranks

    numbers = ranks(mark)
    span = int(numbers.max(initial=0)) + 1
    found = distinct(case * span + numbers)
    return _Marks(found // span, found % span)


def _persons(case: "Ints", no: "Ints", size: int) -> "Ints":
    """How many parties each case names; rows are in the order of both."""
    import numpy as np

    fresh = np.ones(case.size, np.bool_)
    fresh[1:] = (case[1:] != case[:-1]) | (no[1:] != no[:-1])
    return np.bincount(case[fresh], minlength=size)


def _twos(case: "Ints", no: "Ints", digest: "Ints", spot: "Ints") -> _Marks:
    """Each two digests of different parties of a case, with its type and place. Rows are in the order of cases."""
    import numpy as np

    many = np.bincount(case, minlength=spot.size)[case]
    start = np.concatenate([[0], np.cumsum(many)])
    left = np.repeat(np.arange(case.size), many)
    first = np.searchsorted(case, case)
    right = first[left] + np.arange(left.size) - start[left]
    kept = no[left] < no[right]  # the other way round they are the same two
    left, right = left[kept], right[kept]
    low, high = np.minimum(digest[left], digest[right]), np.maximum(digest[left], digest[right])
    return _once(case[left], _pairs(spot[case[left]], _pairs(low, high)))


def _counted(number: str, since: "Ints", again: "Ints", at: int) -> Any:
    """Which cases are counted under ``again``, ``again/30``, ``watched/30``, ``open/30``."""
    name, _, days = number.partition("/")
    if not days:
        return again >= 0
    until = since + int(days) * DAY
    watched = until <= at
    return {"watched": watched, "open": ~watched, "again": watched & (again >= 0) & (again <= until)}[name]


def _came(unit: Unit, every: "Frame", ids: "Ints", again: "Ints", *, of: str) -> list[str | None]:
    """By reference what each of these cases came again as; None where it did not."""
    import numpy as np

    from engine.analytics.traces.reading import refs

    spot = _pairs(every.last_code("type"), every.last_code("place"))
    own = np.searchsorted(every.ids, ids)
    there = np.flatnonzero(~_goes_on(every))
    there = there[np.lexsort((every.filed[there], spot[there]))]
    parties = _Parties.of(every) if of == "parties" else None
    found = np.full(ids.size, -1, np.int64)
    span = int(every.filed.max(initial=0)) + 1
    at = spot[there] * span + every.filed[there]
    asked = np.flatnonzero(again >= 0)
    low, high = (
        np.searchsorted(at, spot[own[asked]] * span + again[asked], side=side) for side in ("left", "right")
    )
    for one, *among in zip(asked.tolist(), low.tolist(), high.tolist(), strict=True):
        mine = int(own[one])
        near = (other for other in there[slice(*among)].tolist() if other != mine)
        found[one] = next((o for o in near if parties is None or parties.alike(mine, o)), -1)
    known = refs(unit, every.ids[found[found >= 0]].tolist())
    return [known[int(every.ids[o])] if o >= 0 else None for o in found.tolist()]


# ---- told ------------------------------------------------------------------------------------------


def _groups(groups: Any, since: "Ints", again: "Ints", at: int) -> list[dict[str, Any]]:
    n, n_again = groups.sizes().tolist(), groups.sizes(again >= 0).tolist()
    within = []
    for days in DAYS:
        watched = since + days * DAY <= at
        hit = watched & (again >= 0) & (again <= since + days * DAY)
        within.append((days, *(groups.sizes(which).tolist() for which in (watched, hit, ~watched))))
    return [
        {
            "key": key, "n": n[g], "n_again": n_again[g],
            "within": [_told(days, watched[g], hit[g], open_[g]) for days, watched, hit, open_ in within],
        }
        for g, key in enumerate(groups.keys)
    ]  # fmt: skip


def _told(days: int, n_watched: int, n_again: int, n_open: int) -> dict[str, Any]:
    share = round(n_again / n_watched, 6) if n_watched else None
    return {"days": days, "n_watched": n_watched, "n_again": n_again, "share_again": share, "n_open": n_open}
