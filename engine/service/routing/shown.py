"""Decision tables as text: checked, and shown. Nothing is stored."""

from collections.abc import Callable, Collection

from engine.definitions.canonical import from_json
from engine.definitions.finding import Finding
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.written.node import read
from engine.definitions.written.reader import Reader
from engine.domain.errors import NotFound
from engine.persistence.unit import Unit
from engine.routing.table import Loaded, loads_routing
from engine.routing.table.load import FILE, read_sheet
from engine.service import definition as definitions
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.definition_check import refuse_unsound


def check(unit: Unit, caller: Caller, *, text: str, strict: bool = False) -> Answer:
    """Everything that is wrong with the tables of a text, held against the definition in force of their case type.

    {sound, findings[], counts{error, warning, info, waived}, tables, rules, routing|null}. A text that names no
    case type of this store is answered too: with what is wrong in it, and FM-N070 if nothing is.
    """
    loaded = _loaded(unit, caller, text)
    return answer_of(loaded, lang=caller.lang, strict=strict)


def show(unit: Unit, caller: Caller, *, text: str) -> Answer:
    """The tables of a text in the caller's language; FM-D010 with every error where it does not hold."""
    loaded = _loaded(unit, caller, text)
    return shown(loaded, caller.lang)


def _loaded(unit: Unit, caller: Caller, text: str) -> Loaded:
    return with_definition(text, lambda name: _in_force(unit, caller, name), law.vocabulary(unit))


def _in_force(unit: Unit, caller: Caller, name: str) -> Definition:
    return from_json(definitions.body(unit, caller, name=name)["definition"])


def with_definition(
    text: str, find: Callable[[str], Definition], vocabulary: Vocabulary, *, name: str = FILE
) -> Loaded:
    """Tables with the definition that they name, looked for by ``find(case_type)`` (raises NotFound)."""
    case_type = case_type_of(text)
    try:
        found = find(case_type)
    except NotFound:
        reader = Reader(name)
        sheet = read_sheet(reader, text, name)
        if not reader.findings:
            raise
        return Loaded(None, reader.findings, text, sheet)
    return loads_routing(text, found, vocabulary, name=name)


def case_type_of(text: str) -> str:
    """The case type that a text is for; empty where it says none."""
    from engine.definitions.written.node import Mapping, Scalar

    root, _ = read(text, FILE)
    node = root.entries.get("case_type") if isinstance(root, Mapping) else None
    return node.text if isinstance(node, Scalar) else ""


def answer_of(loaded: Loaded, *, lang: str, strict: bool = False) -> Answer:
    """As :func:`check` answers."""
    findings: Collection[Finding] = loaded.findings
    counts = {s: sum(f.counts and f.severity == s for f in findings) for s in ("error", "warning", "info")}
    counts["waived"] = sum(not f.counts for f in findings)
    barred = counts["error"] + (counts["warning"] if strict else 0)
    sheet = loaded.sheet
    made = loaded.routing
    return {
        "sound": barred == 0 and made is not None,
        "findings": [f.to_json(lang) for f in findings],
        "counts": counts,
        "tables": None if sheet is None else len(sheet.tables),
        "rules": None if sheet is None else sum(len(table.each) for table in sheet.tables),
        "routing": None
        if made is None
        else {"case_type": made.case_type, "version": made.version, "hash": made.digest},
    }


def shown(loaded: Loaded, lang: str) -> Answer:
    """The tables as they are told; every error of reading them is raised."""
    from engine.routing.table.page import told  # pages are drawn: a library that few requests need

    refuse_unsound(loaded.findings)
    if loaded.sheet is None:
        raise ValueError("a text gave neither tables nor an error")
    return told(loaded.sheet, lang)
