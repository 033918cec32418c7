"""A case type whose law has changed ships both texts: each holds under the strict check, and a day decides which."""

from pathlib import Path

import pytest

from engine.definitions.analysis import analyse
from engine.definitions.canonical import content_hash
from engine.definitions.difference import differences
from engine.definitions.load import load, loads
from engine.definitions.model import Definition, SealEffect
from engine.definitions.outline import Outline
from workflows import shipped

FOLDER = Path(shipped.__file__).parent
EARLIER = [(name, folder) for name, folders in shipped.EARLIER.items() for folder in folders]


def text(*folders: str) -> Definition:
    found = load(FOLDER.joinpath(*folders) / "workflow.yaml").definition
    assert found is not None
    return found


@pytest.mark.parametrize(("case_type", "folder"), EARLIER)
def test_the_earlier_text_holds_under_the_strict_check(case_type: str, folder: str) -> None:
    read = load(FOLDER / case_type / folder / "workflow.yaml")
    assert read.definition is not None
    assert read.findings == []
    words = shipped.vocabulary()
    outline = Outline(read.definition, words.dispatch)
    analysis = analyse(outline, positions=read.positions, vocabulary=words)
    assert [f.message() for f in analysis.findings if f.counts and f.severity != "info"] == []
    assert set(analysis.ways_out) == outline.open_leaves


@pytest.mark.parametrize(("case_type", "folder"), EARLIER)
def test_the_later_text_begins_later_and_names_itself_otherwise(case_type: str, folder: str) -> None:
    earlier, later = text(case_type, folder), text(case_type)
    assert earlier.case_type == later.case_type == case_type
    assert earlier.effective.from_ < later.effective.from_
    assert (earlier.version != later.version, content_hash(earlier) != content_hash(later)) == (True, True)


def test_a_new_store_begins_with_the_earlier_texts_first_and_each_once() -> None:
    held = [(one.definition.case_type, one.definition.version) for one in shipped.texts()]
    assert len(set(held)) == len(held) == len(shipped.CASE_TYPES) + len(EARLIER)
    [before, since] = [version for name, version in held if name == "public_security_mediation"]
    assert (before, since) == ("2025.1", "2026.1")


def test_what_is_kept_of_a_text_that_includes_another_needs_no_other_file() -> None:
    for one in shipped.texts():
        made = loads(one.source, translations={}).definition
        assert made is not None, one.definition.case_type
        assert made.transitions == one.definition.transitions


def test_the_law_of_2026_changes_the_self_settlement_the_decision_and_the_time_and_nothing_else() -> None:
    changed = differences(text("public_security_mediation", "2025"), text("public_security_mediation"))
    header = {"version", "basis", "effective", "text zh"}
    said = {"act accept_settlement", "act decide", "rule station_may", "clock case_limit"}
    assert {one.what for one in changed} - header == said


def test_since_2026_the_record_of_every_penalty_is_sealed_and_of_nothing_that_was_spared() -> None:
    later = text("public_security_mediation")
    seals = {
        t.trigger
        for t in later.transitions
        if any(isinstance(e, SealEffect) for e in (*t.effects, *(e for b in t.dest for e in b.effects)))
    }
    assert seals == {"decide"}
