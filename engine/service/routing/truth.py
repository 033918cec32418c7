"""What decision tables answer in every case that can make a difference: stored ones, or those of a text."""

from engine.definitions.fact import schema_of
from engine.definitions.model import Definition
from engine.definitions.outline import Outline
from engine.persistence.unit import Unit
from engine.routing.table import Loaded, loads_routing
from engine.routing.table.truth import to_csv, truths
from engine.rules.environment import Environment
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.definition_check import refuse_unsound
from engine.service.routing import tables
from engine.service.today import today


def truth(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """Stored tables, those in force or a version, against the definition in force today."""
    row = tables.find(unit, caller, name, version)
    program = law.active(unit, row["case_type"], today(unit, caller))
    file = f"{row['case_type']}/routing.yaml"
    loaded = loads_routing(row["source"], program.definition, law.vocabulary(unit), name=file, check=False)
    return truth_of(loaded, program.definition)


def truth_of(loaded: Loaded, definition: Definition) -> Answer:
    """{case_type, version, hash, tables[{name, title, zh, about, facts[], given[], rows[][], combinations, complete}],
    csv}; every error of reading them is raised."""
    refuse_unsound(loaded.findings)
    if loaded.routing is None:
        raise ValueError("a text gave neither tables nor an error")
    routing = loaded.routing
    told = truths(routing, Environment(schema_of(Outline(definition))), definition)
    return {
        "case_type": routing.case_type,
        "version": routing.version,
        "hash": routing.digest,
        "tables": [one.to_json() for one in told],
        "csv": to_csv(routing, told),
    }
