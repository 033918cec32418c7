"""References are given without holes: a number that no case has, and no withdrawn one had, is a case that is gone."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.domain.reference import make, parse
from engine.persistence.raw import rows
from engine.persistence.unit import Unit
from engine.service.audit.finding import Break


class Numbers:
    """One byte for each number of each year."""

    def __init__(self) -> None:
        self._years: dict[int, bytearray] = {}

    def see(self, ref: Any) -> None:
        found = parse(ref) if isinstance(ref, str) else None
        if found is None or found.serial > 100_000_000:
            return
        held = self._years.setdefault(found.year, bytearray())
        if found.serial > len(held):
            held.extend(bytes(found.serial - len(held)))
        held[found.serial - 1] = 1

    def holes(self, unit: Unit, gone: Mapping[int, Mapping[str, Any]]) -> Iterator[Break]:
        for case in gone.values():
            self.see(case["ref"])
        missing = list(self._missing(_given(unit)))
        # batches that were withdrawn before the store told which cases went with them
        for year, serial in missing if len(missing) > _untold(unit, gone) else ():
            yield Break("number", str(make(year, serial)))

    def _missing(self, given: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        for year in sorted(self._years.keys() | given.keys()):
            held = self._years.get(year, bytearray())
            last = max(len(held), min(given.get(year, 0), len(held) + 10_000))
            yield from ((year, n) for n in range(1, last + 1) if n > len(held) or not held[n - 1])


def _given(unit: Unit) -> dict[int, int]:
    """Year -> the last number that was given."""
    found = {}
    for name, value in rows(unit, "SELECT name, value FROM counter WHERE name LIKE ?", "serial-%"):
        if isinstance(value, int) and name[7:].isdigit():
            found[int(name[7:]) % 100] = value
    return found


def _untold(unit: Unit, gone: Mapping[int, Mapping[str, Any]]) -> int:
    import json

    told = {case["batch"] for case in gone.values()}
    count = 0
    for batch, counts in rows(unit, "SELECT id, counts FROM import_batch WHERE status = ?", "withdrawn"):
        if batch not in told:
            held = json.loads(counts) if isinstance(counts, str) else counts
            count += int((held or {}).get("withdrawn", 0))
    return count
