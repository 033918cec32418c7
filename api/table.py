"""Lists as comma-separated values: a head of JSON keys, then the values as in JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# first what `case list --csv` has
CASES = (
    "ref", "type", "risk", "phase", "state", "place", "holder", "due_at",
    "due_date", "late", "unit", "outcome", "cycle", "version", "filed_at", "closed_at",
)  # fmt: skip
MEDIA_TYPE = "text/csv; charset=utf-8"


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return page.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value
