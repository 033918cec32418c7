"""What can be proved of a definition before any case follows it: findings, ways out, and what stays unproved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.definitions.analysis import (
    again,
    branches,
    clocks,
    compiled,
    loop,
    missing,
    names,
    people,
    privacy,
    proof,
    reach,
    reference,
    stuck,
    texts,
    tracks,
    unused,
    waivers,
)
from engine.definitions.analysis.known import Known
from engine.definitions.analysis.report import Phrase, Report
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.stuck import WayOut
from engine.definitions.analysis.sure import Sure
from engine.definitions.finding import Finding, in_order
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline
from engine.definitions.position import Positions

__all__ = ["Analysis", "WayOut", "analyse"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """``ways_out`` has every open leaf of the main region from which a sure way leads to an end.

    ``proved`` and ``not_proved`` are sentences for the definition's page: ``sentence.text("zh")``.
    """

    findings: list[Finding]
    ways_out: dict[str, WayOut]
    proved: list[Phrase]
    not_proved: list[Phrase]

    def ok(self, strict: bool = False) -> bool:
        """Whether it may be activated; strictly, without a warning that nobody has waived."""
        barred = ("error", "warning") if strict else ("error",)
        return not any(f.counts and f.severity in barred for f in self.findings)


def analyse(
    outline: Outline,
    *,
    positions: Positions | None = None,
    vocabulary: Vocabulary,
    others: Sequence[Definition] | None = None,
    forms: Mapping[str, str] | None = None,
    calendars: Collection[str] | None = None,
) -> Analysis:
    """Every finding about a definition.

    ``others`` are the definitions it lives beside; None: not known, and nothing is held against it for that.
    ``forms``: the templates of its notices and documents, by form.
    ``calendars``: the names of the calendars it may count by; None: not known.
    """
    wide = Scope(outline, vocabulary, Report(positions), others)
    names.check(wide)
    reference.check(wide, calendars)
    expressions = compiled.check(wide)
    barred = branches.check(wide, expressions)
    scope = replace(wide, barred=barred) if barred else wide
    reach.check(scope)
    missing.check(scope, expressions, Known(scope, expressions))
    again.check(scope, expressions)
    unused.check(scope)
    sure = Sure(scope)
    ways_out = stuck.check(scope, sure)
    people.check(scope)
    clocks.check(scope, sure)
    loop.check(scope, sure)
    tracks.check(scope, sure)
    privacy.check(scope, expressions, forms or {})
    texts.check(scope)
    waivers.apply(scope)
    return Analysis(
        in_order(scope.report.findings), ways_out, proof.proved(scope), proof.not_proved(scope, expressions)
    )
