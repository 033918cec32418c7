"""An organisation in and out: workbook, CSV and YAML; the difference told; damaged rows left out with reasons."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from engine.domain import organisation as org
from engine.domain.errors import Refused, Unsound
from engine.persistence import organisation_store
from engine.persistence.store import Store
from engine.service.caller import Caller
from engine.service.organisation import export, import_organisation, put_organisation, template, to_files
from workflows.harbin import build

CALLER = Caller("chf-01", datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
COUNTY = build()

UNITS = "code,name,level,parent,desk\nS-1,派出所,station,,yes\nO-1,警务室,office,S-1,\n"
PLACES = "code,name,kind,parent\n230125,宾县,county,\n230125100205,务勤村,village,230125\n"
PERSONS = "code,name,role,unit,since\noff-01,,officer,S-1,2026-01-01\naux-01,,auxiliary,O-1,2026-01-01\n"
FILES = {"units.csv": UNITS, "places.csv": PLACES, "persons.csv": PERSONS}


def run(
    store: Store, files: Mapping[str, str | bytes], *, dry_run: bool = False, **given: Any
) -> dict[str, Any]:
    content = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    return store.write(
        lambda unit: import_organisation(unit, CALLER, files=content, **given), dry_run=dry_run
    )


def counts(answer: Mapping[str, Any], sheet: str) -> tuple[int, int, int, int]:
    told = next(s for s in answer["sheets"] if s["sheet"] == sheet)
    return told["new"], told["changed"], told["same"], told["left_out"]


def codes(answer: Mapping[str, Any]) -> list[tuple[str, int, str | None, str]]:
    return [(r["sheet"], r["row"], r["column"], r["code"]) for r in answer["rejected"]]


def stored(store: Store) -> org.Organisation:
    return store.read(organisation_store.load)


@pytest.mark.parametrize("form", ["xlsx", "csv", "yaml"])
def test_the_sample_goes_out_and_comes_in_again_unchanged(store: Store, form: str) -> None:
    files = to_files(COUNTY, form)
    answer = run(store, files)
    assert answer["rejected"] == []
    assert counts(answer, "persons") == (len(COUNTY.persons), 0, 0, 0)

    def ordered(o: org.Organisation) -> list[list[Any]]:
        return [sorted(map(repr, v)) for v in (o.units, o.places, o.areas, o.persons, o.appointments)]

    assert ordered(stored(store)) == ordered(COUNTY)
    out = store.read(lambda unit: export(unit, CALLER, form=form))["files"]
    again = run(store, out)
    assert all(s["new"] == s["changed"] == s["left_out"] == 0 for s in again["sheets"])


def test_a_dry_run_tells_the_same_and_saves_nothing(store: Store) -> None:
    dry = run(store, FILES, dry_run=True)
    assert counts(dry, "units") == (2, 0, 0, 0)
    assert stored(store).units == ()
    assert run(store, FILES) == dry


def test_only_the_columns_of_the_file_are_touched(store: Store) -> None:
    run(store, FILES)
    answer = run(store, {"units.csv": "code,name,level\nS-1,新派出所,station\n"})
    assert answer["changes"] == [
        {"sheet": "units", "key": "S-1", "column": "name", "before": "派出所", "after": "新派出所"}
    ]
    assert stored(store).unit["S-1"].desk is True


def test_people_the_file_lacks_are_kept_and_replace_ends_their_appointments(store: Store) -> None:
    run(store, FILES)
    fewer = {"persons.csv": "code,role,unit,since\noff-01,officer,S-1,2026-01-01\n"}
    kept = run(store, fewer)
    assert kept["would_end"] == 1
    assert all(a.until is None for a in stored(store).appointments)
    run(store, fewer, replace=True)
    assert {a.person: a.until for a in stored(store).appointments} == {
        "off-01": None,
        "aux-01": date(2026, 11, 22),
    }
    assert {p.code for p in stored(store).persons} == {"off-01", "aux-01"}


def test_a_code_that_a_spreadsheet_shortened_is_refused_with_row_and_column(store: Store) -> None:
    damaged = FILES | {"places.csv": "code,name,kind\n230125,宾县,county\n2.30125E+11,务勤村,village\n"}
    answer = run(store, damaged)
    assert codes(answer) == [("places", 3, "code", "FM-I003")]
    assert "2.30125E+11" in answer["rejected"][0]["text"]
    assert counts(answer, "places") == (1, 0, 0, 1)


def test_a_number_cell_keeps_twelve_digits_and_loses_eighteen(store: Store) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "places"
    for line in (
        ["code", "name", "kind"],
        [230125100205, "务勤村", "village"],
        [230125100205100205, "x", "village"],
    ):
        page.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    answer = run(store, {"org.xlsx": buffer.getvalue()})
    assert [p.code for p in stored(store).places] == ["230125100205"]
    assert codes(answer) == [("places", 3, "code", "FM-I003")]


def test_gb18030_is_read_and_said(store: Store) -> None:
    answer = run(store, {"places.csv": PLACES.encode("gb18030")})
    assert [n["code"] for n in answer["notes"]] == ["FM-I021"]
    assert "GB18030" in answer["notes"][0]["text"]
    assert stored(store).place["230125100205"].name == "务勤村"


def test_chinese_headings_and_days_are_read(store: Store) -> None:
    text = "代码,名称,级别,值班台,起始日期\nS-1,派出所,station,是,2026年1月1日\n"
    assert run(store, {"单位.csv": text})["rejected"] == []
    assert stored(store).units == (org.Unit("S-1", "派出所", "station", desk=True, since=date(2026, 1, 1)),)


def test_a_file_under_another_name_is_known_by_its_columns(store: Store) -> None:
    assert counts(run(store, {"list.csv": "unit,place,function\n"} | FILES), "areas") == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"units.csv": "code,name,level\nS-1,a,station\nS-1,b,station\n"}, ("units", 3, "code", "FM-I027")),
        ({"units.csv": "code,name,level,parent\nS-1,a,station,S-9\n"}, ("units", 2, "parent", "FM-I029")),
        ({"units.csv": "code,name,level\nS-1,,station\n"}, ("units", 2, "name", "FM-I024")),
        ({"units.csv": "code,name,level,since\nS-1,a,station,soon\n"}, ("units", 2, "since", "FM-I026")),
        (
            {"units.csv": "code,name,level,since,until\nS-1,a,station,2026-02-01,2026-01-01\n"},
            ("units", 2, "until", "FM-I025"),
        ),
        ({"persons.csv": "code,role\noff-01,officer\n"}, ("persons", 2, "unit", "FM-I024")),
        ({"persons.csv": "code,role,unit\noff-01,officer,S-8\n"}, ("persons", 2, "unit", "FM-I029")),
        ({"absences.csv": "person,since\nx,2026-01-01\n"}, ("absences", 2, "person", "FM-I029")),
    ],
)
def test_a_row_that_does_not_hold_is_named(
    store: Store, files: dict[str, str], wanted: tuple[str, int, str, str]
) -> None:
    answer = run(store, files)
    assert codes(answer) == [wanted]
    assert all(r["text"] != r["code"] for r in answer["rejected"])


def test_a_circle_in_the_tree_is_shown_and_what_hangs_on_it_falls_too(store: Store) -> None:
    text = "code,name,level,parent\na,a,station,b\nb,b,station,a\nc,c,office,a\nd,d,office,\n"
    answer = run(store, {"units.csv": text})
    assert codes(answer) == [
        ("units", 2, "parent", "FM-I030"),
        ("units", 3, "parent", "FM-I030"),
        ("units", 4, "parent", "FM-I029"),
    ]
    assert "a > b > a" in answer["rejected"][0]["text"]
    assert [u.code for u in stored(store).units] == ["d"]


def test_a_circle_through_the_store_is_seen(store: Store) -> None:
    run(store, FILES)
    answer = run(store, {"units.csv": "code,name,level,parent\nS-1,派出所,station,O-1\n"})
    assert codes(answer) == [("units", 2, "parent", "FM-I030")]


ROSTER = "code,name\nann,\nben,\ncai,\n"
LEAVES = "person,since,until,substitute\n"


def away(store: Store, rows: str, head: str = LEAVES) -> dict[str, Any]:
    return run(store, {"persons.csv": ROSTER, "absences.csv": head + rows})


def test_a_circle_of_substitutes_is_refused_at_the_row_that_closes_it(store: Store) -> None:
    answer = away(
        store,
        "ann,2026-12-01,2026-12-10,ben\nben,2026-12-05,2026-12-20,cai\ncai,2026-12-10,2026-12-12,ann\n",
    )
    assert codes(answer) == [("absences", 4, "substitute", "FM-R570")]
    assert answer["rejected"][0]["text"] == (
        "absences, row 4, substitute: nobody would stand in for cai in the end: cai > ann > ben > cai. "
        "Name somebody who is there on these days, or leave the cell empty."
    )
    assert [a.person for a in stored(store).absences] == ["ann", "ben"]


def test_who_stands_in_for_himself_is_no_substitute(store: Store) -> None:
    answer = away(store, "ann,2026-12-01,,ann\n")
    assert codes(answer) == [("absences", 2, "substitute", "FM-R570")]
    assert "ann > ann" in answer["rejected"][0]["text"]


def test_leaves_that_share_no_day_are_no_circle(store: Store) -> None:
    """All three never are away at once: 10 December is the last day of the first, 11 the first of the third."""
    answer = away(
        store,
        "ann,2026-12-01,2026-12-10,ben\nben,2026-12-05,2026-12-20,cai\ncai,2026-12-11,2026-12-12,ann\n",
    )
    assert answer["rejected"] == []
    assert len(stored(store).absences) == 3


def test_a_circle_through_a_stored_leave_is_seen(store: Store) -> None:
    away(store, "ann,2026-12-01,,ben\n")
    answer = away(store, "ben,2026-12-31,,ann\n")
    assert codes(answer) == [("absences", 2, "substitute", "FM-R570")]


def test_a_leave_that_the_file_changes_counts_as_changed(store: Store) -> None:
    """Ann's leave ends before Ben's begins, in the same file; without the column `until` it would not."""
    away(store, "ann,2026-12-01,,ben\n")
    changed = away(store, "ann,2026-12-01,2026-12-30,ben\nben,2026-12-31,,ann\n")
    assert changed["rejected"] == []
    kept = away(store, "ann,2026-12-01,cai\ncai,2026-12-30,ann\n", head="person,since,substitute\n")
    assert codes(kept) == [("absences", 3, "substitute", "FM-R570")]


def test_unknown_columns_and_sheets_are_named_not_swallowed(store: Store) -> None:
    answer = run(store, {"units.csv": "code,name,level,untill\nS-1,a,station,\n", "cats.csv": "x\n1\n"})
    assert [n["code"] for n in answer["notes"]] == ["FM-I023", "FM-I022"]
    assert "until" in answer["notes"][0]["text"]


@pytest.mark.parametrize("name", ["org.docx", "org.xlsx", "org.yaml"])
def test_what_is_no_table_is_refused_whole(store: Store, name: str) -> None:
    with pytest.raises(Unsound) as caught:
        run(store, {name: b"- [not: an organisation"})
    assert caught.value.code == "FM-I020"


def test_the_template_has_every_sheet_as_text_and_is_explained() -> None:
    content = template("xlsx")["organisation.xlsx"]
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == [
        "places",
        "units",
        "areas",
        "persons",
        "appointments",
        "absences",
        "duty",
        "relations",
        "about",
    ]
    assert book["places"].column_dimensions["A"].number_format == "@"
    assert any("code 代码" in str(cell.value) for row in book["about"] for cell in row)


def test_an_empty_template_imports_as_nothing(store: Store) -> None:
    for form in ("xlsx", "csv", "yaml"):
        answer = run(store, template(form))
        assert answer["rejected"] == []
        assert stored(store) == org.Organisation()


def test_a_whole_organisation_put_directly_is_the_same_as_imported(store: Store) -> None:
    store.write(lambda unit: put_organisation(unit, COUNTY, at=CALLER.at))
    answer = run(store, to_files(COUNTY, "xlsx"))
    assert sum(s["same"] for s in answer["sheets"]) == sum(s["rows"] for s in answer["sheets"])
    assert replace(stored(store), note=COUNTY.note).unit == COUNTY.unit


LED = FILES | {
    "persons.csv": PERSONS + "chf-01,,,,\n",
    "appointments.csv": "person,role,unit\nchf-01,head,S-1\naux-01,auxiliary,O-1\n",
}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"org.yaml": "persons: 5\n"}, "FM-I031"),
        ({"org.yaml": "人员: five\n"}, "FM-I031"),
        ({"persons.csv": "code,name\noff-01,\n"}, "FM-I032"),
        ({"appointments.csv": "person,role,unit\n"}, "FM-I032"),
        ({"org.yaml": "appointments:\n"}, "FM-I032"),
        ({"appointments.csv": "person,role,unit\nchf-01,head,S-1\naux-1,auxiliary,O-1\n"}, "FM-I033"),
        ({"appointments.csv": "person,role,unit\naux-01,auxiliary,O-1\n"}, "FM-I034"),
    ],
)
def test_replacing_never_ends_what_nobody_meant_to_end(
    store: Store, files: dict[str, str], code: str
) -> None:
    run(store, LED)
    before = stored(store).appointments
    with pytest.raises(Unsound) as caught:
        run(store, files, replace=True)
    assert caught.value.code == code
    assert stored(store).appointments == before


def test_what_a_replacement_ended_is_counted(store: Store) -> None:
    run(store, LED)
    answer = run(store, {"appointments.csv": "person,role,unit\nchf-01,head,S-1\n"}, replace=True)
    assert next(s for s in answer["sheets"] if s["sheet"] == "appointments")["ended"] == 3


def test_when_nobody_can_run_the_house_who_holds_the_file_can_and_a_token_cannot(store: Store) -> None:
    ended = {"appointments.csv": "person,role,unit,until\nchf-01,head,S-1,2026-11-22\n"}
    run(store, LED | ended)
    more = {"persons.csv": b"code\naux-02\n"}
    over_http = replace(CALLER, identity="token")
    with pytest.raises(Refused) as caught:
        store.write(lambda unit: import_organisation(unit, over_http, files=more))
    assert caught.value.code == "FM-R108"
    assert counts(run(store, more), "persons") == (1, 0, 0, 0)
