"""Who gets how much work: exact figures over a few weeks that the test knows case by case."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from engine.analytics.fairness import fairness
from engine.domain.errors import FolkmootError
from engine.persistence import table
from engine.persistence.store import Store
from engine.service import acting, correcting, filing, leave, organisation, seat
from tests.support.town import Town

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 9 in the morning; week 45


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, now=MONDAY)


def filed(town: Town, what: str = "wall", **more: Any) -> str:
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": what, **more}
    return str(town.do(filing.file_case, "dsp-01", **given)["ref"])


def lines(told: dict[str, Any], week: str) -> dict[str, dict[str, Any]]:
    return {one["person"]: one for one in told["items"] if one["week"] == week}


def week(told: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in told["weeks"] if one["week"] == name]
    return dict(found)


def test_load_picks_reasons_and_spread_by_week(town: Town) -> None:
    refs = [filed(town) for _ in range(3)]
    for ref in refs[:2]:
        town.do(seat.assign, "dsp-01", ref=ref, auto=True)
        town.do(seat.take, "aux-07", ref=ref)
    town.do(seat.assign, "dsp-01", ref=refs[2], person="off-05")
    town.pass_(days=7)
    town.do(seat.handback, "aux-07", ref=refs[0], reason="too much")
    told = town.ask(fairness, "chf-01", since=date(2026, 11, 2), role="auxiliary")
    first, second = (lines(told, name) for name in ("2026-W45", "2026-W46"))
    assert (first["aux-07"]["open"], first["aux-07"]["taken"], first["aux-07"]["picks"]) == (4, 4, 2)
    assert first["aux-07"]["by"] == {"engine": 2, "hand": 0, "lot": 0, "self": 0}
    assert sum(first["aux-07"]["why"].values()) == 2
    assert set(first) == {"aux-07", "aux-08"}  # of this role only
    assert (second["aux-07"]["open"], second["aux-07"]["taken"]) == (2, 0)  # one was handed back
    assert (week(told, "2026-W45")["gini_exact"], week(told, "2026-W45")["gini"]) == ("1/2", 0.5)
    assert week(told, "2026-W45")["idle"] == ["aux-08"]
    everybody = town.ask(fairness, "chf-01", since=date(2026, 11, 2), until=date(2026, 11, 8))
    assert [one["week"] for one in everybody["weeks"]] == ["2026-W45"]
    shares = lines(everybody, "2026-W45")
    assert shares["off-05"]["by"]["hand"] == 1
    assert (shares["aux-07"]["share"], shares["off-05"]["share"]) == (0.666667, 0.333333)
    # 4, 2, 0, 0: mean difference of the pairs against twice the mean
    assert week(everybody, "2026-W45")["gini_exact"] == "7/12"


def test_the_last_day_is_not_one_to_come(town: Town) -> None:
    told = town.ask(fairness, "chf-01")
    assert told["until"] == town.now.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_the_weight_is_what_the_case_weighs(town: Town) -> None:
    ref = filed(town)
    town.do(acting.do_act, "dsp-01", ref=ref, act="regrade", set={"risk": "red"}, note="threat with a tool")
    town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")
    told = town.ask(fairness, "chf-01", role="auxiliary")
    assert lines(told, "2026-W45")["aux-07"]["open"] == 4


def test_a_seat_whose_act_was_taken_back_is_held_by_nobody(town: Town) -> None:
    ref = filed(town)
    seq = town.do(seat.assign, "dsp-01", ref=ref, person="aux-07")["event"]["seq"]
    assert lines(town.ask(fairness, "chf-01", role="auxiliary"), "2026-W45")["aux-07"]["open"] == 2
    town.do(correcting.correct, "chf-01", ref=ref, seq=seq, reason="another was meant", take_back=True)
    mine = lines(town.ask(fairness, "chf-01", role="auxiliary"), "2026-W45")["aux-07"]
    assert (mine["open"], mine["taken"]) == (0, 0)
    assert mine["picks"] == 1  # that he was picked stays so


def test_whoever_was_away_all_week_could_not_have_been_picked(town: Town) -> None:
    town.do(leave.away, "chf-01", persons=["aux-08"], until=date(2026, 11, 15))
    town.do(seat.assign, "dsp-01", ref=filed(town), auto=True)
    told = town.ask(fairness, "chf-01", role="auxiliary")
    assert week(told, "2026-W45")["n"] == 1
    assert week(told, "2026-W45")["idle"] == []
    assert week(told, "2026-W45")["gini_exact"] == "0/1"


def test_an_exclusion_tells_no_kinship(town: Town) -> None:
    content = b"relations: [{person: aux-07, other: vil-31, kind: kin}]"
    town.do(organisation.import_organisation, "adm-01", files={"kin.yaml": content})
    sides = [{"role": "claimant", "name": "Asha", "person": "vil-31"}, {"role": "respondent", "name": "Bram"}]
    town.do(seat.assign, "dsp-01", ref=filed(town, parties=sides), auto=True)
    told = town.ask(fairness, "chf-01", role="auxiliary")
    assert lines(told, "2026-W45")["aux-07"]["excluded"] == {"not_available": 1}


def test_what_is_hidden_from_who_asks_counts_nowhere(town: Town) -> None:
    for _ in range(2):
        town.do(seat.assign, "dsp-01", ref=filed(town), person="off-05")
    _hide(town, "26-00002-9", "dsp-02")
    for caller, picks in (("chf-01", 2), ("dsp-02", 1)):
        told = town.ask(fairness, caller)
        assert week(told, "2026-W45")["picks"] == picks
        assert sum(one["open"] for one in told["items"]) == 2 * picks


def _hide(town: Town, ref: str, person: str) -> None:
    """As a case that names the person would be."""
    case, hidden = table.columns_of(table.Case), table.columns_of(table.CaseHidden)

    def write(unit: Any, caller: Any) -> dict[str, Any]:
        [row] = unit.execute(select(case.c.id).where(case.c.ref == ref))
        unit.execute(insert(hidden).values(case_id=row["id"], person=person, house="", at=caller.at))
        return {}

    town.do(write, "adm-01")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": date(2026, 12, 1)}, "FM-U404"),
        ({"since": date(2020, 1, 1)}, "FM-U405"),
        ({"role": "king"}, "FM-U406"),
        ({"in_unit": "X"}, "FM-U305"),
    ],
)
def test_what_cannot_be_counted_is_said(town: Town, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(FolkmootError) as error:
        town.ask(fairness, "chf-01", **asked)
    assert error.value.code == code
