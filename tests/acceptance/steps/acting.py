"""What people do. Said as having happened (``Given Asha has consented``) it must not have been refused."""

from typing import Any

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import day, moment
from tests.acceptance.station import STAFF
from tests.acceptance.story import Story, code_of

NAME = r"(?P<name>[A-Z]\w+)"


# ---- consent and the table -------------------------------------------------------------------------


@given(parsers.re(rf"{NAME} has consented"))
def has_consented(story: Story, name: str) -> None:
    story.must(story.record(name, "consent", {"party": code_of(name), "decision": "given"}))


@when(parsers.re(rf"{NAME} (?P<said>consents|refuses|withdraws (?:his|her) consent)"))
def answers(story: Story, name: str, said: str) -> None:
    decision = {"consents": "given", "refuses": "refused"}.get(said, "withdrawn")
    story.record(name, "consent", {"party": code_of(name), "decision": decision})


@when(parsers.re(rf"{NAME} asks for consent"))
def asks_for_consent(story: Story, name: str) -> None:
    story.act(name, "ask_consent")


@given(parsers.re(rf"{NAME} has joined as (?P<role>another party concerned|respondent)"))
def has_joined(story: Story, name: str, role: str) -> None:
    kind = "respondent" if role == "respondent" else "third_party"
    story.must(story.act("Wang", "add_party", parties=[{"role": kind, "name": name}]))


@when(parsers.re(rf"{NAME} opens a session"))
def opens_a_session(story: Story, name: str) -> None:
    story.act(name, "open_session")


@when(parsers.re(rf"{NAME} adjourns, having invited an uncle without asking"))
def adjourns_with_an_uncle(story: Story, name: str) -> None:
    session = {**life.session(story, "adjourned"), "invited": "an uncle"}
    story.act(name, "adjourn", records={"session": [session]})


@given(parsers.re(rf"{NAME} has noted an oral agreement, (?P<how>performed on the spot)"))
def has_noted_an_oral_agreement(story: Story, name: str, how: str) -> None:
    story.must(_oral(story, name, at_once=True))


@when(parsers.re(rf"{NAME} notes an oral agreement, to be performed later"))
def notes_an_oral_agreement(story: Story, name: str) -> None:
    _oral(story, name, at_once=False)


def _oral(story: Story, name: str, *, at_once: bool) -> Reply:
    agreement = {"facts": "the wall", "terms": "pulled down", "oral": True, "at_once": at_once}
    records = {"session": [life.session(story)], "agreement": [agreement]}
    return story.act(name, "conclude", records=records)


@given(parsers.re(rf"{NAME} has signed"))
def has_signed(story: Story, name: str) -> None:
    story.must(story.act(name, "sign_agreement"))


@when(parsers.re(rf"{NAME} signs"))
def signs(story: Story, name: str) -> None:
    story.act(name, "sign_agreement")


# ---- the mediator ------------------------------------------------------------------------------------


@when(parsers.re(rf"{NAME} names (?P<other>\w+) as mediator"))
def names_as_mediator(story: Story, name: str, other: str) -> None:
    story.act(name, "assign", seats={"mediator": [STAFF[other]]})


@given(parsers.re(rf"{NAME} has named (?P<other>\w+), who has accepted"))
def has_named(story: Story, name: str, other: str) -> None:
    life.appoint(story, other)


@given(parsers.re(rf"{NAME} has named (?P<one>\w+) and (?P<two>\w+)"))
def has_named_two(story: Story, name: str, one: str, two: str) -> None:
    story.must(story.act(name, "assign", seats={"mediator": [STAFF[one], STAFF[two]]}))


@given(parsers.re(rf"{NAME} has accepted the seat"))
def has_accepted(story: Story, name: str) -> None:
    story.must(story.call("take", story.ref, "mediator", by=STAFF[name]))


@when(parsers.re(rf"{NAME} accepts the seat"))
def accepts(story: Story, name: str) -> None:
    story.call("take", story.ref, "mediator", by=STAFF[name])


@when(parsers.re(rf"{NAME} objects to (?P<other>\w+)"))
def objects(story: Story, name: str, other: str) -> None:
    objection = {"party": code_of(name), "member": STAFF[other], "ground": "a cousin of the other side"}
    story.act(name, "object", records={"objection": [objection]})


@given(parsers.re(rf"{NAME} wants (?P<other>\w+) as mediator"))
def wants(story: Story, name: str, other: str) -> None:
    story.must(story.record(name, "preference", {"party": code_of(name), "member": STAFF[other]}))


@when(parsers.re(rf"{NAME} chooses (?P<other>\w+)"))
def chooses(story: Story, name: str, other: str) -> None:
    story.act(name, "choose", seats={"mediator": [STAFF[other]]})


