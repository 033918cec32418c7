"""Why a unit is slower and where the time went, at both doors: the same numbers, and what is printed adds up."""

import csv
import io
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.persistence.store import Store
from engine.service import token
from tests.support.commandline import Shell
from tests.support.sown import grown
from tests.support.two_units import BEGIN, DAY, HERE, THERE, TwoUnits, through

NOW = "2026-05-31T09:00:00+08:00"
WHY = ("stats", "why", "--unit", "S-012", "--by", "category", "--days", "30", "--as", "cnt-01")


@pytest.fixture
def lived(shell: Shell, sqlite_template: Path) -> Shell:
    path: Path = shell.folder / "folkmoot.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        grown(store, "eleven quarrels", _quarrels, lambda there: TwoUnits(there, seeded=True))
    shell.env["FOLKMOOT_NOW"] = NOW
    return shell


def _quarrels(store: Store) -> TwoUnits:
    town = TwoUnits(store)
    for n in range(11):
        life = [("new", DAY), ("asking", DAY)] if n == 5 else through(35, 40 + 9 * n, 20)
        town.live(HERE, "land" if n > 2 else "noise", life)
        town.live(THERE, "land" if n > 7 else "noise", through(5, 10 + n, 20))
    return town


@pytest.fixture
def client(lived: Shell) -> Any:
    with Store.open(f"sqlite:///{lived.folder / 'folkmoot.db'}") as store:
        town = TwoUnits(store, seeded=True)
        town.now = BEGIN + 90 * DAY
        secret = town.do(token.create_token, person="cnt-01", label="desk")["token"]
        with TestClient(create_app(town.engine), headers={"Authorization": f"Bearer {secret}"}) as made:
            yield made


def test_what_is_printed_adds_up_and_is_what_json_says(lived: Shell) -> None:
    said, told = lived(*WHY).out, lived(*WHY, "--json").json
    printed = [float(one) for one in re.findall(r"^ ([+-]\d+\.\d)  ", said, re.MULTILINE)]
    [(by, which)] = re.findall(
        r"^S-012 is (\d+\.\d) days (slower|faster) than county-99 without it", said, re.MULTILINE
    )
    assert which == "slower"
    assert round(10 * sum(printed)) == round(10 * float(by)) == round(10 * told["difference_days"]) > 0
    assert "case mix: less noise (27% against 73%)" in said
    assert "of 11 cases" in said
    assert "1 open, the oldest 90 d." in said
    assert sum(int(one) for one in re.findall(r"(\d+)%[,.]", said.partition("Waited for: ")[2])) == 100
    late = next(part["n_late"] for part in told["parts"] if part["key"] == "asking")
    assert f"; {late} past 3 working days  --cases asking" in said
    assert said.endswith("To hand on: folkmoot report run unit-review --unit S-012 --format pdf\n")
    assert "report run" not in lived(*WHY, "--json").out


def test_who_is_missing_is_told_with_the_day_and_the_report_keeps_the_instant(lived: Shell) -> None:
    boss = ("--as", "cnt-01")
    for person in ("dsp-01", "dsp-02"):
        assert (
            lived(
                "person", "end", person, "--role", "dispatcher", "--until", "2026-05-05", "-y", *boss
            ).status
            == 0
        )
    assert "; no Dispatcher in 2 of 2 villages since Wed 6 May  --cases new" in lived(*WHY).out
    assert ";2 个村中 2 个没有值班调度员(自 5月6日周三 起)" in lived(*WHY, "--lang", "zh").out
    before = lived(*WHY, "--as-of", "2026-05-05T12:00:00+08:00").out
    assert "Dispatcher in" not in before
    assert "--format pdf --as-of 2026-05-05T12:00:00+08:00\n" in before.replace(
        "2026-05-05T04:00:00Z", "2026-05-05T12:00:00+08:00"
    )


def test_the_closing_line_and_the_heading_say_what_is_in(lived: Shell) -> None:
    def said(*given: str) -> str:
        return lived("stats", "durations", "--as", "cnt-01", *given).out

    wide = ("stats", "durations", "--as", "cnt-01", "--by", "unit", "--unit", "county-99")
    plain = lived.terminal(*wide, columns=200).out
    assert (
        "Open cases are in. Reopened: --clock final_resolution. Pauses are in: --working leaves them out."
        in plain
    )
    assert "against the rest of county-99" in plain
    assert "closed only, biased short.  As of" in said("--closed-only").splitlines()[0]
    assert "Pauses are out: --pauses counts them." in said("--working")
    assert "Pauses are in: --no-pauses leaves them out." in said("--working", "--pauses")
    assert "Reopened" not in said("--clock", "final_resolution")
    month = lived("stats", "durations", "--by", "month", "--as", "cnt-01")
    assert (
        month.status,
        "Month of filing or of closing? --by filed_month, or --by closed_month." in month.err,
    ) == (2, True)
    assert said("--by", "filed-month").count("2026-03") == 1


def test_in_chinese_too(lived: Shell) -> None:
    said = lived(*WHY, "--lang", "zh").out
    assert re.search(r"S-012 比 county-99\(除该单位外\)慢 \d+\.\d 天", said)
    assert "案件构成" in said


def test_the_cases_behind_a_part(lived: Shell) -> None:
    listed = lived(*WHY, "--cases", "asking", "--csv").out.splitlines()
    assert (len(listed), listed[0]) == (12, "ref,seconds,open")
    assert lived(*WHY, "--cases", "weather").status == 2


