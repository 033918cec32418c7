"""A definition in normal form: every shorthand of the language written out, nothing resolved yet.

The loader turns YAML into these values; analysis, compiler, pages and diagrams read them. Expressions
stay text. Names are resolved in ``engine.definitions.outline``. Absent means the grammar's default.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FieldKind = Literal[
    "bool", "int", "number", "money", "text", "choice", "choices", "date", "timestamp", "duration",
    "place", "unit", "party", "parties", "person", "persons", "case", "file",
]  # fmt: skip
Phase = Literal["intake", "waiting", "work", "review", "done"]
Grade = Literal["substantive", "stage", "procedural"]


class Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Tree(Block):
    """``{by: FACT, option: value, ..., else: value}``; nesting is specificity."""

    by: str
    options: dict[str, "Value | Places"]
    otherwise: "Value | Places | None" = None
    has_else: bool = False


class TableRef(Block):
    """What the routing table said when the seat of this name was filled last; ``otherwise`` where it said nothing."""

    table: str
    take: Literal["acknowledge"]
    otherwise: "Value | None" = None


# a text is what the place wants (a duration, a word), param.NAME or the name of a fact
Value = str | int | float | bool | Tree | TableRef
# places to sign: each a Who, or several of whom one signs
Places = tuple[str | tuple[str, ...], ...]


class FieldSpec(Block):
    kind: FieldKind
    options: tuple[str, ...] = ()
    default: Any = None  # as it stands in CaseState.fields: money and number as decimal text
    has_default: bool = False
    class_: "str | Tree" = "narrative"
    hides: Literal["person", "unit"] | None = None
    title: str | None = None
    optional: bool = False  # a record's field written TYPE?


class RecordSpec(Block):
    fields: dict[str, FieldSpec]
    per: str | None = None  # "party" or a record's name
    plural: str
    lasts: Literal["cycle", "case"] = "cycle"
    class_: "str | Tree" = "narrative"
    by: tuple[str, ...] = ()
    in_: tuple[str, ...] = ("any",)
    signed_by: Places | Tree | None = None  # a Tree branches over a field of the record
    form: str | None = None
    agent: str | None = (
        None  # the field that says of which kind an agent is; the party's role has to admit it
    )
    title: str | None = None


class PartyRole(Block):
    min: int = 0
    max: int | None = None
    agents: tuple[str, ...] = ()
    class_: "str | Tree" = "contact"  # of the names
    title: str | None = None


class Reporter(Block):
    """Who reported: how closely name and number are kept."""

    class_: "str | Tree" = "contact"


class Parties(Block):
    roles: dict[str, PartyRole]
    max: int | None = None
    representatives: int | None = None
    fields: dict[str, FieldSpec] = {}
    changes: tuple[str, ...] = ()


class SeatSpec(Block):
    of: tuple[str, ...]
    least: int = 1
    most: int = 1
    accept: bool = False
    title: str | None = None


class Rule(Block):
    """A guard; ``name`` is None where it stands inline in a transition."""

    that: str
    because: str
    basis: str | None = None
    name: str | None = None


# ---- effects -----------------------------------------------------------------------------------


class SetEffect(Block):
    verb: Literal["set"] = "set"
    values: dict[str, str]


class FireEffect(Block):
    verb: Literal["fire"] = "fire"
    trigger: str
    on: str | None = None
    deadlines: Literal["join", "part"] | None = None


class SeatEffect(Block):
    verb: Literal["seat"] = "seat"
    seat: str
    by: Literal["lot", "routing"]


class UnseatEffect(Block):
    verb: Literal["unseat"] = "unseat"
    seat: str
    who: str | None = None


class OpenEffect(Block):
    verb: Literal["open"] = "open"
    case_type: str
    link: str
    parties: str | None = None
    carry: tuple[str, ...] = ()


class LinkEffect(Block):
    verb: Literal["link"] = "link"
    link: str
    case: str


class NoticeEffect(Block):
    verb: Literal["notice"] = "notice"
    form: str
    to: tuple[str, ...]


class RemindEffect(Block):
    verb: Literal["remind"] = "remind"
    to: tuple[str, ...]


class SealEffect(Block):
    verb: Literal["seal"] = "seal"
    target: str


class PurgeEffect(Block):
    verb: Literal["purge"] = "purge"
    facts: tuple[str, ...]


Effect = Annotated[
    SetEffect | FireEffect | SeatEffect | UnseatEffect | OpenEffect | LinkEffect
    | NoticeEffect | RemindEffect | SealEffect | PurgeEffect,
    Field(discriminator="verb"),
]  # fmt: skip

# ---- states, transitions, clocks ---------------------------------------------------------------


class StateSpec(Block):
    """``waits_for`` and ``phase`` are None where the parent's hold."""

    initial: bool = False
    states: dict[str, "StateSpec"] = {}
    final: bool = False
    waits_for: tuple[str, ...] | None = None
    phase: Phase | None = None
    class_: str | None = None
    enter: tuple[Effect, ...] = ()
    title: str | None = None
    waive: dict[str, str] = {}


class Branch(Block):
    when: str | None = None
    to: str = "stay"  # a state, "stay" or "back"
    outcome: str | None = None
    effects: tuple[Effect, ...] = ()


