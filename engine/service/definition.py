"""Definitions in the store: what there is, what is in force, putting one in force and taking it back.

A text that was once in force never changes: its identity is the hash of its meaning, and every case keeps
the one that was in force when it was filed.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from engine.definitions.canonical import content_hash, from_json, to_json
from engine.definitions.emit import emit
from engine.definitions.finding import Finding
from engine.definitions.load import Loaded, loads
from engine.definitions.model import Definition
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording
from engine.definitions.written.form import form_files
from engine.domain.errors import Conflict, NotFound, UsageError
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.definition_check import examine, refuse_unsound
from engine.service.routing import tables
from engine.service.today import today

_table = table.columns_of(table.Definition)
_case = table.columns_of(table.Case)
_calendar = table.columns_of(table.Calendar)
_KEPT = ("hash", "case_type", "version", "status", "effective_from", "effective_until", "added_at")
Row = Mapping[str, Any]


# ---- reading -----------------------------------------------------------------------------------------


def list_definitions(unit: Unit, caller: Caller, *, case_type: str | None = None) -> Answer:
    """Every version that is stored, the newest first: {items[], count}; ``cases`` are those that follow it."""
    wanted = select(*(_table.c[name] for name in _KEPT), _table.c.body, _table.c.translations).where(
        _table.c.case_type != law.VOCABULARY
    )
    if case_type is not None:
        wanted = wanted.where(_table.c.case_type == case_type)
    rows = unit.execute(
        wanted.order_by(_table.c.case_type, _table.c.effective_from.desc(), _table.c.added_at.desc())
    )
    cases = _cases(unit)
    items = [{**_shown(row, caller.lang), "cases": cases.get(row["hash"], 0)} for row in rows]
    _mark_in_force(items, today(unit, caller))
    return {"items": items, "count": len(items)}


def show(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """One version (the one in force, unless told) with its states, acts and clocks in words."""
    row = find(unit, caller, name, version)
    definition = from_json(json.loads(row["body"]))
    outline = Outline(definition)
    words = Wording(outline, lang=caller.lang, vocabulary=law.vocabulary(unit))
    return {
        **_shown(row, caller.lang),
        "basis": definition.text("basis", caller.lang, definition.basis),
        "calendar": definition.calendar,
        "cases": _cases(unit).get(row["hash"], 0),
        "states": [_state(words, name) for name in outline.leaves],
        "acts": [_act(words, trigger) for trigger in outline.triggers],
        "clocks": [_clock(words, name) for name in definition.clocks],
        "outcomes": [{"outcome": n, "title": words.outcome(n)} for n in definition.outcomes],
    }


def text(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """The YAML of one version: {case_type, version, hash, workflow, translations{lang: {path: text}}, forms{file:
    text}}."""
    row = find(unit, caller, name, version)
    return {
        "case_type": row["case_type"],
        "version": row["version"],
        "hash": row["hash"],
        "workflow": row["source"],
        "translations": json.loads(row["translations"]),
        "forms": form_files(from_json(json.loads(row["body"]))),
    }


def body(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """One version in normal form, for drawings, pages and differences: {case_type, version, hash, definition}."""
    row = find(unit, caller, name, version)
    return {
        "case_type": row["case_type"],
        "version": row["version"],
        "hash": row["hash"],
        "definition": json.loads(row["body"]),
    }


def find(unit: Unit, caller: Caller, name: str, version: str | None = None) -> Row:
    """A stored row by case type (or its title) and version label or beginning of the hash. FM-N070, FM-N071."""
    day = today(unit, caller)
    case_type = name if name in _types(unit) else law.type_by_title(unit, name, day) or name
    rows = unit.execute(
        select(_table)
        .where(_table.c.case_type == case_type, _table.c.case_type != law.VOCABULARY)
        .order_by(_table.c.effective_from.desc(), _table.c.added_at.desc())
    )
    if not rows:
        raise NotFound("FM-N070", name=name, known=", ".join(_types(unit)) or "-")
    if version is None:
        in_force = [r for r in rows if _in_force(r, day)]
        return (in_force or rows)[0]
    fitting = [r for r in rows if r["version"] == version or r["hash"].startswith(version)]
    if not fitting:
        known = ", ".join(f"{r['version']} ({r['hash'][:6]})" for r in rows)
        raise NotFound("FM-N071", case_type=case_type, version=version, known=known)
    return fitting[0]


# ---- writing -----------------------------------------------------------------------------------------


def activate(
    unit: Unit,
    caller: Caller,
    *,
    loaded: Loaded | None = None,
    name: str | None = None,
    version: str | None = None,
    start: date | None = None,
) -> Answer:
    """Cases filed from a day on (today, or the text's own day if later) follow this text.

    Either a text (``loaded``; its errors are raised as :class:`Unsound`) or a stored version by name.
    Returns {case_type, title, version, hash, effective_from, replaces|null, keep, findings[]}; ``keep`` is the
    number of open cases that go on under another version.
    """
    caller.name  # noqa: B018 - somebody must be named
    require(unit, caller, "definition")
    findings: list[Finding] = []
    stored: Row | None = None
    if loaded is not None:
        findings = examined(unit, loaded)
        refuse_unsound(findings)
        stored = _store(unit, caller, loaded)
    row = stored or find(unit, caller, name or "", version or _newest(unit, name or ""))
    day = today(unit, caller)
    begin = start or max(day, row["effective_from"] if row["status"] == "available" else day)
    before = _before(unit, row, begin)
    if begin < day and before is not None:
        raise UsageError("FM-D011", day=begin.isoformat())
    unit.execute(
        update(_table).where(_table.c.hash == row["hash"]).values(status="active", effective_from=begin)
    )
    law.changed(unit)
    return {
        **_shown({**row, "status": "active", "effective_from": begin}, caller.lang),
        "replaces": before,
        "keep": _open_elsewhere(unit, row),
        "findings": [f.to_json(caller.lang) for f in findings],
        "unfit_tables": tables.unfit(unit, caller, law.program(unit, row["hash"]).definition, begin),
    }


def store(unit: Unit, caller: Caller, *, loaded: Loaded) -> Answer:
    """Keep a sound text without putting it in force."""
    caller.name  # noqa: B018 - somebody must be named
    require(unit, caller, "definition")
    findings = examined(unit, loaded)
    refuse_unsound(findings)
    row = _store(unit, caller, loaded)
    return {**_shown(row, caller.lang), "findings": [f.to_json(caller.lang) for f in findings]}


def deactivate(unit: Unit, caller: Caller, *, name: str, version: str | None = None) -> Answer:
    """Take back a version whose day has not come. FM-D012 if it is in force already."""
    caller.name  # noqa: B018 - somebody must be named
    require(unit, caller, "definition")
    day = today(unit, caller)
    row = find(unit, caller, name, version or _coming(unit, name, day))
    if row["status"] != "active" or row["effective_from"] <= day:
        raise Conflict(
            "FM-D012",
            case_type=row["case_type"],
            version=row["version"],
            day=row["effective_from"].isoformat(),
        )
    unit.execute(update(_table).where(_table.c.hash == row["hash"]).values(status="available"))
    law.changed(unit)
    return _shown({**row, "status": "available"}, caller.lang)


def calendars(unit: Unit, caller: Caller) -> Answer:
    """{items[]}: the names of the calendars that a definition in this store may count by."""
    return {"items": _calendars(unit)}


def _calendars(unit: Unit) -> list[str]:
    return [row["id"] for row in unit.execute(select(_calendar.c.id).order_by(_calendar.c.id))]


def examined(unit: Unit, loaded: Loaded) -> list[Finding]:
    """Everything that is wrong with a text, seen beside what this store holds."""
    own = loaded.definition.case_type if loaded.definition else ""
    findings, _ = examine(
        loaded, law.vocabulary(unit), others=others_of(unit, own), calendars=_calendars(unit)
    )
    return findings


def _store(unit: Unit, caller: Caller, loaded: Loaded) -> Row:
    """The row of a sound text, made if it is new. One label means one text (FM-D013)."""
    definition = loaded.definition
    if definition is None:
        raise ValueError("a text with errors is not stored")
    digest = content_hash(definition)
    for row in unit.execute(select(_table).where(_table.c.case_type == definition.case_type)):
        if row["hash"] == digest:
            return row
        if row["version"] == definition.version:
            raise Conflict(
                "FM-D013",
                case_type=definition.case_type,
                version=definition.version,
                hash=row["hash"][:6],
            )
    made = {
        "hash": digest,
        "case_type": definition.case_type,
        "version": definition.version,
        "status": "available",
        "effective_from": definition.effective.from_,
        "effective_until": definition.effective.until,
        "added_at": caller.at,
        "body": json.dumps(to_json(definition), ensure_ascii=False),
        "source": _source(loaded, definition),
        "translations": json.dumps(definition.translations, sort_keys=True, ensure_ascii=False),
    }
    unit.execute(insert(_table).values(**made))
    return made


def _source(loaded: Loaded, definition: Definition) -> str:
    """The text as it was written, comments included; written out anew where it needs other files."""
    name, text = next(iter(loaded.source.items()))
    alone = loads(text, name=name).definition
    beside = {"translations": definition.translations, "forms": definition.forms}
    whole = alone is not None and alone.model_copy(update=beside)
    return text if whole == definition else emit(definition)


# ---- what is there -----------------------------------------------------------------------------------


def _types(unit: Unit) -> list[str]:
    rows = unit.execute(
        select(_table.c.case_type)
        .where(_table.c.case_type != law.VOCABULARY)
        .distinct()
        .order_by(_table.c.case_type)
    )
    return [row["case_type"] for row in rows]


def _cases(unit: Unit) -> dict[str, int]:
    rows = unit.execute(select(_case.c.definition, func.count().label("n")).group_by(_case.c.definition))
    return {row["definition"]: row["n"] for row in rows}


def _open_elsewhere(unit: Unit, row: Row) -> int:
    rows = unit.execute(
        select(func.count().label("n")).where(
            _case.c.case_type == row["case_type"],
            _case.c.definition != row["hash"],
            _case.c.closed_at.is_(None),
        )
    )
    return int(rows[0]["n"])


def others_of(unit: Unit, own: str) -> list[Definition]:
    """The active definitions of the other case types."""
    rows = unit.execute(
        select(_table.c.body).where(
            _table.c.status == "active", _table.c.case_type != law.VOCABULARY, _table.c.case_type != own
        )
    )
    return [from_json(json.loads(row["body"])) for row in rows]


def _newest(unit: Unit, case_type: str) -> str | None:
    """The hash of the newest version that waits to be put in force."""
    rows = unit.execute(
        select(_table.c.hash)
        .where(_table.c.case_type == case_type, _table.c.status == "available")
        .order_by(_table.c.added_at.desc(), _table.c.version.desc())
        .limit(1)
    )
    return rows[0]["hash"] if rows else None


def _coming(unit: Unit, case_type: str, day: date) -> str | None:
    rows = unit.execute(
        select(_table.c.hash)
        .where(_table.c.case_type == case_type, _table.c.status == "active", _table.c.effective_from > day)
        .order_by(_table.c.effective_from)
        .limit(1)
    )
    return rows[0]["hash"] if rows else None


def _before(unit: Unit, row: Row, begin: date) -> dict[str, Any] | None:
    """The version that is in force on the day before another one begins."""
    rows = unit.execute(
        select(_table.c.hash, _table.c.version, _table.c.effective_from)
        .where(
            _table.c.case_type == row["case_type"],
            _table.c.status == "active",
            _table.c.hash != row["hash"],
            _table.c.effective_from <= begin,
        )
        .order_by(_table.c.effective_from.desc(), _table.c.added_at.desc())
        .limit(1)
    )
    return {"version": rows[0]["version"], "hash": rows[0]["hash"]} if rows else None


def _in_force(row: Row, day: date) -> bool:
    until = row["effective_until"]
    return row["status"] == "active" and row["effective_from"] <= day and (until is None or until >= day)


def _mark_in_force(items: list[dict[str, Any]], day: date) -> None:
    """Says of each version whether cases filed today follow it, will, or did."""
    seen: set[str] = set()
    for item in items:
        begun = item["status"] == "active" and date.fromisoformat(item["effective_from"]) <= day
        if item["status"] == "active" and not begun:
            item["status"] = "coming"
        elif begun and item["case_type"] in seen:
            item["status"] = "retired"
        elif begun:
            seen.add(item["case_type"])


def _shown(row: Row, lang: str) -> dict[str, Any]:
    definition = json.loads(row["body"])
    translated = json.loads(row["translations"]).get(lang, {})
    until = row["effective_until"]
    return {
        "case_type": row["case_type"],
        "title": translated.get("title") or definition["title"],
        "version": row["version"],
        "hash": row["hash"],
        "status": row["status"],
        "effective_from": row["effective_from"].isoformat(),
        "effective_until": until.isoformat() if until else None,
    }


def _state(words: Wording, name: str) -> dict[str, Any]:
    leaf = words.outline.leaves[name]
    return {
        "state": name,
        "title": words.state(name),
        "region": leaf.region,
        "phase": leaf.phase,
        "final": leaf.final,
        "waits_for": [words.who(who) for who in leaf.waits_for],
    }


def _act(words: Wording, trigger: str) -> dict[str, Any]:
    _, transitions = words.outline.triggers[trigger]
    sources = dict.fromkeys(name for t in transitions for name in t.source)
    targets = dict.fromkeys(branch.to for t in transitions for branch in t.dest)
    return {
        "act": trigger,
        "title": words.act(trigger),
        "from": [words.state(name) for name in sources],
        "to": [words.state(name) for name in targets],
        "allow": [words.who(who) for who in dict.fromkeys(w for t in transitions for w in t.allow)],
        "basis": next((t.basis for t in transitions if t.basis), None),
    }


def _clock(words: Wording, name: str) -> dict[str, Any]:
    clock = words.definition.clocks[name]
    return {
        "clock": name,
        "title": words.clock(name),
        "kind": clock.kind,
        "length": clock.until or words.within(clock.within),
        "runs_in": words.states(clock.runs_in if clock.runs_in is not None else ("any",)),
        "marks": [f"{words.mark(mark)}: {words.effects(effects)}" for mark, effects in clock.at.items()],
        "basis": clock.basis,
    }
