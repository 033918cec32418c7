"""Reports: what a page says is what the measures say, as of then and for whom, through every door."""

import csv
import io
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from api.app import create_app
from engine.analytics.durations import durations
from engine.analytics.oldest import deciding, oldest
from engine.analytics.registry import MEASURES
from engine.analytics.report import document, listing, running
from engine.analytics.report.naming import Names
from engine.analytics.waiting import waiting
from engine.domain.errors import NotFound, Refused, UsageError
from engine.persistence.store import Store
from engine.service import acting, correcting, filing, report, seat, token
from tests.support.commandline import Shell
from tests.support.sown import grown
from tests.support.town import Town

BEGIN = datetime(2026, 8, 3, 0, 0, tzinfo=UTC)
FORMS = ("html", "pdf", "csv")
NEEDS = [{"measure": "durations", "with": {"by": "type"}}]


def live(town: Town, number: int) -> str:
    """One request, some of the way: sent, done, answered or left lying."""
    chance = random.Random(number)
    town.pass_(hours=chance.randrange(1, 40))
    place = chance.choice(["230199000201", "230199000202"])
    about = {"case_type": "service_request", "place": place, "what": f"lamp {number} is out"}
    ref = str(
        town.do(filing.file_case, "dsp-01", **about, set={"risk": chance.choice(["red", "blue"])})["ref"]
    )
    if number % 4 == 0:
        return ref
    town.pass_(minutes=chance.randrange(1, 90))
    looked = {"danger": False, "scope": "ours", "frail": "none"}
    town.do(acting.do_act, "dsp-01", ref=ref, act="triage", set=looked)
    if number % 4 == 1:
        answer = {"result": [{"what": "told"}], "reply": [{"means": "phone"}]}
        town.do(acting.do_act, "dsp-01", ref=ref, act="answer_at_once", records=answer)
    return ref


@pytest.fixture
def town(store: Store) -> Town:
    return grown(store, "a dozen requests", _dozen, lambda there: Town(there, seeded=True))


def _dozen(store: Store) -> Town:
    made = Town(store, now=BEGIN)
    for number in range(12):
        live(made, number)
    return made


def forms(town: Town) -> tuple[str, ...]:
    """A PDF is printed from what the page says: that is tried on one of the databases."""
    return FORMS if town.engine.store.dialect == "sqlite" else ("html", "csv")


def saved(town: Town, name: str = "ours", **body: Any) -> str:
    full = {"title": "Ours", "parts": NEEDS, **body}
    town.do(report.save, "chf-01", name=name, body=listing.checked(name, full))
    return name


# ---- what it says --------------------------------------------------------------------------------------------


def test_any_measure_makes_a_page(town: Town) -> None:
    """Also one that nothing but the registry knows of."""
    saved(town, parts=[{"measure": name} for name in MEASURES])
    for form in forms(town):
        first, again = (
            town.ask(document.written, "cnt-01", name="ours", in_unit="S-012", form=form) for _ in range(2)
        )
        assert first == again
    parts = town.ask(running.answered, "cnt-01", name="ours", in_unit="S-012")["parts"]
    assert [part["measure"] for part in parts] == list(MEASURES)
    assert {part["measure"] for part in parts if not part["tables"]} <= {
        "activity",
        "deciding",
        "funnel",
        "load",
        "why",
    }
    assert [part["measure"] for part in parts if part["refused"]] == ["why"], "nothing else is in the county"


def test_in_a_report_of_all_measures_each_says_what_it_says_by_itself(town: Town) -> None:
    """A report reads the store once for all of them: none may leave anything behind for the next."""

    def told(*names: str) -> list[Any]:
        saved(town, parts=[{"measure": name} for name in names])
        return list(town.ask(running.answered, "cnt-01", name="ours", in_unit="S-012")["parts"])

    names = [name for name in MEASURES if name != "why"]  # nothing else is in the county
    assert told(*names) == [part for name in names for part in told(name)]


def test_a_page_says_what_the_measure_says(town: Town) -> None:
    saved(town)
    content = town.ask(document.written, "chf-01", name="ours", form="csv")["content"]
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    [group] = town.ask(durations, "chf-01", by=["type"])["groups"]
    assert lines[0][0] == "Ours"
    assert lines[3] == [
        "key.type", "n", "n_open", "n_reached", "km.p50_s", "km.p80_s", "km.p90_s", "between.p90_s.0",
        "between.p90_s.1", "closed.p50_s", "against.which", "against.p",
    ]  # fmt: skip
    ends = [*(group["between"]["p90_s"] or ()), None, None][:2]
    wanted = [*(group["km"][name] for name in ("p50_s", "p80_s", "p90_s")), *ends, group["closed"]["p50_s"]]
    assert lines[4][:4] == ["Service request", str(group["n"]), str(group["n_open"]), str(group["n_reached"])]
    assert lines[4][4:10] == ["" if value is None else str(value) for value in wanted]


