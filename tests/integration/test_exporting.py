"""Files of events for others: read back by programs that are not ours, counted against lists and histories."""

import csv
import json
import sqlite3
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.analytics.export import form as forms
from engine.analytics.export.table import CsvWriter
from engine.definitions.load import loads
from engine.domain.errors import UsageError
from engine.domain.period import between
from engine.exporting import export
from engine.persistence.store import Store
from engine.service import acting, appointment, correcting, definition, filing, link, query, seat
from tests.support.mining import mined
from tests.support.town import Town
from workflows.shipped import files_of

CLEAR = dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
) | {"prior_reports": 0}
WORDS = ("Asha", "Bram", "behind the third well", "aunt Brim", "a wall between them")
ENDINGS = ("csv", "parquet", "xes", "json", "sqlite")


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nothing stands yet."""
    made = tmp_path / "out"
    made.mkdir()
    return made


def dispute(town: Town, **given: Any) -> str:
    parties = [
        {"role": "claimant", "name": "Asha", "address": "behind the third well"},
        {"role": "respondent", "name": "Bram"},
    ]
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="230199000201", what="a wall between them",
        reporter={"name": "aunt Brim"}, parties=parties, **given,
    )  # fmt: skip
    return str(filed["ref"])


def screen(town: Town, ref: str) -> None:
    given = {"set": {"risk": "yellow", "category": "neigh"}, "records": {"screening_form": [CLEAR]}}
    town.do(acting.do_act, "dsp-01", ref=ref, act="screen", **given)


def work(town: Town) -> list[str]:
    """Three disputes and a request: one is screened, asked, given to somebody; one is screened and that taken back; one
    is as it was filed, linked to the first."""
    first = dispute(town)
    town.pass_(minutes=20)
    screen(town, first)
    town.pass_(hours=2)
    town.do(acting.do_act, "dsp-01", ref=first, act="ask_consent")
    town.do(seat.assign, "dsp-01", ref=first, person="aux-07")
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "dsp-01", ref=first, kind="consent", items=yes, done_by="aux-07")
    second = dispute(town)
    screen(town, second)
    town.pass_(hours=1)
    town.do(correcting.correct, "dsp-01", ref=second, seq=2, reason="the wrong case", take_back=True)
    third = dispute(town)
    town.do(link.link, "dsp-01", ref=third, other=first, kind="not_the_same_as")
    lamp = {"case_type": "service_request", "place": "230199000202", "what": "a lamp that does not burn"}
    return [first, second, third, str(town.do(filing.file_case, "dsp-02", **lamp)["ref"])]


def written(town: Town, folder: Path, ending: str = "csv", *, by: str = "dsp-01", **given: Any) -> Any:
    return export(town.engine, town.as_(by), file=folder / f"events.{ending}", force=True, **given)


def rows(town: Town, folder: Path, **given: Any) -> list[dict[str, str]]:
    answer = written(town, folder, **given)
    with Path(answer["file"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def histories(town: Town, refs: list[str], by: str = "dsp-01") -> list[list[str]]:
    """[event, when it occurred] of everything that the histories tell."""
    return sorted(
        [f"{ref}:{event['seq']}", event["occurred_at"]]
        for ref in refs
        for event in town.ask(query.history, by, ref=ref)["items"]
    )


# ---- read back by others --------------------------------------------------------------------------


def test_others_read_what_the_histories_tell(town: Town, folder: Path) -> None:
    refs = work(town)
    told = histories(town, refs)
    answers = [written(town, folder, ending, as_written=True) for ending in ENDINGS]
    for answer, found in zip(answers, mined(*(Path(a["file"]) for a in answers)), strict=True):
        assert (found["cases"], found["events"]) == (4, len(told)) == (answer["cases"], answer["events"])
        assert found["instants"] == told
        if answer["objects"] is not None:
            assert found["objects"] == answer["objects"]
            assert found["of_events"] + found["of_objects"] == answer["relations"]
            kinds = {kind: found["types"][kind] for kind in ("case", "party", "consent", "screening_form")}
            assert kinds == {"case": 4, "party": 6, "consent": 2, "screening_form": 2}
            assert found["types"]["officer"] == 3, "dsp-01, dsp-02, aux-07"


def test_both_spellings_of_ocel_say_the_same(town: Town, folder: Path) -> None:
    refs = work(town)
    as_json = json.loads(Path(written(town, folder, "json")["file"]).read_bytes())
    base = sqlite3.connect(written(town, folder, "sqlite")["file"])
    objects = {one["id"]: one for one in as_json["objects"]}
    assert dict(base.execute("SELECT ocel_id, ocel_type FROM object")) == {
        i: o["type"] for i, o in objects.items()
    }
    of_events = {
        (e["id"], r["objectId"], r["qualifier"]) for e in as_json["events"] for r in e["relationships"]
    }
    assert set(base.execute("SELECT * FROM event_object")) == of_events
    of_objects = {
        (o["id"], r["objectId"], r["qualifier"]) for o in objects.values() for r in o["relationships"]
    }
    assert set(base.execute("SELECT * FROM object_object")) == of_objects
    base.execute("PRAGMA foreign_keys = ON")
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    base.close()
    first, _, third, _ = refs
    assert (third, first, "not_the_same_as") in of_objects
    assert (first, f"{first}/P1", "claimant") in of_objects
    assert (first, "aux-07", "handler") in of_objects
    assert (f"{first}/consent-2", f"{first}/P2", "party") in of_objects
    yes = next(e for e in as_json["events"] if e["type"] == "Record: Consent")
    assert {(r["objectId"], r["qualifier"]) for r in yes["relationships"]} == {
        (first, "case"), ("aux-07", "by"), ("dsp-01", "entered_by"), (f"{first}/consent-1", "record"),
        (f"{first}/consent-2", "record"), (f"{first}/P1", "party"), (f"{first}/P2", "party"),
    }  # fmt: skip


def test_ocel_names_every_type_and_attribute_that_it_uses(town: Town, folder: Path) -> None:
    work(town)
    log = json.loads(Path(written(town, folder, "json")["file"]).read_bytes())
    for things, kinds in (("events", "eventTypes"), ("objects", "objectTypes")):
        known = {kind["name"]: {a["name"] for a in kind["attributes"]} for kind in log[kinds]}
        assert len(known) == len(log[kinds])
        assert known.keys() == {one["type"] for one in log[things]}
        assert all({a["name"] for a in one["attributes"]} <= known[one["type"]] for one in log[things])
        assert len({one["id"] for one in log[things]}) == len(log[things])


def test_a_link_to_a_case_that_is_not_in_the_file_is_left_out(town: Town, folder: Path) -> None:
    _, _, third, _ = work(town)
    answer = written(town, folder, "json", filter={"refs": [third]})
    log = json.loads(Path(answer["file"]).read_bytes())
    known = {one["id"] for one in log["objects"]}
    assert {r["objectId"] for one in log["objects"] for r in one["relationships"]} <= known
    assert answer["cases"] == 1


# ---- which cases, which events ---------------------------------------------------------------------


def test_the_list_the_count_and_the_file_agree(town: Town, folder: Path) -> None:
    work(town)
    for wanted in (
        {}, {"type": "dispute_mediation"}, {"phase": "intake"}, {"state": "Reported"}, {"risk": "yellow"},
        {"holder": "aux-07"}, {"unassigned": True}, {"unit": "S-012"}, {"place": "230199000202"}, {"q": "lamp"},
        {"open": True, "type": "service_request"}, {"late": True}, {"refs": ["1", "4"]},
    ):  # fmt: skip
        listed = town.ask(query.list_cases, "dsp-01", filter=wanted, limit=1)
        answer = written(town, folder, filter=wanted)
        assert answer["cases"] == listed["count"], wanted
        whole = town.ask(query.list_cases, "dsp-01", filter=wanted, limit=None)["items"]
        found = rows(town, folder, filter=wanted)
        assert {row["case_id"] for row in found} == {item["ref"] for item in whole}, wanted
        assert len(found) == answer["events"]


def test_an_unknown_filter_is_refused_as_in_lists(town: Town, folder: Path) -> None:
    with pytest.raises(UsageError) as told:
        written(town, folder, filter={"colour": "blue"})
    assert told.value.code == "FM-U219"
    assert list(folder.iterdir()) == []


def test_only_what_happened_in_the_time(town: Town, folder: Path) -> None:
    first, *_ = work(town)
    town.pass_(days=3)
    town.do(acting.note, "aux-07", ref=first, text="it rains")
    found = rows(town, folder, happened=between("2026-11-26..", zone="Asia/Shanghai"))
    assert [(row["case_id"], row["act"]) for row in found if row["kind"] == "act"] == [(first, "note")]
    assert {row["case_id"] for row in found} == {first}
    assert min(row["occurred_at"] for row in found) >= "2026-11-25T16:00:00Z"
    log = json.loads(
        Path(
            written(town, folder, "json", happened=between("2026-11-26", zone="Asia/Shanghai"))["file"]
        ).read_bytes()
    )
    assert {one["type"] for one in log["objects"]} == {"case", "officer"}, "only what these events are about"


def test_a_row_says_who_when_from_where_and_who_is_waited_for(town: Town, folder: Path) -> None:
    first, *_ = work(town)
    found = {row["seq"]: row for row in rows(town, folder, filter={"refs": [first]})}
    asked = found["3"]
    assert asked["act"] == "ask_consent"
    assert asked["activity"] == "Ask for consent"
    assert (asked["occurred_at"], asked["recorded_at"]) == ("2026-11-23T02:20:00Z", "2026-11-23T02:20:00Z")
    assert (asked["resource"], asked["role"], asked["resource_unit"]) == ("dsp-01", "dispatcher", "S-012")
    assert (asked["from_state"], asked["to_state"]) == ("screening", "awaiting_consent")
    assert (asked["phase"], asked["waits_for"], asked["outcome"]) == ("waiting", "party handler", "")
    assert (asked["case_type"], asked["place"], asked["unit"]) == (
        "dispute_mediation",
        "230199000201",
        "S-012",
    )
    assert (asked["definition_version"], len(asked["definition"])) == ("2026.1", 64)
    assert (asked["kind"], asked["lifecycle"], asked["taken_back"]) == ("act", "complete", "false")
    yes = found["5"]
    assert (yes["resource"], yes["role"], yes["entered_by"]) == ("aux-07", "handler", "dsp-01")
    assert (found["6"]["kind"], found["6"]["resource"]) == ("follow", "system")


def test_acts_are_told_in_the_language_that_is_asked(town: Town, folder: Path) -> None:
    first, *_ = work(town)
    caller = town.engine.caller(person="dsp-01", lang="zh")
    answer = export(town.engine, caller, file=folder / "zh.csv", filter={"refs": [first]})
    told = town.engine.read(query.history, caller, ref=first)["items"]
    with Path(answer["file"]).open(encoding="utf-8", newline="") as file:
        found = [row["activity"] for row in csv.DictReader(file)]
    assert found == [event["title"] for event in told]
    assert not found[0].isascii()


# ---- believed, written, known ----------------------------------------------------------------------


def test_what_was_taken_back_is_told_only_as_written(town: Town, folder: Path) -> None:
    _, second, *_ = work(town)
    acts = [(r["act"], r["taken_back"]) for r in rows(town, folder, filter={"refs": [second]})]
    assert acts == [("file", "false"), ("taken_back", "false")]
    acts = [
        (r["act"], r["taken_back"]) for r in rows(town, folder, filter={"refs": [second]}, as_written=True)
    ]
    assert acts == [("file", "false"), ("screen", "true"), ("taken_back", "false")]
    log = json.loads(Path(written(town, folder, "json", filter={"refs": [second]})["file"]).read_bytes())
    assert "screening_form" not in {one["type"] for one in log["objects"]}


def test_an_act_that_was_moved_stands_at_both_times(town: Town, folder: Path) -> None:
    ref = dispute(town)
    town.pass_(hours=6)
    screen(town, ref)
    really = town.now - timedelta(hours=3)
    town.pass_(hours=1)
    town.do(correcting.correct, "dsp-01", ref=ref, seq=2, at=really, reason="the clock was wrong")
    for as_written, occurred in ((False, "2026-11-23T03:00:00Z"), (True, "2026-11-23T06:00:00Z")):
        (found,) = [r for r in rows(town, folder, as_written=as_written) if r["act"] == "screen"]
        assert (found["occurred_at"], found["recorded_at"]) == (occurred, "2026-11-23T06:00:00Z")


def test_a_past_moment_gives_the_same_bytes_after_later_work(town: Town, folder: Path) -> None:
    refs = work(town)
    moment, endings = town.now, ("csv", "xes", "json")
    before = {ending: Path(written(town, folder, ending)["file"]).read_bytes() for ending in endings}
    town.pass_(days=1)
    town.do(correcting.correct, "dsp-01", ref=refs[0], seq=2, set={"category": "land"}, reason="misheard")
    screen(town, refs[2])
    last = town.ask(query.history, "dsp-01", ref=refs[2])["items"][-1]["seq"]
    town.do(correcting.correct, "dsp-01", ref=refs[2], seq=last, reason="the wrong case", take_back=True)
    dispute(town, at=moment - timedelta(hours=2))
    # said too late: he was head of the county by then
    post = {"person": "dsp-01", "role": "dispatcher", "unit_code": "county-99", "since": date(2026, 1, 1)}
    town.do(appointment.end, "adm-01", person="dsp-01", role="dispatcher", until=date(2026, 11, 1))
    town.do(appointment.appoint, "adm-01", **post)
    assert {r["resource_unit"] for r in rows(town, folder) if r["resource"] == "dsp-01"} == {"county-99"}
    for ending in endings:
        assert Path(written(town, folder, ending)["file"]).read_bytes() != before[ending]
        again = written(town, folder, ending, as_of=moment)
        assert Path(again["file"]).read_bytes() == before[ending]
        assert again["as_of"] == "2026-11-23T03:20:00Z"


def test_what_was_taken_back_later_was_believed_then(town: Town, folder: Path) -> None:
    _, second, *_ = work(town)
    moment = town.now - timedelta(minutes=30)
    acts = [r["act"] for r in rows(town, folder, filter={"refs": [second]}, as_of=moment)]
    assert acts == ["file", "screen"]


def test_a_filter_of_a_past_moment_selects_what_the_list_showed_then(town: Town, folder: Path) -> None:
    refs = work(town)
    moment = town.now
    then = {}
    for n, wanted in enumerate(PAST):
        then[n] = {i["ref"] for i in town.ask(query.list_cases, "dsp-01", filter=wanted, limit=None)["items"]}
    town.pass_(days=2)
    screen(town, refs[1])
    screen(town, refs[2])
    town.do(acting.do_act, "dsp-01", ref=refs[1], act="ask_consent")
    town.do(seat.assign, "dsp-01", ref=refs[1], person="aux-07")
    for n, wanted in enumerate(PAST):
        found = rows(town, folder, filter=wanted, as_of=moment)
        assert {row["case_id"] for row in found} == then[n], wanted
    assert then[0] != {i["ref"] for i in town.ask(query.list_cases, "dsp-01", filter=PAST[0])["items"]}


PAST: list[dict[str, Any]] = [
    {"state": "reported"}, {"phase": "intake"}, {"risk": "yellow"}, {"unassigned": True}, {"holder": "aux-07"},
    {"open": True}, {"unit": "S-012"}, {"type": "service_request"}, {"q": "lamp"}, {"late": True},
    {"due": "2026-11-24T00:00:00+00:00"}, {"filed_from": "2026-11-23T01:00:00+00:00"},
    {"filed_until": "2026-11-23T01:00:00+00:00"}, {"closed_from": "2026-11-01T00:00:00+00:00"},
    {"place": "230199000202"}, {"unit": "S-012", "state": "reported"},
]  # fmt: skip


@pytest.mark.parametrize("wanted", [{"served_by": "S-012"}, {"holder_away": True}])
def test_what_only_today_can_answer_is_not_asked_of_the_past(
    town: Town, folder: Path, wanted: dict[str, Any]
) -> None:
    work(town)
    with pytest.raises(UsageError) as told:
        written(town, folder, filter=wanted, as_of=town.now - timedelta(hours=1))
    assert told.value.code == "FM-U374"


# ---- what leaves the house ---------------------------------------------------------------------------


def test_neither_names_nor_what_was_told_are_in_a_file(town: Town, folder: Path) -> None:
    first, *_ = work(town)
    town.do(acting.note, "aux-07", ref=first, text="Asha lives behind the third well")
    for ending in ENDINGS:
        content = Path(written(town, folder, ending, as_written=True)["file"]).read_bytes()
        assert b"26-00001" in content
        assert [word for word in WORDS if word.encode() in content] == []


@pytest.mark.parametrize("as_of", [None, timedelta(0)])
def test_a_hidden_case_is_in_nobodys_file_from_whom_it_is_hidden(
    town: Town, folder: Path, as_of: timedelta | None
) -> None:
    clue = {"case_type": "crime_clue", "place": "示例一村", "what": "an officer takes money"}
    about = {"kind": "officer", "accused_officer": "off-05"}
    ref = str(town.do(filing.file_case, "aux-07", **clue, set=about)["ref"])
    moment = None if as_of is None else town.now
    town.pass_(hours=1)
    for who, cases in (("off-05", 0), ("dsp-01", 0), ("cnt-01", 1)):
        answer = written(town, folder, "json", by=who, as_of=moment)
        assert answer["cases"] == cases
        assert (ref in Path(answer["file"]).read_text("utf-8")) is bool(cases)


def test_who_is_covered_as_a_party_or_reporter_is_not_named_by_what_he_did_as_such(
    town: Town, folder: Path
) -> None:
    told = {"case_type": "crime_clue", "place": "示例一村", "what": "stolen pumps", "set": {"kind": "theft"}}
    parties = [{"role": "tipster", "name": "Wu", "person": "aux-08"}]
    ref = str(
        town.do(filing.file_case, "aux-07", **told, reporter={"person": "aux-07"}, parties=parties)["ref"]
    )
    town.do(acting.do_act, "off-05", ref=ref, act="take_in", seats={"handler": ["off-05"]},
            records={"informant": [{"name": "Wu", "contact": "at the mill"}]})  # fmt: skip
    town.do(acting.note, "aux-07", ref=ref, text="more pumps are gone")
    for by, named in (("off-06", False), ("off-05", True)):
        for ending in ("csv", "xes", "json"):
            content = Path(written(town, folder, ending, by=by)["file"]).read_text("utf-8")
            assert ("aux-07" in content) is named
            assert "off-05" in content
    [first, *_] = rows(town, folder, by="off-06")
    assert (first["resource"], first["role"], first["resource_unit"]) == ("", "reporter", "")


SEALING = """transitions:
  - trigger: shut_calls
    title: Seal the calls
    source: triaged
    allow: [dispatcher]
    effects:
      - seal: three_way_call
  - trigger: shut_file
    title: Seal the file
    source: triaged
    allow: [dispatcher]
    effects:
      - seal: case
