"""One command on one case: look up its key, load, gather facts, decide, write once, answer.

Every door and every simpler service (record, note, seats, parties, clocks) goes through :func:`run`.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.domain.errors import Conflict, Reason, UsageError, refused
from engine.domain.instant import to_text, whole
from engine.domain.length import check_length
from engine.domain.messages import text
from engine.domain.near import closest, told_near
from engine.machine.command import Command, Decision, NewCase, World
from engine.machine.decide import decide
from engine.machine.judge import act_title
from engine.machine.program import Program
from engine.persistence import chain
from engine.persistence.case_store import (
    CaseRow,
    KeyWrite,
    StoredKey,
    find_key,
    history,
)
from engine.persistence.unit import Unit
from engine.service import asking, law, opening, view
from engine.service.caller import Answer, Caller
from engine.service.case import get_case, open_with_key
from engine.service.cover import answered, cover
from engine.service.words import words_of
from engine.service.world import gather
from engine.service.writing import write

Around = Callable[[World], World]


def do_act(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    act: str,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the word that people type
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    parties: Sequence[Mapping[str, Any]] = (),
    seats: Mapping[str, Sequence[str]] | None = None,
    note: str | None = None,
    outcome: str | None = None,
    item: str | None = None,
    auto: bool = False,
    replaces: Mapping[str, str] | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    key: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
    around: Around | None = None,
) -> Answer:
    """Perform an act, named by id or by its title in any language. ``around`` may put another world in the place of
    the one that was gathered; ``replaces``: who leaves a seat that it fills."""
    row, held = open_with_key(unit, caller, ref, key)
    program = law.program(unit, row.definition)
    fields, seats = _sorted(program, set or {}, seats or {})
    check_length(note, "/note")
    check_length(reason, "/reason")
    command = Command(
        trigger=find_act(program, act),
        at=whole(at or caller.now),
        actor=done_by or caller.name,
        entered_by=caller.name,
        identity=caller.identity,
        fields=fields,
        records=records or {},
        parties=flat(parties),
        seats=seats,
        note=note or reason,
        outcome=outcome,
        item=item,
        auto=auto,
        replaces=replaces or {},
    )
    return _run(
        unit, caller, row, program, command, held, key=key, ask=ask, if_version=if_version, around=around
    )


def _sorted(
    program: Program, given: Mapping[str, Any], seats: Mapping[str, Sequence[str]]
) -> tuple[Mapping[str, Any], Mapping[str, Sequence[str]]]:
    """Seats that were typed among the fields go where they belong: `mediator=med-12`."""
    taken, fields = program.outline.seats, program.definition.fields
    named = [n for n in given if n in taken and n not in fields]
    if not named:
        return given, seats
    moved = {n: [p.strip() for p in str(given[n]).split(",") if p.strip()] for n in named}
    return {n: v for n, v in given.items() if n not in named}, {**moved, **seats}


def flat(parties: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Parties with what was sent under ``fields``, as one of them joins by itself, beside role and name."""
    return [
        {**{name: value for name, value in party.items() if name != "fields"}, **party["fields"]}
        if isinstance(party.get("fields"), Mapping)
        else party
        for party in parties
    ]


def find_act(program: Program, act: str) -> str:
    """The trigger meant by an id or a title. FM-U208 tells near ones."""
    outline = program.outline
    if act in outline.triggers or act in outline.generated:
        return act
    known = [*outline.triggers, *outline.generated]
    wanted = act.strip().casefold()
    by_title = {act_title(program, name, lang).casefold(): name for name in known for lang in ("zh", "en")}
    spelt = wanted.replace("-", "_").replace(" ", "_")
    if wanted in by_title or spelt in known:
        return by_title.get(wanted, spelt)
    close = closest(wanted, [*known, *by_title])
    near = list(dict.fromkeys(by_title.get(name, name) for name in close))
    titles = [act_title(program, name, "zh") for name in near]
    raise UsageError("FM-U208", act=act, **told_near(near, chinese=titles))


