"""What differs between two texts of a case type, as a line a jurist reads."""

from pathlib import Path

import pytest

from engine.definitions.difference import Difference, differences
from engine.definitions.load import load, loads
from engine.definitions.model import Definition

ROOT = Path(__file__).parents[3]
FILE = ROOT / "workflows" / "dispute_mediation" / "workflow.yaml"
SKETCH = ROOT / "tests" / "data" / "definitions" / "public_security_mediation.yaml"
TEXT = SKETCH.read_text("utf-8")


def read(text: str, **translations: str) -> Definition:
    loaded = loads(text, translations=translations)
    assert loaded.definition is not None, [f.to_json() for f in loaded.findings]
    return loaded.definition


def changed(*pairs: tuple[str, str]) -> list[Difference]:
    new = TEXT
    for old_part, new_part in pairs:
        assert old_part in new
        new = new.replace(old_part, new_part, 1)
    return differences(read(TEXT), read(new))


def test_a_text_does_not_differ_from_itself() -> None:
    definition = load(FILE).definition
    assert definition is not None
    assert differences(definition, definition) == []


def test_thirty_days_become_twenty() -> None:
    told = changed(
        ("case_limit: {within: 30 cd", "case_limit: {within: 20 cd"), ('version: "1"', 'version: "2"')
    )
    assert told == [
        Difference("version", None, "1", "2"),
        Difference("clock case_limit", "within", "30 cd", "20 cd"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("first: {within: 3 wd", "first: {within: {by: injury, serious: 1 wd, else: 3 wd}",
         Difference("clock first", "within", "3 wd", "by injury: serious 1 wd, else 3 wd")),
        ("50%: [{remind: [handler]}]", "60%: [{remind: [handler]}]",
         Difference("clock appraisal", "at 50%", "remind handler", None)),
        ("that: ours, because: another unit", "that: ours, because: some other unit",
         Difference("act accept", "guard", "{that: ours, because: another unit is competent}",
                    "{that: ours, because: some other unit is competent}")),
        ("registered: {waits_for: [officer]}", "registered: {waits_for: [officer, legal]}",
         Difference("state registered", "waits_for", "officer", "officer, legal")),
        ("ours: bool\n", "ours: bool\n  urgent: bool\n", Difference("field urgent", None, None, "there")),
        ("handler: {of: [officer], count: 1..2}", "handler: {of: [officer]}",
         Difference("seat handler", "most", "2", "1")),
        ("decision: {grade: substantive}, ", "", Difference("outcome decision", None, "there", None)),
        ("suspect: {min: 1, agents: [guardian]}", "suspect: {min: 1, agents: [guardian, attorney]}",
         Difference("party suspect", "agents", "guardian", "guardian, attorney")),
    ],
)  # fmt: skip
def test_one_change_is_one_line(old: str, new: str, told: Difference) -> None:
    assert told in changed((old, new))
    assert len(changed((old, new))) <= 2


def test_an_act_more_is_told_by_its_name() -> None:
    more = "  - {trigger: look_in, source: appraisal, allow: [officer]}\nclocks:\n"
    assert changed(("clocks:\n", more)) == [Difference("act look_in", None, None, "there")]


def test_several_acts_of_one_trigger_are_told_apart() -> None:
    more = "  - {trigger: perform, source: breached, dest: performed, allow: [officer]}\nclocks:\n"
    assert changed(("clocks:\n", more)) == [Difference("act perform from breached", None, None, "there")]


def test_texts_in_other_languages() -> None:
    told = differences(
        read(TEXT, zh="title: 治安调解\n"), read(TEXT, zh="title: 调解\nstates.agreed.title: 已达成\n")
    )
    assert told == [
        Difference("text zh", "title", "治安调解", "调解"),
        Difference("text zh", "states.agreed.title", None, "已达成"),
    ]


def test_a_track_more_or_less() -> None:
    cut = TEXT[: TEXT.index("tracks:")].replace(
        "  recusal: {within: 2 cd, runs_in: [challenged], at: {due: [{remind: [head@station, head@county]}]}, basis: art.21}\n",
        "",
    )
    told = differences(read(TEXT), read(cut))
    assert Difference("track recusal", None, "there", None) in told
    assert Difference("clock recusal", None, "there", None) in told
