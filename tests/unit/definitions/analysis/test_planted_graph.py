"""One planted defect for each code about names, the graph, people, clocks and tracks."""

import pytest

from engine.definitions.analysis import analyse
from engine.definitions.outline import Outline
from tests.support.sound import VOCABULARY, changed, checked, loaded, told

EXTEND = "extend: {by: 5 cd, allow: [clerk]},"
KEEPER = "  keeper: {of: [warden]}"
GIVE_UP = (
    "{trigger: give_up, source: work, dest: closed, outcome: dropped, allow: [clerk, system], basis: s.8}"
)

PLANTED = [
    ("D101", "states.paused", [("picking: {waits_for", "paused: {}\n      picking: {waits_for")]),
    ("D102", "transitions.1.dest.0.to", [("dest: choosing, allow", "dest: chosing, allow")]),
    ("D102", "transitions.8.source.0", [("pause, source: work", "pause, source: wrok")]),
    ("D102", "clocks.pausing.runs_in.0", [("runs_in: [paused]", "runs_in: [pawsed]")]),
    ("D102", "records.pledge.in.0", [("by: [keeper], in: [work]", "by: [keeper], in: [wark]")]),
    ("D102", "milestones.final_resolution.0", [("final_resolution: [closed]", "final_resolution: [clossed]")]),
    ("D103", "fields.clock", [("fence: {type", "clock: bool\n  fence: {type")]),
    ("D103", "rules.fence", [("  proper:", "  fence: {that: fit, because: no}\n  proper:")]),
    ("D103", "seats.warden", [(KEEPER, f"{KEEPER}\n  warden: {{of: [clerk]}}")]),
    ("D103", "transitions.8.trigger", [("trigger: pause,", "trigger: sign_pledge,")]),
    ("D104", "transitions.4.guard.0", [("[proper, fenced]", "[propper, fenced]")]),
    ("D105", "transitions.3.asks.1", [("asks: [keeper, fence]", "asks: [keeper, fense]")]),
    ("D105", "transitions.4.asks.0", [("asks: [visit]", "asks: [vizit]")]),
    ("D105", "transitions.2.outcome.0", [("refuse, source: filed, dest: closed, outcome: dropped", "refuse, source: filed, dest: closed, outcome: droped")]),
    ("D105", "states.closed.enter.0.notice", [("notice: farewell", "notice: farwell")]),
    ("D105", "clocks.growing.within", [("within: param.patience", "within: param.patence")]),
    ("D105", "params.patience.by", [("{by: urgency", "{by: urgence")]),
    ("D105", "records.pledge.form", [("form: pledge", "form: pledges")]),
    ("D105", "records.visit.agent", [("visit: {fields: {good: bool, on: timestamp}", "visit: {agent: good, fields: {good: bool, on: timestamp}")]),
    ("D105", "records.visit.agent", [("visit: {fields: {good: bool, on: timestamp}", "visit: {per: party, agent: kind, fields: {good: bool, on: timestamp}")]),
    ("D303", "parties.roles.gardener.agents.0", [("gardener: {min: 1}", "gardener: {min: 1, agents: [uncle]}"), ("visit: {fields: {good: bool, on: timestamp}", "visit: {per: party, agent: kind, fields: {kind: {type: choice, of: [guardian]}, good: bool, on: timestamp}")]),
    ("D201", "states.lost", [("  paused: {phase", "  lost: {phase: work, waits_for: [clerk]}\n  paused: {phase")]),
    ("D202", "states.filed", [("outcome: dropped, allow: [clerk], asks: [note], basis: s.3", "outcome: dropped, allow: [officer], asks: [note], basis: s.3"), ("asks: [fit], basis", "asks: [fit], guard: proper, basis")]),
    ("D202", "states.work.states.tending", [("{fire: give_up}", "{remind: [clerk]}"), ("source: work, dest: closed, outcome: dropped, allow: [clerk, system]", "source: [choosing, picking], dest: closed, outcome: dropped, allow: [clerk]"), ("source: work, dest: paused, allow: [clerk]", "source: work, dest: paused, allow: [warden]")]),
    ("D203", "transitions.2", [("{trigger: refuse, source: filed,", "{trigger: admit, source: filed,"), ("- {trigger: choose", "- {trigger: refuse, source: filed, dest: closed, outcome: dropped, allow: [clerk], basis: s}\n  - {trigger: choose")]),
    ("D204", "transitions.10", [("reopens: true, ", "")]),
    ("D205", "transitions.7", [(GIVE_UP, f"{GIVE_UP}\n  - {{trigger: give_up, source: picking, dest: closed, outcome: grown, allow: [clerk, system], basis: s.8}}")]),
    ("D206", "transitions.2.dest.0", [("refuse, source: filed, dest: closed, outcome: dropped", "refuse, source: filed, dest: closed")]),
    ("D207", "outcomes.spoiled", [("  dropped: {grade", "  spoiled: {grade: stage}\n  dropped: {grade")]),
    ("D208", "transitions.6", [("- {trigger: give_up", "- {as_soon_as: 'harvest == \"none\"', source: picking, dest: tending, basis: s}\n  - {trigger: give_up")]),
    ("D209", "transitions.10.undoes.0", [("reopens: true, ", "undoes: [admit], "), ("reopen, source: closed, dest: filed", "reopen, source: closed, dest: back")]),
    ("D209", "transitions.10.undoes.0", [("reopens: true, ", "undoes: [refuze], "), ("reopen, source: closed, dest: filed", "reopen, source: closed, dest: back")]),
    ("D209", "transitions.10", [("reopens: true, ", "undoes: [refuse], ")]),
    ("D209", "transitions.10", [("reopens: true, ", "reopens: true, undoes: [refuse], "), ("reopen, source: closed, dest: filed", "reopen, source: closed, dest: back")]),
    ("D401", "transitions.2.allow.0", [("outcome: dropped, allow: [clerk], asks: [note], basis: s.3", "outcome: dropped, allow: [clark], asks: [note], basis: s.3")]),
    ("D401", "transitions.2.allow.0", [("outcome: dropped, allow: [clerk], asks: [note], basis: s.3", "outcome: dropped, allow: [clerk@shire], asks: [note], basis: s.3")]),
    ("D401", "clocks.triage.at.due.0.remind.0", [("due: [{remind: [clerk]}]}, basis: s.11", "due: [{remind: [clack]}]}, basis: s.11")]),
    ("D402", "transitions.2.allow", [("outcome: dropped, allow: [clerk], asks: [note], basis: s.3", "outcome: dropped, allow: [court], asks: [note], basis: s.3")]),
    ("D402", "transitions.7.allow", [("allow: [clerk, system], basis: s.8", "allow: [system], basis: s.8"), ("{fire: give_up}", "{remind: [clerk]}")]),
    ("D403", "transitions.4.allow", [("asks: [keeper, fence]", "asks: [fence]")]),
    ("D404", "states.filed", [("intake, waits_for: [clerk]", "intake, waits_for: [auxiliary]")]),
    ("D404", "states.paused", [("{phase: waiting, waits_for: [clerk]}", "{phase: waiting}")]),
    ("D501", "clocks.triage", [("runs_in: [filed], at: {due: [{remind: [clerk]}]}", "runs_in: [filed]")]),
    ("D501", "clocks.window", [("clock.window.running &&", "")]),
    ("D502", "clocks.growing.at.due.0.fire", [("{fire: give_up}", "{fire: give_upp}")]),
    ("D503", "clocks.pausing.at.due.0", [("{fire: go_on}", "{fire: give_up}")]),
    ("D504", "clocks.growing.at.due.0", [("allow: [clerk, system], basis: s.8", "allow: [clerk], basis: s.8")]),
    ("D505", "clocks.growing.at.due.0", [("allow: [clerk, system], basis: s.8", "allow: [clerk, system], guard: proper, basis: s.8")]),
    ("D505", "clocks.growing.at.due.0", [("allow: [clerk, system], basis: s.8", "allow: [clerk, system], asks: [note], basis: s.8")]),
    ("D506", "clocks.growing.pauses_in", [("within: param.patience", "until: 'plus(case.filed, \"9 cd\")'"), (EXTEND, "")]),
    ("D506", "clocks.growing.extend", [("within: param.patience", "until: 'plus(case.filed, \"9 cd\")'"), ("pauses_in: [paused], ", "")]),
    ("D507", "states.filed", [("within: 2 wd, runs_in: [filed]", "within: 2 wd, while: fit, runs_in: [filed]")]),
    ("D508", "transitions.11", [("clocks:\n", "clocks:\n  again: {within: 1 cd, runs_in: [picking], at: {due: [{fire: back_again}]}, basis: s}\n  there: {within: 1 cd, runs_in: [tending], at: {due: [{fire: over}]}, basis: s}\n"), (EXTEND, "restarts_on: [choose], extend: {by: 5 cd, allow: [clerk]},"), ("  - {trigger: reopen", "  - {trigger: over, source: tending, dest: picking, allow: [system], basis: s}\n  - {trigger: back_again, source: picking, dest: tending, allow: [system], basis: s}\n  - {trigger: reopen")]),
    ("D601", "tracks.press.states.asked", [("source: asked, dest: silent, allow: [clerk]", "source: asked, dest: silent, allow: [officer]"), ("asked: {waits_for: [clerk]}", "asked: {waits_for: [officer]}")]),
    ("D602", "states.closed.enter.1.link", [("enter: [{notice: farewell, to: [party]}]", "enter: [{notice: farewell, to: [party]}, {open: garden, link: splitt_from}]")]),
    ("D801", "states.paused", []),
    ("D802", "transitions.2", [("asks: [note], basis: s.3", "asks: [note]")]),
    ("D802", "clocks.triage", [("basis: s.11", "title: Triage")]),
    ("D803", "states.paused", [("paused: {phase: waiting, ", "paused: {")]),
    ("D803", "milestones", [(", final_resolution: [closed]", "")]),
    ("D901", "transitions.2.waive.FM-D308", [("asks: [note], basis: s.3", "asks: [note], basis: s.3, waive: {FM-D308: why}")]),
]  # fmt: skip


