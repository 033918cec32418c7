"""Titles beside ids, for what the definition names: fields with their options, records, seats, clocks."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.definitions.model import FieldSpec, Vocabulary
from engine.domain.messages import text
from engine.machine.program import Program
from engine.service.words import Words, words_of


def titled(
    program: Program, values: Mapping[str, Any], specs: Mapping[str, FieldSpec], path: str, lang: str
) -> list[dict[str, Any]]:
    """Each value with its title and, for choices, the title of the option; in the definition's order.

    ``path`` is where the texts stand in the translations: ``fields``, ``records.consent``, ``parties.fields``.
    """
    return _titled(words_of(program, lang), values, specs, path)


def _titled(
    words: Words, values: Mapping[str, Any], specs: Mapping[str, FieldSpec], path: str
) -> list[dict[str, Any]]:
    fields, told = words.fields[path], []
    for name in _in_order(values, specs):
        field, value = fields[name], values[name]
        named = value if field.plain else field.value(value)
        told.append({"name": name, "title": field.title, "value": value, "value_title": named})
    return told


def _in_order(values: Mapping[str, Any], specs: Mapping[str, FieldSpec]) -> list[str]:
    if values.keys() == specs.keys():
        return list(specs)
    return [name for name in specs if name in values] + [name for name in values if name not in specs]


def role_title(vocabulary: Vocabulary, role: str, lang: str) -> str:
    """A role in the shared words, else its name in words."""
    named = vocabulary.roles.get(role)
    if named is None:
        return role.replace("_", " ")
    return named.zh if lang == "zh" and named.zh else named.title


def act_basis(program: Program, act: str, basis: str | None, lang: str) -> str | None:
    """What an event rests on. A mark is named `clock:mark`, an extension after its clock."""
    if basis is None:
        return None
    definition = program.definition
    if act in program.outline.triggers:
        return definition.text(f"transitions.{act}.basis", lang, basis)
    clock = act.partition(":")[0].removeprefix("extend_")
    if clock in definition.clocks and definition.clocks[clock].basis == basis:
        return definition.text(f"clocks.{clock}.basis", lang, basis)
    return basis


def titled_change(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    """A change of an event with the words for what it changes."""
    make = _TITLED.get(change["do"])
    return make(words, change) if make else dict(change)


def corrected(words: Words, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a correction changed: ``name`` is a field, ``consent-2.decision``, or ``at``; each with its title, and
    the values also in words."""
    told = []
    for name in sorted({*before, *after}):
        title, value = _corrected(words, name)
        was, now = before.get(name), after.get(name)
        in_words = {"before_title": was and value(was), "after_title": now and value(now)}
        told.append({"name": name, "title": title, "before": was, "after": now, **in_words})
    return told


def _corrected(words: Words, name: str) -> tuple[str, Callable[[Any], Any]]:
    """The title of what was corrected, and what makes its values words."""
    item, dot, field = name.partition(".")
    if not dot and name not in words.program.definition.fields:
        return text("word.when", words.lang), lambda value: value
    if not dot:
        named = words.fields["fields"][name]
        return named.title, named.value
    kind = item.rpartition("-")[0]
    if kind not in words.program.definition.records:  # a party's
        named = words.fields["parties.fields"][field]
        return f"{item}: {named.title}", named.value
    named = words.fields[f"records.{kind}"][field]
    return f"{words.fact[kind]}: {named.title}", named.value


def _record(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    item = change["item"]
    kind = item["kind"]
    specs = words.program.definition.records[kind].fields
    fields = _titled(words, item["fields"], specs, f"records.{kind}")
    return {**change, "title": words.fact[kind], "fields": fields}


def _set(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    name, value = change["field"], change["value"]
    field = words.fields["fields"][name]
    return {**change, "name": name, "title": field.title, "value": value, "value_title": field.value(value)}


def _erased(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    name = change["name"]
    return {**change, "title": words.fact[name if change["what"] == "set" else name.rpartition("-")[0]]}


def _purge(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    return {**change, "titles": [words.fact[name] for name in change["facts"]]}


def _seat(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    return {**change, "title": words.fact[change["seat"]]}


def _clock(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    return {**change, "title": words.clock[change["run"]["name"]]}


def _party(words: Words, change: Mapping[str, Any]) -> dict[str, Any]:
    return {**change, "role_title": words.who[change["party"]["role"]]}


_TITLED: Mapping[str, Callable[[Words, Mapping[str, Any]], dict[str, Any]]] = {
    "clock": _clock,
    "seat": _seat,
    "unseat": _seat,
    "accept": _seat,
    "answer": _seat,
    "record": _record,
    "party": _party,
    "set": _set,
    "erased": _erased,
    "purge": _purge,
    "corrected": lambda words, c: {**c, "told": corrected(words, c["before"], c["after"])},
    "seal": lambda words, c: {
        **c,
        "title": words.title if c["what"] == "case" else words.fact[c["what"]],
    },
}
