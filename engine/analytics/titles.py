"""What definitions call their outcomes, clocks, states and acts, in the reader's language."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.analytics.traces.law import Law, by_age, law
from engine.definitions.outline import Outline

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame
    from engine.persistence.unit import Unit


def followed(frame: "Frame", unit: "Unit") -> list[Law]:
    """What these cases follow or ever followed, as of the instant, the text that came last into the store first: one
    that came later calls nothing otherwise in a figure of the past."""
    texts = frame.texts("definition")
    known = {texts[code] for code in frame.codes("definition")}
    return [law(unit, content_hash) for content_hash in by_age(unit, known)]


def outcome(laws: Iterable[Law], name: str, lang: str) -> str:
    for one in laws:
        if one.definition is not None and name in one.definition.outcomes:
            default = one.definition.outcomes[name].title or _words(name)
            return one.definition.text(f"outcomes.{name}.title", lang, default)
    return _words(name)


def clock(laws: Iterable[Law], name: str, lang: str) -> str:
    for one in laws:
        if one.definition is not None and name in one.definition.clocks:
            default = one.definition.clocks[name].title or _words(name)
            return one.definition.text(f"clocks.{name}.title", lang, default)
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
