"""The kinds of the language as CEL sees them, as a case stores them, and the way between the two.

Instants become ``Timestamp`` messages, because CEL refuses a ``datetime`` inside a map; money and
numbers become floats; a date becomes the midnight with which it begins in the calendar's zone.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from google.protobuf.timestamp_pb2 import Timestamp

SCALARS: Mapping[str, str] = {
    "bool": "bool",
    "int": "int",
    "number": "double",
    "money": "double",
    "date": "timestamp",
    "timestamp": "timestamp",
    "choices": "strings",
    "parties": "strings",
    "person": "person",
    "persons": "persons",
}
"""Kind to its type here; what is not named (text, choice, duration, place, unit, party, case, file) is a string."""

FINITE = ("bool", "choice")
NUMERIC = ("int", "number", "money")


class PersonLike(Protocol):
    """What is known of a person beside the code."""

    @property
    def roles(self) -> frozenset[str]: ...

    @property
    def unit(self) -> str: ...


Persons = Callable[[str], PersonLike | None]


def shape_of(kind: str) -> str:
    """string, bool, int, double, timestamp, strings, person or persons."""
    return SCALARS.get(kind, "string")


@lru_cache(maxsize=4096)
def stamp(text: str) -> "Timestamp":
    """An instant's text as CEL wants it. The message is shared: nobody may change it."""
    return stamped(datetime.fromisoformat(text))


@lru_cache(maxsize=4096)
def midnight(text: str, zone: str) -> "Timestamp":
    """The instant with which a date (``2026-11-24``) begins in a zone."""
    return stamped(datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)))


def stamped(at: datetime) -> "Timestamp":
    """An aware instant, whole seconds."""
    from google.protobuf.timestamp_pb2 import Timestamp

    return Timestamp(seconds=int(at.timestamp()))