def test_a_share_says_of_what_it_is(town: Town) -> None:
    saved(town, parts=[{"measure": "outcomes"}, {"measure": "compliance"}])
    heads: dict[str, list[list[str]]] = {}
    for lang in ("en", "zh"):
        caller = town.engine.caller(person="chf-01", lang=lang)
        told = town.engine.read(running.answered, caller, name="ours")["parts"]
        (rates,) = (
            t for part in told for t in part["tables"] if "n_resolved" in {h["path"] for h in t["heads"]}
        )
        heads[lang] = [[str(cell) for cell in row[:2]] for row in rates["rows"]]
        heads[lang] += [
            [head["title"] for head in table["heads"] if "share" in head["path"] or head["path"] == "n"]
            for table in told[1]["tables"]
        ]
    assert heads["en"] == [
        ["resolved of filed", "all that were filed"],
        ["of accepted", "those that were accepted"],
        ["of mediated", "those that came to a first session"],
        ["cases", "runs met, of those that ended", "runs met, of ended and past due"],
        ["runs", "met, of those that ended", "met, of ended and past due", "given more time, of all runs"],
    ]
    assert heads["zh"] == [
        ["实质解决占报案", "全部报案"],
        ["占受理", "已受理的"],
        ["占已调解", "已开过首次调解的"],
        ["件数", "各期限 按期占已结束", "各期限 按期占已结束与已过期"],
        ["次数", "按期占已结束", "按期占已结束与已过期", "延长过的占全部次数"],
    ]


def test_a_part_without_rows_says_so_in_every_form(town: Town) -> None:
    nobody = {"measure": "oldest", "title": "Of nobody", "with": {"filter": {"holder": "chf-01"}}}
    saved(town, parts=[nobody, {"measure": "durations"}])
    for lang, said in (("en", "Nothing to show."), ("zh", "没有数据。")):
        caller = town.engine.caller(person="chf-01", lang=lang)
        pages = {
            form: town.engine.read(document.written, caller, name="ours", form=form)["content"].decode("utf-8-sig")
            for form in ("html", "csv")
        }  # fmt: skip
        assert f"<p>{said}</p>" in pages["html"]
        lines = list(csv.reader(io.StringIO(pages["csv"])))
        assert lines[2] == ["1", "Of nobody", said]
        assert sum(said in line for line in lines) == 1


def test_a_table_of_groups_ends_with_all_of_them(town: Town) -> None:
    saved(town, parts=[{"measure": "durations", "with": {"by": "place,risk"}}])
    told = town.ask(durations, "chf-01", by=["place", "risk"])
    for lang, said in (("en", "all"), ("zh", "合计")):
        caller = town.engine.caller(person="chf-01", lang=lang)
        [part] = town.engine.read(running.answered, caller, name="ours")["parts"]
        rows = part["tables"][0]["rows"]
        assert len(rows) == len(told["groups"]) + 1
        assert rows[-1][:5] == [said, "", told["n"], told["n_open"], told["n_reached"]]
        assert rows[-1][5] == told["whole"]["km"]["p50_s"]