class Ask(Block):
    """``mark``: "" one, needed; "?" may be given; "+" one or more; "*" any number."""

    name: str  # field, record, seat or "note"
    mark: Literal["", "?", "+", "*"] = ""

    @property
    def needed(self) -> bool:
        return self.mark in ("", "+")


class Transition(Block):
    """Exactly one of ``trigger`` and ``as_soon_as``. ``name`` is given to some ``as_soon_as``."""

    trigger: str | None = None
    as_soon_as: str | None = None
    name: str | None = None
    source: tuple[str, ...] = ()  # empty for `file`
    except_: tuple[str, ...] = ()
    dest: tuple[Branch, ...] = (Branch(),)
    allow: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    requires: tuple[str, ...] = ()
    guard: tuple[str | Rule, ...] = ()  # a rule's name, or an inline rule
    outcome: tuple[str, ...] = ()
    reopens: bool = False
    undoes: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    basis: str | None = None
    title: str | None = None
    waive: dict[str, str] = {}


class Rung(Block):
    by: Value
    allow: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    guard: tuple[str | Rule, ...] = ()


class ClockSpec(Block):
    within: Value | None = None
    until: str | None = None
    from_: str | None = None
    kind: Literal["limit", "wait"] = "limit"
    per: str | None = None
    runs_in: tuple[str, ...] | None = None  # None: every open state of the main region
    pauses_in: tuple[str, ...] = ()
    while_: str | None = None
    restarts_on: tuple[str, ...] = ()
    extend: tuple[Rung, ...] = ()
    at: dict[str, tuple[Effect, ...]] = {}
    rolls: bool | None = None  # None: as the calendar says
    ends: Literal["midnight", "business"] = "midnight"
    basis: str | None = None
    title: str | None = None
    waive: dict[str, str] = {}


class Count(Block):
    """What of a case counts as work done: an activity of the vocabulary, by how the case ended or by what was recorded.

    Of outcomes a case counts once; each record counts. ``of``: seats whose holders did it, and ``reporter``.
    """

    outcomes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


class Outcome(Block):
    grade: Grade
    title: str | None = None


class Effective(Block):
    from_: date
    until: date | None = None


class Track(Block):
    title: str | None = None
    states: dict[str, StateSpec]
    transitions: tuple[Transition, ...]


class Definition(Block):
    case_type: str
    title: str
    version: str
    basis: str
    effective: Effective
    calendar: str
    currency: str | None = None
    reporter: Reporter = Reporter()
    params: dict[str, Value] = {}
    parties: Parties
    fields: dict[str, FieldSpec] = {}
    records: dict[str, RecordSpec] = {}
    seats: dict[str, SeatSpec] = {}
    rules: dict[str, Rule] = {}
    states: dict[str, StateSpec]
    outcomes: dict[str, Outcome] = {}
    transitions: tuple[Transition, ...]
    clocks: dict[str, ClockSpec] = {}
    tracks: dict[str, Track] = {}
    milestones: dict[str, tuple[str, ...]] = {}
    counts: dict[str, Count] = {}
    # beside the file: {"zh": {"states.in_session.title": "调解中", ...}}
    translations: dict[str, dict[str, str]] = {}
    # templates of notices and documents: {"rights_notice": {"en": "<h1>..", "zh": ".."}}
    forms: dict[str, dict[str, str]] = {}

    def regions(self) -> Iterator[tuple[str, Mapping[str, StateSpec], tuple[Transition, ...]]]:
        """(name, states, transitions) of the main region, then of each track in file order."""
        yield "main", self.states, self.transitions
        for name, track in self.tracks.items():
            yield name, track.states, track.transitions

    def text(self, path: str, lang: str, default: str | None = None) -> str:
        """The text at a translation path (``transitions.accept.title``), else the default, else words of the name."""
        found = self.translations.get(lang, {}).get(path)
        if found is not None:
            return found
        if default is not None:
            return default
        parts = path.split(".")
        return (parts[-2] if len(parts) > 1 else parts[-1]).replace("_", " ")


class Vocabulary(Block):
    """``workflows/vocabulary.yaml``: the names that definitions share."""

    class Role(Block):
        title: str
        zh: str = ""
        standing: bool = False
        outside: bool = False
        side: Literal["office", "committee"] = "office"  # where who is waited for counts in figures

    class Named(Block):
        title: str
        zh: str = ""

    class Link(Named):
        splits: bool = False  # the new case holds it, and the parties that are named leave the old one

    roles: dict[str, Role]
    levels: dict[str, Named]
    links: dict[str, Link]
    classes: dict[str, Named]
    forms: dict[str, Named] = Field(default_factory=dict)  # notices and documents, by id
    milestones: dict[str, Named] = Field(default_factory=dict)
    activities: dict[str, Named] = Field(default_factory=dict)  # what officers and volunteers are counted for
    # who may fill and empty a seat called `handler` on any case, by the generated acts
    dispatch: tuple[str, ...] = ("dispatcher", "head")
    # who may correct what others did, also where a verdict changes
    corrects: tuple[str, ...] = ("head", "director")
