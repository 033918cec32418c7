"""References are given without holes: a number that no case has, and no withdrawn one had, is a case that is gone."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.domain.reference import make, parse
from engine.persistence.raw import rows
from engine.persistence.unit import Unit
from engine.service.audit.finding import Break

AHEAD = 10_000  # further than this beyond the last number given nothing is looked for


class Numbers:
    """One byte for each number of each year."""

    def __init__(self, unit: Unit) -> None:
        self._unit, self._given = unit, _given(unit)
        self._years: dict[int, bytearray] = {}

    def see(self, ref: Any) -> None:
        found = parse(ref) if isinstance(ref, str) else None
        if found is None or found.serial > self._given.get(found.year, 0) + AHEAD:
            return
        held = self._years.setdefault(found.year, bytearray())
        if found.serial > len(held):
            held.extend(bytes(found.serial - len(held)))
        held[found.serial - 1] = 1

    def holes(self, gone: Mapping[int, Mapping[str, Any]]) -> Iterator[Break]:
        for case in gone.values():
            self.see(case["ref"])
        missing = list(self._missing())
        # batches that were withdrawn before the store told which cases went with them
        for year, serial in missing if len(missing) > _untold(self._unit, gone) else ():
            yield Break("number", str(make(year, serial)))

    def _missing(self) -> Iterator[tuple[int, int]]:
        for year in sorted(self._years.keys() | self._given.keys()):
            held = self._years.get(year, bytearray())
            last = max(len(held), min(self._given.get(year, 0), len(held) + AHEAD))
            yield from ((year, n) for n in range(1, last + 1) if n > len(held) or not held[n - 1])


def _given(unit: Unit) -> dict[int, int]:
    """Year -> the last number that was given."""
    found = {}
    for name, value in rows(unit, "SELECT name, value FROM counter WHERE name LIKE ?", "serial-%"):
        if isinstance(value, int) and name[7:].isdigit():
            found[int(name[7:]) % 100] = value
    return found


def _untold(unit: Unit, gone: Mapping[int, Mapping[str, Any]]) -> int:
    told = {case["batch"] for case in gone.values()}
    held = rows(unit, "SELECT id, counts FROM import_batch WHERE status = ?", "withdrawn")
    return sum(_withdrawn(counts) for batch, counts in held if batch not in told)


def _withdrawn(counts: Any) -> int:
    try:
        found = json.loads(counts) if isinstance(counts, str) else counts
        return max(0, int(found["withdrawn"]))
    except (ValueError, TypeError, KeyError, IndexError):
        return 0
