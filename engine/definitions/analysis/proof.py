"""What the findings leave proved, in sentences for the definition's page, and what no analysis can prove."""

from collections.abc import Iterator

from engine.definitions.analysis.branches import decidable
from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.report import Phrase, listed, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.outline import MAIN

# sentence -> the codes that would deny it
CLAIMS = {
    "proof.reached": ("D201",),
    "proof.stuck": ("D202",),
    "proof.forgotten": ("D507",),
    "proof.loops": ("D208", "D508"),
    "proof.expiry": ("D502", "D503", "D504", "D505"),
    "proof.branches": ("D304", "D306", "D309"),
    "proof.again": ("D308",),
    "proof.people": ("D401", "D402", "D404"),
}


def proved(scope: Scope) -> list[Phrase]:
    codes = {finding.code.removeprefix("FM-") for finding in scope.report.findings}
    count = len(scope.outline.open_leaves)
    return [phrase(claim, count=count) for claim, against in CLAIMS.items() if codes.isdisjoint(against)]


def not_proved(scope: Scope, compiled: Compiled) -> list[Phrase]:
    return list(_limits(scope, compiled))


def _limits(scope: Scope, compiled: Compiled) -> Iterator[Phrase]:
    standing = [who for written in scope.written for who in written.transition.allow]
    posts = listed(who for who in standing if scope.people.standing(who) and who != "anyone")
    if posts:
        yield phrase("unproved.posts", names=posts)
    if len(scope.outline.seats) > 1:
        yield phrase("unproved.seats", names=listed(scope.definition.seats))
    outside = listed(
        who
        for leaf in scope.outline.leaves.values()
        for who in leaf.waits_for
        if scope.people.fault(who) is None and scope.people.outside(who)
    )
    if outside:
        yield phrase("unproved.outside", names=outside)
    opaque = sum(
        1 for _, expression in compiled.of_use("guard", "join", "while") if not decidable(expression)
    )
    if opaque:
        yield phrase("unproved.opaque", count=opaque)
    if scope.shaken:
        yield phrase("unproved.shaken", names=listed(sorted(scope.shaken)))
    if scope.sideless:
        yield phrase("unproved.sides", names=listed(sorted(scope.sideless)))
    if any(region != MAIN for region in scope.outline.regions):
        yield phrase("unproved.tracks")
