"""The decision tables that are shipped: sound to the letter, and they answer whatever a case is filed with."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

import workflows
from engine.definitions.model import Definition
from engine.routing.table import Proposal, Routing, Ruling, load_routing
from workflows.shipped import CASE_TYPES, definitions, vocabulary

FOLDER = Path(workflows.__file__).parent
DEFINITIONS = {one.definition.case_type: one.definition for one in definitions()}


def routing(case_type: str) -> Routing:
    path = FOLDER / case_type / "routing.yaml"
    loaded = load_routing(path, DEFINITIONS[case_type], vocabulary(), functions=CASE_TYPES)
    assert [f.message() for f in loaded.findings if f.severity != "info"] == []
    assert loaded.routing is not None
    return loaded.routing


def bare(definition: Definition, **more: Any) -> dict[str, Any]:
    """A case as it stands with nothing said: the defaults of its fields."""
    facts = {name: spec.default for name, spec in definition.fields.items() if spec.has_default}
    facts |= {"parties": [], **more}
    return {**facts, "case": facts}


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_sound_and_told_in_both_languages(case_type: str) -> None:
    for table in routing(case_type).sheet.tables:
        for rule in table.each:
            assert rule.zh
            assert rule.because


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_every_seat_has_an_answer_from_the_first_minute(case_type: str) -> None:
    definition, tables = DEFINITIONS[case_type], routing(case_type)
    options = {
        name: spec.options
        for name, spec in definition.fields.items()
        if spec.kind == "choice" and name in {i for t in tables.sheet.tables for i in t.inputs.values()}
    }
    for combination in product(*options.values()):
        facts = bare(definition, **dict(zip(options, combination, strict=True)))
        for seat in ("handler", *definition.seats):
            assert isinstance(tables.ruling(seat, facts), Ruling)
    for seat in ("handler", *definition.seats):
        assert isinstance(tables.ruling(seat, bare(definition)), Ruling)


def handler(case_type: str, **facts: Any) -> Ruling:
    found = routing(case_type).ruling("handler", bare(DEFINITIONS[case_type], **facts))
    assert isinstance(found, Ruling)
    return found


def test_red_and_domestic_violence_take_an_officer() -> None:
    red = handler("dispute_mediation", category="neigh", risk="red")
    assert (red.rule, red.roles, red.weight, red.acknowledge) == ("red-1", ("officer",), 4, "30 min")
    dv = handler("dispute_mediation", category="fam", dv=True)
    assert (dv.rule, dv.roles, dv.acknowledge) == ("dv-1", ("officer",), "2 h")


def test_the_category_says_who_owns_it_and_how_soon() -> None:
    assert handler("dispute_mediation", category="water").acknowledge == "4 h"
    assert handler("dispute_mediation", category="land").acknowledge == "8 h"
    assert handler("dispute_mediation").acknowledge == "8 h"
    assert handler("dispute_mediation", category="traf").function == "traffic_comanagement"
    assert handler("dispute_mediation", category="neigh").function is None


def test_what_is_organised_is_not_for_a_village_office() -> None:
    gang = handler("crime_clue", kind="gang")
    assert (gang.roles, gang.levels, gang.acknowledge) == (("officer",), ("station", "county"), "2 h")
    assert handler("crime_clue", kind="officer").levels == ("county",)


def test_an_accident_is_an_officers() -> None:
    assert handler("traffic_comanagement", kind="accident").roles == ("officer",)
    assert handler("traffic_comanagement", kind="duty", occasion="snow_ice").rule == "ice-1"


def test_the_safety_questions_propose_a_grade() -> None:
    calm = dict.fromkeys(
        ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
        False,
    )
    tables = routing("dispute_mediation")

    def grade(**answers: Any) -> tuple[Any, str]:
        found = tables.grade({"screening_form": {**calm, "prior_reports": 0, **answers}})
        assert isinstance(found, Proposal)
        return found.value, found.rule

    assert grade() == ("yellow", "else")
    assert grade(mass=True, weapon=True) == ("red", "red-2")
    assert grade(dv=True) == ("orange", "orange-1")
    assert grade(minor=True) == ("yellow", "else")
    assert grade(minor=True, prior_reports=1) == ("orange", "orange-4")
    assert grade(prior_reports=3) == ("red", "red-5")
