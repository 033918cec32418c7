"""What definitions call their outcomes, clocks, states and acts, in the reader's language."""

from collections.abc import Iterable

from engine.analytics.traces.law import Law
from engine.definitions.outline import Outline


def outcome(laws: Iterable[Law], name: str, lang: str) -> str:
    for law in laws:
        if law.definition is not None and name in law.definition.outcomes:
            default = law.definition.outcomes[name].title or _words(name)
            return law.definition.text(f"outcomes.{name}.title", lang, default)
    return _words(name)


def clock(laws: Iterable[Law], name: str, lang: str) -> str:
    for law in laws:
        if law.definition is not None and name in law.definition.clocks:
            default = law.definition.clocks[name].title or _words(name)
            return law.definition.text(f"clocks.{name}.title", lang, default)
    return _words(name)


def state(law: Law, name: str, lang: str) -> str:
    if law.definition is None:
        return _words(name)
    spec = Outline(law.definition).specs.get(name)
    return law.definition.text(f"states.{name}.title", lang, (spec.title if spec else None) or _words(name))


def act(law: Law, name: str, lang: str) -> str:
    """What people do, or what happens by itself; of what is neither its name in words."""
    if law.definition is None:
        return _words(name)
    regions = Outline(law.definition).regions.values()
    found = (
        t.title for region in regions for t in region.transitions if name in (t.trigger, t.name) and t.title
    )
    return law.definition.text(f"transitions.{name}.title", lang, next(found, None) or _words(name))


def _words(name: str) -> str:
    return name.replace("_", " ")
