"""Then: what was refused, why, and who may do what."""

from pytest_bdd import parsers, then

from tests.acceptance.station import PARTIES
from tests.acceptance.story import Story


@then(parsers.re(r'it is refused under "(?P<rule>\w+)"'))
def is_refused_under(story: Story, rule: str) -> None:
    told = [reason["params"].get("rule") for reason in story.reply.reasons]
    assert told == [rule], story.reply.told or "it was done"


@then(parsers.re(r'it is refused because (?:it )?"(?P<text>.+)"'))
def is_refused_because(story: Story, text: str) -> None:
    assert text in story.reply.told, story.reply.told or "it was done"


@then(parsers.re(r"the refusal names (?P<name>\w+)"))
def refusal_names(story: Story, name: str) -> None:
    assert [r["params"]["party"] for r in story.reply.reasons] == [PARTIES[name]]


@then(parsers.re(r'the refusal says that he is "(?P<role>.+)"'))
def refusal_says(story: Story, role: str) -> None:
    assert story.reply.reasons[0]["params"]["holds"] == role


@then(parsers.re(r"(?P<name>\w+) cannot open a session"))
def cannot_open(story: Story, name: str) -> None:
    assert "open_session" not in [o["act"] for o in story.offers(name) if o["allowed"]]
    assert not story.act(name, "open_session").done


@then(parsers.re(r'(?P<name>\w+) may not "(?P<act>\w+)", because it "(?P<text>.+)"'))
def may_not(story: Story, name: str, act: str, text: str) -> None:
    offer = story.offer(name, act)
    assert not offer["allowed"]
    assert any(text in reason["text"] for reason in offer["reasons"])


@then(parsers.re(r'(?P<name>\w+) may "(?P<act>\w+)"'))
def may(story: Story, name: str, act: str) -> None:
    assert story.offer(name, act)["allowed"]
