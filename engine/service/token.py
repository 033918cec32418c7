"""Bearer tokens: who made one, whose it is, until when. The secret itself is told once and kept nowhere."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ClauseElement, func, insert, or_, select, update

from engine.domain.errors import NotFound, UsageError
from engine.domain.instant import to_text
from engine.persistence import table
from engine.persistence.case_store import KeyWrite, find_key, write_key
from engine.persistence.statement import statement
from engine.persistence.unit import Unit
from engine.service.acting import replayed
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.person import resolve_person

PREFIX = "fmk_"
SECRET_BYTES = 32
_token = table.columns_of(table.Token)


@dataclass(frozen=True, slots=True)
class Held:
    """What a token stands for."""

    id: int
    person: str
    expires_at: datetime | None
    revoked_at: datetime | None


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@statement(lambda cells: Held(*cells))
def _by_digest(*, digest: str) -> ClauseElement:
    c = _token.c
    return select(c.id, c.person, c.expires_at, c.revoked_at).where(c.digest == digest)


def find_token(unit: Unit, caller: Caller, *, digest: str) -> Held | None:
    """The token with this digest, whatever became of it."""
    return unit.find(_by_digest, digest=digest)


def create_token(
    unit: Unit,
    caller: Caller,
    *,
    person: str,
    label: str | None = None,
    expires_at: datetime | None = None,
    key: str | None = None,
) -> Answer:
    """A new token for a person; ``token`` in the answer is told this once, a repeated key tells it no more."""
    require(unit, caller, "organisation")
    code = resolve_person(unit, person)
    asked = sha256(repr((code, label, expires_at, caller.person)).encode()).hexdigest()
    held = find_key(unit, key) if key else None
    if held is not None:
        return replayed(held.key, held.digest, held.answer, held.at, asked)
    if expires_at is not None and expires_at <= caller.at:
        raise UsageError("FM-U361", at=to_text(expires_at))
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    values = {
        "digest": digest_of(secret),
        "person": code,
        "label": (label or "").strip(),
        "created_by": caller.person or code,
        "created_at": caller.at,
        "expires_at": expires_at,
    }
    number = unit.execute(insert(_token).values(**values).returning(_token.c.id))[0]["id"]
    answer = _told({**values, "id": number, "revoked_at": None, "revoked_by": None}, caller)
    if key:
        write_key(unit, KeyWrite(key, asked, {**answer, "token": None}, caller.at))
    return {**answer, "token": secret}


def list_tokens(unit: Unit, caller: Caller, *, every: bool = False, limit: int | None = None) -> Answer:
    """Tokens that are good today, or with ``every`` all that ever were; never a secret."""
    require(unit, caller, "organisation")
    condition = _token.c.id.is_not(None) if every else _good(caller)
    rows = unit.execute(select(_token).where(condition).order_by(_token.c.id))
    items = [_told(row, caller) for row in rows]
    return {
        "items": items[:limit] if limit else items,
        "count": len(items),
        "next": None,
        "as_of": to_text(caller.at),
    }


def count_tokens(unit: Unit, caller: Caller) -> int:
    """How many are good now."""
    count: int = unit.execute(select(func.count().label("n")).select_from(_token).where(_good(caller)))[0][
        "n"
    ]
    return count


def revoke_token(unit: Unit, caller: Caller, *, id: str) -> Answer:  # noqa: A002 - as it is shown
    """End a token for good. Doing it twice changes nothing."""
    require(unit, caller, "organisation")
    digits = id.strip().upper().removeprefix("T-")
    number = int(digits) if digits.isdecimal() and len(digits) < 18 else -1
    rows = unit.execute(select(_token).where(_token.c.id == number))
    if not rows:
        raise NotFound("FM-N080", given=id)
    row = rows[0]
    if row["revoked_at"] is None:
        row = {**row, "revoked_at": caller.at, "revoked_by": caller.person}
        changed = {"revoked_at": caller.at, "revoked_by": caller.person}
        unit.execute(update(_token).where(_token.c.id == number).values(**changed))
    return _told(row, caller)


def _good(caller: Caller) -> Any:
    c = _token.c
    return c.revoked_at.is_(None) & or_(c.expires_at.is_(None), c.expires_at > caller.at)


def _told(row: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    def at(name: str) -> str | None:
        return to_text(row[name]) if row[name] else None

    expired = row["expires_at"] is not None and row["expires_at"] <= caller.at
    return {
        "id": f"T-{row['id']}",
        "person": row["person"],
        "label": row["label"],
        "created_by": row["created_by"],
        "created_at": at("created_at"),
        "expires_at": at("expires_at"),
        "revoked_at": at("revoked_at"),
        "revoked_by": row["revoked_by"],
        "status": "revoked" if row["revoked_at"] else "expired" if expired else "good",
    }
