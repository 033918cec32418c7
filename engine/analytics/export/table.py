"""Events as rows: CSV, and Parquet by row groups."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.analytics.export.writer import About, Counts, cell
from engine.domain.errors import UsageError
from engine.domain.trace import COLUMNS, Trace, TracedEvent

GROUP = 50_000  # rows of a group: what a reader of Parquet takes in at once, and what is held here
FLAG = len(COLUMNS) - 1  # the last column, and the only one that text does not spell as Python does


class CsvWriter:
    """A head, then a line for each event; instants in UTC as ISO 8601 writes them."""

    def __init__(self, file: Path, about: About) -> None:
        self.counts = Counts()
        self._file = file.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, trace: Trace) -> None:
        self.counts.cases += 1
        self.counts.events += len(trace.events)
        self._writer.writerows((*event[:FLAG], cell(event[FLAG])) for event in trace.events)

    def finish(self) -> None:
        self._file.flush()


class ParquetWriter:
    """The same columns with their types; texts that repeat are kept once a group. FM-U375 without pyarrow."""

    def __init__(self, file: Path, about: About) -> None:
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError as error:
            raise UsageError("FM-U375") from error
        types = {
            "text": pa.string(),
            "time": pa.timestamp("ms", tz="UTC"),
            "integer": pa.int64(),
            "flag": pa.bool_(),
        }
        self.counts = Counts()
        self._pa = pa
        fields = [pa.field(name, types[kind]) for name, kind in COLUMNS.items()]
        self._schema = pa.schema(fields, {name: str(cell(value)) for name, value in about.told.items()})
        self._writer: Any = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[TracedEvent] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._writer.close()

    def add(self, trace: Trace) -> None:
        self.counts.cases += 1
        self.counts.events += len(trace.events)
        self._rows += trace.events
        if len(self._rows) >= GROUP:
            self._flush()

    def finish(self) -> None:
        self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = dict(zip(TracedEvent._fields, zip(*self._rows, strict=True), strict=True))
        arrays = [
            self._pa.array(columns[name]).cast(self._schema.field(name).type)
            if kind == "time"
            else self._pa.array(columns[name], type=self._schema.field(name).type)
            for name, kind in COLUMNS.items()
        ]
        self._writer.write_table(self._pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []
