"""The case as plain data: what a row holds, what events change, what the mind decides on.

Everything here is JSON (TypedDicts over dict, list, str, int, bool), so that one shape serves the row,
the event bodies, the fold and the doors. Instants are texts of ``engine.domain.instant``; money and
fractional numbers are decimal texts (no floats in hashed bodies); an absent fact is an absent key.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

Json = str | int | bool | None | list[Any] | dict[str, Any]


class PartyState(TypedDict):
    """One party; ``no`` is P1, P2 ... for ever, ``active`` turns false when it leaves."""

    no: str
    role: str
    active: bool
    name: NotRequired[str]
    person: NotRequired[str]
    representative: NotRequired[bool]  # speaks for his side; consent and signature stay each party's own
    fields: dict[str, Any]


class Signature(TypedDict):
    place: str  # who was wanted: "P1", or the index of a signatory group, "g0"
    by: str
    at: str


class RecordItem(TypedDict):
    """One item of a record kind. ``party`` for per-party kinds, ``of`` for items of another record."""

    id: str  # "consent-2"; obligations are shown as O1, O2 ...
    kind: str
    cycle: int
    at: str
    by: str
    fields: dict[str, Any]
    party: NotRequired[str]
    of: NotRequired[str]
    signatures: NotRequired[list[Signature]]
    signed_at: NotRequired[str]
    purged: NotRequired[bool]  # its content is gone


class Holder(TypedDict):
    person: str
    since: str
    accepted: bool
    by: NotRequired[str]  # who put them there
    weight: NotRequired[int]  # what the case weighs for them, where a routing rule says so
    acknowledge: NotRequired[str]  # by when a routing rule wants an answer, a duration
    grace: NotRequired[str]  # how much longer for one who is off duty then
    answered: NotRequired[bool]  # of a seat that nobody has to accept, where an answer is waited for


class JoinedDeadline(TypedDict):
    """What a case that was joined to this one had as its deadline: a course of its own until the two part again."""

    ref: str
    via: NotRequired[list[str]]  # cases through which it came: joined to the first of them, that to the next
    at: str  # when it was joined; since then it stands still with the run, and is extended with it
    extended: int  # extensions that the run had before
    fired: list[str]  # marks that it had fired by itself before
    start: str
    dated: NotRequired[str]
    within: NotRequired[str]
    until: NotRequired[str]
    pauses: list[list[str | None]]
    extensions: list[str]
    rolls: bool
    ends: str
    due: NotRequired[str]
    due_date: NotRequired[str]


class ClockRun(TypedDict):
    """One run of one clock (of one item). A stopped run never changes again: past verdicts stand."""

    name: str
    run: int
    item: NotRequired[str]
    kind: str  # limit | wait
    start: str
    dated: NotRequired[str]  # the day not counted, if not the local day of `start`: what began by expiry
    within: NotRequired[str]  # "30 cd", as resolved for this run
    until: NotRequired[str]  # or an instant
    pauses: list[list[str | None]]  # [[from, to], [from, null]]
    extensions: list[str]
    rolls: bool
    ends: str  # midnight | business
    status: str  # running | paused | stopped
    due: NotRequired[str]
    due_date: NotRequired[str]
    provisional: NotRequired[bool]
    fired: dict[str, str]  # mark -> when it fired
    marks: dict[str, str]  # mark -> when it falls
    stopped: NotRequired[str]
    verdict: NotRequired[str]  # met | met_extended | missed, limits only
    silent: NotRequired[bool]  # imported: judges, never acts
    joined: NotRequired[list[JoinedDeadline]]  # of cases joined to this one; the earliest governs
    own_due: NotRequired[str]  # where others are joined: what it would be alone
    own_due_date: NotRequired[str]
    own_marks: NotRequired[dict[str, str]]  # and when its marks would fall
    own_fired: NotRequired[dict[str, str]]  # what would have fired by then, and when


class Been(TypedDict):
    at: str
    times: int


class Last(TypedDict):
    by: str
    at: str
    times: int


class Link(TypedDict):
    kind: str
    ref: str
    at: str


class Kept(TypedDict):
    """Where a case stood before an act that can be undone, and when that was (``seq``)."""

    act: str
    seq: int
    at: str
    states: dict[str, str]
    back: dict[str, str]
    been: dict[str, Been]
    last: dict[str, Last]
    clocks: list[ClockRun]
    links: list[Link]
    was: NotRequired[
        dict[str, Any]
    ]  # fields that the act itself set, with what they said before; None: nothing


class CaseState(TypedDict):
    """All that folding a case's events gives, and all that deciding needs of the case itself."""

    ref: str
    case_type: str
    definition: str  # content hash of the pinned definition
    place: str
    unit: str  # the unit that serves the place for this case type
    what: str
    channel: str
    reporter: NotRequired[dict[str, Any]]
    filed_at: str
    filed_by: str
    states: dict[str, str]  # region -> leaf; the main region is "main"
    back: dict[str, str]  # region -> leaf last left
    cycle: int
    outcome: NotRequired[str]
    fields: dict[str, Any]
    parties: list[PartyState]
    records: list[RecordItem]
    seats: dict[str, list[Holder]]
    clocks: list[ClockRun]
    been: dict[str, Been]
    last: dict[str, Last]
    links: list[Link]
    sealed: NotRequired[dict[str, str]]  # "case" or a kind of record -> since when its content is closed
    purged: NotRequired[list[str]]  # facts whose content was erased
    barred: NotRequired[dict[str, dict[str, str]]]  # seat -> person -> recused | declined
    external: NotRequired[dict[str, str]]
    kept: NotRequired[Kept]  # what an act that undoes the closing one gives back


class Change(TypedDict, total=False):
    """One fact that an event states; ``do`` names the kind, see ``engine.machine.fold``."""

    do: str


class Event(TypedDict):
    """The body that is hashed. ``seq`` equals the version that the case has after it."""

    seq: int
    act: str
    kind: str  # act | follow (as_soon_as, fired) | mark | import
    actor: str
    entered_by: str
    identity: str  # asserted | token
    at: str  # when it occurred
    recorded: str
    definition: str
    changes: list[dict[str, Any]]
    cause: NotRequired[int]
    basis: NotRequired[str]
    note: NotRequired[str]
    acting_for: NotRequired[str]  # whose authority counted, where the actor stood in for somebody on leave
    asked_by: NotRequired[str]  # whose request the actor granted
    granted_because: NotRequired[str]  # and what the actor said to it
    dated: NotRequired[str]  # the day that counts for what happens by expiry (Civil Code art. 203)
    told: NotRequired[list[dict[str, Any]]]
    papers: NotRequired[list[dict[str, Any]]]  # {form, to, record?, sha256{lang}, upto, named}
    salt: NotRequired[str]  # where content may be purged
    erased: NotRequired[list[str]]  # facts whose content was taken out of it


Facts = Mapping[str, Any]
