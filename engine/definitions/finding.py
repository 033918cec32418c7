"""What the check of a definition found: a code, where it is, and what to say about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from engine.domain import messages
from engine.domain.errors import Reason

Severity = Literal["error", "warning", "info"]

# error: cannot be activated; warning: fails the strict check; info: told.
SEVERITY: Mapping[str, Severity] = {
    "FM-D001": "error",
    "FM-D002": "error",
    "FM-D003": "error",
    "FM-D101": "error",
    "FM-D102": "error",
    "FM-D103": "error",
    "FM-D104": "error",
    "FM-D105": "error",
    "FM-D106": "warning",
    "FM-D201": "error",
    "FM-D202": "error",
    "FM-D203": "error",
    "FM-D204": "error",
    "FM-D205": "info",
    "FM-D206": "error",
    "FM-D207": "warning",
    "FM-D208": "error",
    "FM-D209": "error",
    "FM-D301": "error",
    "FM-D302": "error",
    "FM-D303": "error",
    "FM-D304": "error",
    "FM-D305": "error",
    "FM-D306": "error",
    "FM-D307": "error",
    "FM-D308": "warning",
    "FM-D309": "error",
    "FM-D310": "warning",
    "FM-D311": "warning",
    "FM-D401": "error",
    "FM-D402": "error",
    "FM-D403": "warning",
    "FM-D404": "warning",
    "FM-D405": "error",
    "FM-D406": "error",
    "FM-D407": "info",
    "FM-D408": "warning",
    "FM-D409": "warning",
    "FM-D410": "warning",
    "FM-D411": "error",
    "FM-D412": "error",
    "FM-D413": "error",
    "FM-D414": "warning",
    "FM-D415": "error",
    "FM-D416": "error",
    "FM-D417": "error",
    "FM-D418": "warning",
    "FM-D419": "error",
    "FM-D420": "error",
    "FM-D421": "warning",
    "FM-D422": "info",
    "FM-D423": "error",
    "FM-D424": "error",
    "FM-D501": "warning",
    "FM-D502": "error",
    "FM-D503": "error",
    "FM-D504": "error",
    "FM-D505": "error",
    "FM-D506": "error",
    "FM-D507": "warning",
    "FM-D508": "error",
    "FM-D601": "warning",
    "FM-D602": "error",
    "FM-D701": "warning",
    "FM-D801": "warning",
    "FM-D802": "warning",
    "FM-D803": "error",
    "FM-D804": "warning",
    "FM-D805": "error",
    "FM-D901": "warning",
}
_RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``line`` and ``column`` count from 1, 0 where the place is not known.

    ``path`` is the place in the definition (``transitions.12.guard.0``). ``detail`` is the id of a
    catalogue text that stands for ``{detail}`` in the message of the code. ``waived`` holds the reason
    why the author lets it stand; a waived finding counts for nothing.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    detail: str | None = None
    waived: str | None = None

    @property
    def severity(self) -> Severity:
        return SEVERITY[self.code]

    @property
    def counts(self) -> bool:
        return self.waived is None

    def message(self, lang: str = "en") -> str:
        """The sentence, without the place; parameters may bring their own Chinese as ``name_zh``.

        A parameter ``near`` adds the question whether that was meant.
        """
        params = dict(self.params)
        if self.detail is not None:
            params["detail"] = messages.tell(Reason(self.detail, params), lang)
        said = messages.tell(Reason(self.code, params), lang)
        if params.get("near"):
            said += ("" if lang == "zh" else " ") + messages.text("finding.near", lang, near=params["near"])
        return said

    def waive(self, reason: str) -> "Finding":
        return replace(self, waived=reason)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """As the doors show it: ``{code, severity, file, line, column, path, text, waived}``."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "text": self.message(lang),
            "waived": self.waived,
        }


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.counts and f.severity == "error"]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By file, place and gravity, each once."""
    unique = {(f.code, f.file, f.line, f.column, f.path, f.detail): f for f in findings}
    return sorted(
        unique.values(), key=lambda f: (f.file, f.line, f.column, _RANK[f.severity], f.code, f.path)
    )
