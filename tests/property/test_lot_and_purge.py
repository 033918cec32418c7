"""Whatever happened: a recorded lot is drawn again to the same pick, and a purge leaves nothing but a history that holds."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.machine.command import Pool, SeatAsked
from engine.machine.fold import fold
from engine.machine.lot import drawn, replayed
from engine.persistence import chain, erased
from engine.service.erasing import left_of, purged, vouching
from tests.support.small import SMALL, Player, compiled

PEOPLE = tuple(f"e{n}" for n in range(9))
ACTS = """
  - {trigger: draw_panel, source: work, allow: [officer], effects: [{seat: panel, by: lot}]}
  - {trigger: draw_chair, source: work, allow: [officer], effects: [{seat: chair, by: lot}]}
  - {trigger: doubt, source: work, allow: [officer], asks: [doubted], effects: [{unseat: panel, who: doubted}]}
  - {trigger: mark, source: work, allow: [officer], asks: [secret], effects: [{set: {copy: secret}}]}
  - {trigger: wipe, source: work, allow: [officer], effects: [{purge: [secret, copy, paper]}]}
  - {trigger: mark_and_wipe, source: work, allow: [officer], asks: [secret], effects: [{purge: [secret]}]}
  - {trigger: rest,"""
TEXT = (
    SMALL.replace("  judge: {", "  panel: {of: [elder], count: 3}\n  chair: {of: [panel]}\n  judge: {")
    .replace("fields:\n  risk:", "fields:\n  doubted: person\n  secret: text\n  copy: text\n  risk:")
    .replace("\n  - {trigger: rest,", ACTS)
)
PROGRAM = compiled(TEXT)
HIDDEN = "zanzibar"
seeds = st.integers(0, 2**64).map(str)


@given(seed=seeds, people=st.lists(st.text(min_size=1, max_size=4), unique=True), count=st.integers(0, 12))
def test_a_lot_is_a_function_of_seed_and_pool(seed: str, people: list[str], count: int) -> None:
    found = drawn(seed, people, count)
    assert found == drawn(seed, list(people), count)
    assert len(found) == min(count, len(people)) == len(set(found))
    assert set(found) <= set(people)
    assert drawn(seed, people, count + 1)[: len(found)] == found


@given(
    seeds=st.lists(seeds, min_size=30, max_size=30),
    steps=st.lists(
        st.tuples(st.sampled_from(["draw_panel", "draw_chair", "doubt"]), st.integers(0, 8)), max_size=20
    ),
    there=st.integers(0, 9),
)
def test_every_lot_of_a_history_replays(seeds: list[str], steps: list[tuple[str, int]], there: int) -> None:
    left = iter(seeds * 4)

    def pool(asked: SeatAsked) -> Pool:
        return Pool(PEOPLE[:there])

    player = Player(PROGRAM, pool=pool, seed=lambda: next(left))
    player.to_work()
    for act, number in steps:
        player.act(act, fields={"doubted": PEOPLE[number]} if act == "doubt" else {})
        assert player.state is not None
        seats = {name: [h["person"] for h in held] for name, held in player.state["seats"].items()}
        assert len(seats.get("panel", [])) == len(set(seats.get("panel", []))) <= 3
        assert set(seats.get("chair", [])) <= set(seats.get("panel", []))
        assert not set(seats.get("panel", [])) & set(player.state.get("barred", {}).get("panel", {}))
    for event in player.events:
        told = [c for c in event["changes"] if c["do"] == "seat"]
        for decision in [c["decision"] for c in told]:
            assert decision["pool"] == sorted(decision["pool"])
            assert [c["person"] for c in told] == replayed(decision)


class Ledger:
    """What a store does with a history: texts, hashes, and what a purge leaves."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.hashes: list[bytes] = []

    def write(self, events: Any) -> None:
        facts = purged(events)
        if facts:
            left = left_of((json.loads(text) for text in self.texts), facts)
            for seq, text in left.items():
                self.texts[seq - 1] = text
            events = vouching(events, left)
        for event in events:
            text = chain.canonical(event)
            before = self.hashes[-1] if self.hashes else chain.GENESIS
            self.hashes.append(chain.link(before, 7, event["seq"], text))
            self.texts.append(text)

    def broken(self) -> list[int]:
        left = erased.vouched(enumerate(self.texts, 1))
        before, found = chain.GENESIS, []
        for seq, (text, digest) in enumerate(zip(self.texts, self.hashes, strict=True), 1):
            if not erased.stands(text, left.get(seq)) and chain.link(before, 7, seq, text) != digest:
                found.append(seq)
            before = digest
        return found


STEPS = ["mark", "wipe", "mark_and_wipe", "add_paper", "sign_paper", "rest", "go_on", "draw_panel"]


@given(steps=st.lists(st.sampled_from(STEPS), max_size=20), harm=st.integers(0, 10**6))
def test_a_purge_keeps_the_chain_and_the_case_and_nothing_else(steps: list[str], harm: int) -> None:
    player = Player(PROGRAM, seed=lambda: "salt")
    player.to_work()
    ledger = Ledger()
    ledger.write(player.events)
    for step in steps:
        given: dict[str, Any] = {
            "mark": {"fields": {"secret": HIDDEN}},
            "mark_and_wipe": {"fields": {"secret": HIDDEN}},
            "add_paper": {"records": {"paper": [{"terms": HIDDEN}]}},
            "rest": {"note": "a while"},
        }.get(step, {})
        decision = player.act(step, **given)
        if not decision.moved:
            continue
        ledger.write(decision.events)
        assert ledger.broken() == []
        assert fold(json.loads(text) for text in ledger.texts) == player.state
        if step == "wipe":
            assert HIDDEN not in "".join(ledger.texts) + json.dumps(player.state)
    place = harm % len(ledger.texts)
    ledger.texts[place] = ledger.texts[place].replace('"actor":"ann"', '"actor":"bob"')
    assert ledger.broken() == [place + 1] or "bob" not in ledger.texts[place]
