"""The tables by which seats are filled: brought in, put in force from a day on, taken back, listed."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update

from engine.definitions.finding import Finding
from engine.definitions.model import Definition
from engine.domain.errors import Conflict, NotFound, UsageError
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.routing.table import Loaded, Routing, loads_routing
from engine.service import law
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.definition_check import refuse_unsound
from engine.service.today import today

_table, _case, _area = (
    table.columns_of(model) for model in (table.RoutingTable, table.Case, table.ServiceArea)
)
SHIPPED = "-"  # who brought in what came with the program
Row = dict[str, Any]


def list_tables(
    unit: Unit, caller: Caller, *, case_type: str | None = None, limit: int | None = None
) -> Answer:
    """{items[{case_type, version, hash, status, since, until, added_at, added_by}], count}: by case type, the newest
    first. ``status``: available, coming, active or retired, as of today."""
    day = today(unit, caller)
    names = law.case_types(unit) if case_type is None else [_known(unit, case_type, day)]
    items = [_shown(row, day) for name in sorted(names) for row in _rows(unit, name)]
    return {"items": items[:limit], "count": len(items)}


def source(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """The text of stored tables: those in force, or a version by label or beginning of the hash."""
    row = find(unit, caller, name, version)
    return {**_shown(row, today(unit, caller)), "text": row["source"]}


def stored(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Loaded:
    """Stored tables, read again against the definition in force today."""
    row = find(unit, caller, name, version)
    program = law.active(unit, row["case_type"], today(unit, caller))
    return loads_routing(row["source"], program.definition, law.vocabulary(unit))


def find(unit: Unit, caller: Caller, name: str, version: str | None = None) -> Row:
    """A row by case type and version label or beginning of the hash. FM-N055 if there is none."""
    day = today(unit, caller)
    case_type = _known(unit, name, day)
    rows = _rows(unit, case_type)
    if version is None:
        fitting = [r for r in rows if _status(r, day) == "active"] or rows
    else:
        fitting = [r for r in rows if r["version"] == version or r["hash"].startswith(version)]
    if not fitting:
        known = ", ".join(f"{r['version']} ({r['hash'][:6]})" for r in rows) or "-"
        raise NotFound("FM-N055", kind="usage", case_type=case_type, version=version or "-", known=known)
    return fitting[0]


def read(unit: Unit, caller: Caller, *, text: str, name: str = "routing.yaml") -> Loaded:
    """A text, against the definition of its case type that is in force today; unknown types are a finding."""
    day = today(unit, caller)
    case_type = case_type_of(text)
    if case_type not in law.case_types(unit):
        raise law.not_in_force(unit, case_type, day)
    program = law.active(unit, case_type, day)
    return loads_routing(
        text, program.definition, law.vocabulary(unit), name=name, functions=_functions(unit)
    )


def case_type_of(text: str) -> str:
    """What case type a text says it is for; empty where it says none."""
    from engine.definitions.written.reader import Reader
    from engine.routing.table.load import read_sheet

    sheet = read_sheet(Reader("routing.yaml"), text, "routing.yaml")
    return sheet.case_type if sheet is not None else ""


def activate(
    unit: Unit,
    caller: Caller,
    *,
    text: str | None = None,
    file: str = "routing.yaml",
    name: str | None = None,
    version: str | None = None,
    start: date | None = None,
) -> Answer:
    """Seats are filled by these tables from a day on (today, or a later one), whatever text a case is pinned to.

    Either a text or a stored version by name; only what is sound today is taken. With both, the text is for that case
    type (FM-U373). What was in force ends the day before; what was to come later never gets its day and is told as
    ``displaced``. {case_type, version, hash, since, replaces|null, displaced[], findings[]}
    """
    caller.name  # noqa: B018 - somebody must be named
    require(unit, caller, "routing")
    day = today(unit, caller)
    begin = start or day
    if begin < day:
        raise UsageError("FM-D430", day=begin.isoformat())
    if text is None:
        row = find(unit, caller, name or "", version or _newest(unit, caller, name or ""))
        text, file = row["source"], f"{row['case_type']}/routing.yaml"
    elif name is not None and case_type_of(text) != name:
        raise UsageError("FM-U373", kind="input", given=case_type_of(text) or "-", wanted=name)
    loaded = read(unit, caller, text=text, name=file)
    findings = [*loaded.findings, *_elsewhere(unit, loaded)]
    refuse_unsound(findings)
    row = _store(unit, caller, loaded)
    since = _begin(unit, row, begin, day)
    replaced, displaced = _end_before(unit, row, begin)
    unit.execute(
        update(_table).where(_table.c.hash == row["hash"]).values(status="active", since=since, until=None)
    )
    law.changed(unit)
    told = _shown({**row, "status": "active", "since": since, "until": None}, day)
    return {
        **told,
        "replaces": replaced,
        "displaced": displaced,
        "findings": [f.to_json(caller.lang) for f in findings],
    }


def _begin(unit: Unit, row: Row, begin: date, day: date) -> date | None:
    """The first day of tables that are put in force: what is in force keeps its own, and what was to begin on
    another day leaves its place to what it was to replace. A day that has passed keeps its tables (FM-U410)."""
    status = _status(row, day)
    until = row["until"]
    if status == "retired" or (
        status == "active" and until is not None and until < begin - timedelta(days=1)
    ):
        about = {"case_type": row["case_type"], "version": row["version"], "until": until.isoformat()}
        raise UsageError("FM-U410", kind="usage", **about)
    if status == "coming":
        _reopen(unit, row)
    first: date | None = row["since"] if status == "active" else begin
    return first


def _reopen(unit: Unit, row: Row) -> None:
    """What tables that have not begun were to replace goes on."""
    same = _table.c.case_type == row["case_type"]
    ended = row["since"] - timedelta(days=1)
    unit.execute(update(_table).where(same, _table.c.until == ended).values(until=None))


def deactivate(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """Take back tables whose day has not come; what they were to replace goes on. FM-C055 if they are in force."""
    caller.name  # noqa: B018 - somebody must be named
    require(unit, caller, "routing")
    day = today(unit, caller)
    row = find(unit, caller, name, version or _coming(unit, caller, name))
    if _status(row, day) != "coming":
        about = {"case_type": row["case_type"], "version": row["version"]}
        raise Conflict("FM-C055", kind="conflict", **about)
    _reopen(unit, row)
    taken = {"status": "available", "since": None, "until": None}
    unit.execute(update(_table).where(_table.c.hash == row["hash"]).values(**taken))
    law.changed(unit)
    return _shown({**row, **taken}, day)


def put_shipped(
    unit: Unit, caller: Caller, texts: Mapping[str, str], definitions: Iterable[Definition], *, active: bool
) -> list[Row]:
    """Tables that come with the program, by case type; in a new store they are in force from the beginning."""
    by_type = {definition.case_type: definition for definition in definitions}
    held = {row["hash"] for row in unit.execute(select(_table.c.hash))}
    added = []
    for case_type, text in texts.items():
        if case_type not in by_type:
            continue
        # what is shipped was proved before it was shipped
        loaded = loads_routing(text, by_type[case_type], law.vocabulary(unit), check=False)
        routing = _sound(loaded)
        if routing.digest not in held:
            added.append(_insert(unit, caller, routing, text, SHIPPED, "active" if active else "available"))
    return added


# ---- rows ---------------------------------------------------------------------------------------------


def _rows(unit: Unit, case_type: str) -> list[Row]:
    """The newest first: what has no day yet, then by the first day, what was always in force last."""

    def begins(row: Row) -> tuple[Any, ...]:
        waiting = date.max if row["status"] == "available" else date.min
        return row["since"] or waiting, row["added_at"], row["hash"]

    return sorted(
        unit.execute(select(_table).where(_table.c.case_type == case_type)), key=begins, reverse=True
    )


def _store(unit: Unit, caller: Caller, loaded: Loaded) -> Row:
    """The row of sound tables, made if it is new. One label means one text (FM-C056)."""
    routing = _sound(loaded)
    for row in unit.execute(select(_table).where(_table.c.case_type == routing.case_type)):
        if row["hash"] == routing.digest:
            return row
        if row["version"] == routing.version:
            about = {"case_type": routing.case_type, "version": routing.version, "hash": row["hash"][:6]}
            raise Conflict("FM-C056", kind="conflict", **about)
    return _insert(unit, caller, routing, loaded.source, caller.name, "available")


def _sound(loaded: Loaded) -> Routing:
    if loaded.routing is None:
        raise ValueError("\n".join(f.message("en") for f in loaded.findings))
    return loaded.routing


def _insert(unit: Unit, caller: Caller, routing: Routing, text: str, by: str, status: str) -> Row:
    made: Row = {
        "hash": routing.digest,
        "case_type": routing.case_type,
        "version": routing.version,
        "status": status,
        "since": None,
        "until": None,
        "added_at": caller.at,
        "added_by": by,
        "source": text,
    }
    unit.execute(insert(_table).values(**made))
    return made


def _end_before(unit: Unit, row: Row, begin: date) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Whatever is in force for this case type on that day ends before it, and what was to come later never does:
    the one that was, and the others."""
    others = unit.execute(
        select(_table)
        .where(
            _table.c.case_type == row["case_type"],
            _table.c.status == "active",
            _table.c.hash != row["hash"],
        )
        .order_by(_table.c.since, _table.c.hash)
    )
    replaced, displaced = None, []
    for other in others:
        here = _table.c.hash == other["hash"]
        told = {"version": other["version"], "hash": other["hash"]}
        if other["since"] is not None and other["since"] >= begin:  # it never gets its day
            unit.execute(update(_table).where(here).values(status="available", since=None, until=None))
            displaced.append({**told, "since": other["since"].isoformat()})
        elif other["until"] is None or other["until"] >= begin:
            unit.execute(update(_table).where(here).values(until=begin - timedelta(days=1)))
            replaced = told
    return replaced, displaced


