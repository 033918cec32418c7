"""Erased content: what is left of an event takes the place of its text, while its hash stays what it was.

A purge is an event like any other; it names the events whose content it took, each with the digest of what is
left. So the chain runs on over the old hashes, and what is left is covered by the purge that came later.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from engine.persistence import chain
from engine.persistence.late import Approval, CommandKey, and_, columns_of, or_, select, update
from engine.persistence.late import Event as EventTable
from engine.persistence.unit import Unit

_event, _key, _approval = columns_of(EventTable), columns_of(CommandKey), columns_of(Approval)
_TOLD = '"do":"purge"'
GONE = "purged"  # stands for the digest of a request that could else be guessed from it


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def vouched(texts: Iterable[tuple[Any, Any]]) -> dict[int, str]:
    """Event to the digest of what a later purge left of it; ``texts`` are (seq, text) in order of a history."""
    found: dict[int, str] = {}
    for seq, text in reversed(list(texts)):
        if isinstance(text, str) and isinstance(seq, int) and _TOLD in text:
            for number, left in _left(text):
                if number < seq:
                    found.setdefault(number, left)
    return found


def _left(text: str) -> Iterable[tuple[int, str]]:
    try:
        for change in json.loads(text)["changes"]:
            if change["do"] == "purge":
                yield from ((int(n), str(left)) for n, left in change["erased"].items())
    except (ValueError, TypeError, KeyError, AttributeError):  # damaged: then it vouches for nothing
        return


def stands(text: Any, left: str | None) -> bool:
    """Whether this is what a purge left of an event."""
    return left is not None and isinstance(text, str) and digest(text) == left


def rewrite(unit: Unit, case_id: int, left: Mapping[int, str]) -> None:
    """Put what is left of events in the place of their texts."""
    for seq, text in left.items():
        here = (_event.c.case_id == case_id, _event.c.seq == seq)
        unit.execute(update(_event).where(*here).values(body=text))


def forget(unit: Unit, case_id: int, ref: str, facts: Sequence[str]) -> None:
    """Take the content out of what is kept beside a case: answers under keys, and requests for a yes."""
    _overwrite(unit)
    about = and_(_key.c.case_id.is_(None), _key.c.answer.contains(f'"ref":"{ref}"'))
    for row in unit.execute(select(_key.c.key, _key.c.answer).where(or_(_key.c.case_id == case_id, about))):
        answer = chain.plain(_bare(chain.read(row["answer"])))
        unit.execute(update(_key).where(_key.c.key == row["key"]).values(answer=answer, digest=GONE))
    for row in unit.execute(
        select(_approval.c.id, _approval.c.command).where(_approval.c.case_id == case_id)
    ):
        command = chain.canonical(_asked(json.loads(row["command"]), facts))
        unit.execute(update(_approval).where(_approval.c.id == row["id"]).values(command=command))


def _overwrite(unit: Unit) -> None:
    """What is deleted in a file is overwritten there, and not only marked as free."""
    if unit.dialect == "sqlite":
        from sqlalchemy import text

        unit.execute(text("PRAGMA secure_delete = ON"))


_TOLD_BEFORE: Mapping[str, Any] = {"changes": [], "reasons": [], "risk": None, "risk_title": None}


def _bare(answer: Any) -> Any:
    """An answer without what was brought: that it was done, and where the case stood, stays."""
    if isinstance(answer, list):
        return [_bare(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        name: _TOLD_BEFORE[name] if name in _TOLD_BEFORE else _bare(value) for name, value in answer.items()
    }


def _asked(command: dict[str, Any], facts: Sequence[str]) -> dict[str, Any]:
    for part in ("fields", "records"):
        if part in command:
            command[part] = {name: value for name, value in command[part].items() if name not in facts}
    return command
