"""From a ``routing.yaml`` to compiled tables. Every error is found in one pass, each with its place.

Nothing here raises on bad input: what does not hold is a finding, and then there are no tables.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from engine.definitions.analysis.report import Report
from engine.definitions.fact import schema_of
from engine.definitions.finding import Finding, errors, in_order
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline
from engine.definitions.written.node import MOST_BYTES, Mapping, decode, read
from engine.definitions.written.reader import Reader
from engine.routing.table import written
from engine.routing.table.analysis import analyse
from engine.routing.table.bind import Binder, Bound
from engine.routing.table.model import Sheet
from engine.routing.table.routing import Routing, inherited
from engine.rules.environment import Environment

FILE = "routing.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """``routing`` is None where a finding is an error; ``sheet`` is what could be read all the same.
    ``source`` is the text, enough to load again."""

    routing: Routing | None
    findings: list[Finding]
    source: str
    sheet: Sheet | None = None

    def ok(self, strict: bool = False) -> bool:
        barred = ("error", "warning") if strict else ("error",)
        return not any(f.severity in barred for f in self.findings)


def load_routing(
    path: str | Path,
    definition: Definition,
    vocabulary: Vocabulary,
    *,
    functions: Collection[str] | None = None,
) -> Loaded:
    """The tables in a file."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        missing = Finding("FM-D001", {"file": str(file)}, file.as_posix(), 0, 0, "", "yaml.no_file")
        return Loaded(None, [missing], "")
    text, findings = decode(content, file.as_posix())
    if findings:
        return Loaded(None, findings, "")
    return loads_routing(text, definition, vocabulary, name=file.as_posix(), functions=functions)


def loads_routing(
    text: str,
    definition: Definition,
    vocabulary: Vocabulary,
    *,
    name: str = FILE,
    functions: Collection[str] | None = None,
    environment: Environment | None = None,
    check: bool = True,
) -> Loaded:
    """The tables in a text. ``functions``: those that service areas know, None where they are not told.

    ``environment``: that of the definition, where there is one already. ``check=False`` leaves the analysis
    out, for tables that were checked before they were stored.
    """
    reader = Reader(name)
    sheet = read_sheet(reader, text, name)
    if sheet is None or errors(reader.findings):
        return Loaded(None, in_order(reader.findings), text, sheet)
    outline = Outline(definition)
    report = Report(reader.positions)
    environment = environment or Environment(schema_of(outline))
    binder = Binder(sheet, outline, environment, vocabulary, report, functions)
    bound = binder.bind()
    if check and not errors(report.findings):
        analyse(sheet, bound, environment, report, outline.passed_on)
    findings = in_order([*reader.findings, *report.findings])
    routing = None if errors(findings) else _routing(sheet, bound, environment, outline.passed_on)
    return Loaded(routing, findings, text, sheet)


def read_sheet(reader: Reader, text: str, name: str) -> Sheet | None:
    """What a text says, whatever case type it is for; None where it is not even a block of keys."""
    root, findings = read(text, name)
    reader.findings.extend(findings)
    if root is None:
        return None
    sheet = written.sheet(reader, root)
    reader.tags(root)
    return sheet if isinstance(root, Mapping) else None


def _routing(
    sheet: Sheet, bound: tuple[Bound, ...], environment: Environment, waits: frozenset[str]
) -> Routing:
    tree = sheet.categories
    return Routing(
        sheet=sheet,
        digest=sheet.digest,
        tables=bound,
        seats={seat: one for one in bound for seat in one.table.seats},
        proposing=next((one for one in bound if one.table.gives is not None), None),
        category=None if tree is None else environment.compile(tree.field, want="any"),
        inherited=inherited(tree),
        waits=waits,
    )
