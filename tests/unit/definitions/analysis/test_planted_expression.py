"""One planted defect for each code about expressions, and what must not be held against a definition."""

import pytest

from tests.support.sound import changed, checked, told

INSPECT = "dest: [{when: visit.good, to: picking}, {to: choosing}]"
GATHER = """dest: [{when: 'harvest == "none"', to: closed, outcome: dropped}, {to: closed, outcome: grown}]"""
FENCED = "fenced: {that: 'fence == \"wood\"', because"
ADMIT = "dest: choosing, allow: [clerk], asks: [fit], basis: s.2"
TRIAGE = "triage: {within: 2 wd, runs_in: [filed]"

PLANTED = [
    ("D106", "fields.weeds", [("fence: {type", "weeds: bool\n  fence: {type")]),
    ("D106", "records.tool", [("  pledge: {fields", "  tool: {fields: {name: text}}\n  pledge: {fields")]),
    ("D106", "rules.fenced", [("guard: [proper, fenced]", "guard: [proper]")]),
    ("D106", "seats.helper", [("  keeper: {of: [warden]}", "  keeper: {of: [warden]}\n  helper: {of: [warden]}")]),
    ("D106", "params.patience", [("within: param.patience", "within: 10 cd")]),
    ("D301", "rules.fenced.that", [(FENCED, "fenced: {that: 'fense == \"wood\"', because")]),
    ("D301", "transitions.4.dest.0.when", [("when: visit.good", "when: visit.goood")]),
    ("D302", "rules.fenced.that", [(FENCED, "fenced: {that: fence, because")]),
    ("D302", "params.patience.by", [("{by: urgency, high", "{by: age_of, high"), ("fence: {type", "age_of: {type: int, default: 3}\n  fence: {type"), ("asks: [fit]", "asks: [fit, age_of]")]),
    ("D303", "rules.fenced.that", [(FENCED, "fenced: {that: 'fence == \"steel\"', because")]),
    ("D303", "params.patience.hihg", [("high: 2 cd", "hihg: 2 cd")]),
    ("D304", "transitions.5.dest", [(GATHER, """dest: [{when: 'harvest == "none"', to: closed, outcome: dropped}, {when: 'harvest == "good"', to: closed, outcome: grown}]""")]),
    ("D304", "params.patience", [("high: 2 cd, else: 10 cd", "high: 2 cd")]),
    ("D305", "transitions.6.as_soon_as", [("as_soon_as: pledge.signed", "as_soon_as: 'pledge.signed && now > pledge.until'")]),
    ("D305", "clocks.growing.while", [("within: param.patience", "within: param.patience, while: 'today < case.filed'")]),
    ("D306", "transitions.4.dest.1.when", [(INSPECT, "dest: [{when: visit.good, to: picking}, {when: 'parties.size() > 1', to: choosing}]")]),
    ("D307", "transitions.5.dest.2", [(GATHER, GATHER.replace("outcome: grown}]", "outcome: grown}, {when: fit, to: tending}]"))]),
    ("D307", "transitions.5.dest.1", [(GATHER, """dest: [{when: 'harvest != "good"', to: closed, outcome: dropped}, {when: 'harvest == "none"', to: tending}, {to: closed, outcome: grown}]""")]),
    ("D308", "transitions.6.as_soon_as", [("as_soon_as: pledge.signed, name: pledged, source: tending, dest: picking", "as_soon_as: pledge.signed, name: pledged, source: tending, dest: choosing")]),
    ("D309", "transitions.4.dest.0.when", [("when: visit.good", "when: 'harvest == \"good\"'")]),
    ("D309", "clocks.triage.until", [(TRIAGE, "triage: {until: pledge.until, runs_in: [filed]")]),
    ("D309", "clocks.triage.from", [(TRIAGE, "triage: {within: 2 wd, from: pledge.signed_at, runs_in: [filed]")]),
    ("D309", "clocks.triage.within", [(TRIAGE, "triage: {within: {by: fence, wood: 1 wd, wire: 2 wd}, runs_in: [filed]")]),
    ("D309", "transitions.7.effects.0.set.fence", [("allow: [clerk, system], basis: s.8", "allow: [clerk, system], effects: [{set: {fence: fence}}], basis: s.8")]),
    ("D309", "transitions.7.effects.0.who", [("allow: [clerk, system], basis: s.8", "allow: [clerk, system], effects: [{unseat: keeper, who: visit.by}], basis: s.8")]),
    ("D310", "rules.fenced.that", [(FENCED, "fenced: {that: 'fence == \"wood\" || fence == \"wire\"', because")]),
    ("D310", "transitions.5.dest.0.when", [("""{when: 'harvest == "none"',""", """{when: 'inside.tending',""")]),
    ("D310", "transitions.6.as_soon_as", [("as_soon_as: pledge.signed", "as_soon_as: 'fit && !fit'")]),
    ("D311", "transitions.1.guard.0", [(ADMIT, "dest: choosing, allow: [clerk], asks: [fit], guard: fenced, basis: s.2")]),
    ("D311", "transitions.10.guard.0", [("guard: in_window, basis: s.10", "guard: [{that: actor.id != last.gather.by, because: not the gatherer}, in_window], basis: s.10")]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "changes"), PLANTED, ids=[f"{p[0]}-{p[1]}" for p in PLANTED])
