"""Cases that come from cases: opened in the commit of the act, linked on both, told of each other afterwards."""

from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.domain.errors import FolkmootError
from engine.machine.fold import fold
from engine.persistence.case_store import history
from engine.persistence.store import Store
from engine.service import acting, audit, correcting, filing, link, organisation, query, relay, worker
from engine.service.case import get_case
from engine.service.doctor import examine
from engine.service.seed import Shipped, seed
from engine.working import Worker
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

QUARREL = """
case_type: quarrel
title: Quarrel
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties:
  roles: {claimant: {min: 1}, respondent: {min: 1}}
  fields: {age: int}
fields:
  risk: {type: choice, of: [red, yellow], default: yellow}
  leavers: parties
records:
  paper: {fields: {terms: text}, by: [officer], in: [work], signed_by: [party]}
seats:
  handler: {of: [officer, dispatcher]}
states:
  new: {initial: true, waits_for: [officer], phase: intake}
  work: {waits_for: [officer], phase: work}
  urgent: {waits_for: [officer], phase: work}
  agreed: {waits_for: [officer], phase: work}
  shut: {final: true, phase: done}
outcomes:
  converted: {grade: procedural}
  ended: {grade: procedural}
  helped: {grade: substantive}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [risk?]}
  - {trigger: begin, source: new, dest: work, allow: [dispatcher]}
  - {trigger: convert, source: work, dest: shut, outcome: converted, allow: [dispatcher],
     effects: [{open: claim, link: converted_to, carry: [risk]}]}
  - {trigger: send_away, source: work, dest: shut, outcome: converted, allow: [dispatcher],
     effects: [{open: nowhere, link: converted_to}]}
  - {trigger: call_help, source: work, dest: urgent, allow: [dispatcher], effects: [{open: nowhere, link: escalated_to}]}
  - {trigger: go_up, source: work, allow: [dispatcher], effects: [{open: claim, link: escalated_to, carry: [risk]}]}
  - {trigger: strict_up, source: work, dest: shut, outcome: ended, allow: [dispatcher],
     effects: [{open: strict, link: converted_to}]}
  - {trigger: split, source: work, allow: [dispatcher], asks: [leavers],
     effects: [{open: quarrel, link: split_from, parties: leavers, carry: [risk]}]}
  - {trigger: hurry, source: work, allow: [dispatcher], effects: [{fire: wake, on: escalated_to}]}
  - {as_soon_as: paper.signed, source: work, dest: agreed}
  - {as_soon_as: 'links.exists(l, l.kind == "escalated_to" && l.closed && l.outcome == "paid")', source: work,
     dest: shut, outcome: helped}
clocks:
  slow: {within: 5 cd, runs_in: [work], at: {due: [{open: claim, link: escalated_to}, {open: nowhere, link: escalated_to}]}}
"""
CLAIM = """
case_type: claim
title: Claim
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties:
  roles: {payer: {min: 1}, payee: {min: 1}}
fields:
  risk: {type: choice, of: [red, yellow], default: yellow}
seats:
  handler: {of: [officer]}
states:
  asleep: {initial: true, waits_for: [officer], phase: intake}
  awake: {waits_for: [officer], phase: work}
  done: {final: true, phase: done}
outcomes:
  paid: {grade: substantive}
transitions:
  - {trigger: file, dest: asleep, allow: [officer]}
  - {trigger: wake, source: asleep, dest: awake, allow: [system]}
  - {trigger: pay, source: [asleep, awake], dest: done, outcome: paid, allow: [dispatcher]}
"""
STRICT = (
    CLAIM.replace("case_type: claim", "case_type: strict")
    .replace("title: Claim", "title: Strict")
    .replace(
        "{trigger: file, dest: asleep, allow: [officer]}",
        "{trigger: file, dest: asleep, allow: [officer], asks: [risk]}",
    )
)


