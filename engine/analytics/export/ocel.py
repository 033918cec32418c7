"""OCEL 2.0, as JSON and as SQLite: events and the objects that each is about, case, parties, officers, records.

A case may be named by another that is not in the file; such a link is left out, so cases with links wait until all are
there. Besides these only what a house has few of is held: officers, kinds of records, acts.
"""

import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shutil import copyfileobj
from types import TracebackType
from typing import Any, Self

import orjson

from engine.analytics.export.writer import About, Counts
from engine.domain.trace import (
    COLUMNS,
    OFFICER,
    Kind,
    Relation,
    Trace,
    TracedEvent,
    TracedObject,
    values_of,
)

# what the relations of an event say is not said again by its attributes
BESIDE = ("case_id", "activity", "occurred_at", "resource", "entered_by", "acting_for")
ATTRIBUTES: Mapping[str, Kind] = {name: kind for name, kind in COLUMNS.items() if name not in BESIDE}
TYPES: Mapping[Kind, str] = {"text": "string", "time": "time", "integer": "integer", "flag": "boolean"}
STORED: Mapping[Kind, str] = {"text": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "flag": "BOOLEAN"}
ALWAYS = "1970-01-01T00:00:00Z"  # the time of what is said of an object once for all


class _Objects:
    """Which objects a file has: each is written once, and relations lead to such as there are."""

    def __init__(self) -> None:
        self.officers: set[str] = set()
        self.cases: set[str] = set()
        self.linked: list[TracedObject] = []

    def new(self, trace: Trace) -> Iterator[TracedObject]:
        """What is to be written now."""
        case, *others = trace.objects
        self.cases.add(case.id)
        own = {one.id for one in others}
        if all(target in own for target, _ in case.relations):
            yield case
        else:
            self.linked.append(case)
        for one in others:
            if one.type != OFFICER:
                yield one
            elif one.id not in self.officers:
                self.officers.add(one.id)
                yield one

    def last(self) -> Iterator[TracedObject]:
        """Cases that name others, now that all are known."""
        for case in self.linked:
            kept = tuple(r for r in case.relations if self._there(case.id, r))
            yield case._replace(relations=kept)

    def _there(self, ref: str, relation: Relation) -> bool:
        target = relation[0]
        return target in self.cases or target in self.officers or target.startswith(f"{ref}/")


def event_id(event: TracedEvent) -> str:
    return f"{event.case_id}:{event.seq}"


class OcelJsonWriter:
    """Events as they come, objects in a file beside it that is put behind them, types last."""

    def __init__(self, file: Path, about: About) -> None:
        self.counts = Counts(objects=0, relations=0)
        self._objects, self._acts = _Objects(), dict[str, None]()
        self._kinds: dict[str, None] = {}
        self._file = file.open("wb")
        self._aside = tempfile.TemporaryFile(dir=file.parent)  # noqa: SIM115 - closed with the file
        self._file.write(b'{"events":[')

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._aside.close()
        self._file.close()

    def add(self, trace: Trace) -> None:
        counts = self.counts
        counts.cases += 1
        for one in self._objects.new(trace):
            self._put(one)
        for event in trace.events:
            self._file.write((b",\n" if counts.events else b"\n") + orjson.dumps(self._event(event)))
            counts.events += 1
            counts.relations = (counts.relations or 0) + len(event.objects)

    def _event(self, event: TracedEvent) -> dict[str, Any]:
        self._acts[event.activity] = None
        told = event._asdict()
        return {
            "id": event_id(event),
            "type": event.activity,
            "time": event.occurred_at,
            "attributes": [
                {"name": name, "value": told[name]} for name in ATTRIBUTES if told[name] is not None
            ],
            "relationships": [_related(relation) for relation in event.objects],
        }

    def _put(self, one: TracedObject) -> None:
        self._kinds[one.type] = None
        told = {
            "id": one.id,
            "type": one.type,
            "attributes": [
                {"name": name, "time": ALWAYS, "value": value}
                for name, value in one.values.items()
                if value is not None
            ],
            "relationships": [_related(relation) for relation in one.relations],
        }
        self._aside.write((b",\n" if self.counts.objects else b"\n") + orjson.dumps(told))
        self.counts.objects = (self.counts.objects or 0) + 1
        self.counts.relations = (self.counts.relations or 0) + len(one.relations)

    def finish(self) -> None:
        for case in self._objects.last():
            self._put(case)
        self._file.write(b'],\n"objects":[')
        self._aside.seek(0)
        copyfileobj(self._aside, self._file)
        self._file.write(
            b'],\n"eventTypes":' + orjson.dumps([_type(name, ATTRIBUTES) for name in self._acts])
        )
        kinds = [_type(name, values_of(name)) for name in self._kinds]
        self._file.write(b',\n"objectTypes":' + orjson.dumps(kinds) + b"}\n")
        self._file.flush()


