"""Which cases a figure is about: the filter of lists, evaluated on what was known as of an instant.

Every word of the filter is checked by the lists' own check first, so an unknown name is refused in the same words.
What a case was filed with never changes and is asked of the store; all that changes (state, holder, deadlines ...) is
read off the columns as they were known then. Cases hidden from who asks count nowhere.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ClauseElement, not_, select

from engine.analytics.traces.book import Book, open_book
from engine.analytics.traces.frame import MISSING, Frame, second_of
from engine.analytics.traces.law import law
from engine.analytics.traces.shelf import PERSONS
from engine.domain.counting import instant_at
from engine.domain.errors import Reason, UsageError
from engine.domain.instant import to_text
from engine.persistence import table
from engine.persistence.as_known import as_known
from engine.persistence.hidden import shown
from engine.persistence.selection import Asking, condition
from engine.persistence.unit import Unit

Mask = NDArray[np.bool_]
Range = tuple[datetime | None, datetime | None]
ANY: Range = (None, None)
TODAY = frozenset({"served_by", "holder_away"})  # hang on the organisation as it is

_case = table.columns_of(table.Case)


def select_cases(
    unit: Unit,
    caller: Any,
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = ANY,
    closed: Range = ANY,
    as_of: datetime | None = None,
    book: Book | None = None,
) -> Frame:
    """The cases that hold all parts of the filter as of an instant (now if none is given).

    Errors are those of the filter (FM-U219, FM-U304 to U308); FM-U374 for what only today can answer.
    """
    given = {
        name: value for name, value in (filter or {}).items() if value is not None and value is not False
    }
    given |= {
        name: value
        for name, value in zip(
            ("filed_from", "filed_until", "closed_from", "closed_until"), (*filed, *closed), strict=True
        )
        if value is not None
    }
    asking = Asking(unit, caller.person, caller.now)
    condition(asking, given)  # refuses what it does not know
    frame = Frame(book or open_book(unit), second_of(as_of or caller.at))
    keep = frame.known & ~_hidden(frame, asking)
    for name, value in given.items():
        keep &= _HELD[name](frame, asking, value) if name in _HELD else _asked(frame, asking, name, value)
    return frame.only(keep)


def said_of_nothing(unit: Unit, caller: Any, as_of: datetime | None) -> Reason | None:
    """Why no case at all was on file as of an instant, as a word with its parameters; None where some were."""
    if len(select_cases(unit, caller, as_of=as_of)):
        return None
    filed = select_cases(unit, caller).filed
    if not len(filed):
        return Reason("word.stats_nothing_yet", {})
    first = datetime.fromtimestamp(int(filed.min()), UTC)
    return Reason("word.stats_nothing_then", {"first": to_text(first)})


def _hidden(frame: Frame, asking: Asking) -> Mask:
    there = shown(asking.unit, _case.c.id, asking.person, asking.now.date())
    if there is None:
        return np.zeros(len(frame), np.bool_)
    query: ClauseElement = select(_case.c.id).where(not_(there))
    return np.isin(frame.ids, [row["id"] for row in asking.unit.execute(query)])


def _asked(frame: Frame, asking: Asking, name: str, value: Any) -> Mask:
    """What a case was filed with, or what only the present can tell."""
    if name in TODAY and not frame.current:
        raise UsageError("FM-U374", name=name)
    query: ClauseElement = select(_case.c.id).where(condition(asking, {name: value}))
    return np.isin(frame.ids, np.array([row["id"] for row in asking.unit.execute(query)], np.int64))


# ---- what the columns tell -------------------------------------------------------------------------


def values_of(value: Any) -> list[str]:
    return (
        [str(v) for v in value]
        if isinstance(value, list | tuple)
        else [v.strip() for v in str(value).split(",")]
    )


def _coded(track: str) -> Callable[[Frame, Asking, Any], Mask]:
    def mask(frame: Frame, asking: Asking, value: Any) -> Mask:
        wanted = [frame.names.known(track, text) for text in values_of(value)]
        return np.isin(frame.last_code(track), [number for number in wanted if number != MISSING])

    return mask


def leaves(frame: Frame, unit: Unit, tell: Callable[[Any], Any]) -> list[Any]:
    """For each code of ``state``, what ``tell`` says of its leaf; None where the text is lost."""
    found = []
    for text in frame.texts("state"):
        content_hash, _, name = text.partition(":")
        leaf = law(unit, content_hash).leaves.get(name)
        found.append(tell(leaf) if leaf is not None else None)
    return found


def _by_leaf(tell: Callable[[Any], Any]) -> Callable[[Frame, Asking, Any], Mask]:
    def mask(frame: Frame, asking: Asking, value: Any) -> Mask:
        wanted = set(values_of(value))
        fits = [told in wanted for told in leaves(frame, asking.unit, tell)]
        return np.array([*fits, False])[frame.last_code("state")]

    return mask


def _in_unit(frame: Frame, asking: Asking, value: Any) -> Mask:
    """Those of a unit and all that stood below it then; FM-U305 where nobody knew it yet."""
    then = as_known(asking.unit, instant_at(frame.at))
    found = _coded("unit")(frame, asking, then.below(str(value)))
    if not (found.any() or then.is_unit(str(value))):
        raise UsageError("FM-U305", given=str(value))
    return found


def _open(frame: Frame, asking: Asking, value: Any) -> Mask:
    return np.asarray(frame.closed < 0)


def _held(frame: Frame, asking: Asking, value: Any) -> Mask:
    person = asking.person if value == "me" else str(value)
    number, steps = frame.names.known(PERSONS, str(person)), frame.steps("seat")
    found = np.zeros(len(frame), np.int64)
    if steps.value is None or not len(steps.case):
        return found > 0
    mine = steps.value == number
    comes = np.array([text.endswith("|in") for text in frame.texts("seat")])[steps.code]
    np.add.at(found, steps.case[mine], np.where(comes[mine], 1, -1))
    return found > 0


def _unassigned(frame: Frame, asking: Asking, value: Any) -> Mask:
    nobody = frame.names.known("holder", "")
    return np.isin(frame.last_code("holder"), [MISSING, nobody]) & _open(frame, asking, value)


def next_due(frame: Frame) -> NDArray[np.int64]:
    """The earliest due second among each case's running limits; the last second there is where none runs."""
    found = np.full(len(frame), np.iinfo(np.int64).max)
    steps = frame.steps("limit")
    if steps.value is None or not len(steps.case):
        return found
    parts = [text.rpartition("|") for text in frame.texts("limit")]
    runs = {key: n for n, key in enumerate(dict.fromkeys(key for key, _, _ in parts))}
    key = np.array([runs[key] for key, _, _ in parts], np.int64)[steps.code]
    running = np.array([state == "running" for _, _, state in parts])[steps.code]
    which = steps.case * len(runs) + key
    _, last = np.unique(which[::-1], return_index=True)  # of several rows of one run the last one holds
    rows = len(which) - 1 - last
    rows = rows[running[rows] & (steps.value[rows] > -(1 << 61))]
    np.minimum.at(found, steps.case[rows], steps.value[rows])
    return found


