"""The generated acts: those that follow from records, seats, clocks and parties. They never move the case."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.definitions.model import Rung
from engine.definitions.outline import MAIN, Generated
from engine.domain.case import CaseState, ClockRun, Holder, RecordItem
from engine.domain.errors import Reason
from engine.domain.instant import from_text
from engine.domain.messages import text
from engine.machine import timing
from engine.machine.command import Command
from engine.machine.draft import Draft
from engine.machine.entitled import noted
from engine.machine.intake import Intake, find_item
from engine.machine.judge import (
    allowed,
    clock_title,
    fact_title,
    guarded,
    lacks,
    places,
    sealed,
    unbound,
    who_title,
)
from engine.machine.lot import DECLINED
from engine.machine.move import not_open
from engine.machine.opening import complete_signatures
from engine.machine.program import Program
from engine.machine.sitting import answered, empty_seat
from engine.machine.stand import PENDING
from engine.machine.typed import wrong
from engine.machine.who import may

Work = Callable[[Draft, Generated, Command, Intake], list[Reason]]


def perform(draft: Draft, act: Generated, command: Command) -> list[Reason]:
    """Do a generated act on the draft, whose event is open; reasons if it is refused."""
    barred = bars(draft, act, command.actor, command.item)
    found = {reason.code for reason in barred}
    reasons = _WORK[act.kind](draft, act, command, Intake(draft, command))
    return barred + [reason for reason in reasons if reason.code not in found]


def bars(draft: Draft, act: Generated, actor: str, item: str | None = None) -> list[Reason]:
    """What stands against a generated act whatever is given with it: who does it, and what it would act on."""
    if act.kind == "extend":  # each rung has its own approvers
        return extension(draft, act, actor, item).reasons
    reasons = allowed(draft, act.allow, act.name, actor, pending=act.kind in PENDING)
    held = draft.state["seats"].get(act.subject, ())
    if act.kind == "take" and held:
        reasons.append(_taken(held[0]))
    elif (act.kind == "accept" and not any(h["person"] == actor and not h["accepted"] for h in held)) or (
        act.kind == "answer" and not any(h["person"] == actor and not answered(h) for h in held)
    ):
        reasons = reasons or [not_open(draft, act.name, actor)]
    elif act.kind == "hand_on":
        reasons += _unmovable(draft, act, held, actor, item)
    elif act.kind in ("change_party", "party_leaves") and not draft.active():
        reasons.append(lacks(draft, act.name, ["party"], way_out=("add_party",)))
    elif act.kind == "party_leaves":
        reasons += staying(draft, item if item is not None or actor not in draft.active() else actor)
    elif act.kind == "add":
        reasons += unbound(draft, act.subject, act.name) or _all_sealed(draft, act.subject)
    elif act.kind == "sign":
        reasons += _unsignable(draft, act, actor, item)
    return reasons


def _all_sealed(draft: Draft, kind: str) -> list[Reason]:
    """There are items to add to, but each is being signed."""
    per = draft.program.definition.records[kind].per
    parents = draft.items(per) if per and per != "party" else []
    against = [sealed(draft, item) for item in parents]
    return against[-1] if against and all(against) else []


def _taken(holder: Holder) -> Reason:
    return Reason("FM-C003", {"person": holder["person"], "at": holder["since"]}, "conflict")


def _add(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    return intake.told(act.name, [act.subject])


def _note(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    return intake.told(act.name, ["note"])


def _sign(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    kind = act.subject
    item = _to_sign(draft, kind, command.item)
    if item is None or "signed_at" in item:
        return []
    given = command.fields.get("by", command.actor)
    signers = given.split(",") if isinstance(given, str) else given
    named = isinstance(signers, list | tuple) and all(isinstance(name, str) for name in signers)
    if not named or not signers:
        return [wrong("by", given, "parties and persons, such as P1,med-12", "/fields/by")]
    reasons: list[Reason] = []
    for index, signer in enumerate(signers):
        reasons += _sign_one(draft, kind, item["id"], signer.strip(), command, index=index)
    return reasons


def _to_sign(draft: Draft, kind: str, name: str | None) -> RecordItem | None:
    """The item that is meant, or the newest."""
    items = draft.items(kind)
    return find_item(items, name) if name else (items[-1] if items else None)


def _unsignable(draft: Draft, act: Generated, actor: str, name: str | None) -> list[Reason]:
    item = _to_sign(draft, act.subject, name)
    if item is None:
        return [lacks(draft, act.name, [act.subject])]
    if "signed_at" in item:
        return [_signed(item)]
    records_it = draft.program.definition.records[act.subject].by
    if may(records_it, draft.program.outline, draft.state, actor, draft.world.roles):
        return []  # signs for others too
    return (
        [] if _place(draft, act.subject, item, actor, draft.world.roles) else [_not_yours(draft, item, actor)]
    )


def _signed(item: RecordItem) -> Reason:
    return Reason("FM-R304", {"record": item["id"], "day": item["signed_at"][:10]}, "input")


def _not_yours(draft: Draft, item: RecordItem, signer: str, index: int = 0) -> Reason:
    wanted = places(draft, item["kind"], item)
    still = ", ".join(place if place.startswith("P") else " or ".join(who) for place, who in wanted.items())
    return wrong("by", signer, f"one who has still to sign: {still}", f"/fields/by/{index}")


def _place(draft: Draft, kind: str, item: RecordItem, signer: str, roles: frozenset[str]) -> str | None:
    """The first open place that the signer may fill; nobody fills two."""
    filled = {s["place"]: s["by"] for s in item.get("signatures", ())}
    if signer in filled.values():
        return None
    for place, who in places(draft, kind, item).items():
        if place not in filled and (
            signer in who or may(who, draft.program.outline, draft.state, signer, roles)
        ):
            return place
    return None


def _sign_one(
    draft: Draft, kind: str, item_id: str, signer: str, command: Command, index: int
) -> list[Reason]:
    item = next(r for r in draft.state["records"] if r["id"] == item_id)
    if "signed_at" in item:
        return [_signed(item)]
    spec = draft.program.definition.records[kind]
    outline = draft.program.outline
    if signer != command.actor and not may(spec.by, outline, draft.state, command.actor, draft.world.roles):
        return [
            Reason(
                "FM-R103", {"actor": command.actor, "because": "only who records it signs for others"}, "who"
            )
        ]
    roles = draft.world.roles if signer == command.actor else frozenset()
    place = _place(draft, kind, item, signer, roles)
    if place is None:
        return [_not_yours(draft, item, signer, index)]
    filled = {s["place"] for s in item.get("signatures", ())}
    complete = set(places(draft, kind, item)) <= {*filled, place}
    draft.emit(do="sign", record=item_id, place=place, by=signer, complete=complete)
    return []


# ---- seats -------------------------------------------------------------------------------------


def _accept(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    draft.emit(do="accept", seat=act.subject, person=command.actor)
    return []


def _answer(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    """To act on the case is the answer: nothing more is said."""
    return []


def _leave(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    if any(h["person"] == command.actor for h in draft.state["seats"].get(act.subject, ())):
        why = DECLINED if act.kind == "decline" and act.subject in draft.program.lots else None
        empty_seat(draft, act.subject, command.actor, why)
    return intake.told(act.name, ["note"])


def _assign(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    intake.take(act.asks)
    return intake.told(act.name, [act.subject])


def _take(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    if draft.state["seats"].get(act.subject):
        return []
    intake.seating.fill(act.subject, [command.actor])
    return intake.told(act.name, [])


def _unmovable(
    draft: Draft, act: Generated, held: Sequence[Holder], actor: str, leaving: str | None
) -> list[Reason]:
    """Nobody to be relieved, somebody who does not sit there, or one whom the parties chose."""
    if not held:
        return [not_open(draft, act.name, actor)]
    meant = [h for h in held if leaving in (None, h["person"])]
    if not meant:
        return [wrong("item", leaving, "one of " + ", ".join(h["person"] for h in held), "/item")]
    if all(chosen(h) for h in meant):
        about = {"person": meant[0]["person"], "seat": act.subject}
        for ending, lang in (("", "en"), ("_zh", "zh")):
            about[f"title{ending}"] = fact_title(draft.program, act.subject, lang)
        return [Reason("FM-R560", about, "seat")]
    return []


def chosen(holder: Holder) -> bool:
    """Whether a party put this person there: nobody else puts another in his place."""
    by = holder.get("by", "")
    return by[:1] == "P" and by[1:].isdigit()


def _hand_on(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    """Another in the place of one who sits: whoever is named, else as the engine picks."""
    seat = act.subject
    held = [h["person"] for h in draft.state["seats"].get(seat, ()) if not chosen(h)]
    named = command.replaces.get(seat, command.item)
    if not held or (named is not None and named not in held):
        return []  # told by what stands against the act
    if named is None and len(held) > 1:
        return [wrong("item", "", "one of " + ", ".join(held), "/item")]
    given = replace(command, replaces={seat: named or held[0]}, auto=not command.seats.get(seat))
    draft.begin_facts(act.name, given)
    intake = Intake(draft, given)
    intake.take(act.asks)
    return intake.told(act.name, [seat, "note"])


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
        role = next(p["role"] for p in draft.state["parties"] if p["no"] == no)
        speaks = intake.speaks(given, role, f"/parties/{index}", no)
        draft.emit(do="party_change", no=no, fields=fields, **name, **speaks)
    return intake.told(act.name, ["parties"])


def _party_leaves(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    no = command.item or command.actor
    if no not in draft.active():
        return [wrong("party", no, "one of " + ", ".join(draft.active()), "/item")]
    against = staying(draft, no)
    if not against:
        draft.emit(do="party_leave", no=no)
        complete_signatures(draft)
    return against


def free_to_leave(program: Program, state: CaseState) -> list[str]:
    """Parties that may leave: outside intake a side keeps its least number, so a successor joins first."""
    leaf = program.outline.leaves[state["states"][MAIN]]
    active = [party for party in state["parties"] if party["active"]]
    if leaf.final or leaf.phase == "intake":
        return [party["no"] for party in active]
    count, roles = Counter(party["role"] for party in active), program.definition.parties.roles
    return [party["no"] for party in active if count[party["role"]] > roles[party["role"]].min]


def staying(draft: Draft, no: str | None) -> list[Reason]:
    """What stands against a party's leaving, or against that of every party."""
    active, free = draft.active(), free_to_leave(draft.program, draft.state)
    if (no in free or no not in active) if no is not None else free:
        return []
    no = no or active[0]
    role = next(p["role"] for p in draft.state["parties"] if p["no"] == no)
    titles = {lang: who_title(draft.program, role, lang) for lang in ("en", "zh")}
    about = {"party": no, "role": titles["en"], "role_zh": titles["zh"]}
    return [Reason("FM-R209", about, "requires", way_out=("add_party",))]


