"""What time it is. The worker runs whenever time goes on."""

from pytest_bdd import given, parsers, when

from tests.acceptance.moment import moment
from tests.acceptance.story import Story


@given(parsers.re(r"it is (?P<at>\w+day .+)"))
def it_is(story: Story, at: str) -> None:
    story.driver.now = moment(at)


@given(parsers.re(r"it has become (?P<at>.+)"))
@when(parsers.re(r"it becomes (?P<at>.+)"))
def it_becomes(story: Story, at: str) -> None:
    story.pass_to(moment(at))


@when(parsers.parse("{days:d} days pass"))
def days_pass(story: Story, days: int) -> None:
    story.pass_days(days)


@when("the worker runs again")
def the_worker_runs_again(story: Story) -> None:
    story.pass_days(0)
    story.pass_days(0)


@given(parsers.re(r"现在是(?P<at>.+)"))
def it_is_zh(story: Story, at: str) -> None:
    story.driver.now = moment(at)
    story.driver.lang = "zh"


@when(parsers.re(r"时间到了(?P<at>.+)"))
def it_becomes_zh(story: Story, at: str) -> None:
    story.pass_to(moment(at))
