"""Public-security mediation: a blow between Asha, who was struck, and Bram, who struck her."""

from datetime import date
from typing import Any

from pytest_bdd import given, parsers, then, when

from engine.domain.instant import from_text
from tests.acceptance.driver import Reply
from tests.acceptance.moment import ZONE, day, moment
from tests.acceptance.station import PARTIES, STAFF
from tests.acceptance.story import NAME, Story, code_of

BLOW = "a blow in a quarrel over the fence"
RECORDING = "AV-2024-017"
ADULT = {"age": 40}
TIMES = r"(?P<at>\w+day \d+ \w+ \d{4}, \d\d:\d\d)"


def report(story: Story) -> None:
    people = {"Asha": ADULT, "Bram": {**ADULT, "in_person": True}}
    changed = {side["name"]: side for side in story.sides}
    sides = [
        {"role": role, "name": name, **people[name], **changed[name].get("police", {})}
        for role, name in (("victim", "Asha"), ("suspect", "Bram"))
    ]
    filed = story.call(
        "file_case",
        by=STAFF["Wang"],
        case_type="public_security_mediation",
        place="示例一村",
        what=BLOW,
        fields={"conduct": "assault"},
        parties=sides,
    )
    story.ref = story.must(filed).body["ref"]


def accept(story: Story, handler: str = "Ou") -> Reply:
    report(story)
    story.must(story.act("Ou", "register", fields={"ours": True, "conduct": "assault"}))
    return story.act("Ou", "accept", seats={"handler": [STAFF[handler]]})


def propose(story: Story, *willing: str, handler: str = "Ou") -> None:
    story.must(accept(story, handler))
    story.must(story.record("Ou", "evidence", {"what": "two neighbours saw it"}))
    story.must(story.act("Ou", "describe", fields={"arisen_from": "neighbours"}))
    for name in willing:
        story.must(story.record("Ou", "willing", {"party": PARTIES[name], "decision": "yea"}))
    story.must(story.act(handler, "propose_mediation"))


def begin(story: Story) -> Reply:
    propose(story, "Asha", "Bram")
    return story.act("Chen", "approve_mediation")


def mediate(story: Story, by: str, present: tuple[str, ...], recording: str | None) -> Reply:
    course = {"course": "they could not agree", "present": [STAFF[name] for name in present]}
    held = course | ({"recording": recording} if recording else {})
    return story.act(by, "mediate", records={"mediation": [held]})


def _changed(story: Story, name: str, **values: Any) -> None:
    for side in story.sides:
        if side["name"] == name:
            side["police"] = values


# ---- before and at the table -------------------------------------------------------------------


@given("Bram does not come himself")
def stays_away(story: Story) -> None:
    _changed(story, "Bram", in_person=False)


@given(parsers.re(rf"{NAME} is (?P<age>\d+) years old in a case of the police"))
def is_so_old(story: Story, name: str, age: str) -> None:
    _changed(story, name, age=int(age))


@given("Asha is 16 and lives on own wages")
def lives_on_wages(story: Story) -> None:
    _changed(story, "Asha", age=16, own_income=True)


@given("Asha is 16, lives on own wages and wants no guardian told")
def wants_no_guardian(story: Story) -> None:
    _changed(story, "Asha", age=16, own_income=True, no_guardian=True)


@given("Ou's case between Asha and Bram is in its first mediation")
def in_first_mediation(story: Story) -> None:
    story.must(begin(story))


@when("Ou's case between Asha and Bram comes into its first mediation")
def comes_into_mediation(story: Story) -> None:
    begin(story)


@given("Ou has proposed to mediate between Asha and Bram, and only Bram wants it")
def only_bram(story: Story) -> None:
    propose(story, "Bram")


@given("Chen holds the case and has proposed to mediate between Asha and Bram")
def chen_proposed(story: Story) -> None:
    story.arrange("appoint", STAFF["Chen"], "officer", "S-012", date(2024, 1, 2))
    propose(story, "Asha", "Bram", handler="Chen")


@when("Chen approves the mediation")
def approves(story: Story) -> None:
    story.act("Chen", "approve_mediation")


@when("Wang records a mediation that he led alone")
def led_alone(story: Story) -> None:
    mediate(story, "Wang", ("Wang",), RECORDING)


@when(
    parsers.re(
        r"(?P<by>Wang|Ou) records a mediation of Ou and (?P<other>himself|Ouyang) (?P<how>with|without) a recording"
    )
)
def led_by(story: Story, by: str, other: str, how: str) -> None:
    beside = "Wang" if other == "himself" else other
    mediate(story, by, ("Ou", beside), RECORDING if how == "with" else None)


@when("the mediation fails")
@when("Ou tries a third mediation")
def mediation_fails(story: Story) -> None:
    mediate(story, "Ou", ("Ou", "Ouyang"), None)


