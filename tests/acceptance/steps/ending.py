"""Standing still, ending, going elsewhere. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance.driver import Reply
from tests.acceptance.moment import day, moment
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story, code_of


def _suspend(story: Story, name: str, until: str) -> Reply:
    suspension = {"ground": "party_away", "until": day(until).isoformat()}
    return story.act(name, "suspend", records={"suspension": [suspension]}, note="works in the city")


@given(parsers.re(rf"{NAME} has suspended it until (?P<until>.+)"))
def has_suspended(story: Story, name: str, until: str) -> None:
    story.must(_suspend(story, name, until))


@when(parsers.re(rf"{NAME} suspends it until (?P<until>.+)"))
def suspends(story: Story, name: str, until: str) -> None:
    _suspend(story, name, until)


@when(parsers.re(rf"{NAME} resumes it on (?P<at>.+)"))
def resumes(story: Story, name: str, at: str) -> None:
    story.pass_to(moment(at))
    story.act(name, "resume")


@given(parsers.re(rf"{NAME} has ended the mediation"))
def has_ended(story: Story, name: str) -> None:
    story.must(story.act(name, "terminate"))


@when(parsers.re(rf"{NAME} ends the mediation"))
def ends(story: Story, name: str) -> None:
    story.act(name, "terminate")


@when(parsers.re(rf"{NAME} names the court as the next forum"))
def names_the_court(story: Story, name: str) -> None:
    story.act(name, "name_forum", fields={"next_forum": "court"})


@given(parsers.re(rf"{NAME} has tried in vain to reach (?P<other>\w+) on (?P<days>\d) days"))
def has_tried(story: Story, name: str, other: str, days: str) -> None:
    attempt = {"party": code_of(other), "means": "visit", "reached": False}
    for _ in range(int(days)):
        story.must(story.record(name, "contact", attempt))
        story.must(story.record(name, "contact", attempt))
        story.pass_days(1)


@when(parsers.re(rf"{NAME} stops looking for a party"))
def stops_looking(story: Story, name: str) -> None:
    story.act(name, "give_up_search")


@given(parsers.re(rf"{NAME} has referred it to the station"))
def has_referred(story: Story, name: str) -> None:
    story.must(_refer(story, name))


@when(parsers.re(rf"{NAME} refers it to the station"))
def refers(story: Story, name: str) -> None:
    _refer(story, name)


def _refer(story: Story, name: str) -> Reply:
    return story.act(name, "refer", fields={"agency": "station"}, note="a matter of the police")


@when(parsers.re(r"the station (?P<what>takes it over|sends it back)"))
def the_station_answers(story: Story, what: str) -> None:
    act = "taken_over" if what == "takes it over" else "came_back"
    story.act("Ding", act, note="by telephone")


@when(parsers.re(rf"{NAME} marks the second report as a duplicate of the first"))
def marks_the_second(story: Story, name: str) -> None:
    _join(story, name, "mark_duplicate")


@given(parsers.re(rf"{NAME} has merged the second report into the first"))
def has_merged_the_second(story: Story, name: str) -> None:
    story.must(_join(story, name, "merge"))


def _join(story: Story, name: str, act: str) -> Reply:
    return story.call("act", story.other, act, by=STAFF[name], fields={"same_as": story.ref})


@when(parsers.re(rf"{NAME} reopens the second report"))
def reopens_the_second(story: Story, name: str) -> None:
    fields = {"reopen_ground": "complaint"}
    story.call("act", story.other, "reopen", by=STAFF[name], fields=fields, note="asked again")
