"""Registers through the engine: times kept, rows rejected with their place, no row twice, batches withdrawn."""

import pytest
import yaml

from engine.analytics.durations import durations
from engine.domain.errors import Conflict, Unsound
from engine.machine.fold import fold
from engine.machine.program import Program, compile_definition
from engine.persistence.case_store import find_case, history
from engine.persistence.store import Store
from engine.service import acting, importing, query, worker
from tests.support.register import MAP, ROWS, bring
from tests.support.town import Town
from workflows.shipped import definitions, vocabulary


def _program() -> Program:
    shipped = {one.definition.case_type: one.definition for one in definitions()}
    return compile_definition(shipped["service_request"], "", vocabulary())


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, people=False)


def test_rows_land_or_are_rejected_with_code_and_column(town: Town) -> None:
    landed, _ = bring(town)
    assert (landed.read, landed.closed, landed.open) == (10, 3, 1)
    assert [(r.row, r.code, r.column) for r in landed.rejects] == [
        (6, "FM-I004", "CloseDate"),
        (7, "FM-I017", "CreatedDate"),
        (8, "FM-I006", "SRStatus"),
        (9, "FM-I014", "CloseDate"),
        (10, "FM-I007", "SRRecordID"),
        (11, "FM-I016", "SRRecordID"),
    ]


def test_the_original_times_are_kept_and_folding_gives_the_case(town: Town) -> None:
    bring(town)
    found = town.ask(query.list_cases, "adm", filter={"external": "baltimore-311:1"})["items"]
    assert found[0]["filed_at"] == "2018-01-05T14:00:00Z"  # 9 in the morning in Baltimore
    assert found[0]["closed_at"] == "2018-01-06T14:00:00Z"
    ref = found[0]["ref"]
    assert ref.startswith("18-")

    def same(unit: object) -> bool:
        row = find_case(unit, ref)
        assert row is not None
        return fold([e.event for e in history(unit, row.id)]) == row.body

    assert town.engine.store.read(same)


def test_one_that_closes_the_second_it_opens_counts_and_an_open_one_stays_open(town: Town) -> None:
    bring(town)
    answer = town.ask(durations, "adm", clock="first_resolution")
    group = answer["groups"][0]
    assert (answer["n"], answer["n_open"]) == (4, 1)
    # 0 s, 24 h and 48 h are closed; the open one has waited for years
    assert group["closed"]["p50_s"] is None, "of three that ended no percentile is told"
    assert group["km"] == {"p50_s": 86_400, "p80_s": None, "p90_s": None}


def test_a_second_run_adds_nothing(town: Town) -> None:
    bring(town)
    again, _ = bring(town)
    assert (again.landed, again.unchanged) == (0, 4)
    assert town.ask(query.list_cases, "adm")["count"] == 4


def test_a_row_that_says_something_else_now_is_told_and_the_case_stays(town: Town) -> None:
    bring(town)
    again, _ = bring(town, ROWS.replace(b"Street Light Out", b"Street Light Broken"))
    assert next((r.row, r.code) for r in again.rejects) == (2, "FM-I008")


def test_clocks_judge_silently_unless_live(town: Town) -> None:
    bring(town)
    assert town.do(worker.sweep, "system")["fired"] == 0
    assert town.ask(query.list_cases, "adm", filter={"late": True})["count"] == 1


def test_live_clocks_alarm(town: Town) -> None:
    bring(town, live=True)
    assert town.do(worker.sweep, "system")["fired"] > 0


class TestWithdrawing:
    def test_a_batch_goes_while_nobody_worked_on_it(self, town: Town) -> None:
        _, batch = bring(town)
        assert town.do(importing.withdraw, "adm", batch=f"B-{batch}")["withdrawn"] == 4
        assert town.ask(query.list_cases, "adm")["count"] == 0
        assert bring(town)[0].landed == 4

    def test_work_on_one_case_keeps_the_batch(self, town: Town) -> None:
        _, batch = bring(town)
        ref = town.ask(query.list_cases, "adm", filter={"open": True})["items"][0]["ref"]
        town.do(acting.note, "adm", ref=ref, text="looked at")
        with pytest.raises(Conflict) as refused:
            town.do(importing.withdraw, "adm", batch=f"B-{batch}")
        assert refused.value.code == "FM-C008"
        assert ref in refused.value.first.params["refs"]


