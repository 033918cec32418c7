"""What earlier cases of the same people say, counted exactly; each question goes by an index."""

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.case import PartyState
from engine.domain.likeness import party_keys
from engine.machine.command import Command
from engine.machine.draft import Draft
from engine.persistence.store import Store
from engine.service import filing, law, merging, past, seat
from engine.service.case import get_case
from engine.service.world import gather
from tests.support.town import Town

PLACE, OTHER = "230199000201", "230199000202"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def people(one: str = "Asha", other: str = "Bram") -> list[dict[str, str]]:
    return [{"role": "claimant", "name": one}, {"role": "respondent", "name": other}]


def report(town: Town, parties: Any = (), **given: Any) -> str:
    about = {"case_type": "dispute_mediation", "place": PLACE, "what": "a fence", "parties": parties}
    return str(town.do(filing.file_case, "dsp-01", **{**about, **given})["ref"])


def met(town: Town, ref: str, days: int = 180) -> int:
    def told(unit: Any, caller: Any) -> Any:
        state = get_case(unit, caller, ref).body
        window = {"since": town.now - timedelta(days=days), "until": town.now}
        return {"met": past.met(unit, state["parties"], **window, ref=ref)}

    return int(town.ask(told, "chf-01")["met"])


def test_the_third_report_of_a_pair_in_half_a_year(town: Town) -> None:
    report(town, people())
    town.pass_(days=60)
    report(town, people("Bram", "ASHA"), place=OTHER)
    town.pass_(days=60)
    report(town, people("Asha", "Carl"))
    third = report(town, people())
    assert met(town, third) == 2, "either way round, wherever, and nobody else's"
    assert met(town, third, days=60) == 1
    town.pass_(days=70)
    assert met(town, third) == 1, "the first is more than 180 days ago"


def test_of_any_type_and_known_people(town: Town) -> None:
    known = [{"role": "claimant", "person": "aux-08"}, {"role": "respondent", "name": "Bram"}]
    report(town, [{"role": "suspect", "person": "aux-08"}, {"role": "victim", "name": "Bram"}],
           case_type="public_security_mediation")  # fmt: skip
    town.pass_(hours=1)
    assert met(town, report(town, known)) == 1


def test_one_side_alone_meets_nobody(town: Town) -> None:
    report(town, people())
    town.pass_(hours=1)
    assert met(town, report(town, people()[:1])) == 0
    both = [{"role": "claimant", "name": "Asha"}, {"role": "claimant", "name": "Bram"}]
    assert met(town, report(town, both)) == 0, "on one side they do not meet"


def test_a_joined_report_is_the_same_meeting(town: Town) -> None:
    first, second = report(town, people()), report(town, people())
    town.pass_(minutes=1)
    town.do(merging.merge, "dsp-01", ref=second, into=first)
    town.pass_(minutes=1)
    assert met(town, report(town, people())) == 1


def test_a_rule_reads_how_often_the_pair_has_met(town: Town) -> None:
    """As an expression asks it: through the world of a decision."""
    report(town, people("Bram", "Asha"), place=OTHER)
    town.pass_(days=1)
    ref = report(town, people())

    def told(unit: Any, caller: Any) -> Any:
        row = get_case(unit, caller, ref)
        program = law.program(unit, row.definition)
        command = Command("note", caller.at, "dsp-01", "dsp-01")
        draft = Draft(program, row.body, gather(unit, caller, program, row.body, command), row.version)
        draft.begin("note", command)
        asked = ("recurrence_of_pair('6 months') == 1", "recurrence_of_pair('12 h') == 0")
        return {text: draft.holds(program.environment.compile(text)) for text in asked}

    answers = town.ask(told, "dsp-01")
    assert answers == dict.fromkeys(answers, True)


def keys() -> list[str]:
    parties: list[PartyState] = people()  # type: ignore[assignment]
    return [key for party in parties for key in party_keys(party)]


def test_who_handled_earlier_cases_of_the_same_people(town: Town) -> None:
    first, second = report(town, people()), report(town, people("Asha", "Carl"))
    stranger = report(town, people("Dora", "Emil"), place=OTHER)
    for ref in (first, second):
        town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")
        town.pass_(days=1)
    town.do(seat.assign, "dsp-01", ref=stranger, person="aux-08")

    def told(unit: Any, caller: Any) -> Any:
        today = town.now.date()
        return {
            "all": past.handled_before(unit, keys(), today),
            "but": past.handled_before(unit, keys(), today, ref=second),
            "then": past.handled_before(unit, keys(), today - timedelta(days=30)),
        }

    found = town.ask(told, "chf-01")
    assert found["all"] == {"aux-07": (2, town.now - timedelta(days=1))}
    assert found["but"] == {"aux-07": (1, town.now - timedelta(days=2))}
    assert found["then"] == {}


def test_whom_a_party_had_recused(town: Town) -> None:
    case = report(town, people())
    other = report(town, people("Dora", "Emil"))

    def bar(unit: Any, caller: Any, ref: str, person: str, why: str) -> Any:
        import json

        from sqlalchemy import update

        from engine.persistence.table import Case, columns_of

        row = get_case(unit, caller, ref)
        body = json.dumps({**row.body, "barred": {"mediator": {person: why}}})
        unit.execute(update(columns_of(Case)).where(columns_of(Case).c.id == row.id).values(body=body))
        return {}

    town.do(lambda unit, caller: bar(unit, caller, case, "med-12", "recused"), "adm")
    town.do(lambda unit, caller: bar(unit, caller, other, "aux-07", "recused"), "adm")
    asked = ["med-12", "aux-07"]

    def told(unit: Any, caller: Any) -> Any:
        return {
            "mine": past.fell_out(unit, keys(), asked),
            "nobody": past.fell_out(unit, keys(), ["aux-07"]),
            "own": past.fell_out(unit, keys(), asked, ref=case),
        }

    assert town.ask(told, "chf-01") == {"mine": {"med-12": "recused"}, "nobody": {}, "own": {}}
    town.do(lambda unit, caller: bar(unit, caller, case, "med-12", "declined"), "adm")
    assert town.ask(told, "chf-01")["mine"] == {}
