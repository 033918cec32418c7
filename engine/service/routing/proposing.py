"""What the tables propose for a case as it stands: a machine proposes, a person confirms by setting it himself."""

from typing import TYPE_CHECKING, Any

from engine.domain.instant import to_text
from engine.domain.messages import text
from engine.machine.command import Command
from engine.machine.draft import Draft
from engine.machine.move import open_acts
from engine.machine.program import Program
from engine.persistence.case_store import CaseRow
from engine.persistence.unit import Unit
from engine.service import cover, covered, law
from engine.service.caller import VISITOR, Answer, Caller
from engine.service.case import get_case
from engine.service.routing import brought, current
from engine.service.words import words_of
from engine.service.world import gather

if TYPE_CHECKING:
    from engine.routing.table import Proposal, Routing, Unruled

Told = dict[str, Any]


def proposals(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """{ref, version, as_of, items[{field, title, value, value_title, now, rule, because, inputs, table, confirm[]}],
    missing[{name, title, text, acts[]}], count}: the value that the tables in force today propose, at most one;
    ``confirm``: the open acts that set the field; ``missing``: what they would have to know first, and the open acts
    that enter it. A graver grade that a joined case brought stands before, with ``source``: that case.

    None where the case is done or says so already, while a fact that they read is missing, and for whoever may not read one of
    those facts: a proposal would tell him what he is not shown.
    """
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    items, missing = _found(unit, caller, program, row)
    items = [*_brought(unit, caller, program, row), *items]
    about = {"ref": row.ref, "version": row.version, "as_of": to_text(caller.at)}
    return {**about, "items": items, "missing": missing, "count": len(items), "next": None}


def _found(unit: Unit, caller: Caller, program: Program, row: CaseRow) -> tuple[list[Told], list[Told]]:
    definition = program.definition
    if row.phase == "done":
        return [], []
    day = law.calendar(unit, definition.calendar, row.body["unit"]).day_of(caller.at)
    digest = current.in_force(unit, definition.case_type, day)
    routing = current.compiled(unit, digest, program) if digest is not None else None
    if routing is None or routing.proposing is None:
        return [], []
    from engine.routing.table import Proposal, Unruled

    person = caller.person or VISITOR
    command = Command("", caller.at, person, person, caller.identity)
    draft = Draft(program, row.body, gather(unit, caller, program, row.body, command), row.version)
    draft.begin_facts("", command)
    found = routing.grade(draft.facts())
    if isinstance(found, Unruled):
        return [], _missing(program, caller, row, found)
    if not isinstance(found, Proposal) or _covered(unit, caller, row, routing, found):
        return [], []
    spec = definition.fields[found.field]
    now = row.body["fields"].get(found.field, spec.default if spec.has_default else None)
    if found.value == now:
        return [], []
    told = _told(program, caller, routing, found, now)
    return [{**told, "confirm": _confirming(program, row, found.field)}], []


def _brought(unit: Unit, caller: Caller, program: Program, row: CaseRow) -> list[Told]:
    found = brought.graver(unit, caller, program, row) if row.phase != "done" else None
    if found is None:
        return []
    grade, source = found
    named = words_of(program, caller.lang).fields["fields"][brought.FIELD]
    because = text("word.brought", caller.lang, source=source)
    return [{
        "field": brought.FIELD, "title": named.title, "value": grade, "value_title": named.value(grade),
        "now": row.body["fields"].get(brought.FIELD), "rule": None, "because": because, "inputs": {}, "table": None,
        "source": source, "confirm": _confirming(program, row, brought.FIELD),
    }]  # fmt: skip


def _missing(program: Program, caller: Caller, row: CaseRow, found: "Unruled") -> list[Told]:
    """The field or the record that nobody has entered yet."""
    fact = str(found.reason.params.get("fact", ""))
    kind = fact.removeprefix("case.").partition(".")[0]
    if not fact:
        return []
    title = words_of(program, caller.lang).fact[kind]
    told = text("word.proposal_missing", caller.lang, title=title)
    return [{"name": kind, "title": title, "text": told, "acts": _confirming(program, row, kind)}]


def _confirming(program: Program, row: CaseRow, field: str) -> list[str]:
    triggers = program.outline.triggers
    here = [act for act in open_acts(program, row.body) if act in triggers]
    return [act for act in here if any(ask.name == field for t in triggers[act][1] for ask in t.asks)]


def _covered(unit: Unit, caller: Caller, row: CaseRow, routing: "Routing", found: "Proposal") -> bool:
    """Whether one of the facts that were read is not shown to the caller; what he brought himself is."""
    shown = cover.cover(unit, caller, row.body)
    own = {item["kind"] for item in row.body["records"] if item["by"] == caller.person}
    columns = routing.proposing.columns if routing.proposing is not None else ()
    for column in columns:
        value = found.inputs.get(column.name)
        if column.fact is None or value is None:
            continue
        kind, dot, field = ".".join(column.fact).removeprefix("case.").partition(".")
        if kind not in own and shown.told(f"{kind}-1.{field}" if dot else kind, value) == covered.MASK:
            return True
    return False


def _told(program: Program, caller: Caller, routing: "Routing", found: "Proposal", now: Any) -> Told:
    named = words_of(program, caller.lang).fields["fields"][found.field]
    return {
        "field": found.field,
        "title": named.title,
        "value": found.value,
        "value_title": named.value(found.value),
        "now": now,
        "rule": found.rule,
        "because": (caller.lang == "zh" and found.because_zh) or found.because,
        "inputs": {name: value for name, value in found.inputs.items() if value is not None},
        "table": {"hash": routing.digest, "version": routing.version},
        "source": None,
    }
