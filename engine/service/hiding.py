"""``hides``: a case that names one of our own is not there for him, nor for his house if the definition says so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from engine.definitions.model import Definition, FieldSpec
from engine.domain.case import CaseState, Event
from engine.domain.errors import Unavailable
from engine.domain.instant import from_text
from engine.machine.opening import forward
from engine.machine.program import Program
from engine.persistence.change import Change
from engine.persistence.hidden import NOBODY, houses, is_hidden, shown
from engine.persistence.late import Case, ClauseElement, columns_of, select, true
from engine.persistence.statement import statement
from engine.persistence.stored import CaseRow
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Caller

Reach = Literal["person", "unit"]


def unseen(unit: Unit, caller: Caller, row: CaseRow) -> bool:
    """Whether this case is not there for the caller."""
    return hidden(unit, caller, row.id, row.definition)


def hidden(unit: Unit, caller: Caller, case_id: int, definition: str) -> bool:
    """The same of a case that was not read whole. Of one whose definition is gone it is asked in any case."""
    try:
        if not law.program(unit, definition).hides:
            return False
    except Unavailable:
        pass
    return is_hidden(unit, case_id, caller.person, caller.now.date())


@statement(tuple)
def _linked(*, ref: str) -> ClauseElement:
    case = columns_of(Case).c
    return select(case.id, case.definition).where(case.ref == ref)


def seen_links(unit: Unit, caller: Caller, links: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Links without those to cases that are not there for the caller; each with its title, and ``back`` where it is the
    other case that says it of this one."""
    kept = []
    for link in links:
        found = unit.find(_linked, ref=link["ref"])
        if found is None or not hidden(unit, caller, found[0], found[1]):
            said = law.vocabulary(unit).links.get(forward(link["kind"]))
            title = (said.zh if caller.lang == "zh" else said.title) if said else link["kind"]
            kept.append({**link, "title": title, "back": link["kind"] != forward(link["kind"])})
    return kept


def there(unit: Unit, caller: Caller) -> Any:
    """The condition that a case is there for the caller, for statements over ``case_file``."""
    found = shown(unit, columns_of(Case).c.id, caller.person, caller.now.date())
    return true() if found is None else found


def hidden_from(
    unit: Unit, program: Program, before: CaseState | None, after: CaseState, events: Sequence[Event]
) -> Sequence[Change]:
    """The rows that say from whom the case is hidden, as far as they changed.

    Who was named in error sees it again when another is named; what is purged stays hidden.
    """
    if after["definition"] != program.hash:  # it goes on under another text
        program = law.program(unit, after["definition"])
    if not program.hides:
        return ()
    return tuple(_changes(unit, program, before, after, from_text(events[-1]["recorded"])))


def _changes(
    unit: Unit, program: Program, before: CaseState | None, after: CaseState, at: datetime
) -> Iterator[Change]:
    on = at.date()
    was = {} if before is None else named(program.definition, before)
    now = named(program.definition, after)
    for person in was.keys() - now.keys() if now else ():
        for house in (NOBODY, *houses(unit, person, on)):
            yield Change("drop", "case_hidden", {"person": person, "house": house})
    for person, reach in now.items():
        if was.get(person) != reach:
            for house in (NOBODY, *(houses(unit, person, on) if reach == "unit" else ())):
                yield Change("put", "case_hidden", {"person": person, "house": house, "at": at})


def named(definition: Definition, state: CaseState) -> dict[str, Reach]:
    """Every person that a hiding fact of the case names, with how far it hides."""
    found: dict[str, Reach] = {}
    for specs, values in _told(definition, state):
        for name, spec in specs.items():
            if spec.hides is not None and values.get(name):
                for person in _people(values[name]):
                    found[person] = "unit" if "unit" in (spec.hides, found.get(person)) else "person"
    return found


def _told(
    definition: Definition, state: CaseState
) -> Iterable[tuple[Mapping[str, FieldSpec], Mapping[str, Any]]]:
    yield definition.fields, state["fields"]
    for item in state["records"]:
        record = definition.records.get(item["kind"])
        if record is not None:
            yield record.fields, item["fields"]


def _people(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
