"""A complaint before the Lupon of a Philippine barangay."""

from datetime import datetime
from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance.driver import Reply
from tests.acceptance.moment import ZONE, moment
from tests.acceptance.station import PARTIES, STAFF
from tests.acceptance.story import NAME, Story

BOTH = ["P1", "P2"]
MEMBERS = ("Luz", "Lando", "Lina", "Luis")
FIRST_MEETING = datetime(2024, 6, 14, 9, tzinfo=ZONE)  # Manila keeps the same time
PANEL_CHOSEN = datetime(2024, 7, 1, 9, tzinfo=ZONE)


def complain(story: Story) -> None:
    sides = [{"role": "complainant", "name": "Asha"}, {"role": "respondent", "name": "Bram"}]
    filed = story.call(
        "file_case",
        by=STAFF["Selya"],
        case_type="katarungang_pambarangay",
        place="Barangay Halimbawa",
        what="the goat ate the corn",
        parties=sides,
    )
    story.ref = story.must(filed).body["ref"]


def admit(story: Story) -> None:
    complain(story)
    paper = {"story": "the goat ate the corn", "fee_receipt": "OR 117"}
    story.must(story.record("Selya", "complaint", paper))
    story.must(story.act("Pilar", "admit", fields={"venue": "same_barangay", "nature": "civil"}))
    calls = [{"party": no, "hearing": FIRST_MEETING.isoformat()} for no in BOTH]
    story.must(story.act("Pilar", "summon", records={"summons": calls}))


def meet(story: Story) -> Reply:
    meeting = {"held": story.driver.now.isoformat(), "present": BOTH, "minutes": "both were heard"}
    return story.act("Pilar", "meet", records={"meeting": [meeting]})


def convene(story: Story, at: datetime) -> Reply:
    """The parties agree on three members; those elect Luz to the chair, and she calls them together."""
    admit(story)
    story.pass_to(FIRST_MEETING)
    story.must(meet(story))
    story.pass_to(PANEL_CHOSEN)
    chosen = {"pangkat": [STAFF[name] for name in MEMBERS[:3]]}
    agreed = {"panel_agreement": [{"agreed_by": BOTH}]}
    story.must(story.act("Pilar", "choose_panel", seats=chosen, records=agreed))
    posts = {"chair": [STAFF["Luz"]], "secretary": [STAFF["Lando"]]}
    votes = {"election": [{"chair_votes": 3, "secretary_votes": 2}]}
    story.must(story.act("Lina", "elect", seats=posts, records=votes))
    story.pass_to(at)
    return story.act("Luz", "convene")


def _of_party(story: Story, name: str, act: str, **paper: Any) -> Reply:
    """What a party does before the Lupon, its secretary types in."""
    records = {kind: [item] for kind, item in paper.items()}
    by, party = STAFF["Selya"], PARTIES[name]
    return story.call("act", story.ref, act, by=by, done_by=party, records=records)


@when("Selya takes a complaint of Asha against Bram")
def takes_a_complaint(story: Story) -> None:
    complain(story)


@given("Asha's complaint against Bram is admitted and both are summoned")
def both_summoned(story: Story) -> None:
    admit(story)


@given(parsers.re(r"Pilar first met Asha and Bram on (?P<at>.+)"))
def first_met(story: Story, at: str) -> None:
    admit(story)
    story.pass_to(moment(at))
    story.must(meet(story))


@when("Pilar meets both sides")
def meets_both(story: Story) -> None:
    meet(story)


@given(parsers.re(r"the Pangkat convened over Asha's complaint against Bram on (?P<at>.+)"))
def convened(story: Story, at: str) -> None:
    story.must(convene(story, moment(at)))


@when(parsers.re(r"the Pangkat convenes over Asha's complaint against Bram on (?P<at>.+)"))
def convenes(story: Story, at: str) -> None:
    convene(story, moment(at))


@when("Bram objects to the venue")
def objects(story: Story) -> None:
    objection = {"party": PARTIES["Bram"], "ground": "the land lies over the river"}
    _of_party(story, "Bram", "object_to_venue", venue_objection=objection)


def _extend(story: Story, **fields: Any) -> Reply:
    given = {"fields": fields} if fields else {}
    return story.call("extend", story.ref, "conciliation", by=STAFF["Luz"], reason="they are close", **given)


@given("Luz has extended the conciliation")
def has_extended(story: Story) -> None:
    story.must(_extend(story))


@when("Luz extends the conciliation")
def extends(story: Story) -> None:
    _extend(story)


@when("Luz extends the conciliation again")
def extends_again(story: Story) -> None:
    _extend(story, meritorious=False)


@given(parsers.re(r"on (?P<at>.+) Luz has extended it again as clearly meritorious"))
def has_extended_again(story: Story, at: str) -> None:
    story.pass_to(moment(at))
    story.must(_extend(story, meritorious=True))


@then("three members of the Lupon were drawn by lot")
def drawn_by_lot(story: Story) -> None:
    sitting = {seat["person"] for seat in story.case["seats"] if seat["seat"] == "pangkat"}
    assert len(sitting) == 3
    assert sitting <= {STAFF[name] for name in MEMBERS}
    drawn = [c for e in story.history for c in e["changes"] if c["do"] == "seat" and c["seat"] == "pangkat"]
    assert [change["decision"]["by"] for change in drawn] == ["lot"] * 3


# ---- settled -----------------------------------------------------------------------------------


@given(parsers.re(r"Asha and Bram settled before the Pangkat on (?P<at>.+)"))
def settled(story: Story, at: str) -> None:
    """Bram pays on the same day, or so he says."""
    story.must(convene(story, datetime(2024, 7, 3, 9, tzinfo=ZONE)))
    story.pass_to(moment(at))
    terms = {"terms": "PHP 3,000 for the corn", "language": "Tagalog"}
    owed = {"debtor": "P2", "act": "pay", "amount": "3000", "due": story.today.isoformat()}
    story.must(story.act("Luz", "settle", records={"settlement": [terms], "obligation": [owed]}))
    signers = ",".join([*BOTH, STAFF["Luz"]])
    story.must(story.act("Luz", "sign_settlement", fields={"by": signers}))


@when(parsers.re(rf"{NAME} repudiates it for (?P<why>\w+) (?P<how>under|without an) oath"))
def repudiates(story: Story, name: str, why: str, how: str) -> None:
    said = {"party": PARTIES[name], "by_reason_of": why, "sworn": how == "under"}
    _of_party(story, name, "repudiate", repudiation=said)


@when(parsers.re(rf"{NAME} moves for execution"))
def moves_for_execution(story: Story, name: str) -> None:
    motion = {"party": PARTIES[name], "unpaid": "PHP 3,000"}
    _of_party(story, name, "move_execution", motion=motion)
