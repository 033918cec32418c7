"""Who sat on which seat of which case, from when until when, and with what weight: of the rows that a frame believes."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine.routing import load as weighing

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

HANDLER = "handler"
LASTS = np.iinfo(np.int64).max  # the end of what goes on


class Rows(NamedTuple):
    """One for each coming and going, in the order of cases and of events. ``seat`` is a number of ``seats``; ``said``
    is what the case weighed then, 0 where nobody said."""

    seats: list[str]
    case: "Ints"
    person: "Ints"
    at: "Ints"
    seat: "Ints"
    comes: Any
    said: "Ints"

    def handles(self, seat: "Ints") -> Any:
        return seat == self.seats.index(HANDLER) if HANDLER in self.seats else np.zeros(seat.size, np.bool_)


class Stays(NamedTuple):
    """One for each time that somebody sat; ``until`` is LASTS while he does."""

    case: "Ints"
    person: "Ints"
    handles: Any
    weight: "Ints"
    since: "Ints"
    until: "Ints"


def rows(frame: "Frame") -> Rows:
    steps = frame.steps("seat")
    parts = [text.split("|") for text in frame.texts("seat")]
    seats = sorted({part[0] for part in parts})
    value = np.zeros(0, np.int64) if steps.value is None else steps.value
    code = steps.code[: value.size]
    seat = np.array([seats.index(part[0]) for part in parts], np.int64)
    comes = np.array([part[-1] == "in" for part in parts], np.bool_)
    said = np.array([int(part[1]) if len(part) > 2 else 0 for part in parts], np.int64)
    return Rows(seats, steps.case, value, steps.at, seat[code], comes[code], said[code])


def weights(frame: "Frame") -> "Ints":
    """What each case's grade weighs."""
    texts = frame.texts("field/risk")
    heavy = np.array([*map(weighing.weight, texts), weighing.weight(None)], np.int64)
    return heavy[frame.last_code("field/risk")]


def stays(frame: "Frame") -> Stays:
    """From each coming to the next going; who comes again meanwhile sat already. A case that closes leaves nobody."""
    told, every = rows(frame), weights(frame)
    order = np.lexsort((told.person, told.seat, told.case))  # stable: each one's rows stay in order
    case, person, seat, comes = (
        column[order] for column in (told.case, told.person, told.seat, told.comes)
    )  # fmt: skip
    same = np.zeros(order.size, np.bool_)
    same[1:] = (case[1:] == case[:-1]) & (person[1:] == person[:-1]) & (seat[1:] == seat[:-1])
    sat_before = np.zeros(order.size, np.bool_)
    sat_before[1:] = same[1:] & comes[:-1]
    begun, gone = np.flatnonzero(comes & ~sat_before), np.append(np.flatnonzero(~comes), order.size)
    ended = gone[np.searchsorted(gone, begun)]
    whose = np.cumsum(~same)
    there = ended < order.size
    there[there] = whose[ended[there]] == whose[begun[there]]
    closed = frame.closed[case[begun]]
    until = np.where(closed < 0, LASTS, closed)
    until[there] = told.at[order[ended[there]]]
    said = told.said[order[begun]]
    heavy = np.where(said > 0, said, every[case[begun]])
    return Stays(case[begun], person[begun], told.handles(seat[begun]), heavy, told.at[order[begun]], until)


def once_each(case: "Ints", person: "Ints", handles: Any, weight: "Ints") -> "Ints":
    """Rows of which each person has one for a case: of several seats that of the handler counts, else the heaviest."""
    carried = case * (int(person.max(initial=0)) + 1) + person
    order = np.lexsort((weight, handles, carried))
    last = np.ones(order.size, np.bool_)
    last[:-1] = carried[order[1:]] != carried[order[:-1]]
    return np.asarray(order[last])
