"""A small sound definition in which tests plant defects, and its vocabulary."""

from collections.abc import Sequence

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.analysis.report import Report
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.texts import texts
from engine.definitions.load import Loaded, loads
from engine.definitions.model import Definition, Vocabulary
from engine.definitions.outline import Outline

SOUND = """
case_type: garden
title: Plot of a garden
version: "1"
basis: Rules of the garden
effective: {from: 2026-01-01}
calendar: CN
params:
  patience: {by: urgency, high: 2 cd, else: 10 cd}
parties:
  roles: {gardener: {min: 1}, neighbour: {}}
  fields: {age: {type: int, default: 30}}
fields:
  urgency: {type: choice, of: [low, high], default: low}
  fit: {type: bool, default: true}
  fence: {type: choice, of: [wood, wire]}
  harvest: {type: choice, of: [good, poor, none]}
records:
  visit: {fields: {good: bool, on: timestamp}, class: sensitive}
  pledge: {fields: {terms: text, until: timestamp}, by: [keeper], in: [work], signed_by: [party], form: pledge}
seats:
  keeper: {of: [warden]}
rules:
  proper: {that: fit, because: the plot is not fit}
  fenced: {that: 'fence == "wood"', because: only wooden fences are allowed}
  in_window: {that: clock.window.running && case.cycle < 3, because: the time to come back is over}
states:
  filed: {initial: true, phase: intake, waits_for: [clerk]}
  work:
    phase: work
    waits_for: [clerk]
    states:
      choosing: {initial: true}
      tending: {waits_for: [keeper]}
      picking: {waits_for: [keeper]}
  paused: {phase: waiting, waits_for: [clerk]}
  closed: {final: true, enter: [{notice: farewell, to: [party]}]}
outcomes:
  grown: {grade: substantive}
  dropped: {grade: procedural}
transitions:
  - {trigger: file, dest: filed, allow: [anyone], asks: [note, urgency?], basis: s.1}
  - {trigger: admit, source: filed, dest: choosing, allow: [clerk], asks: [fit], basis: s.2}
  - {trigger: refuse, source: filed, dest: closed, outcome: dropped, allow: [clerk], asks: [note], basis: s.3}
  - {trigger: choose, source: choosing, dest: tending, allow: [clerk], asks: [keeper, fence], basis: s.4}
  - {trigger: inspect, source: tending, allow: [keeper], asks: [visit], guard: [proper, fenced], basis: s.5,
     dest: [{when: visit.good, to: picking}, {to: choosing}]}
  - {trigger: gather, source: picking, allow: [keeper], asks: [harvest], basis: s.6,
     dest: [{when: 'harvest == "none"', to: closed, outcome: dropped}, {to: closed, outcome: grown}]}
  - {as_soon_as: pledge.signed, name: pledged, source: tending, dest: picking, basis: s.7}
  - {trigger: give_up, source: work, dest: closed, outcome: dropped, allow: [clerk, system], basis: s.8}
  - {trigger: pause, source: work, dest: paused, allow: [clerk], asks: [note], basis: s.9}
  - {trigger: go_on, source: paused, dest: back, allow: [clerk, system], basis: s.9}
  - {trigger: reopen, source: closed, dest: filed, reopens: true, allow: [clerk], guard: in_window, basis: s.10}
clocks:
  triage: {within: 2 wd, runs_in: [filed], at: {due: [{remind: [clerk]}]}, basis: s.11}
  growing: {within: param.patience, runs_in: [work], pauses_in: [paused], extend: {by: 5 cd, allow: [clerk]},
    at: {80%: [{remind: [keeper]}], due: [{fire: give_up}]}, basis: s.12}
  pausing: {within: 30 cd, runs_in: [paused], at: {due: [{fire: go_on}]}, basis: s.13}
  window: {kind: wait, within: 6 months, runs_in: [closed]}
tracks:
  press:
    states: {silent: {initial: true}, asked: {waits_for: [clerk]}}
    transitions:
      - {trigger: enquire, source: silent, dest: asked, allow: [anyone], asks: [note], basis: s.14}
      - {trigger: reply, source: asked, dest: silent, allow: [clerk], asks: [note], basis: s.14}
milestones: {first_resolution: [closed], final_resolution: [closed]}
"""

VOCABULARY = Vocabulary.model_validate(
    {
        "roles": {
            "clerk": {"title": "Clerk", "standing": True},
            "head": {"title": "Head", "standing": True},
            "warden": {"title": "Warden"},
            "officer": {"title": "Officer"},
            "auxiliary": {"title": "Auxiliary"},
            "court": {"title": "Court", "outside": True},
        },
        "levels": {"village": {"title": "Village"}},
        "links": {"split_from": {"title": "Split from"}},
        "classes": {
            "public": {"title": "Public"},
            "narrative": {"title": "Case"},
            "sensitive": {"title": "Shut"},
        },
        "forms": {"farewell": {"title": "Farewell"}, "pledge": {"title": "Pledge"}},
    }
)


def loaded(text: str) -> Loaded:
    given = loads(text)
    assert given.definition is not None, [f.message() for f in given.findings]
    return given


def translated(definition: Definition, without: str | None = None) -> Definition:
    """The same definition with every Chinese text but one."""
    scope = Scope(Outline(definition), VOCABULARY, Report())
    chinese = {key: f"文:{key}" for key, _, _ in texts(scope) if key != without}
    return definition.model_copy(update={"translations": {"zh": chinese}})


def checked(
    text: str = SOUND, *, others: Sequence[Definition] | None = None, without: str | None = None
) -> Analysis:
    """The analysis of a definition text, its Chinese texts supplied."""
    given = loaded(text)
    assert given.definition is not None
    outline = Outline(translated(given.definition, without))
    return analyse(outline, positions=given.positions, vocabulary=VOCABULARY, others=others)


def changed(*replacements: tuple[str, str]) -> str:
    """The sound text with some parts replaced; each must stand exactly once."""
    text = SOUND
    for old, new in replacements:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


def told(analysis: Analysis) -> set[tuple[str, str]]:
    """(code without FM-, path) of every finding that counts."""
    return {(f.code.removeprefix("FM-"), f.path) for f in analysis.findings if f.counts}
