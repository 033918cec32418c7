"""Whatever people read of a shipped case type exists in Chinese and in English: titles, options, reasons, notices, bases."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.definitions.model import Definition, FieldSpec, NoticeEffect, Rule
from workflows import shipped

HAN = re.compile(r"[\u4e00-\u9fff]")
DEFINITIONS = {one.definition.case_type: one.definition for one in shipped.definitions()}
OURS = "ours"  # a basis that is a sentence of the definition and no reference to a law
NAMES = ("roles", "levels", "links", "classes", "forms", "milestones", "activities")
Told = tuple[str, str | None]  # path of the translation, and what stands in the definition


@pytest.fixture(params=DEFINITIONS)
def definition(request: pytest.FixtureRequest) -> Definition:
    return DEFINITIONS[request.param]


def chosen(path: str, spec: FieldSpec) -> Iterator[Told]:
    """The title of a field, and of each of its options."""
    yield f"{path}.title", spec.title
    yield from ((f"{path}.{option}", option) for option in spec.options)


def titles(definition: Definition) -> Iterator[Told]:
    yield "title", definition.title
    for name, spec in definition.fields.items():
        yield from chosen(f"fields.{name}", spec)
    for name, role in definition.parties.roles.items():
        yield f"parties.roles.{name}.title", role.title
    for name, spec in definition.parties.fields.items():
        yield from chosen(f"parties.fields.{name}", spec)
    for kind, record in definition.records.items():
        yield f"records.{kind}.title", record.title
        for name, spec in record.fields.items():
            yield from chosen(f"records.{kind}.{name}", spec)
    for section in ("seats", "outcomes", "clocks", "tracks"):
        for name, spec in getattr(definition, section).items():
            yield f"{section}.{name}.title", spec.title


def acts(definition: Definition) -> Iterator[Any]:
    for _, _, transitions in definition.regions():
        yield from (one for one in transitions if one.trigger or one.name)


def reasons(definition: Definition) -> Iterator[Told]:
    for name, rule in definition.rules.items():
        yield f"rules.{name}.because", rule.because
    for act in acts(definition):
        for guard in act.guard:
            if isinstance(guard, Rule):
                yield f"transitions.{act.trigger or act.name}.guard.because", guard.because


def bases(definition: Definition) -> Iterator[Told]:
    yield "basis", definition.basis
    for act in acts(definition):
        yield f"transitions.{act.trigger or act.name}.basis", act.basis
    for section in ("clocks", "rules"):
        for name, spec in getattr(definition, section).items():
            yield f"{section}.{name}.basis", spec.basis


def notices(definition: Definition) -> Iterator[str]:
    """The forms that its acts, branches and states tell people, and those that its records are."""
    yield from (record.form for record in definition.records.values() if record.form)
    effects = [effect for act in acts(definition) for effect in act.effects]
    effects += [effect for act in acts(definition) for branch in act.dest for effect in branch.effects]
    yield from (effect.form for effect in effects if isinstance(effect, NoticeEffect))


def in_chinese(definition: Definition, path: str) -> bool:
    """Numbers that people dial are their own Chinese."""
    told = definition.translations["zh"].get(path, "")
    return bool(HAN.search(told)) or told.isdecimal()


def test_every_title_and_option_is_told_in_both(definition: Definition) -> None:
    told = dict(titles(definition))
    assert [path for path in told if not in_chinese(definition, path)] == []
    acting = [(a.trigger, f"transitions.{a.trigger}.title") for a in acts(definition) if a.trigger]
    assert [name for name, path in acting if not in_chinese(definition, path)] == []
    assert [path for path, english in told.items() if english and HAN.search(english)] == []


def test_every_reason_is_told_in_both(definition: Definition) -> None:
    told = dict(reasons(definition))
    assert told
    assert [path for path, english in told.items() if not english or HAN.search(english)] == []
    assert [path for path in told if not in_chinese(definition, path)] == []


def test_every_basis_that_is_a_sentence_is_told_in_both(definition: Definition) -> None:
    told = {path: english for path, english in bases(definition) if english and OURS in english}
    assert told
    assert [path for path in told if not in_chinese(definition, path)] == []


def test_every_notice_has_its_name_in_both(definition: Definition) -> None:
    forms = shipped.vocabulary().forms
    used = set(notices(definition))
    assert used
    assert [name for name in used if not HAN.search(forms[name].zh) or HAN.search(forms[name].title)] == []


@pytest.mark.parametrize("kind", NAMES)
def test_every_shared_name_is_told_in_both(kind: str) -> None:
    named = getattr(shipped.vocabulary(), kind)
    assert named
    assert [name for name, one in named.items() if not one.title or not HAN.search(one.zh)] == []
