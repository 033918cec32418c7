"""What a file would change in the store: new, changed, the same, and what it lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from engine.domain import organisation as org
from engine.service.organisation.column import SHEETS, Spec, Value
from engine.service.organisation.reading import Parsed, Read


@dataclass
class Change:
    """One sheet's difference. ``ended``: what the file lacks and a replacement would end."""

    spec: Spec
    new: list[Value] = field(default_factory=list)
    changed: list[tuple[Value, Value]] = field(default_factory=list)
    same: int = 0
    ended: list[tuple[Value, Value]] = field(default_factory=list)

    def cells(self) -> Iterator[dict[str, Any]]:
        """Every changed cell: sheet, key, column, before, after."""
        for before, after in self.changed:
            for one in fields(before):
                old, new = getattr(before, one.name), getattr(after, one.name)
                if old != new:
                    key = " ".join(str(part) for part in self.spec.key_of(after) if part)
                    told = {"sheet": self.spec.name, "key": key, "column": one.name}
                    yield told | {"before": plain(old), "after": plain(new)}


def difference(read: Read, stored: org.Organisation, *, on: date) -> dict[str, Change]:
    """By sheet. Columns that the file lacks keep what the store has."""
    return {spec.name: _sheet(spec, read.parsed[spec.name], stored, on) for spec in SHEETS}


def _sheet(spec: Spec, rows: list[Parsed], stored: org.Organisation, on: date) -> Change:
    held = {spec.key_of(value): value for value in getattr(stored, spec.field)}
    change = Change(spec)
    for parsed in rows:
        before = held.pop(spec.key_of(parsed.value), None)
        if before is None:
            change.new.append(parsed.value)
            continue
        after = merged(parsed, before)
        if after == before:
            change.same += 1
        else:
            change.changed.append((before, after))
    if spec.name == "appointments":
        last = on - timedelta(days=1)
        change.ended = [(a, replace(a, until=last)) for a in held.values() if org.holds(a, on)]
    return change


def merged(parsed: Parsed, before: Value | None) -> Value:
    """What a row makes of what is stored: columns that the file lacks keep it."""
    if before is None:
        return parsed.value
    kept = {f.name: getattr(before, f.name) for f in fields(before) if f.name not in parsed.given}
    return replace(parsed.value, **kept)


def plain(value: Any) -> Any:
    """A cell as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def told(changes: Mapping[str, Change], limit: int = 200) -> list[dict[str, Any]]:
    """The first changed cells of all sheets."""
    cells = [cell for change in changes.values() for cell in change.cells()]
    return cells[:limit]
