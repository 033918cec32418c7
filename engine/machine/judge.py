"""Steps 2, 4 and 5 of one act: who may, what must be on file, every guard. All reasons, never just the first."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

from engine.definitions.model import Rule, Transition, Tree
from engine.domain.case import RecordItem
from engine.domain.errors import Reason
from engine.domain.instant import to_text
from engine.machine.draft import Draft
from engine.machine.program import MOST_WORDS, Program
from engine.machine.who import may
from engine.rules.expression import Expression, Unknown, blame

LATE = timedelta(minutes=1)  # what is entered within a minute is entered at once


def _credit(draft: Draft, allow: Sequence[str], actor: str, *, pending: bool) -> None:
    """The event says for whom the actor stood in, where his own authority would not have been enough."""
    lent = draft.world.acting_for
    if not lent or not draft.events or actor != draft.events[-1]["actor"]:
        return
    own = draft.world.roles - lent.keys()
    if not may(allow, draft.program.outline, draft.state, actor, own, pending=pending):
        draft.events[-1]["acting_for"] = next(lent[who] for who in allow if who in lent)


def allowed(
    draft: Draft, allow: Sequence[str], act: str, actor: str, *, pending: bool = False
) -> list[Reason]:
    """Empty if the actor may; else who would have been the one."""
    roles = draft.world.roles
    if may(allow, draft.program.outline, draft.state, actor, roles, pending=pending):
        _credit(draft, allow, actor, pending=pending)
        return []
    lost = _lost_since(draft, allow, actor)
    if lost is not None and draft.late_allowed:
        return []
    if lost is not None:
        seat, until = lost
        told = {**both("act", draft.program, act), "actor": actor, "at": to_text(draft.at), "until": until}
        names = {
            "seat": who_title(draft.program, seat, "en"),
            "seat_zh": who_title(draft.program, seat, "zh"),
        }
        return [
            Reason("FM-R418", {**told, **names}, "who", _basis(draft.program, act), pointer="/occurred_at")
        ]
    held = sorted(role for role in roles if "@" not in role)
    params = {
        **both("act", draft.program, act),
        "who": ", ".join(who_title(draft.program, who, "en") for who in allow if who != "system"),
        "who_zh": "、".join(who_title(draft.program, who, "zh") for who in allow if who != "system"),
        "actor": actor,
        "holds": ", ".join(who_title(draft.program, r, "en") for r in held) or "without an appointment here",
        "holds_zh": "、".join(who_title(draft.program, r, "zh") for r in held) or "在此无任职",
        "day": draft.world.calendar.day_of(draft.at).isoformat(),
        "way": "",
    }
    return [Reason("FM-R101", params, "who", _basis(draft.program, act))]


def _lost_since(draft: Draft, allow: Sequence[str], actor: str) -> tuple[str, str] | None:
    """(seat, until when) of who held it when he did what is entered now, and has lost it since."""
    if draft.at > draft.world.now - LATE:
        return None
    seats = [name for name in allow if name in draft.program.outline.seats]
    sat = draft.world.sat(actor, draft.at) if seats else {}
    return next(((seat, until) for seat in seats if (until := sat.get(seat)) is not None), None)


def required(draft: Draft, transition: Transition, act: str) -> list[Reason]:
    """What must be on file already and is not: fields, records (signed where they are to be signed), seats."""
    lacking = [name for name in transition.requires if not _on_file(draft, name)]
    return [lacks(draft, act, lacking, basis=transition.basis)] if lacking else []


def lacks(
    draft: Draft, act: str, names: Sequence[str], *, basis: str | None = None, way_out: tuple[str, ...] = ()
) -> Reason:
    """FM-R207: what an act needs on file and does not find there."""
    params = {
        **both("act", draft.program, act),
        "missing": ", ".join(fact_title(draft.program, name, "en") for name in names),
        "missing_zh": "、".join(fact_title(draft.program, name, "zh") for name in names),
    }
    return Reason("FM-R207", params, "requires", basis, way_out=way_out)


def unbound(draft: Draft, kind: str, act: str) -> list[Reason]:
    """An item of this record belongs to a party or to another item, and there is none."""
    per = draft.program.definition.records[kind].per
    if per == "party":
        return [] if draft.active() else [lacks(draft, act, [per], way_out=("add_party",))]
    return [lacks(draft, act, [per])] if per and not draft.items(per) else []


def _on_file(draft: Draft, name: str) -> bool:
    definition = draft.program.definition
    if name in definition.records:
        items = draft.items(name)
        return bool(items) and (not definition.records[name].signed_by or "signed_at" in items[-1])
    if name in draft.program.outline.seats:
        spec = draft.program.outline.seats[name]
        held = draft.state["seats"].get(name, ())
        return sum(1 for h in held if h["accepted"] or not spec.accept) >= spec.least
    return name in draft.state["fields"] or definition.fields[name].has_default


def guarded(
    draft: Draft,
    guards: Iterable[str | Rule],
    act: str,
    *,
    awaited: Collection[str] = (),
    lacking: bool = False,
) -> list[Reason]:
    """Every guard that does not hold. A guard that reads a fact still ``awaited`` from the act itself is left
    out; with ``lacking`` inputs an unknown guard is left out too (the lack is told instead)."""
    reasons = []
    for guard in guards:
        expression = draft.program.condition(guard if isinstance(guard, str) else guard.that)
        if awaited and any(part in awaited for path in expression.reads for part in path):
            continue
        value = expression.evaluate(draft.facts())
        if value is not True and not (lacking and isinstance(value, Unknown)):
            reasons.append(_unmet(draft, draft.program.guard(guard), expression, value, act))
    return reasons


def _unmet(draft: Draft, rule: Rule, expression: Expression, value: object, act: str) -> Reason:
    """Why a guard does not hold, and whom it blames."""
    about = {
        "because": rule.because,
        "because_zh": because(draft.program, rule, act, "zh"),
        "rule": rule.name or act,
    }
    if isinstance(value, Unknown):
        about["missing"] = value.name
    blamed = blame(expression, draft.facts())
    if blamed:
        about["party"] = ", ".join(blamed)
        about["because"] = f"{', '.join(blamed)}: {about['because']}"
        about["because_zh"] = f"{', '.join(blamed)}:{about['because_zh']}"
    code, kind = ("FM-R203" if isinstance(value, Unknown) else "FM-R202"), "guard"
    if any(path[0] == "actor" for path in expression.reads) and not isinstance(value, Unknown):
        code, kind = "FM-R103", "who"
        about["actor"] = str(draft.facts()["actor"]["id"])
    return Reason(code, about, kind, rule.basis, pointer=_pointer(draft, expression))


def _pointer(draft: Draft, expression: Expression) -> str | None:
    """Where in a command stands what the guard looks at, if it is one record or one field."""
    definition = draft.program.definition
    named = {part for path in expression.reads for part in path}
    found = [f"/records/{kind}" for kind, spec in definition.records.items() if {kind, spec.plural} & named]
    found += [f"/fields/{name}" for name in definition.fields if name in named]
    return found[0] if len(found) == 1 else None


def sealed(draft: Draft, item: RecordItem, pointer: str | None = None) -> list[Reason]:
    """Once signing has begun nothing more is added to what is signed; performances come after it, so this is
    only so while the case stands where the item itself is written."""
    spec = draft.program.definition.records[item["kind"]]
    if not (
        spec.signed_by and item.get("signatures") and draft.stands_in(draft.program.outline.spread(spec.in_))
    ):
        return []
    day = item["signatures"][0]["at"][:10]
    return [Reason("FM-R304", {"record": item["id"], "day": day}, "input", pointer=pointer)]


# ---- texts -------------------------------------------------------------------------------------


def because(program: Program, rule: Rule, act: str, lang: str) -> str:
    path = f"rules.{rule.name}.because" if rule.name else f"transitions.{act}.guard.because"
    return program.definition.text(path, lang, rule.because)


Titled = Callable[[Program, str, str], str]


def _once(title: Titled) -> Titled:
    """A definition never changes, and each refusal names what it is about in both languages: each title is made once."""

    @wraps(title)
    def found(program: Program, name: str, lang: str) -> str:
        key = (title.__name__, name, lang)
        words = program.words.get(key)
        if words is None:
            words = title(program, name, lang)
            if len(program.words) < MOST_WORDS:  # names of acts come from outside, too
                program.words[key] = words
        return words

    return found


@_once
def act_title(program: Program, act: str, lang: str) -> str:
    """An act in words: its own title, or made of what it was generated from."""
    written = program.outline.triggers.get(act)
    generated = program.outline.generated.get(act)
    if generated is not None and not written:
        named = clock_title if generated.kind == "extend" else fact_title
        subject = named(program, generated.subject, lang) if generated.subject else ""
        return GENERATED[generated.kind][lang == "zh"].format(subject=subject)
    english = next((t.title for t in written[1] if t.title), None) if written else None
    return program.definition.text(
        f"transitions.{act}.title", lang, english or _joined(program, act) or act.replace("_", " ")
    )


def _joined(program: Program, name: str) -> str | None:
    """The title of an ``as_soon_as``, by its name."""
    transitions = (t for region in program.outline.regions.values() for t in region.transitions)
    return next((t.title for t in transitions if t.name == name), None)


GENERATED = {
    "add": ("Record: {subject}", "登记{subject}"),
    "sign": ("Sign: {subject}", "签署{subject}"),
    "accept": ("Accept the seat: {subject}", "接受担任{subject}"),
    "answer": ("Take it on: {subject}", "确认接办({subject})"),
    "decline": ("Decline the seat: {subject}", "不接受担任{subject}"),
    "assign": ("Assign: {subject}", "指派{subject}"),
    "take": ("Take the case", "接办"),
    "handback": ("Hand back: {subject}", "交回({subject})"),
    "hand_on": ("Hand on: {subject}", "移交({subject})"),
    "extend": ("Extend: {subject}", "延长{subject}"),
    "add_party": ("Add a party", "增加当事人"),
    "change_party": ("Change a party", "变更当事人"),
    "party_leaves": ("Party leaves", "当事人退出"),
    "note": ("Note", "备注"),
}


def state_title(program: Program, state: str, lang: str) -> str:
    spec = program.outline.specs.get(state)
    return program.definition.text(
        f"states.{state}.title", lang, (spec.title if spec else None) or state.replace("_", " ")
    )


@_once
def fact_title(program: Program, name: str, lang: str) -> str:
    """The words for a field, record or seat; for a clock only if nothing else has its name."""
    definition = program.definition
    sections: dict[str, Mapping[str, Any]] = {
        "fields": definition.fields,
        "records": definition.records,
        "seats": program.outline.seats,
        "clocks": definition.clocks,
    }
    for section, known in sections.items():
        if name in known:
            title = getattr(known[name], "title", None)
            default = FIXED.get((name, lang)) or title or name.replace("_", " ")
            return definition.text(f"{section}.{name}.title", lang, default)
    return FIXED.get((name, lang), name.replace("_", " "))


def clock_title(program: Program, name: str, lang: str) -> str:
    """The words for a clock, which may be named like the record that it waits for."""
    spec = program.definition.clocks.get(name)
    default = (spec.title if spec else None) or name.replace("_", " ")
    return program.definition.text(f"clocks.{name}.title", lang, default)


FIXED = {
    ("handler", "zh"): "承办人",
    ("handler", "en"): "Handler",
    ("note", "zh"): "备注",
    ("party", "zh"): "当事人",
}
SPECIAL = {
    "party": ("a party", "当事人"),
    "anyone": ("anyone", "任何人"),
    "reporter": ("the reporter", "报告人"),
    "system": ("the engine", "系统"),
    "superior": ("the head one unit above", "上一级负责人"),
}


@_once
def who_title(program: Program, who: str, lang: str) -> str:
    """A Who in words; roles and levels by the shared vocabulary."""
    if who in SPECIAL:
        return SPECIAL[who][lang == "zh"]
    role, _, level = who.partition("@")
    if role in program.outline.seats:
        return fact_title(program, role, lang)
    if role in program.definition.parties.roles:
        written = program.definition.parties.roles[role].title
        return program.definition.text(f"parties.roles.{role}.title", lang, written or role.replace("_", " "))
    words = program.vocabulary
    named = words.roles.get(role) if words else None
    title = (named.zh if lang == "zh" and named.zh else named.title) if named else role.replace("_", " ")
    if not level:
        return title
    above = words.levels.get(level) if words else None
    place = (above.zh if lang == "zh" and above.zh else above.title) if above else level
    return f"{title}({place})" if lang == "zh" else f"{title} of the {place}"


def both(name: str, program: Program, act: str) -> dict[str, str]:
    return {name: act_title(program, act, "en"), f"{name}_zh": act_title(program, act, "zh")}


def _basis(program: Program, act: str) -> str | None:
    written = program.outline.triggers.get(act)
    return next((t.basis for t in written[1] if t.basis), None) if written else None


# ---- signatures --------------------------------------------------------------------------------


def places(draft: Draft, kind: str, item: RecordItem) -> dict[str, tuple[str, ...]]:
    """Place to the Who that may fill it: each party has a place of its own, a group has one for any of them."""
    wanted: Any = draft.program.definition.records[kind].signed_by
    if isinstance(wanted, Tree):
        value = item["fields"].get(wanted.by)
        key = str(value).lower() if isinstance(value, bool) else str(value)
        wanted = wanted.options.get(key, wanted.otherwise)
    found: dict[str, tuple[str, ...]] = {}
    roles = draft.program.definition.parties.roles
    for index, entry in enumerate(wanted or ()):
        if isinstance(entry, str) and (entry == "party" or entry in roles):
            for party in draft.state["parties"]:
                if party["active"] and entry in ("party", party["role"]):
                    found[party["no"]] = (party["no"],)
        else:
            found[f"g{index}"] = (entry,) if isinstance(entry, str) else tuple(entry)
    return found