class Desk:
    """A station where quarrels become claims."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.engine = Engine(store, lambda: self.now)
        definitions = []
        for text in (QUARREL, CLAIM, STRICT):
            loaded = loads(text)
            assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
            definitions.append(Shipped(loaded.definition, text))
        calendars = [load_calendar(name) for name in calendar_ids()]
        given = {"definitions": definitions, "vocabulary": shipped.vocabulary(), "calendars": calendars}
        self.do(seed, "adm", **given)
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})
        parties = [
            {"role": "claimant", "name": "Asha", "age": 40},
            {"role": "claimant", "name": "Bela", "age": 50},
            {"role": "respondent", "name": "Bram", "age": 30},
        ]
        told = {"case_type": "quarrel", "place": "230199000201", "what": "the wall", "set": {"risk": "red"}}
        self.ref = str(self.do(filing.file_case, "dsp-01", **told, parties=parties)["ref"])
        self.act("begin")

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def ask(self, service: Any, who: str = "dsp-01", /, **given: Any) -> Any:
        return self.engine.read(service, self.engine.caller(person=who), **given)

    def act(self, act: str, ref: str | None = None, **given: Any) -> Any:
        return self.do(acting.do_act, "dsp-01", ref=ref or self.ref, act=act, **given)

    def body(self, ref: str | None = None) -> Any:
        return self.ask(lambda unit, caller: {"body": get_case(unit, caller, ref or self.ref).body})["body"]

    def events(self, ref: str) -> list[Any]:
        def read(unit: Any, caller: Any) -> Any:
            return {"events": [row.event for row in history(unit, get_case(unit, caller, ref).id)]}

        events: list[Any] = self.ask(read)["events"]
        return events

    def refs(self) -> list[str]:
        return sorted(item["ref"] for item in self.ask(query.list_cases)["items"])

    def work(self) -> None:
        done = Worker(self.engine).catch_up(Event())
        assert not done.incidents

    def sound(self) -> None:
        """Every case is what its history says, and every proof holds."""
        for ref in self.refs():
            assert fold(self.events(ref)) == self.body(ref)
        assert self.ask(audit.verify, "adm")["holds"]
        broken = set(self.ask(examine, "adm")["broken"])
        assert not broken & {"histories", "versions", "cases", "states", "marks", "counters"}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def linked(body: Any) -> list[tuple[str, str]]:
    return [(held["kind"], held["ref"]) for held in body["links"]]


class TestConversion:
    def test_a_case_becomes_one_of_another_type_and_both_say_so(self, desk: Desk) -> None:
        answer = desk.act("convert", key="once")
        new = answer["effects"][-1]["case"]["ref"]
        old, claim = desk.body(), desk.body(new)
        assert (old["outcome"], linked(old)) == ("converted", [("converted_to", new)])
        assert linked(claim) == [("converted_to_of_here", desk.ref)]
        assert (claim["fields"], claim["filed_by"], claim["what"]) == ({"risk": "red"}, "system", "the wall")
        assert [(p["name"], p["role"], p["fields"]) for p in claim["parties"]] == [
            ("Asha", "payer", {}), ("Bela", "payee", {}), ("Bram", "payer", {}),
        ]  # fmt: skip
        assert claim["seats"] == {}
        desk.sound()

    def test_sent_again_it_opens_nothing_twice(self, desk: Desk) -> None:
        first = desk.act("convert", key="once")
        assert desk.act("convert", key="once") == first
        assert len(desk.refs()) == 2

    def test_tried_only_it_opens_nothing(self, desk: Desk) -> None:
        before = desk.refs()
        answer = desk.engine.call(
            acting.do_act, desk.engine.caller(person="dsp-01"), dry_run=True, ref=desk.ref, act="convert"
        )
        assert answer["effects"][-1]["case"]["type"] == "claim"
        assert desk.refs() == before
        assert desk.body()["links"] == []

    def test_into_a_type_that_is_not_in_force_it_is_refused_by_its_name(self, desk: Desk) -> None:
        with pytest.raises(FolkmootError) as told:
            desk.act("send_away")
        assert [r.code for r in told.value.reasons] == ["FM-R212", "FM-N034"]
        assert told.value.reasons[0].params["case_type"] == "nowhere"
        assert desk.body()["states"]["main"] == "work"

    def test_what_the_new_case_would_ask_for_is_told(self, desk: Desk) -> None:
        with pytest.raises(FolkmootError) as told:
            desk.act("strict_up")
        assert [r.code for r in told.value.reasons] == ["FM-R212", "FM-R301"]
        assert len(desk.refs()) == 1


class TestHelp:
    def test_a_call_for_help_stands_though_nobody_can_take_it(self, desk: Desk) -> None:
        answer = desk.act("call_help")
        incident = next(c for c in answer["event"]["changes"] if c["do"] == "incident")
        assert (incident["what"], incident["case_type"]) == ("not_opened", "nowhere")
        assert desk.body()["states"]["main"] == "urgent"
        desk.sound()

    def test_a_deadline_opens_a_case_once(self, desk: Desk) -> None:
        desk.now += timedelta(days=10)
        desk.work()
        desk.work()
        assert [kind for kind, _ in linked(desk.body())] == ["escalated_to"]
        assert len(desk.refs()) == 2
        told = [c for e in desk.events(desk.ref) for c in e["changes"] if c["do"] == "incident"]
        assert [c["what"] for c in told] == ["not_opened"]
        desk.sound()

    def test_a_deadline_that_is_noticed_by_a_correction_opens_it_too(self, desk: Desk) -> None:
        desk.now += timedelta(days=10)
        told = {"ref": desk.ref, "seq": 1, "set": {"risk": "yellow"}, "reason": "misheard"}
        desk.do(correcting.correct, "chf-01", **told)
        [(kind, new)] = linked(desk.body())
        assert (kind, desk.body(new)["case_type"]) == ("escalated_to", "claim")
        desk.sound()


class TestSplit:
    def test_who_leaves_goes_over_and_the_other_side_is_in_both(self, desk: Desk) -> None:
        new = desk.act("split", set={"leavers": ["P2"]})["effects"][-1]["case"]["ref"]
        old, split = desk.body(), desk.body(new)
        assert [p["name"] for p in old["parties"] if p["active"]] == ["Asha", "Bram"]
        assert [(p["no"], p["name"], p["role"], p["fields"]["age"]) for p in split["parties"]] == [
            ("P1", "Bela", "claimant", 50), ("P2", "Bram", "respondent", 30),
        ]  # fmt: skip
        assert linked(split) == [("split_from", desk.ref)]
        assert linked(old) == [("split_from_of_here", new)]
        desk.sound()

    def test_a_side_keeps_somebody(self, desk: Desk) -> None:
        with pytest.raises(FolkmootError) as told:
            desk.act("split", set={"leavers": ["P1", "P2"]})
        assert told.value.code == "FM-R209"

    def test_somebody_has_to_leave(self, desk: Desk) -> None:
        with pytest.raises(FolkmootError) as told:
            desk.act("split", set={"leavers": []})
        assert told.value.code in ("FM-R213", "FM-R301")

    def test_what_all_others_signed_is_whole_when_the_rest_has_left(self, desk: Desk) -> None:
        desk.do(acting.record, "off-05", ref=desk.ref, kind="paper", items=[{"terms": "half"}])
        desk.do(acting.do_act, "off-05", ref=desk.ref, act="sign_paper", set={"by": "P1,P3"})
        assert desk.body()["states"]["main"] == "work"
        desk.act("split", set={"leavers": ["P2"]})
        assert desk.body()["states"]["main"] == "agreed"
        desk.sound()


class TestRelay:
    def test_an_act_is_asked_of_the_linked_case_once(self, desk: Desk) -> None:
        new = desk.act("go_up")["effects"][-1]["case"]["ref"]
        desk.act("hurry")
        assert desk.body(new)["states"]["main"] == "asleep"
        desk.work()
        assert desk.body(new)["states"]["main"] == "awake"
        version = len(desk.events(new))
        desk.work()
        assert len(desk.events(new)) == version
        assert desk.events(new)[-1]["actor"] == "system"
        desk.sound()

    def test_a_refusal_is_an_incident_where_it_was_refused(self, desk: Desk) -> None:
        new = desk.act("go_up")["effects"][-1]["case"]["ref"]
        desk.act("hurry")
        desk.act("hurry")
        desk.work()
        told = [c for e in desk.events(new) for c in e["changes"] if c["do"] == "incident"]
        assert [(c["what"], c["trigger"], c["ref"]) for c in told] == [("relay_refused", "wake", desk.ref)]
        desk.sound()

    def test_what_hangs_on_a_linked_case_follows_when_that_one_ends(self, desk: Desk) -> None:
        new = desk.act("go_up")["effects"][-1]["case"]["ref"]
        desk.work()
        assert desk.body()["states"]["main"] == "work"
        desk.act("pay", ref=new)
        desk.work()
        assert (desk.body()["states"]["main"], desk.body()["outcome"]) == ("shut", "helped")
        desk.sound()

    def test_it_stops_when_everything_was_told(self, desk: Desk) -> None:
        desk.act("go_up")
        for _ in range(5):
            desk.do(relay.pass_on, "adm")
        assert desk.do(relay.pass_on, "adm")["read"] == 0
        assert not desk.ask(relay.waiting)["waiting"]
        assert desk.ask(worker.waiting)["waiting"] == 0

    def test_by_hand_linked_cases_hear_of_each_other_too(self, desk: Desk) -> None:
        told = {"case_type": "claim", "place": "230199000201", "what": "the money"}
        other = desk.do(filing.file_case, "off-05", **told, parties=[{"role": "payer"}, {"role": "payee"}])[
            "ref"
        ]
        desk.do(link.link, "dsp-01", ref=desk.ref, kind="escalated_to", other=other)
        desk.act("pay", ref=other)
        desk.work()
        assert desk.body()["outcome"] == "helped"
        desk.sound()
