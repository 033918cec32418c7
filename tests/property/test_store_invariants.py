"""What holds in a store whatever people, clocks, retries and failures do to it, on both databases.

One machine plays a small station through the services and looks at every row after every step.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.domain.errors import Conflict, FolkmootError, NotFound, SignInNeeded
from engine.persistence.case_store import find_case
from engine.persistence.evidence import verify_all
from engine.persistence.store import Store
from engine.service import acting, approval, desk, filing, query, worker
from tests.support.player import Player
from tests.support.town import Town
from tests.support.walk import LIKELY, PAUSES, PLACE, program, staff
from tests.support.whole import Rows, check_case, dump
from workflows.shipped import CASE_TYPES

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLAYS = count()
seeds = st.integers(0, 2**32 - 1)
some = settings(max_examples=max(4, settings().max_examples // 8), stateful_step_count=25)


class Lost(Exception):
    """The answer never reached whoever asked."""


class Station(RuleBasedStateMachine):
    """``town`` is set by the test; each play files cases of its own in the one store."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.player = Player(self.town)
        self.accepted: list[
            tuple[str, Any, str, dict[str, Any], Any]
        ] = []  # key, service, who, given, answer
        self.name, self.keys = f"play-{next(PLAYS)}-", count()
        self.town.now = max(self.town.now, START)

    # ---- playing -------------------------------------------------------------------------------

    @property
    def refs(self) -> list[str]:
        return self.player.refs

    @property
    def store(self) -> Store:
        return self.town.engine.store

    def key(self) -> str:
        return f"{self.name}{next(self.keys)}"

    def held(self) -> Rows:
        return dump(self.store)

    def send(self, service: Any, who: str, *, key: str, **given: Any) -> Any:
        """The answer, or None if it was refused: then nothing at all was written."""
        before = self.held()
        try:
            answer = self.town.do(service, who, key=key, **given)
        except FolkmootError:
            assert self.held() == before
            return None
        self.accepted.append((key, service, who, given, answer))
        return answer

    def attempt(self, seed: int, *, spoilt: bool = False, eager: float = 0.6) -> tuple[str, dict[str, Any]]:
        return self.player.attempt(seed, spoilt=spoilt, eager=eager)

    def file(self, seed: int) -> None:
        random = Random(seed)
        case_type = random.choice([CASE_TYPES[0], *CASE_TYPES])
        definition = program(case_type).definition
        answer = self.send(
            filing.file_case,
            random.choice(["dsp-01", "aux-07"]),
            key=self.key(),
            case_type=case_type,
            place=PLACE,
            what="a quarrel",
            parties=[{"role": role} for role in definition.parties.roles],
            set={"risk": random.choice(["red", "yellow"])} if "risk" in definition.fields else {},
        )
        assert answer is not None
        self.refs.append(answer["ref"])

    # ---- what happens --------------------------------------------------------------------------

    @initialize(seed=seeds, acts=st.sampled_from([0, 4, 12, 20]))
    def first_case(self, seed: int, acts: int) -> None:
        """A case that may have come some way already."""
        self.file(seed)
        for n in range(acts):
            who, given = self.attempt(seed + n, eager=0.95)
            with suppress(FolkmootError):
                self.town.do(acting.do_act, who, **given)

    @precondition(lambda self: len(self.refs) < 3)
    @rule(seed=seeds)
    def another_case(self, seed: int) -> None:
        self.file(seed)

    @rule(seed=seeds)
    def somebody_acts(self, seed: int) -> None:
        who, given = self.attempt(seed)
        self.send(acting.do_act, who, key=self.key(), **given)

    @rule(seed=seeds)
    def somebody_else_acts(self, seed: int) -> None:
        self.somebody_acts(seed)

    @rule(seed=seeds)
    def time_goes_by(self, seed: int) -> None:
        random = Random(seed)
        self.town.now += random.choices(PAUSES, LIKELY)[0]
        self.town.do(worker.sweep, "system")
        again = self.town.do(worker.sweep, "system")
        assert (again["fired"], again["incidents"]) == (0, [])

    @rule(seed=seeds)
    def a_command_is_refused_and_then_sent_well_under_the_same_key(self, seed: int) -> None:
        """A refusal binds no key."""
        who, well = self.attempt(seed)
        ill = {**well, "set": {**well.get("set", {}), "no_such_field": 1}}
        key = self.key()
        if self.send(acting.do_act, who, key=key, **ill) is None:
            self.send(acting.do_act, who, key=key, **well)

    @rule(seed=seeds)
    def spoilt_inputs(self, seed: int) -> None:
        who, given = self.attempt(seed, spoilt=True)
        self.send(acting.do_act, who, key=self.key(), **given)

    @rule(seed=seeds)
    def an_answer_is_lost_and_asked_for_again(self, seed: int) -> None:
        who, given = self.attempt(seed)
        key = self.key()
        try:
            lost = self.town.do(acting.do_act, who, key=key, **given)
            raise Lost
        except FolkmootError:
            return
        except Lost:
            held = self.held()
        assert self.town.do(acting.do_act, who, key=key, **given) == lost
        assert self.held() == held
        self.accepted.append((key, acting.do_act, who, given, lost))

    @rule(seed=seeds)
    def the_process_dies_before_the_commit(self, seed: int) -> None:
        who, given = self.attempt(seed)
        before = self.held()

        def dies(unit: Any) -> None:
            acting.do_act(unit, self.town.as_(who), key=self.name + "dies", **given)
            raise Lost

        try:
            self.store.write(dies)
        except (Lost, FolkmootError):
            assert self.held() == before

    @rule(seed=seeds)
    def the_same_again(self, seed: int) -> None:
        """Once done, always the same answer, whenever it is asked for again."""
        key, service, who, given, answer = Random(seed).choice(self.accepted)
        before = self.held()
        assert self.town.do(service, who, key=key, **given) == answer
        assert self.held() == before

    @rule(seed=seeds)
    def another_request_under_a_bound_key(self, seed: int) -> None:
        key = Random(seed).choice(self.accepted)[0]
        before = self.held()
        with pytest.raises(Conflict, check=lambda error: error.code == "FM-C002"):
            self.town.do(acting.note, "dsp-01", key=key, ref=self.refs[0], text=f"something else {seed}")
        assert self.held() == before

    @rule(seed=seeds, behind=st.sampled_from([-1, 1, 5]))
    def a_version_that_is_not_the_case_s(self, seed: int, behind: int) -> None:
        who, given = self.attempt(seed)
        version = self.version(given["ref"])
        before = self.held()
        expected = (Conflict, NotFound)  # for some the case is not there at all
        with pytest.raises(expected, check=lambda error: error.code in ("FM-C001", "FM-C026", "FM-N001")):
            self.town.do(acting.do_act, who, key=self.key(), if_version=version - behind, **given)
        assert self.held() == before

    @rule(seed=seeds)
    def a_dry_run(self, seed: int) -> None:
        """It answers as if it were done, and leaves every table as it was."""
        who, given = self.attempt(seed)
        before = self.held()
        key = self.key()
        try:
            dry = self.town.do(acting.do_act, who, key=key, dry_run=True, **given)
        except FolkmootError:
            dry = None
        assert self.held() == before
        wet = self.send(acting.do_act, who, key=key, **given)
        assert wet == dry

    @rule(seed=seeds)
    def a_dry_run_of_what_clocks_and_reporters_do(self, seed: int) -> None:
        before, now = self.held(), self.town.now
        self.town.now += timedelta(days=Random(seed).choice([0, 10, 100]))
        self.town.do(worker.sweep, "system", dry_run=True)
        self.town.do(
            filing.file_case, "dsp-01", case_type=CASE_TYPES[0], place=PLACE, what="a wall", dry_run=True
        )
        self.town.now = now
        assert self.held() == before

    @rule(seed=seeds)
    def somebody_asks_those_who_may(self, seed: int) -> None:
        _, given = self.attempt(seed)
        given.pop("done_by", None)
        self.send(acting.do_act, Random(seed).choice(sorted(staff())), key=self.key(), ask=True, **given)

    @rule(seed=seeds, answer=st.sampled_from([approval.grant, approval.grant, approval.refuse]))
    def those_who_may_answer(self, seed: int, answer: Any) -> None:
        random = Random(seed)
        waiting = self.town.ask(approval.list_approvals, "chf-01")["items"]
        if waiting:
            ids = [item["id"] for item in random.sample(waiting, min(2, len(waiting)))]
            who = random.choice(["chf-01", "dir-02", "cnt-01", "dsp-01"])
            told = self.town.do(answer, who, ids=ids, reason="so be it")
            assert told["done"] + told["failed"] == len(ids)

    @rule(seed=seeds)
    def somebody_looks(self, seed: int) -> None:
        random = Random(seed)
        who, ref = random.choice([*staff(), "P1"]), random.choice(self.refs)
        before = self.held()
        with suppress(NotFound):  # it may be about him
            items = self.town.ask(query.next_acts, who, ref=ref, every=True)["items"]
            assert all(item["allowed"] == (not item["reasons"]) for item in items)
            self.town.ask(query.show_case, who, ref=ref)
            assert self.town.ask(query.history, who, ref=ref, verify=True)["verified"]
        with pytest.raises(SignInNeeded):
            self.town.ask(query.next_acts, "nobody-9", ref=ref)
        self.town.ask(desk.desk, random.choice(sorted(staff())))
        assert self.held() == before

    # ---- what holds ----------------------------------------------------------------------------

    def version(self, ref: str) -> int:
        row = self.store.read(lambda unit: find_case(unit, ref))
        assert row is not None
        return row.version

    @invariant()
    def every_case_is_whole(self) -> None:
        self.store.read(lambda unit: [check_case(unit, ref) for ref in self.refs])

    @invariant()
    def a_key_is_bound_by_each_accepted_command_and_by_no_other(self) -> None:
        bound = [str(row[0]) for row in self.held()["command_key"] if str(row[0]).startswith(self.name)]
        assert sorted(bound) == sorted(key for key, *_ in self.accepted)

    def teardown(self) -> None:
        breaks = self.store.read(lambda unit: [found for _, found in verify_all(unit) if found])
        assert breaks == []


def test_a_store_is_whole_after_whatever_happens(store: Store) -> None:
    class Play(Station):
        town = Town(store)

    run_state_machine_as_test(Play, settings=some)
