"""What is asked of a store after a program that was writing to it has died."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.persistence import table
from engine.persistence.case_store import history
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support.deed import Deed, send
from tests.support.marks import Mark, check_marks
from tests.support.town import Town
from tests.support.whole import check_case

_case, _key = table.columns_of(table.Case), table.columns_of(table.CommandKey)


def check_store(store: Store) -> None:
    """Every case is whole, and every event belongs to one."""
    store.read(_check)


def _check(unit: Unit) -> None:
    rows = [check_case(unit, row["ref"]) for row in unit.execute(select(_case.c.ref))]
    events = unit.connection.execute("SELECT count(*) FROM event").fetchone()[0]
    assert events == sum(row.version for row in rows)


def bound(store: Store, keys: Iterable[str]) -> dict[str, Any]:
    """Those of the keys that are bound, with their answers."""
    wanted = select(_key.c.key, _key.c.answer).where(_key.c.key.in_(list(keys)))
    return {row["key"]: json.loads(row["answer"]) for row in store.read(lambda unit: unit.execute(wanted))}


def written(answer: Mapping[str, Any]) -> int:
    """How many events a command's answer tells of."""
    return 1 + len(answer["effects"])


def send_all(town: Town, deeds: Sequence[Deed]) -> dict[str, Any]:
    """Every command again, in the same order and under the same key."""
    return {deed.key: send(town.engine, deed) for deed in deeds}


def fired(store: Store) -> dict[str, list[Mark]]:
    """The marks that fired in each case: once at most, at their own moment, never after their clock stopped."""

    def read(unit: Unit) -> dict[str, list[Mark]]:
        rows = unit.execute(select(_case.c.id, _case.c.ref))
        return {row["ref"]: check_marks(one.event for one in history(unit, row["id"])) for row in rows}

    return store.read(read)


def late(store: Store, now: datetime) -> list[str]:
    """Cases with a mark that should have fired by now."""
    wanted = select(_case.c.ref).where(_case.c.next_due_at <= now)
    return [row["ref"] for row in store.read(lambda unit: unit.execute(wanted))]
