"""Who handled these people before is asked again, unless one of them challenged him; skill tells among equals."""

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.errors import Refused
from engine.persistence.store import Store
from engine.service import acting, appointment, filing, law, leave, seat
from engine.service.routing import current, explaining, replaying
from tests.support.mediating import accepted
from tests.support.town import Town

PARTIES = [{"role": "claimant", "name": "Asha"}, {"role": "respondent", "name": "Bram"}]


@pytest.fixture
def town(store: Store) -> Town:
    """Two officers of one office, equally near to its villages."""
    made = Town(store)
    beside(made)
    return made


def beside(town: Town, skills: tuple[str, ...] = ()) -> None:
    town.do(
        appointment.appoint, "adm-01", person="off-06", role="officer", unit_code="office-021", skills=skills
    )


def dispute(town: Town, parties: list[dict[str, Any]], category: str = "neigh") -> str:
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what="a wall",
        set={"category": category, "risk": "red"}, parties=parties,
    )  # fmt: skip
    return str(filed["ref"])


def picked(town: Town, ref: str) -> dict[str, Any]:
    town.do(seat.assign, "dsp-01", ref=ref, auto=True)
    return dict(town.ask(explaining.explain, "dsp-01", ref=ref))


def test_the_same_people_come_to_the_same_officer(town: Town) -> None:
    first = dispute(town, PARTIES)
    town.do(seat.assign, "dsp-01", ref=first, person="off-06")
    told = picked(town, dispute(town, PARTIES))
    assert (told["person"], told["reason"]) == ("off-06", "continues")
    terms = {c["person"]: c["terms"] for c in told["candidates"]}
    assert terms["off-06"]["points"] == {"load": 440, "skill": 0, "continuity": 200}
    assert terms["off-05"]["points"] == {"load": 600, "skill": 0, "continuity": 0}
    others = [{"role": "claimant", "name": "Cleo"}, {"role": "respondent", "name": "Bram the elder"}]
    assert picked(town, dispute(town, others))["person"] == "off-05"


def test_skill_tells_among_those_equally_near(town: Town) -> None:
    assert picked(town, dispute(town, [], "water"))["person"] == "off-05"
    town.do(appointment.end, "adm-01", person="off-06", role="officer", unit_code="office-021")
    town.pass_(days=1)
    beside(town, ("water",))
    told = picked(town, dispute(town, [], "water"))
    assert (told["person"], told["reason"]) == ("off-06", "fittest")


def test_whom_a_party_challenged_comes_after_the_others(town: Town) -> None:
    first = accepted(town, parties=PARTIES)
    town.do(acting.do_act, "dir-02", ref=first, act="assign", seats={"mediator": ["med-12"]})
    town.do(seat.take, "med-12", ref=first, seat="mediator")
    town.do(
        acting.do_act, "dir-02", ref=first, act="object", done_by="P1",
        records={"objection": [{"party": "P1", "member": "med-12"}]},
    )  # fmt: skip
    second = accepted(town, parties=PARTIES)
    town.do(acting.do_act, "dir-02", ref=second, act="ask_engine")
    told = town.ask(explaining.explain, "dir-02", ref=second, seat="mediator")
    terms = {c["person"]: c["terms"] for c in told["candidates"]}
    assert terms["med-12"]["points"]["conflict"] == -300
    assert (told["person"], told["reason"]) == ("med-13", "no_conflict")


def test_a_name_means_the_same_person_only_in_the_same_place(town: Town) -> None:
    first = dispute(town, PARTIES)
    town.do(seat.assign, "dsp-01", ref=first, person="off-06")
    filed = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例二村", what="another Asha",
        set={"category": "neigh", "risk": "red"}, parties=PARTIES,
    )  # fmt: skip
    assert picked(town, str(filed["ref"]))["person"] == "off-05"


def test_whoever_has_the_case_is_weighed_without_it_so_asking_again_changes_nothing(town: Town) -> None:
    ref = dispute(town, [])
    assert picked(town, ref)["person"] == "off-05"
    with pytest.raises(Refused) as again:
        town.do(seat.assign, "dsp-01", ref=ref, auto=True)
    assert again.value.first.code == "FM-R504"


def test_another_table_tried_finds_a_substitute_as_he_was(town: Town) -> None:
    town.do(leave.away, "chf-01", persons=["off-05", "off-06"], substitute="aux-07")
    first = picked(town, dispute(town, []))["person"]
    town.pass_(days=1)
    town.do(leave.back, "chf-01", persons=["off-05", "off-06"])
    told = town.ask(_tried, "chf-01")
    assert (first, told["decisions"], told["same"], told["differs"]) == ("aux-07", 1, 1, [])


def _tried(unit: Any, caller: Any) -> Any:
    """The tables in force, tried on the decisions that they made."""
    program = law.active(unit, "dispute_mediation", caller.now.date())
    routing_now = current.compiled(
        unit, str(current.in_force(unit, "dispute_mediation", caller.now.date())), program
    )
    assert routing_now is not None
    since = caller.now.date() - timedelta(days=9)
    return replaying.try_table(unit, caller, routing=routing_now, since=since)