def test_the_sound_definition_has_no_findings() -> None:
    assert checked().findings == []


def test_an_act_that_undoes_the_closing_one_is_sound() -> None:
    undo = "  - {trigger: undo, source: closed, dest: back, undoes: [refuse, give_up], allow: [clerk], basis: s.3}\nclocks:"
    assert checked(changed(("clocks:", undo))).findings == []


@pytest.mark.parametrize(("code", "path", "changes"), PLANTED, ids=[f"{p[0]}-{p[1]}" for p in PLANTED])
def test_a_planted_defect_is_told_under_its_code_and_path(
    code: str, path: str, changes: list[tuple[str, str]]
) -> None:
    without = "states.paused.title" if code == "D801" else None
    analysis = checked(changed(*changes), without=without)
    assert (code, path) in told(analysis)


def test_only_the_lowest_stuck_state_is_told() -> None:
    text = changed(
        ("{fire: give_up}", "{remind: [clerk]}"),
        ("allow: [clerk, system], basis: s.8", "allow: [warden], basis: s.8"),
    )
    stuck = [f for f in checked(text).findings if f.code == "FM-D202"]
    assert {f.path for f in stuck} == {
        "states.work.states.choosing", "states.work.states.tending", "states.work.states.picking"
    }  # fmt: skip
    assert "filed > choosing > tending" in stuck[1].message()
    assert "warden" in stuck[1].message()


