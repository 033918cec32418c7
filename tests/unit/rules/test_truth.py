"""What counts as true. CEL reports an error as a non-empty text, which Python takes for true."""

from typing import Any

import pytest
from cel_expr_python import cel

from engine.rules.environment import Environment
from engine.rules.expression import Unknown, blame, holds
from engine.rules.facts import build
from tests.support.fact import DISPUTE, case, extra, item, party

ENVIRONMENT = Environment(DISPUTE)


def judge(text: str, **given: Any) -> object:
    return holds(ENVIRONMENT.compile(text), build(case(**given), DISPUTE, extra=extra()))


def consents(*decisions: str | None) -> list[Any]:
    """What P1, P2 ... decided; None has said nothing."""
    return [
        item("consent", n, {"decision": decision}, party=f"P{n}")
        for n, decision in enumerate(decisions, 1)
        if decision is not None
    ]


def test_the_library_really_hands_errors_back_as_true_texts() -> None:
    env = cel.NewEnv(variables={"absent": cel.Type.BOOL})
    value = env.compile("absent").eval(env.Activation({})).value()
    assert isinstance(value, str)
    assert bool(value)


def test_an_absent_fact_never_makes_a_condition_true() -> None:
    verdict = judge("court_confirms")
    assert verdict == Unknown("court_confirms", getattr(verdict, "why", ""))
    assert not verdict
    assert verdict is not True


@pytest.mark.parametrize(
    "text", ["claim / 0.0 > 1.0 && 1 / 0 == 1", "int('x') == 1", "sessions[3].place == 'x'"]
)
def test_no_error_of_any_sort_makes_a_condition_true(text: str) -> None:
    assert isinstance(judge(text, fields={"claim": "5"}), Unknown)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("claim > 3.0", "claim"),
        ("session.outcome == 'held'", "session"),
        ("parties.all(p, p.consent.decision == 'given')", "parties.consent"),
        ("parties.all(p, p.age >= 18)", "parties.age"),
        ("last.clear_dv.by == 'liu'", "last.clear_dv"),
        ("clock.reopen_window.due > now", "clock.reopen_window.due"),
        ("case.claim > 3.0", "claim"),
    ],
)
def test_unknown_names_the_fact_that_is_absent(text: str, name: str) -> None:
    verdict = judge(text)
    assert isinstance(verdict, Unknown)
    assert verdict.name == name


def test_one_refusal_decides_although_another_party_is_silent() -> None:
    refused = "parties.exists(p, p.consent.decision == 'refused')"
    assert judge(refused, records=consents(None, "refused")) is True
    assert judge(refused, records=consents("refused", None)) is True
    assert isinstance(judge(refused, records=consents("given", None)), Unknown)
    assert judge(refused, records=consents("given", "given")) is False


def test_all_must_have_spoken_before_all_agree() -> None:
    given = "parties.all(p, p.consent.decision == 'given')"
    assert isinstance(judge(given, records=consents("given", None)), Unknown)
    assert judge(given, records=consents("refused", None)) is False
    assert judge(given, records=consents("given", "given")) is True


def test_what_is_known_decides_beside_what_is_not() -> None:
    assert judge("dv || court_confirms", fields={"dv": True}) is True
    assert judge("court_confirms || dv", fields={"dv": True}) is True
    assert judge("court_confirms && dv", fields={"dv": False}) is False
    assert isinstance(judge("court_confirms && dv", fields={"dv": True}), Unknown)
    assert isinstance(judge("!court_confirms"), Unknown)


def test_the_party_for_whom_a_condition_fails_is_named() -> None:
    of_age = ENVIRONMENT.compile("parties.all(p, p.age >= 18)")
    parties = [party("P1", "claimant", age=40), party("P2", "respondent", age=15), party("P3", "respondent")]
    facts = build(case(parties=parties), DISPUTE, extra=extra())
    assert blame(of_age, facts) == ("P2", "P3")
    assert facts["parties"][0]["id"] == "P1", "the facts themselves are left as they were"
    assert len(facts["parties"]) == 3


def test_nobody_is_named_where_no_party_makes_the_difference() -> None:
    facts = build(case(fields={"dv": True}), DISPUTE, extra=extra())
    assert blame(ENVIRONMENT.compile("!dv"), facts) == ()
    assert blame(ENVIRONMENT.compile("parties.size() > 5"), facts) == ()
    assert blame(ENVIRONMENT.compile("parties.size() == 2"), facts) == (), "it holds"
    assert blame(ENVIRONMENT.compile("!dv && parties.all(p, has(p.consent) || true)"), facts) == ()


def test_a_party_who_left_is_asked_no_more() -> None:
    parties = [party("P1", "claimant", age=40), party("P2", "respondent", active=False, age=15)]
    assert judge("parties.all(p, p.age >= 18)", parties=parties) is True
