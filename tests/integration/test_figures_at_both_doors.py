"""Figures of cases as people and programs get them: both doors tell what the measure tells, in both languages."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.analytics.backlog import backlog
from engine.analytics.compliance import compliance
from engine.analytics.durations import durations
from engine.analytics.flow import flow
from engine.analytics.funnel import funnel
from engine.analytics.load import load
from engine.analytics.oldest import deciding, oldest
from engine.analytics.outcomes import outcomes
from engine.analytics.recurrence import recurrence
from engine.analytics.waiting import waiting
from engine.persistence.store import Store
from engine.service import token
from tests.support.commandline import Said, Shell
from tests.support.quarrels import Quarrels

# a measure, what it is asked, the same typed, the same over HTTP
ASKED: list[tuple[str, Any, dict[str, Any], list[str], str]] = [
    ("outcomes", outcomes, {}, [], ""),
    ("outcomes", outcomes, {"by": ["risk"]}, ["--by", "risk"], "by=risk"),
    ("recurrence", recurrence, {"of": "place", "after": "filed"}, ["--of", "place", "--after", "filed"], "of=place&after=filed"),
    ("compliance", compliance, {"by": ["place"]}, ["--by", "place"], "by=place"),
    ("compliance", compliance, {"cases": "missed"}, ["--cases", "missed"], "cases=missed"),
    ("funnel", funnel, {"of": "missed", "cases": "bad"}, ["--of", "missed", "--cases", "bad"], "of=missed&cases=bad"),
    ("recurrence", recurrence, {"of": "place", "cases": "again/30"}, ["--of", "place", "--cases", "again/30"], "of=place&cases=again/30"),
    ("durations", durations, {"by": ["risk"], "cases": "not_reached"}, ["--by", "risk", "--cases", "not_reached"], "by=risk&cases=not_reached"),
    ("waiting", waiting, {"per": "side", "cases": "office", "working": True}, ["--per", "side", "--cases", "office", "--working"], "per=side&cases=office&working=true"),
    ("backlog", backlog, {"every": "month"}, ["--every", "month"], "every=month"),
    ("flow", flow, {"filter": {"risk": "red"}}, ["--risk", "red"], "risk=red"),
    ("load", load, {}, [], ""),
    ("oldest", oldest, {"limit": 4}, ["--limit", "4"], "limit=4"),
    ("oldest", oldest, {"public": True, "limit": 9}, ["--public", "--limit", "9"], "public=true&limit=9"),
    ("deciding", deciding, {"limit": 50, "filter": {"risk": "red"}}, ["--risk", "red"], "risk=red&limit=50"),
    ("funnel", funnel, {"of": "missed", "by": ["place"], "public": True}, ["--of", "missed", "--by", "place", "--public"], "of=missed&by=place&public=true"),
]  # fmt: skip
# what a person reads of each, piped: in English, in Chinese
READ: list[tuple[list[str], str, str]] = [
    (["outcomes"], "It was settled\tsubstantive\t", "It was settled\t实体性\t"),
    (["outcomes"], "those that came to a first session", "已开过首次调解的"),
    (
        ["outcomes", "--by", "place"],
        "as a share of all that were filed, of those that were accepted",
        "分别占全部报案、占已受理的",
    ),
    (["compliance"], "To be watched\t", "全部期限\t"),
    (["compliance"], "of all that ended or are past due", "/已结束与已过期之和"),
    (["compliance"], "Given more time: extended, however they ended, of all runs.", "/全部次数"),
    (["recurrence", "--of", "place"], "Came again, of those watched so long", "再次发生的件数"),
    (["waiting"], "rest\tHead of the station + a party\t", "rest\t所长 + 当事人\t"),
    (["load"], "A handler followed another one", "更换承办人"),
    (["backlog", "--every", "month"], "were open when the first step began", "首段开始时在办"),
    (["flow"], "Most time goes by in:", "占时最多:"),
    (["flow"], "Being talked over\tshut\t", "重新打开"),
    (["oldest"], "late, red or orange", "已逾期, 红色或橙色"),
    (["deciding"], "late, red or orange", "已逾期, 红色或橙色"),
    (["oldest", "--limit", "1"], "more. All of them: --limit all", "全部显示:--limit all"),
    (["oldest", "--public"], "single ones are not named", "不列具体案件"),
    (["funnel", "--by", "type"], "within chance", "属偶然范围"),
]


class Doors:
    def __init__(self, town: Quarrels, folder: Path, client: TestClient) -> None:
        self.town, self.client, self.shell = town, client, Shell(folder)
        made = town.do(token.create_token, "chf-01", person="chf-01")["token"]
        self.headers = {"Authorization": f"Bearer {made}"}

    def type(self, *words: str) -> Said:
        return self.shell("stats", *words, "--as", "chf-01", env={"FOLKMOOT_NOW": self.town.now.isoformat()})

    def get(self, path: str) -> Any:
        return self.client.get(f"/v1/stats/{path}", headers=self.headers)


@pytest.fixture(scope="module")
def doors(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    shutil.copy(sqlite_template, folder / "folkmoot.db")
    with Store.open(f"sqlite:///{folder / 'folkmoot.db'}") as store:
        town = Quarrels(store)
        town.live(Random(3), days=90)
        with TestClient(create_app(town.engine)) as client:
            yield Doors(town, folder, client)


@pytest.mark.parametrize(("name", "measure", "given", "typed", "query"), ASKED)
def test_both_doors_tell_what_the_measure_tells(
    doors: Doors, name: str, measure: Any, given: dict[str, Any], typed: list[str], query: str
) -> None:
    wanted = doors.town.ask(measure, **given)
    assert wanted["n"]
    assert doors.type(name, *typed, "--json").json == wanted
    assert doors.get(f"{name}?{query}").json() == wanted


@pytest.mark.parametrize(("typed", "en", "zh"), READ)
def test_people_read_it_in_their_language(doors: Doors, typed: list[str], en: str, zh: str) -> None:
    assert en in doors.type(*typed).out
    assert zh in doors.type(*typed, "--lang", "zh").out


def test_groups_too_small_and_lines_left_out_are_shown_as_such(doors: Doors) -> None:
    for name in ("outcomes", "compliance", "recurrence", "load", "backlog", "flow", "funnel"):
        for more in (["--by", "risk,place"], ["--public"], ["--by", "risk", "--public"]):
            said = doors.type(name, *more)
            assert (said.status, "None" in said.out) == (0, False), said
        nobody = doors.type(name, "--place", "990099001")
        assert (nobody.status, "No case fits" in nobody.out) == (0, True)


BEHIND = [
    ("compliance", "missed", "To be watched\t", "how it stands", "结论"),
    ("funnel", "known", "\t", "of these", "其中"),
    ("recurrence", "again", "\t", "came again as", "再次发生为"),
    ("durations", "reached", "\tyes", "how long", "用时"),
    ("waiting", "talk", "\t", "there now", "仍在其中"),
]


@pytest.mark.parametrize(("name", "number", "said", "en", "zh"), BEHIND)
def test_a_number_is_opened_to_its_cases(
    doors: Doors, name: str, number: str, said: str, en: str, zh: str
) -> None:
    typed = ["--of", "place", "--after", "filed"] if name == "recurrence" else []
    wanted = doors.type(name, *typed, "--cases", number, "--json").json["cases"]
    assert wanted
    first, *lines = doors.type(name, *typed, "--cases", number).out.rpartition("\n\n")[2].splitlines()
    assert first == f"Behind this number: {len(wanted)}"
    assert [line.partition("\t")[0] for line in lines] == [one["ref"] for one in wanted]
    assert all(said in line for line in lines)
    for lang, head in (("en", en), ("zh", zh)):
        shell = doors.shell.terminal(
            "stats", name, *typed, "--cases", number, "--as", "chf-01", "--lang", lang,
            env={"FOLKMOOT_NOW": doors.town.now.isoformat(), "COLUMNS": "120"},
        )  # fmt: skip
        assert head in shell.out
    rows = doors.type(name, *typed, "--cases", number, "--csv").out.splitlines()
    assert (rows[0].split(",")[0], len(rows) - 1) == ("ref", len(wanted))
    for more, code in (([number, "--public"], "FM-U716"), (["nothing"], "FM-U725")):
        refused = doors.type(name, *typed, "--cases", *more)
        assert (refused.status, refused.out, refused.err[:7]) == (2, "", code)
        answer = doors.get(f"{name}?cases={more[0]}{'&public=true' if more[1:] else ''}")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "?cases" in answer.text


def test_a_known_limit_says_what_may_stand_after_it(doors: Doors) -> None:
    [whose, *_] = [one["clock"] for one in doors.type("compliance", "--json").json["groups"][0]["clocks"]]
    for number in ("bogus", "late", ""):
        refused = doors.type("compliance", "--cases", f"{whose}/{number}")
        assert refused.err.startswith(f"FM-U725  No number `{whose}/{number}`")
        known = refused.err.rpartition("There are: ")[2].strip().rstrip(".").split(", ")
        assert {one.partition("/")[0] for one in known} == {whose}
        assert f"{whose}/missed" in known
        for one in known:
            assert doors.type("compliance", "--cases", one).status == 0
    assert f"{whose}/.." in doors.type("compliance", "--cases", "bogus/missed").err


@pytest.mark.parametrize("name", ["outcomes", "load", "backlog"])
def test_a_figure_without_cases_names_those_that_have_them(doors: Doors, name: str) -> None:
    refused = doors.type(name, "--cases", "all")
    assert (refused.status, refused.err[:7]) == (2, "FM-U077")
    assert "--phase" not in refused.err
    for other in ("compliance", "durations", "funnel", "waiting"):
        assert f"stats {other}" in refused.err


FIGURES = [
    "oldest", "deciding", "outcomes", "load", "backlog", "flow", "compliance", "recurrence", "durations", "waiting", "why",
    "legs", "funnel", "activity", "durability", "fairness", "clocks", "measures",
]  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_help_lists_a_limit_where_it_is_taken(doors: Doors, name: str) -> None:
    said = doors.type(name, "--limit", "3")
    page = doors.shell("stats", name, "--help").out
    listed = page.count("\n  --limit ")
    assert (listed, said.status) in ((0, 2), (1, 0)), said.err
    assert ("FM-U071" in said.err) is not listed
    assert listed == (name in ("oldest", "deciding"))


def test_so_many_cases_are_named_as_the_number_says(doors: Doors) -> None:
    told = doors.get("durations?clock=final_resolution").json()
    counts = {"all": told["n"], "open": told["n_open"], "reached": told["n_reached"]}
    for number, n in {**counts, "not_reached": told["n"] - told["n_reached"]}.items():
        assert n
        for lang in ("en", "zh"):
            typed = ("durations", "--clock", "final_resolution", "--cases", number, "--lang", lang)
            first, *lines = doors.type(*typed).out.rpartition("\n\n")[2].splitlines()
            assert (len(lines), f" {n}" in first) == (n, True)
        assert len(doors.get(f"durations?clock=final_resolution&cases={number}").json()["cases"]) == n
    for per in ("state", "waits", "side", "owner", "phase"):
        for part in doors.get(f"waiting?per={per}").json()["groups"][0]["parts"]:
            name = part["key"] or "-"
            cases = doors.get(f"waiting?per={per}&cases={quote(name)}").json()["cases"]
            sums = {of: sum(one[of] for one in cases) for of in ("n_stays", "seconds")}
            assert (len(cases), *sums.values()) == (part["n"], part["n_stays"], part["total_s"])
    assert cases[0]["unit"] in doors.type("waiting", "--per", per, "--cases", name).out


def test_a_part_is_named_as_people_read_it(doors: Doors) -> None:
    for lang in ("en", "zh"):
        for part in doors.type("waiting", "--lang", lang, "--json").json["groups"][0]["parts"]:
            by_title, by_key = (
                doors.type("waiting", "--lang", lang, "--json", "--cases", part[name]).json
                for name in ("title", "key")
            )
            assert by_title == by_key
            assert len(by_key["cases"]) == part["n"]


def test_a_part_is_named_by_one_of_those_who_are_waited_for_in_either_language(doors: Doors) -> None:
    alone = {"a party": "当事人", "Head of the station": "所长"}
    for en, zh in alone.items():
        found = [
            doors.type("waiting", "--per", "waits", "--lang", lang, "--json", "--cases", word).json["cases"]
            for lang, word in (("en", en), ("zh", zh))
        ]
        assert found[0] == found[1] != []


def test_open_cases_by_name_with_what_they_are_called(doors: Doors) -> None:
    first = doors.type("oldest", "--limit", "all", "--json").json["items"][0]
    assert (first["type_title"], first["state_title"]) == ("Quarrel", "Being talked over")
    nobody = doors.type("deciding", "--place", "990099001")
    assert (nobody.status, "No open case fits" in nobody.out) == (0, True)


def test_how_many_are_open_is_not_told_outside_where_they_are_few(doors: Doors) -> None:
    told = doors.town.ask(oldest, limit=None)
    last = sorted(item["filed_at"] for item in told["items"])[-3]
    few = doors.town.ask(oldest, filed=(datetime.fromisoformat(last), None), public=True)
    assert (few["n"], few["n_more"], few["items"]) == (None, None, [])
    assert doors.town.ask(oldest, public=True)["n"] == told["n"]


def test_where_all_is_too_little_for_readers_outside_it_is_said(doors: Doors) -> None:
    few = ("--public", "--filed", "..2025-01-10")
    for name in ("compliance", "legs"):
        told = doors.type(name, *few).out
        assert "too few cases to show" in told, told


def test_the_days_of_ways_to_end_make_a_hundred_as_printed(doors: Doors) -> None:
    lines = [line.split("\t") for line in doors.type("outcomes").out.splitlines() if "\t" in line]
    columns = list(zip(*(line[-4:] for line in lines), strict=True))
    percents = [[int(cell.removesuffix(" %")) for cell in column] for column in columns if "%" in column[0]]
    assert percents
    assert [sum(column) for column in percents] == [100] * len(percents)


def test_the_backlog_begins_where_the_first_case_came(doors: Doors) -> None:
    [group] = doors.town.ask(backlog, every="month")["groups"]
    first = group["steps"][0]
    assert first["filed"] > 0
    assert doors.town.ask(backlog, every="month")["since"] == first["from"] > "2024-12-31"
    [asked] = doors.town.ask(backlog, every="month", since=date(2024, 11, 1))["groups"]
    assert [step["filed"] for step in asked["steps"][:2]] == [0, 0]


def test_what_cannot_be_asked_is_named_with_its_place(doors: Doors) -> None:
    assert "FM-U720" in doors.type("backlog", "--every", "hour").err
    assert "FM-U721" in doors.type("backlog", "--every", "day", "--from", "2020-01-01").err
    assert "FM-U722" in doors.type("funnel", "--days", "0").err
    assert "FM-U420" in doors.type("oldest", "--by", "unit").err
    assert "FM-U072" in doors.type("oldest", "--limit", "none").err
    grouped = doors.get("deciding?by=unit").json()
    assert (grouped["code"], grouped["reasons"][0]["pointer"]) == ("FM-U420", "?by")
    assert doors.get("oldest?limit=0").status_code == 422
    refused = doors.get("backlog?every=day&from=2020-01-01")
    assert (refused.status_code, refused.json()["code"]) == (422, "FM-U721")
    assert doors.get("recurrence?of=weather").status_code == 422


def test_states_are_asked_for_by_their_titles_and_unknown_ones_refused(doors: Doors) -> None:
    by_id, by_title = (
        doors.get(f"durations?state={one}").json()["n"] for one in ("talk", "Being talked over")
    )
    assert by_id == by_title > 0
    assert doors.type("durations", "--state", "Being talked over", "--json").json["n"] == by_id
    assert doors.get("durations?state=nowhere").json()["code"] == "FM-U081"
    assert doors.type("durations", "--state", "nowhere", "--json").json["problem"]["code"] == "FM-U081"
