"""The generated acts: those that follow from records, seats, clocks and parties. They never move the case."""

from collections.abc import Callable

from engine.definitions.outline import Generated
from engine.domain.errors import Reason
from engine.domain.instant import from_text
from engine.machine import timing
from engine.machine.command import Command
from engine.machine.draft import Draft
from engine.machine.effect import empty_seat
from engine.machine.intake import Intake, find_item
from engine.machine.judge import allowed, both, fact_title, guarded, places
from engine.machine.typed import wrong
from engine.machine.who import may

Work = Callable[[Draft, Generated, Command, Intake], list[Reason]]


def perform(draft: Draft, act: Generated, command: Command) -> list[Reason]:
    """Do a generated act on the draft, whose event is open; reasons if it is refused."""
    intake = Intake(draft, command)
    if act.kind == "extend":  # each rung has its own approvers
        return _extend(draft, act, command, intake)
    pending = act.kind in ("accept", "decline", "handback")
    reasons = allowed(draft, act.allow, act.name, command.actor, pending=pending)
    return reasons + _WORK[act.kind](draft, act, command, intake)


def _add(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    return intake.told(act.name, [act.subject])


def _note(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    return intake.told(act.name, ["note"])


def _sign(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    kind = act.subject
    items = draft.items(kind)
    item = find_item(items, command.item) if command.item else (items[-1] if items else None)
    if item is None:
        missing = {
            "missing": fact_title(draft.program, kind, "en"),
            "missing_zh": fact_title(draft.program, kind, "zh"),
        }
        return [Reason("FM-R207", {**both("act", draft.program, act.name), **missing}, "requires")]
    given = command.fields.get("by", command.actor)
    signers = [given] if isinstance(given, str) and "," not in given else given
    signers = [s.strip() for s in signers.split(",")] if isinstance(signers, str) else list(signers)
    reasons: list[Reason] = []
    for signer in signers:
        reasons += _sign_one(draft, kind, item["id"], signer, command, index=len(reasons))
    return reasons


def _sign_one(
    draft: Draft, kind: str, item_id: str, signer: str, command: Command, index: int
) -> list[Reason]:
    item = next(r for r in draft.state["records"] if r["id"] == item_id)
    if "signed_at" in item:
        return [Reason("FM-R304", {"record": item_id, "day": item["signed_at"][:10]}, "input")]
    spec = draft.program.definition.records[kind]
    outline = draft.program.outline
    if signer != command.actor and not may(spec.by, outline, draft.state, command.actor, draft.world.roles):
        return [
            Reason(
                "FM-R103", {"actor": command.actor, "because": "only who records it signs for others"}, "who"
            )
        ]
    filled = {s["place"]: s["by"] for s in item.get("signatures", ())}
    wanted = places(draft, kind, item)
    roles = draft.world.roles if signer == command.actor else frozenset()
    for place, who in wanted.items():
        fits = signer in who or may(who, outline, draft.state, signer, roles)
        if place not in filled and signer not in filled.values() and fits:
            complete = set(wanted) <= {*filled, place}
            draft.emit(do="sign", record=item_id, place=place, by=signer, complete=complete)
            return []
    still = ", ".join(place if place.startswith("P") else " or ".join(who) for place, who in wanted.items())
    return [wrong("by", signer, f"one who has still to sign: {still}", f"/fields/by/{index}")]


# ---- seats -------------------------------------------------------------------------------------


def _accept(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    draft.emit(do="accept", seat=act.subject, person=command.actor)
    return []


def _leave(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    if any(h["person"] == command.actor for h in draft.state["seats"].get(act.subject, ())):
        empty_seat(draft, act.subject, command.actor)
    return intake.told(act.name, ["note"])


def _assign(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    return intake.told(act.name, [act.subject])


def _take(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    held = draft.state["seats"].get(act.subject, [])
    if held:
        return [Reason("FM-C003", {"person": held[0]["person"], "at": held[0]["since"]}, "conflict")]
    intake.fill(act.subject, [command.actor])
    return intake.told(act.name, [])


# ---- parties -----------------------------------------------------------------------------------


def _add_party(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    for index, party in enumerate(command.parties):
        intake.party(party, f"/parties/{index}")
    if not command.parties:
        intake.lacking.append("parties")
    return intake.told(act.name, ["parties"])


def _change_party(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    for index, given in enumerate(command.parties):
        no = str(given.get("no") or command.item)
        if no not in draft.active():
            intake.reasons.append(
                wrong("party", no, "one of " + ", ".join(draft.active()), f"/parties/{index}/no")
            )
            continue
        fields = intake.party_fields(given, f"/parties/{index}")
        name = {"name": str(given["name"])} if given.get("name") else {}
        draft.emit(do="party_change", no=no, fields=fields, **name)
    return intake.told(act.name, ["parties"])


def _party_leaves(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    no = command.item or command.actor
    if no not in draft.active():
        return [wrong("party", no, "one of " + ", ".join(draft.active()), "/item")]
    draft.emit(do="party_leave", no=no)
    return []


# ---- clocks ------------------------------------------------------------------------------------


def _extend(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    name = act.subject
    spec = draft.program.definition.clocks[name]
    runs = [r for r in draft.running() if r["name"] == name and command.item in (None, r.get("item"))]
    titles = {
        "clock": fact_title(draft.program, name, "en"),
        "clock_zh": fact_title(draft.program, name, "zh"),
    }
    if not runs:
        return [Reason("FM-R405", {**titles, "state": draft.leaf}, "time")]
    run = runs[-1]
    used = len(run["extensions"])
    if used >= len(spec.extend):
        params = {**titles, "times": str(used), "due": run.get("due_date") or run.get("due", "-")}
        return [Reason("FM-R401", params, "time", spec.basis)]
    if "due" in run and draft.at > from_text(run["due"]):
        return [Reason("FM-R406", {**titles, "due": run.get("due_date") or run["due"]}, "time", spec.basis)]
    rung = spec.extend[used]
    reasons = []
    if not may(rung.allow, draft.program.outline, draft.state, command.actor, draft.world.roles):
        told = allowed(draft, rung.allow, act.name, command.actor)[0].params
        reasons = [
            Reason("FM-R104", {**titles, "who": told["who"], "who_zh": told["who_zh"]}, "who", spec.basis)
        ]
    intake.take((*act.asks, *rung.asks))
    reasons += intake.told(act.name, [ask.name for ask in rung.asks] + ["note"])
    reasons += guarded(draft, rung.guard, act.name, lacking=bool(intake.lacking))
    if not reasons:
        timing.extend(draft, run, timing.resolve(draft, rung.by, name))
    return reasons


_WORK: dict[str, Work] = {
    "add": _add,
    "note": _note,
    "sign": _sign,
    "accept": _accept,
    "decline": _leave,
    "handback": _leave,
    "assign": _assign,
    "take": _take,
    "add_party": _add_party,
    "change_party": _change_party,
    "party_leaves": _party_leaves,
}
