"""Writers of files of events, by values: what a file holds, and what it costs however long it gets."""

import csv
import json
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from engine.analytics.export import table
from engine.analytics.export.form import FORMS, form_of
from engine.analytics.export.writer import About
from engine.domain.trace import CASE, COLUMNS, OFFICER, PARTY, Trace, TracedEvent, TracedObject

ABOUT = About("2026-11-24T00:00:00Z", "en", False)
XES = "{http://www.xes-standard.org/}"
# the shape of a log as the format is published at ocel-standard.org, in JSON Schema
_ATTRIBUTE = {"type": "object", "required": ["name", "value"]}
_RELATED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["objectId", "qualifier"],
        "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
    },
}
_TYPES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "attributes"],
        "properties": {
            "name": {"type": "string"},
            "attributes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type"],
                    "properties": {"type": {"enum": ["string", "time", "integer", "float", "boolean"]}},
                },
            },
        },
    },
}
_THING = {"id": {"type": "string"}, "type": {"type": "string"}, "relationships": _RELATED}
OCEL = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "additionalProperties": False,
    "properties": {
        "eventTypes": _TYPES,
        "objectTypes": _TYPES,
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "time"],
                "additionalProperties": False,
                "properties": {
                    **_THING,
                    "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "attributes": {"type": "array", "items": _ATTRIBUTE},
                },
            },
        },
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type"],
                "additionalProperties": False,
                "properties": {
                    **_THING,
                    "attributes": {
                        "type": "array",
                        "items": {**_ATTRIBUTE, "required": ["name", "value", "time"]},
                    },
                },
            },
        },
    },
}


def event(ref: str, seq: int, **given: Any) -> TracedEvent:
    plain: dict[str, Any] = dict.fromkeys(COLUMNS, "x") | {
        "case_id": ref, "seq": seq, "activity": "Report", "occurred_at": f"2026-11-23T{seq % 24:02}:00:00Z",
        "recorded_at": "2026-11-23T23:59:59Z", "taken_back": False, "lifecycle": "complete", "outcome": None,
        "objects": ((ref, CASE), (f"{ref}/P1", PARTY), ("off-05", "by")),
    }  # fmt: skip
    return TracedEvent(**{**plain, **given})


def trace(n: int, events: int = 12, linked: str | None = None, **given: Any) -> Trace:
    ref = f"26-{n:06}-0"
    values = {"case_type": "dispute_mediation", "filed_at": "2026-11-23T00:00:00Z", "cycle": 1}
    links = [(f"{ref}/P1", "claimant"), ("off-05", "handler"), *([(linked, "merged_into")] if linked else [])]
    case = TracedObject(ref, CASE, {**dict.fromkeys(_CASE), **values}, tuple(links))
    party, officer = (
        TracedObject(f"{ref}/P1", PARTY, {"role": "claimant"}),
        TracedObject("off-05", OFFICER, {}),
    )
    return Trace(ref, [event(ref, seq + 1, **given) for seq in range(events)], [case, party, officer])


_CASE = (
    "case_type", "place", "unit", "channel", "filed_at", "state", "phase", "outcome", "cycle", "definition_version",
    "definition",
)  # fmt: skip


def write(form: str, file: Path, traces: Iterable[Trace]) -> Any:
    with FORMS[form].writer(file, ABOUT) as writer:
        for one in traces:
            writer.add(one)
        writer.finish()
    return writer.counts


@pytest.mark.parametrize("form", ["csv", "xes", "parquet"])
def test_a_long_file_takes_no_more_memory_than_a_short_one(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "GROUP", 200)

    def peak(cases: int) -> int:
        tracemalloc.start()
        try:
            write(form, tmp_path / f"{cases}.{form}", (trace(n) for n in range(cases)))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is loaded once
    assert peak(600) < 1.5 * peak(100)


def test_parquet_comes_in_groups_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.setattr(table, "GROUP", 100)
    file = tmp_path / "e.parquet"
    assert write("parquet", file, (trace(n) for n in range(50))).events == 600
    asked = "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(?)"
    groups = duckdb.execute(asked, [str(file)]).fetchall()
    assert sorted(rows for _, rows in groups) == [60, 108, 108, 108, 108, 108]


