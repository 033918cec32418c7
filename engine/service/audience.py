"""Who may know why somebody was left out of a seat: a reason may tell of kinship, of a complaint, of an objection.

Those who dispatch and who lead are told, and everybody what concerns himself; all others read that somebody is not
available for this case. The stored decision stays whole. Why somebody is on leave is told to nobody here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.domain.access import may_know_why
from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.routing.candidate import counted

Told = dict[str, Any]
CLOSED = frozenset({"related", "barred", "recused", "objected"})
UNTOLD = "not_available"
_LANGUAGES = (("en", ""), ("zh", "_zh"))


@dataclass(frozen=True, slots=True)
class Audience:
    """``knows``: whether this person is told everything."""

    person: str | None
    knows: bool

    def excluded(self, out: Mapping[str, Any]) -> Told:
        """One exclusion as it is stored: {person, because, params}."""
        if self._is_told(out["because"], out["person"]):
            return dict(out)
        return {**out, "because": UNTOLD, "params": {}}

    def decision(self, decision: Mapping[str, Any]) -> Told:
        """A stored decision on a seat, with the summary of an empty pool."""
        if self.knows or not decision.get("excluded"):
            return dict(decision)
        shown = [self.excluded(out) for out in decision["excluded"]]
        summed = {
            f"summary{suffix}": counted((out["because"] for out in shown), lang)
            for lang, suffix in _LANGUAGES
            if f"summary{suffix}" in decision
        }
        return {**decision, "excluded": shown, **summed}

    def change(self, change: Mapping[str, Any]) -> Told:
        """A change of an event: who took a seat, or left it and why."""
        shown = dict(change)
        if "decision" in shown:
            shown["decision"] = self.decision(shown["decision"])
        if shown["do"] == "unseat" and not self._is_told(shown.get("why", ""), shown["person"]):
            del shown["why"]
        return shown

    def reasons(self, reasons: Sequence[Reason]) -> list[Reason]:
        """Refusals around seats: why somebody named may not sit there (FM-R501), and why nobody can (FM-R502)."""
        return [self._reason(reason) for reason in reasons]

    def _reason(self, reason: Reason) -> Reason:
        params = reason.params
        if reason.code == "FM-R502":
            return replace(reason, params=self.decision(params))
        because = params.get("excluded_by")
        if reason.code != "FM-R501" or because is None or self._is_told(str(because), str(params["person"])):
            return reason
        said = {f"because{suffix}": text(f"word.out.{UNTOLD}", lang) for lang, suffix in _LANGUAGES}
        return replace(reason, params={**params, **said, "excluded_by": UNTOLD})

    def _is_told(self, because: str, person: str) -> bool:
        return self.knows or because not in CLOSED or person == self.person


def of(person: str | None, roles: Collection[str], dispatch: Collection[str]) -> Audience:
    """``roles`` held towards the case; ``dispatch``: who gives cases of this type to somebody."""
    return Audience(person, may_know_why(roles, dispatch))
