"""``stats activity``: what officers and volunteers have done, each deed counted once however many took part.

What counts the definitions say (``counts``): cases that ended so and so, or records of a kind. A case counts once, on
the day it was closed, and only as long as that closing stands: opened again it counts no more until it is closed anew.
A record counts on the day it is about. Who took part are the holders of the seats that the definition names; the sum
over people is therefore larger than the number of deeds, and both are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.law import Law
    from engine.analytics.traces.shelf import Ints

PER = ("day", "week", "month")
PERSON, REPORTER = "person", "reporter"
MOST = 1000  # deeds that are listed at once
NOBODY = frozenset({"system", "-", ""})
TEXT = "counted work; a deed counts once, however many took part"
TEXT_ZH = "工作量统计;一件事无论多少人参加只计一次"
Range = tuple[datetime | None, datetime | None]


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
    deeds = _within(deeds_of(unit, frame, list(kinds)), counted)
    parts = parts_of(unit, frame, deeds, list(kinds))
    if person is not None:
        deeds, parts = _of_person(deeds, parts, person)
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


class Deeds(NamedTuple):
    """What counts, by case and by time. ``case``: position in the frame; ``kind``: number of the activity; ``at``: the
    second on which it counts; ``stands``: whether it is the case as it ended, not a record; ``by``: who recorded it."""

    case: "Ints"
    kind: "Ints"
    at: "Ints"
    stands: "Ints"
    by: "Ints"

    def take(self, which: Any) -> "Deeds":
        return Deeds(*(column[which] for column in self))


class Parts(NamedTuple):
    """Who took part: ``deed`` is the number of a deed, ascending, ``person`` a number among ``people``."""

    deed: "Ints"
    person: "Ints"
    people: list[str]


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
    from engine.analytics.traces import law

    told = law.activities(unit)
    counted = [name for one in _laws(unit, frame) if one.definition for name in one.definition.counts]
    known = {name: Kind(name, one.title, one.zh) for name, one in told.items()}
    known |= {name: Kind(name, name.replace("_", " "), "") for name in counted if name not in known}
    for name in wanted:
        if name not in known:
            raise UsageError("FM-U731", given=name, known=", ".join(known) or "-")
    return {name: kind for name, kind in known.items() if not wanted or name in wanted}


def _laws(unit: Unit, frame: "Frame") -> list["Law"]:
    """By the codes of the track ``definition``."""
    from engine.analytics.traces.law import law

    return [law(unit, content_hash) for content_hash in frame.texts("definition")]


# ---- what counts -----------------------------------------------------------------------------------------


def deeds_of(unit: Unit, frame: "Frame", kinds: Sequence[str]) -> Deeds:
    """Everything in these cases that counts, as it was believed as of the instant."""
    import numpy as np

    laws, definition = _laws(unit, frame), frame.last_code("definition")
    endings = [text.split("|")[1] if text.startswith("closed|") else None for text in frame.texts("closing")]
    over, records = np.flatnonzero(frame.closed >= 0), frame.steps("record")
    found = []
    for number, kind in enumerate(kinds):
        ends = _counting(laws, kind, "outcomes", endings)[definition[over], frame.last_code("closing")[over]]
        kept = _counting(laws, kind, "records", frame.texts("record"))[definition[records.case], records.code]
        case = np.concatenate([over[ends], records.case[kept]])
        at = np.concatenate([frame.closed[over[ends]], records.at[kept]])
        stands = np.arange(len(case)) < ends.sum()
        by = np.full(len(case), -1, np.int64)
        if records.value is not None:
            by[int(ends.sum()) :] = records.value[kept]
        found.append(Deeds(case, np.full(len(case), number), at, stands, by))
    deeds = Deeds(*(np.concatenate(columns) for columns in zip(*found, strict=True))) if found else _none()
    return deeds.take(np.lexsort((deeds.kind, deeds.at, deeds.case)))


def _none() -> Deeds:
    import numpy as np

    none = np.zeros(0, np.int64)
    return Deeds(none, none, none, none.astype(np.bool_), none)


def _counting(laws: Sequence["Law"], kind: str, what: str, texts: Sequence[str | None]) -> Any:
    """[definition, code] whether that counts; one row and column more for what is not known."""
    import numpy as np

    table = np.zeros((len(laws) + 1, len(texts) + 1), np.bool_)
    for row, one in enumerate(laws):
        spec = one.definition.counts.get(kind) if one.definition else None
        if spec is not None:
            names = getattr(spec, what)
            table[row, :-1] = [text in names for text in texts]
    return table


def _within(deeds: Deeds, counted: Range) -> Deeds:
    start, end = (None if edge is None else edge.timestamp() for edge in counted)
    keep = deeds.at >= (start if start is not None else -1)
    if end is not None:
        keep &= deeds.at < end
    return deeds.take(keep)


# ---- who took part ---------------------------------------------------------------------------------------


def parts_of(unit: Unit, frame: "Frame", deeds: Deeds, kinds: Sequence[str]) -> Parts:
    """Everybody who had one of the named seats when it counted, who told it where that counts, and who recorded it."""
    import numpy as np

    from engine.analytics.traces.shelf import PERSONS

    people, laws = list(frame.texts(PERSONS)), _laws(unit, frame)
    definition = frame.last_code("definition")[deeds.case]
    deed, person = _seated(frame, deeds, _seats(laws, kinds, frame), definition)
    tells = _telling(laws, kinds)[definition, deeds.kind]
    told = frame.last_code(REPORTER)[deeds.case]
    numbers = _numbers(frame.texts(REPORTER), people)
    which = np.flatnonzero(tells & (told >= 0))
    recorded = np.flatnonzero(deeds.by >= 0)
    deed = np.concatenate([deed, which, recorded])
    person = np.concatenate([person, numbers[told[which]], deeds.by[recorded]])
    somebody = (
        np.array([name not in NOBODY for name in people] or [False])[person] if len(person) else person > 0
    )
    pairs = np.unique(deed[somebody] * max(len(people), 1) + person[somebody])
    return Parts(*np.divmod(pairs, max(len(people), 1)), people)


def _numbers(texts: Sequence[str], people: list[str]) -> Any:
    """The number of each text among people; who never did anything himself joins them."""
    import numpy as np

    known = {name: number for number, name in enumerate(people)}
    for text in texts:
        if text not in known:
            known[text] = len(people)
            people.append(text)
    return np.array([known[text] for text in texts] or [0], np.int64)


def _seats(laws: Sequence["Law"], kinds: Sequence[str], frame: "Frame") -> Any:
    """[definition, activity, code of the track ``seat``] whether holders of that seat did it."""
    import numpy as np

    seats = [text.partition("|")[0] for text in frame.texts("seat")]
    table = np.zeros((len(laws) + 1, len(kinds), len(seats) + 1), np.bool_)
    for row, one in enumerate(laws):
        for column, kind in enumerate(kinds):
            spec = one.definition.counts.get(kind) if one.definition else None
            table[row, column, :-1] = [spec is not None and seat in spec.of for seat in seats]
    return table


def _telling(laws: Sequence["Law"], kinds: Sequence[str]) -> Any:
    import numpy as np

    table = np.zeros((len(laws) + 1, len(kinds)), np.bool_)
    for row, one in enumerate(laws):
        counts = one.definition.counts if one.definition else {}
        table[row] = [kind in counts and REPORTER in counts[kind].of for kind in kinds]
    return table


def _seated(frame: "Frame", deeds: Deeds, wanted: Any, definition: Any) -> tuple[Any, Any]:
    """(deed, person) of every holder at the time: of a case as it ended whoever has the seat still."""
    import numpy as np

    from engine.analytics.traces.rows import ALWAYS

    steps = frame.steps("seat")
    if steps.value is None or not len(steps.case) or not len(deeds.case):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    texts = frame.texts("seat")
    seats = list(dict.fromkeys(text.partition("|")[0] for text in texts))
    seat = np.array([seats.index(text.partition("|")[0]) for text in texts])[steps.code]
    comes = np.array([text.endswith("|in") for text in texts])[steps.code]
    order = np.lexsort((np.arange(len(seat)), steps.value, seat, steps.case))
    case, seat, who = steps.case[order], seat[order], steps.value[order]
    same = np.zeros(
        len(order), np.bool_
    )  # whether the row after it tells of the same person in the same seat
    same[:-1] = (case[1:] == case[:-1]) & (seat[1:] == seat[:-1]) & (who[1:] == who[:-1])
    until = np.where(same, np.roll(steps.at[order], -1), ALWAYS)
    begins = comes[order]
    case, who, code, since, until = (
        column[begins] for column in (case, who, steps.code[order], steps.at[order], until)
    )
    first, end = np.searchsorted(case, deeds.case, "left"), np.searchsorted(case, deeds.case, "right")
    many = end - first
    deed = np.repeat(np.arange(len(deeds.case)), many)
    stint = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]), many) + np.arange(int(many.sum()))
    at = np.where(deeds.stands, ALWAYS - 1, deeds.at)[deed]
    held = (
        wanted[definition[deed], deeds.kind[deed], code[stint]] & (since[stint] <= at) & (at < until[stint])
    )
    return deed[held], who[stint[held]]


def _of_person(deeds: Deeds, parts: Parts, person: str) -> tuple[Deeds, Parts]:
    import numpy as np

    number = parts.people.index(person) if person in parts.people else -1
    mine = np.flatnonzero(parts.person == number)
    which = parts.deed[mine]
    return deeds.take(which), Parts(np.arange(len(which)), parts.person[mine], parts.people)


# ---- the table -------------------------------------------------------------------------------------------


def _distinct(values: Any) -> int:
    import numpy as np

    return int(np.unique(values).size)


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

        sizes = (len(self.names) or 1, len(self.parts.people) or 1, len(self.kinds) or 1)
        rank = _ranks(self.parts.people)
        mixed = self.cases.of[self.deeds.case[self.deed]].astype(np.int64)
        for size, column in zip(sizes, (self.period[self.deed], rank[self.person], self.deeds.kind[self.deed]), strict=True):  # fmt: skip
            mixed = mixed * size + column
        found, of = np.unique(mixed, return_inverse=True)
        n = np.bincount(of, minlength=len(found))
        n_parts = n if self.by_person else np.bincount(of, self.taken[self.deed], len(found)).astype(np.int64)
        pairs = np.unique(of * max(len(self.frame), 1) + self.deeds.case[self.deed])
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

        order = np.lexsort((self.deeds.kind, self.deeds.case, self.deeds.at))
        shown = order[:MOST]
        refs = refs_of(unit, self.frame.ids[self.deeds.case[shown]].tolist())
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
                {"ref": refs[n], "activity": self.kinds[kind], "at": at, "people": people, "key": key}
            )
        return {"acts": acts, "n_more": len(order) - len(shown)}


def refs_of(unit: Unit, ids: Sequence[int]) -> list[str]:
    from engine.persistence.raw import rows

    marks = ", ".join("?" * len(set(ids)))
    query = f"SELECT id, ref FROM case_file WHERE id IN ({marks})"  # noqa: S608 - only marks
    known = dict(rows(unit, query, *sorted(set(ids)))) if ids else {}
    return [known[number] for number in ids]


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
    day = (
        first.replace(day=1)
        if per == "month"
        else first - timedelta(days=first.weekday() if per == "week" else 0)
    )
    starts, names = [], []
    while day <= last:
        starts.append(int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()))
        names.append(day.strftime({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}[per]))
        step = {"day": 1, "week": 7, "month": 32}[per]
        day += timedelta(days=step)
        day = day.replace(day=1) if per == "month" else day
    return np.searchsorted(np.array(starts, np.int64), at, side="right") - 1, names
