"""What compiles, what does not, and what its author is told: code, column, nearest name."""

import pytest

from engine.rules.environment import Environment, ExpressionError
from engine.rules.schema import FactSchema, FactType
from tests.support.fact import BARANGAY, DISPUTE, PUBLIC_SECURITY

DISPUTES = Environment(DISPUTE)


def wrong(text: str, want: str = "bool", **how: object) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        DISPUTES.compile(text, want=want, **how)
    return caught.value


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("rsk == 'red'", 1, "Did you mean `risk`?"),
        ("dv && rsk == 'red'", 7, "nothing is called `rsk`"),
        (
            "parties.all(p, p.consent.decsion == 'given')",
            26,
            "consent has no `decsion`. Did you mean `decision`?",
        ),
        ("parties.all(p, p.agee > 3)", 18, "Did you mean `age`?"),
        ("parties.exist(p, p.age > 3)", 9, "no function `exist`. Did you mean `exists`?"),
        ("latestof([now]) > now", 1, "Did you mean `latest_of`?"),
        ("has(last.clear_vd)", 10, "Did you mean `clear_dv`?"),
        ("inside.handlin", 8, "Did you mean `handling`?"),
        ("clock.performanc.running", 7, "Did you mean `performance`?"),
        ("seat.mediatr.size() > 0", 6, "Did you mean `mediator`?"),
        ("claim <= 5000", 7, "written with a point: 5000.0"),
        ("risk.red", 6, "nothing behind a dot"),
        ("risk ==", 8, "`end` was not expected"),
        ("risk == 'red", 9, "was not expected"),
        ("session.place == '松北区' && rsk == 'red'", 27, "nothing is called `rsk`"),
        ("(dv && risk == 'red'", 21, "cannot be read"),
        ("dv &&\n  rsk == 'red'", 3, "nothing is called `rsk`"),
        ("obligation.due > '2026-01-01'", 16, "Dates are instants"),
        ("agreement.signed == null", 18, "Ask with has(...)"),
        ("agreement == null", 14, "Ask with has(...)"),
        ("session == sessions[0]", 1, "cannot be compared as a whole"),
        ("dv || 3 < 4 && agreement != agreements[0]", 16, "cannot be compared as a whole"),
        ("draw(0.5)", 1, "only where a field is set"),
        ("party.age > 17", 1, "Did you mean `parties`?"),
        ("foo.bar == 1", 1, "nothing is called `foo`"),
    ],
)
def test_what_does_not_compile_is_told_with_its_column(text: str, column: int, says: str) -> None:
    error = wrong(text)
    assert error.code == "FM-D301"
    assert error.column == column
    assert says in error.message


@pytest.mark.parametrize("name", ["rsk == 'red'", "risk == 'rd'", "risk == risk.x"])
def test_the_line_is_told_where_an_expression_has_several(name: str) -> None:
    error = wrong(f"session.place == '松北区' &&\n  {name}")
    assert error.line == 2
    assert error.column in (3, 11, 16)


def test_a_long_expression_is_not_told_at_full_length() -> None:
    error = wrong(" && ".join(["dv"] * 400) + " && rsk == 'red'")
    assert error.column == 2401
    assert len(error.message) < 300


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("risk", "bool"),
        ("risk", "timestamp"),
        ("claim", "value:int"),
        ("5000", "value:money"),
        ("dv", "person"),
        ("now", "duration"),
        ("links", "parties"),
        ("risk", "value:bool"),
    ],
)
def test_a_result_of_another_type_is_refused(text: str, want: str) -> None:
    assert wrong(text, want).code == "FM-D302"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("5000.0", "value:money"),
        ("days(3)", "duration"),
        ("objection.member", "person"),
        ("'w04'", "person"),
        ("seat.mediator", "person"),
        ("leavers", "parties"),
        ("parties.filter(p, p.role == 'claimant')", "parties"),
        ("[]", "value:choices"),
        ("'30 cd'", "value:duration"),
        ("obligation.due", "value:date"),
        ("links", "any"),
    ],
)
def test_a_result_of_the_wanted_type_is_taken(text: str, want: str) -> None:
    assert DISPUTES.compile(text, want=want).want == want


