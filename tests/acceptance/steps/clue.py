"""Clues to crimes: told, kept secret, looked into, filed or not, rewarded."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance.driver import Reply
from tests.acceptance.moment import moment
from tests.acceptance.station import PARTIES, STAFF
from tests.acceptance.story import NAME, Story

WHO = {"name": "Asha", "contact": "at the mill"}
BY_OU = {"handler": [STAFF["Ou"]]}
BOTH_TOLD = (("tipster", "Asha"), ("tipster", "Bram"))


def tell(story: Story, what: str, *parties: tuple[str, str], **fields: Any) -> None:
    filed = story.call(
        "file_case",
        by=STAFF["Wang"],
        case_type="crime_clue",
        place="示例一村",
        what=what,
        fields=fields,
        parties=[{"role": role, "name": name} for role, name in parties],
    )
    story.ref = story.must(filed).body["ref"]


def take_in(story: Story, name: str = "Ou") -> Reply:
    return story.act(name, "take_in", seats=BY_OU, records={"informant": [WHO]})


# ---- coming in ---------------------------------------------------------------------------------


@given("Wang has handed in a clue of Asha")
def has_handed_in(story: Story) -> None:
    tell(story, "somebody sells stolen pumps", kind="theft")


@given("Wang has handed in a clue that somebody is held in a cellar")
@when("Wang hands in a clue that somebody is held in a cellar")
def hands_in_danger(story: Story) -> None:
    tell(story, "somebody is held in a cellar", kind="trafficking", danger=True, risk="red")


@given("Wang has handed in a clue that Ou takes bribes")
@when("Wang hands in a clue that Ou takes bribes")
def hands_in_an_officer(story: Story) -> None:
    story.looker = "Cao"  # the county: for his own station there is no such case
    tell(story, "an officer takes money", kind="officer", accused_officer=STAFF["Ou"])


@when(parsers.re(rf"{NAME} takes it in under seal"))
def takes_in(story: Story, name: str) -> None:
    take_in(story, name)


@then(parsers.re(rf"{NAME} sees who told it"))
def sees_who_told(story: Story, name: str) -> None:
    [item] = _informants(story, name)
    assert item["fields"]["name"] == WHO["name"]


@then(parsers.re(rf"{NAME} sees that somebody told it, and not who"))
def sees_not_who(story: Story, name: str) -> None:
    [item] = _informants(story, name)
    assert {value["masked"] for value in item["fields"].values()} == {True}


def _informants(story: Story, name: str) -> list[Any]:
    shown = story.driver.show(story.ref, by=STAFF[name])
    return [item for item in shown["records"] if item["kind"] == "informant"]


@when("Ou takes it back for her")
def takes_back(story: Story) -> None:
    story.act("Ou", "withdraw", note="she would rather not have said it")


def _pass_on(story: Story, by: str = "Cao") -> Reply:
    where = {"goes_to": "the neighbouring county"}
    return story.act(by, "pass_on", fields=where, note="it happened there")


@given("Cao has passed a clue to the neighbouring county")
def has_passed_on(story: Story) -> None:
    has_handed_in(story)
    story.must(_pass_on(story))


@when(parsers.re(rf"{NAME} passes it on"))
@when(parsers.re(rf"{NAME} passes it on again"))
def passes_on(story: Story, name: str) -> None:
    _pass_on(story, name)


@given("it was sent back")
def was_sent_back(story: Story) -> None:
    story.must(story.act("Ou", "came_back", note="not theirs either, they say"))


@when("Cao decides who is competent")
def decides_competence(story: Story) -> None:
    where = {"goes_to": "the neighbouring county"}
    story.act("Cao", "settle_jurisdiction", fields=where, note="the goods were sold there")


@when("Ou notes that the other has taken it over")
def notes_taken_over(story: Story) -> None:
    story.act("Ou", "taken_over", note="their number 2024-17")


@when("Ou does what cannot wait")
def acts_urgently(story: Story) -> None:
    done = {"measure": [{"what": "the house is opened"}]}
    story.act("Ou", "act_urgently", records=done, seats=BY_OU)


def _inspect(story: Story, name: str) -> None:
    found = {"found": "he took money twice", "proved": True, "crime": False}
    story.act(name, "inspect", records={"inspection": [found]})


@when("Chen records what was found")
def chen_inspects(story: Story) -> None:
    _inspect(story, "Chen")


@when("Cao records that it is proved")
def cao_inspects(story: Story) -> None:
    _inspect(story, "Cao")


# ---- looked into -------------------------------------------------------------------------------


def verify(story: Story, kind: str, *parties: tuple[str, str], by: str = "Chen") -> Reply:
    tell(story, "somebody took the pump", *parties, kind=kind)
    story.must(take_in(story))
    story.must(story.act("Ou", "review", fields={"kind": kind}))
    return story.act(by, "verify")


@when(parsers.re(rf"{NAME} has the clue of a (?P<kind>theft|gang) verified"))
def has_verified(story: Story, name: str, kind: str) -> None:
    verify(story, kind, by=name)


@given("Ou is verifying the clue of a theft")
def is_verifying(story: Story) -> None:
    story.must(verify(story, "theft"))


@when(parsers.re(rf"{NAME} gives more time for an? (?P<what>complex|ordinary) matter"))
def gives_more_time(story: Story, name: str, what: str) -> None:
    said = {"complex_matter": what == "complex"}
    story.call("extend", story.ref, "verification", by=STAFF[name], reason="many are asked", fields=said)


@given("Ou has asked the neighbours")
def has_asked(story: Story) -> None:
    found = {"means": "asking", "found": "two saw the van", "supports": True}
    story.must(story.record("Ou", "verification", found))


def propose(story: Story) -> Reply:
    proposal = {"facts": "two witnesses", "filing": "criminal_case"}
    return story.act("Ou", "propose", records={"proposal": [proposal]})


@when("Ou proposes to file a case")
def proposes(story: Story) -> None:
    propose(story)


# ---- filed or not ------------------------------------------------------------------------------


def to_decide(story: Story, *parties: tuple[str, str]) -> None:
    story.must(verify(story, "theft", *parties))
    has_asked(story)
    story.must(propose(story))


@given("Ou has proposed what to do with the clue of a theft")
def has_proposed(story: Story) -> None:
    to_decide(story, ("complainant", "Asha"), ("tipster", "Bram"))


def refuse_filing(story: Story) -> Reply:
    return story.act("Cao", "refuse_filing", fields={"refusal_ground": "slight"}, note="a worn pump")


@when("Cao files no case")
def files_no_case(story: Story) -> None:
    refuse_filing(story)


@given(parsers.re(r"Cao has filed no case on (?P<at>.+)"))
def has_filed_no_case(story: Story, at: str) -> None:
    has_proposed(story)
    story.pass_to(moment(at))
    story.must(refuse_filing(story))


@when("Ou tells the complainant")
def tells(story: Story) -> None:
    story.act("Ou", "tell_not_filed")


@then(parsers.re(r'Asha has the "(?P<title>.+)" and Bram has not'))
def only_the_complainant(story: Story, title: str) -> None:
    assert [n["to"] for n in story.told("notice") if n["title"] == title] == [[PARTIES["Asha"]]]


@given(parsers.re(r"Asha was told on (?P<at>.+) that no case is filed"))
def was_told(story: Story, at: str) -> None:
    has_filed_no_case(story, at)
    story.must(story.act("Ou", "tell_not_filed"))


def _ask(story: Story, name: str, act: str) -> Reply:
    return story.act(name, act, note="the pump was all we had")


@when(parsers.re(rf"{NAME} asks for reconsideration"))
def asks(story: Story, name: str) -> None:
    _ask(story, name, "ask_reconsideration")


@given(parsers.re(r"Asha has asked for reconsideration on (?P<at>.+)"))
def has_asked_again(story: Story, at: str) -> None:
    was_told(story, "Monday 18 March 2024, 10:00")
    story.pass_to(moment(at))
    story.must(_ask(story, "Asha", "ask_reconsideration"))


@when("Cao files a case")
def files_a_case(story: Story) -> None:
    story.act("Cao", "file_case", note="it is a theft after all")


@given(parsers.re(r"Cao has upheld it on (?P<at>.+)"))
def has_upheld(story: Story, at: str) -> None:
    has_asked_again(story, "Monday 25 March 2024, 16:00")
    story.pass_to(moment(at))
    story.must(story.act("Cao", "uphold", note="nothing new"))


@when("Asha asks the unit above")
def asks_above(story: Story) -> None:
    _ask(story, "Asha", "ask_review")


@given("Asha has asked the unit above")
def has_asked_above(story: Story) -> None:
    story.must(_ask(story, "Asha", "ask_review"))


@when("Cao records that a case has to be filed")
def records_order(story: Story) -> None:
    story.act("Cao", "record_review", records={"review": [{"file_it": True, "number": "2024-9"}]})


# ---- rewarded ----------------------------------------------------------------------------------


def _file(story: Story, *parties: tuple[str, str]) -> None:
    to_decide(story, *parties)
    story.must(story.act("Cao", "file_case"))


def _solve(story: Story) -> Reply:
    return story.act("Ou", "solve", fields={"solved_on": story.today.isoformat()})


def _solve_on(story: Story, at: str) -> None:
    story.pass_to(moment(at))
    story.must(_solve(story))


@given("the case of Asha's and Bram's clue was filed")
def was_filed(story: Story) -> None:
    _file(story, *BOTH_TOLD)


@when("Ou records that it is solved")
def records_solved(story: Story) -> None:
    _solve(story)


@given(parsers.re(r"Asha's and Bram's clue solved a case on (?P<at>.+)"))
def solved(story: Story, at: str) -> None:
    _file(story, *BOTH_TOLD)
    _solve_on(story, at)


@given(parsers.re(r"a clue without a name solved a case on (?P<at>.+)"))
def solved_without_a_name(story: Story, at: str) -> None:
    _file(story)
    _solve_on(story, at)


def _grant(story: Story, **more: str) -> Reply:
    return story.act("Chen", "grant_reward", records={"reward": [{"amount": "2000", **more}]})


@when(parsers.re(r"Chen grants the reward to (?P<name>Asha|Bram)"))
def grants(story: Story, name: str) -> None:
    _grant(story, recipient=PARTIES[name])


@when("Chen grants the reward to whoever shows the code")
def grants_by_code(story: Story) -> None:
    _grant(story)


@given(parsers.re(r"Chen has granted a reward to Asha on (?P<at>.+)"))
def has_granted(story: Story, at: str) -> None:
    solved(story, "Friday 26 April 2024, 17:00")
    story.pass_to(moment(at))
    story.must(_grant(story, recipient=PARTIES["Asha"]))


def _pay(story: Story, *, matches: bool) -> None:
    paid = {"paid_on": story.today.isoformat(), "known_by": "code", "matches": matches}
    story.act("Ou", "pay_reward", records={"payment": [paid]})


@when("Ou pays it to Asha")
def pays(story: Story) -> None:
    _pay(story, matches=True)


@when("Ou pays it to somebody whose code does not fit")
def pays_the_wrong_one(story: Story) -> None:
    _pay(story, matches=False)
