"""One filter at every door: the list counts, the figures count and the file holds the same cases, page by page."""

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.domain.filter import WORDS
from engine.persistence import table
from engine.persistence.late import update
from engine.persistence.store import Store
from engine.service import leave, token
from tests.support.commandline import Said, Shell
from tests.support.quarrels import Quarrels

WHO = "off-05"
ALL = ("type", "q")  # hold of every case in this store
SOME = [
    ("type", "quarrel"), ("unit", "S-012"), ("served_by", "V-101"), ("place", "230199000201"),
    ("phase", "work"), ("phase", "done,intake"), ("state", "talk"), ("state", "Being talked over"), ("risk", "red"),
    ("risk", "red,yellow"), ("channel", "phone"), ("outcome", "settled"), ("holder", "off-05"), ("holder", "me"),
    ("unassigned", True), ("holder_away", True), ("open", True), ("late", True), ("due", "2025-03-10"),
    ("filed", "2025-02"), ("filed", "2025-01-20..2025-02"), ("filed", "last 28 days"), ("closed", "2025-02.."),
    ("closed", "last 2 weeks"), ("q", "wall"), ("external", "12345:HL-1"), ("batch", "B-2"),
]  # fmt: skip


class Everywhere:
    def __init__(self, town: Quarrels, folder: Path, client: TestClient) -> None:
        self.town, self.client, self.shell, self.folder = town, client, Shell(folder), folder
        made = town.do(token.create_token, "chf-01", person=WHO)["token"]
        self.headers = {"Authorization": f"Bearer {made}"}

    def type(self, *words: str) -> Said:
        return self.shell(*words, "--as", WHO, env={"FOLKMOOT_NOW": self.town.now.isoformat()})

    def get(self, path: str, params: Any = None) -> Any:
        return self.client.get(path, params=params, headers=self.headers)

    def typed(self, options: list[str]) -> dict[str, Any]:
        """What each command says: of lists and files which cases, of all how many."""
        listed = self.type("case", "list", *options, "--limit", "all", "--json").json
        file = self.folder / "events.csv"
        exported = self.type("event", "export", str(file), "--force", *options, "--json").json
        return {
            "listed": {item["ref"] for item in listed["items"]},
            "exported": {row["case_id"] for row in csv.DictReader(io.StringIO(file.read_text("utf-8")))},
            "counts": {
                listed["count"],
                exported["cases"],
                self.type("case", "list", *options, "--limit", "1", "--json").json["count"],
                self.type("stats", "durations", *options, "--json").json["n"],
                self.type("stats", "outcomes", *options, "--json").json["n"],
            },
        }

    def sent(self, params: dict[str, str], size: int) -> dict[str, Any]:
        """The same over HTTP, the list by pages."""
        refs, counts, link = list[str](), set[int](), f"/v1/cases?limit={size}"
        page = self.get("/v1/cases", {**params, "limit": size}).json()
        while True:
            refs += [item["ref"] for item in page["items"]]
            counts.add(page["count"])
            link = page["next"]
            if link is None:
                break
            page = self.get(link).json()
        assert len(refs) == len(set(refs))
        file = csv.DictReader(io.StringIO(self.get("/v1/events.csv", params).text))
        table = csv.DictReader(io.StringIO(self.get("/v1/cases.csv", params).text))
        counts |= {self.get(f"/v1/stats/{name}", params).json()["n"] for name in ("durations", "outcomes")}
        counts.add(len(list(table)))
        return {"listed": set(refs), "exported": {row["case_id"] for row in file}, "counts": counts}


@pytest.fixture(scope="module")
def everywhere(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everywhere]:
    folder = tmp_path_factory.mktemp("everywhere")
    shutil.copy(sqlite_template, folder / "folkmoot.db")
    with Store.open(f"sqlite:///{folder / 'folkmoot.db'}") as store:
        town = Quarrels(store)
        town.live(Random(5), days=90)
        town.file("Asha", "Bo", external={"system": "12345", "id": "HL-1"}, channel="phone")
        town.do(
            leave.away, "chf-01", persons=["off-06"], until=town.now.date().replace(year=2027), reason="ill"
        )
        person = table.columns_of(table.Person)
        named = update(person).where(person.c.code == "off-05").values(name="欧某")
        store.write(lambda unit: unit.execute(named))
        with TestClient(create_app(town.engine)) as client:
            yield Everywhere(town, folder, client)


