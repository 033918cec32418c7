"""Texts in other languages: ``zh.yaml`` beside a definition, keyed by path, nested or dotted."""

import re

from engine.definitions.written.node import Mapping, Node, Scalar, read
from engine.definitions.written.reader import Reader

LANGUAGE_FILE = re.compile(r"[a-z]{2,3}\.yaml\Z")


def texts(reader: Reader, text: str, file: str) -> dict[str, str]:
    """Path (``states.in_session.title``) to text."""
    root, findings = read(text, file)
    reader.findings.extend(findings)
    if root is None:
        return {}
    found: dict[str, str] = {}
    _flatten(reader, root, "", found)
    reader.tags(root)
    return found


def _flatten(reader: Reader, node: Node, path: str, found: dict[str, str]) -> None:
    if isinstance(node, Mapping):
        for key, inner in node.entries.items():
            _flatten(reader, inner, f"{path}.{key}" if path else key, found)
    elif isinstance(node, Scalar) and node.text.strip():
        if path in found:
            reader.fault(node.at, path, "yaml.duplicate", key=path, first=node.at.line)
        found[path] = node.text
    elif not (isinstance(node, Scalar) and path == ""):
        reader.wrong(node, path, "text")
