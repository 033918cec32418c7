"""Every second of a clock run explained: which pieces count, which do not, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from engine.domain.calendar import Calendar
from engine.domain.case import ClockRun
from engine.domain.counting import inside, instant_at, second_of
from engine.domain.course import Course, Leg
from engine.domain.joined import courses, governing

Why = Literal[
    "counted", "make_up", "unpublished", "extension", "fixed",
    "start_day", "weekend", "holiday", "closure", "closed", "pause", "rolled", "overdue",
]  # fmt: skip
"""Counted: an ordinary piece, a make-up working day, a working day only by the weekly pattern of an
unpublished year, an extension, the time up to a fixed instant. Not counted: the day of the start, a weekend,
a holiday, a local closure, hours when the office is closed, a pause, the days to which the end rolled over,
what lies after the due moment."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """``start`` and ``end`` are instants in UTC; ``counted_s`` is the whole length in seconds, or 0."""

    start: datetime
    end: datetime
    counted: bool
    why: Why
    counted_s: int


@dataclass(frozen=True, slots=True)
class _Piece:
    start: datetime
    end: datetime
    counted: bool
    why: Why


def intervals(calendar: Calendar, run: ClockRun, upto: datetime) -> list[Interval]:
    """The pieces from the start to an instant, in order and without gaps: their lengths add up to it.

    Of a run to which others are joined, those of the deadline that governs, from its own start.
    """
    course = governing(courses(calendar, run))
    pieces = _clipped(_pieces(course, upto), course.start, upto)
    return [
        Interval(piece.start, piece.end, piece.counted, piece.why, _length(piece) if piece.counted else 0)
        for piece in _joined(pieces)
    ]


def _length(piece: _Piece) -> int:
    return second_of(piece.end) - second_of(piece.start)


def _clipped(pieces: Iterable[_Piece], start: datetime, upto: datetime) -> Iterator[_Piece]:
    for piece in pieces:
        begins, ends = max(piece.start, start), min(piece.end, upto)
        if begins < ends:
            yield _Piece(begins, ends, piece.counted, piece.why)


def _joined(pieces: Iterable[_Piece]) -> list[_Piece]:
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and (last.counted, last.why, last.end) == (piece.counted, piece.why, piece.start):
            joined[-1] = _Piece(last.start, piece.end, piece.counted, piece.why)
        else:
            joined.append(piece)
    return joined


def _pieces(course: Course, upto: datetime) -> Iterator[_Piece]:
    """In order; each begins where the one before ended."""
    at = course.start
    until = course.due if course.due is not None else max(upto, at)
    if "until" in course.run:
        fixed = _until(course, until)
        yield from _fixed(course, at, fixed)
        at = fixed
    for leg in course.legs:
        if leg.days:
            midnight = course.calendar.end_of(date.fromordinal(leg.at))
            if at < midnight:
                yield _Piece(at, min(midnight, until), counted=False, why="start_day")
                at = midnight
            found = _day_pieces(course, leg, upto)
        else:
            found = (
                _office_pieces(course, leg, upto)
                if leg.unit == "office"
                else _second_pieces(course, leg, upto)
            )
        for piece in found:
            yield _Piece(piece.start, min(piece.end, until), piece.counted, piece.why)
            at = piece.end
    if at < until:
        yield _Piece(at, until, counted=False, why="rolled")
    if until < upto:
        yield _Piece(until, upto, counted=False, why="overdue")


def _until(course: Course, otherwise: datetime) -> datetime:
    if not course.legs:
        return otherwise
    first = course.legs[0]
    if not first.days:
        return instant_at(first.at)
    return min(otherwise, course.calendar.end_of(date.fromordinal(first.at)))


def _fixed(course: Course, start: datetime, end: datetime) -> Iterator[_Piece]:
    """The time up to a fixed instant, which pauses interrupt but do not move."""
    at = start
    for begins, ends in course.seconds:
        since, to = instant_at(begins), end if ends is None else instant_at(ends)
        if at < since < end:
            yield _Piece(at, since, counted=True, why="fixed")
        if max(at, since) < min(to, end):
            yield _Piece(max(at, since), min(to, end), counted=False, why="pause")
        at = max(at, to)
    if at < end:
        yield _Piece(at, end, counted=True, why="fixed")


def _day_pieces(course: Course, leg: Leg, upto: datetime) -> Iterator[_Piece]:
    calendar, n = course.calendar, 0
    day = date.fromordinal(leg.at)
    last = date.fromordinal(leg.end) if leg.end is not None else calendar.day_of(upto)
    while day < last:
        day += _ONE_DAY
        counted, why = _day(course, leg, day)
        n += counted
        if counted and n > leg.own:
            why = "extension"
        yield _Piece(calendar.start_of(day), calendar.end_of(day), counted, why)


def _day(course: Course, leg: Leg, day: date) -> tuple[bool, Why]:
    if inside(course.days, day.toordinal()):
        return False, "pause"
    return (True, "counted") if leg.unit != "wd" else _kind(course.calendar, day)


def _kind(calendar: Calendar, day: date) -> tuple[bool, Why]:
    match calendar.why(day):
        case "make_up":
            return True, "make_up"
        case "unpublished":
            return True, "unpublished"
        case "weekend":
            return False, "weekend"
        case "holiday":
            return False, "holiday"
        case "closure":
            return False, "closure"
        case _:
            return True, "counted"


def _second_pieces(course: Course, leg: Leg, upto: datetime) -> Iterator[_Piece]:
    begins, ends = instant_at(leg.at), upto if leg.end is None else instant_at(leg.end)
    yield from _metered(course, leg, [_Piece(begins, ends, counted=True, why="counted")])


def _office_pieces(course: Course, leg: Leg, upto: datetime) -> Iterator[_Piece]:
    begins, ends = instant_at(leg.at), upto if leg.end is None else instant_at(leg.end)
    day, found = course.calendar.day_of(begins), list[_Piece]()
    while course.calendar.start_of(day) < ends:
        found += _office_day(course.calendar, day)
        day += _ONE_DAY
    yield from _metered(course, leg, _clipped(found, begins, ends))


def _office_day(calendar: Calendar, day: date) -> Iterator[_Piece]:
    start, end = calendar.start_of(day), calendar.end_of(day)
    counted, why = _kind(calendar, day)
    if not counted:
        yield _Piece(start, end, counted=False, why=why)
        return
    hours = calendar.office_of(day)
    edges = [(start, start), *hours, (end, end)]
    for (_, closes), (opens, shuts) in pairwise(edges):
        yield _Piece(closes, opens, counted=False, why="closed")
        yield _Piece(opens, shuts, counted=True, why=why)


def _metered(course: Course, leg: Leg, pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """The same pieces, cut where a pause or the extension begins."""
    spent = 0
    for piece in _paused(course, pieces):
        if not piece.counted:
            yield piece
            continue
        left, length = leg.own - spent, _length(piece)
        spent += length
        turn = piece.start + timedelta(seconds=min(max(left, 0), length))
        if piece.start < turn:
            yield _Piece(piece.start, turn, counted=True, why=piece.why)
        if turn < piece.end:
            yield _Piece(turn, piece.end, counted=True, why="extension")


def _paused(course: Course, pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    for piece in pieces:
        at = piece.start
        for begins, ends in course.seconds:
            since = max(at, instant_at(begins))
            to = piece.end if ends is None else min(piece.end, instant_at(ends))
            if since >= to:
                continue
            if at < since:
                yield _Piece(at, since, piece.counted, piece.why)
            yield _Piece(since, to, counted=False, why="pause")
            at = to
        if at < piece.end:
            yield _Piece(at, piece.end, piece.counted, piece.why)
