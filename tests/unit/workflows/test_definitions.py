"""The shipped definitions hold under the strictest check, and say what a reader looks for."""

import pytest

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.load import Loaded, load
from engine.definitions.model import Definition
from engine.definitions.outline import MAIN, Outline
from workflows import shipped

FOLDER = shipped.__file__.rsplit("/", 1)[0]


def loaded(case_type: str) -> Loaded:
    return load(f"{FOLDER}/{case_type}/workflow.yaml")


def definition(case_type: str) -> Definition:
    found = loaded(case_type).definition
    assert found is not None
    return found


def analysed(case_type: str) -> tuple[Outline, Analysis]:
    read = loaded(case_type)
    assert read.definition is not None
    vocabulary = shipped.vocabulary()
    outline = Outline(read.definition, vocabulary.dispatch)
    return outline, analyse(outline, positions=read.positions, vocabulary=vocabulary)


@pytest.fixture(params=shipped.CASE_TYPES)
def case_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_loads_without_a_finding(case_type: str) -> None:
    assert loaded(case_type).findings == []


def test_it_holds_under_the_strict_check(case_type: str) -> None:
    _, analysis = analysed(case_type)
    assert [f.message() for f in analysis.findings if f.counts and f.severity != "info"] == []


def test_no_case_can_get_stuck(case_type: str) -> None:
    outline, analysis = analysed(case_type)
    assert set(analysis.ways_out) == outline.open_leaves


def test_every_state_has_a_phase_a_title_and_somebody_to_wait_for(case_type: str) -> None:
    outline = Outline(definition(case_type))
    for leaf in outline.leaves.values():
        spec = outline.specs[leaf.name]
        assert spec.title
        if leaf.region == MAIN and not leaf.final:
            assert leaf.waits_for, leaf.name
            assert any(outline.specs[name].phase for name in leaf.path), leaf.name


def test_every_act_and_clock_says_on_what_it_rests(case_type: str) -> None:
    found = definition(case_type)
    bases = [t.basis for _, _, transitions in found.regions() for t in transitions]
    bases += [clock.basis for clock in found.clocks.values()]
    bases += [rule.basis for rule in found.rules.values()]
    assert all(bases)


def test_every_deadline_has_a_consequence(case_type: str) -> None:
    for name, clock in definition(case_type).clocks.items():
        assert clock.at or clock.kind == "wait", name


def test_the_safety_questions_have_no_answer_by_default() -> None:
    form = definition("dispute_mediation").records["screening_form"]
    questions = [spec for spec in form.fields.values() if spec.kind == "bool"]
    assert len(questions) == 10
    assert not any(spec.has_default or spec.optional for spec in form.fields.values())


def test_a_substantive_end_is_reached_only_through_the_closing_act() -> None:
    found = definition("dispute_mediation")
    substantive = {name for name, outcome in found.outcomes.items() if outcome.grade == "substantive"}
    acts = {t.trigger for t in found.transitions for branch in t.dest if branch.outcome in substantive} | {
        t.trigger for t in found.transitions if substantive & set(t.outcome)
    }
    assert acts == {"close"}


@pytest.mark.parametrize(
    ("case_type", "rule"),
    [
        ("dispute_mediation", "found_well"), ("dispute_mediation", "bounced"), ("dispute_mediation", "court_refused"),
        ("service_request", "duty_settled"), ("service_request", "waived"), ("service_request", "future_date"),
    ],
)  # fmt: skip
def test_a_reason_that_is_told_when_nothing_is_recorded_says_what_is_wanted(
    case_type: str, rule: str
) -> None:
    definition = next(s.definition for s in shipped.definitions() if s.definition.case_type == case_type)
    path = f"rules.{rule}.because"
    assert "has to" in definition.rules[rule].because
    assert "须" in definition.text(path, "zh", "")
