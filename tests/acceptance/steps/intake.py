"""One matter told twice: what is proposed, joined by a person, taken apart again; the reporter's receipt."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance.station import STAFF
from tests.acceptance.steps.dispute import has_reported_the_same
from tests.acceptance.story import NAME, Story


@when(parsers.re(rf"{NAME} joins the second report to the first"))
def joins(story: Story, name: str) -> None:
    story.call("merge", story.other, story.ref, by=STAFF[name], reason="one matter")


@given(parsers.re(rf"{NAME} has joined the second report to the first"))
def has_joined(story: Story, name: str) -> None:
    story.must(story.call("merge", story.other, story.ref, by=STAFF[name], reason="one matter"))


@when(parsers.re(rf"{NAME} joins the first report to the second"))
def joins_back(story: Story, name: str) -> None:
    story.call("merge", story.ref, story.other, by=STAFF[name], reason="one matter")


@when(parsers.re(rf"{NAME} takes the two reports apart"))
def takes_apart(story: Story, name: str) -> None:
    story.call("unmerge", story.other, by=STAFF[name], reason="two matters")


@given(parsers.re(rf"{NAME} has found that the two are not the same"))
def are_not_the_same(story: Story, name: str) -> None:
    story.must(story.call("not_the_same", story.other, story.ref, by=STAFF[name], reason="another wall"))


@then("the first report is proposed as the same, with the reasons")
def is_proposed(story: Story) -> None:
    [proposed] = story.reply.body["similar"]
    assert proposed["ref"] == story.ref
    assert "same place; same type; 10 min apart" in proposed["because"]


@then("nothing was joined by itself")
def nothing_joined(story: Story) -> None:
    for ref in (story.ref, story.other):
        case = story.driver.show(ref, by=STAFF["Ding"])
        assert (case["links"], case["outcome"]) == ([], None)


@then(parsers.re(rf"{NAME} is shown the first report beside the second"))
def is_shown(story: Story, name: str) -> None:
    assert [one["ref"] for one in story.driver.similar(story.other, by=STAFF[name])] == [story.ref]


@then(parsers.re(rf"{NAME} is shown nothing beside either of them"))
def is_shown_nothing(story: Story, name: str) -> None:
    assert story.driver.similar(story.other, by=STAFF[name]) == []
    assert story.driver.similar(story.ref, by=STAFF[name]) == []


@then(parsers.re(r'the answer says that "(?P<title>[^"]+)" will be governed by the second report'))
def will_be_governed(story: Story, title: str) -> None:
    [told] = [one for one in story.must(story.reply).body["clocks"] if one["title"] == title]
    assert told["governs"] == story.other
    assert told["due_at"] == told["brought_due_at"] < told["own_due_at"]


@then("the second report says that it goes on in the first")
def goes_on(story: Story) -> None:
    assert _second(story)["goes_on_in"] == story.ref


@then("both stand as they stood, linked no more")
def stand_alone(story: Story) -> None:
    story.pass_days(0)
    for ref in (story.ref, story.other):
        case = story.driver.show(ref, by=STAFF["Ding"])
        assert (case["state"], case["cycle"], case["outcome"], case["links"]) == ("reported", 1, None, [])


@when("ten minutes later Bram reports the same")
def reports_the_same(story: Story) -> None:
    has_reported_the_same(story)


@then("it is refused because the second cannot take it in")
def cannot_take_in(story: Story) -> None:
    assert f"It goes on in {story.ref}" in story.reply.told


@then("the receipt of the second report says how the first stands, and names it not")
def receipt_says(story: Story) -> None:
    told = story.driver.status(story.receipt, by=STAFF["Duan"])
    assert told.done, told.told
    assert (told.body["ref"], told.body["joined"]) == (story.other, True)
    assert told.body["state_title"] == story.case["state_title"]
    assert story.ref not in str(told.body)


@then("a receipt that nobody was given says nothing")
def wrong_receipt(story: Story) -> None:
    told = story.driver.status("2222-222-222", by=STAFF["Duan"])
    assert "No report has this receipt" in told.told


def _second(story: Story) -> Any:
    return story.driver.show(story.other, by=STAFF["Ding"])
