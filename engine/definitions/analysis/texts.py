"""FM-D801 to D803: texts in the shipped languages, bases, phases and the milestones of the statistics."""

from collections.abc import Iterator

from engine.definitions.analysis import site
from engine.definitions.analysis.report import phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import Rule
from engine.definitions.outline import MAIN

SHIPPED = ("zh",)  # beside English, which stands in the file itself
MILESTONES = ("first_resolution", "final_resolution")


def check(scope: Scope) -> None:
    _translated(scope)
    _titled(scope)
    _bases(scope)
    _phases(scope)
    for name in MILESTONES:
        if not scope.definition.milestones.get(name):
            scope.report.tell("D803", "milestones", why=phrase("lacks.milestone", name=name))


# ---- D801 --------------------------------------------------------------------------------------


def _translated(scope: Scope) -> None:
    for lang in SHIPPED:
        given = scope.definition.translations.get(lang, {})
        missing = [(key, path) for key, path, needed in texts(scope) if needed and key not in given]
        if missing and not given:
            place, where = phrase("text.all", count=len(missing)), f"{lang}.yaml"
            scope.report.tell("D801", "title", lang=lang, place=place, where=where)
            continue
        for key, path in missing:
            scope.report.tell("D801", path, lang=lang, place=f"`{key}`", where=f"{lang}.yaml")


def _titled(scope: Scope) -> None:
    """A definition that gives most acts an English title gives one to all: the words of a name are no title then."""
    written: dict[str, list[site.Written]] = {}
    for one in scope.written:
        if one.transition.trigger is not None:
            written.setdefault(one.transition.trigger, []).append(one)
    bare = {name: given for name, given in written.items() if not any(one.transition.title for one in given)}
    if 2 * len(bare) >= len(written):  # written without titles, all but some
        return
    for name, given in bare.items():
        place, where = f"`transitions.{name}.title`", phrase("text.act", name=name)
        scope.report.tell("D801", given[0].path, lang="en", place=place, where=where)


def texts(scope: Scope) -> Iterator[tuple[str, str, bool]]:
    """(key of the translation, path in the definition, whether it is needed) of every text people see."""
    definition = scope.definition
    yield "title", "title", True
    for stated in site.states(definition):
        yield f"states.{stated.name}.title", stated.path, True
    for section in ("fields", "records", "seats", "outcomes", "clocks"):
        for name in getattr(definition, section):
            yield f"{section}.{name}.title", f"{section}.{name}", True
    for name in definition.parties.roles:
        yield f"parties.roles.{name}.title", f"parties.roles.{name}", True
    for name in definition.rules:
        yield f"rules.{name}.because", f"rules.{name}.because", True
    for name in definition.tracks:
        yield f"tracks.{name}.title", f"tracks.{name}", True
    yield from _acts(scope)


def _acts(scope: Scope) -> Iterator[tuple[str, str, bool]]:
    told: set[str] = set()
    for written in scope.written:
        name = written.transition.trigger or written.transition.name
        if name is None:
            continue
        if name not in told:
            yield f"transitions.{name}.title", written.path, written.transition.trigger is not None
        told.add(name)
        if any(isinstance(guard, Rule) for guard in written.transition.guard):
            yield f"transitions.{name}.guard.because", f"{written.path}.guard", True


# ---- D802 --------------------------------------------------------------------------------------


def _bases(scope: Scope) -> None:
    for written in scope.written:
        if not written.transition.basis:
            scope.report.tell("D802", written.path, place=f"`{written.title}`")
    for name, clock in scope.definition.clocks.items():
        if clock.kind == "limit" and not clock.basis:
            scope.report.tell("D802", f"clocks.{name}", place=f"`{name}`")


# ---- D803 --------------------------------------------------------------------------------------


def _phases(scope: Scope) -> None:
    """Every state of the main region has a phase; the outermost state that lacks one is told."""
    for name, spec in scope.definition.states.items():
        leaves = [scope.outline.leaves[leaf] for leaf in scope.outline.under.get(name, ())]
        bare = [
            leaf
            for leaf in leaves
            if leaf.region == MAIN
            and not leaf.final
            and not any(scope.outline.specs[part].phase for part in leaf.path)
        ]
        if bare and not spec.phase:
            scope.report.tell("D803", f"states.{name}", why=phrase("lacks.phase", name=name))
