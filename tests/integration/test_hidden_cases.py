"""`hides`: a case that names one of our own is not there for him, nor for his house."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.analytics import durations
from engine.domain.errors import NotFound
from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.service import acting, appointment, desk, filing, fired, papers, part, query
from tests.support.town import Town

CLUE = {"case_type": "crime_clue", "place": "示例一村", "what": "an officer takes money"}
REQUEST = {"case_type": "service_request", "place": "示例一村", "what": "he shouts at people"}
PARTIES = [{"role": "requester", "name": "Asha"}]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def clue(town: Town, about: str = "off-05") -> str:
    fields = {"kind": "officer", "accused_officer": about}
    return str(town.do(filing.file_case, "aux-07", **CLUE, set=fields)["ref"])


def request(town: Town, about: str = "aux-07") -> str:
    ref = str(town.do(filing.file_case, "dsp-01", **REQUEST, parties=PARTIES)["ref"])
    said = {"danger": False, "scope": "ours", "frail": "none", "complained_of": about}
    town.do(acting.do_act, "dsp-01", ref=ref, act="triage", set=said)
    return ref


def listed(town: Town, who: str | None) -> tuple[list[str], int]:
    found = town.engine.read(query.list_cases, town.engine.caller(person=who))
    return [item["ref"] for item in found["items"]], found["count"]


@pytest.mark.parametrize("who", ["off-05", "off-06", "chf-01", "dsp-01", "aux-08", "aux-07"])
def test_a_clue_about_an_officer_is_not_there_for_his_station(town: Town, who: str) -> None:
    ref = clue(town)
    for look in (query.show_case, query.history, query.next_acts, part.list_parties, papers.list_papers):
        with pytest.raises(NotFound) as nothing:
            town.ask(look, who, ref=ref)
        assert nothing.value.code == "FM-N001"
        assert ref not in nothing.value.reasons[0].params["near"]
    with pytest.raises(NotFound):
        town.do(acting.note, who, ref=ref, text="let us see")
    with pytest.raises(NotFound):
        town.do(acting.do_act, who, ref=ref[3:8], act="note", note="by the last digits")
    assert listed(town, who) == ([], 0)
    assert town.ask(desk.desk, who)["open"] == 0
    assert town.ask(fired.happened, who, since=town.now.replace(year=2020))["count"] == 0


def test_it_is_there_for_the_county(town: Town) -> None:
    ref = clue(town)
    assert listed(town, "cnt-01") == ([ref], 1)
    assert town.ask(query.show_case, "cnt-01", ref=ref)["fields"]["accused_officer"] == "off-05"
    town.do(acting.note, "cnt-01", ref=ref, text="looked at")


def test_who_gives_no_name_does_not_see_it(town: Town) -> None:
    ref = clue(town)
    assert listed(town, None) == ([], 0)
    with pytest.raises(NotFound):
        town.engine.read(query.show_case, town.engine.caller(person=None), ref=ref)


def test_a_complaint_hides_from_the_person_alone(town: Town) -> None:
    ref = request(town)
    assert listed(town, "aux-07") == ([], 0)
    assert listed(town, "aux-08") == ([ref], 1)
    assert listed(town, "dsp-01") == ([ref], 1)


def test_figures_do_not_count_it(town: Town) -> None:
    request(town)
    for who, n in (("aux-07", 0), ("dsp-01", 1)):
        found = town.ask(durations.durations, who, clock="final_resolution")
        assert found["n"] == n


def test_a_report_beside_it_does_not_find_it(town: Town) -> None:
    ref = request(town)
    again: dict[str, Any] = {**REQUEST, "parties": PARTIES}
    assert town.do(filing.file_case, "aux-07", **again)["similar"] == []
    assert ref in [near["ref"] for near in town.do(filing.file_case, "dsp-01", **again)["similar"]]


def test_a_transfer_opens_nothing(town: Town, store: Store) -> None:
    clue(town)
    held = store.read(lambda unit: rows(unit, "SELECT person, house FROM case_hidden ORDER BY house"))
    assert [tuple(row) for row in held] == [("off-05", ""), ("off-05", "S-012")]
    town.pass_(days=400)
    assert listed(town, "chf-01") == ([], 0)


def test_who_joins_the_station_today_does_not_see_it_from_his_midnight_on(town: Town) -> None:
    clue(town)
    town.do(
        appointment.appoint,
        "adm-01",
        person="cnt-01",
        role="officer",
        unit_code="S-012",
        since=date(2026, 11, 25),
    )
    assert listed(town, "cnt-01")[1] == 1
    town.now = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight there
    assert listed(town, "cnt-01") == ([], 0)


def test_nothing_is_hidden_where_nobody_is_named(town: Town) -> None:
    ref = str(town.do(filing.file_case, "dsp-01", **REQUEST, parties=PARTIES)["ref"])
    assert listed(town, "aux-07") == ([ref], 1)