class TestMaps:
    def test_every_fault_of_a_map_is_named(self) -> None:
        with pytest.raises(Unsound) as wrong:
            importing.read_mapping("source: x\nzone: Nowhere/City\ncolour: red\n")
        places = {r.params["place"] for r in wrong.value.reasons}
        assert {"zone", "colour", "case_type", "status"} <= places

    def test_names_the_register_or_the_case_type_lacks(self, town: Town) -> None:
        text = MAP.replace("Closed: closed", "Closed: gone").replace("CloseDate", "Closing")
        with pytest.raises(Unsound) as wrong:
            bring(town, text=text)
        assert {(r.params["what"], r.params["name"]) for r in wrong.value.reasons} == {
            ("column", "Closing"),
            ("state", "gone"),
        }
        known = next(r.params["known"] for r in wrong.value.reasons if r.params["what"] == "state")
        assert known.split(", ") == list(_program().outline.leaves)

    def test_a_register_in_gb18030_is_read_and_said_so(self) -> None:
        content = "编号,登记时间\n1,2026-01-05 09:00\n".encode("gb18030")
        register = importing.read_register("登记.csv", content)
        assert (register.header, register.encoding) == (("编号", "登记时间"), "GB18030")

    def test_a_sketch_guesses_what_can_be_guessed(self) -> None:
        made = importing.sketch(importing.read_register("like.csv", ROWS))
        assert "filed: 'CreatedDate'" in made
        assert "'%m/%d/%Y %I:%M:%S %p'" in made
        assert "column: 'SRStatus'" in made
        assert importing.asked(made) > 0
        assert "# Columns without a use yet: " in made

    def test_a_sketch_for_a_case_type_lists_its_states_and_outcomes(self) -> None:
        program = _program()
        register = importing.read_register("like.csv", ROWS)
        made = importing.sketch(register, program)
        assert yaml.safe_load(made)["case_type"] == "service_request"
        said = " ".join(line.removeprefix("# ") for line in made.splitlines() if line.startswith("#"))
        assert all(name in said for name in (*program.outline.leaves, *program.definition.outcomes))
        used = yaml.safe_load(made)
        assert used["filed"] not in said.partition("Columns without a use yet")[2]
        assert importing.asked(made) == importing.asked(importing.sketch(register)) - 1


def test_nothing_from_the_future_lands(town: Town) -> None:
    landed, _ = bring(town, ROWS.replace(b"01/08/2018", b"01/08/2030"))
    assert (landed.open, [r.row for r in landed.rejects if r.code == "FM-I013"]) == (0, [4])


def test_a_place_that_the_spreadsheet_shortened_is_told_so(town: Town) -> None:
    """2.30125E+11 is no unknown place: the register itself has lost it."""
    landed, _ = bring(town, ROWS.replace(b",Northern", b",2.30125E+11", 1))
    told = {(r.row, r.code, r.column) for r in landed.rejects}
    assert (2, "FM-I003", "PoliceDistrict") in told


def test_a_batch_is_called_after_its_register_and_an_empty_one_goes(town: Town) -> None:
    mapping = importing.read_mapping(MAP)
    register = importing.read_register("like.csv", ROWS)
    given = {"mapping": mapping, "header": register.header, "register": register.name}
    bring(town)
    batch = town.do(importing.open_batch, "adm", name="map.yaml", **given)["batch"]
    names = [item["name"] for item in town.ask(importing.list_batches, "adm")["items"]]
    assert names == ["like.csv", "like.csv"]
    again = town.do(
        importing.land,
        "adm",
        batch=batch,
        mapping=mapping,
        register=register,
        cases=importing.cases_in(register, mapping),
    )
    assert (again.landed, again.unchanged) == (0, 4)
    assert town.do(importing.drop_empty, "adm", batch=batch) is True
    (left,) = town.ask(importing.list_batches, "adm")["items"]
    assert town.do(importing.drop_empty, "adm", batch=int(left["batch"][2:])) is False
    assert town.ask(importing.list_batches, "adm")["count"] == 1
