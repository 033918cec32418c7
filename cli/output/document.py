"""Answers for programs: one JSON document, JSON lines, CSV."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cli.output.table import Column, Row


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def to_json(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2, default=_plain)


def to_json_lines(items: Iterable[object]) -> str:
    return "\n".join(json.dumps(item, ensure_ascii=False, default=_plain) for item in items)


def to_csv(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """A head of JSON keys, then the values as in JSON; lists and maps as JSON text."""
    return csv_of(
        [column.key for column in columns], ([row.get(column.key) for column in columns] for row in rows)
    )


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([_scalar(value) for value in row] for row in rows)
    return page.getvalue().rstrip("\n")


def _scalar(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def write(text: str) -> None:
    """One answer to stdout."""
    if text:
        sys.stdout.write(text + "\n")