def test_tables_call_units_places_states_and_choices_by_name_in_the_readers_language(town: Town) -> None:
    parts = [
        {"measure": "load", "with": {"by": "unit,place,type,state,phase,risk,channel,holder"}},
        {"measure": "flow"},
        {"measure": "oldest", "with": {"limit": 1}},
        {"measure": "outcomes", "with": {"by": "outcome"}},
    ]
    saved(town, parts=parts)
    found: dict[str, dict[tuple[str, str], set[Any]]] = {}
    for lang in ("en", "zh"):
        caller = town.engine.caller(person="chf-01", lang=lang)
        told = found.setdefault(lang, {})
        for part in town.engine.read(running.answered, caller, name="ours", in_unit="S-012")["parts"]:
            for table in part["tables"]:
                for place, head in enumerate(table["heads"]):
                    cells = {row[place] for row in table["rows"]}
                    told.setdefault((part["measure"], head["path"]), set()).update(cells)
    en, zh = found["en"], found["zh"]
    assert en["load", "key.unit"] == zh["load", "key.unit"] == {"示例派出所 (S-012)"}
    assert en["load", "key.place"] == {"示例一村", "示例二村"}
    assert (en["load", "key.type"], zh["load", "key.type"]) == ({"Service request"}, {"为民办实事"})
    assert en["load", "key.state"] == {"Received", "Looked at", "Replied, to be called back"}
    assert zh["load", "key.state"] == {"已接收", "已初审", "待回访"}
    assert (en["load", "key.phase"], zh["load", "key.phase"]) == ({"intake", "review"}, {"受理", "审核"})
    assert (en["load", "key.risk"], zh["load", "key.risk"]) == ({"red", "blue"}, {"红", "蓝"})
    assert (en["load", "key.channel"], zh["load", "key.channel"]) == ({"desk"}, {"窗口"})
    assert (en["flow", "from"], zh["flow", "from"]) == ({"Received", "Looked at"}, {"已接收", "已初审"})
    assert {path for measure, path in en if measure == "flow"}.isdisjoint({"state", "act"}), (
        "their titles stand"
    )
    assert en["oldest", "unit"] == {"示例派出所 (S-012)"}
    assert zh["oldest", "state"] == {"已接收"}
    [why] = zh["oldest", "why"]
    assert why.split(", ")[0] == "已逾期"


def test_every_form_has_the_names_and_the_head_says_the_unit_by_its_name(town: Town) -> None:
    saved(town, parts=[{"measure": "load", "with": {"by": "unit,place"}}])
    caller = town.engine.caller(person="chf-01", lang="zh")
    for form in FORMS:
        content = town.engine.read(document.written, caller, name="ours", in_unit="S-012", form=form)[
            "content"
        ]
        if form == "pdf":
            words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        else:
            words = content.decode("utf-8-sig")
        assert words.count("示例派出所 (S-012)") >= 2, form
        assert "示例一村" in words


def test_whom_a_state_waits_for_is_called_as_the_figure_of_whom_calls_it(town: Town) -> None:
    saved(town, parts=[{"measure": "waiting"}])
    town.do(seat.assign, "dsp-01", ref=live(town, 14), auto=True)
    town.pass_(hours=1)
    for lang, expected in (("en", {"Dispatcher", "Handler"}), ("zh", {"值班调度员", "承办人"})):
        caller = town.engine.caller(person="chf-01", lang=lang)
        [group] = town.engine.read(waiting, caller, per="waits")["groups"]
        titles = {one["key"]: one["title"] for one in group["parts"]}
        [states] = town.engine.read(waiting, caller)["groups"]
        told = [one for one in states["parts"] if "waits_for" in one]
        assert [one["waits_for_title"] for one in told] == [titles[one["waits_for"]] for one in told]
        assert expected <= {one["waits_for_title"] for one in told}
        content = town.engine.read(document.written, caller, name="ours", form="csv")["content"]
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        [top] = (n for n, line in enumerate(lines) if "waits_for" in line)
        at = lines[top].index("waits_for")
        assert [line[at] for line in lines[top + 1 : top + 1 + len(told)]] == [
            one["waits_for_title"] for one in told
        ]
        assert "waits_for_title" not in lines[top]


def test_names_of_definitions_are_those_of_the_instant_and_unknown_codes_stand_as_they_are(
    town: Town,
) -> None:
    caller = town.engine.caller(person="chf-01", lang="en")

    def ask(unit: Any, _caller: Any) -> dict[str, Any]:
        names = Names(unit, "en", town.now)
        return {
            "unit": names.told("key.unit", "X-999", {}),
            "state": names.told("key.state", "nowhere", {}),
            "step": names.told("from", "2026-11-02", {}),
            "holder": names.told("key.holder", "off-05", {}),
        }

    told = town.engine.read(ask, caller)
    assert told == {
        "unit": "X-999", "state": "nowhere", "step": "2026-11-02", "holder": "off-05",
    }  # fmt: skip