def unfit(unit: Unit, caller: Caller, definition: Definition, on: date) -> list[dict[str, Any]]:
    """Of the tables that count on a day or later, those that a text of the case type does not fit, as `routing check`
    would tell it: [{version, hash, since, findings[]}]."""
    active = (_table.c.case_type == definition.case_type, _table.c.status == "active")
    going_on = or_(_table.c.until.is_(None), _table.c.until >= on)
    told = []
    for row in unit.execute(select(_table).where(*active, going_on).order_by(_table.c.since, _table.c.hash)):
        name = f"{row['case_type']}/routing.yaml"
        loaded = loads_routing(
            row["source"], definition, law.vocabulary(unit), name=name, functions=_functions(unit)
        )
        errors = [f.to_json(caller.lang) for f in loaded.findings if f.severity == "error"]
        if errors:
            since = row["since"].isoformat() if row["since"] else None
            told.append({"version": row["version"], "hash": row["hash"], "since": since, "findings": errors})
    return told


def _elsewhere(unit: Unit, loaded: Loaded) -> list[Finding]:
    """What is wrong with the tables for cases that go on under another text of the case type."""
    if loaded.routing is None:
        return []
    case_type = loaded.routing.case_type
    pinned = unit.execute(
        select(_case.c.definition)
        .where(_case.c.case_type == case_type, _case.c.phase != "done")
        .distinct()
        .order_by(_case.c.definition)
    )
    found: dict[tuple[str, int, int], Finding] = {}
    for row in pinned:
        definition = law.program(unit, row["definition"]).definition
        again = loads_routing(loaded.source, definition, law.vocabulary(unit), check=False)
        for finding in again.findings:
            if finding.severity == "error":
                found.setdefault((finding.code, finding.line, finding.column), finding)
    return list(found.values())


