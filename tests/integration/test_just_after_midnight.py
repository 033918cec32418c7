"""Appointments, texts in force and what is told of them go by the local day; at 00:01 in the east UTC still has the
day before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.domain.errors import FolkmootError
from engine.persistence import table
from engine.persistence.late import update
from engine.persistence.store import Store
from engine.service import acting, appointment, approval, filing, seat
from tests.integration.test_approval import asked, in_mediation
from tests.support.town import Town

MINUTE_PAST = datetime(2026, 11, 29, 16, 1, tzinfo=UTC)  # Mon 30 Nov 00:01 in Shanghai
SUNDAY, MONDAY = date(2026, 11, 29), date(2026, 11, 30)
CASE = {"case_type": "dispute_mediation", "place": "230199000201", "what": "a wall"}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def told(town: Town, service: Any, caller: str, /, **given: Any) -> Any:
    with pytest.raises(FolkmootError) as error:
        town.do(service, caller, **given)
    return error.value.reasons[0]


def test_who_may_not_is_told_what_he_is_on_the_local_day(town: Town) -> None:
    town.now = MINUTE_PAST
    ref = town.do(filing.file_case, "dsp-01", **CASE)["ref"]
    reason = told(town, seat.take, "dsp-01", ref=ref)
    assert (reason.code, reason.params["day"]) == ("FM-R101", "2026-11-30")


def test_an_appointment_counts_from_the_first_minute_of_its_day(town: Town) -> None:
    town.do(
        appointment.appoint, "chf-01", person="aux-08", role="dispatcher", unit_code="S-012", since=MONDAY
    )
    town.do(appointment.end, "chf-01", person="dsp-01", role="dispatcher", until=SUNDAY)
    act: dict[str, Any] = {"ref": town.do(filing.file_case, "off-05", **CASE)["ref"], "act": "screen"}
    town.now = MINUTE_PAST - timedelta(hours=1)
    assert told(town, acting.do_act, "aux-08", **act).code == "FM-R101"
    assert told(town, acting.do_act, "dsp-01", **act).code != "FM-R101"
    town.now = MINUTE_PAST
    assert told(town, acting.do_act, "aux-08", **act).code != "FM-R101"
    assert told(town, acting.do_act, "dsp-01", **act).code == "FM-R101"


def test_whose_appointment_ended_with_the_day_has_no_request_to_answer(town: Town) -> None:
    town.now = MINUTE_PAST - timedelta(hours=9)
    request = asked(town, in_mediation(town))
    town.do(appointment.end, "chf-01", person="dir-02", role="director", until=SUNDAY)
    yours = []
    for town.now in (MINUTE_PAST - timedelta(hours=1), MINUTE_PAST):
        yours.append(town.ask(approval.show, "dir-02", name=request)["yours"])
    assert yours == [True, False]


def test_a_text_holds_from_the_first_minute_of_its_day(store: Store, town: Town) -> None:
    begins = table.columns_of(table.Definition)
    later = update(begins).where(begins.c.case_type == "dispute_mediation").values(effective_from=MONDAY)
    store.write(lambda unit: unit.execute(later))
    town.now = MINUTE_PAST - timedelta(hours=1)
    assert told(town, filing.file_case, "dsp-01", **CASE).code == "FM-N037"
    town.now = MINUTE_PAST
    assert town.do(filing.file_case, "dsp-01", **CASE)["ref"]
