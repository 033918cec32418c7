"""Rows of a register made into entries, or rejected with a code and a reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.domain.errors import NotFound, UsageError
from engine.domain.instant import whole
from engine.machine.command import Filing
from engine.machine.entry import Entry, Stand
from engine.machine.program import Program
from engine.service.importing.mapping import Mapping, Part
from engine.service.organisation.sheet import SHORTENED, Row, Sheet, read


class Rejected(Exception):
    """One row does not hold. ``column`` and parameters go into the rejects file and the message."""

    def __init__(self, code: str, column: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


@dataclass(frozen=True, slots=True)
class Reject:
    row: int
    column: str
    code: str
    params: dict[str, Any]
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can land: its number, its key and what it says."""

    row: int
    key: str
    cells: dict[str, str]


@dataclass
class Register:
    """A register as read. ``encoding`` is told when it was not UTF-8."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str | None = None
    seen: set[str] = field(default_factory=set)  # keys of the portions that are through
    places: dict[str, tuple[str, str]] = field(default_factory=dict)  # the register's word -> place and unit


def read_register(
    name: str, content: bytes, *, sheet: str | None = None, encoding: str | None = None
) -> Register:
    """The named or the first sheet with rows. FM-I012 when there is none."""
    if encoding:
        try:
            content = content.decode(encoding).encode("utf-8")
        except (LookupError, UnicodeDecodeError) as error:
            raise UsageError("FM-U310", encoding=encoding) from error
    document = read({name: content})
    found = [s for s in document.sheets if s.rows and sheet in (None, s.name)]
    if not found:
        raise NotFound("FM-N060", kind="usage", file=name, sheet=sheet or "-")
    chosen: Sheet = found[0]
    return Register(name, chosen.header, chosen.rows, document.encoding)


def entry_of(
    mapping: Mapping, program: Program, row: Row, *, by: str, now: datetime, live: bool
) -> tuple[str, Entry]:
    """The key and the entry of a row; raises :class:`Rejected`."""
    cells = row.cells
    key = _cell(cells, mapping.key)
    filed = _moment(mapping, cells, mapping.filed)
    closed = _moment(mapping, cells, mapping.closed) if cells.get(mapping.closed) else None
    if closed is not None and closed < filed:
        raise Rejected("FM-I004", mapping.closed, closed=cells[mapping.closed], opened=cells[mapping.filed])
    if max(filed, closed or filed) > now:
        raise Rejected("FM-I013", mapping.filed, at=cells[mapping.filed])
    fields = {
        name: value
        for name, part in mapping.fields.items()
        if (value := _value(part, cells, f"fields.{name}"))
    }
    filing = Filing(
        ref="",
        case_type=program.definition.case_type,
        place=_whole(_value(mapping.place, cells, "place") or "", mapping.place.column or "place"),
        unit="",
        what=_value(mapping.what, cells, "what") or "-",
        channel=_value(mapping.channel, cells, "channel") or "register",
        external={"system": mapping.source, "id": key},
    )
    reached = {
        name: _moment(mapping, cells, column)
        for name, column in mapping.milestones.items()
        if cells.get(column)
    }
    stands = list(_stands(mapping, program, cells, filed, closed))
    return key, Entry(filing, filed, by, stands, fields, reached=reached, live=live)


def _stands(
    mapping: Mapping, program: Program, cells: Any, filed: datetime, closed: datetime | None
) -> Iterator[Stand]:
    """A row with a closing time is closed whatever its status says; one without stays open."""
    status = mapping.status
    word = cells.get(status.column, "")
    state = status.values.get(word)
    if state is None:
        raise Rejected("FM-I006", status.column, word=word)
    final = program.outline.leaves[state].final
    if closed is None:
        if final:
            raise Rejected("FM-I014", mapping.closed, word=word)
        moved = (
            _moment(mapping, cells, mapping.moved) if mapping.moved and cells.get(mapping.moved) else filed
        )
        if status.through and status.through != state and moved > filed:
            yield Stand(status.through, filed)
        yield Stand(state, max(moved, filed))
        return
    if not final:
        ends = [leaf.name for leaf in program.outline.leaves.values() if leaf.final]
        state = ends[0]
    outcome = status.outcomes.get(word) or status.outcomes.get("else")
    if outcome is None:
        raise Rejected("FM-I015", status.column, word=word)
    if status.through:
        yield Stand(status.through, filed)
    yield Stand(state, closed, outcome)


def _cell(cells: Any, column: str) -> str:
    value = cells.get(column, "").strip()
    if not value:
        raise Rejected("FM-I016", column)
    return _whole(str(value), column)


def _whole(value: str, column: str) -> str:
    """A number or a code; what a spreadsheet made of a long one names nothing any more."""
    if SHORTENED.fullmatch(value):
        raise Rejected("FM-I003", column, sheet="-", column=column, value=value)
    return value


def _moment(mapping: Mapping, cells: Any, column: str) -> datetime:
    text = _cell(cells, column)
    try:
        return whole(mapping.moment(text).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise Rejected("FM-I017", column, value=text, formats=", ".join(mapping.dates)) from error


def _value(part: Part, cells: Any, what: str) -> str | None:
    if part.value is not None:
        return part.value
    text: str = cells.get(part.column, "").strip()
    if "\x00" in text or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise Rejected("FM-I018", str(part.column))
    if part.values is None:
        return text or part.otherwise
    found = part.values.get(text, part.otherwise)
    if found is None and text:
        raise Rejected("FM-I019", str(part.column), word=text, what=what)
    return found


def rejects_csv(header: Iterable[str], rejects: Iterable[Reject], tell: Any) -> str:
    """The rejected rows with all their columns, and why: row, column, code, reason."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    columns = list(header)
    writer.writerow(["row", "column", "code", "reason", *columns])
    for reject in rejects:
        writer.writerow(
            [
                reject.row,
                reject.column,
                reject.code,
                tell(reject),
                *[reject.cells.get(c, "") for c in columns],
            ]
        )
    return out.getvalue()
