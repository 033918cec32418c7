"""Checks that rest on following the histories: one look at them serves all of these."""

from collections.abc import Callable, Iterator

from engine.domain.reference import parse
from engine.machine.program import Program
from engine.persistence.raw import rows
from engine.service.audit.texts import Texts
from engine.service.doctor.check import Check, Found, Look
from engine.service.law import VOCABULARY
from engine.service.routing import replaying

DECISIONS = 200  # of a quick look
LATELY = 1000  # newest cases whose numbers are compared with the counters


def _of_kinds(*kinds: str) -> Callable[[Look], Iterator[Found]]:
    def run(look: Look) -> Iterator[Found]:
        for one in look.audit["breaks"]:
            if one["kind"] in kinds:
                yield Found(ref=one["ref"], told=one["text"])

    return run


def definitions(look: Look) -> Iterator[Found]:
    """Texts in force or followed by a case can be read, are what they were, and can be carried out."""
    texts = Texts(look.unit)
    texts.check_all()
    pinned = {found for (found,) in rows(look.unit, "SELECT DISTINCT definition FROM case_file")}
    query = "SELECT hash FROM definition WHERE status = 'active' AND case_type <> ?"
    for digest in sorted(pinned | {found for (found,) in rows(look.unit, query, VOCABULARY)}, key=str):
        program = texts.program(digest)
        fault = _unrunnable(program) if program else None
        if fault:
            texts.faults[digest] = fault
    for digest, fault in texts.faults.items():
        yield Found("found", {"hash": str(digest)[:12], "fault": fault})


def tables(look: Look) -> Iterator[Found]:
    """The tables by which seats are filled are what they were, and those that decided something are there."""
    texts = Texts(look.unit)
    texts.check_tables()
    for digest, fault in texts.tables.items():
        yield Found("found", {"hash": str(digest)[:12], "fault": fault})


def decisions(look: Look) -> Iterator[Found]:
    """Every decision of the engine on a seat gives the same pick when it is made again; quick: the newest ones."""
    for one in replaying.differing(look.unit, look.caller, newest=DECISIONS if look.quick else None):
        yield Found("found", {name: one[name] for name in ("ref", "seq", "seat")}, ref=one["ref"])


def _unrunnable(program: Program) -> str | None:
    """A text may have been sound for an earlier program, and not be for this one."""
    try:
        for key in program.texts:
            program.expression(key)
        _ = program.machines
    except Exception as error:  # whatever it is that this program does not understand
        return f"{type(error).__name__} {error}"[:120]
    return None


def counters(look: Look) -> Iterator[Found]:
    """No number will be given twice."""
    found = rows(look.unit, "SELECT name, value FROM counter")
    held = {str(name): value if isinstance(value, int) else 0 for name, value in found}
    highest: dict[int, int] = {}
    newest = rows(look.unit, "SELECT ref FROM case_file ORDER BY id DESC LIMIT ?", LATELY)
    for ref in filter(None, (parse(str(found)) for (found,) in newest)):
        highest[ref.year] = max(highest.get(ref.year, 0), ref.serial)
    for year, serial in sorted(highest.items()):
        names = [name for name in held if name.startswith("serial-") and name[7:].isdigit()]
        given = max((held[n] for n in names if int(n[7:]) % 100 == year), default=0)
        if given < serial:
            yield Found("found", {"name": f"serial-20{year:02}", "value": given, "least": serial})
    ids = rows(look.unit, "SELECT max(id) FROM case_file")[0][0] or 0
    if look.on_file:
        given, name = held.get("case", 0), "case"
    else:
        given, name = rows(look.unit, "SELECT last_value FROM case_file_id_seq")[0][0], "case_file_id_seq"
    if given < ids:
        yield Found("found", {"name": name, "value": given, "least": ids})


HISTORIES = (
    "altered", "rewritten", "reordered", "columns", "unreadable", "inserted", "cut", "removed", "orphan", "number",
    "withdrawn",
)  # fmt: skip
CHECKS = (
    Check("histories", _of_kinds(*HISTORIES), 8),
    Check("seals", _of_kinds("seal", "seal_gone", "seal_place"), 8),
    Check("versions", _of_kinds("missing", "head"), 2),
    Check("cases", _of_kinds("body", "row", "mirror"), 1),
    Check("states", _of_kinds("state"), 6),
    Check("marks", _of_kinds("mark_twice", "mark_early", "mark_stopped"), 4),
    Check("definitions", definitions, 6),
    Check("tables", tables),
    Check("decisions", decisions),
    Check("counters", counters, 2),
)