# ---- safety --------------------------------------------------------------------------------------------


@when(parsers.re(rf"{NAME} screens it (?P<grade>\w+) with every answer no"))
def screens(story: Story, name: str, grade: str) -> None:
    _screen(story, name, grade, life.CLEAR)


@when(parsers.re(rf'{NAME} screens it (?P<grade>\w+) with "(?P<question>\w+)" answered yes'))
def screens_with(story: Story, name: str, grade: str, question: str) -> None:
    _screen(story, name, grade, {**life.CLEAR, question: True})


@given(parsers.re(rf'{NAME} has screened it (?P<grade>\w+) with "(?P<question>\w+)" answered yes'))
def has_screened_with(story: Story, name: str, grade: str, question: str) -> None:
    story.must(_screen(story, name, grade, {**life.CLEAR, question: True}))


@when(parsers.re(rf'{NAME} screens it (?P<grade>\w+) and leaves "(?P<question>\w+)" open'))
def screens_without(story: Story, name: str, grade: str, question: str) -> None:
    _screen(story, name, grade, {k: v for k, v in life.CLEAR.items() if k != question})


def _screen(story: Story, name: str, grade: str, answers: dict[str, Any]) -> Reply:
    fields = {"risk": grade, "category": story.category}
    return story.act(name, "screen", fields=fields, records={"screening_form": [answers]})


@when(parsers.re(rf"{NAME} calls it (?P<grade>\w+)"))
def calls_it(story: Story, name: str, grade: str) -> None:
    story.act(name, "regrade", fields={"risk": grade}, note="a knife was seen")


@given(parsers.re(rf"{NAME} has told the guardian of (?P<other>\w+)"))
def has_told_the_guardian(story: Story, name: str, other: str) -> None:
    told = {"party": code_of(other), "guardian": "the mother", "will_attend": True}
    story.must(story.record(name, "guardian_notice", told))


@given(parsers.re(rf"{NAME} has flagged domestic violence"))
def has_flagged(story: Story, name: str) -> None:
    story.must(story.act(name, "flag_dv"))


@given(parsers.re(rf"{NAME} has cleared it, having heard the victim alone"))
def has_cleared(story: Story, name: str) -> None:
    story.must(_clear(story, name, alone=True))


@when(parsers.re(rf"{NAME} clears it, having heard the victim (?P<how>alone|beside Bram)"))
def clears(story: Story, name: str, how: str) -> None:
    _clear(story, name, alone=how == "alone")


def _clear(story: Story, name: str, *, alone: bool) -> Reply:
    return story.act(name, "clear_dv", records={"victim_interview": [{"alone": alone, "safe": True}]})


# ---- standing still, ending, going elsewhere ---------------------------------------------------------


def _suspend(story: Story, name: str, until: str) -> Reply:
    suspension = {"ground": "party_away", "until": day(until).isoformat()}
    return story.act(name, "suspend", records={"suspension": [suspension]}, note="works in the city")


@given(parsers.re(rf"{NAME} has suspended it until (?P<until>.+)"))
def has_suspended(story: Story, name: str, until: str) -> None:
    story.must(_suspend(story, name, until))


@when(parsers.re(rf"{NAME} suspends it until (?P<until>.+)"))
def suspends(story: Story, name: str, until: str) -> None:
    _suspend(story, name, until)


@when(parsers.re(rf"{NAME} resumes it on (?P<at>.+)"))
def resumes(story: Story, name: str, at: str) -> None:
    story.pass_to(moment(at))
    story.act(name, "resume")


@given(parsers.re(rf"{NAME} has ended the mediation"))
def has_ended(story: Story, name: str) -> None:
    story.must(story.act(name, "terminate"))


@when(parsers.re(rf"{NAME} ends the mediation"))
def ends(story: Story, name: str) -> None:
    story.act(name, "terminate")


@when(parsers.re(rf"{NAME} names the court as the next forum"))
def names_the_court(story: Story, name: str) -> None:
    story.act(name, "name_forum", fields={"next_forum": "court"})


@given(parsers.re(rf"{NAME} has tried in vain to reach (?P<other>\w+) on (?P<days>\d) days"))
def has_tried(story: Story, name: str, other: str, days: str) -> None:
    attempt = {"party": code_of(other), "means": "visit", "reached": False}
    for _ in range(int(days)):
        story.must(story.record(name, "contact", attempt))
        story.must(story.record(name, "contact", attempt))
        story.pass_days(1)


@when(parsers.re(rf"{NAME} stops looking for a party"))
def stops_looking(story: Story, name: str) -> None:
    story.act(name, "give_up_search")


