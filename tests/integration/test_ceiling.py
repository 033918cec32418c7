"""For whom figures are, at both doors: about named others for those who lead, about oneself for everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.analytics.activity import activity
from engine.analytics.durations import durations
from engine.analytics.fairness import fairness
from engine.analytics.funnel import funnel
from engine.analytics.load import load
from engine.analytics.recurrence import recurrence
from engine.analytics.registry import MEASURES, list_measures
from engine.analytics.report.running import answered
from engine.analytics.waiting import waiting
from engine.analytics.why import why
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import appointment, leave, seat
from tests.support.two_units import DAY, HERE, TwoUnits

CHEN, DING, OU, WANG, MAYO = (
    "chf-01",
    "dsp-01",
    "off-05",
    "aux-07",
    "may-01",
)  # head, dispatcher, officer, auxiliary
Measure = Callable[..., dict[str, Any]]


@pytest.fixture
def town(store: Store) -> TwoUnits:
    """Two cases with Ou, one with Wang."""
    town = TwoUnits(store)
    for person in (OU, OU, WANG):
        ref = town.live(HERE, "land", [("new", DAY)])
        town.do(seat.assign, ref=ref, seat="handler", person=person)
    return town


def ask(town: TwoUnits, who: str | None, measure: Measure, /, **given: Any) -> dict[str, Any]:
    return town.engine.read(measure, town.engine.caller(person=who), **given)


def refused(town: TwoUnits, who: str | None, measure: Measure, /, **given: Any) -> str:
    with pytest.raises(FolkmootError) as found:
        ask(town, who, measure, **given)
    return found.value.code


def people(answer: dict[str, Any]) -> set[Any]:
    return {group["key"]["holder"] for group in answer["groups"]}


@pytest.mark.parametrize("who", [CHEN, DING, "cnt-01", "dir-02"])
def test_who_leads_or_dispatches_is_told_of_everybody(town: TwoUnits, who: str) -> None:
    assert people(ask(town, who, load)) == {OU, WANG}
    assert people(ask(town, who, durations, by=["holder"])) == {OU, WANG}
    assert "only" not in ask(town, who, load)
    assert ask(town, who, waiting, per="owner")["n"] == 3
    assert ask(town, who, durations, filter={"holder": WANG})["n"] == 1


def test_an_officer_is_told_of_himself(town: TwoUnits) -> None:
    for answer in (ask(town, OU, load), ask(town, OU, durations, by=["holder"])):
        assert (people(answer), answer["only"], answer["n"]) == ({OU}, OU, 3)
    assert {one["person"] for one in ask(town, OU, fairness)["items"]} <= {OU}
    assert ask(town, OU, load, by=["unit"])["groups"][0]["n"] == 3  # of cases he may ask all
    for holder in ("me", OU):
        assert ask(town, OU, durations, filter={"holder": holder})["n"] == 2
    assert ask(town, OU, activity, person=OU, cases=True)["acts"] == []


@pytest.mark.parametrize(
    ("measure", "number"),
    [(durations, "open"), (waiting, "new"), (recurrence, "watched/30"), (funnel, "known")],
)
def test_of_the_cases_behind_a_number_by_handler_he_is_told_his_own(
    town: TwoUnits, measure: Measure, number: str
) -> None:
    given = {"by": ["holder"], "cases": number}
    town.now += 60 * DAY
    more = {"of": "place", "after": "filed"} if measure is recurrence else {}
    told, all_ = (ask(town, who, measure, **given, **more)["cases"] for who in (OU, CHEN))
    assert [one["key"]["holder"] for one in told] == [OU, OU]
    assert sorted(one["key"]["holder"] for one in all_) == [WANG, OU, OU]


def test_who_had_a_case_is_a_part_for_those_who_lead(town: TwoUnits) -> None:
    town.now += DAY
    cases = ask(town, CHEN, waiting, per="owner", cases=WANG)["cases"]
    assert len(cases) == 1
    for who in (DING, "nobody-here"):
        with pytest.raises(FolkmootError) as found:
            ask(town, CHEN, waiting, per="owner", filter={"holder": WANG}, cases=who)
        assert (found.value.code, found.value.reasons[0].params["known"]) == ("FM-U725", f"-, {WANG}")
    assert refused(town, OU, waiting, per="owner", cases=WANG) == "FM-U412"


@pytest.mark.parametrize(("measure", "given"), [
    (durations, {"filter": {"holder": WANG}}),
    (waiting, {"per": "owner"}),
    (why, {"per": "owner", "filter": {"unit": "S-012"}}),
    (why, {"by": ["holder"], "filter": {"unit": "S-012"}}),
    (activity, {"person": WANG}),
    (activity, {"cases": True}),
])  # fmt: skip
def test_of_others_he_is_not(town: TwoUnits, measure: Measure, given: dict[str, Any]) -> None:
    assert refused(town, OU, measure, **given) == "FM-U412"


def test_who_is_not_appointed_here_asks_about_his_own_cases(town: TwoUnits) -> None:
    assert refused(town, "nobody", durations) == "FM-U413"
    assert refused(town, "nobody", durations, by=["unit"]) == "FM-U413"
    town.do(appointment.appoint, person="crt-01", role="court", unit_code="county-99", new=True)
    assert refused(town, "crt-01", load) == "FM-U413"
    assert ask(town, "crt-01", durations, filter={"holder": "me"})["n"] == 0
    # who does not say who he is sees cases, and no people
    assert ask(town, None, durations)["n"] == 3
    assert refused(town, None, load) == "FM-A001"


def test_it_hangs_on_the_day(town: TwoUnits) -> None:
    """A leader's substitute leads, as long as he stands in; whose appointment is over does not."""
    assert people(ask(town, OU, load)) == {OU}
    today = town.now.date()
    town.do(leave.away, persons=[CHEN], since=today, until=today + timedelta(3), substitute=OU)
    assert people(ask(town, OU, load)) == {OU, WANG}
    town.now += 5 * DAY
    assert people(ask(town, OU, load)) == {OU}
    town.do(appointment.end, person=DING, role="dispatcher")
    town.now += 2 * DAY
    assert refused(town, DING, load) == "FM-U413"


def test_a_report_tells_in_its_place_what_is_not_for_its_reader(town: TwoUnits) -> None:
    page = ask(town, OU, answered, name="unit-review", in_unit="S-012")
    told = {part["measure"]: part for part in page["parts"]}
    assert people(told["load"]["answer"]) == {OU}
    assert told["compliance"]["answer"]["n"] == 0


def test_the_catalogue_says_for_whom(town: TwoUnits) -> None:
    told = {one["measure"]: one for one in ask(town, OU, list_measures)["items"]}
    assert set(told) == {*MEASURES, "fairness"}
    for lang in ("en", "zh"):
        items = town.engine.read(list_measures, town.engine.caller(person=OU, lang=lang))["items"]
        assert all(one["text"] and not one["text"].startswith("word.") for one in items)
    assert told["load"]["persons"] == ["without by", "by=holder", "holder"]
    assert told["why"]["persons_for"].startswith("Head of the station, Committee director, Dispatcher")
