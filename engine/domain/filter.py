"""The words of the one filter, as people type them: for lists, counts, figures and files of events, at both doors.

What each means stands in ``engine/persistence/selection.py`` for the store as it is, and in
``engine/analytics/selecting.py`` for what was known as of a moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.domain.errors import UsageError
from engine.domain.instant import to_text, whole
from engine.domain.period import stretch

Kind = Literal["text", "flag", "day", "stretch"]


@dataclass(frozen=True, slots=True)
class Word:
    """``takes``: what stands behind it, `CODE,..` where it may be several. ``longest``: of a text, 0 for any length."""

    name: str
    help: str
    takes: str = ""
    kind: Kind = "text"
    example: str | None = None
    longest: int = 0


_RANGE = "FROM..TO"
WORDS = (
    Word("type", "case types, by name or title", "TYPE,.."),
    Word("unit", "this unit and all below it, by code or name", "UNIT"),
    Word("served_by", "at places that this unit serves", "UNIT"),
    Word("place", "where it happened, by code or name", "PLACE,.."),
    Word("phase", "intake, waiting, work, review, done", "PHASE,.."),
    Word("state", "where it stands, by name or title", "STATE,.."),
    Word("risk", "red, orange, yellow, blue", "GRADE,.."),
    Word("channel", "how it was reported", "CHANNEL,.."),
    Word("outcome", "how it ended, by name or title", "OUTCOME,.."),
    Word("holder", "in which this person has a seat, by code or name; me", "PERSON"),
    Word("unassigned", "open and held by nobody", kind="flag"),
    Word("holder_away", "open, and the handler is away today", kind="flag"),
    Word("open", "not done yet", kind="flag"),
    Word("late", "open and past a deadline", kind="flag"),
    Word("due", "open and due by the end of this day", "DAY", "day"),
    Word("filed", "when it was filed: months, days, or last 28 days", _RANGE, "stretch", "2026-10..2026-11"),
    Word("closed", "when it was closed, written the same way", _RANGE, "stretch", "2026-11"),
    Word("q", "words in the report", "TEXT", longest=200),
    Word("external", "by its number elsewhere", "SYSTEM:ID"),
    Word("batch", "of an import", "B-N", example="B-3"),
)
STRETCHES = tuple(word.name for word in WORDS if word.kind == "stretch")
Range = tuple[datetime | None, datetime | None]


def ranges(given: Mapping[str, Any], *, at: datetime, zone: str) -> tuple[dict[str, Any], dict[str, Range]]:
    """(the other words that were given, filed and closed as half-open instants).

    Ends that were sent as instants of their own (``filed_from``, ``filed_until`` ..) narrow the stretch. FM-U303,
    FM-U440.
    """
    rest = {name: value for name, value in given.items() if value is not None and value is not False}
    found: dict[str, Range] = {}
    for name in STRETCHES:
        since, until = stretch(rest.pop(name, None), at=at, zone=zone)
        from_, before = rest.pop(f"{name}_from", None), rest.pop(f"{name}_until", None)
        found[name] = (
            max((end for end in (since, from_) if end), default=None),
            min((end for end in (until, before) if end), default=None),
        )
    return rest, found


def spread(given: Mapping[str, Any], *, at: datetime, zone: str) -> dict[str, Any]:
    """The filter as the services of lists take it, stretches as instants."""
    rest, found = ranges(given, at=at, zone=zone)
    for name, (since, until) in found.items():
        rest |= {f"{name}_from": since} if since else {}
        rest |= {f"{name}_until": until} if until else {}
    return rest


def refuse_future(as_of: datetime | None, now: datetime) -> None:
    """FM-U441: of a moment after now nothing is known, and whatever is open would count as open until then."""
    if as_of is not None and whole(as_of) > now:
        raise UsageError("FM-U441", given=to_text(as_of), now=to_text(now))


def meant_as_of(given: date | datetime | None, *, now: datetime, zone: str) -> datetime | None:
    """The moment that is meant: of a day its last second, of today now."""
    if given is None or isinstance(given, datetime):
        return given
    ends = datetime.combine(given + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    begun = ends - timedelta(days=1) <= now
    return min(ends - timedelta(seconds=1), whole(now)) if begun else ends - timedelta(seconds=1)