@given(parsers.re(rf"{NAME} has referred it to the station"))
def has_referred(story: Story, name: str) -> None:
    story.must(_refer(story, name))


@when(parsers.re(rf"{NAME} refers it to the station"))
def refers(story: Story, name: str) -> None:
    _refer(story, name)


def _refer(story: Story, name: str) -> Reply:
    return story.act(name, "refer", fields={"agency": "station"}, note="a matter of the police")


@when(parsers.re(r"the station (?P<what>takes it over|sends it back)"))
def the_station_answers(story: Story, what: str) -> None:
    act = "taken_over" if what == "takes it over" else "came_back"
    story.act("Ding", act, note="by telephone")


@when(parsers.re(rf"{NAME} marks the second report as a duplicate of the first"))
def marks_the_second(story: Story, name: str) -> None:
    _join(story, name, "mark_duplicate")


@given(parsers.re(rf"{NAME} has merged the second report into the first"))
def has_merged_the_second(story: Story, name: str) -> None:
    story.must(_join(story, name, "merge"))


def _join(story: Story, name: str, act: str) -> Reply:
    return story.call("act", story.other, act, by=STAFF[name], fields={"same_as": story.ref})


@when(parsers.re(rf"{NAME} reopens the second report"))
def reopens_the_second(story: Story, name: str) -> None:
    fields = {"reopen_ground": "complaint"}
    story.call("act", story.other, "reopen", by=STAFF[name], fields=fields, note="asked again")


# ---- agreement and performance -------------------------------------------------------------------------


def _perform(story: Story, name: str, number: str, **more: Any) -> Reply:
    return story.record(name, "performance", {"of": f"O{number}", "on": story.today.isoformat(), **more})


@given(parsers.re(rf"{NAME} has performed obligation (?P<number>\d)"))
def has_performed(story: Story, name: str, number: str) -> None:
    story.must(_perform(story, name, number))


@when(parsers.re(rf"{NAME} performs obligation (?P<number>\d)"))
def performs(story: Story, name: str, number: str) -> None:
    _perform(story, name, number)


@when(parsers.re(rf"{NAME} pays a part of obligation (?P<number>\d)"))
def pays_a_part(story: Story, name: str, number: str) -> None:
    _perform(story, name, number, amount="100", full=False)


@when(parsers.re(rf"{NAME} records that the payment of obligation (?P<number>\d) failed"))
def payment_failed(story: Story, name: str, number: str) -> None:
    failed = {"of": f"O{number}", "on": story.today.isoformat(), "full": False}
    story.act(name, "payment_failed", records={"performance": [failed]})


@when(parsers.re(rf"{NAME} declares a breach"))
def declares_a_breach(story: Story, name: str) -> None:
    story.act(name, "breach")


@given(parsers.re(rf'{NAME} has mediated again, Bram now owing "(?P<amount>\d+)" yuan by (?P<due>.+)'))
def has_mediated_again(story: Story, name: str, amount: str, due: str) -> None:
    story.must(story.act(name, "mediate_again"))
    owed = {"debtor": "P2", "act": "pay", "amount": amount, "due": day(due).isoformat()}
    story.obligations = [owed]
    for step in (life.sit_down, life.conclude, life.sign):
        step(story)


@when(parsers.re(rf"{NAME} leaves the rest"))
def leaves_the_rest(story: Story, name: str) -> None:
    story.act(name, "leave_rest")


@given(parsers.re(rf"{NAME} goes on with the rest"))
def goes_on(story: Story, name: str) -> None:
    story.must(story.act(name, "continue_rest"))


@given(parsers.re(rf"{NAME} has applied for confirmation"))
def has_applied(story: Story, name: str) -> None:
    story.must(story.record(name, "application", {"party": code_of(name), "court": "county court"}))


@when(parsers.re(rf"{NAME} files the application with the court"))
def files_the_application(story: Story, name: str) -> None:
    story.act(name, "file_confirmation")


@given(parsers.re(r"the court has (?P<said>refused to confirm it|confirmed it)"))
def the_court_has(story: Story, said: str) -> None:
    story.must(story.act("Ma", "court_decides", fields={"court_confirms": said == "confirmed it"}))


@when(parsers.re(rf"{NAME} mediates again after the refusal"))
def mediates_after_refusal(story: Story, name: str) -> None:
    story.act(name, "mediate_after_refusal")


@when(parsers.re(rf"{NAME} applies for enforcement"))
def applies_for_enforcement(story: Story, name: str) -> None:
    story.act(name, "enforce")


# ---- two mediations of the police ------------------------------------------------------------------------


def _fail(story: Story) -> Reply:
    return story.act("Ou", "mediate", records={"mediation": [{"course": "no agreement"}]})


