"""A definition written out loads again as the same definition."""

from pathlib import Path

import pytest

from engine.definitions.emit import emit, emit_texts
from engine.definitions.load import load, loads
from engine.definitions.written.form import form_files

ROOT = Path(__file__).parents[3]
FILES = sorted((*ROOT.glob("workflows/*/workflow.yaml"), *(ROOT / "tests/data/definitions").glob("*.yaml")))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_there_and_back(file: Path) -> None:
    definition = load(file).definition
    assert definition is not None
    texts = {lang: emit_texts(by_path) for lang, by_path in definition.translations.items()}
    forms = {name.removeprefix("forms/"): text for name, text in form_files(definition).items()}
    again = loads(emit(definition), translations=texts, forms=forms)
    assert again.findings == []
    assert again.definition == definition


SMALL = """\
case_type: letter
title: 'Letter: no. 5 #1'
version: "1"
basis: 'yes'
effective: {from: 2026-01-01, until: 2027-01-01}
calendar: CN
parties: {roles: {sender: }}
params: {p: {table: panel, take: acknowledge, else: 1 wd}, q: '12', r: 12, s: 1.5, t: true, u: 5 wd}
fields: {fine: {type: money, default: 0.50}, n: {type: int, default: 3}, tags: {type: choices, of: [no, on], default: []}}
records: {deed: {fields: {x: 'text?'}, signed_by: {by: x, true: [a, [b, c]], else: [a]}}}
seats: {panel: {of: [a], count: 2..3}, one: {of: [a]}}
outcomes: {answered: {grade: substantive}}
states: {done: {final: true}, new: {initial: true, waits_for: []}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: answer, source: any, except: [done], outcome: answered, allow: [clerk], guard: [{that: "a == 'x: y'", because: '- no'}],
     dest: [{when: 'a > 1', to: done, effects: [{remind: [clerk]}]}, {to: stay}]}
  - {as_soon_as: 'x.exists(d, d.ok)', name: soon, source: [new], dest: back}
  - {trigger: act, source: new, allow: [clerk], effects: [{set: {n: n + 1}}, {fire: t, on: split_from}, {seat: panel, by: lot},
     {unseat: panel, who: x}, {unseat: panel}, {open: other, link: l, parties: p, carry: [n]}, {link: l, case: c}, {notice: f, to: [a]},
     {seal: case}, {purge: [n]}]}
clocks:
  c: {until: 'plus(now, "3 cd")', from: now, kind: wait, per: deed, runs_in: [new], while: 'n > 1', restarts_on: [answer], rolls: false,
      ends: business, at: {80%: [], due+3 cd: [{fire: answer}]}, waive: {FM-D308: "it's meant"}}
  d: {within: {by: n, else: 3 cd}, extend: [{by: 5 cd, allow: [h], asks: [n?], guard: [{that: x, because: y}]}]}
"""  # fmt: skip


def test_every_construct_and_awkward_texts() -> None:
    loaded = loads(SMALL)
    assert loaded.findings == []
    assert loaded.definition is not None
    again = loads(emit(loaded.definition))
    assert again.findings == []
    assert again.definition == loaded.definition


def test_block_style_with_an_idea_to_a_line() -> None:
    definition = load(FILES[0]).definition
    assert definition is not None
    text = emit(definition)
    assert not [line for line in text.splitlines() if "{" in line and "'" not in line and "{}" not in line]
    assert max(len(line) for line in text.splitlines()) < 140
