"""`folkmoot case assign --batch`: a waiting list at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from cli import exit_codes
from cli.call import Call
from cli.output.page import Page
from cli.output.progress import Progress
from cli.output.table import Column
from engine.domain.errors import FolkmootError


def assign_batch(call: Call, seat: str, refs: Sequence[str], narrowed: Mapping[str, str]) -> None:
    """Plans the list, carries it out case by case, tells each; exit 7 if some stayed as they were."""
    from engine.service.routing import batch

    asked = {"filter": dict(narrowed), "refs": call.references(refs) if refs else [], "seat": seat}
    key, reason = call.shared.get("key"), call.shared.get("reason")
    digest = batch.digest_of(call.caller, reason=reason, **asked)
    answer = call.engine.read(batch.first_answer, call.caller, key=key, digest=digest)
    if answer is None:
        made = call.engine.read(batch.plan_batch, call.caller, **asked)
        if len(made.batch.placed) > 1:
            call.agree("FM-U004", count=len(made.batch.placed))
        answer = _carried_out(call, made)
        if key and not call.dry_run:
            call.engine.call(batch.finish, call.caller, key=key, digest=digest, answer=answer)
    call.page(answer, lambda page: _told(call, page, answer))
    if answer["failed"]:
        first = next(one["problem"]["code"] for one in answer["results"] if "problem" in one)
        call.end(exit_codes.IN_PART if answer["assigned"] else exit_codes.of_code(first))


def _carried_out(call: Call, made: Any) -> dict[str, Any]:
    from engine.domain.errors import Reason
    from engine.service.routing import batch

    caller, key, told = call.caller, call.shared.get("key"), []
    progress = Progress(len(made), lang=call.lang)
    for ref, todo in batch.results(made):
        if isinstance(todo, Reason):
            told.append(batch.not_done(ref, [todo], call.lang))
        else:
            given = {"made": made, "placed": todo, "reason": call.shared.get("reason")}
            given |= {"key": f"{key}:{ref}"} if key else {}
            try:
                answer = call.engine.call(batch.assign_planned, caller, dry_run=call.dry_run, **given)
                told.append(batch.done(todo, answer))
            except FolkmootError as error:
                told.append(batch.not_done(ref, error.reasons, call.lang))
        progress(len(told))
    progress.close()
    report: dict[str, Any] = batch.report(made, told, caller)
    return report


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if answer["count"]:
        _results(call, page, answer)
    else:
        page.line(call.word("batch_none"))
    if answer.get("left_out"):
        page.line(call.word("batch_left_out", n=answer["left_out"]))


def _results(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    columns = (
        Column("ref"),
        Column("person", cell=lambda one: one["person"] or "-"),
        Column("unit", cell=lambda one: one.get("unit") or ""),
        Column("score", right=True, cell=lambda one: one.get("score") or ""),
        Column("choice", right=True, cell=lambda one: str(one.get("choice") or "")),
        Column(
            "out",
            flex=True,
            least=16,
            cell=lambda one: call.humane(one["problem"]["text"]) if "problem" in one else "",
        ),
    )
    heads = [call.word({"choice": "batch_choice", "out": "reason"}.get(c.key, c.key)) for c in columns]
    page.table(columns, answer["results"], heads)
    word = "batch_would" if call.dry_run else "batch_done"
    page.line(call.word(word, done=answer["assigned"], count=answer["count"]), "strong")
    for said in _gain(call, answer["gain"]):
        page.line(said)
    if answer["more"]:
        page.line(call.word("batch_more", count=answer["count"]))


def _gain(call: Call, gain: Mapping[str, Any]) -> list[str]:
    """What planning together is worth beside picking one by one."""
    told = []
    if gain["left"] < gain["left_one_by_one"]:
        told.append(call.word("batch_more_seated", n=gain["left_one_by_one"] - gain["left"]))
    elif gain["saved"]:
        told.append(call.word("batch_saved", saved=gain["saved"]))
    elif gain["cost"] == gain["one_by_one"]:
        told.append(call.word("batch_same"))
    if gain["better"] and gain["worse"] and gain["cost"] < gain["one_by_one"]:
        told.append(call.word("batch_traded", better=gain["better"], worse=gain["worse"]))
    return told
