"""Clock blocks: how long, where it runs, what happens at its marks, who may extend it."""

from collections.abc import Mapping as MappingType

from engine.definitions.model import ClockSpec, Effect, Rung
from engine.definitions.written.effect import effects
from engine.definitions.written.fact import optional_name, optional_text
from engine.definitions.written.flow import asks, guards, waivers
from engine.definitions.written.node import Node
from engine.definitions.written.reader import Reader
from engine.definitions.written.value import duration, is_mark

CLOCK_KEYS = (
    "within", "until", "from", "kind", "per", "runs_in", "pauses_in", "while", "restarts_on", "extend",
    "at", "rolls", "ends", "basis", "title", "waive",
)  # fmt: skip
RUNG_KEYS = ("by", "allow", "asks", "guard")


def clocks(reader: Reader, node: Node | None) -> dict[str, ClockSpec]:
    return {
        name: _clock(reader, inner, f"clocks.{name}") for name, inner in reader.named(node, "clocks").items()
    }


def _clock(reader: Reader, node: Node, path: str) -> ClockSpec:
    entries = reader.block(node, path, CLOCK_KEYS)
    if "within" in entries and "until" in entries:
        reader.fault(node.at, path, "yaml.within_or_until")
    elif "within" not in entries and "until" not in entries:
        reader.lacks(node, path, "within")
    rolls = entries.get("rolls")
    return ClockSpec(
        within=duration(reader, entries["within"], f"{path}.within") if "within" in entries else None,
        until=_expression(reader, entries, "until", path),
        from_=_expression(reader, entries, "from", path),
        kind=reader.option(entries.get("kind"), f"{path}.kind", ("limit", "wait"), "limit"),
        per=optional_name(reader, entries, "per", path),
        runs_in=reader.names(entries["runs_in"], f"{path}.runs_in") if "runs_in" in entries else None,
        pauses_in=reader.names(entries.get("pauses_in"), f"{path}.pauses_in"),
        while_=_expression(reader, entries, "while", path),
        restarts_on=reader.names(entries.get("restarts_on"), f"{path}.restarts_on"),
        extend=tuple(
            _rung(reader, i, own) for i, own in reader.many(entries.get("extend"), f"{path}.extend")
        ),
        at=_marks(reader, entries.get("at"), f"{path}.at"),
        rolls=None if rolls is None else reader.flag(rolls, f"{path}.rolls"),
        ends=reader.option(entries.get("ends"), f"{path}.ends", ("midnight", "business"), "midnight"),
        basis=optional_text(reader, entries, "basis", path),
        title=optional_text(reader, entries, "title", path),
        waive=waivers(reader, entries, path),
    )


def _expression(reader: Reader, entries: MappingType[str, Node], key: str, path: str) -> str | None:
    return reader.expression(entries[key], f"{path}.{key}") if key in entries else None


def _rung(reader: Reader, node: Node, path: str) -> Rung:
    entries = reader.block(node, path, RUNG_KEYS, ("by", "allow"))
    return Rung(
        by=duration(reader, entries["by"], f"{path}.by") if "by" in entries else "",
        allow=reader.names(entries.get("allow"), f"{path}.allow"),
        asks=asks(reader, entries.get("asks"), f"{path}.asks"),
        guard=guards(reader, entries.get("guard"), f"{path}.guard"),
    )


def _marks(reader: Reader, node: Node | None, path: str) -> dict[str, tuple[Effect, ...]]:
    found = {}
    for mark, inner in reader.entries(node, path).items():
        own = f"{path}.{mark}"
        if not is_mark(mark):
            reader.fault(reader.positions.find(own), own, "wanted.mark", found=f"`{mark}`")
        found[mark] = effects(reader, inner, own)
    return found
