"""A waiting list given out at once. The first case is Asha's, the other one Cleo's."""

from pytest_bdd import given, parsers, then, when

from tests.acceptance import life
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story

CASES = r"(?P<whose>Asha|Cleo)'s case"
COUSIN = "vil-31"  # the code under which the village knows Cleo


def _ref(story: Story, whose: str) -> str:
    return story.ref if whose == "Asha" else story.other


@given(parsers.re(rf"{NAME} has room for one case"))
def has_room(story: Story, name: str) -> None:
    story.arrange("limit", STAFF[name], "auxiliary", "V-101", 2)


@given("Asha's dispute with Bram waits")
def waits(story: Story) -> None:
    life.report(story)


@given("Cleo's dispute with Bram waits, and Ou is her cousin")
def another_waits(story: Story) -> None:
    story.arrange("relate", STAFF["Ou"], COUSIN, "kin")
    first, story.sides = story.ref, [{"role": "claimant", "name": "Cleo", "person": COUSIN}, story.sides[1]]
    life.report(story)
    story.ref, story.other = first, story.ref


@given(parsers.re(rf"{NAME} has given {CASES} to (?P<other>\w+)"))
def has_given(story: Story, name: str, whose: str, other: str) -> None:
    story.must(story.call("assign", _ref(story, whose), "handler", STAFF[other], by=STAFF[name]))


@when(parsers.re(rf"{NAME} gives out the waiting list"))
def gives_out(story: Story, name: str) -> None:
    story.call("assign_batch", (), by=STAFF[name])


@when(parsers.re(rf"{NAME} gives out the waiting list by its numbers"))
def gives_out_by_number(story: Story, name: str) -> None:
    story.call("assign_batch", (story.ref, story.other), by=STAFF[name])


@when(parsers.re(rf"{NAME} looks how the waiting list would be given out"))
def looks(story: Story, name: str) -> None:
    story.call("assign_batch", (), by=STAFF[name], dry_run=True)


@then(parsers.re(rf"{CASES} is with (?P<name>\w+)"))
def is_with(story: Story, whose: str, name: str) -> None:
    assert _handlers(story, whose) == [STAFF[name]]


@then(parsers.re(rf"nobody has {CASES}"))
def nobody_has(story: Story, whose: str) -> None:
    assert _handlers(story, whose) == []


@then(parsers.re(r"the answer says that (?P<more>\d+) more got somebody than one by one"))
def more_got_somebody(story: Story, more: str) -> None:
    gain = story.reply.body["gain"]
    assert gain["left_one_by_one"] - gain["left"] == int(more)


@then("the answer says that both would get somebody")
def both_would(story: Story) -> None:
    told = {one["ref"]: one["person"] for one in story.reply.body["results"]}
    assert told == {story.ref: STAFF["Ou"], story.other: STAFF["Wang"]}


@then(parsers.re(rf'the answer says of {CASES} that it "(?P<text>.+)"'))
def says_of(story: Story, whose: str, text: str) -> None:
    [told] = [one for one in story.reply.body["results"] if one["ref"] == _ref(story, whose)]
    assert told["person"] is None
    assert text in told["problem"]["text"]


@then(parsers.re(r"the audit trail says that the pick was made in a batch of (?P<size>\d+)"))
def made_in_a_batch(story: Story, size: str) -> None:
    changes = [change for event in story.history for change in event["changes"] if change["do"] == "seat"]
    batch = changes[-1]["decision"]["batch"]
    assert batch["size"] == int(size)
    assert batch["choice"] == 2


def _handlers(story: Story, whose: str) -> list[str]:
    seats = story.driver.show(_ref(story, whose), by=STAFF[story.looker])["seats"]
    return [seat["person"] for seat in seats if seat["seat"] == "handler"]
