"""Why this person: the decisions that filled the seats of a case, as they were stored, told to people."""

from collections.abc import Collection, Mapping
from typing import Any

from engine.domain.errors import NotFound, Reason
from engine.domain.messages import tell, text
from engine.machine.program import Program
from engine.persistence.case_store import history
from engine.persistence.unit import Unit
from engine.routing.table import Routing
from engine.routing.table.bind import Bound
from engine.routing.table.model import Rule, Sheet, Table
from engine.rules.reading import Path
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.cover import cover
from engine.service.covered import Cover
from engine.service.naming import find_seat
from engine.service.routing import current
from engine.service.routing.wording import Wording
from engine.service.words import words_of

Told = dict[str, Any]
WANTED = ("function", "levels", "roles", "skills", "languages", "sex", "weight", "acknowledge", "grace")


def explain(
    unit: Unit, caller: Caller, *, ref: str, seat: str | None = None, decision: int | None = None
) -> Answer:
    """A decision on a seat: the newest, or that of a number in ``decisions``, which are all there were.

    {ref, no, seat, seat_title, person, by, actor, at, sentence, rule, because, basis, table, inputs{},
    wanted_of_them{}, score, reason, reason_text, candidates[], excluded[], fallen[], items[], decisions[]}.
    FM-N025 if none is stored, FM-N056 for a number that is none.
    """
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    if seat is not None:
        seat = find_seat(program, seat)
    shown = cover(unit, caller, row.body)
    made = [
        (event.event, shown.audience.change(change))
        for event in history(unit, row.id)
        for change in event.event["changes"]
        if "decision" in change and (seat is None or change.get("seat") == seat)
    ]
    if not made:
        raise NotFound("FM-N025", ref=row.ref)
    no = len(made) if decision is None else decision
    if not 1 <= no <= len(made):
        raise NotFound("FM-N056", kind="usage", ref=row.ref, no=no, count=len(made))
    event, change = made[no - 1]
    told = _told(unit, law.program(unit, event["definition"]), shown, event, change, caller.lang)
    seats = words_of(program, caller.lang).fact
    decisions = [{**_short(n, *one), "seat_title": seats[one[1]["seat"]]} for n, one in enumerate(made, 1)]
    return {"ref": row.ref, "no": no, **told, "decisions": decisions}


def _told(
    unit: Unit, program: Program, shown: Cover, event: Mapping[str, Any], change: Told, lang: str
) -> Told:
    routing = _tables(unit, program, change["decision"])
    bound = _decided(routing, change["decision"])
    decision = shown.decision(change["decision"], _reads(bound), _asks(bound, change["decision"]))
    reason = _reason(change)
    wording = Wording(program, law.vocabulary(unit), lang)
    excluded = [wording.out(out) for out in decision.get("excluded", [])]
    candidates = [{**one, "terms": wording.terms(one["terms"])} for one in decision.get("candidates", [])]
    told: Told = {
        "seat": change.get("seat"),
        "seat_title": words_of(program, lang).fact[change["seat"]],
        "person": change.get("person"),
        "by": decision.get("by", "engine"),
        "actor": shown.acted(event["actor"], event["at"], event["act"]),
        "seq": event["seq"],
        "at": event["at"],
        "rule": decision.get("rule"),
        "score": decision.get("score"),
        "reason": reason,
        "reason_text": text(f"word.pick.{reason}", lang),
        **_ruled(decision, routing, wording, lang),
        "candidates": candidates,
        "excluded": excluded,
        **{name: decision[name] for name in ("seed", "pool", "wanted") if name in decision},
        "items": [*(_in(c) for c in decision.get("candidates", [])), *(_out(e) for e in excluded)],
    }
    return {**told, "sentence": _sentence(told, decision, lang)}


def _tables(unit: Unit, program: Program, decision: Told) -> Routing | None:
    """The tables that the decision was made by, where they are kept."""
    digest = (decision.get("table") or {}).get("hash")
    return current.compiled(unit, digest, program) if digest else None


def _decided(routing: Routing | None, decision: Told) -> Bound | None:
    name = decision.get("ruling", {}).get("table")
    return next((b for b in routing.tables if b.table.name == name), None) if routing else None


