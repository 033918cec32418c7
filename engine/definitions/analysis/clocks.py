"""FM-D501 to D507: what the clocks do, where they run, and whether some clock watches every open state."""

from engine.definitions.analysis.report import Phrase, listed, near
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.sure import Sure
from engine.definitions.model import ClockSpec, FireEffect, RemindEffect
from engine.definitions.outline import MAIN, Edge


def check(scope: Scope, sure: Sure) -> None:
    for name, clock in scope.definition.clocks.items():
        _consequence(scope, name, clock)
        _date(scope, name, clock)
        for mark in clock.at:
            _fires(scope, sure, name, mark)
    _effects_fire(scope)
    _forgotten(scope, sure)


# ---- D501, D506 --------------------------------------------------------------------------------


def _consequence(scope: Scope, name: str, clock: ClockSpec) -> None:
    acting = [mark for mark, effects in clock.at.items() if effects]
    if clock.kind == "limit":
        fine = bool(acting)
    else:
        fine = any(mark.startswith("due") and "-" not in mark for mark in acting) or _read(scope, name)
    if not fine:
        scope.report.tell("D501", f"clocks.{name}", name=name)


def _read(scope: Scope, name: str) -> bool:
    """Whether some condition or value names the clock."""
    return any(f"clock.{name}" in text for text in scope.texts)


def _date(scope: Scope, name: str, clock: ClockSpec) -> None:
    if clock.until is None:
        return
    for key, given in (("pauses_in", clock.pauses_in), ("extend", clock.extend)):
        if given:
            scope.report.tell("D506", f"clocks.{name}.{key}", name=name, key=key)


# ---- D502 to D505 ------------------------------------------------------------------------------


def _fires(scope: Scope, sure: Sure, name: str, mark: str) -> None:
    for number, effect in enumerate(scope.definition.clocks[name].at[mark]):
        path = f"clocks.{name}.at.{mark}.{number}"
        if not isinstance(effect, FireEffect) or _unknown(scope, path, effect):
            continue
        if effect.on is None:
            _fire_succeeds(scope, sure, name, effect.trigger, path)


def _unknown(scope: Scope, path: str, effect: FireEffect) -> bool:
    """D502. What is fired in another case may be any trigger of any type that is known."""
    known = set(scope.outline.triggers)
    if effect.on is not None:
        if scope.others is None:
            return False
        known.update(t.trigger for o in scope.others for _, _, ts in o.regions() for t in ts if t.trigger)
    if effect.trigger in known:
        return False
    scope.report.tell("D502", f"{path}.fire", trigger=effect.trigger, near=near(effect.trigger, known))
    return True


def _fire_succeeds(scope: Scope, sure: Sure, name: str, trigger: str, path: str) -> None:
    region = scope.outline.triggers[trigger][0]
    leaves = [leaf for leaf in sure.running(name) if scope.outline.leaves[leaf].region == region]
    if not leaves:  # a clock of another region: where this one stands is open
        leaves = [leaf for leaf in scope.graphs[region].leaves if (leaf, trigger) in scope.outline.moves]
        if not leaves and sure.running(name):
            scope.report.tell("D503", path, clock=name, trigger=trigger, name=listed(sure.running(name)))
    edges = {leaf: scope.outline.moves.get((leaf, trigger)) for leaf in leaves}
    nowhere = [leaf for leaf, edge in edges.items() if edge is None]
    if nowhere:
        scope.report.tell("D503", path, clock=name, trigger=trigger, name=listed(nowhere))
    found = [edge for edge in edges.values() if edge is not None]
    if any("system" not in edge.transition.allow for edge in found):
        scope.report.tell("D504", path, clock=name, trigger=trigger)
    doubts: list[Phrase] = []
    for edge in found:
        doubts += [doubt for doubt in _refusable(sure, edge) if doubt not in doubts]
    if doubts:
        scope.report.tell("D505", path, clock=name, trigger=trigger, why=doubts)


def _refusable(sure: Sure, edge: Edge) -> list[Phrase]:
    """What the grammar bars from a fired transition; open branches are told as such (D304, D306)."""
    return [p for p in sure.doubts(edge, system=True) if p.id not in ("doubt.branches", "doubt.back")]


def _effects_fire(scope: Scope) -> None:
    for path, effect, done in scope.effects:
        if done.kind == "mark" or not isinstance(effect, FireEffect) or _unknown(scope, path, effect):
            continue
        if effect.on is not None:
            continue
        transitions = scope.outline.triggers[effect.trigger][1]
        if not any("system" in t.allow for t in transitions):
            scope.report.tell("D504", path, clock=done.owner, trigger=effect.trigger)


# ---- D507 --------------------------------------------------------------------------------------


def _forgotten(scope: Scope, sure: Sure) -> None:
    watched = {
        leaf for name in scope.definition.clocks if watches(scope, name) for leaf in sure.running(name)
    }
    for leaf in scope.graphs[MAIN].leaves:
        if leaf not in watched and not scope.outline.leaves[leaf].final:
            scope.report.tell("D507", scope.state_paths[leaf], name=leaf)


def watches(scope: Scope, name: str) -> bool:
    """Whether a clock runs for certain and its last mark fires or reminds. Being restarted takes somebody's act."""
    clock = scope.definition.clocks[name]
    if clock.while_ is not None or clock.per is not None or not clock.at:
        return False
    last = max(clock.at, key=_lateness)
    return any(isinstance(effect, FireEffect | RemindEffect) for effect in clock.at[last])


def _lateness(mark: str) -> tuple[int, str]:
    """Marks after ``due`` come last, those counted from the start first; enough to find the last one."""
    if mark.startswith("due+"):
        return 3, mark
    if mark == "due":
        return 2, mark
    return (1, mark) if mark.startswith("due-") else (0, mark)
