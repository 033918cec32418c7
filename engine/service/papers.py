"""Papers of a case: what was served and what was written up, as it was then and verified against its digest."""

from collections.abc import Mapping
from typing import Any

from engine.domain.case import Event
from engine.domain.errors import BrokenEvidence, NotFound, Reason, UsageError, refused
from engine.domain.instant import from_text, to_text
from engine.machine.fold import fold
from engine.machine.judge import act_title
from engine.machine.program import Program
from engine.papers.fragment import digest
from engine.papers.page import page
from engine.persistence.case_store import CaseRow, history
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.cover import cover
from engine.service.served import html_of

KINDS = ("html", "pdf")


def list_papers(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Every paper in the order it was made: {ref, version, items[{no, form, title, seq, act, at, by, to, record,
    languages, sha256}], count}."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    shown = cover(unit, caller, row.body)
    items = [
        {
            **item,
            "by": shown.acted(item["by"], item["at"], item["act"]),
            "to": [shown.written(one) for one in item["to"]],
        }
        for item in (_item(program, *told, caller.lang) for told in _papers(unit, row))
    ]
    about = {"ref": row.ref, "version": row.version}
    return {**about, "items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


def _papers(unit: Unit, row: CaseRow) -> list[tuple[int, Event, dict[str, Any]]]:
    told = [(held.event, paper) for held in history(unit, row.id) for paper in held.event.get("papers", ())]
    return [(number, event, paper) for number, (event, paper) in enumerate(told, start=1)]


def _item(program: Program, number: int, event: Event, paper: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "no": number,
        "form": paper["form"],
        "title": _title(program, paper["form"], lang),
        "seq": event["seq"],
        "act": event["act"],
        "act_title": act_title(program, event["act"], lang),
        "at": event["at"],
        "by": event["actor"],
        "to": list(paper["to"]),
        "record": paper.get("record"),
        "languages": sorted(paper["sha256"]),
        "sha256": dict(paper["sha256"]),
    }


def _title(program: Program, form: str, lang: str) -> str:
    entry = program.vocabulary.forms.get(form) if program.vocabulary else None
    if entry is None:
        return form.replace("_", " ")
    return entry.zh if lang == "zh" and entry.zh else entry.title


def show(
    unit: Unit, caller: Caller, *, ref: str, no: int, kind: str = "html", language: str | None = None
) -> Answer:
    """One paper as it was: {ref, no, form, title, lang, sha256, at, content}; ``content`` is text for html, bytes for
    pdf. FM-V020 if the case no longer gives what was served, FM-V021 if its content was erased."""
    if kind not in KINDS:
        raise UsageError("FM-U247", given=kind)
    row = get_case(unit, caller, ref)
    papers = _papers(unit, row)
    if not 1 <= no <= len(papers):
        raise NotFound("FM-N036", kind="usage", ref=row.ref, no=no, count=len(papers))
    _, event, paper = papers[no - 1]
    shown = cover(unit, caller, row.body)
    if not shown.paper(paper["to"]):
        raise refused([Reason("FM-R112" if shown.shut else "FM-R113", {"ref": row.ref}, "who")])
    program = law.program(unit, event["definition"])
    lang = _language(program, paper, language or caller.lang, asked=language is not None)
    html = _again(unit, row, program, event, paper, lang, no)
    title = f"{_title(program, paper['form'], lang)} {row.ref}"
    kept = paper["sha256"][lang]
    content: Any = page(html, title=title, lang=lang, digest=kept)
    if kind == "pdf":
        from engine.papers.pdf import pdf

        content = pdf(html, title=title, lang=lang, digest=kept, at=from_text(event["recorded"]))
    about = {"ref": row.ref, "no": no, "form": paper["form"], "title": title, "lang": lang, "sha256": kept}
    return {**about, "at": event["at"], "kind": kind, "content": content}


def _language(program: Program, paper: Mapping[str, Any], lang: str, *, asked: bool) -> str:
    known = sorted(paper["sha256"])
    if lang in known:
        return lang
    if asked:
        raise UsageError("FM-U246", form=paper["form"], known=", ".join(known), lang=lang)
    return str(known[0])


def _again(
    unit: Unit,
    row: CaseRow,
    program: Program,
    event: Event,
    paper: Mapping[str, Any],
    lang: str,
    no: int,
) -> str:
    """Rendered anew from the history up to that moment, and held against the digest that was kept."""
    told = [held.event for held in history(unit, row.id, limit=paper["upto"])]
    html = html_of(program, fold(told), event, paper, lang, paper["named"])
    now, was = digest(html), paper["sha256"][lang]
    if now != was:
        erased = any(c["do"] == "purge" for held in history(unit, row.id) for c in held.event["changes"])
        code = "FM-V021" if erased else "FM-V020"
        raise BrokenEvidence(code, kind="finding", ref=row.ref, no=no, now=now[:12], was=was[:12])
    return html
