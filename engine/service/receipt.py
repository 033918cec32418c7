"""The reporter's receipt: a code on paper that says how the matter stands to whoever holds it, and nothing about people.

Of the code only its digest is kept, bound to the case's reference in the commit of the filing. Ten letters of
thirty-two: among a million cases one guess in a thousand million hits, and guesses are few (``api/guesses.py``).
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from engine.domain.case import CaseState
from engine.domain.errors import NotFound
from engine.domain.instant import to_text
from engine.machine.judge import state_title
from engine.persistence import chain
from engine.persistence.case_store import CaseRow, find_case, find_key
from engine.persistence.change import Change
from engine.persistence.unit import Unit
from engine.service import covered, law, past
from engine.service.caller import Answer, Caller
from engine.service.view import outcome_title
from engine.service.words import words_of

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that look alike
GROUPS = (4, 3, 3)
KEY = "receipt:"


def drawn() -> str:
    """A code for the reporter: `7KQ4-M2X-9TB`."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(size)) for size in GROUPS)


def bound(code: str, ref: str, at: datetime) -> Change:
    """The row by which the case is found again."""
    answer = chain.plain({"ref": ref})
    return Change("add", "command_key", {"key": _key(code), "digest": ref, "answer": answer, "at": at})


def status(unit: Unit, caller: Caller, *, receipt: str) -> Answer:
    """How the report stands: {ref, type_title, state_title, phase, filed_at, closed_at, outcome_title, joined, due_date,
    as_of}. FM-N046 for a code that nobody was given.

    Of a joined report it is told how the case stands in which it goes on, not which that is.
    """
    held = find_key(unit, _key(receipt))
    row = find_case(unit, str(held.answer["ref"])) if held else None
    if row is None:
        raise NotFound("FM-N046", kind="usage")
    going = _going(unit, row)
    return {
        "ref": row.ref,
        **_standing(unit, caller, going),
        "type_title": words_of(law.program(unit, row.definition), caller.lang).title,
        "filed_at": row.body["filed_at"],
        "joined": going.id != row.id,
        "as_of": to_text(caller.at),
    }


def _going(unit: Unit, row: CaseRow) -> CaseRow:
    """The case in which it goes on, if it was joined to one; itself otherwise."""
    seen = {row.ref}
    while (onward := past.goes_on_in(row.body)) and onward not in seen and row.phase == "done":
        found = find_case(unit, onward)
        if found is None:
            break
        seen.add(onward)
        row = found
    return row


def _standing(unit: Unit, caller: Caller, row: CaseRow) -> dict[str, Any]:
    program, state = law.program(unit, row.definition), row.body
    shut = covered.CASE in state.get("sealed", {})
    return {
        "state_title": None if shut else state_title(program, row.state, caller.lang),
        "phase": row.phase,
        "closed_at": to_text(row.closed_at) if row.closed_at else None,
        "outcome_title": None if shut else outcome_title(program, state.get("outcome"), caller.lang),
        "due_date": None if shut else _due(state),
    }


def _due(state: CaseState) -> str | None:
    """The day of the next deadline."""
    running = [r for r in state["clocks"] if r["status"] == "running" and r["kind"] == "limit" and "due" in r]
    return min(running, key=lambda r: r["due"])["due_date"] if running else None


def _key(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return KEY + hashlib.sha256(plain.encode()).hexdigest()