@pytest.mark.parametrize(
    ("text", "column", "near"),
    [
        ("risk == 'rd'", 9, "red"),
        ("'rd' == risk", 1, "red"),
        ("case.risk != 'rd'", 14, "red"),
        ("risk in ['red', 'blu']", 17, "blue"),
        ("parties.all(p, p.consent.decision == 'givn')", 38, "given"),
        ("consents.exists(c, c.decision == 'givn')", 34, "given"),
        ("consents.filter(c, c.decision == 'givn').size() > 1", 34, "given"),
        ("consents.filter(c, has(c.decision)).all(c, c.decision == 'givn')", 58, "given"),
        ("consents[0].decision == 'givn'", 25, "given"),
        ("parties.exists(p, p.role == 'clamant')", 29, "claimant"),
        ("consent.role == 'clamant'", 17, "claimant"),
    ],
)
def test_a_literal_that_is_no_option_is_found(text: str, column: int, near: str) -> None:
    error = wrong(text)
    assert (error.code, error.column) == ("FM-D303", column)
    assert error.hint == f"Did you mean `{near}`?"


def test_options_of_choices_are_checked_from_both_sides() -> None:
    environment = Environment(PUBLIC_SECURITY)
    for text in ("'hird' in exclusions", "exclusions.exists(x, x == 'hird')"):
        with pytest.raises(ExpressionError) as caught:
            environment.compile(text)
        assert caught.value.code == "FM-D303"
    assert environment.compile("'hired' in exclusions")


def test_a_text_may_be_compared_with_anything() -> None:
    assert DISPUTES.compile("session.place == 'anywhere'")


@pytest.mark.parametrize(
    ("text", "name", "column"),
    [("now > obligation.due", "now", 1), ("dv && today == now", "today", 7), ("act.at > now", "act.at", 1)],
)
def test_what_happens_by_itself_may_not_read_the_time(text: str, name: str, column: int) -> None:
    assert DISPUTES.compile(text)
    error = wrong(text, time=False)
    assert (error.code, error.column) == ("FM-D305", column)
    assert f"`{name}`" in error.message


def test_a_variable_that_is_merely_called_now_is_not_the_time() -> None:
    assert DISPUTES.compile("parties.all(now, now.age > 3)", time=False).reads == {
        ("parties",),
        ("parties", "age"),
    }
    assert DISPUTES.compile("act.trigger == 'file'", time=False)


def test_a_message_is_told_in_chinese_too() -> None:
    error = wrong("rsk == 'red'")
    assert error.params["message_zh"] == "“rsk == 'red'”第 1 列:没有名为“rsk”的内容。是否指“risk”?"
    assert error.params["message"] == error.message
    assert "column 1" in error.message


def test_a_party_is_bound_only_for_clocks_per_party() -> None:
    assert DISPUTES.compile("party.age > 17", item="party").reads == {("party", "age")}
    assert DISPUTES.compile("parties.all(party, party.age > 17)")


def test_what_an_expression_reads() -> None:
    text = "has(case.claim) && parties.all(p, p.consent.decision == 'given' || p.age < 18) && last.clear_dv.by != actor.id"
    expression = DISPUTES.compile(text)
    assert expression.reads == {
        ("claim",), ("parties",), ("parties", "consent", "decision"), ("parties", "age"),
        ("last", "clear_dv", "by"), ("actor", "id"),
    }  # fmt: skip
    assert expression.tests == {("claim",)}
    assert expression.literals == {("parties", "consent", "decision"): ("given",), ("parties", "age"): (18,)}
    assert expression.columns["last", "clear_dv", "by"] == text.index("last.clear_dv") + 1


def test_functions_are_seen() -> None:
    assert DISPUTES.compile("recurrence('6 months') > 2").calls == {"recurrence"}
    assert not DISPUTES.compile("parties.size() > 2").calls


def test_a_fact_with_a_name_of_the_language_gives_way() -> None:
    schema = FactSchema(fields={"now": FactType("text"), "parties": FactType("bool"), "ref": FactType("int")})
    environment = Environment(schema)
    assert environment.compile("now > today && parties.size() > 1 && case.ref == '26'")


def test_names_that_protobuf_would_confuse_are_kept_apart() -> None:
    schema = FactSchema(fields={"a_1": FactType("int"), "a1": FactType("bool")})
    assert Environment(schema).compile("case.a_1 > 3 && case.a1")


