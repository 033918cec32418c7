"""Checks of what people and programs around the store have to do: deadlines, seals, answers, calendars."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from engine.domain.access import ADMINISTER
from engine.domain.instant import to_text
from engine.persistence import seal as seals
from engine.persistence import setting_history, table
from engine.persistence.raw import rows
from engine.service.audit.sealed import instant
from engine.service.audit.stored import Stored
from engine.service.doctor.check import Check, Found, Look
from engine.service.law import VOCABULARY
from engine.service.today import ZONE

LATE = timedelta(minutes=15)  # a mark waits for a worker no longer
UNSEALED = timedelta(hours=1)
SKEW = timedelta(seconds=60)
KEYS = 1000  # at once; a quick look sees no more


def _stored(look: Look, at: datetime) -> Any:
    return Stored(look.unit.dialect).moment(at)


def worker(look: Look) -> Iterator[Found]:
    """No mark waits; where one does, also when a worker last looked."""
    query = "SELECT count(*), min(next_due_at) FROM case_file WHERE next_due_at <= ?"
    count, since = rows(look.unit, query, _stored(look, look.caller.at - LATE))[0]
    if not count:
        return
    swept = rows(look.unit, "SELECT value FROM counter WHERE name = 'swept'")
    looked = _at(swept[0][0]) if swept else "-"
    yield Found("found", {"n": count, "since": instant(since) or "-", "looked": looked})


def _at(seconds: Any) -> str:
    try:
        return to_text(datetime.fromtimestamp(seconds, tz=UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return "-"


def sealing(look: Look) -> Iterator[Found]:
    last = seals.last(look.unit)
    count, since = seals.behind(look.unit, last.upto if last else seals.START)
    told = instant(since) if since is not None else None
    if told and told < to_text(look.caller.at - UNSEALED):
        yield Found("found", {"n": count, "since": told})


def approvals(look: Look) -> Iterator[Found]:
    """None waits beyond its end, and each asks about a case that is there."""
    query = "SELECT id, lapses_at FROM approval WHERE status = 'waiting' AND lapses_at <= ? ORDER BY id"
    for number, lapsed in rows(look.unit, query, _stored(look, look.caller.at - LATE)):
        yield Found("found", {"id": f"A-{number}", "at": instant(lapsed) or "-"})
    lost = (
        "SELECT a.id FROM approval a LEFT JOIN case_file c ON c.id = a.case_id WHERE c.id IS NULL ORDER BY 1"
    )
    for (number,) in rows(look.unit, lost):
        yield Found("lost", {"id": f"A-{number}"})


def keys(look: Look) -> Iterator[Found]:
    """Keys of commands lead to cases that are there, and to answers that can be given again."""
    some = f"(SELECT * FROM command_key LIMIT {KEYS})" if look.quick else "command_key"  # noqa: S608
    lost = f"SELECT k.key FROM {some} k LEFT JOIN case_file c ON c.id = k.case_id"  # noqa: S608 - our own words
    for (key,) in rows(look.unit, f"{lost} WHERE k.case_id IS NOT NULL AND c.id IS NULL ORDER BY 1"):
        yield Found("lost", {"key": key})
    place, after = ("rowid", -1) if look.on_file else ("key", "")
    query = f"SELECT {place}, key, answer FROM command_key WHERE {place} > ? ORDER BY {place} LIMIT ?"  # noqa: S608
    while page := rows(look.unit, query, after, KEYS):
        for _place, key, answer in page:
            if not _is_json(answer):
                yield Found("found", {"key": key})
        after = page[-1][0]
        if look.quick:
            return


def _is_json(text: Any) -> bool:
    try:
        json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def registers(look: Look) -> Iterator[Found]:
    """A row that was imported became a case that is there: or bringing it in again would leave it out."""
    query = (
        "SELECT i.source, i.key FROM import_row i LEFT JOIN case_file c ON c.id = i.case_id"
        " WHERE c.id IS NULL ORDER BY 1, 2"
    )
    for source, key in rows(look.unit, query):
        yield Found("found", {"source": source, "key": key})


def clock(look: Look) -> Iterator[Found]:
    """Nothing was written down in the future."""
    if look.made_up:
        return
    query = "SELECT count(*), max(recorded_at) FROM event WHERE recorded_at > ?"
    count, latest = rows(look.unit, query, _stored(look, look.caller.at + SKEW))[0]
    if count:
        yield Found("found", {"n": count, "at": instant(latest) or "-", "now": to_text(look.caller.at)})


def calendars(look: Look) -> Iterator[Found]:
    """The year we are in is published for every calendar that a text in force counts by."""
    year = look.caller.now.year
    query = "SELECT body FROM definition WHERE status = 'active' AND case_type <> ?"
    used = set()
    for (body,) in rows(look.unit, query, VOCABULARY):
        try:
            used.add(str(json.loads(body)["calendar"]))
        except (ValueError, TypeError, KeyError):  # told by the check of definitions
            continue
    for name in sorted(used):
        found = rows(look.unit, "SELECT body FROM calendar_year WHERE calendar = ? AND year = ?", name, year)
        if not found or not _published(found[0][0]):
            yield Found("found", {"calendar": name, "year": year})


def _published(text: Any) -> bool:
    try:
        return bool(json.loads(text).get("published", True))
    except (ValueError, TypeError, AttributeError):
        return False


def settings(look: Look) -> Iterator[Found]:
    """Calendars and the organisation stand as they were last written down, so that figures of today and of the past agree."""
    for kind, id_ in setting_history.unlike(look.unit):
        yield Found("found", {"kind": kind, "id": id_})


def administered(look: Look) -> Iterator[Found]:
    """Where people are appointed at all, one of them may run the house today."""
    if not rows(look.unit, "SELECT 1 FROM appointment LIMIT 1"):
        return
    held = table.columns_of(table.Appointment)
    day = look.caller.now.astimezone(ZONE).date()  # calendars may be what is broken
    able = select(held.c.id).where(
        held.c.role.in_(ADMINISTER["organisation"]),
        or_(held.c.since.is_(None), held.c.since <= day),
        or_(held.c.until.is_(None), held.c.until >= day),
    )
    if not look.unit.execute(able.limit(1)):
        yield Found("found", {"day": day.isoformat()})


CHECKS = (
    Check("worker", worker, 4),
    Check("sealing", sealing, 5),
    Check("approvals", approvals),
    Check("keys", keys, 3),
    Check("registers", registers),
    Check("clock", clock),
    Check("calendars", calendars),
    Check("settings", settings),
    Check("administered", administered),
)
