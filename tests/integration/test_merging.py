"""`case merge` and `case unmerge` for every shipped case type: what governs is told beforehand, and it comes so."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from engine.domain.errors import FolkmootError, Refused, UsageError
from engine.machine.fold import fold
from engine.persistence.case_store import history
from engine.persistence.store import Store
from engine.service import acting, correcting, filing, merging, query
from engine.service.case import get_case
from engine.service.routing import proposing
from engine.working import Worker
from tests.support.town import Town

PLACE = "230199000201"
# type, who files, who joins, what the filing asks for
TYPES = [
    ("dispute_mediation", "dsp-01", "dsp-01", {}),
    ("service_request", "dsp-01", "dsp-01", {}),
    ("public_security_mediation", "off-05", "off-05", {}),
    ("social_information", "dsp-01", "dsp-01", {}),
    ("crime_clue", "off-05", "off-05", {}),
    ("traffic_comanagement", "dsp-01", "dsp-01", {"kind": "hazard"}),
    ("legal_education", "dsp-01", "dsp-01", {}),
]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def report(town: Town, case_type: str = "dispute_mediation", by: str = "dsp-01", **given: Any) -> str:
    about = {"case_type": case_type, "place": PLACE, "what": "a blow", "reporter": {"name": "somebody"}}
    return str(town.do(filing.file_case, by, **{**about, **given})["ref"])


def work(town: Town) -> None:
    assert not Worker(town.engine).catch_up(Event()).incidents


def body(town: Town, ref: str) -> dict[str, Any]:
    def told(unit: Any, caller: Any) -> Any:
        row = get_case(unit, caller, ref)
        assert fold(held.event for held in history(unit, row.id)) == row.body
        return dict(row.body)

    return dict(town.ask(told, "chf-01"))


def forms(town: Town, ref: str) -> list[str]:
    items = town.ask(query.history, "chf-01", ref=ref)["items"]
    return [t["form"] for e in items for t in e["told"] if t["kind"] == "notice" and "reporter" in t["to"]]


@pytest.mark.parametrize(("case_type", "files", "joins", "fields"), TYPES, ids=[one[0] for one in TYPES])
def test_every_type_joins_tells_both_and_comes_apart_as_it_was(
    town: Town, case_type: str, files: str, joins: str, fields: dict[str, Any]
) -> None:
    first = report(town, case_type, files, set=fields)
    town.now += timedelta(minutes=10)
    second = report(town, case_type, files, set=fields)
    one, two = body(town, first), body(town, second)
    town.now += timedelta(minutes=1)
    answer = town.do(merging.merge, joins, ref=second, into=first, reason="one matter")
    assert (answer["into"], answer["case"]["phase"]) == (first, "done")
    work(town)
    assert forms(town, first)[-1] == "joined_notice"
    assert body(town, second)["filed_at"] == two["filed_at"]
    town.now += timedelta(minutes=1)
    answer = town.do(merging.unmerge, joins, ref=second, reason="two matters")
    assert answer["left"] == [first]
    work(town)
    assert forms(town, first)[-1] == "separation_notice"
    for ref, was in ((first, one), (second, two)):
        now = body(town, ref)
        same = was.keys() - {"last", "been", "back"}
        assert {name: now[name] for name in same} == {name: was[name] for name in same}
        assert "outcome" not in now


def test_which_deadline_will_govern_is_told_before_and_is_so(town: Town) -> None:
    first = report(town)
    town.now += timedelta(minutes=10)
    second = report(town, set={"risk": "red"})
    own = next(run["due"] for run in body(town, first)["clocks"] if run["name"] == "triage")
    red = next(run["due"] for run in body(town, second)["clocks"] if run["name"] == "triage")
    assert red < own
    would = town.engine.call(merging.merge, town.as_("dsp-01"), dry_run=True, ref=second, into=first)
    [told] = [one for one in would["clocks"] if one["name"] == "triage"]
    assert (told["name"], told["governs"]) == ("triage", second)
    assert (told["due_at"], told["own_due_at"], told["brought_due_at"]) == (red, own, red)
    assert body(town, second)["links"] == [], "nothing was done"
    town.do(merging.merge, "dsp-01", ref=second, into=first)
    work(town)
    assert next(run["due"] for run in body(town, first)["clocks"] if run["name"] == "triage") == red
    apart = town.engine.call(merging.unmerge, town.as_("dsp-01"), dry_run=True, ref=second, reason="two")[
        "clocks"
    ]
    assert {(one["ref"], one["due_at"]) for one in apart if one["name"] == "triage"} == {
        (first, own), (second, red)
    }  # fmt: skip


def test_a_kind_of_link_may_be_named(town: Town) -> None:
    first, second = report(town), report(town)
    answer = town.do(merging.merge, "dsp-01", ref=second, into=first, kind="duplicate_of")
    assert (answer["kind"], answer["event"]["act"]) == ("duplicate_of", "mark_duplicate")
    third = report(town)
    assert town.do(merging.merge, "dsp-01", ref=third, into=first)["kind"] == "merged_into"


def refused(town: Town, service: Any, by: str = "dsp-01", **given: Any) -> FolkmootError:
    with pytest.raises((Refused, UsageError)) as caught:
        town.do(service, by, **given)
    return caught.value


def test_refusals_leave_nothing_and_say_the_way_out(town: Town) -> None:
    first, second, third = report(town), report(town), report(town)
    before = {ref: body(town, ref) for ref in (first, second, third)}
    assert refused(town, merging.merge, ref=first, into=first).code == "FM-U394"
    assert refused(town, merging.merge, ref=first, into=second, kind="split_from").code == "FM-U396"
    assert refused(town, merging.unmerge, ref=first, reason="why").code == "FM-R530"
    assert refused(town, merging.merge, "aux-07", ref=second, into=first).code == "FM-R101"
    assert {ref: body(town, ref) for ref in before} == before
    town.do(merging.merge, "dsp-01", ref=second, into=first)
    work(town)
    told = refused(town, merging.merge, ref=third, into=second)
    assert told.code == "FM-R531"
    assert f"It goes on in {first}" in str(told.reasons[0].params["way"])
    assert body(town, third) == before[third]


def test_a_chain_comes_apart_without_an_incident(town: Town) -> None:
    """The third went into the second, which went into the first: taken out again, the first has its own deadline."""
    first, second, third = report(town), report(town), report(town, set={"risk": "red"})
    plain = {ref: body(town, ref)["clocks"] for ref in (first, second, third)}
    town.do(merging.merge, "dsp-01", ref=third, into=second)
    work(town)
    town.do(merging.merge, "dsp-01", ref=second, into=first)
    work(town)
    joined = next(run for run in body(town, first)["clocks"] if run["name"] == "triage")["joined"]
    assert [(one["ref"], one.get("via")) for one in joined] == [(second, None), (third, [second])]
    town.do(merging.unmerge, "dsp-01", ref=third, reason="another matter")
    work(town)
    joined = next(run for run in body(town, first)["clocks"] if run["name"] == "triage")["joined"]
    assert [one["ref"] for one in joined] == [second]
    town.do(merging.unmerge, "dsp-01", ref=second, reason="another matter")
    work(town)
    assert {ref: body(town, ref)["clocks"] for ref in plain} == plain
    assert [body(town, ref)["links"] for ref in plain] == [[], [], []]
    for ref in plain:
        items = town.ask(query.history, "chf-01", ref=ref)["items"]
        assert not [c for e in items for c in e["changes"] if c["do"] == "incident"]


def test_the_same_key_joins_once(town: Town) -> None:
    first, second = report(town), report(town)
    given = {"ref": second, "into": first, "key": "k-1"}
    one = town.do(merging.merge, "dsp-01", **given)
    assert town.do(merging.merge, "dsp-01", **given) == one
    work(town)
    assert [e["act"] for e in town.ask(query.history, "dsp-01", ref=first)["items"]].count("take_in") == 1
    with pytest.raises(FolkmootError):
        town.do(acting.do_act, "dsp-01", ref=second, act="merge", set={"same_as": first})


def test_what_speaks_against_it_is_told_and_a_person_decides(town: Town) -> None:
    yellow = report(town, place="230199000202", set={"risk": "yellow"})
    red = report(town, set={"risk": "red"})
    told = town.do(merging.merge, "dsp-01", ref=red, into=yellow)["warnings"]
    assert told == [
        f"Look again: {yellow} is of another place.",
        f"This case is graded red, {yellow} is yellow: the graver grade is proposed there, and a person confirms it.",
    ]
    near = report(town, set={"risk": "red"})
    assert town.do(merging.merge, "dsp-01", ref=near, into=yellow)["warnings"] == told
    assert town.do(merging.merge, "dsp-01", ref=report(town), into=report(town))["warnings"] == []


def test_taken_apart_it_no_longer_says_what_it_was_joined_to(town: Town) -> None:
    first, second = report(town), report(town)
    town.do(merging.merge, "dsp-01", ref=second, into=first)
    assert body(town, second)["fields"]["same_as"] == first
    town.pass_(minutes=1)
    town.do(merging.unmerge, "dsp-01", ref=second, reason="two matters")
    assert "same_as" not in body(town, second)["fields"]


def proposed(town: Town, ref: str, who: str = "dsp-01") -> list[tuple[str, str | None, str | None]]:
    items = town.ask(proposing.proposals, who, ref=ref)["items"]
    return [(item["value"], item["now"], item["source"]) for item in items]


def joined(town: Town, first: str | None = "blue", second: str | None = "red") -> tuple[str, str]:
    one, two = (report(town, set={"risk": grade} if grade else {}) for grade in (first, second))
    town.now += timedelta(minutes=1)
    town.do(merging.merge, "dsp-01", ref=two, into=one, reason="one matter")
    work(town)
    town.now += timedelta(minutes=1)
    return one, two


class TestGraverGrade:
    def test_it_is_proposed_where_the_case_goes_on_and_not_set(self, town: Town) -> None:
        one, two = joined(town)
        assert body(town, one)["fields"]["risk"] == "blue"
        (item,) = town.ask(proposing.proposals, "dsp-01", ref=one)["items"]
        assert (item["field"], item["value"], item["now"], item["source"]) == ("risk", "red", "blue", two)
        assert (item["rule"], item["table"], item["confirm"]) == (None, None, ["screen", "regrade"])
        assert item["because"] == f"{two}, which was joined to this case, is graded so"
        assert town.ask(proposing.proposals, "dsp-01", ref=two)["items"] == []

    @pytest.mark.parametrize(("own", "brought"), [("red", "red"), ("red", "blue"), ("blue", None)])
    def test_only_a_graver_one_is(self, town: Town, own: str, brought: str | None) -> None:
        one, _ = joined(town, own, brought)
        assert proposed(town, one) == []

    def test_a_case_that_nobody_graded_is_less(self, town: Town) -> None:
        one, two = joined(town, None, "blue")
        assert proposed(town, one) == [("blue", None, two)]

    def test_taken_apart_it_is_gone(self, town: Town) -> None:
        one, two = joined(town)
        town.do(merging.unmerge, "dsp-01", ref=two, reason="two matters")
        work(town)
        assert proposed(town, one) == []
        assert body(town, one)["fields"]["risk"] == "blue"
        assert body(town, two)["fields"]["risk"] == "red"

    def test_confirmed_it_stays_when_the_two_part(self, town: Town) -> None:
        one, two = joined(town)
        town.do(acting.do_act, "dsp-01", ref=one, act="regrade", set={"risk": "red"}, note="as it came")
        assert proposed(town, one) == []
        town.now += timedelta(minutes=1)
        town.do(merging.unmerge, "dsp-01", ref=two, reason="two matters")
        work(town)
        assert body(town, one)["fields"]["risk"] == "red"

    def test_a_person_who_grades_otherwise_has_answered_until_that_is_taken_back(self, town: Town) -> None:
        one, two = joined(town)
        done = town.do(
            acting.do_act, "dsp-01", ref=one, act="regrade", set={"risk": "yellow"}, note="looked at it"
        )
        assert proposed(town, one) == []
        seq = done["event"]["seq"]
        town.do(correcting.correct, "dsp-01", ref=one, seq=seq, take_back=True, reason="the wrong case")
        assert proposed(town, one) == [("red", "blue", two)]

    def test_it_comes_along_through_a_case_that_is_joined_in_turn(self, town: Town) -> None:
        middle, far = joined(town)
        last = report(town, set={"risk": "yellow"})
        town.do(merging.merge, "dsp-01", ref=middle, into=last, reason="all one matter")
        work(town)
        assert proposed(town, last) == [("red", "yellow", far)]

    def test_the_warning_says_so(self, town: Town) -> None:
        one, two = (report(town, set={"risk": grade}) for grade in ("blue", "red"))
        answer = town.do(merging.merge, "dsp-01", ref=two, into=one, reason="one matter")
        assert answer["warnings"] == [
            f"This case is graded red, {one} is blue: the graver grade is proposed there, and a person confirms it."
        ]