def test_an_empty_definition_still_has_the_names_of_the_language() -> None:
    text = "case.cycle == 0 && actor.id == '' && links.size() == 0 && parties.size() == 0"
    assert Environment(FactSchema()).compile(text)


# ---- the expressions of three real procedures ------------------------------------------------------

CONDITIONS = {
    "barangay": (
        BARANGAY,
        """
        parties.all(p, p.natural)
        !parties.exists(p, p.government)
        penalty_months <= 12 && fine <= 5000.0
        bar == "none"
        venue != "wrong"
        !meeting.lawyers
        absence.heard && absence.wilful
        absence.role == "complainant"
        repudiation.sworn
        vote.in_favour >= 2
        meritorious
        inside.formed || inside.conciliation
        seat.pangkat.size() == 3
        arbitration_deed.signed
        court_order.approves
        transmittals.size() > 0 && obligations.all(o, has(o.performance))
        transmittals.size() == 0
        """,
    ),
    "public security": (
        PUBLIC_SECURITY,
        """
        exclusions.size() == 0
        parties.all(p, p.willing.decision == "yea")
        mediation.present.exists(x, "officer" in x.roles)
        mediation.present.filter(x, "officer" in x.roles).size() >= 2 || has(mediation.recording)
        parties.all(p, p.role != "suspect" || p.in_person)
        parties.all(p, p.age >= 18 || (p.age >= 16 && p.own_income) || has(p.guardian_notice))
        appraisals.size() < 2
        has(last.propose_mediation) && actor.id != last.propose_mediation.by
        request.performed || links.exists(l, l.kind == "settled_in" && l.outcome == "settled_performed")
        ours
        appraisal.result in ["minor", "serious"]
        inside.first_mediation
        parties.exists(p, p.willing.decision == "nay") || exclusions.size() > 0
        agreement.signed
        """,
    ),
    "dispute": (
        DISPUTE,
        """
        !dv || has(last.clear_dv)
        parties.all(p, p.age >= 18 || (p.age >= 16 && p.own_income) || has(p.guardian_notice))
        clock.reopen_window.running && case.cycle < 3
        !has(last.close_visit) || actor.id != last.close_visit.by
        agreement.signed && agreement.signed_at >= been.in_session.at
        parties.exists(p, p.consent.decision == "refused")
        parties.all(p, p.consent.decision == "given")
        parties.exists(p, p.consent.decision == "withdrawn")
        seat.mediator.size() > 0 && seat.mediator.all(m, m.accepted)
        agreement.obligations.all(o, has(o.performance))
        parties.all(p, has(p.application))
        identity_matter
        court_confirms
        """,
    ),
}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        pytest.param(schema, line.strip(), id=f"{name}: {line.strip()}")
        for name, (schema, lines) in CONDITIONS.items()
        for line in lines.strip().splitlines()
    ],
)
def test_the_conditions_of_real_procedures_compile(schema: FactSchema, text: str) -> None:
    expression = Environment(schema).compile(text, time=False)
    assert expression.reads


@pytest.mark.parametrize(
    ("schema", "text", "want", "item"),
    [
        (BARANGAY, "latest_of([owed_since] + obligations.map(o, o.due))", "timestamp", None),
        (BARANGAY, '"absence"', "value:choice", None),
        (BARANGAY, "true", "value:bool", None),
        (BARANGAY, "now", "value:timestamp", None),
        (BARANGAY, "vote.member", "person", None),
        (PUBLIC_SECURITY, "appraisal.result", "value:choice", None),
        (PUBLIC_SECURITY, "agreement.due", "timestamp", None),
        (PUBLIC_SECURITY, "challenge.member", "person", None),
        (DISPUTE, "objection.member", "person", None),
        (DISPUTE, "obligation.due", "timestamp", "obligation"),
        (DISPUTE, "!has(obligation.performance) && obligation.of == agreement.id", "bool", "obligation"),
    ],
)
def test_the_values_of_real_procedures_compile(
    schema: FactSchema, text: str, want: str, item: str | None
) -> None:
    assert Environment(schema).compile(text, want=want, item=item).text == text
