"""The organisation from and to a file: template, import with a dry run and a difference, export."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.domain import organisation as org
from engine.domain.messages import tell
from engine.persistence import organisation_store as store
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.organisation import checking, difference, reading, replacing, sheet
from engine.service.organisation.column import BESIDE, SHEETS, Spec, Value
from engine.service.today import today

PLAIN_FORMS = ("xlsx", "csv", "yaml")


def import_organisation(
    unit: Unit, caller: Caller, *, files: Mapping[str, bytes], replace: bool = False
) -> Answer:
    """Puts what the files hold into the store. Rows that do not hold are left out and told.

    ``files``: names with contents: a workbook, a YAML file, or CSV files named after their sheets. People
    that the files lack are kept; ``replace`` ends, with yesterday, the appointments that they lack;
    it is refused (FM-I032, FM-I033, FM-I034) where that would end what nobody meant to end.
    """
    require(unit, caller, "organisation")
    return take_in(unit, caller, files=files, replace=replace)


def take_in(
    unit: Unit, caller: Caller, *, files: Mapping[str, bytes], replace: bool = False, only: str | None = None
) -> Answer:
    """The same for whoever may; ``only``: one sheet, whatever else the files hold."""
    read = reading.parse(sheet.read(files))
    if only is not None:
        read = read.only(only)
    stored = store.load(unit)
    checking.check(read, stored, law.vocabulary(unit))
    on = today(unit, caller)
    changes = difference.difference(read, stored, on=on)
    if replace:
        replacing.check(read, changes["appointments"], stored, on=on)
    _apply(unit, caller, changes, replace=replace)
    return _answer(read, changes, replace=replace, lang=caller.lang)


def put_organisation(unit: Unit, organisation: org.Organisation, *, at: datetime) -> None:
    """A whole organisation into an empty store, without files: for demos and tests."""
    for spec in _in_order():
        store.add(unit, getattr(organisation, spec.field), at=at)
    store.changed(unit)


def export(unit: Unit, _caller: Caller, *, form: str = "xlsx") -> Answer:
    """The stored organisation as files that can be imported again: ``files`` maps names to bytes."""
    return {"files": to_files(store.load(unit), form)}


def to_files(organisation: org.Organisation, form: str) -> dict[str, bytes]:
    """An organisation in the import format."""
    sheets = [_sheet(spec, getattr(organisation, spec.field)) for spec in SHEETS]
    note = [organisation.note] if organisation.note else []
    return sheet.write(sheets, form, note=note)


def template(form: str) -> dict[str, bytes]:
    """Empty sheets with their columns, and a page that says what each column means; names with contents."""
    sheets = [sheet.Sheet(spec.name, tuple(c.name for c in spec.columns), ()) for spec in SHEETS]
    return sheet.write(sheets, form, note=list(_explained()))


def _explained() -> list[str]:
    lines = ["One sheet each. Codes as text, days as 2026-11-23. 各表一页;代码按文本填写,日期如 2026-11-23。"]
    for spec in SHEETS:
        lines.append(f"{spec.name} {spec.zh}")
        for column in spec.columns:
            needed = " (needed 必填)" if column.needed else ""
            refers = f", a code of {column.refers}" if column.refers else ""
            told = f": {column.help}" if column.help else ""
            lines.append(f"  {column.name} {column.zh}{needed}{refers}{told}")
    return lines


# ---- writing -----------------------------------------------------------------------------------


def _in_order() -> list[Spec]:
    """Persons and units before the appointments that refer to them."""
    return list(SHEETS)


def _apply(unit: Unit, caller: Caller, changes: Mapping[str, difference.Change], *, replace: bool) -> None:
    touched = False
    for spec in _in_order():
        change = changes[spec.name]
        pairs = change.changed + (change.ended if replace else [])
        store.add(unit, change.new, at=caller.at)
        for before, after in pairs:
            store.put(unit, before, after, at=caller.at)
        touched = touched or bool(change.new or pairs)
    if touched:
        store.changed(unit)


def _answer(
    read: reading.Read, changes: Mapping[str, difference.Change], *, replace: bool, lang: str
) -> Answer:
    left_out: dict[str, int] = {}
    for rejection in read.rejected:
        left_out[rejection.sheet] = left_out.get(rejection.sheet, 0) + 1
    sheets = [
        {
            "sheet": name,
            "rows": read.rows.get(name, 0),
            "new": len(change.new),
            "changed": len(change.changed),
            "same": change.same,
            "left_out": left_out.get(name, 0),
            "ended": len(change.ended) if replace else 0,
        }
        for name, change in changes.items()
        if name in read.rows
        or change.new
        or change.changed
        or change.same
        or left_out.get(name)
        or (replace and change.ended)
    ]
    return {
        "sheets": sheets,
        "rejected": [r.to_json(lang) for r in sorted(read.rejected, key=lambda r: (r.sheet, r.row))],
        "changes": difference.told(changes),
        "would_end": len(changes["appointments"].ended),
        "notes": [{"code": n.code, "params": dict(n.params), "text": tell(n, lang)} for n in read.notes],
    }


def _sheet(spec: Spec, values: tuple[Value, ...]) -> sheet.Sheet:
    beside = {c.name for c in BESIDE} if spec.name == "persons" else set()
    names = [c.name for c in spec.columns if c.name not in beside]
    rows = [
        sheet.Row(n, {name: text for name in names if (text := _text(getattr(value, name)))})
        for n, value in enumerate(values, start=2)
    ]
    return sheet.Sheet(spec.name, tuple(names), tuple(rows))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None or value == 0 else str(value)
