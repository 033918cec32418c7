"""Definitions in the store: what is in force when, what may change, and which text a case keeps."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.definitions.canonical import content_hash, from_json
from engine.definitions.load import Loaded, loads
from engine.domain.errors import Conflict, NotFound, SignInNeeded, Unsound, UsageError
from engine.persistence.store import Store
from engine.service import definition, filing, organisation, query
from engine.service.seed import Shipped, seed
from tests.support.sown import sow
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

STATION = Path(__file__).parents[1] / "data" / "org" / "station.yaml"
FILES = shipped.files_of("service_request")
TEXT, ZH = FILES["workflow.yaml"], FILES["zh.yaml"]
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def changed(
    version: str = "2027.1", text: str = TEXT, old: str = "within: 30 cd", new: str = "within: 20 cd"
) -> Loaded:
    assert old in text
    return loads(text.replace('"2026.1"', f'"{version}"').replace(old, new, 1), translations={"zh": ZH})


class Office:
    """A store with the shipped law and one station, on one clock."""

    def __init__(self, store: Store) -> None:
        self.now = MONDAY
        self.engine = Engine(store, clock=lambda: self.now)
        sow(store, ("definitions", self.now), self._seed)

    def _seed(self) -> None:
        self.call(
            seed,
            definitions=shipped.definitions(),
            vocabulary=shipped.vocabulary(),
            calendars=[load_calendar(name) for name in calendar_ids()],
        )
        self.call(organisation.import_organisation, files={STATION.name: STATION.read_bytes()})

    def call(self, function: Any, *, person: str | None = "chf-01", **given: Any) -> dict[str, Any]:
        return self.engine.call(function, self.engine.caller(person=person), **given)

    def read(self, function: Any, *, lang: str = "en", **given: Any) -> dict[str, Any]:
        return self.engine.read(function, self.engine.caller(person="chf-01", lang=lang), **given)

    def listed(self) -> list[tuple[str, str]]:
        items = self.read(definition.list_definitions, case_type="service_request")["items"]
        return [(item["version"], item["status"]) for item in items]

    def request(self) -> dict[str, Any]:
        filed = self.call(
            filing.file_case,
            person="dsp-01",
            case_type="service_request",
            place="230199000201",
            what="a lamp is broken",
        )
        case: dict[str, Any] = self.read(query.show_case, ref=filed["ref"])
        return case["definition"]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


class TestReading:
    def test_what_is_shipped_is_in_force(self, office: Office) -> None:
        answer = office.read(definition.list_definitions)
        assert [(i["case_type"], i["status"]) for i in answer["items"]] == [
            (name, "active") for name in sorted(shipped.CASE_TYPES)
        ]
        assert answer["count"] == len(shipped.CASE_TYPES)

    def test_one_version_in_words(self, office: Office) -> None:
        shown = office.read(definition.show, name="service_request", lang="zh")
        assert shown["title"] == "为民办实事"
        assert {s["state"]: s["title"] for s in shown["states"]}["closed"] == "已办结"
        assert {c["clock"]: c["length"] for c in shown["clocks"]}["acknowledge"] == "1 小时"
        own = next(d.definition for d in shipped.definitions() if d.definition.case_type == "service_request")
        assert len(shown["acts"]) == len({t.trigger for t in own.transitions if t.trigger})

    def test_by_title_in_any_language(self, office: Office) -> None:
        assert office.read(definition.show, name="为民办实事")["case_type"] == "service_request"
        assert office.read(definition.show, name="Service request")["case_type"] == "service_request"

    def test_unknown_names_and_versions(self, office: Office) -> None:
        with pytest.raises(NotFound) as nothing:
            office.read(definition.show, name="marriage")
        assert nothing.value.code == "FM-N070"
        with pytest.raises(NotFound) as version:
            office.read(definition.show, name="service_request", version="1999")
        assert version.value.code == "FM-N071"
        assert "2026.1" in version.value.first.params["known"]

    def test_the_stored_text_loads_as_what_is_stored(self, office: Office) -> None:
        text = office.read(definition.text, name="service_request")
        body = office.read(definition.body, name="service_request")
        stored = from_json(body["definition"])
        assert text["workflow"] == TEXT, "comments included"
        assert text["translations"] == stored.translations
        assert content_hash(stored) == text["hash"] == body["hash"]
        assert list(stored.fields) == list(loads(TEXT).definition.fields)


class TestActivating:
    def test_cases_of_a_later_day_follow_the_new_text(self, office: Office) -> None:
        before = office.request()
        answer = office.call(definition.activate, loaded=changed(), start=date(2027, 1, 1))
        assert (answer["version"], answer["effective_from"], answer["keep"]) == ("2027.1", "2027-01-01", 1)
        assert answer["replaces"]["version"] == "2026.1"
        assert office.listed() == [("2027.1", "coming"), ("2026.1", "active")]
        assert office.request()["version"] == "2026.1"
        office.now = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
        assert office.request()["version"] == "2027.1"
        assert office.listed() == [("2027.1", "active"), ("2026.1", "retired")]
        kept = office.read(definition.list_definitions, case_type="service_request")["items"]
        assert {i["version"]: i["cases"] for i in kept} == {"2026.1": 2, "2027.1": 1}
        assert before["hash"] == next(i["hash"] for i in kept if i["version"] == "2026.1")

    def test_an_unsound_text_is_refused_with_every_error_and_its_place(self, office: Office) -> None:
        broken = changed(old="dest: to_close", new="dest: to_cloze")
        with pytest.raises(Unsound) as refused:
            office.call(definition.activate, loaded=broken)
        assert {r.params["code"] for r in refused.value.reasons} >= {"FM-D102"}
        assert all(r.params["line"] > 0 for r in refused.value.reasons)
        assert office.listed() == [("2026.1", "active")]

    def test_a_text_that_cannot_be_read_is_refused(self, office: Office) -> None:
        with pytest.raises(Unsound) as refused:
            office.call(definition.activate, loaded=loads("case_type: X\n"))
        assert refused.value.code == "FM-D010"

    def test_the_past_is_settled(self, office: Office) -> None:
        with pytest.raises(UsageError) as refused:
            office.call(definition.activate, loaded=changed(), start=date(2026, 11, 20))
        assert refused.value.code == "FM-D011"
        assert office.listed() == [("2026.1", "active")], "nothing was stored either"

    def test_one_label_is_one_text(self, office: Office) -> None:
        with pytest.raises(Conflict) as refused:
            office.call(definition.activate, loaded=changed(version="2026.1"))
        assert refused.value.code == "FM-D013"

    def test_the_same_text_again_is_the_same_version(self, office: Office) -> None:
        first = office.call(definition.activate, loaded=changed())
        again = office.call(definition.activate, loaded=changed())
        assert first["hash"] == again["hash"]
        assert len(office.listed()) == 2

    def test_somebody_must_be_named(self, office: Office) -> None:
        with pytest.raises(SignInNeeded):
            office.call(definition.activate, person=None, loaded=changed())

    def test_a_dry_run_stores_nothing(self, office: Office) -> None:
        answer = office.engine.call(
            definition.activate, office.engine.caller(person="chf-01"), dry_run=True, loaded=changed()
        )
        assert answer["version"] == "2027.1"
        assert office.listed() == [("2026.1", "active")]


class TestTakingBack:
    def test_before_its_day(self, office: Office) -> None:
        office.call(definition.activate, loaded=changed(), start=date(2027, 1, 1))
        assert office.call(definition.deactivate, name="service_request")["version"] == "2027.1"
        assert office.listed() == [("2027.1", "available"), ("2026.1", "active")]
        office.now = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
        assert office.request()["version"] == "2026.1"

    def test_not_once_it_is_in_force(self, office: Office) -> None:
        with pytest.raises(Conflict) as refused:
            office.call(definition.deactivate, name="service_request")
        assert refused.value.code == "FM-D012"


class TestShippedUpdates:
    def test_a_later_version_arrives_available_and_is_put_in_force_by_name(self, office: Office) -> None:
        loaded = changed("2026.2")
        assert loaded.definition is not None
        office.call(
            seed,
            definitions=[Shipped(loaded.definition, TEXT)],
            vocabulary=shipped.vocabulary(),
            calendars=[],
            activate=False,
        )
        assert ("2026.2", "available") in office.listed()
        assert office.request()["version"] == "2026.1"
        assert office.call(definition.activate, name="service_request")["version"] == "2026.2"
        assert office.request()["version"] == "2026.2"

    def test_a_text_kept_for_later(self, office: Office) -> None:
        assert office.call(definition.store, loaded=changed())["status"] == "available"
        assert ("2027.1", "available") in office.listed()


def test_a_calendar_that_the_store_does_not_hold_is_refused(office: Office) -> None:
    for act in (definition.activate, definition.store):
        with pytest.raises(Unsound) as refused:
            office.call(act, loaded=changed(old="calendar: CN", new="calendar: XX"))
        assert refused.value.reasons[0].params["code"] == "FM-D105"
