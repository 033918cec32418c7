"""Whoever comes over HTTP is told addresses and names of the body, and never a word of the command line."""

import re

import pytest

from api.code import page_of
from api.problem import details
from api.retold import examined
from api.twin import TWINS, tell_over_http, template
from cli.nouns import nouns
from engine.domain.errors import NotFound, Reason, UsageError
from engine.domain.messages import LANGUAGES, catalogue, tell, text

TOLD = [code for code, entry in catalogue().items() if code.startswith("FM-") and entry["http"]]
VERBS = "|".join(f"{name} {verb}" for name, noun in nouns().items() for verb in noun.verbs)
COMMAND_LINE = re.compile(
    rf"folkmoot [a-z]|FOLKMOOT_|(?<![\w-])--?[a-z]|(?<![\w/-])(?:{VERBS})(?![\w-])|\bREF\b|\bFILE\b"
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_problem_told_over_http_speaks_of_the_command_line(lang: str) -> None:
    told = {code: template(code, lang) for code in TOLD}
    assert {code: said for code, said in told.items() if COMMAND_LINE.search(said)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_told_at_a_terminal_does_speak_of_it(lang: str) -> None:
    assert sum(bool(COMMAND_LINE.search(catalogue()[code][lang])) for code in TOLD) > 30


def test_no_page_of_a_code_that_http_tells_speaks_of_the_command_line() -> None:
    pages = {code: page_of(code, "en")["text"] for code in TOLD}
    spoken = [code for code, said in pages.items() if any(COMMAND_LINE.search(s) for s in said.values())]
    assert spoken == []
    assert "/v1/cases/{ref}/history" in pages["FM-X002"]["en"]


@pytest.mark.parametrize("command", [name for name in TWINS if " " in name])
def test_each_command_that_a_sentence_may_name_has_its_address(command: str) -> None:
    way = tell_over_http(Reason("FM-U003", {"command": f"{command} willow"}), "en")
    assert way.endswith(TWINS[command])


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "All of them: GET /v1/units"), ("zh", "查看全部:GET /v1/units")]
)
def test_the_document_names_the_address_and_the_terminal_the_command(lang: str, told: str) -> None:
    error = NotFound("FM-N021", text="Nowhere")
    document = details(error, lang)
    assert document["detail"].endswith(told)
    assert document["reasons"][0]["text"].endswith(told)
    assert tell(error.first, lang).endswith("unit list")


def test_what_the_sentence_knows_stands_in_the_address() -> None:
    reason = Reason("FM-N008", {"clock": "reply", "ref": "26-00001-0"})
    assert "GET /v1/cases/26-00001-0/clocks" in tell_over_http(reason, "en")
    assert "GET /v1/cases/26-00001-0/clocks" in tell_over_http(reason, "zh")


def test_a_place_that_the_sentence_does_not_know_is_left_open() -> None:
    assert tell_over_http(Reason("FM-U215", {}), "en").endswith("POST /v1/cases/{ref}/triggers/{trigger}.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_way_out_inside_a_sentence_is_an_address_too(lang: str) -> None:
    with_way = next(code for code in TOLD if "{way}" in catalogue()[code][lang])
    sent_up = tell_over_http(Reason(with_way, {"way": text("word.send_it_up", lang, id="A-3")}), lang)
    assert "POST /v1/approvals/A-3/forward" in sent_up
    asked = tell_over_http(Reason(with_way, {"way": text("word.send_by_asking", lang)}), lang)
    assert '"ask": true' in asked


def test_what_somebody_typed_is_never_taken_for_a_command() -> None:
    assert "unit list" in details(UsageError("FM-U005", given="unit list"), "en")["detail"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_time_in_an_address_is_told_with_its_plus_escaped(lang: str) -> None:
    told = tell_over_http(Reason("FM-U005", {"given": "yesterday"}), lang)
    assert "%2B" in told
    assert "10:00 " not in told.replace("10:00:00", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_repair_of_the_doctor_is_an_address_or_is_typed_on_the_server(lang: str) -> None:
    there = "on the server" if lang == "en" else "服务器上"
    repairs = {
        name: entry[lang]
        for name, entry in catalogue().items()
        if name.startswith("word.doctor_") and name.endswith("_repair")
    }
    assert sum(bool(COMMAND_LINE.search(said)) for said in repairs.values()) > 10
    for name, said in repairs.items():
        check = name.removeprefix("word.doctor_").removesuffix("_repair")
        broken = {"id": check, "ok": False, "found": [{"ref": None, "text": "x"}], "repair": said}
        told = examined({"checks": [broken]}, lang)["checks"][0]["repair"]
        assert there in told or not re.search(r"folkmoot [a-z]|v1/\S+ --", told), (name, told)


def test_a_sound_check_and_its_address_in_both_languages() -> None:
    said = text("word.doctor_cases_repair", "zh")
    checks = [{"id": "pages", "ok": True, "found": [], "repair": None}]
    broken = {"id": "cases", "ok": False, "found": [], "repair": said}
    told = examined({"checks": [*checks, broken]}, "zh")["checks"]
    assert told[0] == checks[0]
    assert "GET /v1/cases/{ref}/history" in told[1]["repair"]