def test_every_open_leaf_has_a_way_out_with_its_post_or_clock() -> None:
    ways = checked().ways_out
    assert set(ways) == {"filed", "choosing", "tending", "picking", "paused"}
    assert (ways["filed"].by, ways["filed"].trigger, ways["filed"].role_or_clock) == (
        "person",
        "refuse",
        "clerk",
    )
    assert (ways["paused"].by, ways["paused"].role_or_clock) == ("clock", "pausing")
    assert set(ways["paused"].leads_to) == {"choosing", "tending", "picking"}


def test_types_that_open_each_other_by_themselves_and_unknown_types() -> None:
    opening = ("enter: [{notice: farewell, to: [party]}]", "enter: [{open: shed, link: split_from}]")
    garden = changed(opening)
    assert ("D602", "states.closed.enter.0.open") in told(checked(garden, others=[]))
    shed = loaded(
        garden.replace("case_type: garden", "case_type: shed").replace("open: shed", "open: garden")
    )
    assert shed.definition is not None
    assert ("D602", "states.closed.enter.0.open") in told(checked(garden, others=[shed.definition]))
    harmless = loaded(changed(("case_type: garden", "case_type: shed"))).definition
    assert harmless is not None
    assert told(checked(garden, others=[harmless])) == set()


def test_what_the_other_type_asks_at_filing_must_be_carried() -> None:
    opening = "basis: s.9, effects: [{open: shed, link: split_from, carry: [%s]}]}\n  - {trigger: go_on"
    shed = loaded(
        changed(("case_type: garden", "case_type: shed"), ("asks: [note, urgency?]", "asks: [note, fence]"))
    )
    assert shed.definition is not None
    for carried, found in (("", {("D602", "transitions.8.effects.0.open")}), ("fence", set())):
        garden = changed(("basis: s.9}\n  - {trigger: go_on", opening % carried))
        assert told(checked(garden, others=[shed.definition])) == found


