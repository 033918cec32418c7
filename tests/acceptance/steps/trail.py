"""Then: what the audit trail says."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import parsers, then

from engine.domain.instant import from_text
from engine.domain.messages import text
from tests.acceptance.moment import ZONE, day
from tests.acceptance.station import STAFF
from tests.acceptance.story import Story, code_of


def _event(story: Story, title: str) -> Mapping[str, Any]:
    """The latest event of that title."""
    return next(event for event in reversed(story.history) if event["title"] == title)


@then(parsers.re(r'the audit trail gives "(?P<basis>.+)" as the basis of "(?P<title>.+)"'))
def trail_gives_basis(story: Story, basis: str, title: str) -> None:
    assert _event(story, title)["basis"] == basis


@then(parsers.re(r'the audit trail dates "(?P<title>.+)" to (?P<on>.+)'))
def trail_dates(story: Story, title: str, on: str) -> None:
    """What happens by expiry counts for the day that ended."""
    event = _event(story, title)
    cause = next((e for e in story.history if e["seq"] == event["cause"]), event)
    assert (event["dated"] or cause["dated"]) == day(on).isoformat()


@then(parsers.re(r'the audit trail names the engine as the one who did "(?P<title>.+)"'))
def trail_names_engine(story: Story, title: str) -> None:
    assert _event(story, title)["actor"] == "system"


@then(
    parsers.re(r"the audit trail says it happened at (?P<at>[\d:]+) and was entered at (?P<entered>[\d:]+)")
)
def trail_has_both_times(story: Story, at: str, entered: str) -> None:
    event = story.history[-1]
    times = [
        from_text(event[key]).astimezone(ZONE).strftime("%H:%M") for key in ("occurred_at", "recorded_at")
    ]
    assert times == [at, entered]


@then(
    parsers.re(
        r"the audit trail names (?P<name>\w+) as the one who did it and (?P<other>\w+) as the one who entered it"
    )
)
def trail_names_both(story: Story, name: str, other: str) -> None:
    event = story.history[-1]
    assert (event["actor"], event["entered_by"]) == (code_of(name), code_of(other))


@then(parsers.re(r'the audit trail ends with "(?P<title>.+)"'))
def trail_ends_with(story: Story, title: str) -> None:
    assert story.history[-1]["title"] == title


@then(parsers.re(r'the audit trail keeps the reason "(?P<reason>.+)"'))
def trail_keeps_reason(story: Story, reason: str) -> None:
    assert story.history[-1]["note"] == reason


@then(
    parsers.re(
        r"the audit trail keeps that it was first due on (?P<first>.+) and then on (?P<second>\w+day [^,]+)"
    )
)
def trail_keeps_deadlines(story: Story, first: str, second: str) -> None:
    """Of the limit of the mediation; the last day that it has now is looked at elsewhere."""
    runs = [c["run"] for e in story.history for c in e["changes"] if c["do"] == "clock"]
    days = [run["due_date"] for run in runs if run["name"] == "mediation_limit" and "due_date" in run]
    assert list(dict.fromkeys(days))[:-1] == [day(first).isoformat(), day(second).isoformat()]


@then("the audit trail keeps both its closing and its reopening")
def trail_keeps_both(story: Story) -> None:
    acts = [event["act"] for event in story.history]
    assert acts.index("close") < acts.index("reopen")


@then(parsers.re(r"the audit trail keeps the ten answers of (?P<name>\w+)"))
def trail_keeps_answers(story: Story, name: str) -> None:
    event = _event(story, "Answer the safety questions")
    record = next(c["item"] for c in event["changes"] if c["do"] == "record")
    answers = [value for value in record["fields"].values() if value is False]
    assert (len(answers), record["by"]) == (10, STAFF[name])


@then(parsers.re(r'the audit trail says that (?P<name>\w+) was left out as "(?P<because>.+)"'))
def trail_says_who_was_left_out(story: Story, name: str, because: str) -> None:
    seats = [c for e in story.history for c in e["changes"] if c["do"] == "seat"]
    out = {o["person"]: text(f"word.out.{o['because']}", "en") for o in seats[-1]["decision"]["excluded"]}
    assert out[STAFF[name]] == because


@then(parsers.re(r"the audit trail says that nobody was found for the (?P<seat>\w+)"))
def trail_says_nobody(story: Story, seat: str) -> None:
    incidents = [c for e in story.history for c in e["changes"] if c["do"] == "incident"]
    assert [(i["what"], i["seat"]) for i in incidents] == [("nobody_found", seat)]
