"""What nobody planned: a death, a threat, reports joined wrongly. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, then, when

from engine.domain.instant import from_text
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


# ---- violence --------------------------------------------------------------------------------------


@when(parsers.re(rf"{NAME} calls the police"))
def calls_the_police(story: Story, name: str) -> None:
    story.act(name, "call_police", note="a threat")


@then(parsers.re(r"it is graded (?P<grade>\w+)"))
def is_graded(story: Story, grade: str) -> None:
    assert story.case["fields"]["risk"] == grade


# ---- reports ----------------------------------------------------------------------------------------


@then(parsers.re(r'the second report has until (?P<due>.+) for "(?P<title>.+)"'))
def second_has_until(story: Story, due: str, title: str) -> None:
    runs = [run for run in story.driver.clocks(story.other, by=STAFF["Ding"]) if run["title"] == title]
    last = max(runs, key=lambda run: run["run"])
    assert (last["status"], from_text(last["due_at"]).astimezone(ZONE)) == ("running", moment(due))
    assert last["run"] == 1, "the run that it had, not a new one"


@then(parsers.re(r'the second report is late since (?P<due>.+) for "(?P<title>.+)"'))
def second_is_late(story: Story, due: str, title: str) -> None:
    second_has_until(story, due, title)
    [run] = [r for r in story.driver.clocks(story.other, by=STAFF["Ding"]) if r["title"] == title]
    assert run["late"]


@then("it is linked to the first no more")
def is_linked_no_more(story: Story) -> None:
    story.pass_days(0)
    for ref in (story.ref, story.other):
        assert story.driver.show(ref, by=STAFF["Ding"])["links"] == []
