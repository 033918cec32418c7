"""The forms that there are, by the ending of a file's name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.analytics.export.ocel import OcelJsonWriter, OcelSqliteWriter
from engine.analytics.export.table import CsvWriter, ParquetWriter
from engine.analytics.export.writer import About, Writer
from engine.analytics.export.xes import XesWriter


@dataclass(frozen=True, slots=True)
class Form:
    name: str  # and the ending
    media_type: str
    writer: Callable[[Path, About], Writer]
    also: tuple[str, ...] = ()  # other endings


FORMS = {
    form.name: form
    for form in (
        Form("csv", "text/csv; charset=utf-8", CsvWriter),
        Form("parquet", "application/vnd.apache.parquet", ParquetWriter),
        Form("xes", "application/xml", XesWriter),
        Form("json", "application/json", OcelJsonWriter, ("jsonocel",)),
        Form("sqlite", "application/vnd.sqlite3", OcelSqliteWriter),
    )
}


def form_of(file: Path) -> Form | None:
    """By the last ending of the name, in any case."""
    ending = file.suffix.lower().removeprefix(".")
    return next((form for form in FORMS.values() if ending == form.name or ending in form.also), None)