def _reads(bound: Bound | None) -> Mapping[str, Collection[Path]]:
    """What of the case each column reads."""
    return {column.name: column.expression.reads for column in bound.columns} if bound else {}


def _asks(bound: Bound | None, decision: Told) -> Collection[str] | None:
    """The columns that the rules which decided ask about; None where that cannot be told."""
    rows = [row for row in bound.rows if row.rule.id in _rules(decision)] if bound else []
    if bound is None or any(row.when is not None for row in rows):
        return None
    return {name for row in rows for name, (cell, _) in row.cells.items() if cell.kind != "any"}


def _rules(decision: Told) -> list[str]:
    return str(decision.get("asked_by") or decision.get("rule")).split("+")


def _ruled(decision: Told, routing: Routing | None, wording: Wording, lang: str) -> Told:
    """What the tables asked for: which tables, the rule in words, what it read; and whom nobody nearer could be."""
    ruling = decision.get("ruling", {})
    because = ruling.get("because_zh") if lang == "zh" else None
    against = decision.get("against")
    read, wanted = ruling.get("inputs", {}), {name: ruling[name] for name in WANTED if name in ruling}
    bound = _decided(routing, decision)
    facts = {column.name: column.fact for column in bound.columns} if bound else {}
    return {
        "table": decision.get("table"),
        "because": because or ruling.get("because"),
        "basis": _basis(routing, decision, lang),
        "inputs": read,
        "inputs_told": [wording.read(name, facts.get(name), value) for name, value in read.items()],
        "wanted_of_them": wanted,
        "wanted_told": [wording.wanted(name, value) for name, value in wanted.items()],
        "fallen": [_fallen(one, wording, lang) for one in decision.get("fallen", ())],
        "against": against and tell(Reason(against["code"], against["params"]), lang),
    }


def _basis(routing: Routing | None, decision: Told, lang: str) -> str | None:
    """Whereon the rule rests: its own words, else those of its table, else those of the whole sheet."""
    bound = _decided(routing, decision)
    if routing is None or bound is None:
        return None
    rules = _rules(decision)
    own = dict.fromkeys(_said_in(rule, lang) for rule in bound.table.each if rule.id in rules and rule.basis)
    return "; ".join(own) or _said_in(bound.table, lang) or _said_in(routing.sheet, lang) or None


def _said_in(part: Rule | Table | Sheet, lang: str) -> str:
    return part.basis_zh if lang == "zh" and part.basis_zh else part.basis


def _sentence(told: Told, decision: Told, lang: str) -> str:
    """Who and why, in one sentence."""
    named: Told = {name: told[name] for name in ("person", "actor", "at")}
    named |= {"seat": told["seat_title"], "why": told["reason_text"], "rule": told["rule"] or "-"}
    if told["person"] is None:
        left = decision.get("summary_zh" if lang == "zh" else "summary")
        return text("word.explain_nobody", lang, **named | {"why": told["against"] or left or named["why"]})
    if told["by"] in ("hand", "self", "lot"):
        return text(f"word.explain_{told['by']}", lang, **named)
    because = told["because"]
    if not because:
        return text("word.explain_picked", lang, **named)
    return text("word.explain_ruled", lang, **named, because=because)


def _fallen(one: Told, wording: Wording, lang: str) -> Told:
    why = [text(f"word.fallen.{because}", lang) for because in one["because"]]
    return {**one, "level_title": wording.level(one["level"]), "text": text("word.out.joint", lang).join(why)}


def _in(candidate: Told) -> Told:
    return {"person": candidate["person"], "score": candidate["score"], **candidate["terms"], "out": None}


def _out(excluded: Told) -> Told:
    return {"person": excluded["person"], "score": None, "out": excluded["text"]}


def _reason(change: Told) -> str:
    reason = change["decision"].get("reason")
    return str(reason or ("nobody" if change["do"] == "incident" else "by_hand"))


def _short(no: int, event: Mapping[str, Any], change: Told) -> Told:
    return {
        "no": no,
        "seq": event["seq"],
        "at": event["at"],
        "seat": change.get("seat"),
        "person": change.get("person"),
        "by": change["decision"].get("by", "engine"),
        "rule": change["decision"].get("rule"),
        "reason": _reason(change),
    }
