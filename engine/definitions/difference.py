"""What differs between two definitions, told as people would: ``clock consent  within  3 wd -> 5 wd``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.emit import effect
from engine.definitions.model import Block, Definition, Transition, Tree

_NAMED = ("params", "fields", "records", "seats", "rules", "outcomes", "clocks", "milestones", "counts")
_SINGULAR = {
    "params": "param", "fields": "field", "records": "record", "seats": "seat", "rules": "rule",
    "outcomes": "outcome", "clocks": "clock", "milestones": "milestone", "counts": "count",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """``what`` is a kind and a name (``clock consent``), ``key`` the property, None where all of it is new or gone.

    ``before`` and ``after`` are texts as written; None where there is nothing.
    """

    what: str
    key: str | None
    before: str | None
    after: str | None

    def to_json(self) -> dict[str, str | None]:
        return {"what": self.what, "key": self.key, "before": self.before, "after": self.after}


def differences(old: Definition, new: Definition) -> list[Difference]:
    """In the order of a file: header, parts by name, states, acts, texts."""
    return [*_header(old, new), *_parts(old, new), *_flow(old, new), *_translations(old, new)]


# ---- parts -------------------------------------------------------------------------------------------


def _header(old: Definition, new: Definition) -> Iterator[Difference]:
    for key in ("case_type", "title", "version", "basis", "calendar", "currency"):
        yield from _value(key, None, getattr(old, key), getattr(new, key))
    yield from _block("effective", old.effective, new.effective)
    yield from _block("reporter", old.reporter, new.reporter)


def _parts(old: Definition, new: Definition) -> Iterator[Difference]:
    yield from _maps("party", old.parties.roles, new.parties.roles)
    yield from _maps("party field", old.parties.fields, new.parties.fields)
    for key in ("max", "representatives", "changes"):
        yield from _value("parties", key, getattr(old.parties, key), getattr(new.parties, key))
    for section in _NAMED:
        yield from _maps(_SINGULAR[section], getattr(old, section), getattr(new, section))


def _flow(old: Definition, new: Definition) -> Iterator[Difference]:
    before = {name: (states, transitions) for name, states, transitions in old.regions()}
    after = {name: (states, transitions) for name, states, transitions in new.regions()}
    for region in dict.fromkeys((*before, *after)):
        old_states, old_acts = before.get(region, ({}, ()))
        new_states, new_acts = after.get(region, ({}, ()))
        if region not in before or region not in after:
            yield from _presence(f"track {region}", region in before)
        yield from _maps("state", _flat(old_states), _flat(new_states))
        yield from _maps("act", _acts(old_acts), _acts(new_acts))


def _translations(old: Definition, new: Definition) -> Iterator[Difference]:
    for lang in dict.fromkeys((*old.translations, *new.translations)):
        before, after = old.translations.get(lang, {}), new.translations.get(lang, {})
        for path in dict.fromkeys((*before, *after)):
            yield from _value(f"text {lang}", path, before.get(path), after.get(path))


def _flat(states: Mapping[str, Any], inside: str = "") -> dict[str, Any]:
    """Every state by its name, with the state around it; its inner states are told by themselves."""
    found: dict[str, Any] = {}
    for name, spec in states.items():
        shown = {key: value for key, value in _properties(spec) if key != "states"}
        found[name] = {"inside": inside or None, **shown}
        found.update(_flat(spec.states, name))
    return found


def _acts(transitions: tuple[Transition, ...]) -> dict[str, Any]:
    """Transitions by trigger; further ones of one trigger, and those without, by what tells them apart."""
    found: dict[str, Any] = {}
    for transition in transitions:
        name = transition.trigger or transition.name or f"as soon as {transition.as_soon_as}"
        if name in found:
            name = f"{name} from {', '.join(transition.source)}"
        while name in found:
            name += "'"
        found[name] = transition
    return found


# ---- values ------------------------------------------------------------------------------------------


def _maps(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        what = f"{kind} {name}"
        if name not in old or name not in new:
            yield from _presence(what, name in old)
        else:
            yield from _block(what, old[name], new[name])


def _presence(what: str, was_there: bool) -> Iterator[Difference]:
    yield Difference(what, None, "there" if was_there else None, None if was_there else "there")


def _block(what: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    before, after = dict(_properties(old)), dict(_properties(new))
    if not before or not after:
        yield from _value(what, None, old, new)
        return
    for key in dict.fromkeys((*before, *after)):
        first, second = before.get(key), after.get(key)
        if isinstance(first, Mapping) and isinstance(second, Mapping) and (first or second):
            for name in dict.fromkeys((*first, *second)):
                yield from _value(what, f"{key} {name}", first.get(name), second.get(name))
        else:
            yield from _value(what, key, first, second)


def _properties(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, Block) and not isinstance(value, Tree):
        for name in type(value).model_fields:
            if name not in ("name", "has_default"):
                yield name.rstrip("_"), getattr(value, name)


def _value(what: str, key: str | None, old: Any, new: Any) -> Iterator[Difference]:
    if old != new:
        yield Difference(what, key, _said(old), _said(new))


def _said(value: Any) -> str | None:
    """A value on one line, close to how it is written."""
    if value is None or value == () or value == {}:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(_said(inner) or "-" for inner in value)
    if isinstance(value, Tree):
        parts = [f"{option} {_said(inner)}" for option, inner in value.options.items()]
        parts += [f"else {_said(value.otherwise)}"] if value.has_else else []
        return f"by {value.by}: {', '.join(parts)}"
    if isinstance(value, Block):
        return _said_block(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_said(inner)}" for key, inner in value.items())
    return str(value)


def _said_block(block: Block) -> str:
    if "verb" in type(block).model_fields:
        return ", ".join(f"{key} {_said(inner)}" for key, inner in effect(block).items())
    given = [
        (name.rstrip("_"), getattr(block, name))
        for name, field in type(block).model_fields.items()
        if getattr(block, name) != field.default or field.is_required()
    ]
    return "{" + ", ".join(f"{name}: {_said(value)}" for name, value in given) + "}"
