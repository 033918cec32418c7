"""XES, IEEE 1849-2016: a trace for each case, its events by when they occurred.

The standard's extensions concept, time, organisational and lifecycle name what they have a name for; everything else
stands under the names of the columns.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import quoteattr

from engine.analytics.export.writer import About, Counts, cell
from engine.domain.trace import CASE, COLUMNS, VALUES, Kind, Trace, TracedEvent

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)
CLASSIFIERS = (
    ("Activity", "concept:name"),
    ("Activity and lifecycle", "concept:name lifecycle:transition"),
    ("Act", "act"),
    ("Activity and resource", "concept:name org:resource"),
)
NAMED: Mapping[str, str] = {  # column -> its name in the standard
    "activity": "concept:name",
    "occurred_at": "time:timestamp",
    "resource": "org:resource",
    "role": "org:role",
    "resource_unit": "org:group",
    "lifecycle": "lifecycle:transition",
}
TAGS: Mapping[Kind, str] = {"text": "string", "time": "date", "integer": "int", "flag": "boolean"}
EPOCH = "1970-01-01T00:00:00Z"
# of every trace and every event, with what stands where nothing is known
ALWAYS = {
    "trace": {"concept:name": "", "case_type": "", "filed_at": EPOCH},
    "event": {
        "concept:name": "", "time:timestamp": EPOCH, "lifecycle:transition": "complete", "act": "", "recorded_at": EPOCH,
    },
}  # fmt: skip
_OF_EVENT: tuple[tuple[int, Kind, str], ...] = tuple(
    (TracedEvent._fields.index(name), kind, NAMED.get(name, name))
    for name, kind in COLUMNS.items()
    if name != "case_id"
)
_UNSAID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot say


class XesWriter:
    def __init__(self, file: Path, about: About) -> None:
        self.counts = Counts()
        self._file = file.open("w", encoding="utf-8", newline="\n")
        self._file.writelines(_head(about))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, trace: Trace) -> None:
        self.counts.cases += 1
        self.counts.events += len(trace.events)
        case, write = trace.objects[0], self._file.write
        write(" <trace>\n" + _attribute("text", "concept:name", trace.ref, 2))
        write("".join(_attribute(kind, name, case.values[name], 2) for name, kind in VALUES[CASE].items()))
        for event in trace.events:
            parts = [_attribute(kind, name, event[index], 3) for index, kind, name in _OF_EVENT]
            write("  <event>\n" + "".join(parts) + "  </event>\n")
        write(" </trace>\n")

    def finish(self) -> None:
        self._file.write("</log>\n")
        self._file.flush()


def _head(about: About) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix, uri in EXTENSIONS:
        yield f' <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    for scope, names in ALWAYS.items():
        yield f' <global scope="{scope}">\n'
        for name, nothing in names.items():
            yield _attribute("time" if nothing == EPOCH else "text", name, nothing, 2, empty=True)
        yield " </global>\n"
    for name, keys in CLASSIFIERS:
        yield f' <classifier name="{name}" scope="event" keys="{keys}"/>\n'
    yield _attribute("text", "concept:name", "Folkmoot", 1)
    yield _attribute("text", "lifecycle:model", "standard", 1)
    for name, value in about.told.items():
        kind: Kind = "flag" if isinstance(value, bool) else "time" if name == "as_of" else "text"
        yield _attribute(kind, name, value, 1)


def _attribute(kind: Kind, name: str, value: Any, depth: int, *, empty: bool = False) -> str:
    """One element; nothing for what is not known."""
    if value is None or (value == "" and not empty):
        return ""
    said = str(cell(value))
    if kind == "text":
        said = quoteattr(_UNSAID.sub("", said))
        return f'{" " * depth}<string key="{name}" value={said}/>\n'
    return f'{" " * depth}<{TAGS[kind]} key="{name}" value="{said}"/>\n'