# ---- small --------------------------------------------------------------------------------------------


def _known(unit: Unit, name: str, day: date) -> str:
    spelt = name.strip().replace("-", "_")
    if spelt in law.case_types(unit):
        return spelt
    found = law.type_by_title(unit, name, day)
    if found is None:
        raise law.not_in_force(unit, spelt, day)
    return found


def _functions(unit: Unit) -> list[str]:
    """What service areas of this store call their functions; a store without areas knows only the case types."""
    rows = unit.execute(select(_area.c.function).distinct().order_by(_area.c.function))
    return sorted({*(row["function"] for row in rows), *law.case_types(unit)})


def _newest(unit: Unit, caller: Caller, name: str) -> str | None:
    case_type = _known(unit, name, today(unit, caller))
    waiting = (_table.c.case_type == case_type, _table.c.status == "available")
    rows = unit.execute(select(_table.c.hash).where(*waiting).order_by(_table.c.added_at.desc()).limit(1))
    return rows[0]["hash"] if rows else None


def _coming(unit: Unit, caller: Caller, name: str) -> str | None:
    day = today(unit, caller)
    case_type = _known(unit, name, day)
    later = (_table.c.case_type == case_type, _table.c.status == "active", _table.c.since > day)
    rows = unit.execute(select(_table.c.hash).where(*later).order_by(_table.c.since).limit(1))
    return rows[0]["hash"] if rows else None


def _status(row: Row, day: date) -> str:
    if row["status"] != "active":
        return str(row["status"])
    if row["since"] is not None and row["since"] > day:
        return "coming"
    return "retired" if row["until"] is not None and row["until"] < day else "active"


def _shown(row: Row, day: date) -> Row:
    told = {name: row[name] for name in ("case_type", "version", "hash", "added_by")}
    days = {name: row[name].isoformat() if row[name] else None for name in ("since", "until")}
    return told | days | {"status": _status(row, day), "added_at": row["added_at"].isoformat()}
