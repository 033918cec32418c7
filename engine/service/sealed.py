"""Sealed content at the doors: who sees it, and what everybody else is shown in its place.

Nothing is taken out of the store. That a case or a record is sealed is shown to everybody.
"""

from typing import Any

from engine.domain.access import may_see_sealed
from engine.domain.case import CaseState
from engine.domain.messages import text
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.caller import Caller

CASE = "case"
CONTENT = frozenset({"set", "record", "amend", "party", "party_change", "corrected", "restore", "file"})
Shown = dict[str, Any]
Closed = frozenset[str]  # "case", or kinds of records
OPEN: Closed = frozenset()


def closed(unit: Unit, caller: Caller, state: CaseState) -> Closed:
    """What of a case this caller is not shown; nothing for those whom the access policy names."""
    sealed = state.get("sealed")
    if not sealed:
        return OPEN
    if caller.person is not None:
        calendar = law.calendar(
            unit, law.program(unit, state["definition"]).definition.calendar, state["unit"]
        )
        day = calendar.day_of(caller.at)
        near = directory.around(unit, state["place"], function=state["case_type"], on=day)
        if may_see_sealed(directory.who(unit, caller.person, near)):
            return OPEN
    return frozenset(sealed)


def answered(unit: Unit, caller: Caller, state: CaseState | None, answer: Shown) -> Shown:
    """The answer to an act: what somebody brought himself he may be told."""
    if state is None or "sealed" not in state:
        return answer
    return {**answer, "case": line(answer["case"], closed(unit, caller, state), caller.lang)}


def line(shown: Shown, shut: Closed, lang: str) -> Shown:
    """A case in short, or whatever of it has these names."""
    if CASE not in shut:
        return shown
    covers = {
        "what": text("word.sealed_case", lang), "risk": None, "risk_title": None, "reporter": None, "external": None,
    }  # fmt: skip
    return {**shown, **{name: cover for name, cover in covers.items() if name in shown}}


def case(shown: Shown, shut: Closed, lang: str) -> Shown:
    """The page of a case."""
    if not shut:
        return shown
    whole = CASE in shut
    told = {
        **line(shown, shut, lang),
        "records": [_item(item) if whole or item["kind"] in shut else item for item in shown["records"]],
    }
    if whole:
        told |= {
            "fields": {},
            "titled": [],
            "parties": [_party(party) for party in shown["parties"]],
        }
    return told


def event(shown: Shown, shut: Closed) -> Shown:
    """An event: that it happened, when and by whom stays; what it brought does not."""
    if not shut:
        return shown
    changes = [{"do": "sealed"} if _content(change, shut) else change for change in shown["changes"]]
    return {**shown, "changes": changes, **({"note": None} if CASE in shut else {})}


def _content(change: Shown, shut: Closed) -> bool:
    if change["do"] not in CONTENT:
        return False
    if CASE in shut or change["do"] in ("corrected", "restore"):
        return True
    kind = change.get("item", {}).get("kind") or str(change.get("record", "")).rpartition("-")[0]
    return kind in shut


def _item(item: Shown) -> Shown:
    return {**item, "fields": {}, "titled": [], "sealed": True}


def _party(party: Shown) -> Shown:
    kept = {name: value for name, value in party.items() if name not in ("name", "person")}
    return {**kept, "fields": {}, "titled": []}
