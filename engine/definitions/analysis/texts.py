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
            scope.report.tell("D801", "title", lang=lang, place=phrase("text.all", count=len(missing)))
            continue
        for key, path in missing:
            scope.report.tell("D801", path, lang=lang, place=f"`{key}`")


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