def test_a_planted_defect_is_told_under_its_code_and_path(
    code: str, path: str, changes: list[tuple[str, str]]
) -> None:
    assert (code, path) in told(checked(changed(*changes)))


ALLOWED = [
    # known by a default, by an earlier act on every way, by this act, by a guard that held
    [("when: visit.good", "when: fit")],
    [("when: visit.good", "when: 'fence == \"wood\"'")],
    [(TRIAGE, "triage: {within: {by: urgency, low: 1 wd, high: 2 wd}, runs_in: [filed]")],
    [("guard: in_window, basis: s.10", "guard: [in_window, {that: has(last.gather), because: nothing was gathered}, "
      "{that: '!has(last.gather) || actor.id != last.gather.by', because: not the gatherer}], basis: s.10")],
    # a last branch with a condition, proved to cover the rest
    [(GATHER, """dest: [{when: 'harvest == "none"', to: closed, outcome: dropped}, {when: 'harvest != "none"', to: closed, outcome: grown}]""")],
    # the number is set against another number: not decided, so not told as always true or false
    [(FENCED, "fenced: {that: parties.size() > 0 || case.cycle + case.cycle > 3, because")],
    # true between the two constants only
    [(FENCED, "fenced: {that: 'area > 5.0 && area < 5.5', because"), ("  fence: {type", "  area: {type: number, default: 1}\n  fence: {type"), ("asks: [fit]", "asks: [fit, area]")],
    # what need not be given may be absent
    [(FENCED, "fenced: {that: '!has(visit.paid)', because"), ("fields: {good: bool, on: timestamp}", "fields: {good: bool, on: timestamp, paid: money?}")],
    # by the time it comes back, the pledge is asked anew
    [("as_soon_as: pledge.signed, name: pledged, source: tending, dest: picking", "as_soon_as: pledge.signed, name: pledged, source: tending, dest: choosing"),
     ("asks: [keeper, fence]", "asks: [keeper, fence, pledge]")],
]  # fmt: skip


@pytest.mark.parametrize("changes", ALLOWED, ids=range(len(ALLOWED)))
def test_what_holds_is_not_told(changes: list[tuple[str, str]]) -> None:
    assert told(checked(changed(*changes))) == set()


def test_an_error_in_an_expression_has_its_column() -> None:
    analysis = checked(changed((FENCED, "fenced: {that: 'fit && fense == \"wood\"', because")))
    finding = next(f for f in analysis.findings if f.code == "FM-D301")
    line = changed((FENCED, "fenced: {that: 'fit && fense == \"wood\"', because")).splitlines()[
        finding.line - 1
    ]
    assert line[finding.column - 1 :].startswith("fense")


def test_a_gap_is_shown_by_a_concrete_case() -> None:
    gap = """dest: [{when: 'harvest == "none"', to: closed, outcome: dropped}, {when: 'harvest == "good"', to: closed, outcome: grown}]"""
    finding = next(f for f in checked(changed((GATHER, gap))).findings if f.code == "FM-D304")
    assert finding.params["witness"] == "harvest = poor"


def test_back_leads_only_where_the_case_came_from() -> None:
    """A consent given before a pause is no danger: the way back from the pause is to the leaf that was left."""
    direct = ("source: work, dest: paused", "source: [choosing, picking], dest: paused")
    assert told(checked(changed(direct))) == set()