@given("the mediation has failed")
def mediation_has_failed(story: Story) -> None:
    story.must(mediate(story, "Ou", ("Ou", "Ouyang"), None))


@given(parsers.re(r"the mediation has failed again on (?P<at>.+)"))
def has_failed_again(story: Story, at: str) -> None:
    story.pass_to(moment(at))
    mediation_has_failed(story)


@when(parsers.re(rf"{NAME}'s (?P<agent>brother|sister) comes (?P<how>with|without) written powers"))
def agent_comes(story: Story, name: str, agent: str, how: str) -> None:
    power = {"party": PARTIES[name], "agent": agent, "capacity": "attorney", "written": how == "with"}
    story.act("Ou", "admit_agent", records={"power": [power]})


@then(parsers.re(r'it is refused, since only a (?P<kind>\w+) acts for "(?P<role>\w+)"'))
def only_such_an_agent(story: Story, kind: str, role: str) -> None:
    [reason] = story.reply.reasons
    assert (reason["code"], reason["params"]["admitted"], reason["params"]["role"]) == ("FM-R217", kind, role)
    assert reason["basis"] == "Rules art. 181"


@then("she is on file as the agent of Asha")
def is_on_file(story: Story) -> None:
    [power] = [item for item in story.case["records"] if item["kind"] == "power"]
    assert (power["party"], power["fields"]["agent"]) == (PARTIES["Asha"], "sister")


@given("Ou has told the mother of Asha")
def has_told_the_mother(story: Story) -> None:
    told = {"party": PARTIES["Asha"], "guardian": "the mother", "attended": True}
    story.must(story.record("Ou", "guardian_notice", told))


@when("Asha says that she does not want it")
def does_not_want(story: Story) -> None:
    story.record("Asha", "willing", {"party": PARTIES["Asha"], "decision": "nay"})


@when("Wang reports a blow across the table")
def reports_a_blow(story: Story) -> None:
    story.act("Wang", "report_new_violation", note="Bram struck again")


@then("Ou and Chen are told of it")
def are_told(story: Story) -> None:
    assert {who for told in story.told("reminder") for who in told["to"]} >= {"officer", "head"}


@then("nobody may mediate any more")
def nobody_mediates(story: Story) -> None:
    assert not mediate(story, "Ou", ("Ou", "Ouyang"), None).done


# ---- the clocks --------------------------------------------------------------------------------


@given("Ou has accepted the case between Asha and Bram")
def has_accepted(story: Story) -> None:
    story.must(accept(story))


@when("Ou accepts the case between Asha and Bram")
def accepts(story: Story) -> None:
    accept(story)


@given(parsers.re(r"Asha and Bram agreed before Ou on something due on (?P<due>.+)"))
def agreed_before_ou(story: Story, due: str) -> None:
    story.must(begin(story))
    terms = {
        "host": "Ou", "place": "the office", "cause": "the fence", "course": "words, then a blow",
        "terms": "Bram pays 800 yuan", "due": day(due).isoformat(), "how": "in cash",
    }  # fmt: skip
    held = {"course": "they agreed", "present": [STAFF["Ou"], STAFF["Ouyang"]]}
    story.must(story.act("Ou", "agree", records={"mediation": [held], "agreement": [terms]}))
    signers = ",".join([PARTIES["Asha"], PARTIES["Bram"], STAFF["Ou"]])
    story.must(story.act("Ou", "sign_agreement", fields={"by": signers}))


def _more_time(story: Story, name: str) -> Reply:
    return story.call("extend", story.ref, "case_limit", by=STAFF[name], reason="a witness is away")


@when(parsers.re(rf"{NAME} gives the case thirty days more"))
def gives_more(story: Story, name: str) -> None:
    _more_time(story, name)


@given(parsers.re(rf"{NAME} has given the case thirty days more"))
def has_given_more(story: Story, name: str) -> None:
    story.must(_more_time(story, name))


def _send(story: Story, at: str) -> Reply:
    story.pass_to(moment(at))
    return story.act("Ou", "send_appraisal", note="her arm is swollen")


@given(parsers.re(rf"on {TIMES} he has had the injury appraised"))
def has_sent(story: Story, at: str) -> None:
    story.must(_send(story, at))


@when(parsers.re(rf"on {TIMES} he has the injury appraised"))
def sends(story: Story, at: str) -> None:
    _send(story, at)


def _appraise(story: Story, result: str) -> Reply:
    found = {"institution": "county hospital", "result": result}
    return story.act("Ou", "appraise", records={"appraisal": [found]})


@when(parsers.re(rf"on {TIMES} it comes back as (?P<result>\w+)"))
def comes_back(story: Story, at: str, result: str) -> None:
    story.pass_to(moment(at))
    _appraise(story, result)


