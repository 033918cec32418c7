"""Events of legal education: planned, held, shown, drawn for a second look."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from engine.rules import function
from engine.service import chance as source
from tests.acceptance.driver import Reply
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story

SHARE = 0.1


@given("the lot falls on the next event")
def the_lot_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seed with which a share of one in ten is hit."""
    seeds = (f"{number:032x}" for number in count())
    hit = next(seed for seed in seeds if function.chance(seed, f"draw({SHARE})|") < SHARE)
    monkeypatch.setattr(source, "seed", lambda: hit)


def _plan(story: Story, *, speaker: str = "Ou", companions: tuple[str, ...] = ()) -> None:
    filed = story.call(
        "file_case", by=STAFF["Wang"], case_type="legal_education", place="示例一村", what="a talk on market day",
        fields={"topic": "fraud"},
    )  # fmt: skip
    story.ref = story.must(filed).body["ref"]
    story.must(story.act("Ding", "approve", fields={"topic": "fraud"}))
    begins = story.driver.now + timedelta(hours=5)
    seats = {"handler": [STAFF["Wang"]], "speaker": [STAFF[speaker]]}
    if companions:
        seats["companion"] = [STAFF[name] for name in companions]
    records = {"plan": [{"starts": begins.isoformat(), "where": "market"}]}
    story.must(story.act("Ding", "schedule", records=records, seats=seats))
    story.pass_to(begins + timedelta(hours=2))


def _hold(story: Story, people: int = 40) -> Reply:
    ended = story.driver.now
    met: dict[str, Any] = {
        "started": (ended - timedelta(hours=1)).isoformat(), "ended": ended.isoformat(),
        "where": "market", "counted": people, "speaker": "Ou",
    }  # fmt: skip
    return story.act("Wang", "hold", records={"session": [met]})


@given(parsers.re(rf"{NAME} has planned a talk on fraud"))
def has_planned(story: Story, name: str) -> None:
    _plan(story)


@given(parsers.re(rf"{NAME} has held a talk on fraud"))
def has_held(story: Story, name: str) -> None:
    _plan(story)
    story.must(_hold(story))


@given("Duan, Meng and Wu have come along to a talk on fraud that Wang held")
def have_come_along(story: Story) -> None:
    since = story.today - timedelta(days=30)
    for name in ("Duan", "Meng", "Wu"):
        story.arrange("appoint", STAFF[name], "volunteer", "V-101", since)
    _plan(story, companions=("Duan", "Meng", "Wu"))
    story.must(_hold(story))


@given("Chen has spoken at a talk on fraud that Wang held")
def has_spoken(story: Story) -> None:
    story.arrange("appoint", STAFF["Chen"], "legal", "S-012", story.today - timedelta(days=30))
    _plan(story, speaker="Chen")
    story.must(_hold(story))


@when(parsers.re(rf"{NAME} reports that nobody came"))
def reports_that_nobody_came(story: Story, name: str) -> None:
    _hold(story, people=0)


def _hand_in(story: Story, name: str, pictures: int, *, children: bool = False) -> Reply:
    taken = story.driver.now.isoformat()
    shown = [
        {"image": f"market-{n}.jpg", "taken": taken, "minors_identifiable": children} for n in range(pictures)
    ]
    return story.act(name, "hand_in", records={"photo": shown})


@given(parsers.re(rf"{NAME} has handed in (?P<number>\d) pictures?"))
def has_handed_in(story: Story, name: str, number: str) -> None:
    story.must(_hand_in(story, name, int(number)))


@when(parsers.re(rf"{NAME} hands in (?P<number>\d) pictures?"))
def hands_in(story: Story, name: str, number: str) -> None:
    _hand_in(story, name, int(number))


@when(parsers.re(rf"{NAME} hands in a picture on which children can be recognised"))
def hands_in_children(story: Story, name: str) -> None:
    _hand_in(story, name, 1, children=True)


@when(parsers.re(rf"{NAME} finds that it took place"))
def finds_that_it_took_place(story: Story, name: str) -> None:
    found = {"means": "sign_in_sheet", "confirmed": True}
    story.act(name, "verify", records={"verification": [found]})


@then(parsers.re(r"it is one event with (?P<number>\d) companions"))
def is_one_event(story: Story, number: str) -> None:
    seats = [seat["person"] for seat in story.case["seats"] if seat["seat"] == "companion"]
    assert len(seats) == int(number)
    closed = [event for event in story.history if event["act"] == "sort"]
    assert len(closed) == 1
