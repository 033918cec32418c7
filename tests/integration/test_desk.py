"""The desk: groups with true counts, and who is on duty."""

import pytest

from engine.analytics.durations import CLOCKS, durations
from engine.domain.errors import UsageError
from engine.domain.messages import tell
from engine.persistence.store import Store
from engine.service import acting, desk, filing, organisation, query
from tests.support.town import Town

ROSTER = "unit,day,person,signed_on\nS-012,2026-11-23,dsp-01,yes\nS-012,2026-11-23,off-06,\n"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def test_the_roster_of_the_day_says_who_did_not_sign_on(town: Town) -> None:
    assert town.ask(desk.desk, "dsp-01")["on_duty"] is None
    brought = town.do(organisation.import_organisation, "chf-01", files={"duty.csv": ROSTER.encode()})
    assert brought["rejected"] == []
    assert town.ask(desk.desk, "dsp-01")["on_duty"] == {
        "rostered": 2, "signed_on": 1, "missing": ["off-06"], "on_leave": [],
    }  # fmt: skip


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


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("phase", "foo", "FM-U304"),
        ("holder", "zzz", "FM-U306"),
        ("unit", "V-999", "FM-U305"),
        ("served_by", "V-999", "FM-U305"),
        ("place", "000000000000", "FM-U307"),
        ("place", "230199000201,nowhere", "FM-U307"),
        ("batch", "B-9", "FM-U308"),
        ("batch", "nine", "FM-U308"),
        ("channel", "smoke", "FM-U304"),
    ],
)
def test_a_filter_that_nothing_can_fit_is_refused_in_lists_and_in_figures(
    town: Town, name: str, value: str, code: str
) -> None:
    for asked in (query.list_cases, durations):
        with pytest.raises(UsageError) as refused:
            town.ask(asked, "dsp-01", filter={name: value})
        assert refused.value.code == code
        assert value.rpartition(",")[2] in tell(refused.value.first, "en")


def test_a_filter_for_a_person_or_unit_without_cases_finds_none(town: Town) -> None:
    for given in (
        {"holder": "off-06"},
        {"unit": "S-012"},
        {"phase": "review,done"},
        {"holder": "me"},
        {"served_by": "S-012"},
        {"place": "230199000201"},
        {"channel": "letter,web"},
    ):
        assert town.ask(query.list_cases, "dsp-01", filter=given)["count"] == 0


def test_figures_of_an_unknown_case_type_are_refused(town: Town) -> None:
    with pytest.raises(UsageError) as refused:
        town.ask(durations, "dsp-01", filter={"type": "foo"})
    assert "dispute_mediation" in tell(refused.value.first, "en")


def test_open_cases_are_open_under_every_clock_of_the_figures(town: Town) -> None:
    for n in range(3):
        town.do(filing.file_case, "dsp-01", case_type="service_request", place="示例一村", what=f"lamp {n}")
    ref = town.ask(query.list_cases, "dsp-01")["items"][0]["ref"]
    done = town.do(
        acting.do_act,
        "dsp-01",
        ref=ref,
        act="triage",
        set={"danger": False, "scope": "ours", "frail": "none"},
    )
    assert done["case"]["phase"] != "done"
    for clock in CLOCKS:
        answer = town.ask(durations, "dsp-01", clock=clock)
        assert (answer["n"], answer["n_open"]) == (3, 3), clock
    assert town.ask(durations, "dsp-01", clock="to_acknowledged")["n_reached"] == 1
