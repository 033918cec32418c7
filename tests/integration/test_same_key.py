"""A request that is sent again under its key gets the first answer, wherever the case has come to stand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest

from engine.domain.errors import Conflict
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, clock, link, party, query, seat
from engine.service.caller import Caller
from engine.service.once import once
from tests.integration.test_approval import LONGER, in_mediation
from tests.support.town import Town

Service = Callable[..., dict[str, Any]]
WHY = {"reason": "because"}
STOP = {"records": {"suspension": [{"ground": "party_ill", "until": "2026-12-10"}]}}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.fixture
def ref(town: Town) -> str:
    return in_mediation(town)


def twice(town: Town, service: Service, who: str, **given: Any) -> dict[str, Any]:
    """What the second one answered, which is what the first did."""
    version = town.ask(query.show_case, "dsp-01", ref=given["ref"])["version"]
    first = town.do(service, who, key="k-" + service.__name__, **given)
    after = town.ask(query.show_case, "dsp-01", ref=given["ref"])["version"]
    assert after > version
    assert town.do(service, who, key="k-" + service.__name__, **given) == first
    assert town.ask(query.show_case, "dsp-01", ref=given["ref"])["version"] == after
    with pytest.raises(Conflict) as error:
        town.do(service, who, key="k-" + service.__name__, **(given | {"reason": "another"}))
    assert error.value.code == "FM-C002"
    return first


def test_seats(town: Town, ref: str) -> None:
    twice(town, seat.assign, "dir-02", ref=ref, person="med-12", seat="mediator")
    twice(town, seat.take, "med-12", ref=ref)
    twice(town, seat.handback, "med-12", ref=ref, **WHY)
    town.do(seat.assign, "dir-02", ref=ref, person="med-12", seat="mediator")
    twice(town, seat.decline, "med-12", ref=ref, **WHY)
    town.do(seat.assign, "dir-02", ref=ref, person="med-12", seat="mediator")
    twice(town, seat.give_up, "med-12", ref=ref, seat="mediator", **WHY)


def test_clocks(town: Town, ref: str) -> None:
    answer = twice(town, clock.extend, "dir-02", ref=ref, clock="mediation_limit", set=LONGER, **WHY)
    assert answer["before"] < answer["after"]
    twice(town, clock.pause, "dir-02", ref=ref, clock="mediation_limit", **STOP, **WHY)
    twice(town, clock.resume, "dir-02", ref=ref, clock="mediation_limit", **WHY)


def test_sent_again_while_the_first_is_still_at_it(store: Store, database_url: str) -> None:
    """Both get the first answer: the second waits for its turn and does not find its own act done by another."""
    done, begun = [], Event()

    def slowly(unit: Unit, caller: Caller, *, what: str) -> dict[str, Any]:
        if done:
            raise Conflict("FM-C006", id=what, status="done", by="-")
        begun.set()
        sleep(0.5)
        done.append(what)
        return {"done": what}

    service = partial(once(slowly), caller=Town(store).as_("dsp-01"), key="k-slow", what="it")
    with Store.open(database_url) as other, ThreadPoolExecutor(2) as both:  # another process, as it were
        first = both.submit(store.write, service)
        assert begun.wait(10)
        second = both.submit(other.write, service)
        assert first.result() == second.result() == {"done": "it"}
    assert done == ["it"]


def test_a_version_that_is_no_longer_there_stops_every_one_of_them(town: Town, ref: str) -> None:
    other = in_mediation(town)
    version = town.ask(query.show_case, "dsp-01", ref=ref)["version"]
    asked: list[tuple[Service, dict[str, Any]]] = [
        (acting.note, {"text": "seen"}),
        (party.add, {"role": "third_party"}),
        (party.change, {"no": "P1", "fields": {"name": "C"}}),
        (party.leave, {"no": "P1"}),
        (link.link, {"kind": "duplicate_of", "other": other}),
        (seat.assign, {"person": "aux-07"}),
        (seat.take, {}),
        (seat.decline, WHY),
        (seat.handback, WHY),
        (seat.give_up, WHY),
        (clock.extend, {"clock": "mediation_limit"}),
        (clock.pause, {"clock": "mediation_limit"}),
    ]
    for service, given in asked:
        with pytest.raises(Conflict) as error:
            town.do(service, "dsp-01", ref=ref, if_version=version - 1, **given)
        assert error.value.code == "FM-C001", service
    assert town.ask(query.show_case, "dsp-01", ref=ref)["version"] == version
    town.do(acting.note, "dsp-01", ref=ref, if_version=version, text="seen")
