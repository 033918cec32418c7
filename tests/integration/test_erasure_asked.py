"""Somebody asks that his data be deleted: the paper says why not yet and until when; afterwards it is gone for good."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.persistence.store import Store
from engine.service import acting, audit, filing, papers, query, worker
from tests.support.town import Town

SAID = "he was seen at the well at night"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


def handed_in(town: Town) -> str:
    about = {"case_type": "social_information", "place": "230199000201", "what": "heard at the market"}
    named = {"subject": "dispute", "grounds": "heard", "names_person": True}
    ref = str(town.do(filing.file_case, "dsp-01", **about, set=named)["ref"])
    found = {
        "subject": "dispute",
        "risk": "yellow",
        "grounds": "heard",
        "names_person": True,
        "faith_or_health": False,
    }
    said = {"statement": [{"said": SAID, "kind": "rumour"}]}
    act(town, ref, "check", set=found, records=said, seats={"handler": ["aux-07"]})
    return ref


def act(town: Town, ref: str, name: str, **given: Any) -> Any:
    return town.do(acting.do_act, "dsp-01", ref=ref, act=name, **given)


def answer(town: Town, ref: str, language: str) -> str:
    """The newest paper, as it is told in a language."""
    number = town.ask(papers.list_papers, "dsp-01", ref=ref)["count"]
    return str(town.ask(papers.show, "dsp-01", ref=ref, no=number, language=language)["content"])


def test_the_answer_names_the_reason_and_the_day(town: Town) -> None:
    ref = handed_in(town)
    act(town, ref, "ask_erasure", note="asked at the desk")
    assert "still being dealt with" in answer(town, ref, "en")
    assert "个人信息保护法第十三条" in answer(town, ref, "zh")
    finding = {"result": "untrue", "means": "visit", "text": "went and looked"}
    town.do(acting.do_act, "off-05", ref=ref, act="verify", records={"finding": [finding]})
    act(town, ref, "tell_author")
    act(town, ref, "ask_erasure", note="asked again")
    assert "31 May 2026" in answer(town, ref, "en"), "ninety days after Monday 2 March 2026"
    assert SAID in str(town.ask(query.show_case, "dsp-01", ref=ref))


def test_afterwards_it_is_gone_and_asking_again_says_so(town: Town) -> None:
    ref = handed_in(town)
    finding = {"result": "untrue", "means": "visit", "text": "went and looked"}
    town.do(acting.do_act, "off-05", ref=ref, act="verify", records={"finding": [finding]})
    act(town, ref, "tell_author")
    town.now += timedelta(days=91)
    town.do(worker.sweep, "adm")
    for _ in range(2):
        act(town, ref, "ask_erasure", note="asked at the desk")
        assert "can be read by nobody" in answer(town, ref, "en")
    assert SAID not in str(town.ask(query.history, "dsp-01", ref=ref))
    assert town.ask(audit.verify, "adm")["holds"]
