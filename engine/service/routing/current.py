"""The tables by which seats are filled, as the store holds them: which is in force on a day, compiled for a definition."""

from datetime import date
from typing import TYPE_CHECKING

from engine.machine.program import Program
from engine.persistence import late as table
from engine.persistence.kept import Kept
from engine.persistence.late import ClauseElement, or_, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit
from engine.service import law

if TYPE_CHECKING:
    from engine.routing.table import Routing

_compiled: Kept[tuple[str, str], "Routing | None"] = Kept(64)


@statement(lambda row: str(row[0]))
def _in_force(*, case_type: str, on: date) -> ClauseElement:
    c = table.columns_of(table.RoutingTable).c
    begun = (c.case_type == case_type, c.status == "active", or_(c.since.is_(None), c.since <= on))
    ended = or_(c.until.is_(None), c.until >= on)
    return select(c.hash).where(*begun, ended).order_by(c.since.desc(), c.added_at.desc()).limit(1)


@statement(lambda row: str(row[0]))
def _source(*, hash: str) -> ClauseElement:  # noqa: A002 - the column's name
    c = table.columns_of(table.RoutingTable).c
    return select(c.source).where(c.hash == hash)


def in_force(unit: Unit, case_type: str, on: date) -> str | None:
    """The digest of the tables by which seats of this case type are filled on a day."""
    return law.memo(unit, lambda: unit.find(_in_force, case_type=case_type, on=on), "routing", case_type, on)


def compiled(unit: Unit, digest: str, program: Program) -> "Routing | None":
    """The tables, typed against one text of the case type; None where they do not fit it or are not kept."""
    key = digest, program.hash
    found = _compiled.find(key)
    if found is None:
        text = unit.find(_source, hash=digest)
        if text is None:
            return None
        found = _compiled.keep(key, _compile(unit, text, program))
    return found


def _compile(unit: Unit, text: str, program: Program) -> "Routing | None":
    from engine.routing.table import loads_routing  # what compiles is loaded when something is compiled

    loaded = loads_routing(
        text,
        program.definition,
        law.vocabulary(unit),
        environment=program.environment,
        check=False,  # it was checked before it was put in force
    )
    return loaded.routing
