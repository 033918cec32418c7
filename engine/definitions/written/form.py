"""Templates of notices and documents: files beside a definition, one for each form and language."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.definitions.model import Definition, NoticeEffect, StateSpec

FOLDER = "forms"
MOST_BYTES = 200_000  # of one template


def forms_of(main: Path) -> dict[str, str]:
    """File name to text: those of the definition's own folder, before those that are shared one or two above it."""
    found: dict[str, str] = {}
    own = main.resolve().parent
    for folder in (own.parent.parent / FOLDER, own.parent / FOLDER, own / FOLDER):
        for file in sorted(folder.glob("*.*.html")) if folder.is_dir() else ():
            try:
                found[file.name] = file.read_bytes()[:MOST_BYTES].decode()
            except (OSError, UnicodeDecodeError):
                continue  # a form without a readable template is a form without one, which the check tells
    return found


def with_forms(definition: Definition, files: Mapping[str, str]) -> Definition:
    """The definition with the templates of the forms that it names."""
    kept: dict[str, dict[str, str]] = {}
    for form in named_forms(definition):
        for file, text in files.items():
            name, _, rest = file.partition(".")
            if name == form and rest.endswith(".html"):
                kept.setdefault(form, {})[rest.removesuffix(".html")] = text
    return definition.model_copy(update={"forms": kept}) if kept else definition


def named_forms(definition: Definition) -> list[str]:
    """Every form that an effect serves or that a record is written up on, once each, in file order."""
    return list(dict.fromkeys(_named(definition)))


def _named(definition: Definition) -> Iterator[str]:
    for record in definition.records.values():
        if record.form:
            yield record.form
    for _, states, transitions in definition.regions():
        for transition in transitions:
            groups = (transition.effects, *(branch.effects for branch in transition.dest))
            yield from (e.form for group in groups for e in group if isinstance(e, NoticeEffect))
        yield from _entered(states)
    for clock in definition.clocks.values():
        yield from (e.form for group in clock.at.values() for e in group if isinstance(e, NoticeEffect))


def _entered(states: Mapping[str, StateSpec]) -> Iterator[str]:
    for spec in states.values():
        yield from (e.form for e in spec.enter if isinstance(e, NoticeEffect))
        yield from _entered(spec.states)


def form_files(definition: Definition) -> dict[str, str]:
    """The templates as files: path beside ``workflow.yaml`` to text."""
    return {
        f"{FOLDER}/{form}.{lang}.html": text
        for form, by_language in definition.forms.items()
        for lang, text in by_language.items()
    }
