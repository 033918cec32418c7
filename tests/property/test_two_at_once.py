"""Two people act on one case at the same moment: one is first, the other is decided anew on what is there then."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError
from engine.persistence.case_store import CaseRow
from engine.persistence.store import Store
from engine.service import acting, filing, query
from tests.support.town import Town
from tests.support.walk import PLACE
from tests.support.whole import check_case

few = settings(max_examples=max(8, settings().max_examples // 4))
Outcome = dict[str, Any] | FolkmootError
FORM = {"risk": "yellow", "category": "neigh"}
CLEAR = {"prior_reports": 0} | dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)
# what people do to a case that has just been reported: some of it excludes what others do
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("dsp-01", {"act": "screen", "set": FORM, "records": {"screening_form": [CLEAR]}}),
    ("dsp-02", {"act": "screen", "set": FORM, "records": {"screening_form": [CLEAR]}}),
    ("dsp-01", {"act": "dismiss", "note": "nothing in it"}),
    ("chf-01", {"act": "dismiss", "note": "nothing in it"}),
    ("off-05", {"act": "take_handler"}),
    ("aux-07", {"act": "take_handler"}),
    ("dsp-01", {"act": "assign_handler", "seats": {"handler": ["aux-07"]}}),
    ("dsp-02", {"act": "add_party", "parties": [{"role": "respondent", "name": "B"}]}),
    ("dsp-01", {"act": "regrade", "set": {"risk": "red"}, "note": "it got worse"}),
    ("dsp-02", {"act": "note", "note": "seen"}),
    ("dsp-01", {"act": "refer", "set": {"agency": "court"}, "note": "not ours"}),
]


@pytest.fixture
def desks(store: Store, database_url: str) -> Iterator[list[Town]]:
    """Two programs on one store, with one clock."""
    first = Town(store)
    with Store.open(database_url) as other:
        second = Town.__new__(Town)
        second.now = first.now
        second.engine = Engine(other, lambda: first.now)
        yield [first, second]


def at_once(works: list[Callable[[], Any]]) -> list[Outcome]:
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Outcome:
        barrier.wait()
        try:
            done: Outcome = work()
        except FolkmootError as error:
            return error
        return done

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def filed(town: Town) -> str:
    answer = town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="a wall")
    return str(answer["ref"])


def stored(town: Town, ref: str) -> CaseRow:
    """The case, found to be whole."""
    return town.engine.store.read(lambda unit: check_case(unit, ref))


def test_whatever_two_do_at_once_happens_one_after_the_other(desks: list[Town]) -> None:
    @few
    @given(st.lists(st.sampled_from(REQUESTS), min_size=2, max_size=2))
    def try_it(pair: list[tuple[str, dict[str, Any]]]) -> None:
        ref = filed(desks[0])
        before = desks[0].ask(query.show_case, "dsp-01", ref=ref)["version"]
        outcomes = at_once([
            partial(town.do, acting.do_act, who, ref=ref, **asked)
            for town, (who, asked) in zip(desks, pair, strict=True)
        ])  # fmt: skip
        row = stored(desks[0], ref)
        done = [answer for answer in outcomes if isinstance(answer, dict)]
        wrote = [event["seq"] for answer in done for event in (answer["event"], *answer["effects"])]
        assert sorted(wrote) == list(range(before + 1, row.version + 1))  # nothing lost, nothing twice
        assert done, "somebody is always first"
        for (who, asked), outcome in zip(pair, outcomes, strict=True):
            if isinstance(outcome, FolkmootError):  # refused by what is there now, not by the race
                assert outcome.code not in ("FM-C001", "FM-C004")
                with pytest.raises(FolkmootError) as again:
                    desks[0].do(acting.do_act, who, ref=ref, **asked)
                assert again.value.code == outcome.code

    try_it()


def test_one_takes_the_case_and_the_other_learns_who(desks: list[Town]) -> None:
    for _ in range(5):
        ref = filed(desks[0])
        people = ["off-05", "aux-07"]
        outcomes = at_once([
            partial(town.do, acting.do_act, who, ref=ref, act="take_handler")
            for town, who in zip(desks, people, strict=True)
        ])  # fmt: skip
        winner = next(who for who, got in zip(people, outcomes, strict=True) if isinstance(got, dict))
        (loser,) = [got for got in outcomes if isinstance(got, FolkmootError)]
        assert loser.code == "FM-C003"
        assert loser.reasons[0].params["person"] == winner
        assert stored(desks[0], ref).holder == winner


def test_one_key_sent_twice_at_once_is_done_once(desks: list[Town]) -> None:
    for n in range(5):
        ref = filed(desks[0])
        outcomes = at_once([
            partial(town.do, acting.note, "dsp-01", ref=ref, text="seen", key=f"note-{n}")
            for town in desks
        ])  # fmt: skip
        assert isinstance(outcomes[0], dict)
        assert outcomes[0] == outcomes[1]
        assert stored(desks[0], ref).version == 2
