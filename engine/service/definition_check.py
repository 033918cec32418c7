"""Checking a definition: everything that was found, as data. Needs no store."""

from collections.abc import Collection, Sequence
from typing import Any

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.canonical import content_hash
from engine.definitions.finding import Finding, errors, in_order
from engine.definitions.load import Loaded
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording
from engine.domain.errors import Reason, Unsound
from engine.papers.check import check_forms
from engine.service.caller import Answer


def check(
    loaded: Loaded,
    vocabulary: Vocabulary,
    *,
    lang: str = "en",
    strict: bool = False,
    others: Sequence[Definition] | None = None,
    calendars: Collection[str] | None = None,
) -> Answer:
    """As :func:`answer_of`, for a text that was read."""
    findings, _ = examine(loaded, vocabulary, others=others, calendars=calendars)
    return answer_of(loaded, findings, lang=lang, strict=strict)


def answer_of(loaded: Loaded, findings: Sequence[Finding], *, lang: str, strict: bool = False) -> Answer:
    """{sound, findings[], counts{error, warning, info, waived}, states, acts, clocks, definition|null}."""
    counts = {s: sum(f.counts and f.severity == s for f in findings) for s in ("error", "warning", "info")}
    counts["waived"] = sum(not f.counts for f in findings)
    barred = counts["error"] + (counts["warning"] if strict else 0)
    return {
        "sound": barred == 0 and loaded.definition is not None,
        "findings": [f.to_json(lang) for f in findings],
        "counts": counts,
        **_size(loaded.definition),
    }


def proof(
    definition: Definition,
    vocabulary: Vocabulary,
    *,
    lang: str = "en",
    others: Sequence[Definition] | None = None,
) -> Answer:
    """{sound, items[{state, act, by, by_kind, leads_to[]}], count, stuck[], proved[], not_proved[]}."""
    outline = Outline(definition)
    analysis = analyse(outline, vocabulary=vocabulary, others=others)
    words = Wording(outline, lang=lang, vocabulary=vocabulary)
    items = [
        {
            "state": name,
            "title": words.state(name),
            "act": way.trigger,
            "act_title": words.act(way.trigger),
            "by_kind": way.by,
            "by": way.role_or_clock,
            "by_title": (words.clock if way.by == "clock" else words.who)(way.role_or_clock),
            "leads_to": list(way.leads_to),
            "leads_to_titles": [words.state(target) for target in way.leads_to],
        }
        for name in outline.leaves
        if (way := analysis.ways_out.get(name)) is not None
    ]
    stuck = [f.params["name"] for f in analysis.findings if f.code == "FM-D202"]
    return {
        "sound": not errors(analysis.findings),
        "items": items,
        "count": len(items),
        "stuck": [words.state(name) for name in stuck],
        "proved": [sentence.text(lang) for sentence in analysis.proved],
        "not_proved": [sentence.text(lang) for sentence in analysis.not_proved],
    }


def examine(
    loaded: Loaded,
    vocabulary: Vocabulary,
    *,
    others: Sequence[Definition] | None = None,
    calendars: Collection[str] | None = None,
) -> tuple[list[Finding], Analysis | None]:
    """Findings of reading and, where it could be read, of the analysis."""
    if loaded.definition is None:
        return loaded.findings, None
    analysis = analyse(
        Outline(loaded.definition),
        positions=loaded.positions,
        vocabulary=vocabulary,
        others=others,
        calendars=calendars,
    )
    main = next(iter(loaded.source), "")
    found = [*loaded.findings, *analysis.findings, *check_forms(loaded.definition, main)]
    return in_order(found), analysis


def refuse_unsound(findings: Sequence[Finding]) -> None:
    """Raises :class:`Unsound` with every error that nobody waived, each with its place."""
    reasons = [_reason(f) for f in findings if f.counts and f.severity == "error"]
    if reasons:
        raise Unsound(reasons[0].code, reasons=reasons)


def _reason(finding: Finding) -> Reason:
    """The place stands before the sentence, in a code of its own that carries both languages."""
    params = {
        "code": finding.code,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "path": finding.path,
        "message": finding.message("en"),
        "message_zh": finding.message("zh"),
    }
    return Reason("FM-D010", params, "finding", pointer=finding.path or None)


def _size(definition: Definition | None) -> dict[str, Any]:
    if definition is None:
        return {"states": None, "acts": None, "clocks": None, "definition": None}
    outline = Outline(definition)
    return {
        "states": len(outline.leaves),
        "acts": sum(t.trigger is not None for _, _, ts in definition.regions() for t in ts),
        "clocks": len(definition.clocks),
        "definition": {
            "case_type": definition.case_type,
            "version": definition.version,
            "hash": content_hash(definition),
        },
    }
