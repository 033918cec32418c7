"""FM-D401 to D404: who is named, who may act, who is waited for."""

from collections.abc import Iterable

from engine.definitions.analysis import site
from engine.definitions.analysis.graph import Graph, Move
from engine.definitions.analysis.report import listed, near, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import Effect, FireEffect, SeatEffect, UnseatEffect
from engine.definitions.outline import MAIN, Generated

# generated acts that do something for a case; parting, noting and extending are not what one waits for
DOING = frozenset(("add", "sign", "accept", "decline", "assign", "take"))


def check(scope: Scope) -> None:
    _known(scope)
    _somebody(scope)
    _seats_filled(scope)
    _awaited(scope)


# ---- D401 --------------------------------------------------------------------------------------


def _known(scope: Scope) -> None:
    for named in site.whos(scope.definition):
        fault = scope.people.fault(named.who)
        if fault is None:
            continue
        level = fault.startswith("@")
        known = scope.vocabulary.levels if level else scope.people.known
        name, kind = fault.removeprefix("@"), phrase("kind.level" if level else "kind.who")
        scope.report.tell("D401", named.path, name=name, sort=kind, near=near(name, known))


# ---- D402 --------------------------------------------------------------------------------------


def _somebody(scope: Scope) -> None:
    fired = _fired(scope)
    for written in scope.written:
        transition = written.transition
        if transition.trigger is None or _may_be_done(scope, transition.allow, transition.trigger in fired):
            continue
        scope.report.tell("D402", f"{written.path}.allow", trigger=transition.trigger)
    if scope.outline.filing is None:
        scope.report.tell("D402", "transitions", trigger="file")
    for name, seat in scope.definition.seats.items():
        if not _may_be_done(scope, seat.of, False):
            scope.report.tell("D402", f"seats.{name}.of", trigger=name)


def _may_be_done(scope: Scope, allow: Iterable[str], fired: bool) -> bool:
    """Names that are not known are told as such, and not once more here."""
    given = tuple(allow)
    unknown = any(scope.people.fault(who) for who in given)
    return unknown or (fired and "system" in given) or any(scope.people.can_act(who) for who in given)


def _fired(scope: Scope) -> frozenset[str]:
    """Triggers that anything fires: here, or from a linked case of another type."""
    found = {e.trigger for _, e, _ in scope.effects if isinstance(e, FireEffect)}
    for other in scope.others or ():
        effects = (e for _, e, _ in site.each_effect(other))
        found.update(e.trigger for e in effects if isinstance(e, FireEffect) and e.on is not None)
    return frozenset(found)


# ---- D403 --------------------------------------------------------------------------------------


def _seats_filled(scope: Scope) -> None:
    fillable = _fillable_anywhere(scope)
    for region, graph in scope.graphs.items():
        filled = _filled(scope, graph) if region == MAIN else {}
        for move in graph.moves():
            allow = move.edge.transition.allow
            if not move.trigger or not allow or not all(scope.people.is_seat(who) for who in allow):
                continue
            here = filled.get(move.place.leaf, frozenset()) if region == MAIN else fillable
            if here.isdisjoint(allow):
                path = f"{scope.path(move.edge.transition)}.allow"
                scope.report.tell("D403", path, trigger=move.trigger, seat=listed(allow))


def _filled(scope: Scope, graph: Graph) -> dict[str, frozenset[str]]:
    """Seats that somebody may hold in each leaf, over all ways there and the acts that stay there."""
    always = frozenset(("handler",)) | _filled_by_clocks(scope)
    found: dict[str, frozenset[str]] = {place.leaf: frozenset() for place in graph.places}
    waiting = list(dict.fromkeys(place.leaf for place in graph.places))
    leaving: dict[str, list[Move]] = {leaf: [] for leaf in found}
    for move in graph.moves():
        if move.place.leaf:
            leaving[move.place.leaf].append(move)
        else:
            found[move.to.leaf] |= _seated(scope, move)
    queued = set(waiting)
    while waiting:
        leaf = waiting.pop(0)
        queued.discard(leaf)
        held = found[leaf] | always
        for move in leaving[leaf]:
            held |= _seated(scope, move) if not move.moved else frozenset()
        found[leaf] = held
        for move in leaving[leaf]:
            after = (held - _emptied(scope, move)) | _seated(scope, move)
            if move.moved and not after <= found[move.to.leaf]:
                found[move.to.leaf] |= after
                if move.to.leaf not in queued:
                    queued.add(move.to.leaf)
                    waiting.append(move.to.leaf)
    return found