"""


def test_what_is_sealed_for_somebody_is_no_object_of_his_file(town: Town, folder: Path) -> None:
    text = files_of("service_request")["workflow.yaml"].replace("\ntransitions:\n", "\n" + SEALING, 1)
    town.do(definition.activate, "adm-01", loaded=loads(text.replace('"2026.1"', '"2026.9"')))
    lamp = {"case_type": "service_request", "place": "230199000201", "what": "a lamp is broken"}
    ref = str(
        town.do(filing.file_case, "dsp-01", **lamp, parties=[{"role": "requester", "name": "Asha"}])["ref"]
    )
    said = {"danger": False, "scope": "unclear", "frail": "none"}
    town.do(acting.do_act, "dsp-01", ref=ref, act="triage", set=said)
    called = {"three_way_call": [{"with_whom": "agency", "agreed": "tomorrow"}]}
    town.do(acting.do_act, "dsp-01", ref=ref, act="add_three_way_call", records=called)

    def objects(by: str) -> set[str]:
        log = json.loads(Path(written(town, folder, "json", by=by)["file"]).read_bytes())
        return {one["id"].partition("/")[2] for one in log["objects"] if one["id"].startswith(ref)}

    whole = {"", "P1", "three_way_call-1"}
    assert objects("off-06") == whole
    town.do(acting.do_act, "dsp-01", ref=ref, act="shut_calls")
    assert (objects("off-06"), objects("chf-01")) == ({"", "P1"}, whole)
    town.do(acting.do_act, "dsp-01", ref=ref, act="shut_file")
    assert (objects("off-06"), objects("chf-01")) == ({""}, whole)


# ---- whole or not at all -----------------------------------------------------------------------------


def test_a_file_that_is_there_is_replaced_only_by_force(town: Town, folder: Path) -> None:
    work(town)
    for ending in ENDINGS:
        file = folder / f"events.{ending}"
        file.write_text("mine")
        with pytest.raises(UsageError) as told:
            export(town.engine, town.as_("dsp-01"), file=file)
        assert (told.value.code, file.read_text()) == ("FM-U377", "mine")
        assert export(town.engine, town.as_("dsp-01"), file=file, force=True)["cases"] == 4
        assert [one.name for one in folder.iterdir()] == [file.name]
        file.unlink()


class _Breaking(CsvWriter):
    def finish(self) -> None:
        raise OSError(28, "No space left on device")


def test_what_fails_in_the_middle_leaves_the_old_file_and_nothing_beside_it(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(town)
    file = folder / "events.csv"
    file.write_text("mine")
    broken = forms.Form("csv", "text/csv", _Breaking)
    monkeypatch.setitem(forms.FORMS, "csv", broken)
    with pytest.raises(UsageError) as told:
        export(town.engine, town.as_("dsp-01"), file=file, force=True)
    assert told.value.code == "FM-U378"
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("events.csv", "mine")]


def test_where_nothing_can_be_written_it_is_told(town: Town, folder: Path) -> None:
    for name, code in (
        ("events.txt", "FM-U376"), ("events", "FM-U376"), ("no/e.csv", "FM-U378"), ("no/e.sqlite", "FM-U378"),
        ("no/e.parquet", "FM-U378"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as told:
            export(town.engine, town.as_("dsp-01"), file=folder / name)
        assert told.value.code == code
        assert list(folder.iterdir()) == []


def test_without_its_library_parquet_is_refused(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError) as told:
        written(town, folder, "parquet")
    assert told.value.code == "FM-U375"
    assert list(folder.iterdir()) == []


def test_of_no_cases_every_form_is_a_whole_file(town: Town, folder: Path) -> None:
    answers = [written(town, folder, ending) for ending in ENDINGS]
    assert {(a["cases"], a["events"]) for a in answers} == {(0, 0)}
    assert json.loads((folder / "events.json").read_bytes())["events"] == []
    assert (folder / "events.xes").read_text("utf-8").endswith("</log>\n")


def test_progress_is_told_case_by_case(town: Town, folder: Path) -> None:
    work(town)
    totals: list[int] = []
    counted: list[int] = []

    def begun(total: int) -> Any:
        totals.append(total)
        return counted.append

    written(town, folder, begun=begun)
    assert (totals, counted) == ([4], [1, 2, 3, 4])
