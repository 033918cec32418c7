"""Findings as SARIF 2.1.0, which editors and code hosts show beside the lines."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from engine.definitions.finding import SEVERITY, Finding
from engine.domain import messages

_LEVEL = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Iterable[Finding], *, version: str, lang: str = "en") -> dict[str, Any]:
    """One run; ``version`` is that of the program. Waived findings are suppressed, with their reason."""
    told = list(findings)
    codes = sorted({finding.code for finding in told})
    driver = {"name": "Folkmoot", "version": version, "rules": [_rule(code, lang) for code in codes]}
    results = [_result(finding, codes.index(finding.code), lang) for finding in told]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, lang: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": messages.text(f"rule.{code}", lang)},
        "defaultConfiguration": {"level": _LEVEL[SEVERITY[code]]},
    }


def _result(finding: Finding, index: int, lang: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": finding.message(lang)},
    }
    if finding.file:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.file)}}
        if finding.line:
            place["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
        result["locations"] = [{"physicalLocation": place}]
    if finding.waived is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.waived}]
    return result
