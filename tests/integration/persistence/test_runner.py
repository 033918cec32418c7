"""What every runner keeps: commit or nothing, dry runs, keys done once, reading on one view."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from engine.domain.errors import Conflict, Refused, Unavailable
from engine.persistence import case_store, evidence, table
from engine.persistence.failure import Again
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample

event = table.columns_of(table.Event)


@pytest.fixture(params=["direct", "threads"])
def runner(request: pytest.FixtureRequest, database_url: str) -> Iterator[Store]:
    """The caller's thread, and the runner of a server: the writer on SQLite, a pool on PostgreSQL."""
    with Store.open(database_url, threads=0 if request.param == "direct" else 4) as opened:
        yield opened


@pytest.fixture
def served(database_url: str) -> Iterator[Store]:
    with Store.open(database_url, threads=4) as opened:
        yield opened


def events(unit: Unit) -> int:
    count: int = unit.execute(select(func.count().label("n")).select_from(event))[0]["n"]
    return count


def refuse(unit: Unit) -> None:
    sample.file_case(unit)
    raise Refused("FM-R201")


class TestEveryRunner:
    def test_what_returns_is_committed(self, runner: Store) -> None:
        case_id = runner.write(sample.file_case)
        assert runner.read(lambda unit: case_store.find_case_by_id(unit, case_id)) is not None

    def test_what_raises_leaves_nothing(self, runner: Store) -> None:
        with pytest.raises(Refused):
            runner.write(refuse)
        assert runner.read(events) == 0
        assert runner.write(sample.file_case) > 0

    def test_a_dry_run_answers_and_leaves_nothing(self, runner: Store) -> None:
        case_id = runner.write(sample.file_case)
        assert runner.write(lambda unit: sample.note(unit, case_id) and events(unit), dry_run=True) == 2
        assert runner.read(events) == 1

    def test_in_a_view_it_is_looked_once_and_where_something_is_written_again(self, runner: Store) -> None:
        def twice(unit: Unit) -> tuple[int, int]:
            before = unit.once("events", lambda: events(unit))
            if unit.written or before:
                return before, unit.once("events", lambda: -1)
            sample.file_case(unit)
            return before, unit.once("events", lambda: events(unit))

        assert runner.write(twice) == (0, 1)
        assert runner.read(twice) == (1, 1)

    def test_what_is_undone_inside_leaves_the_rest(self, runner: Store) -> None:
        def work(unit: Unit) -> int:
            case_id = sample.file_case(unit)
            with suppress(KeyError), unit.savepoint():
                sample.note(unit, case_id)
                with unit.savepoint():
                    sample.note(unit, case_id)
                raise KeyError
            sample.note(unit, case_id)
            return case_id

        case_id = runner.write(work)
        assert len(runner.read(lambda unit: case_store.history(unit, case_id))) == 2

    def test_reading_cannot_write(self, runner: Store) -> None:
        with pytest.raises(Unavailable) as refused:
            runner.read(sample.file_case)
        assert refused.value.code == "FM-S005"
        assert runner.read(events) == 0

    def test_reading_stays_on_one_view(self, runner: Store) -> None:
        def read(unit: Unit) -> tuple[int, int]:
            before = events(unit)
            thread = Thread(target=lambda: runner.write(sample.file_case))
            thread.start()
            thread.join()
            return before, events(unit)

        assert runner.read(read) == (0, 0)
        assert runner.read(events) == 1

    def test_after_closing_nothing_is_taken(self, runner: Store) -> None:
        runner.write(sample.file_case)
        runner.close()
        runner.close()


class TestManyCallers:
    def test_each_gets_its_own_answer_or_error(self, served: Store) -> None:
        """20 of 60 raise; they share a batch on SQLite, since the first one holds the writer up."""
        gate = Event()
        first = served.submit(lambda unit: gate.wait(5))
        futures = [served.submit(refuse if n % 3 == 0 else sample.file_case) for n in range(60)]
        gate.set()
        first.result()
        errors = [future.exception() for future in futures]
        assert [isinstance(error, Refused) for error in errors] == [n % 3 == 0 for n in range(60)]
        assert served.read(events) == 40
        ids = [future.result() for future in futures if future.exception() is None]
        assert len(set(ids)) == 40

    def test_a_key_five_times_at_once_is_done_once(self, served: Store) -> None:
        case_id = served.write(sample.file_case)
        gate, tries = Event(), iter([True])

        def work(unit: Unit) -> object:
            if next(tries, False):
                raise Refused("FM-R201")  # refusals bind no key
            return sample.note_once(unit, case_id, "7b1e")

        first = served.submit(lambda unit: gate.wait(5))
        futures = [served.submit(work, key="7b1e") for _ in range(5)]
        gate.set()
        first.result()
        refused = [future for future in futures if isinstance(future.exception(), Refused)]
        answers = [future.result() for future in futures if future not in refused]
        assert len(refused) == 1
        assert answers == [{"version": 2}] * 4
        assert len(served.read(lambda unit: case_store.history(unit, case_id))) == 2

    def test_many_on_one_case_lose_no_update(self, served: Store) -> None:
        case_id = served.write(sample.file_case)

        for future in [served.submit(lambda unit: sample.note(unit, case_id)) for _ in range(40)]:
            future.result()
        row = served.read(lambda unit: case_store.find_case_by_id(unit, case_id))
        assert row is not None
        assert row.version == 41
        assert served.read(lambda unit: evidence.verify_chain(unit, case_id)) == []

    def test_work_that_never_gets_its_turn_is_told_so(self, served: Store) -> None:
        def work(unit: Unit) -> None:
            raise Again

        with pytest.raises(Conflict) as told:
            served.write(work)
        assert told.value.code == "FM-C004"

    def test_who_gives_up_in_the_queue_is_skipped(self, served: Store) -> None:
        gate = Event()
        held = [served.submit(lambda unit: gate.wait(5)) for _ in range(4)]
        given_up = served.submit(sample.file_case)
        assert given_up.cancel()
        gate.set()
        for future in held:
            future.result()
        with pytest.raises(CancelledError):
            given_up.result()
        served.write(lambda unit: None)
        assert served.read(events) == 0

    def test_stopping_answers_what_waits_and_refuses_the_rest(self, served: Store) -> None:
        futures = [served.submit(sample.file_case) for _ in range(200)]
        served.close()
        assert all(future.done() for future in futures)
        assert len({future.result() for future in futures}) == 200
        with pytest.raises(Unavailable) as refused:
            served.submit(sample.file_case)
        assert refused.value.code == "FM-S010"

    def test_a_thread_outlives_what_ends_programs(self, served: Store) -> None:
        def leave(unit: Unit) -> None:
            raise SystemExit(3)

        futures = [served.submit(leave) for _ in range(6)]
        assert all(isinstance(future.exception(), SystemExit) for future in futures)
        assert served.write(sample.file_case) > 0
