"""Two laws as drafts: sound as they are, and unsound in just the ways that careful drafts were."""

from pathlib import Path

import pytest

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.load import loads
from engine.definitions.outline import Outline
from tests.support.law import VOCABULARY

FOLDER = Path(__file__).parents[3] / "support" / "sketches"
NAMES = ["public_security_mediation", "dispute_mediation"]


def analysed(name: str, *changes: tuple[str, str]) -> Analysis:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    loaded = loads(text)
    assert loaded.definition is not None, [f.message() for f in loaded.findings]
    return analyse(Outline(loaded.definition), positions=loaded.positions, vocabulary=VOCABULARY)


def errors(analysis: Analysis) -> set[tuple[str, str]]:
    """Errors, without the phases and milestones that drafts lack."""
    return {
        (f.code.removeprefix("FM-"), str(f.params.get("name", f.path)))
        for f in analysis.findings
        if f.severity == "error" and f.code != "FM-D803"
    }


@pytest.mark.parametrize("name", NAMES)
def test_drafts_have_no_false_errors(name: str) -> None:
    assert errors(analysed(name)) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_open_state_has_a_way_out(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    definition = loads(text).definition
    assert definition is not None
    assert set(analysed(name).ways_out) == Outline(definition).open_leaves


def test_a_second_mediation_never_held() -> None:
    allowed = "give_up, source: mediating, dest: failed, allow: [officer, system]"
    analysis = analysed("public_security_mediation", (allowed, allowed.replace(", system", "")))
    assert "D504" in {code for code, _ in errors(analysis)}


def test_performing_and_suspended_without_a_standing_post() -> None:
    analysis = analysed(
        "dispute_mediation",
        ("breach, source: performing, dest: breached, allow: [mediator, party, director, system]",
         "breach, source: performing, dest: breached, allow: [mediator, party, system]"),
        ("suspend, source: [mediation, performing], dest: suspended, allow: [director]",
         "suspend, source: [mediation, performing], dest: suspended, allow: [mediator]"),
    )  # fmt: skip
    assert errors(analysis) == {("D202", "performing")}


def test_a_case_that_nobody_could_reopen() -> None:
    rule = "'!has(last.close_visit) || actor.id != last.close_visit.by'"
    analysis = analysed("dispute_mediation", (rule, "actor.id != last.close_visit.by"))
    found = next(f for f in analysis.findings if f.code == "FM-D311")
    assert found.params["fact"] == "last.close_visit"
    assert found.params["way"] == "reported > closed"


def test_old_facts_that_move_a_case_on_at_once() -> None:
    rule = "agreement.signed && agreement.signed_at >= been.in_session.at"
    analysis = analysed("dispute_mediation", (rule, "agreement.signed"))
    assert "fresh_agreement" in {f.params.get("condition") for f in analysis.findings if f.code == "FM-D308"}
    assert "fresh_agreement" not in {
        f.params.get("condition") for f in analysed("dispute_mediation").findings if f.code == "FM-D308"
    }


def test_a_date_that_is_not_known_when_its_clock_begins() -> None:
    joined = "{as_soon_as: agreement.signed, source: mediating, dest: agreed, basis: art.184}"
    analysis = analysed(
        "public_security_mediation",
        (joined, "{trigger: agree, source: mediating, dest: agreed, allow: [officer], basis: art.184}"),
    )
    assert ("D309", "clocks.performance.until") in errors(analysis)
