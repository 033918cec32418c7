"""A waiting list over a real store: each case by itself, once under a key, explained and made again from what is stored."""

from typing import Any

import pytest

from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import acting, filing, leave, query, seat
from engine.service.routing import batch, explaining, replaying
from engine.service.routing.batch import Plan
from tests.support.commandline import Shell
from tests.support.office import Office
from tests.support.town import Town

FIRST, SECOND, THIRD = "26-00001-0", "26-00002-9", "26-00003-2"


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    for n in range(3):
        made.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place="示例一村", what=f"wall {n}")
    return made


def planned(town: Town, **asked: Any) -> Plan:
    plan: Plan = town.ask(batch.plan_batch, "dsp-01", **asked)
    return plan


def carried_out(town: Town, plan: Plan, **more: Any) -> dict[str, str | None]:
    """By reference: the code of what was against it, None where it was done."""
    told: dict[str, str | None] = {}
    for ref, todo in batch.results(plan):
        try:
            town.do(batch.assign_planned, "dsp-01", made=plan, placed=todo, **more)
            told[ref] = None
        except FolkmootError as error:
            told[ref] = error.code
    return told


def holder(town: Town, ref: str) -> str | None:
    [found] = town.ask(query.list_cases, "dsp-01", filter={"refs": [ref]})["items"]
    return str(found["holder"]) if found["holder"] else None


def test_what_changed_in_between_is_told_for_its_case_only(town: Town) -> None:
    plan = planned(town)
    town.do(seat.assign, "dsp-02", ref=SECOND, person="off-05")
    assert carried_out(town, plan) == {FIRST: None, SECOND: "FM-C001", THIRD: None}
    assert [holder(town, ref) for ref in (FIRST, SECOND, THIRD)] == ["aux-07", "off-05", "aux-07"]


def test_who_went_on_leave_in_between_is_given_nothing(town: Town) -> None:
    plan = planned(town)
    town.do(leave.away, "chf-01", persons=["aux-07"], reason="ill")
    assert set(carried_out(town, plan).values()) == {"FM-C052"}
    assert [holder(town, ref) for ref in (FIRST, SECOND, THIRD)] == [None, None, None]


def test_a_look_changes_nothing(town: Town) -> None:
    plan = planned(town)
    for _, todo in batch.results(plan):
        answer = town.engine.call(
            batch.assign_planned, town.as_("dsp-01"), dry_run=True, made=plan, placed=todo
        )
        assert answer["assignment"]["person"] == "aux-07"
    assert [holder(town, ref) for ref in (FIRST, SECOND, THIRD)] == [None, None, None]
    assert planned(town).id == plan.id


def test_of_named_cases_it_is_said_why_they_do_not_wait(town: Town) -> None:
    town.do(seat.assign, "dsp-01", ref=FIRST, person="aux-07")
    plan = planned(town, refs=["1", SECOND])
    assert {ref: reason.code for ref, reason in plan.refused.items()} == {FIRST: "FM-C050"}
    assert [p.wanted.ref for p in plan.batch.placed] == [SECOND]


def test_each_decision_is_stored_with_its_batch_and_made_again_from_that(town: Town) -> None:
    plan = planned(town)
    carried_out(town, plan)
    told = town.ask(replaying.replay, "dsp-01")
    assert (told["decisions"], told["same"], told["differs"]) == (3, 3, [])
    made = town.ask(explaining.explain, "dsp-01", ref=SECOND)
    [mine] = [one for one in made["candidates"] if one["person"] == "aux-07"]
    assert mine["terms"]["load"] == 4  # what the two others of the batch put there
    [event] = [e for e in town.ask(query.history, "dsp-01", ref=SECOND)["items"] if e["seq"] == 2]
    [change] = [c for c in event["changes"] if c["do"] == "seat"]
    assert change["decision"]["by"] == "engine"
    assert change["decision"]["batch"] == {
        "id": plan.id,
        "size": 3,
        "choice": 1,
        "cost": plan.batch.placed[1].cost,
        "alone": "aux-07",
    }


