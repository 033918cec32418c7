"""What can be proved of a definition before any case follows it: findings, ways out, and what stays unproved."""

from collections.abc import Sequence
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
    reach,
    stuck,
    texts,
    tracks,
    unused,
    waivers,
)
from engine.definitions.analysis.known import Known
from engine.definitions.analysis.report import Report
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
    """``ways_out`` has every open leaf of the main region that is not told as FM-D202.

    ``proved`` and ``not_proved`` are sentences for the definition's page, by language.
    """

    findings: list[Finding]
    ways_out: dict[str, WayOut]

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
) -> Analysis:
    """Every finding about a definition. ``others`` are the definitions it lives beside; None: not known."""
    wide = Scope(outline, vocabulary, Report(positions), others)
    names.check(wide)
    expressions = compiled.check(wide)
    scope = replace(wide, barred=branches.check(wide, expressions))
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
    texts.check(scope)
    waivers.apply(scope)
    return Analysis(in_order(scope.report.findings), ways_out)
