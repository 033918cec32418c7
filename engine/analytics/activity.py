"""``stats activity``: what officers and volunteers have done, each deed counted once however many took part.

What counts the definitions say (``counts``): cases that ended so and so, or records of a kind. A case counts once, on
the day it was closed, and only as long as that closing stands: opened again it counts no more until it is closed anew.
A record counts on the day it is about. Who took part are the holders of the seats that the definition names; the sum
over people is therefore another number than that of the deeds: larger where several took part, smaller where nobody
sat on such a seat. Both are told.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.deeds import Deeds, Parts, Range, deeds_of, of_person, parts_of, within
from engine.analytics.titles import followed
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.period import begins, next_begins
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

PER = ("day", "week", "month")
PERSON = "person"
MOST = 1000  # deeds that are listed at once
TEXT = "counted work; a deed counts once, however many took part"
TEXT_ZH = "工作量统计;一件事无论多少人参加只计一次"


@ceiling
def activity(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    counted: Range = (None, None),
    per: str | None = None,
    activities: Sequence[str] = (),
    person: str | None = None,
    cases: bool = False,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
) -> dict[str, Any]:
    """{n, n_cases, n_parts, activities[{activity, title, n, n_cases, n_parts}], groups[{key, n, n_cases, n_parts}]}.

    ``n`` deeds, in ``n_cases`` cases, with ``n_parts`` parts taken by somebody. Keys hold what ``by`` says (see
    grouping.BY, and ``person``: each who took part), the ``period`` with ``per``, and the ``activity``. ``counted``: a
    half-open range of when it counts; ``person``: only deeds in which he took part. With ``cases`` come the ``acts``
    themselves, by time: {ref, activity, at, people, key}; at most :data:`MOST`, ``n_more`` are left.

    FM-U730 unknown period; FM-U731 unknown activity; FM-U732 people and cases are not for readers outside.
    """
    from engine.analytics.grouping import group_cases, known_groups
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    if per is not None and per not in PER:
        raise UsageError("FM-U730", given=per, known=", ".join(PER))
    if public and (cases or person or PERSON in by):
        raise UsageError("FM-U732")
    rest = [name for name in by if name != PERSON]
    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    known_groups(frame, rest)
    kinds = _kinds(unit, frame, activities)
    deeds = within(deeds_of(unit, frame, list(kinds)), counted)
    parts = parts_of(unit, frame, deeds, list(kinds))
    if person is not None:
        deeds, parts = of_person(deeds, parts, person)
    groups = group_cases(frame, unit, rest, ZoneInfo(zone))
    table = _Table(frame, groups, deeds, parts, list(kinds), per, ZoneInfo(zone), PERSON in by)
    answer = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "per": per,
        "n": len(deeds.case),
        "n_cases": _distinct(deeds.case),
        "n_parts": len(parts.deed),
        "activities": [] if public else table.totals([named(kind, caller.lang) for kind in kinds.values()]),
        "groups": table.groups(),
    }
    if cases:
        answer |= table.acts(unit)
    return finish(answer, by=(), public=public, counts=("n_cases", "n_parts"))


# ---- which activities there are -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    title: str
    zh: str


def named(kind: Kind, lang: str) -> tuple[str, str]:
    return kind.name, kind.zh if lang == "zh" and kind.zh else kind.title


def _kinds(unit: Unit, frame: "Frame", wanted: Sequence[str]) -> dict[str, Kind]:
    """The activities that are asked for, all where none is; those of the vocabulary first."""
    from engine.domain.counting import instant_at
    from engine.persistence.as_known import as_known

    told = as_known(unit, instant_at(frame.at)).vocabulary().activities
    counted = [name for one in followed(frame, unit) if one.definition for name in one.definition.counts]
    known = {name: Kind(name, one.title, one.zh) for name, one in told.items()}
    known |= {name: Kind(name, name.replace("_", " "), "") for name in counted if name not in known}
    for name in wanted:
        if name not in known:
            raise UsageError("FM-U731", given=name, known=", ".join(known) or "-")
    return {name: kind for name, kind in known.items() if not wanted or name in wanted}


def _distinct(values: Any) -> int:
    from engine.analytics.estimate.numbering import distinct

    return int(distinct(values).size)


# ---- the table -------------------------------------------------------------------------------------------


class _Table:
    """Deeds told apart by group, period, person and activity."""

    def __init__(
        self, frame: "Frame", groups: "Groups", deeds: Deeds, parts: Parts, kinds: list[str],
        per: str | None, zone: ZoneInfo, by_person: bool,
    ) -> None:  # fmt: skip
        import numpy as np

        self.frame, self.cases, self.deeds, self.parts, self.kinds = frame, groups, deeds, parts, kinds
        self.period, self.names = _periods(deeds.at, per, zone)
        self.by_person = by_person
        n = len(deeds.case)
        self.deed = parts.deed if by_person else np.arange(n)
        self.person = parts.person if by_person else np.zeros(n, np.int64)
        self.taken = np.bincount(parts.deed, minlength=n)

    def totals(self, kinds: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        import numpy as np

        told = []
        for number, (name, title) in enumerate(kinds):
            mine = np.flatnonzero(self.deeds.kind == number)
            counts = {"n": len(mine), "n_cases": _distinct(self.deeds.case[mine])}
            told.append({"activity": name, "title": title, **counts, "n_parts": int(self.taken[mine].sum())})
        return told

    def groups(self) -> list[dict[str, Any]]:
        """In the order of the groups, then of periods, people and activities."""
        import numpy as np

        from engine.analytics.estimate.numbering import distinct, numbered

        sizes = (len(self.names) or 1, len(self.parts.people) or 1, len(self.kinds) or 1)
        rank = _ranks(self.parts.people)
        mixed = self.cases.of[self.deeds.case[self.deed]].astype(np.int64)
        for size, column in zip(sizes, (self.period[self.deed], rank[self.person], self.deeds.kind[self.deed]), strict=True):  # fmt: skip
            mixed = mixed * size + column
        found, of = numbered(mixed, max(len(self.cases), 1) * math.prod(sizes))
        n = np.bincount(of, minlength=len(found))
        n_parts = n if self.by_person else np.bincount(of, self.taken[self.deed], len(found)).astype(np.int64)
        pairs = distinct(of.astype(np.int64) * max(len(self.frame), 1) + self.deeds.case[self.deed])
        n_cases = np.bincount(pairs // max(len(self.frame), 1), minlength=len(found))
        return [
            {"key": self.key(*where), "n": many, "n_cases": of_cases, "n_parts": taken}
            for where, many, of_cases, taken in zip(
                self._where(found, sizes, rank), n.tolist(), n_cases.tolist(), n_parts.tolist(), strict=True
            )
        ]

    def _where(self, found: Any, sizes: Sequence[int], rank: Any) -> list[tuple[int, int, int, int]]:
        import numpy as np

        columns = []
        for size in reversed(sizes):
            found, column = np.divmod(found, size)
            columns.append(column)
        kind, person, period = columns
        person = np.argsort(rank)[person]
        return list(zip(*(c.tolist() for c in (found, period, person, kind)), strict=True))

    def key(self, group: int, period: int, person: int, kind: int) -> dict[str, Any]:
        key = dict(self.cases.keys[group])
        if self.names:
            key["period"] = self.names[period]
        if self.by_person:
            key[PERSON] = self.parts.people[person]
        return {**key, "activity": self.kinds[kind]}

    def acts(self, unit: Unit) -> dict[str, Any]:
        """The deeds themselves, by time."""
        import numpy as np

        from engine.analytics.traces.reading import refs

        order = np.lexsort((self.deeds.kind, self.deeds.case, self.deeds.at))
        shown = order[:MOST]
        ids = self.frame.ids[self.deeds.case[shown]].tolist()
        known = refs(unit, ids)
        first = np.searchsorted(self.parts.deed, shown, "left").tolist()
        end = np.searchsorted(self.parts.deed, shown, "right").tolist()
        acts = []
        for n, deed in enumerate(shown.tolist()):
            people = sorted(self.parts.people[number] for number in self.parts.person[first[n] : end[n]])
            case, kind = int(self.deeds.case[deed]), int(self.deeds.kind[deed])
            key = dict(self.cases.keys[int(self.cases.of[case])])
            if self.names:
                key["period"] = self.names[int(self.period[deed])]
            at = to_text(datetime.fromtimestamp(int(self.deeds.at[deed]), UTC))
            acts.append(
                {"ref": known[ids[n]], "activity": self.kinds[kind], "at": at, "people": people, "key": key}
            )
        return {"acts": acts, "n_more": len(order) - len(shown)}


def _ranks(people: Sequence[str]) -> Any:
    """The place of each in the order of codes."""
    import numpy as np

    rank = np.empty(len(people) or 1, np.int64)
    rank[sorted(range(len(people)), key=lambda number: people[number]) or [0]] = np.arange(len(people) or 1)
    return rank


def _periods(at: "Ints", per: str | None, zone: ZoneInfo) -> tuple[Any, list[str]]:
    """For each second the number of its day, week (of ISO 8601) or month, and what they are called."""
    import numpy as np

    if per is None or not len(at):
        return np.zeros(len(at), np.int64), []
    first, last = (
        datetime.fromtimestamp(int(at_), UTC).astimezone(zone).date() for at_ in (at.min(), at.max())
    )
    day = begins(per, first)
    starts, names = [], []
    while day <= last:
        starts.append(int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()))
        names.append(day.strftime({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}[per]))
        day = next_begins(per, day)
    return np.searchsorted(np.array(starts, np.int64), at, side="right") - 1, names
