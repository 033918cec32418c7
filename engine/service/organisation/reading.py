"""Rows of text into values. A row that does not hold is left out with its number, column and code; the rest stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from engine.domain import organisation as org
from engine.domain.errors import Reason
from engine.domain.messages import tell
from engine.service.organisation.column import BESIDE, BY_NAME, SHEETS, Column, Spec, Value
from engine.service.organisation.sheet import SHORTENED, Document, Row, Sheet

YES = {"yes", "true", "1", "y", "x", "是", "有"}
NO = {"no", "false", "0", "n", "", "否", "无"}
_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?")
SEXES = {"female": "female", "f": "female", "女": "female", "male": "male", "m": "male", "男": "male"}
IGNORED = {"about", "readme", "说明"}


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was left out."""

    sheet: str
    row: int
    column: str | None
    reason: Reason

    def to_json(self, lang: str) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.reason.code,
            "text": tell(self.reason, lang),
            "params": dict(self.reason.params),
        }


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value with where it stood and the columns that the file gave; the others are not to be touched."""

    sheet: str
    row: int
    value: Value
    given: frozenset[str]


@dataclass
class Read:
    """``rows``: data rows of each sheet that the file held, left out or not."""

    parsed: dict[str, list[Parsed]] = field(default_factory=lambda: {spec.name: [] for spec in SHEETS})
    rows: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)

    def only(self, name: str) -> "Read":
        """What one sheet holds."""
        kept = [one for one in self.rejected if one.sheet == name]
        parsed = {sheet: (rows if sheet == name else []) for sheet, rows in self.parsed.items()}
        return Read(parsed, {n: count for n, count in self.rows.items() if n == name}, kept, self.notes)

    def reject(self, sheet: str, row: int, column: str | None, code: str, **params: Any) -> None:
        told = {"sheet": sheet, "row": row, "column": column or "-", **params}
        self.rejected.append(Rejection(sheet, row, column, Reason(code, told, "finding")))


class Unreadable(Exception):
    """One cell that gives no value."""

    def __init__(self, code: str, column: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


def parse(document: Document) -> Read:
    """Every known sheet of the document; sheets and columns that are not known are named in the notes."""
    read = Read()
    if document.encoding:
        read.notes.append(Reason("FM-I021", {"encoding": document.encoding}, "finding"))
    for sheet in document.sheets:
        spec = BY_NAME.get(sheet.name.strip().lower()) or _by_header(sheet)
        if spec is None:
            if sheet.name.strip().lower() not in IGNORED:
                read.notes.append(Reason("FM-I022", {"sheet": sheet.name}, "finding"))
            continue
        _note_columns(read, spec, sheet)
        read.rows[spec.name] = read.rows.get(spec.name, 0) + len(sheet.rows)
        for row in sheet.rows:
            _take(read, spec, sheet, row)
    return read


def _by_header(sheet: Sheet) -> Spec | None:
    """The sheet whose needed columns all stand here, for a file with a name of its own."""
    titles = {title.strip() for title in sheet.header}
    fits = [
        spec
        for spec in SHEETS
        if all({c.name, c.zh} & titles for c in spec.columns if c.needed) and titles <= spec.by_title.keys()
    ]
    return fits[0] if len(fits) == 1 else None


def _note_columns(read: Read, spec: Spec, sheet: Sheet) -> None:
    known = spec.by_title
    for title in sheet.header:
        if title not in known:
            near = get_close_matches(title, known, 1) or ["-"]
            params = {"sheet": spec.name, "column": title, "near": near[0]}
            read.notes.append(Reason("FM-I023", params, "finding"))


def _take(read: Read, spec: Spec, sheet: Sheet, row: Row) -> None:
    known = spec.by_title
    cells = {known[title].name: text for title, text in row.cells.items() if title in known}
    given = frozenset(known[title].name for title in sheet.header if title in known)
    try:
        values = dict(_values(spec, cells))
    except Unreadable as error:
        read.reject(spec.name, row.number, error.column, error.code, **error.params)
        return
    beside = {c.name: values.pop(c.name, None) for c in BESIDE} if spec.name == "persons" else {}
    read.parsed[spec.name].append(Parsed(spec.name, row.number, spec.make(**values), given))
    if beside.get("role"):
        held = org.Appointment(
            values["code"], beside["role"], beside["unit"], values.get("since"), values.get("until")
        )
        columns = frozenset({"person", "role", "unit"}) | (given & {"since", "until"})
        read.parsed["appointments"].append(Parsed("persons", row.number, held, columns))


def _values(spec: Spec, cells: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for column in spec.columns:
        text = cells.get(column.name, "")
        if SHORTENED.fullmatch(text):
            raise Unreadable("FM-I003", column.name, value=text)
        if not text and column.needed:
            raise Unreadable("FM-I024", column.name)
        if text:
            yield column.name, _value(column, text)
    if spec.name == "persons" and bool(cells.get("role")) != bool(cells.get("unit")):
        raise Unreadable("FM-I024", "unit" if cells.get("role") else "role")
    if cells.get("since") and cells.get("until"):
        since, until = day(cells["since"]), day(cells["until"])
        if since and until and until < since:
            raise Unreadable("FM-I025", "until", since=since.isoformat(), until=until.isoformat())


def _value(column: Column, text: str) -> Any:
    match column.kind:
        case "date":
            return day(text) or _refuse(column, text, "date")
        case "int":
            return int(text) if text.isdecimal() else _refuse(column, text, "int")
        case "yes":
            lower = text.lower()
            return lower in YES or (False if lower in NO else _refuse(column, text, "yes"))
        case "sex":
            return SEXES.get(text.lower()) or _refuse(column, text, "sex")
        case "list":
            return tuple(part.strip() for part in re.split("[,,、;;]", text) if part.strip())
        case _:
            return text


def _refuse(column: Column, text: str, kind: str) -> Any:
    raise Unreadable("FM-I026", column.name, value=text, wanted=kind)


def day(text: str) -> date | None:
    """``2026-11-23``, ``2026/11/23``, ``2026年11月23日`` or ``20261123``; None for what is no day."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
