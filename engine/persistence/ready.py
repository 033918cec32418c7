"""Texts of statements for SQLite that stand ready in ``ready.json``, so that nothing is compiled to read one case.

``python -m tests.contract.ready_statements`` writes them afresh, and a test says when that is due. Should a source
file differ from the one they were made of, none is used, and every statement is compiled as on any other database.
"""

import json
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.persistence.compiled import Compiled
from engine.persistence.convert import OURS

if TYPE_CHECKING:
    from engine.persistence.statement import Statement

ENGINE = Path(__file__).parents[1]
TEXTS = Path(__file__).with_name("ready.json")
DIALECT = "sqlite"
_known: dict[str, "Statement[..., Any]"] = {}


def known(name: str, one: "Statement[..., Any]") -> None:
    """Enters a statement that has a name, as its module is imported."""
    _known[name] = one


def find(name: str | None, dialect: str) -> Compiled | None:
    """The statement of this name, if it stands ready for this dialect."""
    kept = _texts().get(name) if dialect == DIALECT and name is not None else None
    if kept is None:
        return None
    return Compiled(
        sql=kept["sql"],
        places=tuple((place, OURS.get(convert)) for place, convert in kept["places"]),
        fixed=kept["fixed"],
        read=tuple((index, OURS[convert]) for index, convert in kept["read"]),
        columns=tuple(kept["columns"]),
        writes=kept["writes"],
    )


@cache
def _texts() -> Mapping[str, Any]:
    try:
        kept = json.loads(TEXTS.read_bytes())
        fresh = all(sum_of(name) == was for name, was in kept["made_of"].items())
    except (OSError, ValueError):
        return {}
    return kept["statements"] if fresh else {}


def sum_of(source: str) -> int:
    """A check sum of one of the engine's files."""
    return zlib.crc32((ENGINE / source).read_bytes())


def document() -> dict[str, Any]:
    """What ``ready.json`` shall hold, from the statements of all modules that were imported."""
    shipped = sorted((name, one) for name, one in _known.items() if name.startswith("engine."))
    found = {name: _written(one.compile(DIALECT)) for name, one in shipped}
    modules = {name.partition(":")[0] for name in found}
    sources = {name.partition(".")[2].replace(".", "/") + ".py" for name in modules}
    sources |= {f"persistence/{name}.py" for name in ("compiler", "convert", "statement")}
    sources |= {f"persistence/table/{path.name}" for path in (TEXTS.parent / "table").glob("*.py")}
    return {
        "made_of": {name: sum_of(name) for name in sorted(sources)},
        "statements": {name: text for name, text in found.items() if text is not None},
    }


def _written(compiled: Compiled) -> dict[str, Any] | None:
    """None where a converter is SQLAlchemy's own."""
    names = {None: None} | {convert: name for name, convert in OURS.items()}
    converts = [convert for _, convert in compiled.places] + [convert for _, convert in compiled.read]
    if any(convert not in names for convert in converts):
        return None
    return {
        "sql": compiled.sql,
        "places": [[place, names[convert]] for place, convert in compiled.places],
        "fixed": dict(compiled.fixed),
        "read": [[index, names[convert]] for index, convert in compiled.read],
        "columns": list(compiled.columns),
        "writes": compiled.writes,
    }
