"""The facts of a case as expressions read them, and every function."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.domain.case import CaseState
from engine.machine.command import PersonFacts
from engine.rules.environment import Environment
from engine.rules.expression import Unknown, holds
from engine.rules.facts import Extra, Facts, build
from engine.rules.schema import FactSchema
from engine.rules.source import Source
from tests.support.fact import BARANGAY, DISPUTE, NOW, PUBLIC_SECURITY, case, extra, item, party

ENVIRONMENTS = {id(schema): Environment(schema) for schema in (BARANGAY, DISPUTE, PUBLIC_SECURITY)}


def value(
    text: str,
    state: CaseState | None = None,
    *,
    want: str = "any",
    schema: FactSchema = DISPUTE,
    bound: tuple[str, str] | None = None,
    around: Extra | None = None,
) -> Any:
    expression = ENVIRONMENTS[id(schema)].compile(text, want=want, item=bound and bound[0])
    return expression.evaluate(build(state or case(), schema, item=bound, extra=around or extra()))


# ---- fields ----------------------------------------------------------------------------------------


def test_money_is_a_number_and_dates_are_instants_of_the_zone() -> None:
    state = case(
        fields={"claim": "12.50"}, records=[item("obligation", 1, {"due": "2026-12-01", "amount": "5000"})]
    )
    assert value("claim", state) == 12.5
    assert value("obligation.amount * 2.0", state) == 10000.0
    assert value("obligation.due", state) == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert value("obligation.due", state, want="value:date") == "2026-12-01"


def test_an_instant_deep_inside_can_be_compared() -> None:
    state = case(
        records=[
            item("agreement", 1, signed_at="2026-11-24T01:30:00Z"),
            item("obligation", 1, {"due": "2026-12-01"}, of="agreement-1"),
            item("performance", 2, {"on": "2026-11-24"}, of="obligation-1"),
        ]
    )
    assert value("agreement.obligations.all(o, o.performance.on < o.due)", state) is True
    assert value("agreement.obligations.all(o, o.performance.on < agreement.signed_at)", state) is True
    assert value("agreement.obligations[0].performances.map(p, p.at)", state) == [
        datetime(2026, 11, 24, 2, tzinfo=UTC)
    ]


def test_a_default_holds_where_the_case_says_nothing() -> None:
    assert value("risk == 'yellow' && !dv") is True
    assert value("risk", case(fields={"risk": "red"})) == "red"
    assert value("parties.all(p, !p.own_income)") is True
    assert value("exclusions.size() == 0", schema=PUBLIC_SECURITY) is True
    assert value("fine <= 0.0 && penalty_months == 0", schema=BARANGAY) is True


def test_a_fact_can_be_asked_for_before_it_is_read() -> None:
    assert value("has(case.claim)") is False
    assert value("has(case.claim) && claim > 3.0") is False
    assert value("has(case.claim) && case.claim > 3.0", case(fields={"claim": "4"})) is True
    assert value("has(case.agreement)") is False
    assert value("case.sessions.size()", case(records=[item("session", 1)])) == 1


def test_the_case_itself() -> None:
    text = "case.ref == '26-04127-2' && case.cycle == 2 && case.channel == 'visit' && case.filed < now"
    assert value(text, case(cycle=2)) is True


def test_persons_have_roles_and_a_unit() -> None:
    known = {
        "w04": PersonFacts(frozenset({"officer"}), "songbei"),
        "w05": PersonFacts(frozenset({"auxiliary"}), "hulan"),
    }
    around = extra(persons=known.get)
    state = case(records=[item("mediation", 1, {"present": ["w04", "w05", "gone"], "course": "-"})])
    one_officer = "mediation.present.filter(x, 'officer' in x.roles).size()"
    assert value(one_officer, state, schema=PUBLIC_SECURITY, around=around) == 1
    assert value("mediation.present[1].unit", state, schema=PUBLIC_SECURITY, around=around) == "hulan"
    assert value("mediation.present", state, want="person", schema=PUBLIC_SECURITY, around=around) == [
        "w04",
        "w05",
        "gone",
    ]


def test_a_person_as_a_result_is_the_code() -> None:
    state = case(records=[item("objection", 1, {"member": "w04", "ground": "kin"})])
    assert value("objection.member", state, want="person") == "w04"
    assert value("parties.filter(p, p.role == 'respondent')", want="parties") == ["P2"]


# ---- parties and records -----------------------------------------------------------------------------


def test_only_active_parties_are_there() -> None:
    state = case(
        parties=[party("P1", "claimant"), party("P2", "respondent", active=False), party("P3", "respondent")]
    )
    assert value("parties.map(p, p.id)", state) == ["P1", "P3"]


def test_the_newest_item_and_all_of_them() -> None:
    state = case(
        records=[item("consent", n, {"decision": d}, party="P1") for n, d in ((1, "given"), (2, "withdrawn"))]
    )
    assert value("consent.decision", state) == "withdrawn"
    assert value("consents.map(c, c.decision)", state) == ["given", "withdrawn"]
    assert value("parties[0].consent.decision", state) == "withdrawn"
    assert value("parties[0].consents.size()", state) == 2
    assert value("consent.party + consent.role + consent.by", state) == "P1claimantliu"
    assert value("has(parties[1].consent) || parties[1].consents.size() > 0", state) is False


def test_no_items_are_an_empty_list_but_no_newest_item() -> None:
    assert value("sessions.size() == 0 && !has(case.session)") is True
    assert isinstance(value("session.place"), Unknown)


def test_a_reopened_case_starts_without_the_records_of_the_round_before() -> None:
    old = [item("session", 1), item("agreement", 1), item("obligation", 2, of="agreement-1")]
    state = case(cycle=1, records=[*old, item("session", 3, {"place": "yard"}, cycle=1)])
    assert value("sessions.map(s, s.place)", state) == ["yard"]
    assert value("agreements.size() == 1 && agreement.obligations.size() == 1", state) is True


def test_an_item_belongs_to_its_own_record_only() -> None:
    state = case(
        records=[
            item("agreement", 1),
            item("obligation", 1, of="agreement-1"),
            item("agreement", 2),
            item("obligation", 2, of="agreement-2"),
            item("performance", 1, of="obligation-1"),
        ]
    )
    assert value("agreement.obligations.map(o, o.id)", state) == ["obligation-2"]
    assert value("agreement.obligations.all(o, has(o.performance))", state) is False
    assert value("agreements[0].obligations.all(o, has(o.performance))", state) is True
    assert value("obligations.map(o, o.of)", state) == ["agreement-1", "agreement-2"]


def test_signed_is_known_from_the_start() -> None:
    assert value("agreement.signed", case(records=[item("agreement", 1)])) is False
    signed = item("agreement", 1, signed_at="2026-11-24T03:00:00Z")
    assert value("agreement.signed && agreement.signed_at > agreement.at", case(records=[signed])) is True


def test_a_clock_per_item_sees_its_own_item() -> None:
    state = case(records=[item("obligation", n, {"due": f"2026-12-0{n}"}, of="agreement-1") for n in (1, 2)])
    assert (
        value("obligation.due", state, bound=("obligation", "obligation-1"), want="value:date")
        == "2026-12-01"
    )
    assert value("obligation.due", state, want="value:date") == "2026-12-02"
    assert value("obligations.size()", state, bound=("obligation", "obligation-1")) == 2
    assert value("party.role", bound=("party", "P2")) == "respondent"


# ---- where it stands, what happened --------------------------------------------------------------------


def test_seats_hold_people() -> None:
    held = [
        {"person": "w04", "since": "2026-11-24T01:00:00Z", "accepted": True},
        {"person": "w05", "since": "2026-11-24T01:00:00Z", "accepted": False},
    ]
    state = case(seats={"mediator": held})
    assert value("seat.mediator.all(m, m.accepted)", state) is False
    assert value("seat.mediator.exists(m, m.id == 'w04' && m.since < now)", state) is True
    assert value("seat.mediator", state, want="person") == ["w04", "w05"]
    assert value("seat.mediator.size() == 0") is True


def run(**given: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": "reopen_window", "run": 1, "kind": "wait", "start": "2026-11-20T00:00:00Z", "pauses": [],
        "extensions": [], "rolls": False, "ends": "midnight", "status": "running",
        "due": "2026-12-01T16:00:00Z", "fired": {}, "marks": {},
    }  # fmt: skip
    return {**made, **given}


@pytest.mark.parametrize(
    ("given", "running", "expired"),
    [
        ({}, True, False),
        ({"due": "2026-11-25T01:00:00Z"}, False, True),  # exactly now
        ({"due": "2026-11-24T16:00:00Z", "kind": "limit"}, True, True),
        ({"status": "paused"}, False, False),
        (
            {"status": "stopped", "stopped": "2026-11-22T00:00:00Z", "due": "2026-11-24T16:00:00Z"},
            False,
            False,
        ),
        (
            {"status": "stopped", "stopped": "2026-11-24T16:00:00Z", "due": "2026-11-24T16:00:00Z"},
            False,
            True,
        ),
    ],
)
def test_a_wait_ends_when_it_is_due_and_an_overdue_limit_runs_on(
    given: dict[str, Any], running: bool, expired: bool
) -> None:
    state = case(clocks=[run(**given)])
    assert value("clock.reopen_window.running", state) is running
    assert value("clock.reopen_window.expired", state) is expired
    assert value("clock.reopen_window.paused", state) is (given.get("status") == "paused")


def test_a_clock_that_never_ran_is_known_to_be_still() -> None:
    still = "!clock.performance.running && !clock.performance.expired && clock.performance.runs == 0"
    assert value(still) is True
    assert isinstance(value("clock.performance.due > now"), Unknown)


def test_the_newest_run_speaks_or_that_of_the_bound_item() -> None:
    first = run(
        name="performance",
        item="obligation-1",
        status="stopped",
        stopped="2026-11-21T00:00:00Z",
        extensions=["5 cd"],
    )
    state = case(clocks=[first, run(name="performance", item="obligation-2", run=2)])
    assert value("clock.performance.running && clock.performance.runs == 2", state) is True
    assert value("clock.performance.extensions", state, bound=("obligation", "obligation-1")) == 1
    assert value("clock.performance.running", state, bound=("obligation", "obligation-1")) is False


def test_a_parent_state_holds_in_its_leaves() -> None:
    assert value("inside.in_session && inside.handling && inside.mediation && inside.unopened") is True
    assert value("inside.mediation || inside.handling", case(states={"main": "performing"})) is False


def test_what_was_done_and_where_it_has_been() -> None:
    state = case(
        been={"in_session": {"at": "2026-11-24T02:00:00Z", "times": 2}},
        last={"clear_dv": {"by": "w04", "at": "2026-11-24T02:00:00Z", "times": 1}},
    )
    assert (
        value("been.in_session.times == 2 && been.in_session.at < now && !has(been.performing)", state)
        is True
    )
    assert (
        value("has(last.clear_dv) && last.clear_dv.by != actor.id && last.clear_dv.times == 1", state) is True
    )
    assert value("has(last.clear_dv)") is False


def test_links_actor_act_and_parameters() -> None:
    around = extra(
        links=[{"kind": "settled_in", "case_type": "x", "outcome": None, "closed": False}],
        act={"trigger": "go", "at": NOW, "note": "late", "item": None},
        params={"triage": "30 min", "most_cases": 3},
    )
    assert (
        value("links.exists(l, l.kind == 'settled_in' && !l.closed && !has(l.outcome))", around=around)
        is True
    )
    assert value("act.trigger + act.note", around=around) == "golate"
    assert value("act.at == now && !has(act.item)", around=around) is True
    assert value("'mediator_post' in actor.roles && !has(actor.party)", around=around) is True
    assert value("param.most_cases", around=around) == 3
    assert value("plus(now, param.triage) - now == duration('30m')", around=around) is True


# ---- functions -----------------------------------------------------------------------------------------


def test_latest_of() -> None:
    state = case(records=[item("obligation", n, {"due": f"2026-12-0{n}"}) for n in (2, 1)])
    assert value("latest_of(obligations.map(o, o.due))", state, want="value:date") == "2026-12-02"
    assert value("latest_of([now] + obligations.map(o, o.due))") == NOW
    assert isinstance(value("latest_of(obligations.map(o, o.due))"), Unknown)


def test_plus_counts_by_the_calendar_and_days_do_not() -> None:
    # from Wednesday 25 November, three working days end with Monday 30 November
    assert value("plus(now, '3 wd')", want="timestamp") == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert value("plus(now, '3 cd')", want="timestamp") == datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert value("now + days(3)", want="timestamp") == NOW + timedelta(days=3)
    assert value("days(3)", want="duration") == timedelta(days=3)


@pytest.mark.parametrize("text", ["plus(now, 'soon')", "plus(now, '')"])
def test_a_length_of_time_that_cannot_be_read_is_unknown(text: str) -> None:
    assert isinstance(value(text, want="timestamp"), Unknown)


def test_distinct_days_are_local_days() -> None:
    # 15:00 and 17:00 UTC are 23:00 and 01:00 in Harbin: two days there, one in London
    state = case(
        records=[
            item("session", n, {"starts": f"2026-11-24T{h}:00:00Z"}) for n, h in ((1, 15), (2, 17), (3, 18))
        ]
    )
    text = "distinct_days(sessions.map(s, s.starts))"
    assert value(text, state) == 2
    assert value(text, state, around=extra(zone="Europe/London")) == 1


def test_sum() -> None:
    state = case(records=[item("obligation", n, {"amount": a}) for n, a in ((1, "0.10"), (2, "5000"))])
    assert value("sum(obligations.map(o, o.amount)) > 5000.0", state) is True
    assert value("sum(obligations.map(o, o.amount))") == 0.0
    silent = case(records=[item("obligation", 1)])
    assert value("sum(obligations.map(o, o.amount))", silent) == Unknown(
        "obligations.amount", 'NOT_FOUND: Key not found in map : "amount"'
    )


def test_recurrence_is_looked_up() -> None:
    asked: list[str] = []
    around = extra(recurrence=lambda window: asked.append(window) or 3)
    assert value("recurrence('6 months') > 2", around=around) is True
    assert asked == ["6 months"]


def test_how_often_a_pair_met_is_looked_up_by_itself() -> None:
    around = extra(recurrence=lambda window: 9, recurrence_of_pair=lambda window: {"180 cd": 2}[window])
    assert value("recurrence_of_pair('180 cd') >= 2", around=around) is True
    assert value("recurrence_of_pair('180 cd') > 2", around=around) is False


def test_a_draw_follows_from_its_seed_alone() -> None:
    def drawn(seed: int, share: float = 0.5) -> Any:
        return value(f"draw({share})", want="value:bool", around=extra(seed=seed))

    assert [drawn(n) for n in range(40)] == [drawn(n) for n in range(40)]
    assert {drawn(n) for n in range(40)} == {True, False}
    assert not any(drawn(n, 0.0) for n in range(40))
    assert all(drawn(n, 1.0) for n in range(40))
    assert 60 < sum(drawn(n, 0.25) for n in range(400)) < 140


def test_functions_need_the_facts_of_a_case() -> None:
    expression = ENVIRONMENTS[id(DISPUTE)].compile("recurrence('6 months') > 2")
    assert isinstance(holds(expression, {}), Unknown)


# ---- the mapping ---------------------------------------------------------------------------------------


def test_facts_are_a_mapping_of_what_is_known() -> None:
    facts = build(case(), DISPUTE, extra=extra())
    assert "claim" not in facts
    assert "party" not in facts
    assert facts["actor"]["id"] == "liu"
    assert {"parties", "sessions", "risk", "case", "now"} <= set(facts)
    assert len(facts) == len(set(facts))
    with pytest.raises(KeyError):
        facts["claim"]


def test_what_is_made_for_an_expression_judges_as_all_facts_do() -> None:
    texts = [
        "parties.all(p, has(p.consent) && p.consent.decision == 'given')",
        "agreement.obligations.all(o, has(o.performance) && o.performance.on < o.due)",
        "consents.exists(c, c.role == 'claimant' && c.at < now)",
        "!clock.reopen_window.running || inside.handling",
        "seat.mediator.size() == 0 && agreement.signed",
        "case.agreement.obligations.size() == obligations.filter(o, o.of == agreement.id).size()",
    ]
    expressions = [ENVIRONMENTS[id(DISPUTE)].compile(text) for text in texts]
    state = case(
        records=[
            item("consent", 1, {"decision": "given"}, party="P1"),
            item("consent", 2, {"decision": "given"}, party="P2"),
            item("agreement", 1, {"oral": False}, signed_at="2026-11-24T03:00:00Z"),
            item("obligation", 1, {"due": "2026-12-01", "amount": "3"}, of="agreement-1"),
            item("performance", 1, {"on": "2026-11-24"}, of="obligation-1"),
        ]
    )
    facts = build(state, DISPUTE, extra=extra())
    everything = dict(facts)
    assert [e.evaluate(facts) for e in expressions] == [e.evaluate(everything) for e in expressions]
    assert [e.evaluate(facts) for e in expressions] == [True] * len(texts)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("parties.all(p, p.consent.decision == 'given')", {"parties": [{"consent": {"decision": "given"}}, {}]}),
        ("consents.size() == 1 && has(case.consent)", {"case": {"consent": {}}, "consents": [{}]}),
        ("parties.filter(p, p.role == 'claimant').size() == 1", {"parties": [{"role": "claimant"}, {"role": "respondent"}]}),
    ],
)  # fmt: skip
def test_no_more_is_made_than_is_read(text: str, made: dict[str, Any]) -> None:
    expression = ENVIRONMENTS[id(DISPUTE)].compile(text)
    facts = build(
        case(records=[item("consent", 1, {"decision": "given"}, party="P1")]), DISPUTE, extra=extra()
    )
    assert facts.made(expression.needs) == made


def test_what_is_returned_or_compared_as_it_is_is_made_whole() -> None:
    facts = build(
        case(records=[item("consent", 1, {"decision": "given"}, party="P1")]), DISPUTE, extra=extra()
    )
    for text in ("consents[0]", "consents.filter(c, c.decision == 'given')", "consents.map(c, c)"):
        expression = ENVIRONMENTS[id(DISPUTE)].compile(text, want="any")
        assert facts.made(expression.needs)["consents"] == facts["consents"]


def test_what_was_read_holds_until_its_part_of_the_case_is_another() -> None:
    state = case(records=[item("consent", 1, {"decision": "given"}, party="P1")])
    facts = build(state, DISPUTE, extra=extra())
    consent, risk = (
        ENVIRONMENTS[id(DISPUTE)].compile(t) for t in ("consent.decision == 'given'", "risk == 'red'")
    )
    assert (consent.evaluate(facts), risk.evaluate(facts)) == (True, False)
    read = facts.given(consent.needs)
    state["fields"] = {"risk": "red"}
    assert (consent.evaluate(facts), risk.evaluate(facts)) == (True, True)
    assert facts.given(consent.needs) is read
    state["records"] = [*state["records"], item("consent", 2, {"decision": "refused"}, party="P1")]
    assert (consent.evaluate(facts), facts["consent"]["decision"]) == (False, "refused")


def test_a_value_that_hangs_on_the_time_is_found_anew() -> None:
    times = [extra(now=NOW), extra(now=NOW - timedelta(days=900))]
    facts = Facts(Source(case(), DISPUTE, None, lambda: times[0]))
    expression = ENVIRONMENTS[id(DISPUTE)].compile("case.filed + duration('1h') < now")
    late = expression.evaluate(facts)
    del times[0]
    assert (late, expression.evaluate(facts)) == (True, False)