@pytest.mark.parametrize(("word", "value"), SOME)
def test_list_figures_and_file_hold_the_same_cases_at_both_doors(
    everywhere: Everywhere, word: str, value: str | bool
) -> None:
    option = f"--{word.replace('_', '-')}"
    typed = everywhere.typed([option] if value is True else [option, str(value)])
    assert typed["listed"] == typed["exported"]
    assert typed["counts"] == {len(typed["listed"])}
    for size in (7, 500):
        assert everywhere.sent({word: str(value).lower() if value is True else str(value)}, size) == typed
    assert len(typed["listed"]) > 0
    assert len(typed["listed"]) < len(everywhere.town.refs) or word in ALL


def test_no_word_of_the_filter_is_left_out_above() -> None:
    assert {word for word, _ in SOME} == {word.name for word in WORDS}


def test_bounds_that_are_sent_apart_narrow_the_stretch(everywhere: Everywhere) -> None:
    month = everywhere.sent({"filed": "2025-02"}, 500)
    apart = everywhere.sent({"filed_from": "2025-02-01", "filed_until": "2025-03-01"}, 500)
    both = everywhere.sent({"filed": "2025-02", "filed_from": "2025-02-10", "filed_until": "2026-01-01"}, 500)
    late = everywhere.sent({"filed": "2025-02-10..2025-02"}, 500)
    assert month == apart
    assert both == late
    assert 0 < len(both["listed"]) < len(month["listed"])


@pytest.mark.parametrize(
    ("word", "code", "name"),
    [
        ("unit", "S-012", "示例派出所"),
        ("served_by", "V-101", "示例一村驻村岗"),
        ("place", "230199000201", "示例一村"),
        ("holder", "off-05", "欧某"),
    ],
)
def test_units_places_and_people_may_be_said_by_name(
    everywhere: Everywhere, word: str, code: str, name: str
) -> None:
    option = f"--{word.replace('_', '-')}"
    assert everywhere.typed([option, name]) == everywhere.typed([option, code])
    assert everywhere.sent({word: name}, 500) == everywhere.sent({word: code}, 500)


def test_what_nobody_knows_or_several_are_called_is_told_alike(everywhere: Everywhere) -> None:
    for word, given, code in (
        ("unit", "nowhere", "FM-U305"), ("place", "nowhere", "FM-U307"),
        ("unit", "示例", "FM-U003"), ("state", "talking", "FM-U081"), ("outcome", "foo", "FM-U081"),
        ("filed", "2026-11..2026-10", "FM-U440"), ("filed", "soon", "FM-U303"), ("closed", "last 0 days", "FM-U303"),
    ):  # fmt: skip
        for command in (["case", "list"], ["stats", "outcomes"], ["event", "export", "x.csv"]):
            said = everywhere.type(*command, f"--{word}", given, "--json").json
            assert said["problem"]["code"] == code, (command, word, given)
        for path in ("/v1/cases", "/v1/stats/outcomes", "/v1/events.csv"):
            assert everywhere.get(path, {word: given}).json()["code"] == code, (path, word, given)
    assert not (everywhere.folder / "x.csv").exists()


def test_a_near_place_is_named(everywhere: Everywhere) -> None:
    assert "230199000201" in everywhere.type("case", "list", "--place", "示例一").err