@given("the mediation has failed")
def mediation_has_failed(story: Story) -> None:
    story.must(_fail(story))


@when("the mediation fails")
@when("Ou tries a third mediation")
def mediation_fails(story: Story) -> None:
    _fail(story)


# ---- clocks, visits, closing ---------------------------------------------------------------------------


def _extend(story: Story, name: str, clock: str, *, agreed: bool = True) -> Reply:
    fields = {"longer_agreed": agreed}
    return story.call("extend", story.ref, clock, by=STAFF[name], reason="near to agreement", fields=fields)


@given(parsers.re(rf'{NAME} has extended "(?P<clock>.+)"'))
def has_extended(story: Story, name: str, clock: str) -> None:
    story.must(_extend(story, name, clock))


@when(parsers.re(rf'{NAME} extends "(?P<clock>.+)" (?P<how>as the parties agree|although .+)'))
def extends(story: Story, name: str, clock: str, how: str) -> None:
    _extend(story, name, clock, agreed=how == "as the parties agree")


@when(parsers.re(rf"{NAME} writes a note"))
def writes_a_note(story: Story, name: str) -> None:
    story.must(story.call("note", story.ref, "both sides were friendlier", by=STAFF[name]))


@given(parsers.re(rf"{NAME} has visited the parties after (?P<days>\d+) days"))
def has_visited(story: Story, name: str, days: str) -> None:
    story.pass_days(int(days))
    story.must(story.record(name, "visit", life.WELL))


@given(parsers.re(rf"{NAME} has visited the parties on the same day"))
def has_visited_again(story: Story, name: str) -> None:
    story.must(story.record(name, "visit", life.WELL))


@given(parsers.re(rf"{NAME} has visited the parties after (?P<days>\d+) days and found a latent risk"))
def has_found_a_risk(story: Story, name: str, days: str) -> None:
    story.pass_days(int(days))
    story.must(story.record(name, "visit", {**life.WELL, "latent_risk": True}))


@when(parsers.re(rf"{NAME} enters a visit of (?P<at>.+)"))
def enters_a_visit(story: Story, name: str, at: str) -> None:
    story.record(name, "visit", life.WELL, at=moment(at))


@when(parsers.re(rf"{NAME} closes the case"))
def closes(story: Story, name: str) -> None:
    story.act(name, "close")


def _reopen(story: Story, name: str) -> Reply:
    return story.act(name, "reopen", fields={"reopen_ground": "new_fact"}, note="the wall stands again")


@when(parsers.re(rf"{NAME} reopens the case"))
def reopens(story: Story, name: str) -> None:
    _reopen(story, name)


@given(parsers.re(rf"{NAME} has reopened the case"))
def has_reopened(story: Story, name: str) -> None:
    story.must(_reopen(story, name))


@given(parsers.re(rf"{NAME} has reopened the case, which was found unfounded"))
def has_reopened_in_vain(story: Story, name: str) -> None:
    story.must(_reopen(story, name))
    story.must(story.act("Ding", "dismiss", note="nothing new"))


@given("Ding has screened it again and Wang has asked for consent")
def screened_again(story: Story) -> None:
    story.must(_screen(story, "Ding", "yellow", life.CLEAR))
    life.ask(story)


# ---- assignment ------------------------------------------------------------------------------------------


@given("Ding and Duan have the case before their eyes")
@given("Duan has looked again")
def has_before_the_eyes(story: Story) -> None:
    story.seen = story.case["version"]


def _give(story: Story, name: str, other: str, reason: str | None = None) -> Reply:
    more = {"reason": reason, "if_version": story.seen or None}
    return story.call("assign", story.ref, "handler", STAFF[other], by=STAFF[name], **more)


@given(parsers.re(rf"{NAME} has given it to (?P<other>\w+)"))
def has_given(story: Story, name: str, other: str) -> None:
    story.must(_give(story, name, other))


@when(parsers.re(rf"{NAME} gives it to (?P<other>\w+)"))
def gives(story: Story, name: str, other: str) -> None:
    _give(story, name, other)


@when(parsers.re(rf'{NAME} gives it to (?P<other>\w+), because "(?P<reason>.+)"'))
def gives_because(story: Story, name: str, other: str, reason: str) -> None:
    _give(story, name, other, reason)


@when(parsers.re(rf"{NAME} lets the engine choose the handler"))
def lets_the_engine_choose(story: Story, name: str) -> None:
    story.call("assign", story.ref, "handler", None, by=STAFF[name])


@when(parsers.re(rf"{NAME} takes a report of Asha against nobody known"))
def takes_a_report_alone(story: Story, name: str) -> None:
    story.sides = story.sides[:1]
    life.report(story)
