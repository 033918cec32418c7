"""Evidence from the keyboard: verify, anchor, doctor, in both languages, for people and for programs."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from cli.nouns import nouns
from engine.domain.messages import catalogue
from tests.support.commandline import Shell


@pytest.fixture
def case(station: Shell) -> Shell:
    ref = station.file_case()
    station("case", "note", ref, "--from", "-", "--as", "dsp-01", feed="came by\n")
    return station


def meddle(shell: Shell, sql: str) -> None:
    with closing(sqlite3.connect(shell.folder / "folkmoot.db")) as raw:
        raw.execute(sql)
        raw.commit()


EDIT = "UPDATE event SET body = replace(body, 'came by', 'stayed away') WHERE case_id = 1 AND seq = 2"


def test_an_anchor_goes_to_paper_and_comes_back(case: Shell) -> None:
    nothing = case("audit", "anchor", "--dry-run")
    assert (nothing.status, nothing.out) == (
        0,
        "Nothing was done here yet, so there is nothing to keep.\n",
    ) or ("no seal" in nothing.out)
    said = case("audit", "anchor")
    line = said.out.strip()
    assert said.out.count("\n") == 1  # only the line, so that it can be redirected
    assert "Keep this line where nobody who can write this database can change it" in said.err
    assert case("audit", "anchor", "--dry-run").out.strip() == line
    kept = case.folder / "anchors.txt"
    kept.write_text(f"2026-11-23 kept by the county\n{line}\n")
    for given in (line, line.lower().replace("-", " "), str(kept)):
        held = case("audit", "verify", "--anchor", given)
        assert held.status == 0
        assert held.out.startswith("1 cases, ")
        assert "seal 1 is the one that was kept" in held.out
        assert "0 acts newer than the last anchor" in held.out
    told = case("audit", "anchor", "--json").json
    kept.write_text(json.dumps(told))
    assert case("audit", "verify", "--anchor", "-", "--json", feed=kept.read_text()).json["anchors"][0][
        "holds"
    ]


def test_what_rests_on_trust_is_said(case: Shell) -> None:
    said = case("audit", "verify")
    assert said.status == 0
    assert "have no seal yet" in said.out
    assert "no anchor was given" in said.out
    assert "people, appointments, tokens" in said.out
    assert "appointments" in case("audit", "verify", "--json").json["not_covered"]


def test_an_anchor_that_does_not_hold_was_given_all_the_same(case: Shell) -> None:
    line = case("audit", "anchor").out.strip()
    meddle(case, "DELETE FROM seal")
    said = case("audit", "verify", "--anchor", line)
    assert said.status == 6
    assert "no anchor that was given holds" in said.out
    assert "no anchor was given" not in said.out


def test_damage_is_named_and_ends_with_six(case: Shell) -> None:
    case("audit", "anchor")
    meddle(case, EDIT)
    said = case("audit", "verify")
    assert said.status == 6
    assert said.out.startswith("26-00001-0: act 2 was altered after it was written")
    assert "FM-V001  26-00001-0: act 2 was altered after it was written. 1 of 1 cases." in said.err
    told = case("audit", "verify", "--json")
    assert (told.status, told.err) == (6, "")
    assert told.json["first"] == told.json["breaks"][0]
    assert {"ref": "26-00001-0", "seq": 2, "kind": "altered"}.items() <= told.json["first"].items()
    chinese = case("--lang", "zh", "audit", "verify")
    assert chinese.out.startswith("26-00001-0:第2步写入后被改动")
    assert "请保留原文件" in chinese.err


def test_other_damage_has_a_code_of_its_own(case: Shell) -> None:
    case("audit", "anchor")
    for sql, code in (
        ("DELETE FROM event WHERE case_id = 1 AND seq = 2", "FM-V002"),
        ("DELETE FROM event; DELETE FROM case_file", "FM-V003"),
    ):
        for one in sql.split(";"):
            meddle(case, one)
        said = case("audit", "verify")
        assert said.status == 6
        assert code in said.err


def test_a_row_that_says_otherwise_and_a_seal_that_was_edited(case: Shell) -> None:
    case("audit", "anchor")
    meddle(case, "UPDATE case_file SET place = 'elsewhere'")
    assert "FM-V004  26-00001-0: the column place" in case("audit", "verify").err
    assert case("audit", "verify", "--quick").status == 0
    meddle(case, "UPDATE seal SET root = zeroblob(32)")
    assert "FM-V006  Seal 1 does not follow" in case("audit", "verify", "--quick").err
    assert case("audit", "verify", "--case", "26-00001-0").status == 6


def test_a_line_that_was_copied_wrongly_is_no_damage(case: Shell) -> None:
    line = case("audit", "anchor").out.strip()
    wrong = line[:-1] + ("A" if line[-1] != "A" else "B")
    said = case("audit", "verify", "--anchor", wrong)
    assert (said.status, said.err[:9]) == (2, "FM-U400  ")
    said = case("audit", "verify", "--anchor", "nowhere.txt")
    assert (said.status, said.err[:9]) == (2, "FM-U401  ")
    assert case("audit", "verify", "--case", "26-00099-9").status == 4


def test_the_doctor_tells_people_and_programs(case: Shell) -> None:
    said = case("doctor")
    assert said.status == 0
    checks = case("doctor", "--json").json["checks"]
    assert f"{len(checks)} of {len(checks)} hold." in said.out
    meddle(case, EDIT)
    said = case("doctor")
    assert said.status == 6
    assert re.search(r"histories\s+BROKEN", said.out)
    assert "repair: keep this database as it is" in said.out
    assert f"FM-V010  1 of {len(checks)} checks do not hold: histories" in said.err
    told = case("doctor", "--quick", "--json")
    assert (told.status, told.err) == (6, "")
    assert [one["id"] for one in told.json["checks"] if not one["ok"]] == ["histories"]
    assert "处理:" in case("--lang", "zh", "doctor").out


def test_repairs_name_commands_that_are_there(case: Shell) -> None:
    texts = [
        entry["en"] for name, entry in catalogue().items() if name.endswith("_repair") and "doctor" in name
    ]
    named = {
        tuple(words.split()) for text in texts for words in re.findall(r"folkmoot ([a-z]+(?: [a-z]+)?)", text)
    }
    known = nouns()
    assert {words for words in named if words[0] not in known} == set()
    assert {w for w in named if len(w) > 1 and known[w[0]].verbs and w[1] not in known[w[0]].verbs} == set()
    assert len(texts) > 15