def _effects(scope: Scope, move: Move) -> list[Effect]:
    entered: list[Effect] = []
    if move.moved:
        before = scope.outline.leaves[move.place.leaf].path if move.place.leaf else ()
        for name in scope.outline.leaves[move.to.leaf].path:
            if name not in before or name == move.to.leaf:
                entered.extend(scope.outline.specs[name].enter)
    return [*move.edge.transition.effects, *move.branch.effects, *entered]


def _seated(scope: Scope, move: Move) -> frozenset[str]:
    asked = {ask.name for ask in move.edge.transition.asks if ask.name in scope.outline.seats}
    return frozenset(asked | {e.seat for e in _effects(scope, move) if isinstance(e, SeatEffect)})


def _emptied(scope: Scope, move: Move) -> frozenset[str]:
    """Seats emptied as a whole, and those that are filled from them alone."""
    effects = _effects(scope, move)
    found = {e.seat for e in effects if isinstance(e, UnseatEffect) and e.who is None}
    for name, seat in scope.outline.seats.items():
        if seat.of and found.issuperset(seat.of):
            found.add(name)
    return frozenset(found)


def _filled_by_clocks(scope: Scope) -> frozenset[str]:
    marks = (d for d in site.effects(scope.definition) if d.kind == "mark")
    return frozenset(e.seat for done in marks for e in done.effects if isinstance(e, SeatEffect))


def _fillable_anywhere(scope: Scope) -> frozenset[str]:
    asked = {a.name for w in scope.written for a in w.transition.asks if a.name in scope.outline.seats}
    given = {e.seat for _, e, _ in scope.effects if isinstance(e, SeatEffect)}
    return frozenset(asked | given | {"handler"})


# ---- D404 --------------------------------------------------------------------------------------


def _awaited(scope: Scope) -> None:
    """Somebody is waited for in every open state and can act there; an outside body, if its answer can be noted."""
    acts = _acts_by_leaf(scope)
    for leaf in scope.graphs[MAIN].leaves:
        known = scope.outline.leaves[leaf]
        if known.final:
            continue
        waited = known.waits_for
        path = scope.state_paths[leaf]
        if not waited:
            scope.report.tell("D404", path, name=leaf, who=phrase("who.nobody"))
        elif not any(scope.people.fault(who) for who in waited) and not _busy(scope, waited, acts[leaf]):
            scope.report.tell("D404", path, name=leaf, who=listed(waited))


def _busy(scope: Scope, waited: tuple[str, ...], allowed: list[tuple[str, ...]]) -> bool:
    people = scope.people
    if any(people.outside(who) for who in waited) and any(
        people.can_act(who) for allow in allowed for who in allow
    ):
        return True
    return any(people.any_meets(waited, allow) for allow in allowed)


def _acts_by_leaf(scope: Scope) -> dict[str, list[tuple[str, ...]]]:
    """For each leaf of the main region, who may do each act that is open there; what tracks offer is beside it."""
    found: dict[str, list[tuple[str, ...]]] = {leaf: [] for leaf in scope.graphs[MAIN].leaves}
    for move in scope.graphs[MAIN].moves():
        if move.trigger is not None and move.place.leaf:
            found[move.place.leaf].append(move.edge.transition.allow)
    for act in scope.outline.generated.values():
        if act.kind in DOING and _moves_on(scope, act):
            for leaf in act.leaves & found.keys():
                found[leaf].append(act.allow)
    return found


def _moves_on(scope: Scope, act: Generated) -> bool:
    """Taking or assigning the handler counts only where the definition speaks of a handler."""
    return act.subject != "handler" or "handler" in scope.handled
