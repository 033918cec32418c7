"""Waivers let a warning stand, with a reason; FM-D901 tells those that waive nothing. Errors cannot be waived."""

from collections.abc import Iterator, Mapping

from engine.definitions.analysis import site
from engine.definitions.analysis.scope import Scope
from engine.definitions.finding import Finding


def apply(scope: Scope) -> None:
    """Waive the findings of each element that says so."""
    used: set[tuple[str, str]] = set()
    waivers = {path: given for path, given in _written(scope) if given}
    for number, finding in enumerate(scope.report.findings):
        found = _waiver(waivers, finding)
        if found is not None:
            path, reason = found
            used.add((path, finding.code))
            scope.report.findings[number] = finding.waive(reason)
    for path, given in waivers.items():
        for code in given:
            if (path, code) not in used:
                scope.report.tell("D901", f"{path}.waive.{code}", code=code)


def _written(scope: Scope) -> Iterator[tuple[str, Mapping[str, str]]]:
    for written in scope.written:
        yield written.path, written.transition.waive
    for stated in site.states(scope.definition):
        yield stated.path, stated.spec.waive
    for name, clock in scope.definition.clocks.items():
        yield f"clocks.{name}", clock.waive


def _waiver(waivers: Mapping[str, Mapping[str, str]], finding: Finding) -> tuple[str, str] | None:
    """(path, reason) of the nearest element around the finding that waives its code."""
    if finding.severity == "error":
        return None
    path = finding.path
    while path:
        reason = waivers.get(path, {}).get(finding.code)
        if reason is not None:
            return path, reason
        path = path.rpartition(".")[0]
    return None
