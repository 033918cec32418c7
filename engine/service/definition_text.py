"""A definition as text, picture and page; checked, compared and put in force as it was sent."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.definitions.analysis import analyse
from engine.definitions.canonical import from_json
from engine.definitions.difference import differences
from engine.definitions.emit import emit, emit_texts
from engine.definitions.load import Loaded, loads
from engine.definitions.model import Definition
from engine.definitions.outline import Outline
from engine.definitions.position import Positions
from engine.definitions.sarif import sarif
from engine.definitions.wording import Wording
from engine.domain.errors import UsageError
from engine.persistence.unit import Unit
from engine.service import definition as service
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.definition_check import answer_of, proof, refuse_unsound

Texts = Mapping[str, str]
FORMS = ("svg", "mermaid")


def read(
    text: str,
    translations: Texts | None = None,
    includes: Texts | None = None,
    forms: Texts | None = None,
) -> Loaded:
    """A text that was sent, with its translations by language, what it includes by path and its templates by file
    name (``rights_notice.zh.html``); nothing is read from the disk."""
    return loads(text, translations=translations, includes=includes, forms=forms)


# ---- what is stored ----------------------------------------------------------------------------------


def files(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """The YAML of one version and of its translations, by file name: {case_type, version, hash, files}."""
    told = service.text(unit, caller, name=name, version=version)
    translated = {f"{lang}.yaml": emit_texts(by_path) for lang, by_path in told["translations"].items()}
    return {
        **{key: told[key] for key in ("case_type", "version", "hash")},
        "files": {"workflow.yaml": told["workflow"], **translated, **told["forms"]},
    }


def diagram(
    unit: Unit, caller: Caller, *, name: str, version: str | None = None, form: str = "svg"
) -> Answer:
    """A drawing with titles in the caller's language: {case_type, version, hash, format, drawing}."""
    from engine.definitions import drawing  # layout is loaded for those who draw

    row, found = _stored(unit, caller, name, version)
    words = Wording(Outline(found), lang=caller.lang, vocabulary=law.vocabulary(unit))
    draw: Callable[[Wording], str] = drawing.svg if form == "svg" else drawing.mermaid
    return {**row, "format": form, "drawing": draw(words)}


def page(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """The whole page of a workflow, as Markdown in both languages."""
    from engine.definitions.page import page as written

    row, found = _stored(unit, caller, name, version)
    words = law.vocabulary(unit)
    analysis = analyse(Outline(found), vocabulary=words, others=service.others_of(unit, found.case_type))
    return {**row, "page": written(found, analysis, vocabulary=words)}


def prove(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """The certain way on from each open state; what is proved and what is not."""
    row, found = _stored(unit, caller, name, version)
    others = service.others_of(unit, found.case_type)
    return {**row, **proof(found, law.vocabulary(unit), lang=caller.lang, others=others)}


def check_stored(
    unit: Unit, caller: Caller, *, name: str, version: str | None = None, strict: bool = False
) -> Answer:
    """Everything that is wrong with a stored version."""
    row, found = _stored(unit, caller, name, version)
    loaded = Loaded(found, [], Positions())
    findings = service.examined(unit, loaded)
    return {**row, **answer_of(loaded, findings, lang=caller.lang, strict=strict)}


def _stored(unit: Unit, caller: Caller, name: str, version: str | None) -> tuple[dict[str, Any], Definition]:
    row = service.find(unit, caller, name, version)
    return {key: row[key] for key in ("case_type", "version", "hash")}, from_json(json.loads(row["body"]))


# ---- what was sent -----------------------------------------------------------------------------------


def check(
    unit: Unit,
    caller: Caller,
    *,
    text: str,
    translations: Texts | None = None,
    includes: Texts | None = None,
    forms: Texts | None = None,
    strict: bool = False,
) -> Answer:
    """Everything that is wrong with a text, with line and column. An unsound text is an answer, not a refusal."""
    loaded = read(text, translations, includes, forms)
    return answer_of(loaded, service.examined(unit, loaded), lang=caller.lang, strict=strict)


def check_as_sarif(
    unit: Unit,
    caller: Caller,
    *,
    text: str,
    program: str,
    translations: Texts | None = None,
    includes: Texts | None = None,
    forms: Texts | None = None,
) -> Answer:
    """The same findings as SARIF; ``program``: its version."""
    loaded = read(text, translations, includes, forms)
    return sarif(service.examined(unit, loaded), version=program, lang=caller.lang)


def differ(unit: Unit, caller: Caller, *, name: str, version: str | None, other: str) -> Answer:
    """What differs between two stored versions of a workflow, property by property."""
    _, old = _stored(unit, caller, name, version)
    _, new = _stored(unit, caller, name, other)
    return _listed(old, new)


def differ_from_text(
    unit: Unit,
    caller: Caller,
    *,
    name: str,
    version: str | None,
    text: str,
    translations: Texts | None = None,
    includes: Texts | None = None,
    forms: Texts | None = None,
) -> Answer:
    """What a text would change in a stored version; its errors are raised."""
    _, old = _stored(unit, caller, name, version)
    loaded = read(text, translations, includes, forms)
    refuse_unsound(loaded.findings)
    if loaded.definition is None:
        raise ValueError("a text gave neither a definition nor an error")
    return _listed(old, loaded.definition)


def read_foreign(unit: Unit, caller: Caller, *, content: bytes, name: str = "request.json") -> Answer:
    """A workflow of DIGIT: {items[{service, sound, findings, workflow|null, ..}], count}; nothing is stored."""
    from engine.definitions.digit import read_digit

    items = [
        {**one.to_json(caller.lang), "workflow": emit(one.definition) if one.definition else None}
        for one in read_digit(content, name)
    ]
    return {"items": items, "count": len(items), "next": None}


def _listed(old: Definition, new: Definition) -> Answer:
    items = [one.to_json() for one in differences(old, new)]
    return {"items": items, "count": len(items), "next": None}


def activate(
    unit: Unit,
    caller: Caller,
    *,
    case_type: str,
    text: str,
    translations: Texts | None = None,
    includes: Texts | None = None,
    forms: Texts | None = None,
    start: Any = None,
) -> Answer:
    """Cases of this type filed from a day on follow the text. FM-U373 where it defines another type."""
    loaded = read(text, translations, includes, forms)
    if loaded.definition is not None and loaded.definition.case_type != case_type:
        raise UsageError("FM-U373", given=loaded.definition.case_type, wanted=case_type)
    return service.activate(unit, caller, loaded=loaded, start=start)
