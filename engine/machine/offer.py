"""What can be done now, what cannot, and why: every act judged for one actor, with the form it takes.

A guard that reads what the act itself asks for cannot be judged before it is filled in, so it is left open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.definitions.model import Ask, FieldSpec, Transition
from engine.definitions.outline import Generated
from engine.domain.case import CaseState
from engine.domain.errors import Reason
from engine.domain.length import LONGEST_TEXT
from engine.machine import undoing
from engine.machine.act import bars, extension
from engine.machine.command import SYSTEM, Command, World
from engine.machine.decide import sweep
from engine.machine.draft import Draft
from engine.machine.judge import allowed, fact_title, guarded, required, unbound, who_title
from engine.machine.move import find_move, not_open, open_acts, sides_lacking
from engine.machine.program import Program


@dataclass(frozen=True, slots=True)
class Offer:
    """One act for one actor. ``form`` is a JSON Schema of the inputs."""

    act: str
    allowed: bool
    reasons: tuple[Reason, ...]
    form: dict[str, Any]
    who: tuple[str, ...]
    basis: str | None = None


def offers(
    program: Program,
    state: CaseState,
    version: int,
    command: Command,
    world: World,
    *,
    every: bool = False,
    only: str | None = None,
) -> list[Offer]:
    """Acts open where the case stands, those the actor may do first; with ``every`` the others too, refused.

    ``only`` this act, open or not.
    """
    # marks due by then fire before any act
    due = sweep(program, state, version, command.at, world)
    state, version = due.state or state, version + len(due.events)
    names = [only] if only else open_acts(program, state)
    if every:
        names += [n for n in [*program.outline.triggers, *program.outline.generated] if n not in names]
    acts = [name for name in names if name != "file"]
    found = [offer(program, state, version, replace(command, trigger=act), world) for act in acts]
    return sorted(found, key=lambda o: not o.allowed)


def offer(program: Program, state: CaseState, version: int, command: Command, world: World) -> Offer:
    """One act judged without doing it."""
    draft = Draft(program, state, world, version)
    draft.begin(command.trigger, command)
    act = command.trigger
    found = find_move(draft, act)
    if found is not None:
        return _written(draft, found[1], found[2], act, command)
    generated = program.outline.generated.get(act)
    if generated is not None and draft.stands_in(generated.leaves):
        return _generated(draft, generated, command)
    forms = program.outline.triggers.get(act)
    who = tuple(dict.fromkeys(w for t in forms[1] for w in t.allow)) if forms else ()
    return Offer(act, allowed=False, reasons=(not_open(draft, act, command.actor),), form={}, who=who)


def _written(draft: Draft, leaf: str, transition: Transition, act: str, command: Command) -> Offer:
    reasons = allowed(draft, transition.allow, act, command.actor)
    reasons += _unbound(draft, transition.asks, act)
    reasons += required(draft, transition, act)
    reasons += guarded(draft, transition.guard, act, awaited=_names(draft.program, transition.asks))
    reasons += sides_lacking(draft, leaf, transition, act)
    reasons = reasons or undoing.against(draft, transition, act)
    schema = form(draft.program, transition.asks, transition.outcome)
    who = tuple(w for w in transition.allow if w != SYSTEM)
    return Offer(act, not reasons, tuple(reasons), schema, who, transition.basis)


def _generated(draft: Draft, act: Generated, command: Command) -> Offer:
    reasons, allow, asks = bars(draft, act, command.actor), act.allow, act.asks
    if act.kind == "extend":
        rung = extension(draft, act, command.actor).rung
        if rung is not None:
            allow, asks = rung.allow, (*asks, *rung.asks)
            reasons += guarded(draft, rung.guard, act.name, awaited=_names(draft.program, asks))
    elif act.kind == "take" and not reasons:
        reasons += draft.world.eligible(draft.asked(act.subject, at=command.at), command.actor)
    schema = _extended(form(draft.program, asks), *_besides(draft, act, command.actor))
    return Offer(act.name, not reasons, tuple(reasons), schema, allow, act.basis)


def _names(program: Program, asks: Iterable[Ask]) -> set[str]:
    """Every name under which an expression may read what is asked for."""
    records = program.definition.records
    return {
        n for ask in asks for n in (ask.name, records[ask.name].plural if ask.name in records else ask.name)
    }


def _unbound(draft: Draft, asks: Iterable[Ask], act: str) -> list[Reason]:
    """Records that the act must have and that belong to what is not there, nor brought by the act itself."""
    records = draft.program.definition.records
    names = {ask.name for ask in asks}
    needed = [ask.name for ask in asks if ask.needed and ask.name in records]
    return [r for name in needed if records[name].per not in names for r in unbound(draft, name, act)]


# ---- forms -------------------------------------------------------------------------------------


def form(program: Program, asks: Iterable[Ask], outcomes: tuple[str, ...] = ()) -> dict[str, Any]:
    """What an act takes, as a JSON Schema: prompts, pages and clients are built from it."""
    groups: dict[str, dict[str, Any]] = {"set": {}, "records": {}, "seats": {}}
    needed: dict[str, list[str]] = {"set": [], "records": [], "seats": []}
    properties: dict[str, Any] = {}
    top: list[str] = []
    for ask in asks:
        if ask.name == "note":
            properties["note"] = {
                "type": "string",
                "title": "note",
                "title_zh": "备注",
                "maxLength": LONGEST_TEXT,
            }
            top += ["note"] if ask.needed else []
            continue
        group, schema = _part(program, ask)
        groups[group][ask.name] = schema
        if ask.needed:
            needed[group].append(ask.name)
    for group, parts in groups.items():
        if parts:
            properties[group] = {"type": "object", "properties": parts, "additionalProperties": False}
            if needed[group]:
                properties[group]["required"] = needed[group]
                top.append(group)
    if len(outcomes) > 1:
        properties["outcome"] = {"enum": list(outcomes)}
        top.append("outcome")
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": top} if top else made


def _extended(made: dict[str, Any], more: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    """A form with further properties."""
    if not more:
        return made
    required = [*made.get("required", ()), *needed]
    whole = {**made, "properties": {**made["properties"], **more}}
    return {**whole, "required": required} if required else whole


def _besides(draft: Draft, act: Generated, actor: str) -> tuple[dict[str, Any], list[str]]:
    """What generated acts take that no definition asks for, and which of it they must have."""
    active = draft.active()
    if act.kind in ("add_party", "change_party"):
        item = party_form(draft.program, active if act.kind == "change_party" else None)
        return {"parties": {"type": "array", "minItems": 1, "items": item}}, ["parties"]
    if act.kind == "party_leaves":
        item = {"type": "string", "title": "party", "title_zh": "当事人", "enum": active}
        return {"item": item}, [] if actor in active else ["item"]
    if act.kind == "sign":
        return _signing_form(draft, act.subject), []
    return {}, []


def party_form(program: Program, active: list[str] | None = None) -> dict[str, Any]:
    """One party that joins; with ``active`` one of these that changes."""
    parties = program.definition.parties
    text = {"type": "string", "kind": "text"}
    properties: dict[str, Any] = {
        "role": {
            **text,
            "title": "role",
            "title_zh": "身份",
            "enum": list(parties.roles),
            "options": {
                name: {lang: who_title(program, name, lang) for lang in ("en", "zh")}
                for name in parties.roles
            },
        },
        "name": {**text, "title": "name", "title_zh": "姓名"},
        "person": {**text, "title": "key in another system", "title_zh": "外部编号"},
    }
    if active is not None:
        number = {**text, "title": "party", "title_zh": "当事人", "enum": active}
        properties = {"no": number, "name": properties["name"]}
    if parties.representatives is not None:
        titles = {"title": "speaks for his side", "title_zh": "推选为代表人"}
        properties["representative"] = {"type": "boolean", "kind": "bool", **titles}
    for name, field in parties.fields.items():
        properties[name] = field_form(program, field, f"parties.{name}", name)
    required = ["role" if active is None else "no"]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _signing_form(draft: Draft, kind: str) -> dict[str, Any]:
    """Which item, the newest if none is said; who signs, oneself if nobody is said."""
    unsigned = [item["id"] for item in draft.items(kind) if "signed_at" not in item]
    people = {"type": "array", "items": {"type": "string"}, "minItems": 1, "kind": "persons"}
    by = {**people, "title": "who signs", "title_zh": "签字人"}
    item = {"type": "string", "kind": "text", **_titles(draft.program, kind)}
    return {
        "item": {**item, "enum": unsigned} if unsigned else item,
        "set": {"type": "object", "properties": {"by": by}, "additionalProperties": False},
    }


def _part(program: Program, ask: Ask) -> tuple[str, dict[str, Any]]:
    definition = program.definition
    if ask.name in definition.fields:
        return "set", field_form(program, definition.fields[ask.name], f"fields.{ask.name}", ask.name)
    if ask.name in definition.records:
        return "records", {
            "type": "array",
            "minItems": 1 if ask.needed else 0,
            "items": record_form(program, ask.name),
            **_titles(program, ask.name),
        }
    seat = program.outline.seats[ask.name]
    people = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": seat.most}
    return "seats", {**people, **_titles(program, ask.name)}


def record_form(program: Program, kind: str) -> dict[str, Any]:
    """One item of a record."""
    spec = program.definition.records[kind]
    properties = {
        name: field_form(program, field, f"records.{kind}.{name}", name)
        for name, field in spec.fields.items()
    }
    required = [name for name, field in spec.fields.items() if not field.optional and not field.has_default]
    if spec.per == "party":
        properties["party"] = {"type": "string", "pattern": "^P[0-9]+$"}
        required.append("party")
    elif spec.per:
        properties["of"] = {"type": "string"}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_JSON_TYPES = {
    "bool": "boolean",
    "int": "integer",
    "choices": "array",
    "parties": "array",
    "persons": "array",
}
_FORMATS = {"date": "date", "timestamp": "date-time"}


def field_form(program: Program, spec: FieldSpec, path: str, name: str) -> dict[str, Any]:
    """One field, with its options' titles in both languages and the kind it has in the language."""
    definition = program.definition
    made: dict[str, Any] = {
        "type": _JSON_TYPES.get(spec.kind, "string"),
        "kind": spec.kind,
        "title": spec.title or name.replace("_", " "),
        "title_zh": definition.text(f"{path}.title", "zh", spec.title or name.replace("_", " ")),
    }
    if spec.kind == "text":
        made["maxLength"] = LONGEST_TEXT
    if spec.kind in _FORMATS:
        made["format"] = _FORMATS[spec.kind]
    if spec.options:
        target = made if spec.kind == "choice" else made.setdefault("items", {})
        target["enum"] = list(spec.options)
        made["options"] = {
            option: {
                lang: definition.text(f"{path}.{option}", lang, option.replace("_", " "))
                for lang in ("en", "zh")
            }
            for option in spec.options
        }
    if spec.has_default:
        made["default"] = spec.default
    return made


def _titles(program: Program, name: str) -> dict[str, str]:
    return {"title": fact_title(program, name, "en"), "title_zh": fact_title(program, name, "zh")}
