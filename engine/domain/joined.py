"""Deadlines of cases that were joined to another: each keeps its own course, and the earliest governs.

A joined deadline began in its own case and counts from there. Since it was joined it stands still whenever the run
that it was joined to stands still, and is extended with it: from then on there is one case to be late in.
"""

from collections.abc import Sequence
from typing import Any, Literal, cast

from engine.domain import instant
from engine.domain.calendar import Calendar
from engine.domain.case import ClockRun, JoinedDeadline
from engine.domain.course import Course, course_of

# what a deadline takes along into another case
COURSE = ("start", "dated", "within", "until", "pauses", "extensions", "rolls", "ends")
OWN: tuple[Literal["own_due", "own_due_date"], ...] = ("own_due", "own_due_date")


def courses(calendar: Calendar, run: ClockRun) -> list[Course]:
    """The run's own course, then one for each joined deadline."""
    return [
        course_of(calendar, run),
        *(course_of(calendar, alone(run, one)) for one in run.get("joined", ())),
    ]


def governing(found: Sequence[Course]) -> Course:
    """The one that is due first, of equals the run's own; while a pause is open none is, and the own one speaks."""
    return min(found, key=lambda course: (course.due is None, course.due))


def alone(run: ClockRun, joined: JoinedDeadline) -> ClockRun:
    """A joined deadline as a run of its own."""
    since = joined["at"]
    pauses = [
        [max(str(begins), since), ends] for begins, ends in run["pauses"] if ends is None or ends > since
    ]
    held: dict[str, Any] = {name: part for name, part in run.items() if name not in ("joined", *COURSE)}
    held |= {name: part for name, part in joined.items() if name in COURSE}
    held["pauses"] = [*joined["pauses"], *pauses]
    held["extensions"] = [*joined["extensions"], *run["extensions"][joined["extended"] :]]
    return cast(ClockRun, held)


def told_of(calendar: Calendar, run: ClockRun) -> ClockRun:
    """The run with what each deadline would be by itself, where there are several."""
    for name in OWN:
        run.pop(name, None)
    if "joined" not in run:
        return run
    own, *others = courses(calendar, run)
    if own.due is not None and own.due_date is not None:
        run["own_due"], run["own_due_date"] = instant.to_text(own.due), own.due_date.isoformat()
    run["joined"] = [_told(one, course) for one, course in zip(run["joined"], others, strict=True)]
    return run


def _told(joined: JoinedDeadline, course: Course) -> JoinedDeadline:
    told = joined.copy()
    told.pop("due", None)
    told.pop("due_date", None)
    if course.due is not None and course.due_date is not None:
        told["due"], told["due_date"] = instant.to_text(course.due), course.due_date.isoformat()
    return told