def test_a_flow_is_drawn_of_one_case_type_and_told_of_several(town: Town) -> None:
    for name, given in (("one", {}), ("parted", {"by": "risk"})):
        saved(town, name, parts=[{"measure": "flow", "with": given}])
    [part] = town.ask(running.run, "chf-01", name="one").parts
    assert part.chart.kind == "flow"
    here = {state.id: state.n_open for state in part.chart.flow.states if state.n_open}
    [group] = part.answer["groups"]
    assert here == {one["state"]: one["n_now"] for one in group["states"] if one["n_now"]}
    page = town.ask(document.written, "chf-01", name="one")["content"].decode()
    assert all(f">{n} there now<" in page for n in here.values())
    [parted] = town.ask(running.run, "chf-01", name="parted").parts
    assert (parted.chart, parted.refused) == (None, "")
    dispute = {"case_type": "dispute_mediation", "place": "示例一村", "what": "a wall"}
    parties = [{"role": "claimant"}, {"role": "respondent"}]
    town.do(filing.file_case, "dsp-01", **dispute, parties=parties)
    [several] = town.ask(running.run, "chf-01", name="one").parts
    assert (several.chart, several.refused, len(several.tables)) == (None, "", 3)


def test_as_of_a_past_instant_it_is_the_same_file_whatever_is_done_later(town: Town) -> None:
    asked = [
        {"name": name, "in_unit": "S-012", "form": form}
        for name in ("weekly", "unit-review")
        for form in forms(town)
    ]
    at = town.now
    before = [town.ask(document.written, "cnt-01", **given, as_of=at) for given in asked]
    for number in range(12, 16):
        ref = live(town, number)
    town.pass_(hours=1)
    town.do(correcting.correct, "dsp-01", ref=ref, seq=2, reason="another lamp", take_back=True)
    town.pass_(days=300)
    for given, then in zip(asked, before, strict=True):
        assert town.ask(document.written, "cnt-01", **given, as_of=at) == then
        if given["form"] == "html":
            assert town.ask(document.written, "cnt-01", **given)["content"] != then["content"]


def test_the_page_stands_alone_and_speaks_both_languages(town: Town) -> None:
    for lang, title in (("en", "Weekly page"), ("zh", "每周工作报告")):
        caller = town.engine.caller(person="chf-01", lang=lang)
        page = town.engine.read(document.written, caller, name="weekly")["content"].decode()
        assert f"<h1>{title}</h1>" in page
        assert "<svg" in page
        for away in ("<script", "<link", "src=", "href=", "url(http", "@import"):
            assert away not in page
        printed = town.engine.read(document.written, caller, name="weekly", form="pdf")["content"]
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
        assert title in words
        assert {"en": "Service request", "zh": "为民办实事"}[lang] in words


def test_what_people_wrote_is_text_on_a_page_and_no_formula_in_a_sheet(town: Town) -> None:
    saved(town, title="<b>&x", parts=[{"measure": "durations", "title": "=1+1"}])
    page = town.ask(document.written, "chf-01", name="ours")["content"].decode()
    assert "&lt;b&gt;&amp;x" in page
    sheet = town.ask(document.written, "chf-01", name="ours", form="csv")["content"].decode("utf-8-sig")
    assert ",'=1+1" in sheet


def test_a_part_of_the_county_asks_the_county(town: Town) -> None:
    saved(town, parts=[{"measure": "durations", "of": of} for of in ("unit", "county")])
    parts = town.ask(running.answered, "cnt-01", name="ours", in_unit="S-012")["parts"]
    assert [part["with"]["unit"] for part in parts] == ["S-012", "county-99"]
    n = [part["answer"]["n"] for part in parts]
    assert n[1] == 12
    assert n[0] == town.ask(durations, "cnt-01", filter={"unit": "S-012"})["n"]


# ---- open cases by name ------------------------------------------------------------------------------------------


def test_the_oldest_come_first_and_say_what_is_wrong_with_them(town: Town) -> None:
    told = town.ask(oldest, "chf-01", limit=3)
    ages = [item["age_s"] for item in told["items"]]
    assert len(ages) == 3
    assert ages == sorted(ages, reverse=True)
    assert told["n"] == 3 + told["n_more"]
    for item in told["items"]:
        filed = datetime.fromisoformat(item["filed_at"])
        assert item["age_s"] == int((town.now - filed).total_seconds())
        assert "unassigned" in item["why"]
        assert ("grave" in item["why"]) == (item["risk"] == "red")


def test_what_needs_a_decision_is_late_or_waits_for_a_leader_or_is_grave_and_nobodys(town: Town) -> None:
    every = {item["ref"]: set(item["why"]) for item in town.ask(oldest, "chf-01", limit=1000)["items"]}
    told = town.ask(deciding, "chf-01", limit=1000)
    wanted = {ref for ref, why in every.items() if why & {"late", "leader"} or why >= {"grave", "unassigned"}}
    assert {item["ref"] for item in told["items"]} == wanted
    assert wanted
    assert town.ask(deciding, "chf-01", public=True)["items"] == []


