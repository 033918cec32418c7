"""Four rules of recusal as files to include: each compiles in a definition, and each behaves as its law says."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine.definitions.analysis import analyse
from engine.definitions.canonical import content_hash
from engine.definitions.finding import Finding
from engine.definitions.load import Loaded, loads
from engine.definitions.outline import Outline
from engine.machine.command import Pick, Pool
from engine.machine.program import compile_definition
from tests.support.small import Player, codes
from workflows import shipped

FOLDER = Path(shipped.__file__).parent / "recusal"
UNTRANSLATED = "FM-D801"
REGIMES = ("police", "shenzhen", "pangkat", "model_standards")
BASE = """
case_type: small
title: Small
version: "1"
basis: a made-up law
effective: {{from: 2020-01-01}}
calendar: CN
include: [recusal/{regime}.yaml]
parties:
  roles: {{claimant: {{title: Claimant, min: 1}}, respondent: {{title: Respondent, min: 1}}}}
  fields: {{age: int}}
seats:
  handler: {{title: Handler, of: [officer, head]}}
  mediator: {{title: Mediator, of: [mediator_post]}}
  pangkat: {{title: Pangkat, of: [lupon_member], count: 3}}
states:
  work: {{title: Work, initial: true, phase: work, waits_for: [officer]}}
  shut: {{title: Shut, final: true, phase: done}}
outcomes:
  over: {{title: Over, grade: substantive}}
transitions:
  - {{trigger: file, title: File, dest: work, allow: [anyone]}}
  - {{trigger: put, title: Put, source: work, allow: [officer], asks: [handler?, mediator?]}}
  - {{trigger: form, title: Form, source: work, allow: [officer], effects: [{{seat: pangkat, by: lot}}]}}
  - {{trigger: end, title: End, source: work, dest: shut, outcome: over, allow: [officer]}}
clocks:
  limit: {{title: Limit, within: 30 cd, runs_in: [work], at: {{due: [{{remind: [officer]}}]}}, basis: art. 1}}
