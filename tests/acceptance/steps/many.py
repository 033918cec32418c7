"""A dispute of many: villagers P1 to P40 against Bram, who is the last party."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story


def _numbers(story: Story) -> list[str]:
    return [f"P{n}" for n in range(1, len(story.sides) + 1)]


def _villagers(story: Story) -> list[str]:
    return _numbers(story)[:-1]


@given(parsers.re(r"(?P<count>\d+) villagers and Bram are waiting for consent"))
def are_waiting(story: Story, count: str) -> None:
    people = [{"role": "claimant", "name": f"Villager {n}"} for n in range(1, int(count) + 1)]
    story.sides = [*people, {"role": "respondent", "name": "Bram"}]
    life.report(story)
    life.screen(story)
    life.ask(story)


@when("all but the last villager and Bram consent")
def all_but_one_consent(story: Story) -> None:
    _consent(story, [no for no in _numbers(story) if no != _villagers(story)[-1]])


@when(parsers.re(r"all \d+ villagers and Bram consent"))
def all_consent(story: Story) -> None:
    _consent(story, _numbers(story))


def _consent(story: Story, numbers: list[str]) -> Reply:
    return story.record("Wang", "consent", *({"party": no, "decision": "given"} for no in numbers))


@then(parsers.re(r"there are (?P<count>\d+) consents on file"))
def consents_on_file(story: Story, count: str) -> None:
    found = [item["party"] for item in story.case["records"] if item["kind"] == "consent"]
    assert sorted(found) == sorted(_numbers(story))
    assert len(found) == int(count)


@given(parsers.re(r"(?P<count>\d+) villagers and Bram have agreed before Ma"))
def have_agreed(story: Story, count: str) -> None:
    are_waiting(story, count)
    story.must(_consent(story, _numbers(story)))
    due = {"debtor": _numbers(story)[-1], "act": "pay each his share", "due": "2024-05-15"}
    story.obligations.append(due)
    life.appoint(story)
    life.sit_down(story)
    life.conclude(story)


@given(parsers.re(r"all have signed but the last (?P<count>\d+) villagers"))
def have_signed(story: Story, count: str) -> None:
    left = _villagers(story)[-int(count) :]
    signers = [*(no for no in _numbers(story) if no not in left), STAFF["Ma"]]
    story.must(story.act("Ma", "sign_agreement", fields={"by": ",".join(signers)}))


@when(parsers.re(rf"{NAME} splits off the last (?P<count>\d+) villagers"))
def splits_off(story: Story, name: str, count: str) -> None:
    leavers = ",".join(_villagers(story)[-int(count) :])
    reply = story.act(name, "split_off", fields={"leavers": leavers}, note="they do not sign")
    if reply.done:
        story.other = next(one["ref"] for one in story.case["links"])


@then(parsers.re(r"(?P<count>\d+) villagers and Bram take part in it"))
def take_part(story: Story, count: str) -> None:
    _sides(story.case, int(count))


@then(parsers.re(r'(?P<count>\d+) villagers and Bram take part in a new case "(?P<state>.+)"'))
def take_part_in_another(story: Story, count: str, state: str) -> None:
    other = story.driver.show(story.other, by=STAFF["Ding"])
    _sides(other, int(count))
    assert (other["state_title"], other["fields"]["category"]) == (state, story.category)


def _sides(case: Any, villagers: int) -> None:
    names = [party["name"] for party in case["parties"] if party["active"]]
    assert len([name for name in names if name.startswith("Villager ")]) == villagers
    assert names.count("Bram") == 1


@then("each of the two cases names the other")
def name_each_other(story: Story) -> None:
    other = story.driver.show(story.other, by=STAFF["Ding"])
    assert [(link["kind"], link["ref"]) for link in other["links"]] == [("split_from", story.ref)]
    assert [link["ref"] for link in story.case["links"]] == [story.other]
    for ref in (story.ref, story.other):
        told = story.driver.history(ref, by=STAFF["Ding"])
        assert any(change["do"] == "link" for event in told["items"] for change in event["changes"])


def _speaks(story: Story, number: int, named: bool) -> Reply:
    return story.act("Wang", "change_party", parties=[{"no": f"P{number}", "representative": named}])


@given(parsers.re(r"the first (?P<count>\d+) villagers are named to speak for their side"))
def are_named(story: Story, count: str) -> None:
    for number in range(1, int(count) + 1):
        story.must(_speaks(story, number, True))


@given(parsers.re(r"villager (?P<number>\d+) speaks for it no more"))
def speaks_no_more(story: Story, number: str) -> None:
    story.must(_speaks(story, int(number), False))


@when(parsers.re(r"Wang names villager (?P<number>\d+) to speak as well"))
def is_named_too(story: Story, number: str) -> None:
    _speaks(story, int(number), True)


@then("villagers 1, 2, 3, 4 and 6 speak for their side")
def these_speak(story: Story) -> None:
    speaking = [party["no"] for party in story.case["parties"] if party.get("representative")]
    assert speaking == ["P1", "P2", "P3", "P4", "P6"]
