"""All open work of somebody goes to others: each seat by itself, told one by one, and done once under a key."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine import handover
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import acting, desk, filing, leave, organisation, person, query, seat, showing
from tests.integration.test_approval import in_mediation
from tests.integration.test_lot import Desk
from tests.support.town import Town

FRIDAY = date(2026, 11, 27)
MORE = """persons:
  - {code: off-07, role: officer, unit: office-021}
"""


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    made.do(organisation.import_organisation, "adm-01", files={"more.yaml": MORE.encode()})
    return made


def filed(town: Town, count: int, holder: str = "aux-07", place: str = "示例一村") -> list[str]:
    refs = []
    for n in range(count):
        given = {"case_type": "dispute_mediation", "place": place, "what": f"wall {n}"}
        refs.append(str(town.do(filing.file_case, "dsp-01", **given)["ref"]))
        town.do(seat.assign, "dsp-01", ref=refs[-1], person=holder)
    return refs


def away(town: Town, *persons: str) -> None:
    town.do(leave.away, "dsp-01", persons=persons, until=FRIDAY, reason="sick")


def move(town: Town, *persons: str, by: str = "dsp-01", **given: Any) -> dict[str, Any]:
    return handover.reassign(town.engine, town.as_(by), persons=persons, **given)


def holder(town: Town, ref: str) -> str | None:
    found: str | None = town.ask(query.show_case, "dsp-01", ref=ref)["holder"]
    return found


def told(answer: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(one["ref"], one["result"], one["to"]) for one in answer["results"]]


def meanwhile(act: Callable[[], object]) -> Callable[[int], Callable[[int], None]]:
    """Something that happens after the first seat was moved."""
    return lambda total: lambda done: act() and None if done == 1 else None


class TestMoving:
    def test_each_pick_counts_for_the_next(self, town: Town) -> None:
        refs = filed(town, 4)
        away(town, "aux-07")
        answer = move(town, "aux-07")
        assert told(answer) == [
            (refs[0], "moved", "off-05"),
            (refs[1], "moved", "off-07"),
            (refs[2], "moved", "off-05"),
            (refs[3], "moved", "off-07"),
        ]
        assert [holder(town, ref) for ref in refs] == ["off-05", "off-07", "off-05", "off-07"]

    def test_a_dry_run_says_the_same_and_moves_nothing(self, town: Town) -> None:
        refs = filed(town, 4)
        away(town, "aux-07")
        seen = move(town, "aux-07", dry_run=True)
        assert {holder(town, ref) for ref in refs} == {"aux-07"}
        assert [next(c for c in r["candidates"] if c["person"] == r["to"])["terms"]["load"] for r in seen["results"]] == [
            0, 0, 2, 2,
        ]  # fmt: skip
        assert told(move(town, "aux-07")) == told(seen)

    def test_the_gravest_case_comes_first(self, town: Town) -> None:
        refs = filed(town, 2)
        town.do(acting.do_act, "dsp-01", ref=refs[1], act="regrade", set={"risk": "red"}, note="a knife")
        assert [one[0] for one in told(move(town, "aux-07"))] == [refs[1], refs[0]]

    def test_one_who_is_not_away_does_not_get_his_own_work_back(self, town: Town) -> None:
        (ref,) = filed(town, 1)
        assert told(move(town, "aux-07")) == [(ref, "moved", "off-05")]

    def test_to_a_named_person(self, town: Town) -> None:
        refs = filed(town, 2)
        assert told(move(town, "aux-07", to="off-06")) == [(ref, "moved", "off-06") for ref in refs]

    def test_the_history_says_who_left_who_came_and_why(self, town: Town) -> None:
        (ref,) = filed(town, 1)
        move(town, "aux-07", reason="sick until Friday")
        event = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
        assert (event["act"], event["actor"], event["note"]) == (
            "assign_handler",
            "dsp-01",
            "sick until Friday",
        )
        changes = [(c["do"], c["person"]) for c in event["changes"] if c["do"] in ("seat", "unseat")]
        assert changes == [("unseat", "aux-07"), ("seat", "off-05")]

    def test_a_mediator_named_by_the_office_is_replaced_and_the_case_stays_where_it_stands(
        self, town: Town
    ) -> None:
        ref = in_mediation(town)
        town.do(seat.assign, "dir-02", ref=ref, seat="mediator", person="med-12")
        before = town.ask(query.show_case, "dsp-01", ref=ref)["state"]
        assert told(move(town, "med-12")) == [(ref, "moved", "med-13")]
        shown = town.ask(query.show_case, "dsp-01", ref=ref)
        assert (shown["state"], [h["person"] for h in shown["seats"] if h["seat"] == "mediator"]) == (
            before, ["med-13"],
        )  # fmt: skip

    def test_one_unit_or_one_seat_alone(self, town: Town) -> None:
        filed(town, 1)
        assert move(town, "aux-07", unit_code="M-12")["count"] == 0
        assert move(town, "aux-07", seat="mediator")["count"] == 0
        assert move(town, "aux-07", seat="Handler", unit_code="S-012")["moved"] == 1


class TestInPart:
    def test_a_case_taken_meanwhile_names_the_winner_and_loses_nothing_of_the_rest(self, town: Town) -> None:
        refs = filed(town, 3)
        town.pass_(minutes=11)

        def taken() -> object:
            return town.do(seat.assign, "dsp-02", ref=refs[1], person="off-06", reason="I know them")

        answer = move(town, "aux-07", begun=meanwhile(taken))
        assert told(answer) == [
            (refs[0], "moved", "off-05"), (refs[1], "taken", None), (refs[2], "moved", "off-07"),
        ]  # fmt: skip
        assert (answer["moved"], answer["failed"]) == (2, 1)
        assert (answer["results"][1]["by"], answer["results"][1]["at"]) == ("off-06", "2026-11-23T00:11:00Z")
        assert holder(town, refs[1]) == "off-06"

    def test_a_list_seen_before_is_told_whole(self, town: Town) -> None:
        refs = filed(town, 2)
        town.do(seat.assign, "dsp-02", ref=refs[0], person="off-06", reason="I know them")
        answer = move(town, "aux-07", cases=refs)
        assert sorted(told(answer)) == [(refs[0], "taken", None), (refs[1], "moved", "off-05")]

    def test_nobody_left_stays_and_stands_on_the_heads_list(self, town: Town) -> None:
        (ref,) = filed(town, 1)
        away(town, "aux-07", "off-05", "off-06", "off-07")
        answer = move(town, "aux-07")
        assert told(answer) == [(ref, "nobody", None)]
        assert answer["results"][0]["text"] == f"{ref}: nobody left, on the head's list"
        assert holder(town, ref) == "aux-07"
        last = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
        assert [c["what"] for c in last["changes"] if c["do"] == "incident"] == ["nobody_found"]
        groups = {group["key"]: group for group in town.ask(desk.desk, "chf-01")["groups"]}
        assert [item["ref"] for item in groups["holder_away"]["items"]] == [ref]
        town.do(leave.back, "dsp-01", persons=["aux-07"])
        groups = {group["key"]: group for group in town.ask(desk.desk, "chf-01")["groups"]}
        assert groups["holder_away"]["count"] == 0

    def test_what_one_may_not_do_is_refused_case_by_case(self, town: Town) -> None:
        (ref,) = filed(town, 1)
        answer = move(town, "aux-07", by="aux-08")
        assert told(answer) == [(ref, "refused", None)]
        assert answer["results"][0]["problem"]["code"] == "FM-R101"
        assert holder(town, ref) == "aux-07"

    def test_one_who_cannot_hold_it_is_refused_with_the_reason(self, town: Town) -> None:
        (ref,) = filed(town, 1)
        away(town, "off-05")
        answer = move(town, "aux-07", to="off-05")
        assert answer["results"][0]["problem"]["code"] == "FM-R501"
        assert holder(town, ref) == "aux-07"

    def test_a_seat_drawn_by_lot_needs_a_person(self, store: Store) -> None:
        drawn = Desk(store, 2)
        drawn.draw()
        member = drawn.panel()[0]
        caller = drawn.engine.caller(person="dsp-01")
        (one,) = handover.reassign(drawn.engine, caller, persons=[member])["results"]
        assert (one["result"], one["why"], one["seat"]) == ("needs_person", "lot", "panel")
        assert f"case handback {drawn.ref} --seat panel" in one["text"]
        assert member in drawn.panel()

    def test_one_whom_a_party_chose_needs_a_person_and_no_other_act_does_it(self, town: Town) -> None:
        ref = in_mediation(town)
        both = [{"party": no, "member": "med-12"} for no in ("P1", "P2")]
        town.do(acting.record, "dsp-01", ref=ref, kind="preference", items=both)
        town.do(acting.do_act, "dsp-01", ref=ref, act="choose", done_by="P1", seats={"mediator": ["med-12"]})
        (one,) = move(town, "med-12", by="dir-02")["results"]
        assert (one["result"], one["why"]) == ("needs_person", "chosen")
        with pytest.raises(FolkmootError) as refused:
            town.do(acting.do_act, "dir-02", ref=ref, act="hand_on_mediator", note="sick")
        assert refused.value.code == "FM-R560"
        assert seats(town, ref)["mediator"] == ["med-12"]


def supported(town: Town, holder: str = "aux-07") -> str:
    """A red case of the village that the office helps to carry."""
    (ref,) = filed(town, 1, holder)
    town.do(acting.do_act, "dsp-01", ref=ref, act="regrade", set={"risk": "red"}, note="a knife")
    return ref


def seats(town: Town, ref: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for held in town.ask(query.show_case, "dsp-01", ref=ref)["seats"]:
        found.setdefault(held["seat"], []).append(held["person"])
    return found


class TestEverySeat:
    def test_seats_that_only_an_effect_fills_go_over_in_the_same_act(self, town: Town) -> None:
        ref = supported(town)
        (helper,) = seats(town, ref)["office_support"]
        town.do(seat.assign, "dsp-01", ref=filed(town, 1, helper)[0], person=helper, reason="as before")
        seen = move(town, helper, dry_run=True)
        assert seats(town, ref)["office_support"] == [helper]
        answer = move(town, helper, reason="sick until Friday")
        assert [(r["seat"], r["result"]) for r in answer["results"]] == [
            ("office_support", "moved"),
            ("handler", "moved"),
        ]
        assert told(answer) == told(seen)
        assert (answer["moved"], answer["failed"]) == (2, 0)
        (other,) = seats(town, ref)["office_support"]
        assert other == answer["results"][0]["to"] != helper
        event = town.ask(query.history, "dsp-01", ref=ref)["items"][-1]
        assert (event["act"], event["title"], event["note"]) == (
            "hand_on_office_support",
            "Hand on: Support from the central-village office",
            "sick until Friday",
        )
        changes = [(c["do"], c["person"]) for c in event["changes"] if c["do"] in ("seat", "unseat")]
        assert changes == [("unseat", helper), ("seat", other)]

    def test_to_a_named_person_who_is_held_against_the_rules_of_the_seat(self, town: Town) -> None:
        ref = supported(town)
        (helper,) = seats(town, ref)["office_support"]
        (refused,) = move(town, helper, to="aux-08", seat="office_support")["results"]
        assert refused["problem"]["code"] == "FM-R501"
        other = next(code for code in ("off-05", "off-06", "off-07") if code != helper)
        assert told(move(town, helper, to=other, seat="office_support")) == [(ref, "moved", other)]
        assert seats(town, ref)["office_support"] == [other]

    def test_nobody_left_stays(self, town: Town) -> None:
        ref = supported(town)
        (helper,) = seats(town, ref)["office_support"]
        away(town, "off-05", "off-06", "off-07")
        assert told(move(town, helper, seat="office_support")) == [(ref, "nobody", None)]
        assert seats(town, ref)["office_support"] == [helper]

    def test_it_is_an_act_of_its_own_too_open_while_somebody_sits_there(self, town: Town) -> None:
        (plain,) = filed(town, 1)
        ref = supported(town)
        open_now = {
            one: {o["act"] for o in town.ask(showing.next_acts, "dsp-01", ref=one)["items"]}
            for one in (plain, ref)
        }
        assert [("hand_on_office_support" in open_now[one]) for one in (plain, ref)] == [False, True]
        (helper,) = seats(town, ref)["office_support"]
        town.do(acting.do_act, "dsp-01", ref=ref, act="hand_on_office_support", note="on a course")
        assert seats(town, ref)["office_support"] not in ([], [helper])
        with pytest.raises(FolkmootError) as refused:
            town.do(acting.do_act, "aux-08", ref=ref, act="hand_on_office_support", note="mine")
        assert refused.value.code == "FM-R101"

    def test_a_mediator_of_a_suspended_case_goes_over_where_no_written_act_names_one(
        self, town: Town
    ) -> None:
        ref = in_mediation(town)
        town.do(seat.assign, "dir-02", ref=ref, seat="mediator", person="med-12")
        town.do(seat.take, "med-12", ref=ref, seat="mediator")
        town.do(
            acting.do_act,
            "dir-02",
            ref=ref,
            act="suspend",
            records={"suspension": [{"until": "2026-12-10", "ground": "party_ill"}]},
            note="in hospital",
        )
        (one,) = move(town, "med-12", by="dir-02")["results"]
        assert (one["result"], one["to"]) == ("moved", "med-13")


class TestCounted:
    def test_leave_page_and_return_count_the_same_cases_and_name_the_seats(self, town: Town) -> None:
        ref = supported(town)
        (helper,) = seats(town, ref)["office_support"]
        filed(town, 1, helper)
        left = town.do(leave.away, "dsp-01", persons=[helper], until=FRIDAY)["items"][0]
        shown = town.ask(person.show_person, "dsp-01", person=helper)
        back = town.do(leave.back, "dsp-01", persons=[helper])["items"][0]
        assert left["open_cases"] == shown["open_cases"] == back["open_cases"] == len(shown["cases"]) == 2
        counted = [
            {"seat": "handler", "seat_title": "Handler", "cases": 1},
            {"seat": "office_support", "seat_title": "Support from the central-village office", "cases": 1},
        ]
        assert left["seats"] == shown["seats"] == back["seats"] == counted
        assert sum(one["cases"] for one in counted) == move(town, helper, dry_run=True)["count"]


class TestUnderAKey:
    def test_repeated_it_answers_the_same_and_moves_nothing_twice(self, town: Town) -> None:
        refs = filed(town, 3)
        first = move(town, "aux-07", key="monday")
        versions = [town.ask(query.show_case, "dsp-01", ref=ref)["version"] for ref in refs]
        filed(town, 1)
        assert move(town, "aux-07", key="monday") == first
        assert [town.ask(query.show_case, "dsp-01", ref=ref)["version"] for ref in refs] == versions

    def test_broken_off_it_goes_on_with_the_same_list(self, town: Town) -> None:
        refs = filed(town, 3)

        def break_off() -> object:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            move(town, "aux-07", key="monday", begun=meanwhile(break_off))
        assert [holder(town, ref) for ref in refs] == ["off-05", "aux-07", "aux-07"]
        assert [one[1] for one in told(move(town, "aux-07", key="monday"))] == ["moved"] * 3

    def test_for_another_request_it_is_refused(self, town: Town) -> None:
        filed(town, 1)
        move(town, "aux-07", key="monday")
        with pytest.raises(FolkmootError) as refused:
            move(town, "off-05", key="monday")
        assert refused.value.code == "FM-C002"


def test_nobody_takes_over_from_himself(town: Town) -> None:
    with pytest.raises(FolkmootError) as refused:
        move(town, "aux-07", to="aux-07")
    assert refused.value.code == "FM-U380"


def test_who_holds_nothing_leaves_nothing_to_move(town: Town) -> None:
    assert move(town, "aux-07") == {"results": [], "count": 0, "moved": 0, "failed": 0, "persons": ["aux-07"]}