def test_people_are_looked_up_by_place_not_by_case(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.service.routing import pool

    asked, find = [], pool.candidates

    def counted(*given: Any, **more: Any) -> Any:
        asked.append(given)
        return find(*given, **more)

    monkeypatch.setattr(pool, "candidates", counted)
    assert len(planned(town).batch.placed) == 3
    assert len(asked) == 1


def test_over_http_once_under_a_key(office: Office) -> None:
    body = {"type": "dispute_mediation"}
    path, key = "/v1/assignment-batches", {"Idempotency-Key": "monday"}
    looked = office.post(f"{path}?dry_run=true", body).json()["would"]
    assert [one["person"] for one in looked["results"]] == ["aux-07"]
    first = office.post(path, body, headers=key).json()
    assert (first["assigned"], first["failed"]) == (1, 0)
    assert first["results"][0]["ref"] == looked["results"][0]["ref"]
    assert office.post(path, body, headers=key).json() == first
    office.refused(office.post(path, {"risk": "red"}, headers=key), 422, "FM-C002")
    assert office.post(path, body).json()["count"] == 0


VILLAGES = (
    "230199000201",
    "230199001201",
)  # the second one lies in a township that the station does not serve


def test_of_a_list_what_others_give_out_is_left_out_and_counted(town: Town) -> None:
    far = town.do(
        filing.file_case, "cnt-01", case_type="dispute_mediation", place="邻镇一村", what="a ditch"
    )["case"]["ref"]
    plan = planned(town)
    assert ([p.wanted.ref for p in plan.batch.placed], plan.refused) == ([FIRST, SECOND, THIRD], {})
    assert plan.left_out == 1
    # asked for by its number it is told by itself, and the others go on
    named = planned(town, refs=[far, FIRST])
    assert {ref: reason.code for ref, reason in named.refused.items()} == {far: "FM-R101"}
    assert ([p.wanted.ref for p in named.batch.placed], named.left_out) == ([FIRST], 0)
    everybody = town.ask(batch.plan_batch, "aux-07")
    assert (len(everybody), everybody.left_out) == (0, 4)


def test_others_take_no_place_in_a_portion(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ref = town.do(
            filing.file_case, "cnt-01", case_type="dispute_mediation", place="邻镇一村", what="a ditch"
        )["ref"]
        town.do(acting.do_act, "cnt-01", ref=ref, act="regrade", set={"risk": "red"}, note="a knife")
    monkeypatch.setattr(batch, "LIMIT", 2)
    plan = planned(town)
    assert [p.wanted.ref for p in plan.batch.placed] == [FIRST, SECOND]
    assert (plan.more, plan.left_out) == (True, 3)


def test_who_gives_out_by_standing_in_has_the_list(town: Town) -> None:
    town.do(leave.away, "chf-01", persons=["dsp-01", "dsp-02"], substitute="off-06", reason="ill")
    plan = town.ask(batch.plan_batch, "off-06")
    assert (len(plan.batch.placed), plan.left_out) == (3, 0)


def _two_villages(station: Shell) -> tuple[str, str]:
    near, far = (
        station(
            "case", "file", "dispute_mediation", "--place", place, "--what", "a wall", "--as", by, "--json"
        ).json["ref"]
        for place, by in zip(VILLAGES, ("dsp-01", "cnt-01"), strict=True)
    )
    return near, far


def test_typed_one_line_says_how_many_were_left_out_and_why(station: Shell) -> None:
    near, far = _two_villages(station)
    typed = ("case", "assign", "--batch", "--yes", "--dry-run", "--as", "dsp-01")
    said = station(*typed)
    assert said.status == 0
    assert "1 of 1 would be assigned." in said.out
    assert said.out.splitlines()[-1] == "Left out: 1 where you have no appointment to assign."
    assert far not in said.out
    assert "未列入 1 件:您在当地没有派案的任职。" in station(*typed, "--lang", "zh").out
    told = station(*typed, "--json").json
    told = told.get("would", told)
    assert ([one["ref"] for one in told["results"]], told["failed"], told["left_out"]) == ([near], 0, 1)
    nothing = station("case", "assign", "--batch", "--yes", "--as", "aux-07")
    assert (nothing.status, nothing.out.splitlines()[-1]) == (
        0,
        "Left out: 2 where you have no appointment to assign.",
    )
    assert "Left out" not in station(*typed, "--place", VILLAGES[0]).out


def test_typed_by_state_and_place_as_in_lists(station: Shell) -> None:
    near, far = _two_villages(station)
    by = ("--as", "cnt-01", "--json")
    for narrowed, found in (
        (("--place", VILLAGES[0]), [near]),
        (("--place", VILLAGES[1]), [far]),
        (("--place", ",".join(VILLAGES)), [near, far]),
        (("--state", "reported"), [near, far]),
        (("--state", "Reported", "--place", VILLAGES[0]), [near]),
        (("--state", "screening,closed"), []),
    ):
        listed = station("case", "list", *narrowed, *by).json["items"]
        assert sorted(one["ref"] for one in listed) == found
        made = station("case", "assign", "--batch", "--yes", "--dry-run", *narrowed, *by).json
        assert sorted(one["ref"] for one in made.get("would", made)["results"]) == found
    for narrowed, code in ((("--place", "nowhere"), "FM-U307"), (("--state", "reportd"), "FM-U081")):
        said = station("case", "assign", "--batch", "--yes", *narrowed, "--as", "cnt-01")
        assert (said.status, code in said.err) == (2, True)
    alone = station("case", "assign", near, "off-05", "--place", VILLAGES[0], "--as", "dsp-01")
    assert (alone.status, "FM-U403" in alone.err) == (2, True)


def test_over_http_by_state_and_place_and_without_what_others_give_out(office: Office) -> None:
    path = "/v1/assignment-batches?dry_run=true"
    office.town.do(
        filing.file_case, "cnt-01", case_type="dispute_mediation", place="邻镇一村", what="a ditch"
    )
    told = office.post(path, {}).json()["would"]
    assert (told["count"], told["failed"], told["left_out"]) == (1, 0, 1)
    here = office.post(path, {"place": VILLAGES[0], "state": "reported"}).json()["would"]
    assert (here["count"], here["left_out"]) == (1, 0)
    assert office.post(path, {"place": VILLAGES[1]}).json()["would"]["left_out"] == 1
    office.refused(office.post(path, {"place": "nowhere"}), 422, "FM-U307")
    office.refused(office.post(path, {"state": "reportd"}), 422, "FM-U081")