def _related(relation: Relation) -> dict[str, str]:
    return {"objectId": relation[0], "qualifier": relation[1]}


def _type(name: str, attributes: Mapping[str, Kind]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": n, "type": TYPES[kind]} for n, kind in attributes.items()]}


_TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
 ocel_event_id TEXT REFERENCES event (ocel_id), ocel_object_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
 PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
 ocel_source_id TEXT REFERENCES object (ocel_id), ocel_target_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,
 PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""


class OcelSqliteWriter:
    """The tables of the standard; each act and each type of objects has one of its own."""

    def __init__(self, file: Path, about: About) -> None:
        self.counts = Counts(objects=0, relations=0)
        self._objects = _Objects()
        self._maps: dict[tuple[str, str], str] = {}
        self._base = sqlite3.connect(file, isolation_level=None)
        # one writer and a file that nobody sees before it is whole
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.executescript(_TABLES)
        self._base.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._base.close()

    def add(self, trace: Trace) -> None:
        counts = self.counts
        counts.cases += 1
        for one in self._objects.new(trace):
            self._put(one)
        for event in trace.events:
            own = event_id(event)
            mapped = self._mapped("event", event.activity, event.act, ATTRIBUTES)
            told = event._asdict()
            self._insert("event", (own, event.activity))
            self._insert(mapped, (own, event.occurred_at, *(told[name] for name in ATTRIBUTES)))
            self._relate("event_object", own, event.objects)
            counts.events += 1

    def _put(self, one: TracedObject) -> None:
        attributes = values_of(one.type)
        mapped = self._mapped("object", one.type, one.type, attributes)
        self._insert("object", (one.id, one.type))
        self._insert(mapped, (one.id, ALWAYS, None, *(one.values.get(name) for name in attributes)))
        self._relate("object_object", one.id, one.relations)
        self.counts.objects = (self.counts.objects or 0) + 1

    def _mapped(self, of: str, name: str, word: str, attributes: Mapping[str, Kind]) -> str:
        """The table of a type, made when it is first met."""
        found = self._maps.get((of, name))
        if found is not None:
            return found
        plain = re.sub(r"\W+", "_", word, flags=re.ASCII).strip("_") or "other"
        taken = {mapped for (kind, _), mapped in self._maps.items() if kind == of}
        tries = (f"{plain}{n or ''}" for n in range(len(taken) + 1))
        mapped = next(one for one in tries if f"{of}_{one}".lower() not in _RESERVED | taken)
        changed = ', "ocel_changed_field" TEXT' if of == "object" else ""
        columns = "".join(f', "{n}" {STORED[kind]}' for n, kind in attributes.items())
        self._base.execute(
            f'CREATE TABLE "{of}_{mapped}" ("ocel_id" TEXT, "ocel_time" TIMESTAMP{changed}{columns})'
        )
        self._insert(f"{of}_map_type", (name, mapped))
        self._maps[of, name] = f"{of}_{mapped}".lower()
        return self._maps[of, name]

    def _insert(self, into: str, values: Iterable[Any]) -> None:
        given = tuple(values)
        self._base.execute(f'INSERT INTO "{into}" VALUES ({",".join("?" * len(given))})', given)  # noqa: S608 - a table of ours

    def _relate(self, into: str, own: str, relations: Iterable[Relation]) -> None:
        for target, qualifier in relations:
            self._insert(into, (own, target, qualifier))
            self.counts.relations = (self.counts.relations or 0) + 1

    def finish(self) -> None:
        for case in self._objects.last():
            self._put(case)
        self._base.execute("COMMIT")


_RESERVED = frozenset({"event_object", "event_map_type", "object_object", "object_map_type"})
