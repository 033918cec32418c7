"""Given, then: what is measured, now and as of an evening."""

from datetime import UTC
from typing import Any

from pytest_bdd import given, parsers, then

from tests.acceptance.station import STAFF
from tests.acceptance.story import Story

LASTED = "durations"
ASKED = (
    (LASTED, {"by": "risk,category"}),
    (LASTED, {"clock": "to_acknowledged"}),
    (LASTED, {"by": "filed_month"}),
    ("load", {}),
    ("fairness", {"since": "2024-04-15", "role": "auxiliary"}),
)


def _told(story: Story, measure: str = LASTED, **given_: str) -> Any:
    return story.driver.measure(measure, given_, by=STAFF["Ding"])


@given("the figures of this evening are kept")
def keep(story: Story) -> None:
    evening = story.driver.now.astimezone(UTC).isoformat()
    story.kept = [(name, {**asked, "as_of": evening}, _told(story, name, **asked)) for name, asked in ASKED]


@then("the figures as of that evening are those that were kept")
def are_kept(story: Story) -> None:
    assert [_told(story, name, **then_) for name, then_, _ in story.kept] == [
        said for _, _, said in story.kept
    ]


@then(parsers.parse('the figures by "{name}" tell of "{value}"'))
def tell_of(story: Story, name: str, value: str) -> None:
    assert [group["key"] for group in _told(story, by=name)["groups"]] == [{name: value}]


@then(parsers.parse('nobody counts as "{milestone}" any more'))
def reached_by_nobody(story: Story, milestone: str) -> None:
    assert _told(story, clock=f"to_{milestone}")["n_reached"] == 0
    assert next(said for _, asked, said in story.kept if "clock" in asked)["n_reached"] == 1


@then(parsers.parse("there are {now:d} cases in the figures and there was {then_:d} that evening"))
def counted(story: Story, now: int, then_: int) -> None:
    assert (_told(story)["n"], story.kept[0][2]["n"]) == (now, then_)