def test_what_is_still_to_come_is_known_to_nobody(everywhere: Everywhere) -> None:
    town = everywhere.town
    ahead = (town.now + timedelta(hours=1)).isoformat()
    for command in (["stats", "outcomes"], ["event", "export", "y.csv"], ["report", "run", "weekly"]):
        said = everywhere.type(*command, "--as-of", ahead, "--json").json
        assert said["problem"]["code"] == "FM-U441", command
    for path in ("/v1/stats/outcomes", "/v1/events.csv"):
        for moment in (ahead, "2100-01-01"):
            assert everywhere.get(path, {"as_of": moment}).json()["code"] == "FM-U441"
    sent = everywhere.client.post(
        "/v1/reports/weekly/runs", json={"as_of": "2100-01-01"}, headers=everywhere.headers
    )
    assert sent.json()["code"] == "FM-U441"
    assert not (everywhere.folder / "y.csv").exists()


@pytest.mark.parametrize("day", ["2025-02-10", "today"])
def test_a_day_is_its_last_moment_at_both_doors(everywhere: Everywhere, day: str) -> None:
    sent = (
        everywhere.town.now.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
        if day == "today"
        else day
    )
    typed = everywhere.type("stats", "outcomes", "--as-of", day, "--json").json
    over_http = everywhere.get("/v1/stats/outcomes", {"as_of": sent}).json()
    assert typed == over_http
    if day != "today":
        assert typed["as_of"] == "2025-02-10T15:59:59Z"
        assert 0 < typed["n"] < len(everywhere.town.refs)


def test_groups_may_be_asked_for_one_by_one_and_other_options_once(everywhere: Everywhere) -> None:
    apart, together = (
        everywhere.type("stats", "outcomes", *by, "--json").json
        for by in (["--by", "place", "--by", "risk"], ["--by", "place,risk"])
    )
    assert apart == together
    assert set(apart["groups"][0]["key"]) == {"place", "risk"}
    for twice in (["--unit", "S-012", "--unit=V-101"], ["--limit", "1", "--limit", "2"], ["--as", "dsp-01"]):
        said = everywhere.type("case", "list", *twice)
        assert "FM-U442" in said.err
        assert said.status == 2


def test_why_there_is_nothing_to_show_is_said(everywhere: Everywhere) -> None:
    """``n`` is how many the filter selects: with none, that nothing was on file yet."""
    told = everywhere.type("stats", "funnel", "--of", "reopened", "--days", "3650").out
    assert "3650 days ago or longer" in told
    assert "--days 180" in told
    assert everywhere.get("/v1/stats/funnel?of=reopened&days=3650").json()["n_selected"] > 0
    assert "No case fits" in everywhere.type("stats", "funnel", "--place", "990099001").out
    before = everywhere.type("stats", "outcomes", "--as-of", "2020-01-01").out
    assert "As of Wed 1 Jan 2020 23:59" in before
    assert "Nothing was on file then: the first case was reported on" in before
    said = everywhere.type("report", "run", "weekly", "--as-of", "2020-01-01", "--to", "-")
    assert "Nothing was on file then" in said.out
    assert "Nothing was on file then" in said.err
    run = everywhere.client.post(
        "/v1/reports/weekly/runs", json={"as_of": "2020-01-01"}, headers=everywhere.headers
    )
    assert run.json()["note"].startswith("Nothing was on file then")


def test_what_is_no_number_is_told_in_our_words(everywhere: Everywhere) -> None:
    said = everywhere.type("stats", "funnel", "--days", "x").err
    assert said.strip() == "FM-U443  --days takes a whole number, like 30; `x` is none."
    assert "整数" in everywhere.type("stats", "funnel", "--days", "x", "--lang", "zh").err
    assert "整数" in everywhere.client.get(
        "/v1/stats/funnel?days=x", headers={**everywhere.headers, "Accept-Language": "zh"}
    ).json()["detail"]  # fmt: skip


def test_figures_of_a_unit_may_name_it(everywhere: Everywhere) -> None:
    for command in (["stats", "fairness"], ["report", "run", "weekly"]):
        by_name, by_code = (
            everywhere.type(*command, "--unit", one, "--json").json for one in ("示例派出所", "S-012")
        )
        assert by_name == by_code
        assert "problem" not in by_code