def run(
    unit: Unit,
    caller: Caller,
    row: CaseRow,
    program: Program,
    command: Command,
    *,
    key: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Decide and write one command. Raises what the doors tell: refusals, conflicts, a reused key."""
    held = find_key(unit, key) if key else None
    return _run(unit, caller, row, program, command, held, key=key, ask=ask, if_version=if_version)


def _run(
    unit: Unit,
    caller: Caller,
    row: CaseRow,
    program: Program,
    command: Command,
    held: StoredKey | None,
    *,
    key: str | None,
    ask: bool,
    if_version: int | None,
    around: Around | None = None,
) -> Answer:
    digest = digest_of(row.ref, command)
    if held is not None:
        return replayed(held.key, held.digest, held.answer, held.at, digest)
    expect(unit, caller, row, if_version)
    world = gather(unit, caller, program, row.body, command)
    world = world if around is None else around(world)
    if command.entered_by != command.actor:
        _may_enter(command, world.entered_roles)
    decision = opening.decided(
        unit, caller, world, lambda around: decide(program, row.body, row.version, command, around)
    )
    if decision.reasons:
        return _refused(unit, caller, row, program, command, decision, key=key, digest=digest, ask=ask)
    answer = answered(unit, caller, decision, answer_of(program, decision, caller.lang, row.version))
    write(unit, row, program, decision, KeyWrite(key, digest, answer, caller.at) if key else None)
    return answer


def expect(unit: Unit, caller: Caller, row: CaseRow, version: int | None) -> None:
    """FM-C001 with what happened since, if the caller looked at an earlier version than there is; FM-C026 of one
    that never was."""
    if version is None or version == row.version:
        return
    about: dict[str, Any] = {"given": version, "version": row.version}
    if version > row.version:
        raise Conflict("FM-C026", kind="conflict", **about)
    since: dict[str, Any] = {
        f"since{'_zh' * (lang == 'zh')}": _since(unit, caller, row, version, lang) for lang in ("en", "zh")
    }
    raise Conflict("FM-C001", kind="conflict", **about, **since)


def replayed(key: str, bound: str, answer: Any, at: datetime, digest: str) -> Answer:
    """The first answer again for the very same request; FM-C002 for another under the same key."""
    if bound != digest:
        raise Conflict("FM-C002", kind="conflict", key=key, at=to_text(at))
    return dict(answer)


def digest_of(ref: str, command: Command) -> str:
    """What makes two requests the same: all that was asked, not when it arrived."""
    asked = {
        "ref": ref,
        "trigger": command.trigger,
        "actor": command.actor,
        "entered_by": command.entered_by,
        "fields": dict(command.fields),
        "records": {kind: [dict(i) for i in items] for kind, items in command.records.items()},
        "parties": [dict(p) for p in command.parties],
        "seats": {seat: list(people) for seat, people in command.seats.items()},
        "note": command.note,
        "outcome": command.outcome,
        "item": command.item,
        "auto": command.auto,
    }
    if command.replaces:
        asked["replaces"] = dict(command.replaces)
    return hashlib.sha256(_spelt(asked).encode()).hexdigest()


def _spelt(asked: Any) -> str:
    try:
        return chain.canonical(asked)
    except (TypeError, ValueError):  # a day or a moment, or a number that is none: named as it writes itself
        return _as_it_writes_itself(asked)


_as_it_writes_itself = json.JSONEncoder(sort_keys=True, default=str).encode


def answer_of(program: Program, decision: Decision, lang: str, before: int) -> Answer:
    """What every writing command answers: the case in short, the event, what followed, what is open now."""
    assert decision.state is not None  # noqa: S101
    first = next((e for e in decision.events if e["kind"] == "act"), decision.events[0])
    return {
        "case": view.brief(program, decision.state, decision.events[-1]["seq"], lang),
        "event": view.event(program, first, lang),
        "effects": [
            *(view.event(program, e, lang) for e in decision.events if e is not first),
            *(told for new in decision.opened for told in _opened(new, lang)),
        ],
        "next": [dict(offer) for offer in words_of(program, lang).offers[decision.open_acts]],
    }


def _opened(new: NewCase, lang: str) -> list[Answer]:
    """The first events of a case that was opened by this act; ``case`` tells which."""
    case = view.brief(new.program, new.state, new.events[-1]["seq"], lang)
    return [{**view.event(new.program, event, lang), "case": case} for event in new.events]


def _may_enter(command: Command, roles: frozenset[str]) -> None:
    """Typing what somebody else did needs an appointment that serves this case."""
    if not roles:
        raise refused([
            Reason(
                "FM-R106",
                {
                    "entered_by": command.entered_by,
                    "actor": command.actor,
                    "because": "no appointment serves this case",
                    "because_zh": "在本案所属辖区没有任职",
                },
                "who",
            )
        ])  # fmt: skip


def _since(unit: Unit, caller: Caller, row: CaseRow, version: int, lang: str) -> str:
    """What happened after the version, as the history has it: at most five, and how many more."""
    program = law.program(unit, row.definition)
    told = [view.event(program, h.event, lang) for h in history(unit, row.id, after_seq=version)]
    shown = cover(unit, caller, row.body)
    said = [f"{e['title']} ({shown.acted(e['actor'], e['occurred_at'], e['act'])})" for e in told[:5]]
    return "; ".join([*said, f"+{len(told) - 5}"] if len(told) > 5 else said)


def _refused(
    unit: Unit,
    caller: Caller,
    row: CaseRow,
    program: Program,
    command: Command,
    decision: Decision,
    *,
    key: str | None,
    digest: str,
    ask: bool,
) -> Answer:
    """Store the request for those who may, if it was asked and only authority is missing; else tell why not."""
    conflict = next((r for r in decision.reasons if r.kind == "conflict"), None)
    who = [r for r in decision.reasons if r.kind == "who"]
    if any(r.kind == "seat" for r in decision.reasons):
        told_to = cover(unit, caller, row.body).audience
        decision = replace(decision, reasons=tuple(told_to.reasons(decision.reasons)))
    if conflict is not None and not who:  # who may not at all was not merely too late
        raise Conflict(conflict.code, reasons=[conflict])
    if ask and all(r.kind == "who" or r.code == "FM-R402" for r in decision.reasons):

        def bound(answer: Answer) -> KeyWrite | None:
            return KeyWrite(key, digest, answer, caller.at) if key else None

        return asking.ask(unit, caller, row, program, command, decision.reasons, key=bound)
    told = [r for r in decision.reasons if r.kind != "conflict"]
    raise refused(_what_hinders_asking(told) if ask else told)


def _what_hinders_asking(reasons: Sequence[Reason]) -> list[Reason]:
    """What keeps a request from being sent up comes first; that it could be sent up, its sender knows."""
    way = {"way": text("word.goes_up_then", "en"), "way_zh": text("word.goes_up_then", "zh")}
    known = [
        replace(r, params={**r.params, **way}) if "way" in r.params and len(reasons) > 1 else r
        for r in reasons
    ]
    return sorted(known, key=lambda r: r.kind == "who")


# ---- the simpler forms -------------------------------------------------------------------------


def record(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    kind: str,
    items: Sequence[Mapping[str, Any]],
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    key: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Add items of a record without moving the case."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    found = find_record(program, kind)
    if not program.definition.records[found].by:
        raise UsageError("FM-U209", record=found, acts=", ".join(bringing(program, found)) or "-")
    return do_act(
        unit, caller, ref=ref, act=f"add_{found}", records={found: list(items)}, at=at, done_by=done_by,
        reason=reason, key=key, ask=ask, if_version=if_version,
    )  # fmt: skip


def find_record(program: Program, kind: str) -> str:
    """A record kind by id, plural or title."""
    records = program.definition.records
    if kind in records:
        return kind
    wanted = kind.strip().casefold()
    for name, spec in records.items():
        titles = (
            spec.plural,
            spec.title or "",
            *(program.definition.text(f"records.{name}.title", lang) for lang in ("en", "zh")),
        )
        if wanted in (t.casefold() for t in titles):
            return name
    raise UsageError("FM-U210", record=kind, known=", ".join(records) or "-")


def bringing(program: Program, record_kind: str) -> list[str]:
    """Acts that ask for a record kind."""
    return [
        trigger
        for trigger, (_, transitions) in program.outline.triggers.items()
        if any(ask.name == record_kind for t in transitions for ask in t.asks)
    ]


def note(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    text: str,
    at: datetime | None = None,
    done_by: str | None = None,
    key: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """A remark in the history; it moves nothing and no deadline."""
    return do_act(
        unit, caller, ref=ref, act="note", note=text, at=at, done_by=done_by, key=key, if_version=if_version
    )