def test_xes_is_built_in_the_order_that_its_schema_asks(tmp_path: Path) -> None:
    write("xes", tmp_path / "e.xes", [trace(1, 2), trace(2, 1)])
    log = ElementTree.parse(tmp_path / "e.xes").getroot()  # noqa: S314 - written here
    assert log.tag == f"{XES}log"
    assert log.get("xes.version") == "1849-2016"
    order = ["extension", "global", "classifier", "attribute", "trace"]
    kinds = [_kind(child.tag) for child in log]
    assert kinds == sorted(kinds, key=order.index)
    assert [e.get("prefix") for e in log.findall(f"{XES}extension")] == [
        "concept",
        "time",
        "org",
        "lifecycle",
    ]
    needed = {one.get("scope"): {a.get("key") for a in one} for one in log.findall(f"{XES}global")}
    traces = log.findall(f"{XES}trace")
    for found in traces:
        kinds = [_kind(child.tag) for child in found]
        assert kinds == sorted(kinds, key=["attribute", "event"].index)
        assert needed["trace"] <= {a.get("key") for a in found}
        for happened in found.findall(f"{XES}event"):
            keys = [a.get("key") for a in happened]
            assert needed["event"] <= set(keys)
            assert len(set(keys)) == len(keys)
            for classifier in log.findall(f"{XES}classifier"):
                assert set((classifier.get("keys") or "").split()) <= {*keys, "org:resource"}
    assert [len(found.findall(f"{XES}event")) for found in traces] == [2, 1]


def _kind(tag: str) -> str:
    name = tag.removeprefix(XES)
    return "attribute" if name in ("string", "date", "int", "boolean") else name


def test_signs_that_mean_something_to_a_format_come_back_as_they_were(tmp_path: Path) -> None:
    said = "a <b> & \"c\", 'd'\n;  中文"
    write("csv", tmp_path / "e.csv", [trace(1, 1, activity=said)])
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["activity"] == said
    write("xes", tmp_path / "e.xes", [trace(1, 1, activity=said), trace(2, 1, activity="a\x00\x0bb")])
    names = [
        found.get("value")
        for found in ElementTree.parse(tmp_path / "e.xes").iterfind(f".//{XES}event/{XES}string")  # noqa: S314 - written here
        if found.get("key") == "concept:name"
    ]
    assert names == [said, "ab"], "what XML has no sign for is left out"
    write("json", tmp_path / "e.json", [trace(1, 1, activity=said)])
    assert json.loads((tmp_path / "e.json").read_bytes())["events"][0]["type"] == said


def test_ocel_json_has_the_shape_that_is_published(tmp_path: Path) -> None:
    traces = [trace(1, 2, linked="26-000002-0"), trace(2, 1), trace(3, 1, linked="26-000009-0")]
    counts = write("json", tmp_path / "e.json", traces)
    log = json.loads((tmp_path / "e.json").read_bytes())
    Draft202012Validator(OCEL).validate(log)
    assert (counts.cases, counts.events, counts.objects) == (3, 4, 7)
    related = [r for one in [*log["events"], *log["objects"]] for r in one["relationships"]]
    assert counts.relations == len(related) == 12 + 7
    links = {
        (o["id"], r["objectId"])
        for o in log["objects"]
        for r in o["relationships"]
        if r["qualifier"] == "merged_into"
    }
    assert links == {("26-000001-0", "26-000002-0")}, "to a later case too, to none that is not there"


def test_the_ending_says_which_form() -> None:
    endings = ("a.csv", "a.XES", "a.b.parquet", "a.json", "a.jsonocel", "a.sqlite", "a.txt", "csv")
    found = [form_of(Path(name)) for name in endings]
    names = [form and form.name for form in found]
    assert names == ["csv", "xes", "parquet", "json", "json", "sqlite", None, None]


def test_acts_whose_names_are_alike_have_tables_of_their_own(tmp_path: Path) -> None:
    import sqlite3

    acts = [
        ("Report", "file"),
        ("Report anew", "FILE"),
        ("报案", "@"),
        ("Object", "object"),
        ("Map", "map_type"),
    ]
    write("sqlite", tmp_path / "e.sqlite", [trace(n, 1, activity=a, act=b) for n, (a, b) in enumerate(acts)])
    base = sqlite3.connect(tmp_path / "e.sqlite")
    tables = dict(base.execute("SELECT ocel_type, ocel_type_map FROM event_map_type"))
    assert tables.keys() == {name for name, _ in acts}
    assert len({name.lower() for name in tables.values()}) == 5
    for name in tables.values():
        assert base.execute(f'SELECT count(*) FROM "event_{name}"').fetchone() == (1,)  # noqa: S608 - names of ours
    base.close()
