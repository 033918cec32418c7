"""Laws that every evaluation obeys, over cases with facts present and absent."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.rules.environment import Environment
from engine.rules.expression import Unknown, blame, holds
from engine.rules.facts import build
from tests.support.fact import DISPUTE, case, extra, item, party

ENVIRONMENT = Environment(DISPUTE)
DECISIONS = ("given", "refused", "withdrawn")
CONDITIONS = [
    ENVIRONMENT.compile(text)
    for text in (
        "court_confirms",
        "claim > 100.0",
        "risk == 'red'",
        "parties.all(p, p.consent.decision == 'given')",
        "parties.exists(p, p.consent.decision == 'refused')",
        "parties.all(p, p.age >= 18 || has(p.guardian_notice))",
        "agreement.signed",
        "agreement.obligations.all(o, has(o.performance))",
        "obligation.due > now",
        "has(last.clear_dv) && last.clear_dv.by != actor.id",
    )
]
decision = st.sampled_from([None, *DECISIONS])


@st.composite
def states(draw: st.DrawFn) -> Any:
    """A case where each fact may be absent."""
    count = draw(st.integers(0, 4))
    ages = draw(st.lists(st.none() | st.integers(0, 99), min_size=count, max_size=count))
    parties = [
        party(f"P{n}", "claimant", active=draw(st.booleans()), **({} if age is None else {"age": age}))
        for n, age in enumerate(ages, 1)
    ]
    said = draw(st.lists(decision, min_size=count, max_size=count))
    records = [
        item("consent", n % 9 + 1, {"decision": d}, party=f"P{n}", id=f"consent-{n}")
        for n, d in enumerate(said, 1)
        if d is not None
    ]
    if draw(st.booleans()):
        records.append(
            item("agreement", 1, **({"signed_at": "2026-11-24T02:00:00Z"} if draw(st.booleans()) else {}))
        )
        for n in range(1, draw(st.integers(0, 3)) + 1):
            due = {"due": draw(st.dates()).isoformat()} if draw(st.booleans()) else {}
            records.append(item("obligation", n, due, of="agreement-1"))
            if draw(st.booleans()):
                records.append(item("performance", n, of=f"obligation-{n}"))
    known = {
        "court_confirms": st.booleans(),
        "claim": st.decimals(0, 10**9, places=2).map(str),
        "risk": st.sampled_from(["red", "blue"]),
    }
    fields = {name: draw(values) for name, values in known.items() if draw(st.booleans())}
    return case(parties=parties, records=records, fields=fields, cycle=draw(st.integers(0, 1)))


def judge(text: str, state: Any) -> bool | Unknown:
    return holds(ENVIRONMENT.compile(text), build(state, DISPUTE, extra=extra()))


def plain(verdict: bool | Unknown) -> bool | None:
    return None if isinstance(verdict, Unknown) else verdict


@given(states())
def test_a_condition_is_true_false_or_unknown_and_unknown_names_something(state: Any) -> None:
    for condition in CONDITIONS:
        verdict = holds(condition, build(state, DISPUTE, extra=extra()))
        assert verdict is True or verdict is False or (isinstance(verdict, Unknown) and bool(verdict.name))


@given(states(), st.sampled_from(CONDITIONS), st.sampled_from(CONDITIONS))
def test_and_or_not_follow_kleene(state: Any, left: Any, right: Any) -> None:
    facts = build(state, DISPUTE, extra=extra())
    a, b = plain(holds(left, facts)), plain(holds(right, facts))
    both = False if False in (a, b) else None if None in (a, b) else True
    either = True if True in (a, b) else None if None in (a, b) else False
    assert plain(judge(f"({left.text}) && ({right.text})", state)) is both
    assert plain(judge(f"({left.text}) || ({right.text})", state)) is either
    assert plain(judge(f"!({left.text})", state)) is (None if a is None else not a)


@given(states())
def test_all_parties_is_what_each_party_alone_says(state: Any) -> None:
    """The reference is written over the state itself, without any of the machinery under test."""
    cycle = state["cycle"]
    said = {
        r["party"]: r["fields"]["decision"]
        for r in state["records"]
        if r["kind"] == "consent" and r["cycle"] == cycle
    }
    active = [said.get(p["no"]) for p in state["parties"] if p["active"]]
    refused = any(d is not None and d != "given" for d in active)
    expected = False if refused else None if None in active else True
    assert plain(judge("parties.all(p, p.consent.decision == 'given')", state)) is expected


@given(states())
def test_the_blamed_are_those_without_whom_the_condition_would_hold(state: Any) -> None:
    condition = ENVIRONMENT.compile("parties.all(p, p.consent.decision == 'given')")
    facts = build(state, DISPUTE, extra=extra())
    blamed = blame(condition, facts)
    assert bool(blamed) is (holds(condition, facts) is not True)
    rest = [p for p in state["parties"] if p["no"] not in blamed]
    assert holds(condition, build(case(**{**state, "parties": rest}), DISPUTE, extra=extra())) is True


@given(states(), st.integers(0, 2**63 - 1), st.floats(0, 1))
def test_a_draw_depends_on_its_seed_only(state: Any, seed: int, share: float) -> None:
    drawn = ENVIRONMENT.compile(
        f"draw({share!r})" if "." in repr(share) and "e" not in repr(share) else "draw(0.5)",
        want="value:bool",
    )
    first, second = (drawn.evaluate(build(s, DISPUTE, extra=extra(seed=seed))) for s in (state, case()))
    assert first is second
    assert isinstance(first, bool)


@given(states())
def test_facts_judge_the_same_whatever_was_asked_before(state: Any) -> None:
    shared = build(state, DISPUTE, extra=extra())
    for condition in (*CONDITIONS, *reversed(CONDITIONS)):
        assert holds(condition, shared) == holds(condition, build(state, DISPUTE, extra=extra()))