def test_a_carried_field_must_exist_there() -> None:
    carrying = (
        "basis: s.9}\n  - {trigger: go_on",
        "basis: s.9, effects: [{open: shed, link: split_from, carry: [fence]}]}\n  - {trigger: go_on",
    )
    shed = loaded(
        changed(("case_type: garden", "case_type: shed"), ("of: [wood, wire]", "of: [wood, stone]"))
    ).definition
    assert shed is not None
    assert ("D602", "transitions.8.effects.0.carry.0") in told(checked(changed(carrying), others=[shed]))
    same = loaded(changed(("case_type: garden", "case_type: shed"))).definition
    assert same is not None
    assert told(checked(changed(carrying), others=[same])) == set()


def test_a_waiver_lets_a_warning_stand_and_errors_fall() -> None:
    gap = ("{phase: waiting, waits_for: [clerk]}", "{phase: waiting, waive: {FM-D404: nobody is awaited}}")
    analysis = checked(changed(gap))
    assert analysis.ok(strict=True)
    assert [f.waived for f in analysis.findings] == ["nobody is awaited"]
    error = ("asks: [note], basis: s.3", "asks: [note], basis: s.3, waive: {FM-D206: why}")
    closing = ("refuse, source: filed, dest: closed, outcome: dropped", "refuse, source: filed, dest: closed")
    assert told(checked(changed(error, closing))) >= {
        ("D206", "transitions.2.dest.0"),
        ("D901", "transitions.2.waive.FM-D206"),
    }


def test_strictness() -> None:
    warned = checked(changed(("asks: [note], basis: s.3", "asks: [note]")))
    assert warned.ok()
    assert not warned.ok(strict=True)
    assert not checked(changed(("dest: choosing, allow", "dest: chosing, allow"))).ok()


@pytest.mark.parametrize(
    ("calendars", "expected"), [(None, []), (["CN"], []), (["PH"], [("FM-D105", "calendar")])]
)
def test_an_unknown_calendar_is_told_where_the_calendars_are_known(
    calendars: list[str] | None, expected: list[tuple[str, str]]
) -> None:
    read = loaded(changed())
    assert read.definition is not None
    analysis = analyse(
        Outline(read.definition), positions=read.positions, vocabulary=VOCABULARY, calendars=calendars
    )
    found = [f for f in analysis.findings if f.code == "FM-D105"]
    assert [(f.code, f.path) for f in found] == expected
    assert all(f.line > 1 and f.message() == "unknown calendar `CN`. Did you mean `PH`?" for f in found)
    assert all("未知工作历 `CN`" in f.message("zh") for f in found)


@pytest.mark.parametrize(("untitled", "expected"), [(1, ["transitions.0"]), (99, [])])
def test_an_act_without_a_title_beside_acts_that_have_one(untitled: int, expected: list[str]) -> None:
    """Where no act has a title, the words of their names stand for all of them."""
    acts = [part.split(",")[0] for part in changed().split("{trigger: ")[1:]][untitled:]
    text = changed(*[(f"{{trigger: {act},", f"{{trigger: {act}, title: Act,") for act in acts])
    found = [f for f in checked(text).findings if f.code == "FM-D801"]
    assert [(f.path, f.severity) for f in found] == [(path, "warning") for path in expected]
    said = "no en text for `transitions.file.title`. Add it to the act `file` as `title`."
    assert [f.message() for f in found] == [said] * len(expected)
