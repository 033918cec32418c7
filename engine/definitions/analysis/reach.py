"""FM-D201, D203 to D207, D209: what the may-graph tells by itself."""

from collections.abc import Callable

from engine.definitions.analysis import site
from engine.definitions.analysis.report import listed, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import Branch
from engine.definitions.outline import MAIN, Edge


def check(scope: Scope) -> None:
    _unreachable(scope)
    _hidden(scope)
    _closing(scope)
    _undoing(scope)


# ---- D201 --------------------------------------------------------------------------------------


def _unreachable(scope: Scope) -> None:
    """The outermost state of which no leaf can be reached."""
    told: set[str] = set()
    for stated in site.states(scope.definition):
        leaves = scope.outline.under.get(stated.name, ())
        if told.isdisjoint(leaves) and leaves and scope.reachable.isdisjoint(leaves):
            scope.report.tell("D201", stated.path, name=stated.name)
            told.update(leaves)


# ---- D203, D205 --------------------------------------------------------------------------------


def _hidden(scope: Scope) -> None:
    rivals: dict[tuple[str, str], list[Edge]] = {}
    for edge in scope.outline.edges:
        if edge.transition.trigger is not None:
            rivals.setdefault((edge.source, edge.transition.trigger), []).append(edge)
    hidden: dict[int, tuple[Edge, list[str]]] = {}
    for (leaf, trigger), edges in rivals.items():
        if len(edges) == 1:
            continue
        deepest = max(edge.depth for edge in edges)
        first, *equal = [edge for edge in edges if edge.depth == deepest]
        for edge in equal:
            scope.report.tell("D203", scope.path(edge.transition), trigger=trigger, name=leaf)
        for edge in edges:
            if edge is not first and edge not in equal:
                hidden.setdefault(id(edge.transition), (edge, []))[1].append(leaf)
    for edge, leaves in hidden.values():
        transition, path = edge.transition, scope.path(edge.transition)
        parent = listed(transition.source)
        scope.report.tell("D205", path, trigger=transition.trigger, name=listed(leaves), parent=parent)
    filings = [w for w in scope.written if w.transition.trigger == "file"]
    for written in filings[1:]:
        scope.report.tell("D203", written.path, trigger="file", name=written.region)


# ---- D204, D206, D207 --------------------------------------------------------------------------


def _closing(scope: Scope) -> None:
    reached: set[str] = set()
    for region, graph in scope.graphs.items():
        for move in graph.moves():
            transition = move.edge.transition
            if move.moved and _final(scope, move.place.leaf) and not transition.reopens:
                name = scope.paths[id(transition)].title
                scope.report.tell("D204", scope.path(transition), trigger=name, name=move.place.leaf)
            outcomes = (move.branch.outcome,) if move.branch.outcome else transition.outcome
            reached.update(outcomes)
            closes = move.moved and _final(scope, move.to.leaf) and not _final(scope, move.place.leaf)
            if region == MAIN and closes and not outcomes:
                path = f"{scope.path(transition)}.dest.{move.number}"
                scope.report.tell("D206", path, trigger=scope.paths[id(transition)].title)
    for name in scope.definition.outcomes:
        if name not in reached:
            scope.report.tell("D207", f"outcomes.{name}", name=name)


def _final(scope: Scope, leaf: str) -> bool:
    return leaf in scope.outline.leaves and scope.outline.leaves[leaf].final


# ---- D209 --------------------------------------------------------------------------------------


def _undoing(scope: Scope) -> None:
    """What is undone closes the case, since nobody builds on that; and what undoes it goes back and nothing else."""
    closing = {
        move.trigger
        for move in scope.graphs[MAIN].moves()
        if _final(scope, move.to.leaf) and move.moved and all(map(_ends(scope), move.edge.transition.dest))
    }
    for written in scope.written:
        transition = written.transition
        for number, name in enumerate(transition.undoes):
            if name not in closing:
                path = f"{written.path}.undoes.{number}"
                scope.report.tell("D209", path, name=name, why=phrase("undo.not_closing"))
        plain = transition.dest == (Branch(to="back"),) and not transition.reopens and not transition.outcome
        if transition.undoes and not (plain and written.region == MAIN):
            scope.report.tell(
                "D209", written.path, name=str(transition.trigger), why=phrase("undo.only_back")
            )


def _ends(scope: Scope) -> Callable[[Branch], bool]:
    return lambda branch: _final(scope, scope.outline.entry(branch.to) or "")
