"""The names of a schema as typed variables and messages: what ``consent.decision`` may be at all.

Every message is described to CEL as proto2 with optional members, so that ``has`` is typed everywhere.
A fact whose name is taken by the language itself gives way (the analysis reports it as FM-D103).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from google.protobuf import descriptor_pool, duration_pb2, timestamp_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

from engine.rules.kind import FINITE, NUMERIC, shape_of
from engine.rules.reading import Path
from engine.rules.schema import FactSchema, FactType, RecordShape

PACKAGE = "folkmoot"
BOOL, INT, TEXT = FactType("bool"), FactType("int"), FactType("text")
TIMESTAMP = FactType("timestamp")

_PROTO = {
    "string": (FieldDescriptorProto.TYPE_STRING, None, False),
    "strings": (FieldDescriptorProto.TYPE_STRING, None, True),
    "bool": (FieldDescriptorProto.TYPE_BOOL, None, False),
    "int": (FieldDescriptorProto.TYPE_INT64, None, False),
    "double": (FieldDescriptorProto.TYPE_DOUBLE, None, False),
    "timestamp": (FieldDescriptorProto.TYPE_MESSAGE, ".google.protobuf.Timestamp", False),
}


@dataclass(frozen=True, slots=True)
class Member:
    """The type of a variable or of a message's member: either a fact, or a message, one or many of it."""

    fact: FactType | None = None
    message: str = ""
    many: bool = False

    @property
    def finite(self) -> bool:
        """Whether brute force has values for it: bool, choice, or a number at the literals it meets."""
        return self.fact is not None and self.fact.kind in (*FINITE, *NUMERIC)


Members = dict[str, Member]


