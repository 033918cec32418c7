"""Papers, powers, words read out and denied, proceedings elsewhere, help from above.

Said as having happened it must not have been refused.
"""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story, code_of

CASE_NUMBER = "2024-民初-118"

# ---- who takes part ------------------------------------------------------------------------------


@given("Bram does not read")
def does_not_read(story: Story) -> None:
    story.sides[1]["literate"] = False


@given("a party speaks another language")
def speaks_another_language(story: Story) -> None:
    story.answers = {"language": True}


@given("one party depends on the other")
def depends(story: Story) -> None:
    story.answers = {"power_gap": True}


@given(parsers.re(r"Bram sends an attorney (?P<how>without|with) written powers(?P<agree> to agree)?"))
def sends_an_attorney(story: Story, how: str, agree: str | None) -> None:
    power = {"party": "P2", "kind": "attorney", "agent": "a cousin", "written": how == "with"}
    story.must(story.record("Wang", "power", {**power, "may_settle": bool(agree)}))


@given(parsers.re(rf"{NAME} has seen the papers of (?P<other>\w+)"))
def has_seen_the_papers(story: Story, name: str, other: str) -> None:
    story.must(story.record(name, "identity_paper", {"party": code_of(other), "kind": "id_card"}))


# ---- what is agreed, read out, denied -----------------------------------------------------------------


@given(parsers.re(rf"{NAME} has opened a session"))
def has_opened_a_session(story: Story, name: str) -> None:
    story.must(story.act(name, "open_session"))


@given(parsers.re(rf"{NAME} has talked with Asha and Bram alone"))
def has_talked_alone(story: Story, name: str) -> None:
    for party in ("P1", "P2"):
        story.must(story.record(name, "caucus", {"party": party, "notes": "what the other should not hear"}))


@when(parsers.re(rf"{NAME} concludes it(?P<help> with an interpreter)?"))
def concludes(story: Story, name: str, help: str | None) -> None:  # noqa: A002 - the word of the step
    met = {**life.session(story), **({"interpreter": "Na Ren"} if help else {})}
    agreement = {"facts": "the wall", "terms": "pulled down"}
    story.act(name, "conclude", records={"session": [met], "agreement": [agreement]})


@given(parsers.re(rf"{NAME} has read the agreement out to (?P<other>\w+)"))
def has_read_out(story: Story, name: str, other: str) -> None:
    story.must(story.record(name, "read_out", {"party": code_of(other), "aloud": True, "spoken": "dialect"}))


@given(parsers.re(rf"Asha and Bram have agreed orally before {NAME}"))
def have_agreed_orally(story: Story, name: str) -> None:
    life.reach(story, "in session")
    spoken = {
        "facts": "the wall",
        "terms": "pulled down",
        "oral": True,
        "at_once": True,
        "witness": "an aunt",
    }
    records = {"session": [life.session(story)], "agreement": [spoken]}
    story.must(story.act(name, "conclude", records=records))
    story.must(story.act(name, "sign_agreement"))


def _deny(story: Story, name: str) -> Reply:
    denial = {"party": code_of(name), "says": "nothing was promised"}
    return story.act(name, "deny_agreement", records={"denial": [denial]})


@given(parsers.re(rf"{NAME} has denied the agreement"))
def has_denied(story: Story, name: str) -> None:
    story.must(_deny(story, name))


@when(parsers.re(rf"{NAME} denies the agreement"))
def denies(story: Story, name: str) -> None:
    _deny(story, name)


@when(parsers.re(rf"{NAME} writes it down"))
def writes_it_down(story: Story, name: str) -> None:
    agreement = {"facts": "the wall", "terms": "stays down"}
    story.act(name, "write_down", records={"agreement": [agreement]})


@then("the file says that it rests on an oral agreement")
def rests_on_an_oral_agreement(story: Story) -> None:
    assert story.case["fields"]["weak_evidence"] is True


# ---- elsewhere ---------------------------------------------------------------------------------------


def _proceeding(status: str) -> dict[str, Any]:
    return {"forum": "court", "number": CASE_NUMBER, "status": status}


@given(parsers.re(rf"{NAME} has brought it before the court"))
def has_sued(story: Story, name: str) -> None:
    story.must(story.record("Wang", "proceeding", _proceeding("pending")))


