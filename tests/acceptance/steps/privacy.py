"""What somebody is shown of a case, and for whom there is none."""

from typing import Any

from pytest_bdd import given, parsers, then

from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story

HOME = "behind the third well"
REPORTER = {"name": "aunt Brim"}


@given("Asha's address is on file, and aunt Brim reported it")
def address_on_file(story: Story) -> None:
    story.sides[0]["address"] = HOME
    story.reporter = REPORTER


def _shown(story: Story, name: str) -> tuple[Any, Any]:
    """(Asha's address, who reported it) as somebody is shown them."""
    case = story.driver.show(story.ref, by=STAFF[name])
    [asha] = [party for party in case["parties"] if party["no"] == "P1"]
    return asha["fields"]["address"], case["reporter"]


@then(parsers.re(rf"{NAME} is shown where she lives and who reported it"))
def is_shown_both(story: Story, name: str) -> None:
    assert _shown(story, name) == (HOME, REPORTER)


@then(parsers.re(rf"{NAME} is shown neither where she lives nor who reported it"))
def is_shown_neither(story: Story, name: str) -> None:
    assert _shown(story, name) == ({"masked": True}, {"masked": True})
    told = str(story.driver.history(story.ref, by=STAFF[name]))
    assert HOME not in told
    assert REPORTER["name"] not in told


@then(parsers.re(rf"there is no such case for {NAME}"))
def there_is_no_case(story: Story, name: str) -> None:
    assert [reason["code"] for reason in story.reply.reasons] == ["FM-N001"]
    there_is_none(story, name)


@then(parsers.re(rf"there is none for {NAME}"))
def there_is_none(story: Story, name: str) -> None:
    assert not story.act(name, "note", note="what is this").done
    assert story.ref not in story.driver.listed(by=STAFF[name])


@then(parsers.re(rf"it is in the list of {NAME}"))
def is_in_the_list(story: Story, name: str) -> None:
    assert story.ref in story.driver.listed(by=STAFF[name])
