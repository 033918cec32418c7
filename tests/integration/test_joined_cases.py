"""Two reports that become one case and part again, in a store: both are told, deadlines go along and come back."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from engine.machine.fold import fold
from engine.persistence.case_store import history
from engine.persistence.store import Store
from engine.service import acting, audit, clock, correcting, filing, papers, query, relay
from engine.service.case import get_case
from engine.service.doctor import examine
from engine.working import Worker
from tests.support.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def report(town: Town, **given: Any) -> str:
    about = {"case_type": "dispute_mediation", "place": "230199000201", "what": "a blow"}
    return str(town.do(filing.file_case, "dsp-01", **about, **given)["ref"])


def act(town: Town, ref: str, name: str, **given: Any) -> Any:
    return town.do(acting.do_act, "dsp-01", ref=ref, act=name, **given)


def joined(town: Town, act_name: str = "merge") -> tuple[str, str]:
    """The first report, yellow, and the second, red and ten minutes later, which goes into it."""
    first = report(town)
    town.now += timedelta(minutes=10)
    second = report(town, set={"risk": "red"})
    act(town, second, act_name, set={"same_as": first})
    work(town)
    return first, second


def work(town: Town) -> None:
    assert not Worker(town.engine).catch_up(Event()).incidents


def run(town: Town, ref: str, name: str = "triage") -> dict[str, Any]:
    return dict(town.ask(clock.explain, "dsp-01", ref=ref, clock=name))


def told(town: Town, ref: str) -> list[tuple[str, list[str]]]:
    items = town.ask(query.history, "dsp-01", ref=ref)["items"]
    return [(t["form"], t["to"]) for e in items for t in e["told"] if t["kind"] == "notice"]


def sound(town: Town, *refs: str) -> None:
    """Each case is what its history says, rows and columns too, and every proof holds."""
    for ref in refs:

        def told_by_history(unit: Any, caller: Any, ref: str = ref) -> Any:
            row = get_case(unit, caller, ref)
            return {"same": fold(held.event for held in history(unit, row.id)) == row.body}

        assert town.ask(told_by_history, "dsp-01")["same"]
    answer = town.ask(audit.verify, "adm")
    assert answer["holds"], answer
    broken = set(town.ask(examine, "adm")["broken"])
    assert not broken & {"histories", "versions", "cases", "states", "marks", "counters"}


@pytest.mark.parametrize("name", ["merge", "mark_duplicate"])
def test_both_reporters_have_their_notice_on_paper(town: Town, name: str) -> None:
    first, second = joined(town, name)
    assert told(town, first) == [("joined_notice", ["reporter"])]
    assert told(town, second)[0][0] == "merger_notice"
    page = town.ask(papers.show, "dsp-01", ref=first, no=1)
    assert "Somebody else has reported the same matter" in page["content"]
    sound(town, first, second)


def test_the_earlier_deadline_governs_and_is_explained_to_the_second(town: Town) -> None:
    first, second = joined(town)
    told = run(town, first)
    [one] = told["joined"]
    assert (one["ref"], one["governs"], one["due_at"]) == (second, True, told["due_at"])
    assert told["own_due_at"] > told["due_at"]
    assert sum(piece["total_s"] for piece in told["intervals"]) == told["total_s"]
    sound(town, first, second)


def test_they_part_as_if_they_had_never_been_joined(town: Town) -> None:
    first, second = joined(town)
    town.now += timedelta(minutes=5)
    act(town, second, "unmerge", note="two matters")
    work(town)
    one, two = (town.ask(query.show_case, "dsp-01", ref=ref) for ref in (first, second))
    assert run(town, first)["joined"] == []
    assert (two["state"], two["cycle"], two["outcome"], one["links"], two["links"]) == (
        "reported", 1, None, [], [],
    )  # fmt: skip
    assert told(town, first)[-1] == ("separation_notice", ["reporter"])
    told_of = town.ask(correcting.list_corrections, "dsp-01", ref=second)["items"]
    assert [item["corrects"] for item in told_of] == [2], "the act that is believed no more"
    sound(town, first, second)


def test_passed_on_again_nothing_is_done_twice(town: Town) -> None:
    first, second = joined(town)
    before = town.ask(query.show_case, "dsp-01", ref=first)["version"]
    for _ in range(3):
        town.do(relay.pass_on, "adm")
    assert town.ask(query.show_case, "dsp-01", ref=first)["version"] == before
    act(town, second, "unmerge", note="two matters")
    act(town, second, "merge", set={"same_as": first})
    work(town)
    assert [one["ref"] for one in run(town, first)["joined"]] == [second]
    sound(town, first, second)


def test_into_a_closed_case_it_is_an_incident_there(town: Town) -> None:
    first = report(town)
    second = report(town)
    act(town, first, "dismiss", note="nothing there")
    act(town, second, "merge", set={"same_as": first})
    town.do(relay.pass_on, "adm")
    items = town.ask(query.history, "dsp-01", ref=first)["items"]
    assert [c["what"] for e in items for c in e["changes"] if c["do"] == "incident"] == ["relay_refused"]
    sound(town, first, second)
