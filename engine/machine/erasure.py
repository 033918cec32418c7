"""What a purge takes out of a case and out of what its history says. Pure.

The events stay in their places with everything but the content: who acted, when, on what basis, that an item
was there. What is left of an event is written in the same spelling, so that a fold gives the same case as before.
"""

from collections.abc import Collection, Mapping
from typing import Any, cast

from engine.domain.case import CaseState, Event, RecordItem


def emptied(item: RecordItem) -> RecordItem:
    """An item of which only the fact is left that it was there, whose it is and who signed it."""
    return {**item, "fields": {}, "purged": True}


def without(state: CaseState, facts: Collection[str]) -> CaseState:
    """The case without the content of these fields and records."""
    purged = sorted({*state.get("purged", ()), *facts})
    fields = {name: value for name, value in state["fields"].items() if name not in facts}
    records = [emptied(item) if item["kind"] in facts else item for item in state["records"]]
    return {**state, "fields": fields, "records": records, "purged": purged}


def redacted(event: Event, facts: Collection[str]) -> Event:
    """An event without that content, the same object where it holds none of it."""
    changes = event["changes"]
    told = [_redacted(change, facts) for change in changes]
    if all(now is was for now, was in zip(told, changes, strict=True)):
        return event
    kept = {name: value for name, value in event.items() if name != "salt"}
    return cast(Event, {**kept, "changes": told, "erased": sorted({*event.get("erased", ()), *facts})})


def _redacted(change: dict[str, Any], facts: Collection[str]) -> dict[str, Any]:
    do = change["do"]
    if do == "set" and change["field"] in facts:
        return {"do": "erased", "what": "set", "name": change["field"]}
    if do == "record" and change["item"]["kind"] in facts and not change["item"].get("purged"):
        return {**change, "item": emptied(change["item"])}
    if do == "amend" and _kind(change["record"]) in facts:
        return {"do": "erased", "what": "amend", "name": change["record"]}
    if do == "corrected":
        return _corrected(change, facts)
    if do == "restore":
        return _restored(change, facts)
    return _undecided(change) if "decision" in change else change


def _undecided(change: dict[str, Any]) -> dict[str, Any]:
    """A decision without what its rules read: columns have names of their own, and any may tell what is purged.

    Whom it picked can still be made again; that needs people only."""
    ruling, against = change["decision"].get("ruling", {}), change["decision"].get("against")
    left = dict(change["decision"])
    if "inputs" in ruling:
        left["ruling"] = {name: value for name, value in ruling.items() if name != "inputs"}
    if against is not None and "inputs" in against["params"]:
        left["against"] = {**against, "params": {**against["params"], "inputs": "-"}}
    return change if left == change["decision"] else {**change, "decision": left}


def _corrected(change: dict[str, Any], facts: Collection[str]) -> dict[str, Any]:
    def left(told: Mapping[str, Any]) -> dict[str, Any]:
        return {name: v for name, v in told.items() if name not in facts and _kind(name) not in facts}

    before, after = left(change["before"]), left(change["after"])
    same = before == change["before"] and after == change["after"]
    return change if same else {**change, "before": before, "after": after}


def _restored(change: dict[str, Any], facts: Collection[str]) -> dict[str, Any]:
    to = dict(change["to"])
    if "fields" in to:
        to["fields"] = {name: value for name, value in to["fields"].items() if name not in facts}
    if "records" in to:
        to["records"] = [emptied(item) if item["kind"] in facts else item for item in to["records"]]
    return change if to == change["to"] else {**change, "to": to}


def _kind(name: str) -> str:
    """The kind behind an item's id, or behind a field of an item: ``consent-2.decision``."""
    return name.partition(".")[0].rpartition("-")[0]
