"""The reporter's receipt: looked up, never more than how it stands; who reports in confidence is named to few."""

from typing import Any

import pytest

from api.guesses import ALL, EACH, Guesses
from engine.domain.errors import Conflict, NotFound, UsageError
from engine.persistence.store import Store
from engine.service import acting, filing, merging, query, receipt
from tests.support.town import Town

FENCE = {"case_type": "dispute_mediation", "place": "230199000201", "what": "a fence"}


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def status(town: Town, code: str) -> dict[str, Any]:
    return dict(town.engine.read(receipt.status, town.engine.caller(person=None), receipt=code))


def test_a_receipt_says_how_the_report_stands_and_names_nobody(town: Town) -> None:
    filed = town.do(filing.file_case, "dsp-01", **FENCE, reporter={"name": "Wu"}, parties=[])
    told = status(town, filed["receipt"])
    assert (told["ref"], told["state_title"], told["joined"]) == (filed["ref"], "Reported", False)
    assert told["filed_at"] == "2026-11-23T00:00:00Z"
    assert "Wu" not in str(told)
    assert "fence" not in str(told)
    town.do(acting.do_act, "dsp-01", ref=filed["ref"], act="dismiss", note="nothing there")
    told = status(town, filed["receipt"].replace("-", " ").lower())
    assert (told["phase"], told["outcome_title"]) == ("done", "Unfounded")


def test_each_report_has_its_own_and_an_unknown_one_is_told(town: Town) -> None:
    one, two = (town.do(filing.file_case, "dsp-01", **FENCE) for _ in range(2))
    assert [status(town, each["receipt"])["ref"] for each in (one, two)] == [one["ref"], two["ref"]]
    for code in ("2222-222-222", "", one["ref"], one["receipt"][:-1]):
        with pytest.raises(NotFound) as caught:
            status(town, code)
        assert caught.value.code == "FM-N046"


def test_of_a_joined_report_it_says_how_the_other_stands(town: Town) -> None:
    first, second = (town.do(filing.file_case, "dsp-01", **FENCE) for _ in range(2))
    town.do(merging.merge, "dsp-01", ref=second["ref"], into=first["ref"])
    told = status(town, second["receipt"])
    assert (told["ref"], told["joined"], told["phase"]) == (second["ref"], True, "intake")
    assert first["ref"] not in str(told)


def test_a_dry_run_hands_out_nothing(town: Town) -> None:
    would = town.engine.call(filing.file_case, town.as_("dsp-01"), dry_run=True, **FENCE)
    with pytest.raises(NotFound):
        status(town, would["receipt"])


def test_the_same_key_hands_out_the_same_receipt(town: Town) -> None:
    one, two = (town.do(filing.file_case, "dsp-01", **FENCE, key="k-1") for _ in range(2))
    assert one["receipt"] == two["receipt"]
    assert status(town, one["receipt"])["ref"] == one["ref"]


def test_who_reports_in_confidence_is_named_to_few(town: Town) -> None:
    given = {**FENCE, "reporter": {"name": "Wu"}}
    quiet = town.do(filing.file_case, "dsp-01", **given, confidential=True)["ref"]
    open_ = town.do(filing.file_case, "dsp-01", **given)["ref"]

    def reporter(ref: str, by: str) -> Any:
        return town.ask(query.show_case, by, ref=ref)["reporter"]

    assert reporter(open_, "dsp-01") == {"name": "Wu"}
    assert reporter(quiet, "dsp-01") == {"masked": True}
    assert reporter(quiet, "chf-01") == {"name": "Wu", "confidential": True}
    filed = town.ask(query.history, "aux-07", ref=quiet)["items"][0]
    assert "Wu" not in str(filed)


@pytest.mark.parametrize("given", [{}, {"anonymous": True}, {"anonymous": True, "reporter": {"name": "Wu"}}])
def test_in_confidence_wants_somebody(town: Town, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        town.do(filing.file_case, "dsp-01", **FENCE, **given, confidential=True)
    assert caught.value.code == "FM-U397"


# ---- guesses -------------------------------------------------------------------------------------


def waits(guesses: Guesses, address: str) -> int:
    try:
        guesses.check(address)
    except Conflict as error:
        return int(error.reasons[0].params["seconds"])
    return 0


def test_few_wrong_guesses_from_one_address() -> None:
    now = [1000.0]
    guesses = Guesses(lambda: now[0])
    for _ in range(EACH):
        assert waits(guesses, "a") == 0
        guesses.wrong("a")
        now[0] += 1
    assert waits(guesses, "a") == 60 - EACH
    assert waits(guesses, "b") == 0
    now[0] += 60 - EACH
    assert waits(guesses, "a") == 0


def test_many_addresses_have_few_guesses_together() -> None:
    guesses = Guesses(lambda: 1000.0)
    for n in range(ALL):
        assert waits(guesses, str(n)) == 0
        guesses.wrong(str(n))
    assert waits(guesses, "another") == 60