milestones: {{first_resolution: [shut], final_resolution: [shut]}}
"""


def loaded(regime: str) -> Loaded:
    files = {f"recusal/{path.name}": path.read_text("utf-8") for path in FOLDER.glob("*.yaml")}
    return loads(BASE.format(regime=regime), includes=files)


class Court(Player):
    roles: ClassVar = {
        "ann": {"officer"},
        "hal": {"head"},
        "sue": {"superior"},
        "m1": {"mediator_post"},
        "m2": {"mediator_post"},
        **{f"l{n}": {"lupon_member"} for n in range(1, 6)},
    }


def court(regime: str) -> Court:
    definition = loaded(regime).definition
    assert definition is not None
    program = compile_definition(definition, content_hash(definition), shipped.vocabulary())
    made = Court(
        program,
        pool=lambda asked: Pool(tuple(f"l{n}" for n in range(1, 6))),
        pick=lambda asked: Pick("m2", {}),
        seed=lambda: "a seed",
    )
    made.now = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
    made.file()
    return made


def seated(court: Court, seat: str) -> list[str]:
    assert court.state is not None
    return [holder["person"] for holder in court.state["seats"].get(seat, ())]


def faults(found: Loaded) -> list[Finding]:
    """What the analysis finds, but for what it only tells."""
    assert found.findings == []
    assert found.definition is not None
    words = shipped.vocabulary()
    report = analyse(Outline(found.definition, words.dispatch), vocabulary=words)
    return [f for f in report.findings if f.counts and f.severity != "I"]


def without(regime: str) -> Loaded:
    text = BASE.format(regime=regime).replace(f"include: [recusal/{regime}.yaml]\n", "")
    return loads(text, translations={"zh": "title: 小"})


@pytest.mark.parametrize("regime", REGIMES)
def test_it_brings_nothing_that_an_analysis_finds_fault_with(regime: str) -> None:
    mine, bare = (
        [f for f in faults(one) if f.code != UNTRANSLATED] for one in (loaded(regime), without(regime))
    )
    assert Counter(f.code for f in mine) - Counter(f.code for f in bare) == Counter()


@pytest.mark.parametrize("regime", REGIMES)
def test_all_of_it_is_in_chinese(regime: str) -> None:
    mine, bare = (
        [f for f in faults(one) if f.code == UNTRANSLATED] for one in (loaded(regime), without(regime))
    )
    assert len(mine) - len(bare) in (0, 1), "the title of the definition around it is the one"


class TestPolice:
    CHALLENGE: ClassVar[Any] = {"ground": "relative", "brought_by": "request"}

    def challenged(self, member: str) -> Court:
        made = court("police")
        made.act("put", seats={"handler": [member]})
        assert made.act(
            "challenge", "P1", records={"challenge": [{"member": member, **self.CHALLENGE}]}
        ).moved
        return made

    def test_a_request_alone_changes_nothing_and_the_case_goes_on(self) -> None:
        made = self.challenged("ann")
        assert seated(made, "handler") == ["ann"]
        assert made.leaf == "work"
        assert made.state is not None
        assert made.state["states"]["recusal"] == "challenged"

    def test_the_head_decides_and_says_what_becomes_of_earlier_acts(self) -> None:
        made = self.challenged("ann")
        assert codes(made.act("recuse", "hal", note="kin")) == ["FM-R301"]
        assert made.act("recuse", "hal", note="kin", fields={"earlier_acts_valid": True}).moved
        assert seated(made, "handler") == []
        assert codes(made.act("put", seats={"handler": ["ann"]})) == ["FM-R501"]

    def test_the_heads_own_recusal_is_decided_above(self) -> None:
        made = self.challenged("hal")
        given: Any = {"note": "kin", "fields": {"earlier_acts_valid": False}}
        assert codes(made.act("recuse", "hal", **given)) == ["FM-R103"]
        assert made.act("recuse", "sue", **given).moved

    def test_a_refused_request_leaves_the_handler(self) -> None:
        made = self.challenged("ann")
        assert made.act("keep_handler", "hal", note="no kin").moved
        assert seated(made, "handler") == ["ann"]

    def test_it_is_decided_within_two_days(self) -> None:
        made = self.challenged("ann")
        assert made.run("recusal_decision")["within"] == "2 cd"
        made.now += timedelta(days=3)
        assert made.sweep().events[0]["told"][0]["kind"] == "reminder"


class TestShenzhen:
    def test_a_partys_request_alone_puts_the_mediator_out_and_another_in(self) -> None:
        made = court("shenzhen")
        made.act("put", seats={"mediator": ["m1"]})
        request = {"recusal_request": [{"member": "m1"}]}
        assert codes(made.act("request_recusal", "ann", records=request)) == ["FM-R101"]
        assert made.act("request_recusal", "P2", records=request).moved
        assert seated(made, "mediator") == ["m2"]

    def test_only_of_who_mediates(self) -> None:
        made = court("shenzhen")
        made.act("put", seats={"mediator": ["m1"]})
        assert codes(made.act("request_recusal", "P2", records={"recusal_request": [{"member": "m2"}]})) == [
            "FM-R202"
        ]


class TestPangkat:
    def test_a_majority_puts_a_member_out_and_the_lot_brings_another(self) -> None:
        made = court("pangkat")
        made.act("form")
        before = seated(made, "pangkat")
        out, other, _ = before
        vote = {"member": out, "ground": "kin"}
        short = made.act("disqualify_member", other, records={"disqualification": [{**vote, "in_favour": 1}]})
        assert codes(short) == ["FM-R202"]
        assert seated(made, "pangkat") == before
        assert made.act(
            "disqualify_member", other, records={"disqualification": [{**vote, "in_favour": 2}]}
        ).moved
        assert len(seated(made, "pangkat")) == 3
        assert out not in seated(made, "pangkat")

    def test_not_more_votes_than_members(self) -> None:
        made = court("pangkat")
        made.act("form")
        vote = {"member": seated(made, "pangkat")[0], "ground": "kin", "in_favour": 4}
        assert codes(
            made.act("disqualify_member", seated(made, "pangkat")[1], records={"disqualification": [vote]})
        ) == ["FM-R202"]


class TestModelStandards:
    def disclosed(self, *, serious: bool) -> Court:
        made = court("model_standards")
        made.act("put", seats={"mediator": ["m1"]})
        told = {"conflict": [{"member": "m1", "matter": "was her lawyer", "serious": serious}]}
        assert made.act("disclose", "m1", records=told).moved
        return made

    def waive(self, made: Court, *answers: bool) -> None:
        for number, answer in enumerate(answers, 1):
            made.now += timedelta(minutes=1)
            waiver = [{"party": f"P{number}", "waived": answer}]
            assert made.act("add_waiver", f"P{number}", records={"waiver": waiver}).moved

    def test_a_serious_conflict_ends_it_whatever_the_parties_say(self) -> None:
        made = self.disclosed(serious=True)
        assert seated(made, "mediator") == []
        assert codes(made.act("add_waiver", "P1", records={"waiver": [{"waived": True}]})) == ["FM-R201"]
        assert codes(made.act("put", seats={"mediator": ["m1"]})) == ["FM-R501"]

    def test_another_is_waived_by_every_party(self) -> None:
        made = self.disclosed(serious=False)
        self.waive(made, True)
        assert made.state is not None
        assert made.state["states"]["conflicts"] == "disclosed"
        self.waive(made, True, True)
        assert made.state is not None
        assert made.state["states"]["conflicts"] == "undisclosed"
        assert seated(made, "mediator") == ["m1"]

    def test_one_who_minds_is_enough(self) -> None:
        made = self.disclosed(serious=False)
        self.waive(made, True, False)
        assert seated(made, "mediator") == []

    def test_an_old_waiver_is_none_for_a_new_conflict(self) -> None:
        made = self.disclosed(serious=False)
        self.waive(made, True, True)
        made.now += timedelta(days=1)
        told = {"conflict": [{"member": "m1", "matter": "a loan", "serious": False}]}
        assert made.act("disclose", "m1", records=told).moved
        assert made.state is not None
        assert made.state["states"]["conflicts"] == "disclosed"
