"""``include``: other files brought in before anything is read, section by section, name by name."""

from collections.abc import Callable
from pathlib import PurePosixPath

from engine.definitions.written.node import Mapping, Node, Scalar, Sequence, read
from engine.definitions.written.reader import Reader

HEADER = (
    "case_type", "title", "version", "basis", "effective", "calendar", "currency", "include", "replace",
)  # fmt: skip
SECTIONS = (
    "params", "parties", "reporter", "fields", "records", "seats", "rules", "states", "outcomes", "transitions",
    "clocks", "tracks", "milestones", "counts",
)  # fmt: skip
MOST_FILES = 50

Fetch = Callable[[str], str | None]


class Includer:
    """Reads a file and all that it includes into one tree.

    Names are unique over the files unless the including file lists them in ``replace``
    (``clocks.consent``; ``transitions.refer`` means every transition of that trigger).
    """

    def __init__(self, reader: Reader, fetch: Fetch) -> None:
        self._reader, self._fetch = reader, fetch
        self.texts: dict[str, str] = {}

    def tree(self, name: str, text: str, around: tuple[str, ...] = ()) -> Mapping | None:
        """The file as one mapping with everything it includes merged in; None if it is no mapping."""
        self.texts[name] = text
        root, findings = read(text, name)
        self._reader.findings.extend(findings)
        if not isinstance(root, Mapping):
            if root is not None:
                self._reader.wrong(root, "", "map")
            return None
        replaced = set(self._reader.names(root.entries.get("replace"), "replace"))
        merged = root
        for node, path in reversed(list(self._reader.many(root.entries.get("include"), "include"))):
            brought = self._brought(name, node, path, (*around, name))
            if brought is not None:
                merged = self._merge(brought, merged, replaced)
        if not around:
            self._unused(root, replaced)
        return merged

    def _brought(self, name: str, node: Node, path: str, around: tuple[str, ...]) -> Mapping | None:
        wanted = self._reader.name(node, path)
        if not wanted:
            return None
        target = _relative(name, wanted)
        if target in around:
            self._reader.fault(node.at, path, "yaml.include_circle", file=wanted)
            return None
        text = None if target is None or len(self.texts) >= MOST_FILES else self._fetch(target)
        if target is None or text is None:
            self._reader.fault(node.at, path, "yaml.no_include", file=wanted)
            return None
        tree = self.tree(target, text, around)
        if tree is not None:
            self._reader.block(tree, "", (*HEADER, *SECTIONS))
        return tree

    # ---- merging -------------------------------------------------------------------------------

    def _merge(self, brought: Mapping, own: Mapping, replaced: set[str]) -> Mapping:
        entries, keys = dict(own.entries), dict(own.keys)
        for section in SECTIONS:
            if section not in brought.entries:
                continue
            theirs = brought.entries[section]
            if section not in own.entries:
                entries[section], keys[section] = theirs, brought.keys[section]
            elif section == "transitions":
                entries[section] = self._transitions(theirs, own.entries[section], replaced)
            else:
                entries[section] = self._names(section, theirs, own.entries[section], replaced)
        return Mapping(own.at, entries, keys, own.tag)

    def _names(self, path: str, theirs: Node, own: Node, replaced: set[str]) -> Node:
        if not isinstance(theirs, Mapping) or not isinstance(own, Mapping):
            return own
        entries, keys = dict(theirs.entries), dict(theirs.keys)
        for name, node in own.entries.items():
            full = f"{path}.{name}"
            if path == "parties" and name in entries:
                node = self._names(full, entries[name], node, replaced)
            elif name in entries and full not in replaced:
                self._twice(own.keys[name].line, own, name, full, entries[name])
            replaced.discard(full)
            entries[name], keys[name] = node, own.keys[name]
        return Mapping(own.at, entries, keys, own.tag)

    def _transitions(self, theirs: Node, own: Node, replaced: set[str]) -> Node:
        if not isinstance(theirs, Sequence) or not isinstance(own, Sequence):
            return own
        named = {_trigger(item): item for item in own.items}
        kept = []
        for item in theirs.items:
            trigger = _trigger(item)
            if trigger is None or trigger not in named:
                kept.append(item)
            elif f"transitions.{trigger}" not in replaced:
                self._reader.fault(
                    named[trigger].at, f"transitions.{trigger}", "yaml.included_twice", code="FM-D003",
                    name=trigger, file=item.at.file, line=item.at.line,
                )  # fmt: skip
        replaced.difference_update(f"transitions.{trigger}" for trigger in named)
        return Sequence(own.at, [*kept, *own.items], own.tag)

    def _twice(self, _line: int, own: Mapping, name: str, full: str, other: Node) -> None:
        self._reader.fault(
            own.keys[name], full, "yaml.included_twice", code="FM-D003",
            name=name, file=other.at.file, line=other.at.line,
        )  # fmt: skip

    def _unused(self, root: Mapping, replaced: set[str]) -> None:
        listed = root.entries.get("replace")
        for node, path in self._reader.many(listed, "replace"):
            if isinstance(node, Scalar) and node.text in replaced:
                self._reader.fault(node.at, path, "yaml.replaces_nothing", code="FM-D003", name=node.text)


def _trigger(node: Node) -> str | None:
    """The trigger of a transition, or the name of one that has none."""
    if not isinstance(node, Mapping):
        return None
    named = node.entries.get("trigger") or node.entries.get("name")
    return named.text if isinstance(named, Scalar) else None


def _relative(file: str, wanted: str) -> str | None:
    """The included file's name, relative to the including one; absolute names are refused."""
    path = PurePosixPath(wanted)
    if path.is_absolute() or "\\" in wanted or ":" in wanted:
        return None
    parts: list[str] = []
    for part in (PurePosixPath(file).parent / path).parts:
        if part == ".." and parts and parts[-1] not in ("..", "/"):
            parts.pop()
        else:
            parts.append(part)
    return str(PurePosixPath(*parts)) if parts else None