def test_as_a_row_it_is_the_whole_answer(lived: Shell) -> None:
    [row] = csv.DictReader(io.StringIO(lived(*WHY, "--csv").out))
    told = lived(*WHY, "--json").json
    assert row["case_mix.seconds"] == str(told["case_mix"]["seconds"])
    for part in told["parts"]:
        assert row[f"parts.{part['key'] or '-'}.seconds"] == str(part["seconds"])


def test_few_are_not_compared(lived: Shell) -> None:
    said = lived("stats", "why", "--unit", "office-021", "--against", "S-012", "--as", "cnt-01")
    assert "Too few cases to compare (fewer than 10): 0 in office-021, 11 in S-012 without it." in said.out


def test_where_the_time_went_is_told_in_a_table_and_as_rows(lived: Shell) -> None:
    asked = ("stats", "waiting", "--per", "waits", "--by", "unit", "--as", "cnt-01")
    said, told = lived(*asked).out, lived(*asked, "--json").json
    assert "of 22 cases, 1 open" in said
    rows = lived(*asked, "--csv").out.splitlines()
    assert rows[0].startswith("key.unit,n,n_open,total_s,parts.")
    assert len(rows) - 1 == len(told["groups"])
    hours = lived(*asked, "--working").out
    assert "office hours, pauses out" in hours
    assert re.search(r"\d+ h", hours)
    assert lived(*asked, "--working", "--json").json["total_s"] < told["total_s"]


def test_a_clock_of_stays_leads_to_where_it_is_told(lived: Shell) -> None:
    said = lived("stats", "durations", "--clock", "in_state", "--as", "cnt-01")
    assert (said.status, "stats waiting --per state" in said.err) == (2, True)
    clocks = lived.terminal("stats", "clocks", "--as", "cnt-01").out
    assert "stats waiting --per owner" in clocks
    assert "first: the first time;" in clocks


def test_the_head_says_which_time(lived: Shell) -> None:
    for given, named in (((), "wall time"), (("--no-pauses",), "wall time without pauses"), (("--working",), "office hours, pauses out")):  # fmt: skip
        said = lived("stats", "durations", *given, "--as", "cnt-01").out
        assert said.startswith(f"report to first resolution, {named}.  As of")


def test_over_http_it_is_the_same(lived: Shell, client: TestClient) -> None:
    at = {"as_of": (BEGIN + 89 * DAY).isoformat()}
    cases = (
        ("why", WHY[2:-2], {"unit": "S-012", "by": "category", "days": 30}),
        ("waiting", ("--per", "side"), {"per": "side"}),
    )
    for name, options, query in cases:
        there = client.get(f"/v1/stats/{name}", params={**query, **at})
        assert there.status_code == 200
        here = lived("stats", name, *options, "--as", "cnt-01", "--as-of", at["as_of"], "--json").json
        assert there.json() == here


def test_over_http_what_is_wrong_is_pointed_at(client: TestClient) -> None:
    for query, code, pointer in (({}, "FM-U712", "?unit"), ({"unit": "S-012", "days": 0}, "FM-U718", "?days"), ({"unit": "S-012", "per": "x"}, "FM-U711", "?per")):  # fmt: skip
        said = client.get("/v1/stats/why", params=query)
        assert (said.status_code, said.json()["code"]) == (422, code)
        assert said.json()["reasons"][0]["pointer"] == pointer


def test_both_are_drawn(lived: Shell, client: TestClient) -> None:
    for name, query in (("why", {"unit": "S-012", "days": 30}), ("waiting", {"by": "unit"})):
        drawn = client.get(f"/v1/stats/{name}", params={**query, "chart": "svg"})
        assert ElementTree.fromstring(drawn.content).tag.endswith("svg")  # noqa: S314 - our own drawing
    assert "asking" in lived(*WHY, "--chart").out


def test_of_named_others_an_officer_is_not_told_at_either_door(lived: Shell, client: TestClient) -> None:
    asked = ("stats", "waiting", "--per", "owner", "--as")
    said = lived(*asked, "off-05")
    assert (said.status, said.err[:9]) == (2, "FM-U412  ")
    assert "About yourself: --holder me." in said.err
    assert lived(*asked, "cnt-01").status == 0
    assert "Of persons only off-05" in lived("stats", "load", "--as", "off-05").out
    assert "FM-U413" in lived("stats", "durations", "--as", "nobody").err
    with Store.open(f"sqlite:///{lived.folder / 'folkmoot.db'}") as store:
        town = TwoUnits(store, seeded=True)
        town.now = BEGIN + 90 * DAY
        secret = town.do(token.create_token, person="off-05", label="phone")["token"]
    officer = {"Authorization": f"Bearer {secret}"}
    there = client.get("/v1/stats/waiting", params={"per": "owner"}, headers=officer)
    assert (there.status_code, there.json()["code"]) == (403, "FM-U412")
    assert there.json()["title"] == "Not yours to see"
    assert "`holder=me`" in there.text
    assert client.get("/v1/stats/load", headers=officer).json()["only"] == "off-05"
    assert client.get("/v1/stats/measures", headers=officer).json()["count"] == 16
    assert "tells of persons" in lived.terminal("stats", "measures", "--as", "off-05", columns=160).out
