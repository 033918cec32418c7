"""Logs of events: rows with the same key are one case, its times the first or last of its rows; and others' figures."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
import yaml

from engine.analytics.compliance import compliance
from engine.analytics.durations import durations
from engine.definitions.load import loads
from engine.domain.errors import Unsound
from engine.machine.fold import fold
from engine.persistence.case_store import find_case, history
from engine.persistence.store import Store
from engine.service import definition, importing, query, worker
from tests.support.receipt import FIRST_TO_LAST, FOLDER, START_TO_END, bring, log, rows
from tests.support.sown import grown
from tests.support.town import Town

DAY = 86_400
HEAD = "case,what,time,act\n"
MAP = {
    "source": "small",
    "case_type": "service_request",
    "rows": "events",
    "at": "time",
    "key": "case",
    "zone": "Asia/Shanghai",
    "dates": ["%Y-%m-%d %H:%M"],
    "filed": {"column": "time", "take": "first"},
    "closed": {"column": "time", "take": "last", "where": {"act": "end"}},
    "what": {"column": "what"},
    "place": {"value": "-", "unknown": "keep"},
    "status": {"value": "open", "values": {"open": "received"}, "outcomes": {"else": "done"}},
}
SMALL = yaml.safe_dump(MAP)
A = "a,lamp,2025-01-02 09:00,begin\na,lamp,2025-01-03 09:00,work\na,lamp,2025-01-05 09:00,end\n"
B = "b,road,2025-01-02 10:00,begin\nb,road,2025-01-04 10:00,work\n"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, people=False)


def small(town: Town, body: str, text: str = SMALL) -> tuple[dict[str, object], list[tuple[int, str, str]]]:
    report, rejects = bring(town, (HEAD + body).encode(), text)
    return report, [(r.row, r.code, r.column) for case in rejects for r in case.each()]


class TestRows:
    def test_rows_of_a_key_are_one_case_with_its_first_and_last_time(self, town: Town) -> None:
        report, left = small(town, A + B)
        assert [report[k] for k in ("read", "cases", "landed", "closed", "open")] == [5, 2, 2, 1, 1]
        assert (left, report["notes"]) == ([], [])
        items = {item["what"]: item for item in town.ask(query.list_cases, "adm")["items"]}
        assert items["lamp"]["filed_at"] == "2025-01-02T01:00:00Z"
        assert items["lamp"]["closed_at"] == "2025-01-05T01:00:00Z"
        assert items["road"]["closed_at"] is None

    def test_order_of_time_is_found_and_told(self, town: Town) -> None:
        lines = A.splitlines(keepends=True)
        report, left = small(town, lines[2] + lines[0] + lines[1] + B)
        assert (report["landed"], left) == (2, [])
        assert [(n["code"], n["count"]) for n in report["notes"]] == [("FM-I091", 1)]
        assert "first a in row 2" in report["notes"][0]["text"]

    def test_rows_far_apart_are_put_together_and_told(self, town: Town) -> None:
        lines = A.splitlines(keepends=True)
        report, _ = small(town, lines[0] + B + lines[1] + lines[2])
        assert (report["landed"], report["cases"]) == (2, 2)
        assert [n["code"] for n in report["notes"]] == ["FM-I092"]
        assert "first a in rows 2 and 5" in report["notes"][0]["text"]

    def test_another_order_of_the_file_is_the_same_log(self, town: Town) -> None:
        small(town, A + B)
        lines = (A + B).splitlines(keepends=True)
        report, _ = small(town, "".join(reversed(lines)))
        assert (report["landed"], report["unchanged"], report["rejected"]) == (0, 2, 0)

    def test_a_log_that_has_grown_is_told_and_the_case_stays(self, town: Town) -> None:
        small(town, A + B)
        report, left = small(town, A + B + "b,road,2025-01-09 10:00,end\n")
        assert (report["landed"], report["unchanged"], report["rejected"]) == (0, 1, 1)
        assert left == [(row, "FM-I008", "case") for row in (5, 6, 7)]
        assert town.ask(query.list_cases, "adm", filter={"open": True})["count"] == 1

    def test_values_that_disagree_leave_the_whole_case_out(self, town: Town) -> None:
        report, left = small(town, A.replace("lamp", "pole", 1) + B)
        assert (report["landed"], report["rejected"]) == (1, 1)
        assert left == [(row, "FM-I090", "what") for row in (2, 3, 4)]
        (told,) = report["reasons"]
        assert (told["text"], told["count"]) == ("rows of a case disagree about what", 1)

    def test_the_map_may_say_which_of_them_counts(self, town: Town) -> None:
        text = yaml.safe_dump(MAP | {"what": {"column": "what", "take": "last"}})
        report, _ = small(town, A.replace("lamp", "pole", 1), text)
        assert report["landed"] == 1
        assert town.ask(query.list_cases, "adm")["items"][0]["what"] == "lamp"

    def test_an_empty_cell_says_nothing(self, town: Town) -> None:
        report, _ = small(town, A.replace("lamp", "", 2))
        assert report["landed"] == 1
        assert town.ask(query.list_cases, "adm")["items"][0]["what"] == "lamp"

    def test_a_row_without_a_key_belongs_to_no_case(self, town: Town) -> None:
        report, left = small(town, A + ",road,2025-01-02 10:00,begin\n" + B + ",road,2025-01-02 10:00,work\n")
        assert [report[k] for k in ("cases", "landed", "rejected")] == [4, 2, 2]
        assert left == [(5, "FM-I093", "case"), (8, "FM-I093", "case")]

    def test_one_row_that_does_not_hold_leaves_out_its_case_alone(self, town: Town) -> None:
        report, left = small(town, A.replace("2025-01-03 09:00", "soon") + B)
        assert (report["landed"], report["rejected"]) == (1, 1)
        assert left == [(row, "FM-I017", "time") for row in (2, 3, 4)]

    def test_a_run_that_broke_off_left_whole_cases_and_is_repeated(self, town: Town) -> None:
        lines = A.splitlines(keepends=True)
        content = (HEAD + lines[0] + B + lines[1] + lines[2]).encode()
        mapping, register = importing.read_mapping(SMALL), importing.read_register("log.csv", content)
        given = {"mapping": mapping, "register": register}
        batch = town.do(importing.open_batch, "adm", name="map", mapping=mapping, header=register.header)[
            "batch"
        ]
        first, _ = importing.cases_in(register, mapping)
        assert town.do(importing.land, "adm", batch=batch, cases=[first], **given).closed == 1
        report, _ = bring(town, content, SMALL)
        assert (report["landed"], report["unchanged"]) == (1, 1)
        assert {i["what"]: i["closed_at"] for i in town.ask(query.list_cases, "adm")["items"]} == {
            "lamp": "2025-01-05T01:00:00Z",
            "road": None,
        }

    def test_each_row_left_out_names_the_row_that_is_at_fault(self, town: Town) -> None:
        _, rejects = bring(town, (HEAD + A.replace("2025-01-03 09:00", "soon")).encode(), SMALL)
        told = {row.text("en").split(":")[0] for case in rejects for row in case.each()}
        assert told == {"row 3"}
        batch = town.ask(importing.list_batches, "adm")["items"][0]["batch"]
        kept = town.ask(importing.list_rejects, "adm", batch=batch)
        assert [item["row"] for item in kept["items"]] == [2, 3, 4]
        assert {item["text"].split(":")[0] for item in kept["items"]} == {"row 3"}
        file = importing.rejects_csv(("case", "time"), rejects, "en")
        found = list(csv.DictReader(io.StringIO(file)))
        assert [(row["row"], row["time"]) for row in found] == [
            ("2", "2025-01-02 09:00"), ("3", "soon"), ("4", "2025-01-05 09:00"),
        ]  # fmt: skip


class TestMaps:
    def test_take_is_for_logs(self) -> None:
        with pytest.raises(Unsound) as wrong:
            importing.read_mapping(yaml.safe_dump(MAP | {"rows": "cases"}))
        assert "rows: events" in wrong.value.first.params["problem"]

    def test_columns_of_takes_and_conditions_have_to_exist(self, town: Town) -> None:
        closed = {"column": "end_time", "take": "last", "where": {"activity": "end"}}
        with pytest.raises(Unsound) as wrong:
            small(town, A, yaml.safe_dump(MAP | {"closed": closed}))
        assert {r.params["name"] for r in wrong.value.reasons} == {"end_time", "activity"}

    def test_a_register_whose_keys_repeat_is_told_of_logs(self, town: Town) -> None:
        text = {k: v for k, v in MAP.items() if k not in ("rows", "at")} | {"filed": "time", "closed": "none"}
        content = (
            HEAD.replace("act", "none") + "a,lamp,2025-01-02 09:00,\na,lamp,2025-01-03 09:00,\n"
        ).encode()
        _, rejects = bring(town, content, yaml.safe_dump(text))
        assert [(r.row, r.code) for r in rejects] == [(3, "FM-I007")]
        assert "rows: events" in rejects[0].text("en")

    def test_a_sketch_knows_a_log_of_events(self) -> None:
        made = yaml.safe_load(importing.sketch(importing.read_register("receipt.csv", log())))
        assert (made["rows"], made["at"], made["key"]) == ("events", "time:timestamp", "case:concept:name")
        assert (made["filed"], made["closed"]) == ("case:startdate", "case:enddate")

    def test_a_log_without_dates_of_the_case_is_sketched_from_first_to_last(self) -> None:
        made = yaml.safe_load(importing.sketch(importing.read_register("log.csv", (HEAD + A + B).encode())))
        assert (made["rows"], made["key"]) == ("events", "case")
        assert made["filed"] == {"column": "time", "take": "first"}
        assert made["closed"] == {"column": "time", "take": "last"}


def _lasted() -> tuple[list[int], list[int]]:
    """Seconds from start to end of those that ended, and from first to last event of all, from the file alone."""
    cases: dict[str, list[dict[str, str]]] = {}
    for row in rows():
        cases.setdefault(row["case:concept:name"], []).append(row)

    def second(text: str) -> int:
        return int(datetime.fromisoformat(text).timestamp())

    ended = [
        second(one[0]["case:enddate"]) - second(one[0]["case:startdate"])
        for one in cases.values()
        if one[0]["case:enddate"]
    ]
    events = [[second(row["time:timestamp"]) for row in one] for one in cases.values()]
    return sorted(s for s in ended if s >= 0), sorted(max(one) - min(one) for one in events)


_TOLD: dict[
    str, tuple[dict[str, Any], list[Any]]
] = {}  # by dialect: the report of the log, and what was left out


@pytest.fixture
def received(store: Store) -> Town:
    """With the whole log in it, from start to end."""
    return grown(store, "the receipt", _receive, lambda there: Town(there, people=False, seeded=True))


def _receive(store: Store) -> Town:
    town = Town(store, people=False)
    _TOLD[store.dialect] = bring(town, log(), START_TO_END)
    return town


class TestReceipt:
    """The figures that are known of the log."""

    def test_from_start_to_end(self, received: Town) -> None:
        town, (report, rejects) = received, _TOLD[received.engine.store.dialect]
        assert [report[k] for k in ("read", "cases", "landed", "closed", "open")] == [
            8577,
            1434,
            1432,
            1327,
            105,
        ]
        assert sorted(r.cells["case:concept:name"] for r in rejects) == ["case-10862", "case-8267"]
        assert report["reasons"] == [{"code": "FM-I004", "text": "closed before opened", "count": 2}]
        answer = town.ask(durations, "adm", clock="final_resolution", zone="Europe/Amsterdam")
        (group,) = answer["groups"]
        assert (answer["n"], answer["n_open"], answer["n_reached"]) == (1432, 105, 1327)
        lasted, _ = _lasted()
        assert len(lasted) == 1327
        assert group["closed"]["p50_s"] == lasted[663] == 4_375_496  # an odd number: the one in the middle
        assert round(group["closed"]["p50_s"] / DAY, 1) == 50.6
        # the open ones have waited longer than any that ended: half of 1,432 is the 716th
        assert group["km"]["p50_s"] == lasted[715] == 4_602_695
        contact = town.ask(durations, "adm", clock="to_first_contact", zone="Europe/Amsterdam")
        sent = {r["case:concept:name"] for r in rows() if r["concept:name"].startswith("T05")}
        gone = {"case-10862", "case-8267"}
        assert contact["n_reached"] == len(sent - gone)

    def test_from_the_first_event_to_the_last(self, town: Town) -> None:
        report, _ = bring(town, log(), FIRST_TO_LAST)
        assert [report[k] for k in ("cases", "landed", "closed", "open", "rejected")] == [
            1434,
            1434,
            1434,
            0,
            0,
        ]
        (group,) = town.ask(durations, "adm", clock="final_resolution")["groups"]
        _, lasted = _lasted()
        middle = Fraction(lasted[716] + lasted[717], 2)
        assert abs(group["closed"]["p50_s"] - middle) <= Fraction(1, 2)
        assert round(group["closed"]["p50_s"] / DAY, 3) == 0.033
        assert group["km"]["p50_s"] == lasted[716]

    def test_shuffled_and_sent_again_it_is_the_same(self, received: Town) -> None:
        head, *lines = log().decode().splitlines(keepends=True)
        random.Random(6).shuffle(lines)
        report, _ = bring(received, "".join([head, *lines]).encode(), START_TO_END)
        assert (report["landed"], report["unchanged"], report["rejected"]) == (0, 1432, 2)
        assert {note["code"] for note in report["notes"]} == {"FM-I091", "FM-I092"}

    def test_folding_the_history_of_a_case_gives_the_case(self, received: Town) -> None:
        asked = {"external": "receipt:case-10017"}
        ref = received.ask(query.list_cases, "adm", filter=asked)["items"][0]["ref"]

        def same(unit: object) -> bool:
            row = find_case(unit, ref)
            assert row is not None
            told = [e.event for e in history(unit, row.id)]
            assert [one["at"] for one in told] == ["2011-10-10T23:06:40Z", "2011-10-18T11:56:55Z"]
            return fold(told) == row.body

        assert received.engine.store.read(same)


REGISTER = {
    "source": "book", "case_type": "service_request", "key": "id", "zone": "UTC", "dates": ["iso"],
    "filed": "filed", "closed": "closed", "what": {"value": "lamp"}, "place": {"value": "-", "unknown": "keep"},
    "status": {"value": "open", "values": {"open": "received"}, "outcomes": {"else": "done"}},
}  # fmt: skip


def _median(lasted: list[tuple[int, bool]]) -> int:
    """Kaplan and Meier by hand: the first time at which at most half are left."""
    left = Fraction(1)
    for time in sorted({seconds for seconds, ended in lasted if ended}):
        at_risk = sum(seconds >= time for seconds, _ in lasted)
        left *= 1 - Fraction(sum(one == (time, True) for one in lasted), at_risk)
        if left <= Fraction(1, 2):
            return time
    raise AssertionError("not reached")


def test_a_hundred_cases_that_never_close_move_the_median_as_they_have_to(town: Town) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    filed = [now - timedelta(days=400, minutes=7 * n) for n in range(201)]
    closed = [(3_600 * (n * 37 % 201 + 1), True) for n in range(201)]
    waiting = [(1_800 + 5_400 * n, False) for n in range(100)]  # some shorter than most, some longer than all

    def book(begin: int, cases: list[tuple[datetime, datetime | None]]) -> bytes:
        lines = [
            f"{begin + n},{a.isoformat()},{b.isoformat() if b else ''}" for n, (a, b) in enumerate(cases)
        ]
        return "\n".join(["id,filed,closed", *lines]).encode()

    text = yaml.safe_dump(REGISTER)
    ended = [(at, at + timedelta(seconds=seconds)) for at, (seconds, _) in zip(filed, closed, strict=True)]
    bring(town, book(0, ended), text)
    (before,) = town.ask(durations, "adm", clock="final_resolution")["groups"]
    assert before["km"]["p50_s"] == before["closed"]["p50_s"] == _median(closed) == 101 * 3_600
    bring(town, book(1000, [(now - timedelta(seconds=seconds), None) for seconds, _ in waiting]), text)
    (after,) = town.ask(durations, "adm", clock="final_resolution")["groups"]
    assert (after["n"], after["n_open"], after["n_reached"]) == (301, 100, 201)
    assert after["closed"] == before["closed"]
    assert after["km"]["p50_s"] == _median(closed + waiting)
    assert after["km"]["p50_s"] > before["km"]["p50_s"]


PERMIT = (FOLDER / "permit.yaml").read_text("utf-8")
LIMITS = {
    "planned": {"column": "case:enddate_planned"},
    "deadline": {"column": "case:deadline"},
}


def test_due_dates_of_the_log_are_limits_that_judge_silently(town: Town) -> None:
    town.do(definition.activate, "adm", loaded=loads(PERMIT))
    town.now += timedelta(days=1)
    text = yaml.safe_load(START_TO_END) | {"case_type": "permit", "fields": LIMITS, "milestones": {}}
    text["status"]["outcomes"] = {"else": "decided"}
    report, _ = bring(town, log(), yaml.safe_dump(text))
    assert (report["landed"], report["overdue"]) == (1432, 105)
    (group,) = town.ask(compliance, "adm")["groups"]
    kept = {clock["clock"]: clock for clock in group["clocks"]}
    # two more ended past the last day by less than a second
    assert {name: kept[name]["n_missed"] for name in kept} == {"planned_end": 389, "last_day": 375}
    assert {name: kept[name]["n_overdue"] for name in kept} == {"planned_end": 105, "last_day": 105}
    assert town.do(worker.sweep, "system")["fired"] == 0
