"""Where each case stood from one second to the next: rows without gaps from its filing to an end.

Acts can be entered late, so a history may say at 12:00 that something was done at 9:00. At each second a case stands
where the last event of its history put it that had occurred by then: what is told later overrules.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.analytics.traces.frame import MISSING, Frame
from engine.analytics.traces.shelf import Ints

_PORTION = 1 << 16  # cases at a time
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
    steps, numbers = frame.steps(track), np.array([*labels, lost], np.int64)
    edges = [*range(0, len(frame), _PORTION), len(frame)]
    rows = np.searchsorted(steps.case, edges).tolist()
    columns: list[list[Ints]] = [[], [], [], []]
    for cases, of in zip(pairwise(edges), pairwise(rows), strict=True):
        told = slice(*of)
        made = _stays(
            frame.filed, end, cases, steps.case[told], numbers[steps.code[told]], steps.at[told], lost
        )
        for column, values in zip(columns, made, strict=True):
            column.append(values)
    return Stays(*(_together(column) for column in columns))


def _together(parts: list[Ints]) -> Ints:
    """One column of its portions, which are let go."""
    found: Ints = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    parts.clear()
    return found


def _stays(
    filed: Ints, end: Ints, cases: tuple[int, int], case: Ints, label: Ints, at: Ints, lost: int
) -> Stays:
    """The same of so many cases that what is needed on the way stays small."""
    every = np.arange(*cases)
    lead = np.searchsorted(case, every)  # before its first row nothing is known of a case
    case = np.insert(case.astype(np.int64), lead, every)
    label = np.insert(label, lead, lost)
    begin = _overruled(case, np.insert(at.astype(np.int64), lead, filed[every]))
    begin = np.clip(begin, filed[case], end[case])
    stop = np.append(begin[1:], 0)
    last = np.append(case[1:] != case[:-1], True)[: case.size]
    stop = np.where(last, end[case], stop[: case.size])
    return _joined(Stays(case, label, begin, stop))


def _overruled(case: Ints, at: Ints) -> Ints:
    """No later than whatever the history tells after it."""
    ahead = at + case * _FAR  # of one case after the other: the running minimum never goes beyond a case
    least: Ints = np.minimum.accumulate(ahead[::-1])[::-1]
    return least - case * _FAR


def _joined(rows: Stays) -> Stays:
    keep = rows.end > rows.begin
    case, label, begin, end = (column[keep] for column in rows)
    if not case.size:
        return Stays(case, label, begin, end)
    fresh = np.append(True, (case[1:] != case[:-1]) | (label[1:] != label[:-1]))
    first = np.flatnonzero(fresh)
    return Stays(case[first], label[first], begin[first], end[np.append(first[1:], case.size) - 1])
