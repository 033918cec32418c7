"""Tables as people send them: a workbook, CSV files or YAML, read into rows of text and written back.

Reading guesses nothing but the encoding and the separator, and says which it found. A number that a
spreadsheet has shortened stays visible as ``2.30125E+11`` and is refused where it is used.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

import yaml

from engine.domain.errors import Unsound
from engine.service import plain_yaml
from engine.service.organisation.column import SHEETS

SHORTENED = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
TITLES = frozenset(title for spec in SHEETS for title in (spec.name, spec.zh))
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` as the spreadsheet shows it; empty cells are left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """``encoding``: told when it was not UTF-8."""

    sheets: tuple[Sheet, ...]
    encoding: str | None = None


def read(files: Mapping[str, bytes]) -> Document:
    """All sheets of one workbook, one YAML file, or any number of CSV files named after their sheet."""
    sheets: list[Sheet] = []
    encoding = None
    for name, content in files.items():
        path = PurePath(name)
        match path.suffix.lower():
            case ".xlsx" | ".xlsm":
                sheets += _workbook(name, content)
            case ".csv" | ".tsv" | ".txt":
                text, found = _decode(name, content)
                encoding = found or encoding
                sheets.append(_csv(name, text))
            case ".yaml" | ".yml":
                text, found = _decode(name, content)
                encoding = found or encoding
                sheets += _yaml(name, text)
            case ".md":
                pass  # notes that came along
            case _:
                raise Unsound("FM-I020", kind="finding", file=name, detail=path.suffix or "-")
    return Document(tuple(sheets), encoding)


# ---- reading -----------------------------------------------------------------------------------


def _decode(name: str, content: bytes) -> tuple[str, str | None]:
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030"), "GB18030"
    except UnicodeDecodeError as error:
        raise Unsound("FM-I035", kind="finding", file=name, at=error.start) from error


def _workbook(name: str, content: bytes) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # whatever a broken archive makes the library raise
        raise Unsound("FM-I020", kind="finding", file=name, detail=type(error).__name__) from error
    for page in book.worksheets:
        table = [[_cell(value) for value in row] for row in page.iter_rows(values_only=True)]
        yield _sheet(str(page.title), enumerate(table, start=1))
    book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and abs(value) >= _EXACT:
        return f"{value:.5E}"  # its tail is gone already: shown as the spreadsheet would
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv(file: str, text: str) -> Sheet:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        found = [(lines.line_num, [cell.strip() for cell in line]) for line in lines]
    except csv.Error as error:
        raise Unsound(
            "FM-I020", kind="finding", file=file, detail=f"line {lines.line_num}: {error}"
        ) from error
    return _sheet(PurePath(file).stem, found)


def _yaml(name: str, text: str) -> Iterator[Sheet]:
    try:
        loaded = plain_yaml.load(text, texts=True)  # a code like 0123 is no octal number
    except yaml.YAMLError as error:
        raise Unsound("FM-I020", kind="finding", file=name, detail=str(error)) from error
    if not isinstance(loaded, dict):
        raise Unsound("FM-I020", kind="finding", file=name, detail="sheets wanted at the top")
    for title, given in loaded.items():
        items = given or []  # a sheet named and left empty
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            if _title(title) in TITLES:
                raise Unsound("FM-I031", kind="finding", file=name, sheet=title)
            continue  # a note
        header = tuple(dict.fromkeys(key for item in items for key in item))
        rows = (Row(n, {k: _plain(v) for k, v in item.items() if v}) for n, item in enumerate(items, start=1))
        yield Sheet(title, header, tuple(rows))


def _title(title: Any) -> str:
    return str(title).strip().lower()


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def _sheet(name: str, lines: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """The first line that is not empty is the header."""
    header: tuple[str, ...] = ()
    rows = []
    for number, cells in lines:
        if not any(cells):
            continue
        if not header:
            header = tuple(cells)
            continue
        filled = {title: cell for title, cell in zip(header, cells, strict=False) if title and cell}
        rows.append(Row(number, filled))
    return Sheet(name, tuple(title for title in header if title), tuple(rows))


# ---- writing -----------------------------------------------------------------------------------


def write(sheets: Sequence[Sheet], form: str, *, note: Sequence[str] = ()) -> dict[str, bytes]:
    """``form``: xlsx, csv or yaml. File names with their content; CSV gives one file per sheet."""
    match form:
        case "xlsx":
            return {"organisation.xlsx": _to_workbook(sheets, note)}
        case "yaml":
            return {"organisation.yaml": _to_yaml(sheets, note)}
        case "csv":
            # the mark at the start makes a spreadsheet read UTF-8
            made = {f"{s.name}.csv": _to_csv(s).encode("utf-8-sig") for s in sheets}
            return made | ({"about.md": "\n".join(note).encode()} if note else {})
        case _:
            raise ValueError(form)


def _to_workbook(sheets: Sequence[Sheet], note: Sequence[str]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        head = []
        for n, title in enumerate(sheet.header):
            letter = chr(ord("A") + n)
            page.column_dimensions[letter].width = 26 if title == "name" else 16
            page.column_dimensions[letter].number_format = "@"  # text: long codes keep their digits
            cell = WriteOnlyCell(page, value=title)
            cell.font = Font(bold=True)
            head.append(cell)
        page.append(head)
        for row in sheet.rows:
            page.append([_as_text(page, row.cells.get(title)) for title in sheet.header])
    about = book.create_sheet("about")
    about.column_dimensions["A"].width = 110
    for line in note:
        about.append([line])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _as_text(page: Any, value: str | None) -> Any:
    """A cell that stays text even where it begins like a formula."""
    from openpyxl.cell import WriteOnlyCell

    if value is None or not value.startswith("="):
        return value
    cell = WriteOnlyCell(page, value=value)
    cell.data_type = "s"
    return cell


def _to_csv(sheet: Sheet) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(sheet.header)
    writer.writerows([row.cells.get(title, "") for title in sheet.header] for row in sheet.rows)
    return buffer.getvalue()


def _to_yaml(sheets: Sequence[Sheet], note: Sequence[str]) -> bytes:
    content = {s.name: [dict(row.cells) for row in s.rows] for s in sheets}
    lines = "".join(f"# {line}\n" for line in note)
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    return (lines + text).encode()
