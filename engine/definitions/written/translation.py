"""Texts in other languages: ``zh.yaml`` beside a definition, keyed by path, nested or dotted.

The keys are names: ``states.in_session.title``, ``transitions.accept.title``, ``rules.minors.because``,
``fields.risk.title``, ``fields.risk.red`` (an option), ``records.consent.decision.given``.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from difflib import get_close_matches

from engine.definitions.model import Definition, StateSpec
from engine.definitions.position import Position
from engine.definitions.written.node import Mapping, Node, Scalar, read
from engine.definitions.written.reader import Reader

LANGUAGE_FILE = re.compile(r"[a-z]{2,3}\.yaml\Z")

Texts = dict[str, tuple[str, Position]]


def texts(reader: Reader, text: str, file: str) -> Texts:
    """Path (``states.in_session.title``) to text and place."""
    root, findings = read(text, file)
    reader.findings.extend(findings)
    if root is None:
        return {}
    found: Texts = {}
    _flatten(reader, root, "", found)
    reader.tags(root)
    return found


def _flatten(reader: Reader, node: Node, path: str, found: Texts) -> None:
    if isinstance(node, Mapping):
        for key, inner in node.entries.items():
            _flatten(reader, inner, f"{path}.{key}" if path else key, found)
    elif isinstance(node, Scalar) and node.text.strip() and path:
        if path in found:
            reader.fault(node.at, path, "yaml.duplicate", key=path, first=found[path][1].line)
        found[path] = node.text, node.at
    elif path or not isinstance(node, Scalar):
        reader.wrong(node, path, "text")


def unknown(reader: Reader, definition: Definition, found: Texts) -> None:
    """Tells texts for names that the definition does not have."""
    known = set(_stems(definition))
    for path, (_, at) in found.items():
        stem = _stem(path)
        if stem not in known:
            near = get_close_matches(stem, known, n=1, cutoff=0.7)
            reader.fault(at, path, "yaml.no_such_text", code="FM-D002", key=stem, near=(near or [""])[0])


def used(definition: Definition, found: Texts) -> Texts:
    """The texts for names that the definition has."""
    known = set(_stems(definition)) - {"title", "basis"}
    return {path: text for path, text in found.items() if _stem(path) in known}


def _stem(path: str) -> str:
    parts = path.split(".")
    return ".".join(parts[: 3 if parts[0] == "parties" else 2])


def _stems(definition: Definition) -> Iterator[str]:
    yield from ("title", "basis")
    for role in definition.parties.roles:
        yield f"parties.roles.{role}"
    for name in definition.parties.fields:
        yield f"parties.fields.{name}"
    for section in (
        "params",
        "fields",
        "records",
        "seats",
        "rules",
        "outcomes",
        "clocks",
        "tracks",
        "milestones",
    ):
        for name in getattr(definition, section):
            yield f"{section}.{name}"
    for _, states, transitions in definition.regions():
        for name in _names(states):
            yield f"states.{name}"
        for transition in transitions:
            yield f"transitions.{transition.trigger or transition.name}"


def _names(states: MappingType[str, StateSpec]) -> Iterator[str]:
    for name, spec in states.items():
        yield name
        yield from _names(spec.states)
