"""The rows of clocks, seats and links against the case that they repeat."""

from collections.abc import Iterator
from typing import Any

from engine.persistence import mirror
from engine.service.audit.pages import Kept
from engine.service.audit.stored import Stored

_PARTS = (
    ("clock_run", ("name", "item", "run"), mirror.clocks),
    ("seat_holder", ("seat", "person"), mirror.seats),
    ("case_link", ("kind", "ref"), mirror.links),
)


def mirrors(kept: Kept, state: Any, stored: Stored) -> Iterator[str]:
    """``table/key`` of each row that says otherwise, is missing or belongs to nothing."""
    for table, key, rows_of in _PARTS:
        held = {tuple(row[name] for name in key): row for row in kept.mirrors[table]}
        if not held and not state[_PART[table]]:
            continue
        wanted = {
            found: {name: stored.value(value) for name, value in row.items()}
            for found, row in rows_of(state).items()
        }
        for found in wanted.keys() | held.keys():
            if wanted.get(found) != held.get(found):
                yield f"{table}/{'/'.join(map(str, found))}"


_PART = {"clock_run": "clocks", "seat_holder": "seats", "case_link": "links"}
