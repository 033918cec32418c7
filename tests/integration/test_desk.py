"""The desk: groups with true counts, and who is on duty."""

import pytest

from engine.persistence.store import Store
from engine.service import desk, filing, organisation, query
from tests.support.town import Town

ROSTER = "unit,day,person,signed_on\nS-012,2026-11-23,dsp-01,yes\nS-012,2026-11-23,off-06,\n"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def test_the_roster_of_the_day_says_who_did_not_sign_on(town: Town) -> None:
    assert town.ask(desk.desk, "dsp-01")["on_duty"] is None
    brought = town.do(organisation.import_organisation, "chf-01", files={"duty.csv": ROSTER.encode()})
    assert brought["rejected"] == []
    assert town.ask(desk.desk, "dsp-01")["on_duty"] == {"rostered": 2, "signed_on": 1, "missing": ["off-06"]}


def test_each_count_is_the_count_of_its_list(town: Town) -> None:
    for n in range(7):
        town.do(filing.file_case, "dsp-01", case_type="service_request", place="示例一村", what=f"lamp {n}")
    groups = {g["key"]: g for g in town.ask(desk.desk, "dsp-01")["groups"]}
    listed = town.ask(query.list_cases, "dsp-01", filter={"phase": "intake", "unit": "S-012"}, limit=3)
    assert (groups["intake"]["count"], listed["count"], len(listed["items"])) == (7, 7, 3)
    pages = [listed]
    while pages[-1]["next"]:
        pages.append(
            town.ask(
                query.list_cases,
                "dsp-01",
                filter={"phase": "intake", "unit": "S-012"},
                limit=3,
                cursor=pages[-1]["next"],
            )
        )
    refs = [item["ref"] for page in pages for item in page["items"]]
    assert len(refs) == len(set(refs)) == 7


def test_late_ones_are_late_although_no_worker_lives(town: Town) -> None:
    town.do(filing.file_case, "dsp-01", case_type="service_request", place="示例一村", what="lamp")
    town.pass_(days=3)
    groups = {g["key"]: g["count"] for g in town.ask(desk.desk, "dsp-01")["groups"]}
    assert groups["late"] == 1
    assert town.ask(desk.desk, "dsp-01")["checked_at"] is None
