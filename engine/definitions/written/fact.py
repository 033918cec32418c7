"""Blocks of what a case knows: fields, records, parties, seats, rules, parameters."""

from collections.abc import Mapping as MappingType
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from engine.definitions.model import (
    FieldKind,
    FieldSpec,
    Parties,
    PartyRole,
    RecordSpec,
    Reporter,
    Rule,
    SeatSpec,
    Tree,
    Value,
)
from engine.definitions.written.node import Node, Scalar, Sequence
from engine.definitions.written.reader import Reader, shown
from engine.definitions.written.value import named, parameter, places
from engine.domain.duration import is_duration

KINDS = get_args(FieldKind)
FIELD_KEYS = ("type", "of", "default", "class", "hides", "title")
RECORD_KEYS = ("fields", "per", "plural", "lasts", "class", "by", "in", "signed_by", "form", "agent", "title")
ROLE_KEYS = ("min", "max", "agents", "class", "title")
PARTIES_KEYS = ("roles", "max", "representatives", "fields", "changes")
SEAT_KEYS = ("of", "count", "accept", "title")
RULE_KEYS = ("that", "because", "basis")
_LISTS = ("choices", "parties", "persons")


def optional_text(reader: Reader, entries: MappingType[str, Node], key: str, path: str) -> str | None:
    node = entries.get(key)
    return None if node is None else reader.text(node, f"{path}.{key}" if path else key)


def optional_name(reader: Reader, entries: MappingType[str, Node], key: str, path: str) -> str | None:
    node = entries.get(key)
    return None if node is None else reader.name(node, f"{path}.{key}" if path else key)


def _class(reader: Reader, entries: MappingType[str, Node], path: str, usual: str) -> str | Tree:
    """How closely something is kept: a class, or one by a fact of the case."""
    node = entries.get("class")
    return usual if node is None else named(reader, node, f"{path}.class") or usual


def reporter(reader: Reader, node: Node | None) -> Reporter:
    entries = {} if node is None else reader.block(node, "reporter", ("class",), ("class",))
    return Reporter(class_=_class(reader, entries, "reporter", "contact"))


# ---- fields ----------------------------------------------------------------------------------------


def fields(reader: Reader, node: Node | None, path: str, *, in_record: bool = False) -> dict[str, FieldSpec]:
    """Fields by name; only a record's field may be written ``TYPE?``."""
    return {
        name: _field(reader, inner, f"{path}.{name}", in_record)
        for name, inner in reader.named(node, path).items()
    }


def _field(reader: Reader, node: Node, path: str, in_record: bool) -> FieldSpec:
    if isinstance(node, Scalar):
        kind, optional = _kind(reader, node, path, in_record)
        if kind in ("choice", "choices"):
            reader.lacks(node, path, "of")
        return FieldSpec(kind=kind or "text", optional=optional)
    entries = reader.block(node, path, FIELD_KEYS, ("type",))
    kind, optional = "text", False
    if "type" in entries:
        kind, optional = _kind(reader, entries["type"], f"{path}.type", in_record)
    options = _options(reader, node, entries, kind, path)
    default = entries.get("default")
    return FieldSpec(
        kind=kind or "text",
        options=options,
        default=None if default is None else _default(reader, default, f"{path}.default", kind, options),
        has_default=default is not None,
        class_=_class(reader, entries, path, "narrative"),
        hides=reader.option(entries["hides"], f"{path}.hides", ("person", "unit"), "person")
        if "hides" in entries
        else None,
        title=optional_text(reader, entries, "title", path),
        optional=optional,
    )


def _kind(reader: Reader, node: Node, path: str, in_record: bool) -> tuple[Any, bool]:
    """The type, empty if unknown, and whether ``?`` stands behind it."""
    written = reader.name(node, path)
    name = written.removesuffix("?")
    optional = name != written
    if written and name not in KINDS:
        reader.option(node, path, KINDS, "text")
        return "", optional
    if optional and not in_record:
        reader.fault(node.at, path, "yaml.question_mark", kind=name)
    return name, optional


def _options(
    reader: Reader, node: Node, entries: MappingType[str, Node], kind: str, path: str
) -> tuple[str, ...]:
    wanted = kind in ("choice", "choices")
    if wanted and "of" not in entries:
        reader.lacks(node, path, "of")
    if "of" in entries and kind and not wanted:
        reader.fault(entries["of"].at, f"{path}.of", "yaml.no_options", kind=kind)
        return ()
    options = tuple(reader.id(item, own) for item, own in reader.many(entries.get("of"), f"{path}.of"))
    for number, option in enumerate(options):
        if option and option in options[:number]:
            at = reader.positions.find(f"{path}.of.{number}")
            reader.fault(at, f"{path}.of.{number}", "yaml.twice", name=option)
    return options


def _default(reader: Reader, node: Node, path: str, kind: str, options: tuple[str, ...]) -> Any:
    if kind in _LISTS:
        if not isinstance(node, Sequence):
            reader.wrong(node, path, "list")
            return []
        values = [reader.name(item, own) for item, own in reader.many(node, path)]
        if kind == "choices":
            _known_options(reader, node, path, values, options)
        return values
    value = reader.plain(node, path)
    if kind == "choice" and isinstance(value, str):
        _known_options(reader, node, path, [value], options)
    converted = _fitting(kind, value)
    if converted is None and kind:
        reader.wrong(node, path, "default", kind=kind)
    return converted


