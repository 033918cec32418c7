"""Cases of a register made into entries, or left out with a code and a reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.outline import MAIN
from engine.domain.errors import NotFound, UsageError
from engine.domain.instant import whole
from engine.domain.messages import text
from engine.machine.command import Filing
from engine.machine.entry import Entry, Stand
from engine.machine.program import Program
from engine.service.importing.gathering import Bundle, Note, Read, Rejected, gather
from engine.service.importing.mapping import Mapping, Part
from engine.service.organisation.sheet import SHORTENED, Row, Sheet, read


@dataclass(frozen=True, slots=True)
class Reject:
    """A case that was left out: the row at which it failed, and the other rows that went with it."""

    row: int
    column: str
    code: str
    params: dict[str, Any]
    cells: dict[str, str]
    others: tuple[Row, ...] = ()

    def each(self) -> "list[Reject]":
        """All its rows, each with the fault and the place of the fault, in the order of the file."""
        if not self.others:
            return [self]
        params = {"row": self.row, **self.params}
        more = [Reject(one.number, self.column, self.code, params, dict(one.cells)) for one in self.others]
        return sorted([replace(self, others=()), *more], key=lambda one: one.row)

    def text(self, lang: str) -> str:
        return text(self.code, lang, **{"row": self.row, **self.params})


def left_out(bundle: Bundle, error: Rejected) -> Reject:
    at = bundle.number if error.number is None else error.number
    first = next(row for row in bundle.rows if row.number == at)
    others = tuple(row for row in bundle.rows if row is not first)
    return Reject(at, error.column, error.code, error.params, dict(first.cells), others)


@dataclass
class Register:
    """A register as read. ``encoding`` is told when it was not UTF-8."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str | None = None
    notes: tuple[Note, ...] = ()  # what had to be put in order
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


def cases_in(register: Register, mapping: Mapping) -> list[Bundle]:
    """The cases of the register, as the map says which rows are one; its ``notes`` tell what that took."""
    bundles, notes = gather(mapping, register.rows, reader(mapping))
    register.notes = tuple(notes)
    return bundles


def entry_of(
    mapping: Mapping, program: Program, bundle: Bundle, *, by: str, now: datetime, live: bool
) -> tuple[str, Entry]:
    """The key and the entry of a case; raises :class:`Rejected`."""
    if bundle.fault:
        raise bundle.fault
    key = _key(bundle.key, mapping.key)
    read = reader(mapping)
    filed = bundle.moment(mapping.filed, read)
    if filed is None:
        raise Rejected("FM-I016", mapping.filed.column)
    closed = bundle.moment(mapping.closed, read)
    if closed is not None and closed.at < filed.at:
        raise Rejected("FM-I004", mapping.closed.column, closed.row, closed=closed.text, opened=filed.text)
    if filed.at > now:
        raise Rejected("FM-I013", mapping.filed.column, filed.row, at=filed.text)
    if closed is not None and closed.at > now:
        raise Rejected("FM-I013", mapping.closed.column, closed.row, at=closed.text)
    fields = {
        name: value
        for name, part in mapping.fields.items()
        if (value := _field(mapping, program.definition.fields[name].kind, part, bundle, f"fields.{name}"))
    }
    filing = Filing(
        ref="",
        case_type=program.definition.case_type,
        place=_whole(_value(mapping.place, bundle, "place") or "", mapping.place.column or "place"),
        unit="",
        what=_value(mapping.what, bundle, "what") or "-",
        channel=_value(mapping.channel, bundle, "channel") or "register",
        external={"system": mapping.source, "id": key},
    )
    reached = {
        name: time.at
        for name, source in mapping.milestones.items()
        if (time := bundle.moment(source, read)) is not None
    }
    stands = list(_stands(mapping, program, bundle, filed.at, closed.at if closed else None))
    return key, Entry(filing, filed.at, by, stands, fields, reached=reached, live=live)


