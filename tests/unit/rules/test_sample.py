"""The finite domain that the analysis runs conditions through."""

from itertools import islice

from engine.rules.environment import Environment
from engine.rules.expression import Unknown, holds
from engine.rules.sample import assignments, domain
from engine.rules.schema import FactType
from tests.support.fact import BARANGAY, DISPUTE

DISPUTES = Environment(DISPUTE)


def test_atoms_are_facts_with_one_finite_value() -> None:
    expression = DISPUTES.compile("case.risk == 'red' && claim > 5.0 && inside.handling && agreement.oral")
    assert {path: atom.fact.kind for path, atom in expression.atoms.items()} == {
        ("risk",): "choice",
        ("claim",): "money",
        ("inside", "handling"): "bool",
        ("agreement", "oral"): "bool",
    }
    assert expression.atoms["claim",].literals == (5.0,)
    assert expression.finite


def test_lists_texts_instants_and_functions_have_no_finite_domain() -> None:
    for text in (
        "parties.all(p, p.age > 3)",
        "session.place == 'x'",
        "obligation.due > now",
        "recurrence('6 months') > 1",
        "recurrence_of_pair('180 cd') > 1",
        "has(case.agreement)",
    ):
        expression = DISPUTES.compile(text)
        assert not expression.finite, text
        assert domain([expression]) is None


def test_the_domain_is_what_can_make_a_difference() -> None:
    petty = Environment(BARANGAY).compile("penalty_months <= 12 && fine <= 5000.0 && nature == 'criminal'")
    assert domain([petty]) == {
        ("penalty_months",): (11, 12, 13),
        ("fine",): (4999.0, 5000.0, 5001.0),
        ("nature",): ("civil", "criminal", "other"),
    }
    assert domain([petty], {("nature",): "civil"}) == {
        ("penalty_months",): (11, 12, 13),
        ("fine",): (4999.0, 5000.0, 5001.0),
        ("nature",): ("civil",),
    }
    assert domain([petty], most=26) is None


def test_branches_are_run_through_together_by_the_real_evaluator() -> None:
    first, second = DISPUTES.compile("risk in ['red', 'orange']"), DISPUTES.compile("risk == 'yellow' && dv")
    found = domain([first, second])
    assert found is not None
    gaps = [
        given
        for given in assignments(found)
        if not any(holds(e, DISPUTES.sample_facts(given)) is True for e in (first, second))
    ]
    assert {"risk": "yellow", "dv": False} in [{path[0]: v for path, v in given.items()} for given in gaps]
    assert len(gaps) == 3
    assert len(list(islice(assignments(found), 100))) == 8


def test_sampled_facts_leave_out_what_is_not_given() -> None:
    facts = DISPUTES.sample_facts({("agreement", "oral"): True, ("claim",): 5})
    assert facts == {
        "case": {"agreement": {"oral": True}, "claim": 5.0},
        "agreement": {"oral": True},
        "claim": 5.0,
    }
    assert holds(DISPUTES.compile("agreement.oral && has(case.claim) && !has(case.risk)"), facts) is True
    assert isinstance(holds(DISPUTES.compile("risk == 'red'"), facts), Unknown)


def test_sampled_lists_have_one_element() -> None:
    facts = DISPUTES.sample_facts(
        {("parties", "consent", "decision"): "given", ("obligations", "due"): "2026-12-01"}
    )
    assert holds(DISPUTES.compile("parties.all(p, p.consent.decision == 'given')"), facts) is True
    assert facts["obligations"][0]["due"].seconds == 1796083200


def test_the_type_of_a_fact_can_be_asked() -> None:
    assert DISPUTES.fact_type(("parties", "consent", "decision")) == FactType(
        "choice", ("given", "refused", "withdrawn")
    )
    assert DISPUTES.fact_type(("inside", "handling")) == FactType("bool")
    assert DISPUTES.fact_type(("agreement",)) is None
    assert DISPUTES.fact_type(("nothing", "here")) is None