@then(parsers.re(r"(?P<days>\d+) of its days are shown as a pause"))
def shown_as_pause(story: Story, days: str) -> None:
    [(began, ended)] = story.clock("Case to be closed")["pauses"]
    first, last = (from_text(instant).astimezone(ZONE).date() for instant in (began, ended))
    assert (last - first).days + 1 == int(days)


@given(parsers.re(r"the appraisal between Asha and Bram came back on (?P<at>.+)"))
def came_back(story: Story, at: str) -> None:
    story.must(accept(story))
    story.must(_send(story, "Monday 4 March 2024, 09:00"))
    story.pass_to(moment(at))
    story.must(_appraise(story, "slight"))


@when("Asha asks for another appraisal")
def asks_for_another(story: Story) -> None:
    story.act("Asha", "ask_reappraisal", note="it still hurts")


@given("Asha has asked for another appraisal")
def has_asked_for_another(story: Story) -> None:
    story.must(story.act("Asha", "ask_reappraisal", note="it still hurts"))


@when("Cao grants it")
def grants_it(story: Story) -> None:
    story.act("Cao", "grant_reappraisal")


@when("Cao refuses it")
def refuses_it(story: Story) -> None:
    story.act("Cao", "refuse_reappraisal", note="the first one is sound")


@given("Cao has granted it and it has come back as slight")
def has_come_back_again(story: Story) -> None:
    story.must(story.act("Cao", "grant_reappraisal"))
    story.must(_appraise(story, "slight"))


@then("the county has to decide on another appraisal")
def county_decides(story: Story) -> None:
    track = story.case["tracks"]["reappraisal"]
    assert track["state_title"] == "Another appraisal asked for", story.reply.told


@then(parsers.re(r'it is refused under "(?P<one>\w+)" and "(?P<two>\w+)"'))
def refused_under_both(story: Story, one: str, two: str) -> None:
    assert {reason["params"].get("rule") for reason in story.reply.reasons} == {one, two}


def _pass_on(story: Story) -> Reply:
    return story.act("Ou", "pass_on", fields={"goes_to": "the other county"}, note="it happened there")


@given("Ou has passed a blow in another county on to it")
def has_passed_on(story: Story) -> None:
    report(story)
    story.must(_pass_on(story))


@when("Ou passes it on to the other county")
def passes_on(story: Story) -> None:
    _pass_on(story)


@given("the other county has sent it back")
def sent_back(story: Story) -> None:
    story.must(story.act("Ou", "came_back", fields={"ours": False}, note="not theirs, they say"))


# ---- two laws ----------------------------------------------------------------------------------


@then(parsers.re(r'it follows the text "(?P<version>[\d.]+)"'))
def follows(story: Story, version: str) -> None:
    assert story.case["definition"]["version"] == version


@given("Ou's case between Asha and Bram goes on without mediation")
def without_mediation(story: Story) -> None:
    story.must(accept(story))
    story.must(story.act("Ou", "decline_mediation"))


def _decide(story: Story, who: str, **penalty: str) -> None:
    story.act(who, "decide", fields=penalty, note="he struck first, and admits it")


@when("Chen decides on a fine")
def decides(story: Story) -> None:
    _decide(story, "Chen", penalty="fine", fine="300")


@when("Chen decides on a fine of 800")
def decides_on_800(story: Story) -> None:
    _decide(story, "Chen", penalty="fine", fine="800")


@when(parsers.re(rf"{NAME} decides on detention"))
def decides_on_detention(story: Story, name: str) -> None:
    _decide(story, name, penalty="detention", detention_days="5")


@then("its content is sealed for Ding and open for Chen")
def sealed_for_ding(story: Story) -> None:
    assert (_penalty(story, "Ding"), _penalty(story, "Chen")) == (None, "fine"), story.reply.told


@then("its content is open for Ding")
def open_for_ding(story: Story) -> None:
    assert _penalty(story, "Ding") == "fine"


def _penalty(story: Story, name: str) -> Any:
    return story.driver.show(story.ref, by=STAFF[name])["fields"].get("penalty")


@given(
    parsers.re(
        r"Asha and Bram have asked in writing that nobody be punished, and it is (?P<how>performed|promised)"
    )
)
def have_asked(story: Story, how: str) -> None:
    story.must(accept(story))
    wish = {"performed": how == "performed", "text": "we have settled it"}
    story.must(story.record("Ou", "request", wish))
    signers = ",".join(code_of(name) for name in ("Asha", "Bram"))
    story.must(story.act("Ou", "sign_request", fields={"by": signers}))


@when("Chen accepts that they settled it")
def accepts_settlement(story: Story) -> None:
    story.act("Chen", "accept_settlement")
