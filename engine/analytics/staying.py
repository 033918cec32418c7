"""Where each case stood from one second to the next: rows without gaps from its filing to an end.

Acts can be entered late, so a history may say at 12:00 that something was done at 9:00. At each second a case stands
where the last event of its history put it that had occurred by then: what is told later overrules.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from engine.analytics.traces.frame import MISSING, Frame, Steps
from engine.analytics.traces.shelf import Ints

_FAR = 1 << 40  # seconds: further than any two instants of a store lie apart


class Stays(NamedTuple):
    """Rows in the order of cases and of time, half-open and none of them empty; ``case`` is a position in the frame.

    ``label``: what the case stood in, -1 for not known. The rows of a case follow each other without a gap from its
    filing to its end, so their lengths make the whole exactly; a case that ended as it was filed has no row.
    """

    case: Ints
    label: Ints
    begin: Ints
    end: Ints

    @property
    def seconds(self) -> Ints:
        return self.end - self.begin

    def of(self, label: int) -> "Stays":
        """Those of one label."""
        keep = self.label == label
        return Stays(*(column[keep] for column in self))


def watched(frame: Frame) -> Ints:
    """The second up to which each case is watched: its closing, or the instant as of which all is told."""
    return np.maximum(frame.filed, np.where(frame.closed >= 0, frame.closed, frame.at))


def stays(frame: Frame, track: str, labels: Iterable[int], end: Ints, *, lost: int = MISSING) -> Stays:
    """What each case was on a track from its filing to ``end``. ``labels``: for each code of the track what it counts
    as, ``lost`` what counts before there is one; rows that follow each other and count alike are one."""
    return together(portions(frame, track, labels, end, lost=lost))


def portions(
    frame: Frame, track: str, labels: Iterable[int], end: Ints, *, lost: int = MISSING
) -> Iterator[Stays]:
    """The same of so many cases at a time, in order: of millions the rows need not be in memory together."""
    numbers = np.array([*labels, lost], np.int64)
    for cases, steps in frame.portions(track):
        yield _stays(frame.filed, end, cases, steps, numbers[steps.code], lost)


def only(frame: Frame, track: str, labels: Iterable[int], end: Ints, label: int) -> Stays:
    """Those of one label, of which most cases have none: these are passed over."""
    numbers, parts = np.array([*labels, MISSING], np.int64), []
    for cases, steps in frame.portions(track):
        found = numbers[steps.code]
        mine = np.zeros(cases.stop - cases.start, np.bool_)
        mine[steps.case[found == label] - cases.start] = True
        where = np.flatnonzero(mine) + cases.start
        if where.size:
            kept = mine[steps.case - cases.start]
            few = Steps(np.searchsorted(where, steps.case[kept]), steps.code[kept], steps.at[kept], None)
            rows = _stays(frame.filed[where], end[where], slice(0, where.size), few, found[kept], MISSING)
            parts.append(rows.of(label)._replace(case=where[rows.case[rows.label == label]]))
    return together(parts)


def together(parts: Iterable[Stays]) -> Stays:
    """One table of its portions, which are let go."""
    columns = [list(column) for column in zip(*parts, strict=True)] or [[], [], [], []]
    return Stays(*(_joint(column) for column in columns))


def _joint(parts: list[Ints]) -> Ints:
    found: Ints = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    parts.clear()
    return found


def _stays(filed: Ints, end: Ints, cases: slice, steps: Steps, label: Ints, lost: int) -> Stays:
    begun, ended = filed[cases], end[cases]
    case, at = steps.case - cases.start, steps.at
    every = np.arange(begun.size)
    first = np.searchsorted(case, every)
    # before its first row nothing is known of a case; most have one as they are filed
    late = np.ones(begun.size, np.bool_)
    late[case] = at[first[case]] > begun[case] if case.size else True
    if late.any():
        lead = first[late]
        case, at = np.insert(case, lead, every[late]), np.insert(at, lead, begun[late])
        label = np.insert(label, lead, lost)
    until = ended[case]
    begin = np.minimum(np.maximum(_overruled(case, at), begun[case]), until)
    stop = until.copy()
    np.copyto(stop[:-1], begin[1:], where=case[1:] == case[:-1])
    return _joined(Stays(case, label, begin, stop), cases.start)


def _overruled(case: Ints, at: Ints) -> Ints:
    """No later than whatever the history tells after it."""
    shift = case * _FAR
    ahead = at + shift  # of one case after the other: the running minimum never goes beyond a case
    least: Ints = np.minimum.accumulate(ahead[::-1])[::-1]
    return least - shift


def _joined(rows: Stays, first_case: int) -> Stays:
    """Without empty ones, those that count alike as one; ``case`` counted from this one."""
    case, label, begin, end = rows
    keep = end > begin
    if not keep.all():
        case, label, begin, end = (column[keep] for column in rows)
    fresh = np.ones(case.size, np.bool_)
    np.not_equal(case[1:], case[:-1], out=fresh[1:])
    fresh[1:] |= label[1:] != label[:-1]
    if not fresh.all():
        first = np.flatnonzero(fresh)
        last = np.append(first[1:], case.size) - 1
        case, label, begin, end = case[first], label[first], begin[first], end[last]
    return Stays(case + first_case, label, begin, end)
