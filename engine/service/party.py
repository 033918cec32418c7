"""Parties join, change and leave between filing and closing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.persistence.unit import Unit
from engine.service.acting import do_act
from engine.service.caller import Answer, Caller


def add(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    role: str | None = None,
    fields: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    key: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """A party joins; ``fields`` may hold name, person and the party fields."""
    party = {**(fields or {}), **({"role": role} if role else {})}
    return do_act(
        unit,
        caller,
        ref=ref,
        act="add_party",
        parties=[party],
        at=at,
        done_by=done_by,
        reason=reason,
        key=key,
        if_version=if_version,
    )


def change(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    no: str,
    fields: Mapping[str, Any],
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    key: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """What is known of a party changes."""
    party = {**fields, "no": no}
    return do_act(
        unit,
        caller,
        ref=ref,
        act="change_party",
        parties=[party],
        at=at,
        done_by=done_by,
        reason=reason,
        key=key,
        if_version=if_version,
    )


def leave(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    no: str,
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    key: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """A party leaves; its number is never used again."""
    return do_act(
        unit, caller, ref=ref, act="party_leaves", item=no, at=at, done_by=done_by, reason=reason, key=key,
        if_version=if_version,
    )  # fmt: skip
