"""Running cases under another text: a preview that changes nothing, orphans refused, and the way back."""

import re
from typing import Any

import pytest

from engine.definitions.load import loads
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import audit, definition, filing, migrating, query, worker
from tests.integration.test_correcting import screened, state
from tests.support.town import Town
from workflows.shipped import files_of

TEXT = files_of("dispute_mediation")["workflow.yaml"]
NEXT = TEXT.replace('version: "2026.1"', 'version: "2027.1"')
QUICK = re.sub(r"(\n  intake:\n(?:    .*\n)*?    else: )1 wd", r"\g<1>3 wd", NEXT)
RENAMED = re.sub(r"\bscreening\b", "weighing", QUICK)


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def store_text(town: Town, text: str) -> None:
    loaded = loads(text)
    assert loaded.definition is not None, [f.message("en") for f in loaded.findings][:5]
    town.do(definition.store, "adm-01", loaded=loaded)


def moved(town: Town, **given: Any) -> Any:
    return town.do(
        migrating.move, "adm-01", name="dispute_mediation", to="2027.1", reason="new rules", **given
    )


def sound(town: Town) -> bool:
    return bool(town.ask(audit.verify, "adm")["breaks"] == [])


def test_a_case_goes_on_under_the_other_text_and_its_deadlines_with_it(town: Town) -> None:
    ref = screened(town)
    store_text(town, QUICK)
    before = state(town, ref)
    answer = moved(town)
    assert (answer["moved"], answer["failed"], answer["more"]) == (1, 0, False)
    result = answer["results"][0]
    assert (result["ref"], result["state"], result["to_state"]) == (ref, "screening", "screening")
    # screened on Mon 23 Nov 2026: one working day ends on the 24th, three end on the 26th
    assert [(d["clock"], d["before"], d["after"]) for d in result["deadlines"]] == [
        ("intake", "2026-11-24", "2026-11-26")
    ]
    after = state(town, ref)
    assert after["definition"] == answer["hash"] != before["definition"]
    assert after["records"] == before["records"]
    assert [e["act"] for e in town.ask(query.history, "dsp-01", ref=ref)["items"]][-1] == "migrate"
    assert sound(town)


def test_a_preview_changes_nothing(town: Town) -> None:
    ref = screened(town)
    store_text(town, QUICK)
    before = state(town, ref)
    assert moved(town, dry_run=True)["moved"] == 1
    assert state(town, ref) == before


def test_and_back_again(town: Town) -> None:
    ref = screened(town)
    store_text(town, QUICK)
    before = state(town, ref)
    moved(town)
    town.do(migrating.move, "adm-01", name="dispute_mediation", to="2026.1", reason="too early")
    assert state(town, ref) == before
    assert sound(town)


def test_a_state_that_is_gone_needs_a_plan(town: Town) -> None:
    ref = screened(town)
    store_text(town, RENAMED)
    answer = moved(town)
    assert (answer["moved"], answer["failed"]) == (0, 1)
    assert [(r["code"], r["params"]["name"]) for r in answer["results"][0]["reasons"]] == [
        ("FM-R420", "screening")
    ]
    assert moved(town, states={"screening": "weighing"})["moved"] == 1
    assert state(town, ref)["states"]["main"] == "weighing"
    town.pass_(days=4)
    town.do(worker.sweep, "system")
    assert sound(town)


def test_a_value_that_the_other_text_does_not_know_keeps_the_case_where_it_is(town: Town) -> None:
    screened(town)
    store_text(town, NEXT.replace("      - neigh\n", ""))
    reasons = moved(town)["results"][0]["reasons"]
    assert [(r["code"], r["params"]["name"]) for r in reasons] == [("FM-R420", "neigh")]


def test_cases_come_in_portions(town: Town) -> None:
    refs = [screened(town) for _ in range(3)]
    store_text(town, QUICK)
    first = moved(town, limit=2)
    assert ([r["ref"] for r in first["results"]], first["more"]) == (refs[:2], True)
    second = moved(town, limit=2, after=first["after"])
    assert ([r["ref"] for r in second["results"]], second["more"]) == (refs[2:], False)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"came_from": "2027.1"}, "FM-U243"),
        ({"states": {"screening": "moon"}}, "FM-U244"),
        ({"states": {"moon": "screening"}}, "FM-U251"),
        ({"refs": ["26-99999-9"]}, "FM-N001"),
        ({"refs": []}, "FM-U249"),
    ],
)
def test_what_cannot_be_meant_is_told(town: Town, given: dict[str, Any], code: str) -> None:
    screened(town)
    store_text(town, QUICK)
    with pytest.raises(FolkmootError) as error:
        moved(town, **given)
    assert error.value.code == code


def test_who_may_not_change_definitions_does_not_move_cases(town: Town) -> None:
    screened(town)
    store_text(town, QUICK)
    with pytest.raises(FolkmootError) as error:
        town.do(migrating.move, "aux-07", name="dispute_mediation", to="2027.1")
    assert error.value.code == "FM-R108"


def test_a_case_of_another_type_is_named(town: Town) -> None:
    other = town.do(
        filing.file_case, "dsp-01", case_type="service_request", place="230199000201", what="a lamp"
    )["ref"]
    store_text(town, QUICK)
    with pytest.raises(FolkmootError) as error:
        moved(town, refs=[other])
    assert error.value.code == "FM-U250"


def test_a_case_named_twice_is_moved_once(town: Town) -> None:
    ref = screened(town)
    store_text(town, QUICK)
    assert [(r["ref"], r["moved"]) for r in moved(town, refs=[ref, ref])["results"]] == [(ref, True)]
