"""FM-D701: a fact that few may read shows where many do: a notice, a title, a public fact or status."""

import re
from collections.abc import Iterator, Mapping

from engine.definitions.analysis import site
from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.report import Phrase, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.closeness import strictest
from engine.definitions.model import NoticeEffect
from engine.domain.access import PRIVATE

_PLACE = re.compile(r"\{\{?\s*([a-z][a-z0-9_.]*)")


def check(scope: Scope, compiled: Compiled, forms: Mapping[str, str]) -> None:
    """``forms`` are the templates that are known, by form id; a template names facts in braces."""
    private = dict(_private(scope))
    for path, text, place in _shown(scope, forms):
        for named in _PLACE.findall(text):
            found = next((part for part in named.split(".") if part in private), None)
            if found is not None:
                scope.report.tell("D701", path, fact=named, class_=private[found], place=place)
    _documents(scope)
    _copied(scope, compiled, private)


def _private(scope: Scope) -> Iterator[tuple[str, str]]:
    """Names of private fields and records with their class."""
    definition = scope.definition
    for name, spec in (*definition.fields.items(), *definition.parties.fields.items()):
        if strictest(spec.class_) in PRIVATE:
            yield name, strictest(spec.class_)
    for name, record in definition.records.items():
        if strictest(record.class_) in PRIVATE:
            yield name, strictest(record.class_)
            yield record.plural, strictest(record.class_)
        for field, spec in record.fields.items():
            if strictest(spec.class_) in PRIVATE:
                yield field, strictest(spec.class_)


def _shown(scope: Scope, forms: Mapping[str, str]) -> Iterator[tuple[str, str, Phrase]]:
    """(path, text, what it is) of every text that shows to whoever follows a case."""
    definition = scope.definition
    title = phrase("place.title")
    for stated in site.states(definition):
        yield from _texts(scope, stated.path, f"states.{stated.name}.title", stated.spec.title, title)
    for written in scope.written:
        name = written.transition.trigger or written.transition.name
        yield from _texts(scope, written.path, f"transitions.{name}.title", written.transition.title, title)
    for name, outcome in definition.outcomes.items():
        yield from _texts(scope, f"outcomes.{name}", f"outcomes.{name}.title", outcome.title, title)
    for path, effect, _ in scope.effects:
        if isinstance(effect, NoticeEffect) and effect.form in forms:
            yield f"{path}.notice", forms[effect.form], phrase("place.notice", name=effect.form)


def _texts(
    scope: Scope, path: str, key: str, own: str | None, what: Phrase
) -> Iterator[tuple[str, str, Phrase]]:
    if own is not None:
        yield f"{path}.title", own, what
    for given in scope.definition.translations.values():
        if key in given:
            yield f"{path}.title", given[key], what


def _documents(scope: Scope) -> None:
    """A notice made of a record's own document shows the whole record."""
    records = {
        record.form: (name, record) for name, record in scope.definition.records.items() if record.form
    }
    for path, effect, _ in scope.effects:
        if not isinstance(effect, NoticeEffect) or effect.form not in records:
            continue
        name, record = records[effect.form]
        found = strictest(record.class_, *(spec.class_ for spec in record.fields.values()))
        if found in PRIVATE:
            place = phrase("place.notice", name=effect.form)
            scope.report.tell("D701", f"{path}.notice", fact=name, class_=found, place=place)


def _copied(scope: Scope, compiled: Compiled, private: Mapping[str, str]) -> None:
    """A private fact put into a field that anyone may look up."""
    for computed, expression in compiled.of_use("set"):
        name = computed.path.rpartition(".")[2]
        field = scope.definition.fields.get(name)
        if field is None or field.class_ != "public":
            continue
        found = next((part for path in sorted(expression.reads) for part in path if part in private), None)
        if found is not None:
            place = phrase("place.public", name=name)
            scope.report.tell("D701", computed.path, fact=found, class_=private[found], place=place)
