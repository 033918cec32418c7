"""Where the time of random cases went, against their histories read second by second of change; and why one is slower."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.analytics import waiting
from engine.analytics.reasons import CLOSED, PER
from engine.domain.instant import to_text
from engine.machine.believed import believed
from engine.persistence import table
from engine.persistence.selection import Asking, condition
from engine.persistence.store import Store
from engine.service import law
from tests.support.living import events_of, live, second
from tests.support.town import Town

pytestmark = pytest.mark.usefixtures("small_portions")

few = settings(max_examples=max(3, settings().max_examples // 12))
seeds = st.integers(0, 2**32 - 1)
_case = table.columns_of(table.Case)
Told = list[tuple[int, Any]]  # when it occurred, what it says from there on


def told_of(events: list[Any], program: Callable[[str], Any]) -> tuple[int, Told, Told, int | None]:
    """The second of filing, states and handlers as the events tell them, and when it was closed if it is."""
    states: Told = []
    owners: Told = []
    closed = None
    handlers: list[str] = []
    filed = 0
    for event in events:
        at, text = second(event["at"]), program(event["definition"])
        was = closed
        for change in event["changes"]:
            match change["do"]:
                case "file":
                    filed = second(change["case"]["filed_at"])
                    handlers = [one["person"] for one in change["case"]["seats"].get("handler", ())]
                    leaf = None
                case "move" if change["region"] == "main":
                    leaf = change["to"]
                case "restore":
                    whole = change["to"]
                    leaf = whole.get("states", {}).get("main")
                    if "handler" in whole.get("seats", {}):
                        handlers = [one["person"] for one in whole["seats"]["handler"]]
                case "seat" if change["seat"] == "handler":
                    handlers, leaf = [*handlers, change["person"]], None
                case "unseat" if change["seat"] == "handler":
                    handlers, leaf = [one for one in handlers if one != change["person"]], None
                case _:
                    leaf = None
            if leaf is not None and leaf != "@unfiled":
                place = text.outline.leaves[leaf]
                states.append((at, place))
                final = place.final
                closed = (at if was is None else was) if final else None
            _say(owners, at, handlers[0] if handlers else None)
    return filed, states, owners, closed


def _say(told: Told, at: int, what: Any) -> None:
    """What is entered late and changes nothing says nothing."""
    if not told or told[-1][1] != what:
        told.append((at, what))


def counted(told: Told, begin: int, end: int) -> Counter[Any]:
    """Seconds under each: at every second what the last says that had occurred by then."""
    cuts = sorted({begin, end, *(at for at, _ in told if begin < at < end)})
    found: Counter[Any] = Counter()
    for one, two in pairwise(cuts):
        past = [what for at, what in told if at <= one]
        found[past[-1] if past else None] += two - one
    return found


def label(per: str, what: Any) -> str | None:
    if per == "owner" or what is None:
        return what
    if what.final:
        return CLOSED
    return {"state": what.name, "phase": what.phase, "waits": "+".join(sorted(what.waits_for))}[per]


def test_time_is_what_reading_each_history_gives_and_adds_up(store: Store) -> None:
    town = Town(store)

    @few
    @given(seed=seeds, back=st.integers(0, 20_000))
    def try_it(seed: int, back: int) -> None:
        player = live(town, seed, 3)
        at = (town.now - timedelta(minutes=back)).replace(microsecond=0)

        def wanted(ref: str) -> tuple[int, dict[str, Counter[Any]]] | None:
            events = [one for one in events_of(town, ref) if one["recorded"] <= to_text(at)]
            if not events:
                return None

            def read(unit: Any) -> Any:
                return told_of(believed(events), lambda content_hash: law.program(unit, content_hash))

            filed, states, owners, closed = town.engine.store.read(read)
            end = max(filed, int(at.timestamp()) if closed is None else closed)
            made = {}
            for per in ("state", "phase", "waits", "owner"):
                made[per] = Counter()
                for what, seconds in counted(owners if per == "owner" else states, filed, end).items():
                    made[per][label(per, what)] += seconds
            return end - filed, made

        lives = [one for one in map(wanted, town_refs(town)) if one is not None]
        for per in ("state", "phase", "waits", "owner"):
            answer = town.ask(waiting.waiting, "chf-01", per=per, as_of=at)
            parts = {part["key"]: part["total_s"] for part in answer["groups"][0]["parts"]}
            assert answer["total_s"] == sum(whole for whole, _ in lives) == sum(parts.values())
            summed: Counter[Any] = sum((made[per] for _, made in lives), Counter())
            assert parts == {key: seconds for key, seconds in summed.items() if seconds}
            ever = Counter(key for _, made in lives for key, seconds in made[per].items() if seconds)
            assert {p["key"]: p["n"] for p in answer["groups"][0]["parts"]} == dict(ever)
        assert player.refs

    try_it()


def town_refs(town: Town) -> list[str]:
    """Cases that are there for the chief: one that names him counts in none of his figures."""

    def look(unit: Any) -> list[str]:
        caller = town.as_("chf-01")
        there = condition(Asking(unit, caller.person, caller.now), {})
        return [row["ref"] for row in unit.execute(select(_case.c.ref).where(there).order_by(_case.c.id))]

    return town.engine.store.read(look)


def test_groups_add_up_in_every_kind_of_time(store: Store) -> None:
    town = Town(store)

    @few
    @given(seed=seeds)
    def try_it(seed: int) -> None:
        live(town, seed, 6)
        wall = town.ask(waiting.waiting, "chf-01")["total_s"]
        for per in PER:
            for kind in ({}, {"pauses": False}, {"working": True}, {"working": True, "pauses": True}):
                whole = town.ask(waiting.waiting, "chf-01", per=per, **kind)
                told = town.ask(waiting.waiting, "chf-01", per=per, by=["type"], **kind)
                big = [group for group in told["groups"] if not group.get("few")]
                assert whole["total_s"] == told["total_s"] <= wall
                for group in [*whole["groups"], *big]:
                    assert group["total_s"] == sum(part["total_s"] for part in group["parts"])
                    assert all(part["total_s"] >= 0 for part in group["parts"])

    try_it()