def _known_options(
    reader: Reader, node: Node, path: str, values: list[str], options: tuple[str, ...]
) -> None:
    for value in values:
        if value and value not in options:
            reader.fault(node.at, path, "wanted.option", **shown(node), options=", ".join(options))


def _fitting(kind: str, value: str | int | float | bool) -> Any:
    """The default as a case keeps it, None where it is of another type."""
    if kind == "bool":
        return value if isinstance(value, bool) else None
    if kind == "int":
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if kind in ("number", "money"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return format(Decimal(str(value)), "f") if number else None
    if not isinstance(value, str) or not value:
        return None
    if kind == "duration":
        return value if is_duration(value) else None
    if kind in ("date", "timestamp"):
        return value if _dated(kind, value) else None
    return value


def _dated(kind: str, value: str) -> bool:
    try:
        if kind == "date":
            return date.fromisoformat(value).isoformat() == value
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


# ---- records, parties, seats -------------------------------------------------------------------------


def records(reader: Reader, node: Node | None) -> dict[str, RecordSpec]:
    return {
        name: _record(reader, name, inner, f"records.{name}")
        for name, inner in reader.named(node, "records").items()
    }


def _record(reader: Reader, name: str, node: Node, path: str) -> RecordSpec:
    entries = reader.block(node, path, RECORD_KEYS, ("fields",))
    plural = entries.get("plural")
    signed = entries.get("signed_by")
    return RecordSpec(
        fields=fields(reader, entries.get("fields"), f"{path}.fields", in_record=True),
        per=optional_name(reader, entries, "per", path),
        plural=reader.id(plural, f"{path}.plural") if plural is not None else f"{name}s",
        lasts=reader.option(entries.get("lasts"), f"{path}.lasts", ("cycle", "case"), "cycle"),
        class_=_class(reader, entries, path, "narrative"),
        by=reader.names(entries.get("by"), f"{path}.by"),
        in_=reader.names(entries["in"], f"{path}.in") if "in" in entries else ("any",),
        signed_by=None if signed is None else places(reader, signed, f"{path}.signed_by"),
        form=optional_name(reader, entries, "form", path),
        agent=optional_name(reader, entries, "agent", path),
        title=optional_text(reader, entries, "title", path),
    )


def parties(reader: Reader, node: Node | None) -> Parties:
    entries = reader.block(node, "parties", PARTIES_KEYS, ("roles",))
    numbers = {
        key: reader.whole(entries[key], f"parties.{key}", 1)
        for key in ("max", "representatives")
        if key in entries
    }
    roles = reader.named(entries.get("roles"), "parties.roles")
    return Parties(
        roles={name: _role(reader, inner, f"parties.roles.{name}") for name, inner in roles.items()},
        max=numbers.get("max"),
        representatives=numbers.get("representatives"),
        fields=fields(reader, entries.get("fields"), "parties.fields"),
        changes=reader.names(entries.get("changes"), "parties.changes"),
    )


def _role(reader: Reader, node: Node, path: str) -> PartyRole:
    entries = reader.block(node, path, ROLE_KEYS)
    least = reader.whole(entries["min"], f"{path}.min") if "min" in entries else 0
    most = reader.whole(entries["max"], f"{path}.max", max(least, 1)) if "max" in entries else None
    return PartyRole(
        min=least,
        max=most,
        agents=reader.names(entries.get("agents"), f"{path}.agents"),
        class_=_class(reader, entries, path, "contact"),
        title=optional_text(reader, entries, "title", path),
    )


def seats(reader: Reader, node: Node | None) -> dict[str, SeatSpec]:
    return {
        name: _seat(reader, inner, f"seats.{name}") for name, inner in reader.named(node, "seats").items()
    }


def _seat(reader: Reader, node: Node, path: str) -> SeatSpec:
    entries = reader.block(node, path, SEAT_KEYS, ("of",))
    least, most = _count(reader, entries.get("count"), f"{path}.count")
    return SeatSpec(
        of=reader.names(entries.get("of"), f"{path}.of"),
        least=least,
        most=most,
        accept=reader.flag(entries.get("accept"), f"{path}.accept"),
        title=optional_text(reader, entries, "title", path),
    )


def _count(reader: Reader, node: Node | None, path: str) -> tuple[int, int]:
    """``3`` or ``1..3``."""
    if node is None:
        return 1, 1
    if isinstance(node, Scalar):
        low, dots, high = node.text.partition("..")
        if (
            low.isascii()
            and low.isdigit()
            and len(low) < 4
            and (not dots or (high.isdigit() and len(high) < 4))
        ):
            least, most = int(low), int(high or low)
            if 0 < most >= least:
                return least, most
    reader.wrong(node, path, "count")
    return 1, 1


# ---- rules, parameters -------------------------------------------------------------------------------


def rule(reader: Reader, node: Node, path: str, name: str | None = None) -> Rule:
    entries = reader.block(node, path, RULE_KEYS, ("that", "because"))
    return Rule(
        that=reader.expression(entries["that"], f"{path}.that") if "that" in entries else "",
        because=reader.text(entries["because"], f"{path}.because") if "because" in entries else "",
        basis=optional_text(reader, entries, "basis", path),
        name=name,
    )


def rules(reader: Reader, node: Node | None) -> dict[str, Rule]:
    return {
        name: rule(reader, inner, f"rules.{name}", name)
        for name, inner in reader.named(node, "rules").items()
    }


def params(reader: Reader, node: Node | None) -> dict[str, Value]:
    return {
        name: parameter(reader, inner, f"params.{name}")
        for name, inner in reader.named(node, "params").items()
    }
