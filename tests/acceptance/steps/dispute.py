"""Who the sides are, and how far their dispute has come before the scenario begins."""

from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.moment import day
from tests.acceptance.station import PARTIES, STAFF
from tests.acceptance.story import Story


@given(parsers.parse("{name} is {years:d} years old"))
def is_years_old(story: Story, name: str, years: int) -> None:
    _side(story, name)["age"] = years


@given(parsers.parse("{name} is {years:d} years old and lives on his own wages"))
def lives_on_own_wages(story: Story, name: str, years: int) -> None:
    _side(story, name).update(age=years, own_income=True)


def _side(story: Story, name: str) -> dict[str, Any]:
    return next(side for side in story.sides if side["name"] == name)


@given(parsers.re(r'(?P<debtor>\w+) owes \w+ "(?P<amount>\d+)" yuan by (?P<due>.+)'))
def owes(story: Story, debtor: str, amount: str, due: str) -> None:
    story.obligations.append(_debt(debtor, amount, due))


def _debt(debtor: str, amount: str, due: str) -> dict[str, Any]:
    return {"debtor": PARTIES[debtor], "act": "pay", "amount": amount, "due": day(due).isoformat()}


@given("the dispute is about a marriage")
def about_a_marriage(story: Story) -> None:
    story.category, story.status_matter = "fam", True


@given(parsers.re(r"Asha's dispute with Bram is (?P<stage>(?!agreed in part)[^,]+)"))
def has_come_to(story: Story, stage: str) -> None:
    if stage == "being performed" and not story.obligations:
        due = (story.today + timedelta(days=10)).isoformat()
        story.obligations.append({"debtor": "P2", "act": "pull down the wall", "due": due})
    life.reach(story, stage)


@given(parsers.re(r"Asha's dispute with Bram, graded (?P<grade>\w+), is (?P<stage>.+)"))
def graded_has_come_to(story: Story, grade: str, stage: str) -> None:
    story.risk = grade
    if stage == "reported":
        report_graded(story, "Ding", grade)
    else:
        life.reach(story, stage)


@when(parsers.re(r"(?P<name>\w+) takes a report of Asha against Bram, graded (?P<grade>\w+)"))
def report_graded(story: Story, name: str, grade: str) -> None:
    filed = story.call(
        "file_case",
        by=STAFF[name],
        case_type="dispute_mediation",
        place="示例一村",
        what="a quarrel at the well",
        fields={"risk": grade},
        parties=story.sides,
    )
    story.ref = story.must(filed).body["ref"]


@given(parsers.re(r"Asha's dispute with nobody known is (?P<stage>.+)"))
def has_come_to_alone(story: Story, stage: str) -> None:
    story.sides = story.sides[:1]
    life.reach(story, stage)


@given("the case has gone on until it is accepted")
def has_gone_on(story: Story) -> None:
    for step in (life.screen, life.ask, life.consent):
        step(story)


@given("Asha's dispute with Bram is agreed in part")
def is_agreed_in_part(story: Story) -> None:
    life.reach(story, "in session")
    agreement = {"facts": "the wall and the well", "terms": "the wall", "partial": True}
    records = {
        "session": [life.session(story)],
        "agreement": [agreement],
        "obligation": story.obligations,
    }
    story.must(story.act("Ma", "conclude", records=records))
    life.sign(story)


@given("the agreement of Asha and Bram has come into force")
@when("the agreement of Asha and Bram comes into force")
def has_come_into_force(story: Story) -> None:
    has_come_to(story, "being performed")


@given("the agreement of Asha and Bram is before the court")
def is_before_the_court(story: Story) -> None:
    has_come_to(story, "being performed")
    for name in ("Asha", "Bram"):
        story.must(story.record(name, "application", {"court": "county court"}))
    story.must(story.act("Asha", "file_confirmation"))


@given("Bram has let the day and the grace pass")
def has_let_it_pass(story: Story) -> None:
    story.pass_days(15)


@given("Asha's dispute with Bram was settled by Du and visited on day 7 and day 30")
def was_settled_by_du(story: Story) -> None:
    life.reach(story, "accepted")
    life.appoint(story, "Du")
    story.must(story.act("Du", "open_session"))
    agreement = {"facts": "the wall", "terms": "pulled down at once", "oral": True, "at_once": True}
    records = {"session": [life.session(story)], "agreement": [agreement]}
    story.must(story.act("Du", "conclude", records=records))
    story.must(story.act("Du", "sign_agreement"))
    for days in (7, 23):
        story.pass_days(days)
        story.must(story.record("Wang", "visit", life.WELL))


@given(parsers.re(r"(?P<name>\w+) has a penalty case between Asha and Bram in its first mediation"))
def has_a_penalty_case(story: Story, name: str) -> None:
    filed = story.call(
        "file_case",
        by=STAFF[name],
        case_type="second_mediation",
        place="示例一村",
        what="a blow in a quarrel",
        parties=[{"role": "suspect", "name": "Bram"}, {"role": "victim", "name": "Asha"}],
    )
    story.ref = story.must(filed).body["ref"]
    story.must(story.call("take", story.ref, "handler", by=STAFF[name]))
    story.must(story.act(name, "propose_mediation"))


@given(parsers.re(r"ten minutes later Bram has reported the same"))
def has_reported_the_same(story: Story) -> None:
    story.driver.now += timedelta(minutes=10)
    filed = story.call(
        "file_case",
        by=STAFF["Duan"],
        case_type="dispute_mediation",
        place="示例一村",
        what="the wall between two yards",
    )
    story.other = story.must(filed).body["ref"]