def _late(frame: Frame, asking: Asking, value: Any) -> Mask:
    return np.asarray(next_due(frame) <= frame.at) & _open(frame, asking, value)


def _due(frame: Frame, asking: Asking, value: Any) -> Mask:
    return np.asarray(next_due(frame) <= _moment(value)) & _open(frame, asking, value)


def _moment(value: Any) -> int:
    """The first whole second that is not before it."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return -int(-at.timestamp() // 1)


_HELD: dict[str, Callable[[Frame, Asking, Any], Mask]] = {
    "type": _coded("type"),
    "risk": _coded("field/risk"),
    "place": _coded("place"),
    "outcome": _coded("outcome"),
    "channel": _coded("channel"),
    "state": _by_leaf(lambda leaf: leaf.name),
    "phase": _by_leaf(lambda leaf: leaf.phase),
    "unit": _in_unit,
    "open": _open,
    "holder": _held,
    "unassigned": _unassigned,
    "late": _late,
    "due": _due,
    "filed_from": lambda frame, asking, value: np.asarray(frame.filed >= _moment(value)),
    "filed_until": lambda frame, asking, value: np.asarray(frame.filed < _moment(value)),
    "closed_from": lambda frame, asking, value: np.asarray(frame.closed >= max(0, _moment(value))),
    "closed_until": lambda frame, asking, value: np.asarray(
        (frame.closed >= 0) & (frame.closed < _moment(value))
    ),
}
