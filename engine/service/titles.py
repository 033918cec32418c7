"""Titles beside ids, for what the definition names: fields with their options, records, seats, clocks."""

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import FieldSpec, Vocabulary
from engine.machine.judge import fact_title, who_title
from engine.machine.program import Program


def titled(
    program: Program, values: Mapping[str, Any], specs: Mapping[str, FieldSpec], path: str, lang: str
) -> list[dict[str, Any]]:
    """Each value with its title and, for choices, the title of the option; in the definition's order.

    ``path`` is where the texts stand in the translations: ``fields``, ``records.consent``, ``parties``.
    """
    known = [name for name in specs if name in values] + [name for name in values if name not in specs]
    return [_one(program, name, values[name], specs.get(name), f"{path}.{name}", lang) for name in known]


def _one(
    program: Program, name: str, value: Any, spec: FieldSpec | None, path: str, lang: str
) -> dict[str, Any]:
    words = name.replace("_", " ")
    text = program.definition.text
    title = text(f"{path}.title", lang, (spec.title if spec else None) or words)
    told: Any = value
    if spec is not None and spec.options:
        options = value if isinstance(value, list) else [value]
        named = [text(f"{path}.{option}", lang, str(option).replace("_", " ")) for option in options]
        told = named if isinstance(value, list) else named[0]
    return {"name": name, "title": title, "value": value, "value_title": told}


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
    clock = act.partition(":")[0].removeprefix("extend_")
    if act in program.outline.triggers:
        return definition.text(f"transitions.{act}.basis", lang, basis)
    if clock in definition.clocks and definition.clocks[clock].basis == basis:
        return definition.text(f"clocks.{clock}.basis", lang, basis)
    return basis


def titled_change(program: Program, change: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A change of an event with the words for what it changes."""
    definition = program.definition
    match change["do"]:
        case "clock":
            return {**change, "title": fact_title(program, change["run"]["name"], lang)}
        case "seat" | "unseat" | "accept":
            return {**change, "title": fact_title(program, change["seat"], lang)}
        case "record":
            item = change["item"]
            specs = definition.records[item["kind"]].fields
            fields = titled(program, item["fields"], specs, f"records.{item['kind']}", lang)
            return {**change, "title": fact_title(program, item["kind"], lang), "fields": fields}
        case "party":
            return {**change, "role_title": who_title(program, change["party"]["role"], lang)}
        case "set":
            value = {change["field"]: change["value"]}
            return {**change, **titled(program, value, definition.fields, "fields", lang)[0]}
    return dict(change)
