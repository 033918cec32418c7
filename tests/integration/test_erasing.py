"""Content that is purged is gone everywhere, and everything that proves the history still holds; sealed content is
there, and shown to few."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import acting, audit, correcting, filing, fired, organisation, part, query
from engine.service.caller import Caller
from engine.service.case import get_case
from engine.service.doctor import examine
from engine.service.seed import Shipped, seed
from tests.support.sown import grown
from tests.support.tamper import do, edit_body
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

FILES = shipped.files_of("service_request")
ACTS = """transitions:
  - trigger: wipe
    title: Erase what is private
    source: [triaged, dispatched]
    allow: [dispatcher]
    effects:
      - purge: [frail, three_way_call, risk]
  - trigger: shut_file
    title: Seal the file
    source: triaged
    allow: [dispatcher]
    effects:
      - seal: case
  - trigger: shut_calls
    title: Seal the calls
    source: triaged
    allow: [dispatcher]
    effects:
      - seal: three_way_call
"""
REF = "26-00001-0"
HIDDEN = "zanzibar"
PRIVATE = (HIDDEN, '"disabled"', '"red"')


class Desk:
    def __init__(self, store: Store) -> None:
        self.store, self.now = store, datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.engine = Engine(store, lambda: self.now)
        self.ref = REF

    def open(self) -> None:
        """The definition, the people, and one case with something private in it."""
        text = FILES["workflow.yaml"].replace("\ntransitions:\n", "\n" + ACTS, 1)
        loaded = loads(text, translations={"zh": FILES["zh.yaml"]})
        assert loaded.definition is not None, loaded
        self.do(
            seed,
            "adm",
            definitions=[Shipped(loaded.definition, text)],
            vocabulary=shipped.vocabulary(),
            calendars=[load_calendar(name) for name in calendar_ids()],
        )
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})
        given = {"case_type": "service_request", "place": "230199000201", "what": "a lamp is broken"}
        parties = [{"role": "requester", "name": "Asha"}]
        filed = self.do(
            filing.file_case, "dsp-01", **given, set={"risk": "red"}, parties=parties, key="filed"
        )
        assert filed["ref"] == REF
        self.act("triage", set={"danger": False, "scope": "unclear", "frail": "disabled"}, key="looked")
        called = {"three_way_call": [{"with_whom": "agency", "agreed": HIDDEN}]}
        self.act("add_three_way_call", records=called, key="called")

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def ask(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.read(service, self.engine.caller(person=who), **given)

    def act(self, act: str, who: str = "dsp-01", **given: Any) -> Any:
        return self.do(acting.do_act, who, ref=self.ref, act=act, **given)

    def body(self) -> Any:
        return self.ask(lambda unit, caller: {"body": get_case(unit, caller, self.ref).body}, "dsp-01")[
            "body"
        ]

    def audit(self) -> Any:
        return self.ask(audit.verify, "adm")

    def change(self, work: Any) -> None:
        def run(unit: Unit, caller: Caller) -> dict[str, Any]:
            work(unit, get_case(unit, caller, self.ref).id)
            return {}

        self.do(run, "adm")

    def everything(self) -> str:
        """Whatever is stored in words, of all tables that hold content."""

        def read(unit: Unit, caller: Caller) -> dict[str, Any]:
            from engine.persistence.raw import rows

            queries = (
                "SELECT body FROM event",
                "SELECT body FROM case_file",
                "SELECT answer FROM command_key",
                "SELECT command FROM approval",
                "SELECT coalesce(risk, '-') FROM case_file",
            )
            return {"text": "\n".join(str(cells[0]) for query in queries for cells in rows(unit, query))}

        return str(self.ask(read, "adm")["text"])


@pytest.fixture
def desk(store: Store) -> Desk:
    return grown(store, "a case with a secret", _opened, Desk)


def _opened(store: Store) -> Desk:
    made = Desk(store)
    made.open()
    return made


class TestPurge:
    def test_the_content_is_gone_from_everywhere(self, desk: Desk) -> None:
        before = desk.everything()
        assert all(word in before for word in PRIVATE)
        desk.act("wipe")
        after = desk.everything()
        assert not [word for word in PRIVATE if word in after]
        assert (before.count("salt"), after.count("salt")) == (3, 1), "only what holds nothing keeps its salt"

    def test_that_it_was_there_stays(self, desk: Desk) -> None:
        desk.act("wipe")
        state = desk.body()
        assert "frail" not in state["fields"]
        assert state["fields"]["scope"] == "unclear"
        call = state["records"][0]
        assert (call["kind"], call["by"], call["fields"], call["purged"]) == (
            "three_way_call",
            "dsp-01",
            {},
            True,
        )
        shown = desk.ask(query.show_case, "chf-01", ref=desk.ref)
        assert [one["name"] for one in shown["purged"]] == ["frail", "risk", "three_way_call"]
        acts = [event["act"] for event in desk.ask(query.history, "dsp-01", ref=desk.ref)["items"]]
        assert acts == ["file", "triage", "add_three_way_call", "wipe"]

    def test_every_proof_still_holds_and_says_so(self, desk: Desk) -> None:
        broken = [c["id"] for c in desk.ask(examine, "adm")["checks"] if not c["ok"]]
        desk.act("wipe")
        found = desk.audit()
        assert found["breaks"] == []
        assert found["erased"] == 3
        assert desk.ask(query.history, "dsp-01", ref=desk.ref, verify=True)["verified"]
        assert [c["id"] for c in desk.ask(examine, "adm")["checks"] if not c["ok"]] == broken

    def test_a_history_without_purges_says_that_nothing_was_erased(self, desk: Desk) -> None:
        assert desk.audit()["erased"] == 0

    def test_what_is_left_cannot_be_altered(self, desk: Desk) -> None:
        desk.act("wipe")
        desk.change(lambda unit, case_id: edit_body(unit, case_id, 2, actor="nobody"))
        assert {one["kind"] for one in desk.audit()["breaks"]} >= {"altered"}

    def test_nor_the_purge_itself(self, desk: Desk) -> None:
        desk.act("wipe")
        desk.change(lambda unit, case_id: edit_body(unit, case_id, 4, actor="nobody"))
        assert [one["seq"] for one in desk.audit()["breaks"] if one["kind"] == "altered"] == [4]

    def test_an_event_that_no_purge_names_is_not_excused(self, desk: Desk) -> None:
        desk.act("wipe")
        desk.act("add_three_way_call", records={"three_way_call": [{"with_whom": "agency", "agreed": "x"}]})
        desk.change(lambda unit, case_id: edit_body(unit, case_id, 5, actor="nobody"))
        assert [one["seq"] for one in desk.audit()["breaks"] if one["kind"] == "altered"] == [5]

    def test_the_case_goes_on_and_may_be_purged_again(self, desk: Desk) -> None:
        desk.act("wipe")
        again = {"three_way_call": [{"with_whom": "agency", "agreed": HIDDEN}]}
        desk.act("add_three_way_call", records=again)
        assert HIDDEN in desk.everything()
        desk.act("wipe")
        assert HIDDEN not in desk.everything()
        assert desk.audit()["breaks"] == []
        assert desk.audit()["erased"] == 4

    def test_what_is_gone_is_not_told_otherwise(self, desk: Desk) -> None:
        desk.act("wipe")
        told = {"set": {"frail": "none"}, "reason": "misheard"}
        with pytest.raises(FolkmootError) as refused:
            desk.do(correcting.correct, "dsp-01", ref=desk.ref, seq=2, **told)
        assert refused.value.code == "FM-R412"

    def test_what_was_corrected_is_gone_with_it(self, desk: Desk) -> None:
        told = {"set": {"frail": "elderly"}, "reason": "misheard"}
        desk.do(correcting.correct, "dsp-01", ref=desk.ref, seq=2, **told)
        desk.act("wipe")
        assert not [word for word in ('"elderly"', '"disabled"') if word in desk.everything()]
        assert desk.audit()["breaks"] == []

    def test_a_damaged_purge_is_told_and_does_not_stumble(self, desk: Desk) -> None:
        desk.act("wipe")
        desk.change(
            lambda unit, case_id: do(
                unit, "UPDATE event SET body = ? WHERE case_id = ? AND seq = 4", '{"do":"purge"', case_id
            )
        )
        assert desk.audit()["breaks"]


class TestSeal:
    def test_a_sealed_case_shows_that_it_is_and_nothing_of_it(self, desk: Desk) -> None:
        desk.act("shut_file")
        shown = desk.ask(query.show_case, "dsp-01", ref=desk.ref)
        assert shown["sealed"][0]["what"] == "case"
        assert (shown["what"], shown["fields"], shown["risk"]) == ("sealed", {}, None)
        seen = str([
            shown,
            desk.ask(query.history, "dsp-01", ref=desk.ref),
            desk.ask(query.list_cases, "dsp-01"),
            desk.ask(query.next_acts, "dsp-01", ref=desk.ref, every=True)["risk"],
            desk.ask(part.list_records, "dsp-01", ref=desk.ref),
            desk.ask(part.list_parties, "dsp-01", ref=desk.ref),
            desk.ask(part.list_notes, "dsp-01", ref=desk.ref),
            desk.ask(correcting.list_corrections, "dsp-01", ref=desk.ref),
        ])  # fmt: skip
        assert not [word for word in (HIDDEN, "Asha", "lamp", "disabled", "'red'") if word in seen]

    def test_it_is_not_found_by_what_it_says(self, desk: Desk) -> None:
        def found(*words: str) -> list[int]:
            return [desk.ask(query.list_cases, "dsp-01", filter={"q": word})["count"] for word in words]

        assert found("lamp", desk.ref, HIDDEN, "Asha") == [1, 1, 0, 0], "only the report is looked through"
        desk.act("shut_file")
        assert found("lamp", desk.ref) == [0, 1]

    def test_what_can_be_done_tells_nothing_either(self, desk: Desk) -> None:
        desk.act("shut_file")
        told = str(desk.ask(query.next_acts, "dsp-01", ref=desk.ref, every=True))
        assert not [word for word in (HIDDEN, "Asha", "lamp", "'red'}") if word in told]

    def test_neither_an_answer_nor_what_happened_lately_tells_it(self, desk: Desk) -> None:
        desk.act("shut_file")
        waived = desk.act("waive_reply")
        assert waived["case"]["risk"] is None
        lately = desk.ask(fired.happened, "dsp-01", since=desk.now - timedelta(hours=1))
        assert lately["count"] == 5
        assert not [word for word in (HIDDEN, "'red'", "disabled") if word in str(lately)]

    def test_the_head_sees_it(self, desk: Desk) -> None:
        desk.act("shut_file")
        shown = desk.ask(query.show_case, "chf-01", ref=desk.ref)
        assert (shown["what"], shown["fields"]["frail"]) == ("a lamp is broken", "disabled")
        assert shown["records"][0]["fields"]["agreed"] == HIDDEN

    def test_nobody_named_sees_nothing(self, desk: Desk) -> None:
        desk.act("shut_file")
        caller = desk.engine.caller(person=None)
        assert desk.engine.read(query.show_case, caller, ref=desk.ref)["what"] == "sealed"

    def test_one_record_alone(self, desk: Desk) -> None:
        desk.act("shut_calls")
        shown = desk.ask(query.show_case, "off-05", ref=desk.ref)
        assert shown["fields"]["frail"] == "disabled"
        assert (shown["records"][0]["sealed"], shown["records"][0]["fields"]) == (True, {})
        assert HIDDEN not in str(desk.ask(query.history, "off-05", ref=desk.ref))

    def test_nothing_is_taken_out_of_the_store(self, desk: Desk) -> None:
        desk.act("shut_file")
        assert HIDDEN in desk.everything()
        assert desk.audit()["breaks"] == []
