"""Cases in the store: what is written is read back, a conflict writes nothing, rows mirror the body."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.domain.case import CaseState
from engine.domain.errors import Conflict, UsageError
from engine.persistence import case_store, evidence, mirror, table
from engine.persistence.case_store import CaseWrite
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample

EVERYTHING = (table.Case, table.Event, table.ClockRun, table.SeatHolder, table.Milestone, table.CaseLink)


def rows(unit: Unit, *models: type[table.Row]) -> list[Any]:
    return [
        sorted((tuple(row.values()) for row in unit.execute(select(table.columns_of(m)))), key=repr)
        for m in models
    ]


CLOCK = {
    "name": "mediation_limit", "run": 1, "kind": "limit", "start": sample.text(), "within": "30 cd", "pauses": [],
    "extensions": [], "rolls": True, "ends": "midnight", "status": "running", "due": sample.text(720),
    "due_date": "2026-12-24", "fired": {}, "marks": {},
}  # fmt: skip


class TestRoundTrip:
    def test_a_case_comes_back_as_it_went(self, store: Store) -> None:
        due = sample.START + timedelta(hours=3)
        case_id = store.write(
            lambda unit: sample.file_case(
                unit,
                given=sample.summary(
                    risk="red", holder="aux-07", next_due_at=due, milestones={"filed": sample.START}
                ),
                seats={"handler": [{"person": "aux-07", "since": sample.text(), "accepted": False}]},
                clocks=[CLOCK],
                links=[{"kind": "duplicate_of", "ref": "26-04089-2", "at": sample.text()}],
                external={"system": "12345", "id": "HL-88121"},
            )
        )
        row = store.read(lambda unit: case_store.find_case(unit, "26-00001"))
        assert row is not None
        assert (row.id, row.version, row.state, row.phase) == (case_id, 1, "reported", "intake")
        assert (row.risk, row.holder, row.next_due_at, row.closed_at) == ("red", "aux-07", due, None)
        assert (row.filed_at, row.entered_at) == (sample.START, sample.START)
        assert (row.external_system, row.external_id) == ("12345", "HL-88121")
        assert row.body["what"] == "wall on the boundary / 院墙纠纷"
        clocks, seats, milestones, links = store.read(
            lambda unit: rows(unit, table.ClockRun, table.SeatHolder, table.Milestone, table.CaseLink)
        )
        day = datetime(2026, 12, 24, 0, 21, tzinfo=UTC)
        assert clocks == [
            (case_id, "mediation_limit", "", 1, "limit", "running", sample.START, day, date(2026, 12, 24), False, None, None)
        ]  # fmt: skip
        assert seats == [(case_id, "handler", "aux-07", sample.START, False, None)]
        assert milestones == [(case_id, "filed", sample.START, sample.START)]
        assert links == [(case_id, "duplicate_of", "26-04089-2", sample.START)]

    def test_unknown_references_find_nothing(self, store: Store) -> None:
        assert store.read(lambda unit: case_store.find_case(unit, "26-00009")) is None

    def test_serials_run_per_year_and_ids_never_come_again(self, store: Store) -> None:
        def take(unit: Unit) -> list[int]:
            return [case_store.next_serial(unit, year) for year in (2026, 2026, 2027, 2026)]

        assert store.write(take) == [1, 2, 1, 3]
        assert store.write(sample.file_case) < store.write(sample.file_case)

    def test_closing_reopening_and_entering_a_state(self, store: Store) -> None:
        case_id = store.write(sample.file_case)

        def move(unit: Unit, seq: int, to: str, hours: float, **given: Any) -> None:
            row = case_store.find_case_by_id(unit, case_id)
            assert row is not None
            after = cast(CaseState, {**row.body, "states": {"main": to}})
            moved = sample.event(
                seq, {"do": "move", "region": "main", "from": row.state, "to": to}, hours=hours
            )
            given = {"state": to, "phase": "done", "open": False} | given
            case_store.save_case(unit, row, CaseWrite(row.body, after, [moved], sample.summary(**given)))

        closed = sample.START + timedelta(hours=9)
        store.write(lambda unit: move(unit, 2, "closed", 9, closed_at=closed))
        row = store.read(lambda unit: case_store.find_case_by_id(unit, case_id))
        assert row is not None
        assert (row.state, row.closed_at, row.entered_at) == ("closed", closed, closed)
        store.write(lambda unit: move(unit, 3, "accepted", 12, open=True, closed_at=closed, phase="work"))
        row = store.read(lambda unit: case_store.find_case_by_id(unit, case_id))
        assert row is not None
        assert (row.state, row.phase, row.closed_at) == ("accepted", "work", None)
        assert row.entered_at == sample.START + timedelta(hours=12)

    def test_a_case_that_left_its_state_and_came_back_in_one_command_came_anew(self, store: Store) -> None:
        case_id = store.write(sample.file_case)

        def away_and_back(unit: Unit) -> None:
            row = case_store.find_case_by_id(unit, case_id)
            assert row is not None
            away = {"do": "move", "region": "main", "from": "reported", "to": "screening", "entered": []}
            back = {**away, "from": "screening", "to": "reported"}
            events = [sample.event(2, away, hours=3), sample.event(3, back, hours=5)]
            case_store.save_case(unit, row, CaseWrite(row.body, row.body, events, sample.summary()))

        store.write(away_and_back)
        row = store.read(lambda unit: case_store.find_case_by_id(unit, case_id))
        assert row is not None
        assert row.entered_at == sample.START + timedelta(hours=5)

    def test_milestones_keep_the_first_and_the_last_time(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        for hours in (5, 9, 2):  # the last one is entered late
            at = sample.START + timedelta(hours=hours)
            store.write(
                lambda unit, at=at: sample.note(
                    unit, case_id, given=sample.summary(milestones={"session": at})
                )
            )
        [found] = store.read(lambda unit: rows(unit, table.Milestone))
        assert found == [
            (case_id, "session", sample.START + timedelta(hours=2), sample.START + timedelta(hours=9))
        ]

    def test_history_in_order_and_from_a_place_on(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        for _ in range(4):
            store.write(lambda unit: sample.note(unit, case_id))
        whole = store.read(lambda unit: case_store.history(unit, case_id))
        assert [row.seq for row in whole] == [1, 2, 3, 4, 5]
        assert whole[0].event["act"] == "file"
        part = store.read(lambda unit: case_store.history(unit, case_id, after_seq=2, limit=2))
        assert part == whole[2:4]


class TestVersions:
    def test_the_second_writer_of_a_version_writes_nothing(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        row = store.read(lambda unit: case_store.find_case_by_id(unit, case_id))
        assert row is not None
        store.write(lambda unit: sample.note(unit, case_id))
        before = store.read(lambda unit: rows(unit, *EVERYTHING, table.CommandKey))
        after = cast(
            CaseState,
            {**row.body, "clocks": [CLOCK], "seats": {"handler": [{"person": "x", "since": sample.text(), "accepted": True}]}},
        )  # fmt: skip
        late = CaseWrite(
            row.body,
            after,
            [sample.event(2)],
            sample.summary(milestones={"m": sample.START}),
            sample.key("k"),
        )
        with pytest.raises(Conflict):  # it never decides anew, so the store gives it up
            store.write(lambda unit: case_store.save_case(unit, row, late))
        assert store.read(lambda unit: rows(unit, *EVERYTHING, table.CommandKey)) == before

    def test_several_events_are_several_versions(self, store: Store) -> None:
        events = [sample.event(n, {"do": "x"}) for n in (1, 2, 3)]
        case_id = store.write(lambda unit: sample.file_case(unit, events=events))
        row = store.read(lambda unit: case_store.find_case_by_id(unit, case_id))
        assert row is not None
        assert row.version == 3
        assert store.read(lambda unit: evidence.verify_chain(unit, case_id)) == []

    def test_an_event_that_skips_a_version_is_a_bug(self, store: Store) -> None:
        with pytest.raises(ValueError, match="cannot follow"):
            store.write(lambda unit: sample.file_case(unit, events=[sample.event(2)]))


class TestKeys:
    def test_the_answer_comes_back(self, store: Store) -> None:
        answer = {"case": {"ref": "26-00001", "版本": 1}, "score": 0.82, "none": None}
        case_id = store.write(lambda unit: sample.file_case(unit, key=sample.key("7b1e", answer)))
        held = store.read(lambda unit: case_store.find_key(unit, "7b1e"))
        assert held is not None
        assert (held.case_id, held.digest, held.answer, held.at) == (case_id, "d1", answer, sample.START)
        assert store.read(lambda unit: case_store.find_key(unit, "other")) is None

    def test_one_key_many_times_is_done_once(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        answers = [store.write(lambda unit: sample.note_once(unit, case_id, "k")) for _ in range(3)]
        assert answers == [{"version": 2}] * 3
        assert len(store.read(lambda unit: case_store.history(unit, case_id))) == 2


class TestExternalNumbers:
    def test_a_number_of_another_system_is_one_case(self, store: Store) -> None:
        number = {"system": "12345", "id": "HL-88121"}
        store.write(lambda unit: sample.file_case(unit, external=number))
        with pytest.raises(Conflict) as taken:
            store.write(lambda unit: sample.file_case(unit, external=number))
        assert taken.value.code == "FM-C023"
        store.write(lambda unit: sample.file_case(unit, external=number | {"system": "110"}))
        assert len(store.read(lambda unit: rows(unit, table.Case))[0]) == 2


class TestDue:
    def test_the_longest_waiting_first_and_nothing_early(self, store: Store) -> None:
        hours = [5, 1, None, 3, 9]

        def file_all(unit: Unit) -> None:
            for n in hours:
                due = None if n is None else sample.START + timedelta(hours=n)
                sample.file_case(unit, given=sample.summary(next_due_at=due))

        store.write(file_all)
        at = sample.START + timedelta(hours=5)
        found = store.read(lambda unit: case_store.due_cases(unit, at, limit=10))
        assert [case.ref for case in found] == ["26-00002", "26-00004", "26-00001"]
        assert len(store.read(lambda unit: case_store.due_cases(unit, at, limit=2))) == 2


class TestBoundary:
    @pytest.mark.parametrize(
        ("value", "code"),
        [("a\0b", "FM-U041"), ("half \ud800", "FM-U042"), (2**63, "FM-U043"), (-(2**70), "FM-U043")],
    )
    def test_what_no_database_keeps_is_refused(self, store: Store, value: object, code: str) -> None:
        filed = sample.event(1, {"do": "set", "field": "f", "value": value})
        with pytest.raises(UsageError) as refused:
            store.write(lambda unit: sample.file_case(unit, events=[filed]))
        assert refused.value.code == code
        assert refused.value.first.pointer == "/changes/0/value"
        assert store.read(lambda unit: rows(unit, *EVERYTHING)) == [[]] * len(EVERYTHING)

    @pytest.mark.parametrize("value", ["a\\u0000b", "123456789012345678901234", 2**63 - 1, "😀 𠮷"])
    def test_what_only_looks_like_it_is_kept(self, store: Store, value: object) -> None:
        filed = sample.event(1, {"do": "set", "field": "f", "value": value})
        case_id = store.write(lambda unit: sample.file_case(unit, events=[filed]))
        [row] = store.read(lambda unit: case_store.history(unit, case_id))
        assert row.event["changes"][0]["value"] == value

    @pytest.mark.parametrize("value", ["a\0b", "half \ud800"])
    def test_columns_refuse_it_too(self, store: Store, value: str) -> None:
        with pytest.raises(UsageError):
            store.write(lambda unit: sample.file_case(unit, place=value))


names = st.sampled_from(["handler", "mediator", "recorder"])
holders = st.lists(
    st.builds(
        lambda person, accepted, hours: {"person": person, "accepted": accepted, "since": sample.text(hours)},
        st.sampled_from(["aux-07", "med-12", "off-05"]),
        st.booleans(),
        st.integers(0, 3),
    ),
    max_size=2,
    unique_by=lambda holder: holder["person"],
)
clock_runs = st.lists(
    st.builds(
        lambda name, run, item, status, due: (
            CLOCK
            | {"name": name, "run": run, "status": status, "due": sample.text(due)}
            | ({"item": item} if item else {})
        ),
        st.sampled_from(["handle_within", "consent"]),
        st.integers(1, 2),
        st.sampled_from(["", "P1"]),
        st.sampled_from(["running", "paused", "stopped"]),
        st.integers(0, 2),
    ),
    max_size=4,
    unique_by=lambda run: (run["name"], run["run"], run.get("item")),
)
case_links = st.lists(
    st.builds(
        lambda kind, ref: {"kind": kind, "ref": ref, "at": sample.text()},
        st.sampled_from(["duplicate_of", "split_from"]),
        st.sampled_from(["26-00007", "26-00008"]),
    ),
    max_size=3,
    unique_by=lambda link: (link["kind"], link["ref"]),
)
facts = st.fixed_dictionaries({
    "seats": st.dictionaries(names, holders, max_size=2),
    "clocks": clock_runs,
    "links": case_links,
})  # fmt: skip


class TestMirror:
    # one store for all examples: each files a case of its own
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(facts, min_size=1, max_size=4))
    def test_rows_repeat_the_body_after_every_step(self, store: Store, steps: list[Any]) -> None:
        case_id = store.write(lambda unit: sample.file_case(unit, **steps[0]))
        for step in steps[1:]:
            store.write(lambda unit, step=step: sample.note(unit, case_id, **step))
        body = cast(CaseState, sample.state(**steps[-1]))

        def read(unit: Unit) -> list[Any]:
            found = []
            for model in (table.ClockRun, table.SeatHolder, table.CaseLink):
                c = table.columns_of(model)
                found.append(unit.execute(select(c).where(c.c.case_id == case_id)))
            return found

        wanted = [mirror.clocks(body), mirror.seats(body), mirror.links(body)]
        for found, expected in zip(store.read(read), wanted, strict=True):
            assert sorted(found, key=repr) == sorted(
                ({"case_id": case_id} | row for row in expected.values()), key=repr
            )
