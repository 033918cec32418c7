"""All of somebody's open work goes to others."""

from pytest_bdd import given, parsers, then, when

from tests.acceptance import life
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story


@given(parsers.re(rf"{NAME} handles two disputes of the village"))
def handles_two(story: Story, name: str) -> None:
    for _ in range(2):
        life.report(story)
        story.must(story.call("assign", story.ref, "handler", STAFF[name], by=STAFF["Ding"]))


@when(parsers.re(rf"{NAME} hands over all that (?P<other>\w+) holds"))
def hands_over(story: Story, name: str, other: str) -> None:
    story.call("reassign", [STAFF[other]], by=STAFF[name])


@when(parsers.re(rf"{NAME} looks at who would take over from (?P<other>\w+)"))
def looks(story: Story, name: str, other: str) -> None:
    story.call("reassign", [STAFF[other]], by=STAFF[name], dry_run=True)


def _told(story: Story) -> list[tuple[str, str | None]]:
    return [(one["result"], one["to"]) for one in story.reply.body["results"]]


@then(parsers.re(r"both disputes (have gone|would go) to (?P<name>\w+)"))
def both_went(story: Story, name: str) -> None:
    assert _told(story) == [("moved", STAFF[name])] * 2


@then(parsers.re(r"one dispute has gone to (?P<name>\w+)"))
def one_went(story: Story, name: str) -> None:
    assert _told(story) == [("moved", STAFF[name])]


@then(parsers.re(r'none has gone because (it )?"(?P<because>.+)"'))
def none_went(story: Story, because: str) -> None:
    results = story.reply.body["results"]
    assert results
    assert all(one["to"] is None and because in one["text"] for one in results), results


@then(parsers.re(r"the audit trail says that (?P<name>\w+) stood in for (?P<other>\w+)"))
def stood_in(story: Story, name: str, other: str) -> None:
    assert story.reply.done, story.reply.told
    event = next(e for e in reversed(story.history) if e["kind"] == "act")
    assert (event["actor"], event["acting_for"]) == (STAFF[name], STAFF[other])
