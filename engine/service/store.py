"""Care of the store as a whole: make it, look at it, bring it up to date, back it up, restore beside it.

These work on an address, not inside a unit of work: for most of them there is no open store yet.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from engine.domain.errors import Conflict
from engine.domain.instant import to_text
from engine.persistence import address as addresses
from engine.persistence import backup as backups
from engine.persistence import schema, table
from engine.persistence.address import Address
from engine.persistence.backup import Examined
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service.caller import Answer, Caller

# puts in what the program brings along; whether its definitions are active by that
Seed = Callable[[Unit, bool], Answer]


def init(url: str, *, seed: Seed) -> Answer:
    """A new store, filled with what is shipped; an existing one is left alone (FM-C021).

    {path, schema, active[{case_type, version}], calendars[{id, first, last}]}
    """
    place = addresses.parse(url)
    if place.dialect == "postgresql" and schema.status(place).has is not None:
        raise Conflict("FM-C021", kind="store", path=str(place))
    schema.create(place)
    try:
        with Store.open(url) as store:
            brought = store.write(lambda unit: seed(unit, True))
    except BaseException:
        if place.dialect == "sqlite":
            _remove(place.file)
        raise
    return {
        "path": str(place),
        "schema": schema.NEEDED,
        "active": [
            {"case_type": made["case_type"], "version": made["version"]} for made in brought["definitions"]
        ],
        "calendars": brought["calendars"],
    }


def status(url: str) -> Answer:
    """{path, database, schema, needs, current, size_bytes, cases, events, last_backup{path, at}}

    Counts are null while the schema is not the program's.
    """
    place = addresses.parse(url)
    found = schema.status(place)
    counts: Answer = {"cases": None, "events": None, "size_bytes": None}
    if found.current:
        with Store.open(url) as store:
            counts = store.read(_counts)
    if place.dialect == "sqlite":
        counts["size_bytes"] = place.file.stat().st_size
    return {
        "path": str(place),
        "database": place.dialect,
        "schema": found.has,
        "needs": found.needs,
        "current": found.current,
        **counts,
        "last_backup": _last_backup(place),
    }


def upgrade(url: str, *, now: datetime, seed: Seed) -> Answer:
    """Brings the store to this program's schema; ``seed`` adds newer texts, which are not active by that.

    {path, before, schema, copy, holds, findings[], available[{case_type, version}], doctor{held, checks, broken[]}};
    ``copy`` is the file that was kept, null for PostgreSQL or where nothing was to do, as is ``doctor``, a quick
    look at the store as it is now. What had no seal has one.
    """
    place = addresses.parse(url)
    before = schema.status(place).has
    copy = schema.upgrade(place, now=now)
    with Store.open(url) as store:
        # an empty database becomes a new store
        brought = store.write(lambda unit: seed(unit, before is None))
        checked = None if before == schema.NEEDED else _checked(store, Caller(None, now))
    looked = backups.examine(place.file) if place.dialect == "sqlite" else None
    return {
        "path": str(place),
        "before": before,
        "schema": schema.NEEDED,
        "copy": str(copy) if copy else None,
        "holds": looked.holds if looked else None,
        "findings": _findings(looked) if looked else [],
        "available": [
            {"case_type": made["case_type"], "version": made["version"]} for made in brought["definitions"]
        ],
        "doctor": checked,
    }


def _checked(store: Store, caller: Caller) -> Answer:
    from engine.service import (
        doctor,
        seal,
    )  # the law and the rules with it, which no other care of a store needs

    while store.write(lambda unit: seal.make(unit, caller))["more"]:
        pass
    told = store.read(lambda unit: doctor.examine(unit, caller, quick=True))
    return {"held": told["held"], "checks": len(told["checks"]), "broken": told["broken"]}


def backup(url: str, *, now: datetime, to: Path | None = None) -> Answer:
    """A copy taken while others write, then read back: see :func:`_told`. PostgreSQL: FM-S011."""
    return _told(backups.backup(addresses.parse(url), now=now, to=to))


def restore(file: Path, url: str, *, now: datetime, to: Path | None = None) -> Answer:
    """A backup under a new name beside the live store, which stays as it is.

    As :func:`backup`, with ``live``. FM-U313 where the place that is asked for is taken.
    """
    place = addresses.parse(url)
    live = place.file if place.dialect == "sqlite" else Path("folkmoot.db")
    return {**_told(backups.restore(file, beside=live, now=now, to=to)), "live": str(live)}


def _told(looked: Examined) -> Answer:
    """{path, verified, schema, cases, events, histories, size_bytes, findings[{kind, what}]}"""
    return {
        "path": str(looked.path),
        "verified": looked.holds,
        "schema": looked.schema,
        "cases": looked.cases,
        "events": looked.events,
        "histories": looked.chains,
        "size_bytes": looked.size,
        "findings": _findings(looked),
    }


def _findings(looked: Examined) -> list[dict[str, Any]]:
    return [{"kind": finding.kind, "what": finding.what} for finding in looked.findings]


def _counts(unit: Unit) -> Answer:
    counts: Answer = {
        name: unit.execute(select(func.count().label("n")).select_from(table.columns_of(model)))[0]["n"]
        for name, model in (("cases", table.Case), ("events", table.Event))
    }
    size = func.pg_database_size(func.current_database()).label("n")
    counts["size_bytes"] = unit.execute(select(size))[0]["n"] if unit.dialect == "postgresql" else None
    return counts


def _last_backup(place: Address) -> Answer | None:
    last = backups.latest(place.file) if place.dialect == "sqlite" else None
    if last is None:
        return None
    return {"path": str(last), "at": to_text(datetime.fromtimestamp(last.stat().st_mtime, UTC))}


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
