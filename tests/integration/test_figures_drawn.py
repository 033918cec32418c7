"""Backlog, funnel and flow drawn at both doors: the same chart of the same figures."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from engine.analytics import chart
from engine.analytics.backlog import backlog
from engine.analytics.chart.named import named
from engine.analytics.chart.of import backlog_chart_of, flow_chart_of, funnel_chart_of
from engine.analytics.flow import flow
from engine.analytics.funnel import funnel
from tests.integration.test_figures_at_both_doors import Doors, doors

__all__ = ["doors"]
SVG = "{http://www.w3.org/2000/svg}"
DRAWN: list[tuple[str, list[str], str, str]] = [
    ("backlog", ["--every", "month"], "every=month", "Open cases at the end of each month, by age"),
    ("funnel", ["--of", "missed"], "of=missed", "Rates against the number of cases"),
    ("flow", ["--type", "quarrel"], "type=quarrel", "Quarrel: time in each state"),
]


def series(answer: dict[str, Any], ident: str) -> list[list[float]]:
    found: list[list[float]] = next(one["points"] for one in answer["series"] if one["id"] == ident)
    return found


def plain(made: Any) -> dict[str, Any]:
    got: dict[str, Any] = json.loads(chart.draw(made, "json"))
    Draft202012Validator(json.loads((Path(chart.__file__).parent / "schema.json").read_text())).validate(got)
    return got


@pytest.mark.parametrize(("name", "typed", "query", "title"), DRAWN)
def test_both_doors_draw_it(
    doors: Doors, tmp_path: Path, name: str, typed: list[str], query: str, title: str
) -> None:
    said = doors.type(name, *typed, "--chart", "--chart-to", str(tmp_path / "drawn.svg"))
    assert (said.status, title in said.out) == (0, True), said
    assert doors.type(name, *typed, "--chart-to", str(tmp_path / "drawn.png")).status == 0
    assert (tmp_path / "drawn.png").read_bytes().startswith(b"\x89PNG")
    picture = (tmp_path / "drawn.svg").read_bytes()
    answer = doors.get(f"{name}?{query}&chart=svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.content == picture
    assert ElementTree.fromstring(picture).findtext(f"{SVG}title") == title  # noqa: S314 - our own drawing


def test_a_legend_says_names_at_both_doors(doors: Doors, tmp_path: Path) -> None:
    for lang, said in (("en", "Quarrel (n "), ("zh", "Quarrel(")):
        file = tmp_path / f"{lang}.json"
        assert doors.type("durations", "--by", "type", "--chart-to", str(file), "--lang", lang).status == 0
        typed = json.loads(file.read_text())
        asked = doors.client.get(
            "/v1/stats/durations?by=type&chart=json", headers={**doors.headers, "Accept-Language": lang}
        ).json()
        assert asked == typed
        assert [one["title"].startswith(said) for one in typed["series"]] == [True]
        units = doors.type("durations", "--by", "unit", "--chart", "--lang", lang).out
        assert ("示例派出所 (n" in units or "示例派出所(" in units, "● S-012" in units) == (True, False), (
            units
        )


def test_two_that_are_called_the_same_keep_their_keys() -> None:
    groups = [{"key": {"unit": code, "risk": None}, "n": 1} for code in ("S-1", "S-2", "S-3")]
    called = {"S-1": "Station", "S-2": "Station", "S-3": "Other"}
    made = named({"groups": groups}, lambda _path, value, _row: called[value], "en")
    assert [group["title"] for group in made["groups"]] == [
        "Station, (none) (S-1, -)", "Station, (none) (S-2, -)", "Other, (none)",
    ]  # fmt: skip
    assert named({"groups": [{"key": {}, "n": 3}]}, lambda *_: "", "en") == {"groups": [{"key": {}, "n": 3}]}


def test_a_flow_of_groups_is_refused_and_says_the_type(doors: Doors) -> None:
    for lang in ("en", "zh"):
        said = doors.type("flow", "--by", "risk", "--chart", "--lang", lang)
        assert (said.status, said.out) == (2, "")
        assert "FM-U724" in said.err
        assert "--type" in said.err
    refused = doors.get("flow?by=risk&chart=svg")
    assert (refused.status_code, refused.json()["code"]) == (422, "FM-U724")
    assert "`type`" in refused.text
    assert doors.get("flow?by=risk").status_code == 200


def test_nothing_to_draw_is_said(doors: Doors) -> None:
    for name in ("backlog", "funnel", "flow"):
        said = doors.type(name, "--place", "990099001", "--chart")
        assert (said.status, "Nothing to draw: no case fits." in said.out) == (0, True), said


def test_the_backlog_drawn_is_the_open_cases_of_the_answer_also_by_groups(doors: Doors) -> None:
    answer = doors.town.ask(backlog, every="week")
    alone = plain(backlog_chart_of(answer, lang="en", zone="Asia/Shanghai"))
    assert [y for _, y in series(alone, "a0")] == [step["open"] for step in answer["groups"][0]["steps"]]
    grouped = plain(
        backlog_chart_of(doors.town.ask(backlog, every="week", by=["risk"]), lang="en", zone="Asia/Shanghai")
    )
    assert grouped["series"] == alone["series"]
    assert grouped["note"] == ["All groups added up."]


def test_steps_that_may_not_be_told_are_left_out_and_counted(doors: Doors) -> None:
    answer = doors.town.ask(backlog, every="week", public=True)
    steps = answer["groups"][0]["steps"]
    hidden = sum(bool(step.get("hidden")) for step in steps)
    assert hidden
    got = plain(backlog_chart_of(answer, lang="en", zone="Asia/Shanghai"))
    assert got["note"][0].startswith(f"{hidden} of {len(steps)} steps are left out")
    assert all(len(one["points"]) == len(steps) - hidden for one in got["series"])


def test_the_funnel_names_those_far_outside_and_no_others(doors: Doors) -> None:
    for of, far_out in (("missed", False), ("missed", True)):
        answer = doors.town.ask(funnel, of=of, by=["type"])
        largest = max(answer["groups"], key=lambda group: group["n"])
        if far_out:  # its own limits say so, whatever the line between the points of the curve
            largest |= {"limits998": [largest["share"] + 0.05, 1.0], "stands": "far_below"}
            answer["groups"] = [largest]
        got = plain(funnel_chart_of(answer, lang="en", zone="Asia/Shanghai"))
        shown = [group for group in answer["groups"] if group["share"] is not None]
        far = [group for group in shown if group["stands"].startswith("far_")]
        wanted = [[group["n"], group["share"]] for group in far]
        assert sorted(series(got, "outside")) == sorted(wanted)
        assert shown
        assert bool(far) >= far_out
        assert len(series(got, "inside")) == len(shown) - len(far)
        assert [line["at"] for line in got["lines"]] == [answer["share"]]


def test_the_flow_counts_what_the_answer_counts(doors: Doors) -> None:
    answer = doors.town.ask(flow, drawn=True)
    got = plain(flow_chart_of(answer, lang="zh", zone="Asia/Shanghai"))["flow"]
    [group] = answer["groups"]
    told = {state["state"]: state for state in group["states"] if not state["final"]}
    assert {s["id"]: (s["n_open"], s["spent_s"]) for s in got["states"] if s["id"] in told} == {
        name: (state["n_now"], state["p50_s"]) for name, state in told.items()
    }
    assert {(m["trigger"], m["source"], m["target"]): m["n"] for m in got["moves"]} == {
        (move["act"], move["from"], move["to"]): move["n"] for move in group["transitions"]
    }


def test_a_flow_for_readers_outside_names_what_is_not_told(doors: Doors) -> None:
    answer = doors.town.ask(flow, drawn=True, public=True)
    [group] = answer["groups"]
    lines = [*group["states"], *group["transitions"]]
    assert any(line.get("hidden") for line in lines)
    got = plain(flow_chart_of(answer, lang="en", zone="Asia/Shanghai"))
    moves = [move for move in group["transitions"] if not move.get("hidden")]
    assert len(got["flow"]["moves"]) == len(moves)
    if len(moves) < len(group["transitions"]):
        assert "moves of few cases are not counted" in got["subtitle"]
    for state in group["states"]:
        assert not state.get("hidden") or state["title"] in got["subtitle"]


def test_what_happens_by_itself_without_a_name_has_none_in_the_drawing(doors: Doors) -> None:
    answer = doors.town.ask(flow, drawn=True)
    [move, *_] = answer["groups"][0]["transitions"]
    move["act"] = "@join3"
    got = plain(flow_chart_of(answer, lang="en", zone="Asia/Shanghai"))["flow"]
    assert "" in {one["trigger"] for one in got["moves"]}
