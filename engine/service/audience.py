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
CLOSED = frozenset({"related", "barred", "recused", "complained_of"})
UNTOLD = "not_available"
_TELLING = frozenset({"related", "conflict"})  # facts about a candidate that say the same in other words
_WEIGHED = {"no_conflict": "weighed"}  # reasons of a pick that tell of another's past
_LANGUAGES = (("en", ""), ("zh", "_zh"))


@dataclass(frozen=True, slots=True)
class Audience:
    """``knows``: whether this person is told everything."""

    person: str | None
    knows: bool

    def excluded(self, out: Mapping[str, Any]) -> Told:
        """One exclusion as it is stored: {person, because, params}."""
        if self.knows or out["person"] == self.person:
            return dict(out)
        shown = self._facts(out)
        return shown if out["because"] not in CLOSED else {**shown, "because": UNTOLD, "params": {}}

    def decision(self, decision: Mapping[str, Any]) -> Told:
        """A stored decision on a seat, with the summary of an empty pool."""
        if self.knows:
            return dict(decision)
        shown = dict(decision)
        if "candidates" in shown:
            shown["candidates"] = [self._facts(one) for one in shown["candidates"]]
        if "excluded" in shown:
            shown["excluded"] = [self.excluded(out) for out in shown["excluded"]]
            because = [out["because"] for out in shown["excluded"]]
            for lang, suffix in _LANGUAGES:
                if f"summary{suffix}" in shown:
                    shown[f"summary{suffix}"] = counted(because, lang)
        if "fallen" in shown:
            shown["fallen"] = [_fallen(one) for one in shown["fallen"]]
        if "asked" in shown:
            shown["asked"] = {name: told for name, told in shown["asked"].items() if name != "barred"}
        if "reason" in shown:
            shown["reason"] = _WEIGHED.get(shown["reason"], shown["reason"])
        return shown

    def _facts(self, one: Mapping[str, Any]) -> Told:
        """Somebody considered or left out, without what tells of kinship or of a quarrel."""
        if "terms" not in one or one["person"] == self.person:
            return dict(one)
        terms = {name: told for name, told in one["terms"].items() if name not in _TELLING}
        if "points" in terms:
            terms["points"] = {name: n for name, n in terms["points"].items() if name not in _TELLING}
        return {**one, "terms": terms}

    def change(self, change: Mapping[str, Any]) -> Told:
        """A change of an event: who took a seat, or left it and why."""
        shown = dict(change)
        if "decision" in shown:
            shown["decision"] = self.decision(shown["decision"])
        if shown["do"] == "unseat" and not self._is_told(shown.get("why", ""), shown["person"]):
            del shown["why"]
        return shown

    def reasons(self, reasons: Sequence[Reason]) -> list[Reason]:
        """Refusals around seats: why somebody named may not sit there (FM-R501), and why nobody can (FM-R502, FM-R561)."""
        return [self._reason(reason) for reason in reasons]

    def _reason(self, reason: Reason) -> Reason:
        params = reason.params
        if reason.code in ("FM-R502", "FM-R561"):
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


def _fallen(one: Mapping[str, Any]) -> Told:
    """A nearer unit in which nobody could be picked."""
    because = dict.fromkeys(UNTOLD if why in CLOSED else why for why in one["because"])
    return {**one, "because": list(because)}