# ---- saving ----------------------------------------------------------------------------------------------------------


def test_saved_reports_are_listed_replaced_by_their_owner_and_deleted(town: Town) -> None:
    saved(town)
    listed = {item["name"]: item for item in town.ask(listing.list_reports, "chf-01")["items"]}
    assert list(listed) == ["unit-review", "weekly", "ours"]
    assert (listed["ours"]["saved_by"], listed["weekly"]["shipped"]) == ("chf-01", True)
    for service, more in ((report.save, {"body": {"title": "Mine", "parts": NEEDS}}), (report.remove, {})):
        with pytest.raises(Refused):
            town.do(service, "aux-07", name="ours", **more)
    town.do(report.save, "chf-01", name="ours", body={"title": "Anew", "parts": NEEDS})
    assert town.ask(listing.show_report, "chf-01", name="ours")["title"] == "Anew"
    town.do(report.remove, "adm-01", name="ours")  # who runs the house
    for service, name in ((running.answered, "ours"), (listing.show_report, "ours")):
        with pytest.raises(NotFound, match="FM-N730"):
            town.ask(service, "chf-01", name=name)
    with pytest.raises(NotFound, match="FM-N730"):
        town.do(report.remove, "chf-01", name="ours")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "unit-review"}, "FM-U735"),
        ({"name": "weekly", "form": "docx"}, "FM-U736"),
        ({"name": "weekly", "in_unit": "nowhere"}, "FM-U305"),
    ],
)
def test_what_cannot_be_run_is_said(town: Town, given: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        town.ask(document.written, "chf-01", **given)
    assert caught.value.code == code


# ---- both doors ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(shell: Shell, sqlite_template: Path) -> Shell:
    path: Path = shell.folder / "folkmoot.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        town = grown(store, "half a dozen requests", _six, lambda there: Town(there, seeded=True))
        shell.env["FOLKMOOT_NOW"] = town.now.isoformat()
    return shell


def _six(store: Store) -> Town:
    town = Town(store, now=BEGIN)
    for number in range(6):
        live(town, number)
    return town


@pytest.fixture
def client(office: Shell) -> Any:
    with Store.open(f"sqlite:///{office.folder / 'folkmoot.db'}") as store:
        town = Town(store, now=datetime.fromisoformat(office.env["FOLKMOOT_NOW"]), seeded=True)
        secret = town.do(token.create_token, "adm-01", person="chf-01", label="desk")["token"]
        with TestClient(create_app(town.engine), headers={"Authorization": f"Bearer {secret}"}) as made:
            yield made


BY = ("--as", "chf-01")


def test_both_doors_write_the_same_files(office: Shell, client: Any) -> None:
    at = (datetime.fromisoformat(office.env["FOLKMOOT_NOW"]) - timedelta(hours=1)).isoformat()
    for form in FORMS:
        said = office("report", "run", "weekly", "--format", form, "--to", f"w.{form}", "--as-of", at, *BY)
        assert (said.status, said.err) == (0, ""), said.err
        sent = {"format": form, "as_of": at}
        answer = client.post("/v1/reports/weekly/runs", json=sent)
        assert answer.status_code == 200
        assert answer.content == (office.folder / f"w.{form}").read_bytes()
    figures = office("report", "run", "weekly", "--as-of", at, "--json", *BY).json
    assert client.post("/v1/reports/weekly/runs", json={"as_of": at}).json() == figures


def test_a_report_is_taken_changed_and_saved_at_either_door(office: Shell, client: Any) -> None:
    written = office("report", "show", "weekly", *BY).out.replace("Weekly page", "Our page")
    (office.folder / "ours.yaml").write_text(written, "utf-8")
    dry = office("report", "save", "ours", "ours.yaml", "--dry-run", *BY)
    assert dry.status == 0
    assert client.get("/v1/reports/ours").status_code == 404
    assert office("report", "save", "ours", "ours.yaml", *BY).status == 0
    told = client.get("/v1/reports/ours").json()
    assert told["title"]["en"] == "Our page"
    body = {"title": "Theirs", "parts": [{"measure": "oldest"}]}
    assert client.put("/v1/reports/theirs", json=body).status_code == 200
    names = [item["name"] for item in office("report", "list", "--json", *BY).json["items"]]
    assert names == ["unit-review", "weekly", "ours", "theirs"]
    assert names == [item["name"] for item in client.get("/v1/reports").json()["items"]]
    assert client.delete("/v1/reports/theirs").json() == {"name": "theirs", "deleted": True}
    assert office("report", "delete", "ours", *BY).status == 0
    assert office("report", "show", "ours", *BY).status == 4


def test_a_file_that_is_there_is_not_replaced_and_stdout_takes_it_too(office: Shell) -> None:
    run = ("report", "run", "weekly", "--format", "csv", *BY)
    (office.folder / "w.csv").write_text("mine", "utf-8")
    said = office(*run, "--to", "w.csv")
    assert "FM-C057" in said.err
    assert "--to FILE" in said.err
    assert (office.folder / "w.csv").read_text("utf-8") == "mine"
    assert office.program(*run, "--to", "-").out.lstrip("\ufeff").startswith("Weekly page,")


def test_the_ending_of_the_file_says_what_is_written(office: Shell) -> None:
    assert office("report", "run", "weekly", *BY, "--to", "w.pdf").status == 0
    assert (office.folder / "w.pdf").read_bytes()[:5] == b"%PDF-"
    assert office("report", "run", "weekly", *BY, "--to", "w.CSV").status == 0
    assert (office.folder / "w.CSV").read_text("utf-8-sig").startswith("Weekly page,")
    for more, code in ((("w.txt",), "FM-U741"), (("x.pdf", "--format", "html"), "FM-U740")):
        said = office("report", "run", "weekly", *BY, "--to", *more)
        assert (said.status, code in said.err, (office.folder / more[0]).exists()) == (2, True, False)
    assert office("report", "run", "weekly", *BY, "--to", "w.txt", "--format", "html").status == 0


@pytest.mark.parametrize("more", [(), ("--to", "u.html"), ("--to", "-"), ("--format", "csv"), ("--json",)])
def test_rows_are_refused_before_a_page_is_written(office: Shell, more: tuple[str, ...]) -> None:
    before = sorted(office.folder.iterdir())
    for option, way_out in (("--csv", "--format csv"), ("--jsonl", "--json")):
        said = office("report", "run", "weekly", option, *more, *BY)
        assert said.status == 2
        assert f"Use {way_out}." in said.err + said.out
        assert sorted(office.folder.iterdir()) == before
    said = office("report", "run", "weekly", "--limit", "3", *more, *BY)
    assert (said.status, "FM-U071" in said.err + said.out) == (2, True)
    assert sorted(office.folder.iterdir()) == before


def test_a_page_says_which_cases_which_time_and_what_is_in(town: Town) -> None:
    given = {"name": "unit-review", "in_unit": "S-012"}
    for lang, said in (
        ("en", "wall time · 示例派出所 (S-012) · reported 2025-08-"),
        ("zh", "自然时间 · 示例派出所 (S-012) · 报案时间 2025-08-"),
    ):
        caller = town.engine.caller(person="cnt-01", lang=lang)
        page = town.engine.read(document.written, caller, **given)["content"].decode()
        assert said in page
        assert (
            "open cases are in · pauses are in" if lang == "en" else "在办案件已计入 · 中止时间已计入"
        ) in page
    assert [told.about for told in town.ask(running.run, "cnt-01", **given).parts][-1] == (
        "示例派出所 (S-012)",
    )


def test_a_folder_that_is_not_there_is_told_and_the_proposed_name_is_the_true_one(office: Shell) -> None:
    run = ("report", "run", "unit-review", "--unit", "S-012", *BY)
    said = office(*run, "--to", "nowhere/x.html")
    assert ("FM-U378" in said.err, "FM-X001" in said.err) == (True, False)
    there = office(*run, "--json", "--to", "-")
    assert there.status == 0
    for _ in range(2):
        said = office(*run)
    [made] = office.folder.glob("unit-review-S-012-*.html")
    assert made.name in " ".join(said.err.split())


def test_what_is_wrong_with_a_text_is_told_with_its_place_at_either_door(office: Shell, client: Any) -> None:
    body = {"title": "Ours", "parts": [{"measure": "speed"}]}
    answer = client.put("/v1/reports/ours", json=body)
    assert answer.status_code == 422
    assert answer.json()["reasons"][0]["pointer"] == "/parts/0/measure"
    said = office("report", "save", "ours", "-", *BY, feed="title: Ours\nparts: [{measure: speed}]\n")
    assert said.status == 2
    assert "/parts/0/measure" in said.err
    garbled = office("report", "save", "ours", "-", *BY, feed="title: [")
    assert "FM-U739" in garbled.err
