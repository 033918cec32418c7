"""Who may act, whose desk shows what, and which seat somebody means."""

import pytest

from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import acting, desk, filing, query, seat
from tests.integration.test_approval import in_mediation
from tests.support.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def refused(town: Town, service: object, caller: str, /, **given: object) -> str:
    with pytest.raises(FolkmootError) as error:
        town.do(service, caller, **given)
    return error.value.code


def test_who_is_nobody_here_can_do_nothing(town: Town) -> None:
    given = {"case_type": "service_request", "place": "示例一村", "what": "lamp"}
    assert refused(town, filing.file_case, "ghost", **given) == "FM-A002"
    ref = town.do(filing.file_case, "dsp-01", **given)["ref"]
    assert refused(town, acting.note, "ghost", ref=ref, text="boo") == "FM-A002"
    assert refused(town, acting.note, "dsp-01", ref=ref, text="boo", done_by="ghost") == "FM-U359"
    assert town.ask(query.show_case, "dsp-01", ref=ref)["version"] == 1


def test_a_case_without_a_sentence_is_refused(town: Town) -> None:
    for what in (None, "", "  "):
        code = refused(
            town, filing.file_case, "dsp-01", case_type="service_request", place="示例一村", what=what
        )
        assert code == "FM-U211"


def test_the_directors_desk_shows_the_cases_of_the_places_the_committee_serves(town: Town) -> None:
    ref = in_mediation(town)
    town.do(
        filing.file_case,
        "dsp-01",
        case_type="service_request",
        place="示例一村",
        what="no committee's business",
    )
    shown = town.ask(desk.desk, "dir-02")
    assert shown["open"] == 1
    assert [i["ref"] for g in shown["groups"] if g["key"] == "work" for i in g["items"]] == [ref]


class TestSeats:
    def test_taking_means_the_seat_that_was_offered(self, town: Town) -> None:
        ref = in_mediation(town)
        town.do(seat.assign, "dir-02", ref=ref, person="med-12", seat="mediator")
        town.do(seat.take, "med-12", ref=ref)
        held = town.ask(query.show_case, "dsp-01", ref=ref)["seats"]
        assert [(h["seat"], h["accepted"]) for h in held if h["person"] == "med-12"] == [("mediator", True)]
        town.do(seat.handback, "med-12", ref=ref, reason="ill")
        assert "med-12" not in {h["person"] for h in town.ask(query.show_case, "dsp-01", ref=ref)["seats"]}

    def test_asking_the_engine_twice_does_not_move_the_case(self, town: Town) -> None:
        ref = in_mediation(town)
        first = town.do(seat.assign, "dsp-01", ref=ref, auto=True)["assignment"]["person"]
        assert refused(town, seat.assign, "dsp-01", ref=ref, auto=True) == "FM-R504"
        assert town.ask(query.show_case, "dsp-01", ref=ref)["holder"] == first

    def test_one_who_may_not_assign_is_told_so_and_not_that_he_was_late(self, town: Town) -> None:
        ref = in_mediation(town)
        town.do(seat.assign, "dsp-01", ref=ref, auto=True)
        assert refused(town, seat.assign, "aux-08", ref=ref, person="off-05") == "FM-R101"
        assert refused(town, seat.assign, "dsp-02", ref=ref, person="off-05") == "FM-C003"

    def test_a_seat_may_be_typed_among_the_fields(self, town: Town) -> None:
        ref = in_mediation(town)
        town.do(acting.do_act, "dir-02", ref=ref, act="assign", set={"mediator": "med-12"})
        held = town.ask(query.show_case, "dsp-01", ref=ref)["seats"]
        assert "med-12" in {h["person"] for h in held}


def test_a_field_a_record_lacks_is_told_with_the_fields_it_has(town: Town) -> None:
    ref = in_mediation(town)
    with pytest.raises(FolkmootError) as error:
        town.do(acting.record, "dsp-01", ref=ref, kind="consent", items=[{"party": "P1", "answer": "given"}])
    lacks = next(r for r in error.value.reasons if r.code == "FM-R302")
    assert lacks.params["takes"] == "consent.party, consent.decision"
