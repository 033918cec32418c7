"""The ordinary life of a dispute, up to the point where a scenario begins to look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.acceptance.driver import Reply
from tests.acceptance.station import PARTIES, STAFF
from tests.acceptance.story import Story

QUESTIONS = (
    "violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language",
)  # fmt: skip
CLEAR = {**dict.fromkeys(QUESTIONS, False), "prior_reports": 0}
WELL = {"performed": True, "satisfied": True, "latent_risk": False}


def report(story: Story) -> None:
    filed = story.call(
        "file_case",
        by=STAFF["Ding"],
        case_type="dispute_mediation",
        place="示例一村",
        what="the wall between two yards",
        parties=story.sides,
        reporter=story.reporter,
    )
    story.ref = story.must(filed).body["ref"]


def screen(story: Story) -> None:
    fields = {"risk": story.risk, "category": story.category, "identity_matter": story.status_matter}
    story.must(
        story.act("Ding", "screen", fields=fields, records={"screening_form": [{**CLEAR, **story.answers}]})
    )
    story.must(story.call("assign", story.ref, "handler", STAFF["Wang"], by=STAFF["Ding"]))


def answer_questions(
    story: Story, name: str, grade: str, answers: dict[str, Any], at: datetime | None = None
) -> Reply:
    fields = {"risk": grade, "category": story.category}
    return story.act(name, "screen", fields=fields, records={"screening_form": [answers]}, at=at)


def ask(story: Story) -> None:
    story.must(story.act("Wang", "ask_consent"))


def consent(story: Story) -> None:
    papers = [{"party": PARTIES[side["name"]], "kind": "id_card"} for side in story.sides]
    story.must(story.record("Wang", "identity_paper", *papers))
    sides = [{"party": PARTIES[side["name"]], "decision": "given"} for side in story.sides]
    story.must(story.record("Wang", "consent", *sides))


def appoint(story: Story, *names: str) -> None:
    people = names or ("Ma",)
    seats = {"mediator": [STAFF[name] for name in people]}
    story.must(story.act("Du", "assign", seats=seats))
    for name in people:
        story.must(story.call("take", story.ref, "mediator", by=STAFF[name]))


def sit_down(story: Story) -> None:
    story.must(story.act("Ma", "open_session"))


def session(story: Story, result: str = "held") -> dict[str, object]:
    return {"starts": story.driver.now.isoformat(), "place": "village committee", "result": result}


def conclude(story: Story) -> None:
    agreement = {"facts": "the wall stands on the boundary", "terms": "as listed"}
    records = {"session": [session(story)], "agreement": [agreement]}
    if story.obligations:
        records["obligation"] = story.obligations
    story.must(story.act("Ma", "conclude", records=records))


def sign(story: Story) -> None:
    signers = ",".join([*(PARTIES[side["name"]] for side in story.sides), STAFF["Ma"]])
    story.must(story.act("Ma", "sign_agreement", fields={"by": signers}))


def perform(story: Story) -> None:
    for number, _ in enumerate(story.obligations, start=1):
        done = {"of": f"O{number}", "on": story.today.isoformat()}
        story.must(story.record("Wang", "performance", done))


def close(story: Story) -> None:
    """Visited on the seventh and the thirtieth day, then closed by the director."""
    for days in (7, 23):
        story.driver.now += timedelta(days=days)
        story.must(story.record("Wang", "visit", WELL))
    story.must(story.act("Du", "close"))


# what a feature calls the stage -> what has to happen until then
STAGES: dict[str, Callable[[Story], None]] = {
    "reported": report,
    "screened": screen,
    "waiting for consent": ask,
    "accepted": consent,
    "in Ma's hands": appoint,
    "in session": sit_down,
    "agreed": conclude,
    "being performed": sign,
    "being followed up": perform,
    "closed": close,
}


def reach(story: Story, stage: str) -> None:
    """Everything that leads to a stage, one after the other, at the moment that it is."""
    for name, step in STAGES.items():
        step(story)
        if name == stage:
            return
    raise KeyError(stage)
