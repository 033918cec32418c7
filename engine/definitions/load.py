"""From YAML to a definition in normal form. Every error is found in one pass, each with its place.

Nothing here raises on bad input: what cannot be read is a finding, and then there is no definition.
"""

import os
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from engine.definitions.finding import Finding, errors, in_order
from engine.definitions.model import Definition, Effective
from engine.definitions.position import Positions
from engine.definitions.written import clock, fact, flow
from engine.definitions.written.form import forms_of, with_forms
from engine.definitions.written.include import HEADER, SECTIONS, Fetch, Includer
from engine.definitions.written.node import MOST_BYTES, Mapping, Node, decode
from engine.definitions.written.reader import Reader
from engine.definitions.written.translation import LANGUAGE_FILE, Texts, texts, unknown, used

NEEDED = (
    "case_type", "title", "version", "basis", "effective", "calendar", "parties", "states", "outcomes",
    "transitions",
)  # fmt: skip
_LANGUAGES = ("zh",)  # looked for beside included files


@dataclass(frozen=True, slots=True)
class Loaded:
    """``source`` holds the text of every file that was read, by name; it is enough to load again."""

    definition: Definition | None
    findings: list[Finding]
    positions: Positions
    source: dict[str, str] = field(default_factory=dict)


def load(path: str | Path) -> Loaded:
    """A file, what it includes, and the translations beside it."""
    main = Path(path)
    text, findings = _file(main)
    if findings or text is None:
        return Loaded(None, findings or [_unreadable(main)], Positions(str(main)))
    translations, more = _beside(main)
    return _load(text, main.as_posix(), translations, _from_disk, more, forms_of(main))


def loads(
    text: str,
    *,
    name: str = "workflow.yaml",
    translations: MappingType[str, str] | None = None,
    includes: MappingType[str, str] | None = None,
    forms: MappingType[str, str] | None = None,
) -> Loaded:
    """A text; ``translations`` are YAML texts by language, ``includes`` YAML texts by relative path, ``forms``
    templates by file name (``rights_notice.zh.html``)."""
    given = includes or {}
    return _load(text, name, dict(translations or {}), given.get, [], dict(forms or {}))


def _load(
    text: str,
    name: str,
    translations: MappingType[str, str],
    fetch: Fetch,
    before: list[Finding],
    forms: MappingType[str, str],
) -> Loaded:
    reader = Reader(name)
    reader.findings.extend(before)
    includer = Includer(reader, fetch)
    root = includer.tree(name, text)
    source = dict(includer.texts)
    own: dict[str, Texts] = {}
    for lang, translated in sorted(translations.items()):
        file = _sibling(name, lang)
        source[file] = translated
        own[lang] = texts(reader, translated, file)
    brought = _brought(reader, includer, source, sorted({*_LANGUAGES, *translations}), name, fetch)
    definition = None if root is None else _definition(reader, root)
    reader.tags(root)
    if definition is not None and not errors(reader.findings):
        definition = with_forms(_translated(reader, definition, own, brought), forms)
    findings = in_order(reader.findings)
    return Loaded(None if errors(findings) else definition, findings, reader.positions, source)


def _sibling(name: str, lang: str) -> str:
    return (PurePosixPath(name).parent / f"{lang}.yaml").as_posix()


def _brought(
    reader: Reader, includer: Includer, source: dict[str, str], langs: list[str], name: str, fetch: Fetch
) -> dict[str, Texts]:
    """The texts that stand beside included files, by language."""
    found: dict[str, Texts] = {}
    for included in includer.texts:
        for lang in langs:
            file = _sibling(included, lang)
            translated = None if included == name or file in source else fetch(file)
            if translated is not None:
                source[file] = translated
                found.setdefault(lang, {}).update(texts(reader, translated, file))
    return found


def _translated(
    reader: Reader, definition: Definition, own: dict[str, Texts], brought: dict[str, Texts]
) -> Definition:
    """The definition with its own texts; of those beside included files only what it has a use for."""
    by_language: dict[str, dict[str, str]] = {}
    for lang in sorted({*own, *brought}):
        unknown(reader, definition, own.get(lang, {}))
        by_language[lang] = {
            path: text for path, (text, _) in used(definition, brought.get(lang, {})).items()
        }
        by_language[lang].update((path, text) for path, (text, _) in own.get(lang, {}).items())
    return definition.model_copy(update={"translations": by_language})


# ---- the whole ---------------------------------------------------------------------------------------


def _definition(reader: Reader, root: Mapping) -> Definition:
    entries = reader.block(root, "", (*HEADER, *SECTIONS), NEEDED)
    return Definition(
        case_type=reader.id(entries["case_type"], "case_type") if "case_type" in entries else "",
        title=fact.optional_text(reader, entries, "title", "") or "",
        version=fact.optional_text(reader, entries, "version", "") or "",
        basis=fact.optional_text(reader, entries, "basis", "") or "",
        effective=_effective(reader, entries.get("effective")),
        calendar=fact.optional_name(reader, entries, "calendar", "") or "",
        currency=fact.optional_name(reader, entries, "currency", ""),
        reporter=fact.reporter(reader, entries.get("reporter")),
        params=fact.params(reader, entries.get("params")),
        parties=fact.parties(reader, entries.get("parties")),
        fields=fact.fields(reader, entries.get("fields"), "fields"),
        records=fact.records(reader, entries.get("records")),
        seats=fact.seats(reader, entries.get("seats")),
        rules=fact.rules(reader, entries.get("rules")),
        states=flow.states(reader, entries.get("states"), "states"),
        outcomes=flow.outcomes(reader, entries.get("outcomes")),
        transitions=flow.transitions(reader, entries.get("transitions"), "transitions"),
        clocks=clock.clocks(reader, entries.get("clocks")),
        tracks=flow.tracks(reader, entries.get("tracks")),
        milestones=flow.milestones(reader, entries.get("milestones")),
        counts=flow.counts(reader, entries.get("counts")),
    )


def _effective(reader: Reader, node: Node | None) -> Effective:
    entries = reader.block(node, "effective", ("from", "until"), ("from",))
    days = {key: _day(reader, inner, f"effective.{key}") for key, inner in entries.items()}
    start, end = days.get("from") or date.min, days.get("until")
    if end is not None and end < start:
        reader.fault(entries["until"].at, "effective.until", "yaml.until_before_from")
    return Effective(from_=start, until=end)


def _day(reader: Reader, node: Node, path: str) -> date | None:
    written = reader.text(node, path, "date")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        reader.wrong(node, path, "date")
        return None


# ---- files -------------------------------------------------------------------------------------------


def _file(path: Path) -> tuple[str | None, list[Finding]]:
    """The text of a file; no more is read than may be. None where there is no such file."""
    try:
        if not path.is_file():
            return None, []
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        return None, []
    return decode(content, path.as_posix())


def _unreadable(path: Path) -> Finding:
    return Finding("FM-D001", {"file": str(path)}, path.as_posix(), 0, 0, "", "yaml.no_file")


def _from_disk(name: str) -> str | None:
    text, findings = _file(Path(name))
    return None if findings else text


def _beside(main: Path) -> tuple[dict[str, str], list[Finding]]:
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for name in sorted(os.listdir(main.parent)):
        if LANGUAGE_FILE.match(name) and name != main.name:
            text, wrong = _file(main.parent / name)
            findings.extend(wrong)
            if text is not None and not wrong:
                found[name.removesuffix(".yaml")] = text
    return found, findings
