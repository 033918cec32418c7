"""What counts as work done, and who took part in it, on the columns; what counts the definitions say (``counts``)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame, Steps
    from engine.analytics.traces.law import Law
    from engine.analytics.traces.shelf import Ints

REPORTER = "reporter"
NOBODY = frozenset({"system", "-", ""})
Range = tuple[datetime | None, datetime | None]


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


def laws_of(unit: Unit, frame: "Frame") -> list["Law"]:
    """By the codes of the track ``definition``."""
    from engine.analytics.traces.law import law

    return [law(unit, content_hash) for content_hash in frame.texts("definition")]


# ---- what counts -----------------------------------------------------------------------------------------


def deeds_of(unit: Unit, frame: "Frame", kinds: Sequence[str]) -> Deeds:
    """Everything in these cases that counts, as it was believed as of the instant."""
    import numpy as np

    laws, definition = laws_of(unit, frame), frame.last_code("definition")
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
    if bool((deeds.case[1:] > deeds.case[:-1]).all()):  # one of each, as often: in order already
        return deeds
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


def within(deeds: Deeds, counted: Range) -> Deeds:
    start, end = (None if edge is None else edge.timestamp() for edge in counted)
    keep = deeds.at >= (start if start is not None else -1)
    if end is not None:
        keep &= deeds.at < end
    return deeds.take(keep)


# ---- who took part ---------------------------------------------------------------------------------------


def parts_of(unit: Unit, frame: "Frame", deeds: Deeds, kinds: Sequence[str]) -> Parts:
    """Everybody who had one of the named seats when it counted, who told it where that counts, and who recorded it."""
    import numpy as np

    from engine.analytics.estimate.numbering import distinct
    from engine.analytics.traces.shelf import PERSONS

    people, laws = list(frame.texts(PERSONS)), laws_of(unit, frame)
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
    pairs = distinct(deed[somebody] * max(len(people), 1) + person[somebody])
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

    texts = frame.texts("seat")
    seats = list(dict.fromkeys(text.partition("|")[0] for text in texts))
    seat = np.array([seats.index(text.partition("|")[0]) for text in texts] or [0])
    comes = np.array([text.endswith("|in") for text in texts] or [False])
    found = []
    for cases, steps in frame.portions("seat"):
        first, end = np.searchsorted(deeds.case, (cases.start, cases.stop)).tolist()
        if first < end and len(steps.case):
            stints = _stints(steps, seat[steps.code], comes[steps.code])
            deed, held = _during(deeds, first, end, stints)
            code, which = stints.code[held], definition[deed]
            kept = wanted[which, deeds.kind[deed], code]
            found.append((deed[kept], stints.who[held[kept]]))
    none = np.zeros(0, np.int64)
    deed, person = zip(*found, strict=True) if found else ((none,), (none,))
    return np.concatenate(deed), np.concatenate(person)


class _Stints(NamedTuple):
    """By case: who had a seat from when until when; ``code`` of the track ``seat`` by which he got it."""

    case: "Ints"
    who: "Ints"
    code: Any
    since: "Ints"
    until: "Ints"


def _stints(steps: "Steps", seat: Any, comes: Any) -> _Stints:
    """Of the seat rows of some cases, with the number of the seat of each and whether somebody gets it."""
    import numpy as np

    from engine.analytics.traces.rows import ALWAYS

    value = steps.at if steps.value is None else steps.value
    order = np.lexsort((value, seat, steps.case))  # stable: of one person in one seat as the history tells
    case, seat, who, at = steps.case[order], seat[order], value[order], steps.at[order]
    until = np.full(len(order), ALWAYS, np.int64)
    same = (case[1:] == case[:-1]) & (seat[1:] == seat[:-1]) & (who[1:] == who[:-1])
    until[:-1][same] = at[1:][same]  # the row after it tells of the same person in the same seat
    begins = comes[order]
    code = steps.code[order]
    return _Stints(*(column[begins] for column in (case, who, code, at, until)))


def _during(deeds: Deeds, first: int, end: int, stints: _Stints) -> tuple[Any, Any]:
    """(deed, stint) of all stints that lasted when one of these deeds counted."""
    import numpy as np

    from engine.analytics.traces.rows import ALWAYS

    mine = deeds.case[first:end]
    low, high = np.searchsorted(stints.case, mine, "left"), np.searchsorted(stints.case, mine, "right")
    many = high - low
    deed = np.repeat(np.arange(first, end), many)
    stint = np.repeat(low - np.cumsum(many) + many, many) + np.arange(len(deed))
    at = np.where(deeds.stands[deed], ALWAYS - 1, deeds.at[deed])
    lasted = (stints.since[stint] <= at) & (at < stints.until[stint])
    return deed[lasted], stint[lasted]


def of_person(deeds: Deeds, parts: Parts, person: str) -> tuple[Deeds, Parts]:
    import numpy as np

    number = parts.people.index(person) if person in parts.people else -1
    mine = np.flatnonzero(parts.person == number)
    which = parts.deed[mine]
    return deeds.take(which), Parts(np.arange(len(which)), parts.person[mine], parts.people)
