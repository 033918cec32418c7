"""FM-D601, D602: side tracks that wait for ever, and how case types open each other."""

from collections.abc import Iterator
from itertools import chain

from engine.definitions.analysis import site
from engine.definitions.analysis.clocks import watches
from engine.definitions.analysis.report import near, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.sure import Sure
from engine.definitions.model import Definition, FireEffect, LinkEffect, OpenEffect
from engine.definitions.outline import MAIN


def check(scope: Scope, sure: Sure) -> None:
    _waiting(scope, sure)
    _links(scope)
    _opened(scope)


def _waiting(scope: Scope, sure: Sure) -> None:
    watched = {
        leaf for name in scope.definition.clocks if watches(scope, name) for leaf in sure.running(name)
    }
    for region, graph in scope.graphs.items():
        for leaf in graph.leaves if region != MAIN else ():
            if scope.outline.leaves[leaf].waits_for and not sure.moves[leaf] and leaf not in watched:
                scope.report.tell("D601", scope.state_paths[leaf], track=region, name=leaf)


def _links(scope: Scope) -> None:
    known = scope.vocabulary.links
    for path, effect, _ in scope.effects:
        name = None
        if isinstance(effect, OpenEffect | LinkEffect):
            name, path = effect.link, f"{path}.link"
        elif isinstance(effect, FireEffect) and effect.on is not None:
            name, path = effect.on, f"{path}.on"
        if name is not None and name not in known:
            why = phrase("open.no_link", name=name)
            scope.report.tell("D602", path, why=why, near=near(name, known))


def _opened(scope: Scope) -> None:
    if scope.others is None:
        return
    types = {other.case_type: other for other in (*scope.others, scope.definition)}
    for path, effect, done in scope.effects:
        if not isinstance(effect, OpenEffect):
            continue
        other = types.get(effect.case_type)
        if other is None:
            why = phrase("open.no_type", name=effect.case_type)
            scope.report.tell("D602", f"{path}.open", why=why, near=near(effect.case_type, types))
            continue
        _carried(scope, path, effect, other)
        _asked(scope, path, effect, other)
        if done.automatic and scope.definition.case_type in set(_opens_by_itself(other)):
            why = phrase("open.each_other", one=scope.definition.case_type, other=other.case_type)
            scope.report.tell("D602", f"{path}.open", why=why)


def _carried(scope: Scope, path: str, effect: OpenEffect, other: Definition) -> None:
    for number, name in enumerate(effect.carry):
        mine, theirs = scope.definition.fields.get(name), other.fields.get(name)
        if mine is None:
            continue
        if theirs is None or (theirs.kind, theirs.options) != (mine.kind, mine.options):
            word = "open.no_field" if theirs is None else "open.other_field"
            why = phrase(word, name=name, type=other.case_type)
            scope.report.tell("D602", f"{path}.carry.{number}", why=why)


def _asked(scope: Scope, path: str, effect: OpenEffect, other: Definition) -> None:
    """Nobody is there to answer what the other type asks at filing: it has to be carried. The note is what was told."""
    given = {"note", "parties", *effect.carry}
    for transition in other.transitions:
        for ask in transition.asks if transition.trigger == "file" else ():
            if ask.needed and ask.name not in given:
                why = phrase("open.asks", name=ask.name, type=other.case_type)
                scope.report.tell("D602", f"{path}.open", why=why)


def _opens_by_itself(definition: Definition) -> Iterator[str]:
    done = (d for d in site.effects(definition) if d.automatic)
    effects = chain.from_iterable(d.effects for d in done)
    return (effect.case_type for effect in effects if isinstance(effect, OpenEffect))
