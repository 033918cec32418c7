"""What goes into the store about a case and what comes out of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from engine.domain.case import CaseState, Event


class Edition(NamedTuple):
    """See ``engine.persistence.edition``; fields are the counters' names."""

    store: int
    law: int
    organisation: int


class CaseRow(NamedTuple):
    """A case as stored; fields in the order of the table's columns."""

    id: int
    ref: str
    case_type: str
    definition: str
    version: int
    state: str
    phase: str
    place: str
    unit: str
    holder: str | None
    risk: str | None
    channel: str
    cycle: int
    outcome: str | None
    filed_at: datetime
    entered_at: datetime
    closed_at: datetime | None
    next_due_at: datetime | None
    external_system: str | None
    external_id: str | None
    batch: int | None
    head: bytes
    body: CaseState


class Summary(NamedTuple):
    """What the columns say that the body alone does not: it takes the definition to know.

    ``state`` is the leaf of the main region; ``milestones`` are those that these events reached.
    """

    state: str
    phase: str
    open: bool
    closed_at: datetime | None = None
    next_due_at: datetime | None = None
    risk: str | None = None
    holder: str | None = None
    milestones: Mapping[str, datetime] = MappingProxyType({})


class KeyWrite(NamedTuple):
    """The command's key; ``digest`` of its request, ``answer`` as plain JSON."""

    key: str
    digest: str
    answer: Any
    at: datetime


class Anew(NamedTuple):
    """What columns and rows say after a correction, told by the whole history: when the case came where it stands,
    and the first and last time of every milestone that counts; ``dropped``: those that no longer do."""

    entered_at: datetime
    milestones: Mapping[str, tuple[datetime, datetime]]
    dropped: Sequence[str]


Kind = Literal["add", "put", "drop", "reach"]


class Change(NamedTuple):
    """``row`` is without ``case_id``, and used for nothing else.

    add: a new row. put: a new row, or these values in the row with the same key. drop: the row with this
    key goes. reach: a milestone's first and last time; a late entry may come before the first.
    """

    kind: Kind
    table: str
    row: dict[str, Any]


class CaseWrite(NamedTuple):
    """One accepted command: the case before (None when it is filed) and after, and what happened."""

    before: CaseState | None
    after: CaseState
    events: Sequence[Event]
    summary: Summary
    key: KeyWrite | None = None
    anew: Anew | None = None
    beside: Sequence[Change] = ()  # rows that take more than the case to know


class StoredKey(NamedTuple):
    key: str
    digest: str
    case_id: int | None
    answer: Any
    at: datetime


class Opened(NamedTuple):
    """A case and, if the command's key was bound before, that command."""

    row: CaseRow
    held: StoredKey | None


class HistoryRow(NamedTuple):
    """``text`` is the body as hashed, ``event`` the same read."""

    seq: int
    hash: bytes
    text: str
    event: Event


class DueCase(NamedTuple):
    id: int
    ref: str
    next_due_at: datetime
