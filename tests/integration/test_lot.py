"""Seats by lot over the people of the store: dated appointments, leave, recusal, too few, and the record of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.machine.lot import replayed
from engine.persistence.store import Store
from engine.service import acting, audit, filing, leave, organisation, query
from engine.service.routing import explaining
from engine.service.seed import Shipped, seed
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

FILES = shipped.files_of("service_request")
SEATS = """seats:
  panel:
    title: Panel
    of: [auxiliary, officer]
    count: COUNT
"""
ACTS = """transitions:
  - trigger: draw_panel
    title: Draw the panel
    source: received
    allow: [dispatcher]
    effects:
      - seat: panel
        by: lot
  - trigger: recuse
    title: Recuse
    source: received
    allow: [dispatcher]
    asks: [doubted]
    effects:
      - unseat: panel
        who: doubted
"""


class Desk:
    def __init__(self, store: Store, count: int) -> None:
        self.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.engine = Engine(store, lambda: self.now)
        text = FILES["workflow.yaml"].replace("\ntransitions:\n", "\n" + ACTS, 1)
        text = text.replace("\nseats:\n", "\n" + SEATS.replace("COUNT", str(count)), 1)
        text = text.replace("\nfields:\n", "\nfields:\n  doubted: {title: Who, type: person}\n", 1)
        loaded = loads(text, translations={"zh": FILES["zh.yaml"]})
        assert loaded.definition is not None, loaded.findings
        self.do(
            seed,
            "adm",
            definitions=[Shipped(loaded.definition, text)],
            vocabulary=shipped.vocabulary(),
            calendars=[load_calendar(name) for name in calendar_ids()],
        )
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})
        given = {"case_type": "service_request", "place": "230199000201", "what": "a lamp is broken"}
        self.ref = str(self.do(filing.file_case, "dsp-01", **given)["ref"])

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def ask(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.read(service, self.engine.caller(person=who), **given)

    def draw(self) -> Any:
        return self.do(acting.do_act, "dsp-01", ref=self.ref, act="draw_panel")["event"]["changes"]

    def panel(self) -> list[str]:
        seats = self.ask(query.show_case, "dsp-01", ref=self.ref)["seats"]
        return [seat["person"] for seat in seats if seat["seat"] == "panel"]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, 2)


def lot(changes: Any) -> Any:
    return next(change["decision"] for change in changes if change["do"] in ("seat", "incident"))


def test_the_record_replays_to_the_same_pick(desk: Desk) -> None:
    decision = lot(desk.draw())
    assert len(decision["seed"]) == 32
    assert decision["pool"] == sorted(decision["pool"])
    assert replayed(decision) == desk.panel()
    assert len(desk.panel()) == 2
    assert desk.ask(audit.verify, "adm")["breaks"] == []


def test_why_this_person_is_told_with_seed_and_pool(desk: Desk) -> None:
    decision = lot(desk.draw())
    told = desk.ask(explaining.explain, "dsp-01", ref=desk.ref, seat="panel")
    assert (told["by"], told["reason"], told["reason_text"]) == ("lot", "lot", "drawn by lot")
    assert (told["seed"], told["pool"]) == (decision["seed"], decision["pool"])


def test_who_is_away_is_not_drawn(desk: Desk) -> None:
    everybody = lot(desk.draw())["pool"]
    away = next(person for person in everybody if person not in desk.panel())
    desk.do(leave.away, away, persons=[away], until=desk.now.date())
    desk.do(acting.do_act, "dsp-01", ref=desk.ref, act="recuse", set={"doubted": desk.panel()[0]})
    decision = lot(desk.draw())
    assert away not in decision["pool"]
    assert {"away", "recused", "holds"} == {out["because"] for out in decision["excluded"]}


def test_too_few_are_an_incident(store: Store) -> None:
    desk = Desk(store, 9)
    changes = desk.draw()
    incident = next(change for change in changes if change["do"] == "incident")
    assert (incident["what"], incident["seat"]) == ("too_few", "panel")
    assert incident["decision"]["wanted"] == 9
    assert sorted(desk.panel()) == incident["decision"]["pool"]
    told = desk.ask(explaining.explain, "dsp-01", ref=desk.ref, seat="panel")
    assert told["reason_text"] == "too few to draw from"


def test_a_dry_run_draws_anew(desk: Desk) -> None:
    caller = desk.engine.caller(person="dsp-01")
    given = {"ref": desk.ref, "act": "draw_panel"}
    seen = {
        lot(desk.engine.call(acting.do_act, caller, dry_run=True, **given)["event"]["changes"])["seed"]
        for _ in range(3)
    }
    assert len(seen) == 3
    assert desk.panel() == []
