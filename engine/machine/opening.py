"""Cases that come from cases: what an effect ``open`` asks for, how the new case begins, acts told to linked cases.

Pure: a decision lists what is to be opened, under names that stand for references. The service files those cases by
their own ``file``, gives them numbers and puts these in the place of the names, all in one commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.definitions.model import FireEffect, OpenEffect
from engine.domain.case import PartyState
from engine.domain.errors import Reason
from engine.machine import joining
from engine.machine.command import Decision, Halt, Opening
from engine.machine.draft import Draft
from engine.machine.judge import places
from engine.machine.program import Program

BACKWARDS = "_of_here"  # how the other case calls a link that was made from this one
Item = tuple[str, str]


def forward(kind: str) -> str:
    """A link by its name in the vocabulary, whichever of the two cases holds it."""
    return kind.removesuffix(BACKWARDS)


def open_case(draft: Draft, effect: OpenEffect, item: Item | None) -> None:
    """Ask for a new case. Where it cannot be: a refusal if this case would lose something by it, else an incident.

    Who calls for help is not stopped because nobody is there to answer; parties and closing cases are not sent
    into nothing.
    """
    chosen = _chosen(draft, effect, item)
    splits = _splits(draft.program, effect.link)
    against = draft.world.opens(effect.case_type)
    if against:
        losing = splits or draft.program.outline.leaves[draft.leaf].final
        if losing and not draft.lenient:
            raise Halt([Reason("FM-R212", {"case_type": effect.case_type}, "state"), *against])
        codes = [reason.code for reason in against]
        draft.emit(
            do="incident", what="not_opened", case_type=effect.case_type, kind=effect.link, codes=codes
        )
        return
    along = _along(draft, chosen) if splits else chosen
    held = draft.state["fields"]
    place = f"@{len(draft.opens) + 1}"
    mine, theirs = (
        (effect.link + BACKWARDS, effect.link) if splits else (effect.link, effect.link + BACKWARDS)
    )
    fields = {name: held[name] for name in effect.carry if name in held}
    draft.opens.append(Opening(place, effect.case_type, mine, theirs, tuple(along), fields, splits))
    draft.emit(do="link", kind=mine, ref=place)
    if splits:
        _part(draft, [party["no"] for party in chosen])


def tell_linked(draft: Draft, effect: FireEffect) -> None:
    """An act asked of the linked cases: written down here, done there after the commit.

    Those that are linked now, whatever becomes of the link meanwhile; ones that are opened stand in by their names.
    Deadlines go one way only: to the case that this one was joined to, not to those that were joined to it.
    """
    called = forward if effect.deadlines is None else str
    refs = [link["ref"] for link in draft.state["links"] if called(link["kind"]) == effect.on]
    along: dict[str, Any] = {} if effect.deadlines is None else {"deadlines": effect.deadlines}
    if effect.deadlines == "join":
        along["clocks"] = joining.carried(draft)
    draft.emit(do="relay", trigger=effect.trigger, on=effect.on, refs=refs, **along)


def _splits(program: Program, link: str) -> bool:
    known = program.vocabulary.links.get(link) if program.vocabulary else None
    return known is not None and known.splits


def _chosen(draft: Draft, effect: OpenEffect, item: Item | None) -> list[PartyState]:
    active = [party for party in draft.state["parties"] if party["active"]]
    if effect.parties is None:
        return active
    bound = item[0] if item else None
    told: Any = draft.known(draft.program.value(effect.parties, "parties", bound), "parties", item)
    wanted = set(told if isinstance(told, list) else [told])  # numbers of parties
    return [party for party in active if party["no"] in wanted]


def _along(draft: Draft, leavers: Sequence[PartyState]) -> list[PartyState]:
    """Those who leave, and everybody on the other sides, who is a party of both cases from now on."""
    roles = {party["role"] for party in leavers}
    gone = {party["no"] for party in leavers}
    active = (party for party in draft.state["parties"] if party["active"])
    return [party for party in active if party["no"] in gone or party["role"] not in roles]


def _part(draft: Draft, leavers: Sequence[str]) -> None:
    """The leavers leave. Someone has to leave, and each side keeps its least number (FM-R209, FM-R213)."""
    from engine.machine.act import staying

    if not leavers:
        raise Halt([Reason("FM-R213", {}, "requires")])
    for no in leavers:
        against = staying(draft, no)
        if against:
            raise Halt(against)
        draft.emit(do="party_leave", no=no)
    complete_signatures(draft)


def complete_signatures(draft: Draft) -> None:
    """After somebody has left: papers that only he had not signed are signed by all who are there."""
    for item in draft.state["records"]:
        signed = item.get("signatures")
        if not signed or "signed_at" in item or item.get("purged"):
            continue
        if set(places(draft, item["kind"], item)) <= {signature["place"] for signature in signed}:
            draft.emit(do="signed", record=item["id"])


# ---- the new case --------------------------------------------------------------------------------


def bring(
    draft: Draft, kind: str, ref: str, fields: Mapping[str, Any], parties: Sequence[Mapping[str, Any]]
) -> None:
    """What a case that another opened holds from its first moment on: the link, carried fields, parties by new numbers.

    A party whose role this type lacks takes the first role that has room; party fields that it lacks stay behind.
    """
    draft.emit(do="link", kind=kind, ref=ref)
    spec = draft.program.definition.parties
    for party in parties:
        role = party["role"] if party["role"] in spec.roles else _room(draft)
        if role is None:
            draft.emit(do="incident", what="party_left_out", party=party["no"], role=party["role"], ref=ref)
            continue
        own = {name: party[name] for name in ("name", "person") if name in party}
        known = {name: value for name, value in party["fields"].items() if _fits(spec.fields, name, value)}
        no = f"P{len(draft.state['parties']) + 1}"
        draft.emit(do="party", party={"no": no, "role": role, "active": True, **own, "fields": known})
    mine = draft.program.definition.fields
    for name, value in fields.items():
        if _fits(mine, name, value):
            draft.emit(do="set", field=name, value=value)


def _room(draft: Draft) -> str | None:
    """The first role that lacks somebody, else the first that takes one more."""
    roles = draft.program.definition.parties.roles
    held = [party["role"] for party in draft.state["parties"]]
    lacking = [name for name, role in roles.items() if held.count(name) < role.min]
    free = [name for name, role in roles.items() if role.max is None or held.count(name) < role.max]
    return next(iter([*lacking, *free]), None)


def _fits(known: Mapping[str, Any], name: str, value: Any) -> bool:
    spec = known.get(name)
    return spec is not None and (not spec.options or value in spec.options)


# ---- references --------------------------------------------------------------------------------------


def referred(decision: Decision, refs: Mapping[str, str]) -> Decision:
    """The decision with references in the place of the names that stood for them."""
    assert decision.state is not None  # noqa: S101 - only of decisions that moved
    events: tuple[Any, ...] = tuple(
        {**event, "changes": [_referred(change, refs) for change in event["changes"]]}
        for event in decision.events
    )
    links: Any = [_referred(link, refs) for link in decision.state["links"]]
    state: Any = {**decision.state, "links": links}
    return replace(decision, state=state, events=events, opens=())


def _referred(held: Any, refs: Mapping[str, str]) -> Any:
    if "refs" in held:
        return {**held, "refs": [refs.get(ref, ref) for ref in held["refs"]]}
    ref = held.get("ref")
    return {**held, "ref": refs[ref]} if ref in refs else held
