"""A program is killed while it writes: what it said was done is there once, everything else wholly or not at all.

The numbers in comments are those of the engine's invariants.
"""

from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.definitions.model import Definition
from engine.domain.errors import FolkmootError
from engine.machine.move import open_acts
from engine.persistence.store import Store
from engine.service import acting, filing, seed, worker
from tests.support import deed as deeds_of
from tests.support.aftermath import bound, check_store, fired, late, send_all, written
from tests.support.deed import Deed, done
from tests.support.player import Player
from tests.support.random_definition import FACTS, TRIGGERS, timed
from tests.support.town import Town
from tests.support.victim import POINTS, End, Job, Server
from tests.support.walk import LIKELY, PAUSES, PLACE, program, staff
from tests.support.whole import Rows, dump, state_of
from workflows.calendar import load_calendar
from workflows.shipped import CASE_TYPES, vocabulary

some = settings(max_examples=max(5, settings().max_examples // 8))
seeds = st.integers(0, 2**32 - 1)
CASES = 4
KEYS = count()


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


class Play:
    """Some cases under way, and commands that people are about to send on them."""

    def __init__(self, town: Town, url: str, victims: Server) -> None:
        self.town, self.url, self.victims = town, url, victims
        self.store = town.engine.store
        self.player = Player(town)
        for n in range(CASES):
            self.begin(n)

    def begin(self, seed: int) -> None:
        """One more case, some way along."""
        self.player.refs.append(self.town.do(filing.file_case, "dsp-01", **self.filing(seed))["ref"])
        for step in range(0, 5 * seed, 2):
            who, given = self.player.attempt(seed + step, ref=self.player.refs[-1], eager=0.95)
            try:
                self.town.do(acting.do_act, who, **given)
            except FolkmootError:
                continue

    def filing(self, seed: int) -> dict[str, Any]:
        random = Random(seed)
        case_type = random.choice([CASE_TYPES[0], *CASE_TYPES])
        definition = program(case_type).definition
        parties = [{"role": role} for role in definition.parties.roles]
        return {"case_type": case_type, "place": PLACE, "what": "a quarrel", "parties": parties}

    def key(self) -> str:
        return f"k{next(KEYS)}"

    def deed(self, seed: int, *, ref: str | None = None) -> Deed:
        key = self.key()
        if Random(seed).random() < 0.15:
            return Deed("filing.file_case", "dsp-01", key, self.filing(seed))
        who, given = self.player.attempt(seed, ref=ref)
        return Deed("acting.do_act", who, key, given)

    def likely(self, seed: int) -> Deed:
        """One that will be accepted."""
        tries = (self.deed(seed + n) for n in count())
        return next(deed for deed in tries if self.accepted(deed))

    def accepted(self, deed: Deed) -> bool:
        try:
            self.town.do(deed.function, deed.who, key=deed.key, dry_run=True, **deed.given)
        except FolkmootError:
            return False
        return True

    # ---- what holds afterwards -----------------------------------------------------------------

    def settle(self, deeds: Sequence[Deed], end: End, before: Rows) -> dict[str, Any]:
        """Everything that must hold, whenever the program died. Gives what had been done by then."""
        told = dict(end.said)
        there = self.check(deeds, before)
        for key, answer in told.items():  # 3: acknowledged, then it is there; refused, then not
            assert there.get(key) == (answer if done(answer) else None)
        held = dump(self.store)
        if not there:
            assert held == before  # 2
        again = self.check_again(deeds, there)
        if all(deed.key in there for deed in deeds):
            assert dump(self.store) == held
        self.check_again(deeds, again)
        return there

    def check(self, deeds: Sequence[Deed], before: Rows) -> dict[str, Any]:
        """The store is whole, and each of the commands is in it wholly or not at all."""
        check_store(self.store)  # 1, 2, 6, 8
        there = bound(self.store, [deed.key for deed in deeds])
        grown = len(dump(self.store)["event"]) - len(before["event"])
        assert grown == sum(written(answer) for answer in there.values())
        return there

    def check_again(self, deeds: Sequence[Deed], there: dict[str, Any]) -> dict[str, Any]:
        """Everything sent again: what was done has its answer, the rest is done now, or refused."""
        before = dump(self.store)
        answers = send_all(self.town, deeds)
        now = self.check([deed for deed in deeds if deed.key not in there], before)
        for key, answer in answers.items():
            assert {**there, **now}.get(key) == (answer if done(answer) else None)
        return {**there, **now}


@pytest.fixture
def play(town: Town, database_url: str, victims: Server) -> Play:
    return Play(town, database_url, victims)


def test_a_command_that_is_cut_off_is_done_or_not_done(play: Play) -> None:
    @some
    @given(seed=seeds, done=st.sampled_from(["after commit", "before answer"]))
    def try_it(seed: int, done: str) -> None:
        play.town.now += Random(seed).choices(PAUSES, LIKELY)[0] / 10
        deed = play.likely(seed)
        given = {"url": play.url, "now": play.town.now, "deeds": [deed]}
        before = dump(play.store)
        for point in ("first write", "before commit"):
            [end] = play.victims.run(Job(deeds_of.one_by_one, given, point))
            assert end.killed
            assert dump(play.store) == before
        [end] = play.victims.run(Job(deeds_of.one_by_one, given, done))
        assert end.killed
        assert play.settle([deed], end, before)

    try_it()


def test_many_commands_one_after_the_other_up_to_some_moment(play: Play) -> None:
    kills = 0

    @some
    @example(
        plan=[1, 2, 3, 4, 5, 6], point="before commit", n=1
    )  # so that one is killed, whatever else is played
    @given(plan=st.lists(seeds, min_size=2, max_size=6), point=st.sampled_from(POINTS), n=st.integers(1, 4))
    def try_it(plan: list[int], point: str, n: int) -> None:
        deeds, before = [play.deed(seed) for seed in plan], dump(play.store)
        given = {"url": play.url, "now": play.town.now, "deeds": deeds}
        [end] = play.victims.run(Job(deeds_of.one_by_one, given, point, n))
        assert end.killed or end.status == 0
        there = play.settle(deeds, end, before)
        if end.killed:
            nonlocal kills
            kills += 1
            assert len(there) == n - (point in ("first write", "before commit"))

    try_it()
    assert kills


def test_a_program_that_serves_many_is_killed(play: Play) -> None:
    """One batch on SQLite, some connections at once on PostgreSQL; also between the commit and the answers."""
    threads = 1 if play.store.dialect == "sqlite" else 4
    kills = 0

    @some
    @given(
        plan=st.lists(seeds, min_size=2, max_size=8),
        point=st.sampled_from(["settling", "settling", "after commit", "before commit", "first write"]),
        n=st.integers(1, 4),
        twice=st.booleans(),
    )
    def try_it(plan: list[int], point: str, n: int, twice: bool) -> None:
        deeds = [play.deed(seed, ref=play.player.refs[k % CASES]) for k, seed in enumerate(plan)]
        if twice:  # who sends it twice gets one answer
            deeds.append(deeds[0])
        before = dump(play.store)
        given = {"url": play.url, "now": play.town.now, "deeds": deeds, "threads": threads}
        # those that hold the threads up come to some of the points too
        batch = "commit" in point and threads == 1
        passed = threads if point == "settling" else int(batch)
        [end] = play.victims.run(Job(deeds_of.together, given, point, passed + (1 if batch else n)))
        assert end.killed or end.status == 0
        there = play.settle(deeds, end, before)
        if point == "settling" and threads == 1 and end.killed:
            assert len(end.said) == n - 1  # all was committed, and only some were answered
            assert there or not any(done(answer) for _, answer in end.said)
        nonlocal kills
        kills += end.killed

    try_it()
    assert kills


def test_a_program_is_killed_at_any_moment(play: Play) -> None:
    @some
    @given(plan=st.lists(seeds, min_size=4, max_size=8), after_s=st.floats(0.0, 0.06))
    def try_it(plan: list[int], after_s: float) -> None:
        deeds, before = [play.deed(seed) for seed in plan], dump(play.store)
        given = {"url": play.url, "now": play.town.now, "deeds": deeds}
        [end] = play.victims.run(Job(deeds_of.one_by_one, given, after_s=after_s))
        play.settle(deeds, end, before)

    try_it()


class Made(Play):
    """The same with a definition that nobody would write; its clocks act by themselves."""

    names = count()

    def __init__(self, town: Town, url: str, victims: Server, definition: Definition) -> None:
        name = f"random{next(self.names)}"
        self.definition = definition.model_copy(update={"case_type": name})
        made = [seed.Shipped(self.definition, "")]
        words = vocabulary()
        town.do(seed.seed, "adm", definitions=made, vocabulary=words, calendars=[load_calendar("CN")])
        super().__init__(town, url, victims)

    def begin(self, seed: int) -> None:
        self.player.refs.append(self.town.do(filing.file_case, "dsp-01", **self.filing(seed))["ref"])

    def filing(self, seed: int) -> dict[str, Any]:
        return {"case_type": self.definition.case_type, "place": PLACE, "what": "a quarrel"}

    def deed(self, seed: int, *, ref: str | None = None) -> Deed:
        random, key = Random(seed), self.key()
        facts = {name: random.random() < 0.5 for name in FACTS if random.random() < 0.5}
        state = state_of(self.store, ref or random.choice(self.player.refs))
        act = random.choice(open_acts(self.player.program(state["definition"]), state))
        asked = {"set": facts} if act in TRIGGERS else {"note": "so"}
        return Deed(
            "acting.do_act", random.choice(sorted(staff())), key, {"ref": state["ref"], "act": act, **asked}
        )


def test_definitions_of_all_kinds(town: Town, database_url: str, victims: Server) -> None:
    acted = 0

    @some
    @given(
        definition=timed(),
        plan=st.lists(seeds, min_size=1, max_size=5),
        point=st.sampled_from(POINTS),
        n=st.integers(1, 3),
        days=st.integers(0, 9),
    )
    def try_it(definition: Definition, plan: list[int], point: str, n: int, days: int) -> None:
        nonlocal acted
        play = Made(town, database_url, victims, definition)
        deeds, before = [play.deed(number) for number in plan], dump(play.store)
        town.pass_(days=days)
        given = {"url": play.url, "now": town.now, "deeds": deeds}
        [end] = victims.run(Job(deeds_of.one_by_one, given, point, n))
        assert end.killed or end.status == 0
        play.settle(deeds, end, before)
        town.pass_(days=40)
        swept = town.do(worker.sweep, "system")
        acted += swept["fired"]
        assert (swept["incidents"], late(play.store, town.now)) == ([], [])
        fired(play.store)
        check_store(play.store)

    try_it()
    assert acted


def test_a_command_that_opens_another_case_is_cut_off(play: Play) -> None:
    """Both cases are there with their links, or neither is touched; sent again it opens no second one."""
    for point in POINTS:
        ref = many_in_session(play.town)
        given: dict[str, Any] = {
            "ref": ref,
            "act": "split_off",
            "set": {"leavers": "P2"},
            "note": "he goes on",
        }
        deed, before = Deed("acting.do_act", "med-12", play.key(), given), dump(play.store)
        job = {"url": play.url, "now": play.town.now, "deeds": [deed]}
        [end] = play.victims.run(Job(deeds_of.one_by_one, job, point))
        assert end.killed
        play.settle([deed], end, before)
        assert len(dump(play.store)["case_file"]) == len(before["case_file"]) + 1
        assert len(dump(play.store)["case_link"]) == len(before["case_link"]) + 2


def many_in_session(town: Town) -> str:
    """A dispute of two against one, as far as the table."""
    parties = [{"role": "claimant"}, {"role": "claimant"}, {"role": "respondent"}]
    told = {"case_type": CASE_TYPES[0], "place": PLACE, "what": "a quarrel", "parties": parties}
    ref: str = town.do(filing.file_case, "dsp-01", **told)["ref"]

    def act(name: str, who: str, **given: Any) -> None:
        town.do(acting.do_act, who, ref=ref, act=name, **given)

    form = dict.fromkeys(program(CASE_TYPES[0]).definition.records["screening_form"].fields, False)
    fields = {"risk": "yellow", "category": "neigh"}
    act("screen", "dsp-01", set=fields, records={"screening_form": [{**form, "prior_reports": 0}]})
    act("ask_consent", "dsp-01")
    consents = [{"party": no, "decision": "given"} for no in ("P1", "P2", "P3")]
    act("add_consent", "dsp-01", records={"consent": consents})
    act("assign", "dir-02", seats={"mediator": ["med-12"]})
    act("accept_mediator", "med-12")
    act("open_session", "med-12")
    return ref
