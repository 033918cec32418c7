"""Hazards of the road, and a duty at the crossing."""

from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance.driver import Reply
from tests.acceptance.station import STAFF
from tests.acceptance.story import Story


def _file(story: Story, what: str, by: str = "Wang", **fields: str) -> None:
    filed = story.call(
        "file_case",
        by=STAFF[by],
        case_type="traffic_comanagement",
        place="示例一村",
        what=what,
        fields=fields,
    )
    story.ref = story.must(filed).body["ref"]


def _confirm(story: Story, *, grave: bool = False) -> Reply:
    """Reported and looked at in one go."""
    _file(story, "a hole in the road")
    hazard = {"sort": "surface", "place": "by the mill", "grave": grave}
    return story.act("Wang", "confirm_hazard", records={"hazard": [hazard]})


@when("Wang confirms a hole in the road")
def confirms(story: Story) -> None:
    _confirm(story)


@given("Wang has confirmed a hole in the road")
def has_confirmed(story: Story) -> None:
    story.must(_confirm(story))


@given("Wang has confirmed a broken bridge that endangers life")
def has_confirmed_a_bridge(story: Story) -> None:
    story.must(_confirm(story, grave=True))


@given("Wang has put up cones")
def has_warned(story: Story) -> None:
    cones = {"means": "cones", "placed": story.driver.now.isoformat()}
    story.must(story.record("Wang", "warning", cones))


def _forward(story: Story) -> Reply:
    sent = {"owner": "county_road", "to_whom": "county road office"}
    return story.act("Ding", "forward", records={"forwarding": [sent]})


@when("Ding forwards it to the county road office")
def forwards(story: Story) -> None:
    _forward(story)


@given("the road owner says that the hole Wang found is mended")
def told_mended(story: Story) -> None:
    story.must(_confirm(story))
    story.must(story.call("assign", story.ref, "handler", STAFF["Wang"], by=STAFF["Ding"]))
    has_warned(story)
    story.must(_forward(story))
    mended = {"done": story.today.isoformat(), "told_by": "county road office"}
    story.must(story.act("Ding", "told_repaired", records={"repair": [mended]}))


def _look(story: Story, found: str) -> Reply:
    return story.act("Wang", "verify", records={"verification": [{"good": found == "mended"}]})


@when(parsers.re(r"Wang looks and finds it (?P<found>mended|open)"))
def looks(story: Story, found: str) -> None:
    _look(story, found)


@given("Wang has looked and found it mended")
def has_looked(story: Story) -> None:
    story.must(_look(story, "mended"))


@when("Ding checks it and closes it")
def closes(story: Story) -> None:
    story.act("Ding", "close")


@then(parsers.re(r'the road owner has the "(?P<title>.+)"'))
def owner_has(story: Story, title: str) -> None:
    assert any("road_owner" in n["to"] for n in story.told("notice") if n["title"] == title)


# ---- on duty ------------------------------------------------------------------------------------


@given("Wang is on duty at the crossing")
def on_duty(story: Story) -> None:
    _file(story, "market day at the crossing", by="Ding", kind="duty", occasion="market_day")
    now = story.driver.now
    plan = {"starts": now.isoformat(), "ends": (now + timedelta(hours=3)).isoformat(), "place": "crossing"}
    seats = {"handler": [STAFF["Wang"]]}
    story.must(story.act("Ding", "assign", records={"plan": [plan]}, seats=seats))
    story.must(story.act("Wang", "begin_duty"))


@when(parsers.re(r"Wang persuades a rider and takes (?P<money>\d+) yuan"))
def takes_money(story: Story, money: str) -> None:
    taken = {"conduct": "no_helmet", "heeded": True, "fine": money}
    story.act("Wang", "persuade", records={"persuasion": [taken]})


def _accident(story: Story, **more: Any) -> None:
    seen = {"seen": story.driver.now.isoformat(), "place": "crossing", "called": "line_122", **more}
    story.act("Wang", "meet_accident", records={"accident": [seen]})


@when("Wang comes upon an accident and names who is to blame")
def blames(story: Story) -> None:
    _accident(story, blame="the red tractor")


@when("Wang comes upon an accident and calls 122")
def calls(story: Story) -> None:
    _accident(story)
