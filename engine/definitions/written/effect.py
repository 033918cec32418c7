"""Effects: one verb each, with the keys that belong to it."""

from collections.abc import Callable
from collections.abc import Mapping as MappingType

from engine.definitions.model import (
    Effect,
    FireEffect,
    LinkEffect,
    NoticeEffect,
    OpenEffect,
    PurgeEffect,
    RemindEffect,
    SealEffect,
    SeatEffect,
    SetEffect,
    UnseatEffect,
)
from engine.definitions.written.node import Mapping, Node
from engine.definitions.written.reader import Reader

Entries = MappingType[str, Node]

# verb -> (its other keys, those of them that must stand); the first verb found in a block is meant
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "set": ((), ()),
    "fire": (("on", "deadlines"), ()),
    "seat": (("by",), ("by",)),
    "unseat": (("who",), ()),
    "open": (("link", "parties", "carry"), ("link",)),
    "link": (("case",), ("case",)),
    "notice": (("to",), ("to",)),
    "remind": ((), ()),
    "seal": ((), ()),
    "purge": ((), ()),
}


def effects(reader: Reader, node: Node | None, path: str) -> tuple[Effect, ...]:
    found = (_effect(reader, item, own) for item, own in reader.many(node, path))
    return tuple(effect for effect in found if effect is not None)


def _effect(reader: Reader, node: Node, path: str) -> Effect | None:
    if not isinstance(node, Mapping):
        reader.wrong(node, path, "effect", verbs=", ".join(KEYS))
        return None
    verb = next((verb for verb in KEYS if verb in node.entries), None)
    if verb is None:
        reader.block(node, path, tuple(KEYS))
        if not node.entries:
            reader.wrong(node, path, "effect", verbs=", ".join(KEYS))
        return None
    others, needed = KEYS[verb]
    entries = reader.block(node, path, (verb, *others), (verb, *needed))
    return _BUILD[verb](reader, entries, path)


def _name(reader: Reader, entries: Entries, key: str, path: str) -> str:
    return reader.name(entries[key], f"{path}.{key}") if key in entries else ""


def _optional(reader: Reader, entries: Entries, key: str, path: str) -> str | None:
    return reader.expression(entries[key], f"{path}.{key}") if key in entries else None


def _set(reader: Reader, entries: Entries, path: str) -> Effect:
    values = reader.entries(entries["set"], f"{path}.set")
    return SetEffect(
        values={name: reader.expression(inner, f"{path}.set.{name}") for name, inner in values.items()}
    )


def _fire(reader: Reader, entries: Entries, path: str) -> Effect:
    on = _name(reader, entries, "on", path) if "on" in entries else None
    given = entries.get("deadlines")
    if given is not None and on is None:
        reader.lacks(given, path, "on")
    deadlines = None if given is None else reader.option(given, f"{path}.deadlines", ("join", "part"), "join")
    return FireEffect(trigger=_name(reader, entries, "fire", path), on=on, deadlines=deadlines)


def _seat(reader: Reader, entries: Entries, path: str) -> Effect:
    by = reader.option(entries.get("by"), f"{path}.by", ("lot", "routing"), "lot")
    return SeatEffect(seat=_name(reader, entries, "seat", path), by=by)


def _unseat(reader: Reader, entries: Entries, path: str) -> Effect:
    return UnseatEffect(
        seat=_name(reader, entries, "unseat", path), who=_optional(reader, entries, "who", path)
    )


def _open(reader: Reader, entries: Entries, path: str) -> Effect:
    return OpenEffect(
        case_type=_name(reader, entries, "open", path),
        link=_name(reader, entries, "link", path),
        parties=_optional(reader, entries, "parties", path),
        carry=reader.names(entries.get("carry"), f"{path}.carry"),
    )


def _link(reader: Reader, entries: Entries, path: str) -> Effect:
    return LinkEffect(link=_name(reader, entries, "link", path), case=_name(reader, entries, "case", path))


def _notice(reader: Reader, entries: Entries, path: str) -> Effect:
    to = reader.names(entries.get("to"), f"{path}.to")
    return NoticeEffect(form=_name(reader, entries, "notice", path), to=to)


def _remind(reader: Reader, entries: Entries, path: str) -> Effect:
    return RemindEffect(to=reader.names(entries["remind"], f"{path}.remind"))


def _seal(reader: Reader, entries: Entries, path: str) -> Effect:
    return SealEffect(target=_name(reader, entries, "seal", path))


def _purge(reader: Reader, entries: Entries, path: str) -> Effect:
    return PurgeEffect(facts=reader.names(entries["purge"], f"{path}.purge"))


_BUILD: dict[str, Callable[[Reader, Entries, str], Effect]] = {
    "set": _set,
    "fire": _fire,
    "seat": _seat,
    "unseat": _unseat,
    "open": _open,
    "link": _link,
    "notice": _notice,
    "remind": _remind,
    "seal": _seal,
    "purge": _purge,
}
