"""Who came on duty, who did not, and who is on leave."""

from datetime import date
from typing import Any

import pytest

from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import desk, duty, leave
from tests.support.town import Town

ROSTER = b"unit,day,person,signed_on\n" + b"".join(
    b"%s,2026-11-23,%s,\n" % row
    for row in (
        (b"S-012", b"off-06"),
        (b"office-021", b"off-05"),
        (b"V-101", b"aux-07"),
        (b"S-012", b"aux-07"),
    )
)


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    made.do(duty.import_duty, "dsp-01", files={"duty.csv": ROSTER})
    return made


def refused(town: Town, service: Any, caller: str, /, **given: Any) -> str:
    with pytest.raises(FolkmootError) as error:
        town.do(service, caller, **given)
    return error.value.code


def roster(town: Town) -> Any:
    return town.ask(desk.desk, "dsp-01")["on_duty"]


def test_one_signs_on_for_oneself_and_off_again(town: Town) -> None:
    assert roster(town) == {
        "rostered": 3, "signed_on": 0, "missing": ["aux-07", "off-05", "off-06"], "on_leave": [],
    }  # fmt: skip
    assert town.do(duty.sign_on, "off-05") == {
        "person": "off-05", "day": "2026-11-23", "units": ["office-021"], "signed_on": True,
    }  # fmt: skip
    assert (roster(town)["signed_on"], roster(town)["missing"]) == (1, ["aux-07", "off-06"])
    town.do(duty.sign_off, "off-05")
    assert roster(town)["signed_on"] == 0


def test_on_several_rosters_one_signs_on_once(town: Town) -> None:
    assert town.do(duty.sign_on, "aux-07")["units"] == ["S-012", "V-101"]
    assert (roster(town)["rostered"], roster(town)["signed_on"]) == (3, 1)
    town.do(duty.sign_off, "aux-07", unit_code="V-101")
    lines = {(i["unit"], i["person"]): i["signed_on"] for i in town.ask(duty.list_duty, "dsp-01")["items"]}
    assert (lines["V-101", "aux-07"], lines["S-012", "aux-07"]) == (False, True)


def test_the_desk_signs_another_on_and_nobody_else_does(town: Town) -> None:
    assert refused(town, duty.sign_on, "aux-08", person="off-05") == "FM-R108"
    assert town.do(duty.sign_on, "dsp-01", person="off-05")["signed_on"]


def test_who_is_on_leave_is_not_missed_and_cannot_sign_on(town: Town) -> None:
    town.do(leave.away, "dsp-01", persons=["off-05"], until=date(2026, 11, 27), reason="sick")
    assert (roster(town)["missing"], roster(town)["on_leave"]) == (["aux-07", "off-06"], ["off-05"])
    assert refused(town, duty.sign_on, "off-05") == "FM-R521"
    town.do(leave.back, "off-05", persons=["off-05"])
    assert town.do(duty.sign_on, "off-05")["signed_on"]


def test_who_is_not_on_the_roster_is_put_on_it_by_those_who_keep_it(town: Town) -> None:
    assert refused(town, duty.sign_on, "aux-08") == "FM-N040"
    assert refused(town, duty.sign_on, "aux-08", unit_code="V-102") == "FM-R108"
    town.do(duty.sign_on, "dsp-01", person="aux-08", unit_code="V-102")
    assert (roster(town)["rostered"], roster(town)["signed_on"]) == (4, 1)
    assert refused(town, duty.sign_off, "chf-01") == "FM-N040"