def _stands(
    mapping: Mapping, program: Program, bundle: Bundle, filed: datetime, closed: datetime | None
) -> Iterator[Stand]:
    """A case with a closing time is closed whatever its status says; one without stays open."""
    status = mapping.status
    word, row = bundle.text(status.source) if status.source else (status.value or "", None)
    column = status.column or "status"
    state = status.values.get(word, status.otherwise)
    if state is None:
        raise Rejected("FM-I006", column, row, word=word)
    final = program.outline.leaves[state].final
    # what is filed stands somewhere first: a move has the time of its own event
    begins = [status.through] if status.through else []
    begins.append(program.outline.regions[MAIN].initial)
    if closed is None:
        if final:
            raise Rejected("FM-I014", mapping.closed.column, row, word=word)
        time = bundle.moment(mapping.moved, reader(mapping)) if mapping.moved else None
        moved = time.at if time else filed
        before = [name for name in begins if name != state]
        if moved > filed and before:
            yield Stand(before[0], filed)
            yield Stand(state, moved)
        else:
            yield Stand(state, filed)
        return
    if not final:
        ends = [leaf.name for leaf in program.outline.leaves.values() if leaf.final]
        state = ends[0]
    outcome = status.outcomes.get(word) or status.outcomes.get("else")
    if outcome is None:
        raise Rejected("FM-I015", column, row, word=word)
    yield Stand(begins[0], filed)
    yield Stand(state, closed, outcome)


def _key(key: str, column: str) -> str:
    if not key:
        raise Rejected("FM-I016", column)
    return _whole(key, column)


def _whole(value: str, column: str) -> str:
    """A number or a code; what a spreadsheet made of a long one names nothing any more."""
    if SHORTENED.fullmatch(value):
        raise Rejected("FM-I003", column, sheet="-", column=column, value=value)
    return value


def reader(mapping: Mapping) -> Read:
    """Times of the register as instants; raises :class:`Rejected`."""

    def read(given: str, column: str) -> datetime:
        if not given:
            raise Rejected("FM-I016", column)
        try:
            return whole(mapping.moment(_whole(given, column)).astimezone(UTC))
        except (ValueError, OverflowError) as error:
            raise Rejected("FM-I017", column, value=given, formats=", ".join(mapping.dates)) from error

    return read


def _field(mapping: Mapping, kind: str, part: Part, bundle: Bundle, what: str) -> str | None:
    """A time or a day is read as the register writes its times, so that a limit can run until it."""
    if kind not in ("timestamp", "date") or part.source is None or part.values is not None:
        return _value(part, bundle, what)
    time = bundle.moment(part.source, reader(mapping))
    if time is None:
        return part.otherwise
    local = time.at.astimezone(ZoneInfo(mapping.zone))
    return local.isoformat() if kind == "timestamp" else local.date().isoformat()


def _value(part: Part, bundle: Bundle, what: str) -> str | None:
    if part.source is None:
        return part.value
    said, row = bundle.text(part.source)
    column = part.source.column
    if "\x00" in said or any(0xD800 <= ord(c) <= 0xDFFF for c in said):
        raise Rejected("FM-I018", column, row)
    if part.values is None:
        return said or part.otherwise
    found = part.values.get(said, part.otherwise)
    if found is None and said:
        raise Rejected("FM-I019", column, row, word=said, what=what)
    return found


def rejects_csv(header: Iterable[str], rejects: Iterable[Reject], lang: str) -> str:
    """The rejected rows with all their columns, and why: row, column, code, reason."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    columns = list(header)
    writer.writerow(["row", "column", "code", "reason", *columns])
    for reject in (row for one in rejects for row in one.each()):
        writer.writerow(
            [
                reject.row,
                reject.column,
                reject.code,
                reject.text(lang),
                *[reject.cells.get(c, "") for c in columns],
            ]
        )
    return out.getvalue()