@dataclass(frozen=True)
class Layout:
    schema: FactSchema
    variables: Members = field(init=False)
    messages: dict[str, Members] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "messages", self._messages())
        object.__setattr__(self, "variables", self._variables())

    def member(self, path: Path) -> Member | None:
        """The type at a path; lists are passed through to their elements. None if there is no such name."""
        members: Mapping[str, Member] = self.variables
        found: Member | None = None
        for name in path:
            found = members.get(name)
            if found is None:
                return None
            members = self.messages.get(found.message, {})
        return found

    def plain(self, path: Path) -> bool:
        """Whether no list lies on the way, so that the path has one value."""
        steps = [self.member(path[:n]) for n in range(1, len(path) + 1)]
        return all(step is not None and not step.many for step in steps)

    def canonical(self, path: Path) -> Path:
        """``case.fine`` is the fact ``fine``."""
        return path[1:] if len(path) > 1 and path[0] == "case" and path[1] in self.facts else path

    @cached_property
    def facts(self) -> Members:
        """Fields, records and their plurals."""
        found = {name: _of(fact) for name, fact in self.schema.fields.items()}
        for name, shape in self.schema.records.items():
            found.setdefault(name, Member(message=f"item_{name}"))
            found.setdefault(shape.plural, Member(message=f"item_{name}", many=True))
        return found

    def _variables(self) -> Members:
        own = {
            "parties": Member(message="Party", many=True),
            "party": Member(message="Party"),
            "links": Member(message="Link", many=True),
            "now": Member(TIMESTAMP),
            "today": Member(TIMESTAMP),
        }
        shared = ("seat", "clock", "inside", "been", "last", "case", "actor", "act", "param")
        own |= {name: Member(message=name.capitalize()) for name in shared}
        return self.facts | own

    def _messages(self) -> dict[str, Members]:
        schema = self.schema
        person = {"id": Member(TEXT), "roles": Member(FactType("choices")), "unit": Member(TEXT)}
        role = FactType("choice", schema.roles) if schema.roles else TEXT
        party = {"id": Member(TEXT), "role": Member(role), "active": Member(BOOL)}
        party = _facts(schema.party_fields) | self._kept("party") | party
        case = self.facts | {"ref": Member(TEXT), "cycle": Member(INT)}
        case |= {"filed": Member(TIMESTAMP), "channel": Member(TEXT)}
        return {
            "Person": person,
            "Party": party,
            "Case": case,
            "Holder": {"id": Member(TEXT), "since": Member(TIMESTAMP)} | _flat("accepted answered", BOOL),
            "ClockRun": _flat("running paused expired", BOOL)
            | _flat("due start", TIMESTAMP)
            | _flat("runs extensions", INT),
            "Visit": {"at": Member(TIMESTAMP), "times": Member(INT)},
            "Doing": {"by": Member(TEXT), "at": Member(TIMESTAMP), "times": Member(INT)},
            "Link": _flat("kind case_type outcome", TEXT) | {"closed": Member(BOOL)},
            "Actor": {"id": Member(TEXT), "roles": Member(FactType("choices")), "party": Member(TEXT)},
            "Act": _flat("trigger item note", TEXT) | {"at": Member(TIMESTAMP)},
            "Seat": _each(schema.seats, Member(message="Holder", many=True)),
            "Clock": _each(schema.clocks, Member(message="ClockRun")),
            "Inside": _each(schema.states, Member(BOOL)),
            "Been": _each(schema.states, Member(message="Visit")),
            "Last": _each(schema.triggers, Member(message="Doing")),
            "Param": _facts(schema.params),
        } | {f"item_{name}": self._item(shape, role) for name, shape in schema.records.items()}

    def _item(self, shape: RecordShape, role: FactType) -> Members:
        own = {"id": Member(TEXT), "at": Member(TIMESTAMP), "by": Member(TEXT)}
        if shape.signed:
            own |= {"signed": Member(BOOL), "signed_at": Member(TIMESTAMP)}
        if shape.per == "party":
            own |= {"party": Member(TEXT), "role": Member(role)}
        elif shape.per is not None:
            own["of"] = Member(TEXT)
        return _facts(shape.fields) | self._kept(shape.name) | own

    def _kept(self, owner: str) -> Members:
        """The records kept per owner, as members of the owner."""
        found: Members = {}
        for shape in self.schema.within.get(owner, ()):
            found[shape.name] = Member(message=f"item_{shape.name}")
            found[shape.plural] = Member(message=f"item_{shape.name}", many=True)
        return found

    def pool(self) -> descriptor_pool.DescriptorPool:
        """One descriptor file with every message."""
        file = FileDescriptorProto(name="folkmoot/facts.proto", package=PACKAGE, syntax="proto2")
        file.dependency.extend(("google/protobuf/timestamp.proto", "google/protobuf/duration.proto"))
        for name, members in self.messages.items():
            message = file.message_type.add(name=name)
            # a_1 and a1 are two names here, although they have one JSON name in protobuf
            message.options.deprecated_legacy_json_field_conflicts = True
            for number, (label, member) in enumerate(members.items(), 1):
                _describe(message.field.add(name=label, number=_number(number)), member)
        pool = descriptor_pool.DescriptorPool()
        for known in (timestamp_pb2, duration_pb2):
            pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
        pool.AddSerializedFile(file.SerializeToString())
        return pool


def _number(index: int) -> int:
    """Field numbers 19000 to 19999 are reserved by protobuf."""
    return index if index < 19000 else index + 1000


def _describe(described: FieldDescriptorProto, member: Member) -> None:
    type_name: str | None = f".{PACKAGE}.{member.message}"
    kind, many = FieldDescriptorProto.TYPE_MESSAGE, member.many
    if not member.message:
        kind, type_name, many = _PROTO[shape_of(member.fact.kind if member.fact else "text")]
    described.type = kind
    described.label = FieldDescriptorProto.LABEL_REPEATED if many else FieldDescriptorProto.LABEL_OPTIONAL
    if type_name is not None:
        described.type_name = type_name


def _of(fact: FactType) -> Member:
    if fact.kind in ("person", "persons"):
        return Member(message="Person", many=fact.kind == "persons")
    return Member(fact)


def _facts(facts: Mapping[str, FactType]) -> Members:
    return {name: _of(fact) for name, fact in facts.items()}


def _flat(names: str, fact: FactType) -> Members:
    return {name: Member(fact) for name in names.split()}


def _each(names: Iterable[str], member: Member) -> Members:
    return dict.fromkeys(names, member)
