"""Checking a definition: everything that was found, as data. Needs no store."""

from collections.abc import Sequence
from typing import Any

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.canonical import content_hash
from engine.definitions.finding import Finding, in_order
from engine.definitions.load import Loaded
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline
from engine.domain.errors import Reason, Unsound
from engine.service.caller import Answer


def check(
    loaded: Loaded,
    vocabulary: Vocabulary,
    *,
    lang: str = "en",
    strict: bool = False,
    others: Sequence[Definition] | None = None,
) -> Answer:
    """{sound, findings[], counts{error, warning, info, waived}, states, acts, clocks, definition|null}."""
    findings, analysis = examine(loaded, vocabulary, others=others)
    counts = {s: sum(f.counts and f.severity == s for f in findings) for s in ("error", "warning", "info")}
    counts["waived"] = sum(not f.counts for f in findings)
    barred = counts["error"] + (counts["warning"] if strict else 0)
    return {
        "sound": barred == 0 and analysis is not None,
        "findings": [f.to_json(lang) for f in findings],
        "counts": counts,
        **_size(loaded.definition),
    }


def examine(
    loaded: Loaded, vocabulary: Vocabulary, *, others: Sequence[Definition] | None = None
) -> tuple[list[Finding], Analysis | None]:
    """Findings of reading and, where it could be read, of the analysis."""
    if loaded.definition is None:
        return loaded.findings, None
    analysis = analyse(
        Outline(loaded.definition), positions=loaded.positions, vocabulary=vocabulary, others=others
    )
    return in_order([*loaded.findings, *analysis.findings]), analysis


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