@given(parsers.re(r'the proceeding there is "(?P<status>\w+)"'))
def proceeding_is(story: Story, status: str) -> None:
    story.pass_days(1)
    story.must(story.record("Wang", "proceeding", _proceeding(status)))


@when(parsers.re(rf"{NAME} closes it as decided elsewhere"))
def closes_as_decided(story: Story, name: str) -> None:
    story.act(name, "end_elsewhere", note="the judgment is on file")


@when(parsers.re(rf"{NAME} closes it because Bram has died without a successor"))
def closes_as_moot(story: Story, name: str) -> None:
    story.act(name, "end_moot", fields={"moot_ground": "died_without_successor"}, note="no kin")


@when(parsers.re(rf"{NAME} takes (?P<which>the second report|it) apart(?: again)?"))
def takes_apart(story: Story, name: str, which: str) -> None:
    ref = story.other if which == "the second report" else story.ref
    story.call("act", ref, "unmerge", by=STAFF[name], note="two walls, two quarrels")


@then(parsers.re(r'the second report is "(?P<title>.+)"'))
def second_report_is(story: Story, title: str) -> None:
    assert story.driver.show(story.other, by=STAFF["Ding"])["state_title"] == title, story.reply.told


# ---- from above --------------------------------------------------------------------------------------


@given(parsers.re(rf"{NAME} has taken it one level up"))
def has_taken_up(story: Story, name: str) -> None:
    story.must(story.act(name, "escalate"))


@when(parsers.re(rf"{NAME} takes it one level up"))
def takes_up(story: Story, name: str) -> None:
    story.act(name, "escalate")


@then(parsers.re(r'it is carried at the level "(?P<level>\w+)"'))
def is_carried_at(story: Story, level: str) -> None:
    assert story.case["fields"].get("level", "village") == level, story.reply.told


@then("somebody of the office has joined")
def somebody_has_joined(story: Story) -> None:
    [held] = [seat for seat in story.case["seats"] if seat["seat"] == "office_support"]
    assert held["person"] in (STAFF["Ou"], STAFF["Ouyang"])


def _adjourn(story: Story, name: str) -> Reply:
    return story.act(name, "adjourn", records={"session": [life.session(story, "adjourned")]})


@given(parsers.re(rf"{NAME} has adjourned and opened the next session"))
def has_adjourned(story: Story, name: str) -> None:
    story.must(_adjourn(story, name))
    story.must(story.act(name, "open_session"))


@when(parsers.re(rf"{NAME} adjourns"))
def adjourns(story: Story, name: str) -> None:
    _adjourn(story, name)


@given(parsers.re(rf"{NAME} has written a note"))
def has_written_a_note(story: Story, name: str) -> None:
    story.must(story.call("note", story.ref, "looked in", by=STAFF[name]))


@when(parsers.re(rf"{NAME} writes the plan"))
def writes_the_plan(story: Story, name: str) -> None:
    story.record(name, "plan", {"lead": "Ou", "measures": "a visit every evening"})


@then(parsers.re(r'the deadline "(?P<title>[^"]+)" was kept'))
def deadline_was_kept(story: Story, title: str) -> None:
    assert story.clock(title)["verdict"] == "met"


# ---- danger ------------------------------------------------------------------------------------------


@given(parsers.re(rf"{NAME} has called the police"))
def has_called_the_police(story: Story, name: str) -> None:
    story.must(story.act(name, "call_police", note="a knife"))


@given(parsers.re(rf"{NAME} has stopped the session because of violence"))
def has_stopped(story: Story, name: str) -> None:
    story.must(story.act(name, "stop_session", note="a blow"))


@when(parsers.re(rf"{NAME} stops the session because of violence"))
def stops(story: Story, name: str) -> None:
    story.act(name, "stop_session", note="a blow")


@given(parsers.re(rf"{NAME} has noted repeated unfounded reports"))
def has_noted(story: Story, name: str) -> None:
    story.must(story.act(name, "flag_abuse", note="the sixth report about the same wall"))


@when(parsers.re(rf"{NAME} notes repeated unfounded reports"))
def notes(story: Story, name: str) -> None:
    story.act(name, "flag_abuse", note="the sixth report about the same wall")