# ---- clocks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Extension:
    """The run that would be extended, the rung that allows it, and what stands against it."""

    run: ClockRun | None
    rung: Rung | None
    reasons: list[Reason]


def extension(draft: Draft, act: Generated, actor: str, item: str | None = None) -> Extension:
    """The next extension of a clock, as far as it does not hang on what is given with it."""
    name = act.subject
    spec = draft.program.definition.clocks[name]
    titles = {
        "clock": clock_title(draft.program, name, "en"),
        "clock_zh": clock_title(draft.program, name, "zh"),
    }
    run = next(
        (r for r in reversed(draft.running()) if r["name"] == name and item in (None, r.get("item"))), None
    )
    if run is None:
        return Extension(None, None, [Reason("FM-R405", {**titles, "state": draft.leaf}, "time")])
    due, used = run.get("due_date") or run.get("due", "-"), len(run["extensions"])
    if used >= len(spec.extend):
        params = {**titles, "times": str(used), "due": due}
        return Extension(run, None, [Reason("FM-R401", params, "time", spec.basis)])
    if "due" in run and draft.at > from_text(run["due"]):
        return Extension(run, None, [Reason("FM-R406", {**titles, "due": due}, "time", spec.basis)])
    rung = spec.extend[used]
    against = allowed(draft, rung.allow, act.name, actor)
    if against:
        told = {name: against[0].params[name] for name in ("who", "who_zh")}
        way = {"way": text("word.send_by_asking", "en"), "way_zh": text("word.send_by_asking", "zh")}
        against = [Reason("FM-R104", {**titles, **told, **way}, "who", spec.basis)]
    return Extension(run, rung, against)


def _extend(draft: Draft, act: Generated, command: Command, intake: Intake) -> list[Reason]:
    found = extension(draft, act, command.actor, command.item)
    if found.run is None or found.rung is None:
        return []
    rung = found.rung
    intake.take((*act.asks, *rung.asks))
    reasons = [noted(r) for r in intake.told(act.name, [ask.name for ask in rung.asks] + ["note"])]
    reasons += guarded(draft, rung.guard, act.name, lacking=intake.incomplete)
    if not reasons and not found.reasons:
        timing.extend(draft, found.run, timing.resolve(draft, rung.by, act.subject))
    return reasons


_WORK: dict[str, Work] = {
    "extend": _extend,
    "add": _add,
    "note": _note,
    "sign": _sign,
    "accept": _accept,
    "answer": _answer,
    "decline": _leave,
    "handback": _leave,
    "hand_on": _hand_on,
    "assign": _assign,
    "take": _take,
    "add_party": _add_party,
    "change_party": _change_party,
    "party_leaves": _party_leaves,
}
