"""What nobody planned: death, violence, what was only said, other courts, reports joined wrongly.

Said as having happened it must not have been refused.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from engine.domain.instant import from_text
from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import ZONE, day, moment
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story, code_of

# ---- death -----------------------------------------------------------------------------------------


@given(parsers.re(rf"(?P<dead>\w+) has died, and {NAME} has suspended it until (?P<until>.+)"))
def has_died(story: Story, dead: str, name: str, until: str) -> None:
    suspension = {"ground": "party_died", "until": day(until).isoformat()}
    story.must(story.act(name, "suspend", records={"suspension": [suspension]}, note=f"{dead} died"))


@given(parsers.re(rf"{NAME} is no longer a party"))
def is_no_party(story: Story, name: str) -> None:
    story.must(story.act("Wang", "party_leaves", item=code_of(name), note="died"))


@given(parsers.re(rf"{NAME} has resumed it"))
def has_resumed(story: Story, name: str) -> None:
    story.must(story.act(name, "resume"))


@when(parsers.re(rf"{NAME} closes it because nobody follows"))
def closes_as_moot(story: Story, name: str) -> None:
    story.act(name, "end_moot", fields={"moot_ground": "died_without_successor"}, note="no successor")


# ---- violence --------------------------------------------------------------------------------------


@when(parsers.re(rf"{NAME} stops the session because (?P<who>\w+) struck"))
def stops_the_session(story: Story, name: str, who: str) -> None:
    story.act(name, "stop_session", note=f"{who} struck")


@when(parsers.re(rf"{NAME} calls the police"))
def calls_the_police(story: Story, name: str) -> None:
    story.act(name, "call_police", note="a threat")


@then(parsers.re(r"it is graded (?P<grade>\w+)"))
def is_graded(story: Story, grade: str) -> None:
    assert story.case["fields"]["risk"] == grade


# ---- what was only said -----------------------------------------------------------------------------


@given(
    parsers.re(rf"{NAME} has read the agreement out to (?P<who>\w+) in his dialect, who signs by thumb print")
)
def has_read_out(story: Story, name: str, who: str) -> None:
    read = {"party": code_of(who), "aloud": True, "thumb_print": True, "spoken": "the dialect of the valley"}
    story.must(story.record(name, "read_out", read))


@then(parsers.re(r"the thumb print of (?P<who>\w+) is on file"))
def thumb_print_is_on_file(story: Story, who: str) -> None:
    [read] = [item for item in story.case["records"] if item["kind"] == "read_out"]
    assert (read["party"], read["fields"]["thumb_print"]) == (code_of(who), True)


@when(parsers.re(rf"{NAME} denies the agreement"))
def denies(story: Story, name: str) -> None:
    story.act(name, "deny_agreement", records={"denial": [{"party": code_of(name), "says": "never agreed"}]})


@then("it is marked as weak evidence")
def is_weak_evidence(story: Story) -> None:
    assert story.case["fields"]["weak_evidence"] is True


# ---- elsewhere --------------------------------------------------------------------------------------


def _proceeding(story: Story, name: str, number: str, status: str) -> Reply:
    return story.record(name, "proceeding", {"forum": "court", "number": number, "status": status})


@given(
    parsers.re(rf"{NAME} has recorded that the court (?P<how>has|decided) it under the number (?P<no>\d+)")
)
def has_recorded_a_suit(story: Story, name: str, how: str, no: str) -> None:
    story.must(_proceeding(story, name, no, "pending" if how == "has" else "decided"))


@given(parsers.re(rf"an hour later {NAME} has recorded that the suit (?P<no>\d+) was withdrawn"))
def has_recorded_a_withdrawal(story: Story, name: str, no: str) -> None:
    story.pass_to(story.driver.now + timedelta(hours=1))
    story.must(_proceeding(story, name, no, "withdrawn"))


@when(parsers.re(rf"{NAME} closes it as decided elsewhere"))
def closes_as_decided(story: Story, name: str) -> None:
    story.act(name, "end_elsewhere", note="the court has decided")


# ---- reports ----------------------------------------------------------------------------------------


@given("the case has gone on until it is screened")
def is_screened(story: Story) -> None:
    life.screen(story)


@given(parsers.re(rf"{NAME} has noted repeated unfounded reports"))
def has_noted_abuse(story: Story, name: str) -> None:
    story.must(story.act(name, "flag_abuse", note="the seventh this year"))


@when(parsers.re(rf"{NAME} notes repeated unfounded reports"))
def notes_abuse(story: Story, name: str) -> None:
    story.act(name, "flag_abuse", note="the seventh this year")


@when(parsers.re(rf"{NAME} takes the second report out again"))
def takes_out_again(story: Story, name: str) -> None:
    story.call("act", story.other, "unmerge", by=STAFF[name], note="another wall")


def _second(story: Story) -> Mapping[str, Any]:
    return story.driver.show(story.other, by=STAFF["Ding"])


@then(parsers.re(r'the second report is "(?P<title>.+)"'))
def second_is(story: Story, title: str) -> None:
    assert _second(story)["state_title"] == title, story.reply.told


@then(parsers.re(r'the second report has until (?P<due>.+) for "(?P<title>.+)"'))
def second_has_until(story: Story, due: str, title: str) -> None:
    runs = [run for run in story.driver.clocks(story.other, by=STAFF["Ding"]) if run["title"] == title]
    last = max(runs, key=lambda run: run["run"])
    assert (last["status"], from_text(last["due_at"]).astimezone(ZONE)) == ("running", moment(due))
