"""Load weighs as fairness does; reports that are one case do not come again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.analytics.fairness import fairness
from engine.analytics.load import load
from engine.analytics.recurrence import recurrence
from engine.persistence.store import Store
from engine.service import acting, appointment, filing, merging, seat
from tests.support.town import Town

pytestmark = pytest.mark.usefixtures("small_portions")

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
PARTIES = [{"role": "claimant", "name": "party A"}, {"role": "respondent", "name": "party B"}]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, now=MONDAY)


def filed(town: Town, what: str = "wall") -> str:
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": what, "parties": PARTIES}
    return str(town.do(filing.file_case, "dsp-01", **given)["ref"])


def test_a_case_weighs_what_it_weighed_when_it_was_taken_as_fairness_says(town: Town) -> None:
    for _ in range(2):
        town.do(seat.assign, "dsp-01", ref=filed(town), auto=True)
    last = filed(town)
    town.do(seat.assign, "dsp-01", ref=last, auto=True)
    town.do(acting.do_act, "dsp-01", ref=last, act="regrade", set={"risk": "blue"}, note="they are calm")
    told = {group["key"]["holder"]: group["weight"] for group in town.ask(load, "chf-01")["groups"]}
    week = [one for one in town.ask(fairness, "chf-01")["items"] if one["week"] == "2026-W45"]
    assert told == {one["person"]: one["open"] for one in week if one["open"]} == {"aux-07": 6}
    [group] = town.ask(load, "chf-01", by=["type"])["groups"]
    assert group["weight"] == 2 + 2 + 1  # by grade, as it is now


def test_units_that_serve_a_place_and_have_nobody_are_named_as_it_was_known(town: Town) -> None:
    def nobody(**asked: Any) -> Any:
        return town.ask(load, "chf-01", **asked)["uncovered"]

    assert nobody() == []
    town.pass_(days=4)
    ended = town.do(appointment.end, "adm-01", person="aux-08", role="auxiliary", until=MONDAY.date())
    assert ended["units"] == ["V-102"]
    assert nobody() == ["V-102"]
    assert town.ask(load, "chf-01")["uncovered_title"] == ["示例二村驻村岗 (V-102)"]
    assert nobody(filter={"unit": "V-101"}) == []
    assert nobody(filter={"unit": "office-021"}) == ["V-102"]
    assert nobody(as_of=town.now - timedelta(days=1)) == []  # that he was gone by then was not known
    town.pass_(days=1)
    assert nobody(as_of=town.now - timedelta(days=1)) == ["V-102"]
    town.do(appointment.appoint, "adm-01", person="aux-07", role="auxiliary", unit_code="V-102")
    assert (nobody(), nobody(as_of=town.now - timedelta(hours=1))) == ([], ["V-102"])


def test_a_report_that_was_joined_is_no_recurrence_until_it_is_taken_apart(town: Town) -> None:
    first = filed(town)
    town.pass_(days=3)
    again = filed(town)
    asked = {"of": "parties", "after": "filed"}
    before = town.ask(recurrence, "chf-01", **asked)
    assert (before["n"], before["n_again"]) == (2, 1)
    seen = town.now
    town.pass_(hours=1)
    town.do(merging.merge, "dsp-01", ref=again, into=first, reason="one wall")
    joined = town.ask(recurrence, "chf-01", **asked)
    assert (joined["n"], joined["n_again"]) == (1, 0)
    assert town.ask(recurrence, "chf-01", as_of=seen, **asked) == before
    town.pass_(hours=1)
    town.do(merging.unmerge, "dsp-01", ref=again, reason="another wall")
    apart = town.ask(recurrence, "chf-01", **asked)
    assert (apart["n"], apart["n_again"]) == (2, 1)
    watched = town.ask(recurrence, "chf-01", as_of=MONDAY + timedelta(days=3), **asked)
    assert watched["groups"][0]["within"][0]["n_watched"] == 0
