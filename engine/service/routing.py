"""Why this person: the decision that filled a seat, as it was stored."""

from typing import Any

from engine.domain.errors import NotFound, Reason
from engine.domain.messages import tell, text
from engine.persistence.case_store import history
from engine.persistence.unit import Unit
from engine.routing.candidate import Excluded
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.naming import find_seat

Told = dict[str, Any]
WANTED = ("function", "levels", "roles", "skills", "languages", "sex", "weight", "acknowledge")


def explain(unit: Unit, caller: Caller, *, ref: str, seat: str | None = None) -> Answer:
    """The newest decision on a seat, and how many there were. FM-N025 if none is stored."""
    row = get_case(unit, caller, ref)
    if seat is not None:
        seat = find_seat(law.program(unit, row.definition), seat)
    made = [
        _told(event.event, change, caller.lang)
        for event in history(unit, row.id)
        for change in event.event["changes"]
        if "decision" in change and (seat is None or change.get("seat") == seat)
    ]
    if not made:
        raise NotFound("FM-N025", ref=row.ref)
    return {"ref": row.ref, **made[-1], "decisions": [_short(decision) for decision in made]}


def _told(event: Any, change: Told, lang: str) -> Told:
    decision = change["decision"]
    reason = decision.get("reason") or ("nobody" if change["do"] == "incident" else "by_hand")
    excluded = [told_out(out, lang) for out in decision.get("excluded", [])]
    return {
        "seat": change.get("seat"),
        "person": change.get("person"),
        "by": decision.get("by", "engine"),
        "actor": event["actor"],
        "seq": event["seq"],
        "at": event["at"],
        "rule": decision.get("rule"),
        "score": decision.get("score"),
        "reason": reason,
        "reason_text": text(f"word.pick.{reason}", lang),
        **_ruled(decision, lang),
        "candidates": decision.get("candidates", []),
        "excluded": excluded,
        **{name: decision[name] for name in ("seed", "pool", "wanted") if name in decision},
        "items": [*(_in(c) for c in decision.get("candidates", [])), *(_out(e) for e in excluded)],
    }


def _ruled(decision: Told, lang: str) -> Told:
    """What the tables asked for: which tables, the rule in words, what it read; and whom nobody nearer could be."""
    ruling = decision.get("ruling", {})
    because = ruling.get("because_zh") if lang == "zh" else None
    against = decision.get("against")
    return {
        "table": decision.get("table"),
        "because": because or ruling.get("because"),
        "inputs": ruling.get("inputs", {}),
        "wanted_of_them": {name: ruling[name] for name in WANTED if name in ruling},
        "fallen": [_fallen(one, lang) for one in decision.get("fallen", ())],
        "against": against and tell(Reason(against["code"], against["params"]), lang),
    }


def _fallen(one: Told, lang: str) -> Told:
    why = [text(f"word.fallen.{because}", lang) for because in one["because"]]
    return {**one, "text": text("word.out.joint", lang).join(why)}


def _in(candidate: Told) -> Told:
    return {"person": candidate["person"], "score": candidate["score"], **candidate["terms"], "out": None}


def _out(excluded: Told) -> Told:
    return {"person": excluded["person"], "score": None, "out": excluded["text"]}


def told_out(out: Told, lang: str) -> Told:
    """A stored exclusion with its reason as text."""
    return {**out, "text": Excluded(out["person"], out["because"], out.get("params", {})).tell(lang)}


def _short(decision: Told) -> Told:
    return {key: decision[key] for key in ("seq", "at", "seat", "person", "rule", "reason")}
