"""FM-D405 to D410, D414, D418, D422: what was proved of the tables, told with its place."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from engine.definitions.analysis.report import Report, phrase
from engine.routing.table.bind import Bound
from engine.routing.table.model import Branch, Sheet
from engine.routing.table.proof import Masked, Meeting, Proof, prove
from engine.routing.table.space import OTHER
from engine.rules.environment import Environment

WAITING = ("acknowledge", "grace")  # slots about how long an answer may take


def analyse(
    sheet: Sheet,
    tables: tuple[Bound, ...],
    environment: Environment,
    report: Report,
    passed_on: Set[str],
) -> None:
    """``passed_on``: the seats that go to somebody else when nobody answers in time."""
    _waited(sheet, report, passed_on)
    for bound in tables:
        if bound.rows:
            _tell(report, bound, prove(bound, environment))
        elif bound.otherwise is None:
            report.tell("D405", f"{bound.table.path}.rules", table=bound.table.name, witness="-")
    _translated(sheet, report)


def _waited(sheet: Sheet, report: Report, passed_on: Set[str]) -> None:
    """A time for an answer, where nothing happens when it is over."""
    decided = [seat for table in sheet.tables for seat in table.seats]
    for table in sheet.tables:
        lacking = [seat for seat in table.seats if seat not in passed_on]
        given = ((rule.path, slot) for rule in table.each for slot in WAITING if slot in rule.then)
        for path, slot in given if lacking else ():
            report.tell("D424", f"{path}.then.{slot}", seat=lacking[0], slot=slot)
    if not decided or not passed_on.isdisjoint(decided):
        return
    tree = sheet.categories
    waiting = [*tree.tree, *([tree.unknown] if tree.unknown else [])] if tree else []
    while waiting:
        branch = waiting.pop(0)
        waiting[:0] = branch.under
        if branch.acknowledge is not None:
            report.tell("D424", f"{branch.path}.acknowledge", seat=decided[0], slot="acknowledge")


def _tell(report: Report, bound: Bound, proof: Proof) -> None:
    table = bound.table
    if table.otherwise is None:
        if proof.gap is not None:
            report.tell("D405", f"{table.path}.rules", table=table.name, witness=shown(proof.told))
        elif proof.gap_open:
            why = phrase("routing.open.gap", witness=shown(proof.told))
            report.tell("D410", f"{table.path}.rules", table=table.name, why=why)
    elif proof.sealed:
        report.tell("D422", table.otherwise.path, table=table.name)
    for meeting in proof.meetings:
        _meeting(report, bound, meeting)
    for masked in proof.masked:
        _masked(report, bound, masked)
    for row, name in proof.never:
        report.tell("D414", f"{row.rule.path}.if.{name}", rule=row.rule.id, why=phrase("routing.never"))
    for row, name, value in proof.idle:
        why = phrase("routing.idle", value=_word(value))
        report.tell("D414", f"{row.rule.path}.if.{name}", rule=row.rule.id, why=why)


def _meeting(report: Report, bound: Bound, meeting: Meeting) -> None:
    named: dict[str, Any] = {"first": meeting.first.rule.id, "second": meeting.second.rule.id}
    named["table"] = bound.table.name
    path, witness = meeting.second.rule.path, shown(meeting.told)
    if bound.table.hit == "unique" and meeting.proved:
        report.tell("D406", path, witness=witness, **named)
    elif bound.table.hit == "unique":
        report.tell(
            "D410", path, table=bound.table.name, why=phrase("routing.open.overlap", witness=witness, **named)
        )
    elif bound.table.hit == "first" and meeting.proved:
        report.tell("D407", path, witness=witness, **named)


def _masked(report: Report, bound: Bound, masked: Masked) -> None:
    rule, by = masked.row.rule, masked.by.rule.id if masked.by else ""
    if masked.why == "duplicate":
        report.tell("D409", rule.path, rule=rule.id, other=by, table=bound.table.name)
        return
    why = (
        phrase("routing.mask.never")
        if masked.why == "never"
        else phrase("routing.mask.by", other=by, witness=shown(masked.witness))
        if by
        else phrase("routing.mask.together", witness=shown(masked.witness))
    )
    report.tell("D408", rule.path, rule=rule.id, table=bound.table.name, why=why)


def _translated(sheet: Sheet, report: Report) -> None:
    """Where some texts are told in Chinese, all are."""
    told = list(_texts(sheet))
    if any(zh for _, zh, _ in told):
        for path, zh, english in told:
            if not zh and english:
                report.tell("D418", path)


def _texts(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """Place, Chinese and English of each text that is shown."""
    yield "title", sheet.zh, sheet.title
    waiting: list[Branch] = list(sheet.categories.tree) if sheet.categories else []
    while waiting:
        branch = waiting.pop(0)
        waiting[:0] = branch.under
        yield f"{branch.path}.title", branch.zh, branch.title
    for table in sheet.tables:
        yield f"{table.path}.title", table.zh, table.title
        for rule in table.each:
            yield f"{rule.path}.because", rule.zh, rule.because


def shown(facts: Mapping[str, Any]) -> str:
    """Facts as a person writes them: ``risk = red, dv = true``."""
    return ", ".join(f"{name} = {_word(value)}" for name, value in facts.items()) or "-"


def _word(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(str(one) for one in value)}]"
    if value == OTHER:
        return "…"
    return str(value).lower() if isinstance(value, bool) else str(value)
