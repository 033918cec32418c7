"""Whoever lets the engine fill a seat that nobody can take is refused at every door, and nothing is written: because all
are out (FM-R561), or because the tables do not answer (FM-R510 to R513)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.service import leave
from engine.service.routing import tables
from tests.support.commandline import Shell
from tests.support.office import MEDIATED, Office
from tests.support.town import Town

SHEET = """case_type: dispute_mediation
title: Who mediates
version: "2031.1"
tables:
  mediator:
    title: Who mediates
    for: mediator
"""
UNKNOWN = f"""{SHEET}    hit: first
    inputs: {{agency: agency}}
    rules: [{{id: court-1, if: {{agency: court}}, then: {{weight: 3}}, because: the court sent it}}]
    else: {{then: {{weight: 1}}, because: any of them}}
"""
UNFIT = f"""{SHEET}    hit: first
    inputs: {{sides: parties.size()}}
    rules: []
    else: {{then: {{weight: {{cel: 'parties.size() - 3'}}}}, because: by how many they are}}
"""


@pytest.fixture
def typed(office: Office, shell: Shell, tmp_path: Path) -> Any:
    """The office as typed."""

    def run(*args: str) -> Any:
        there = {
            "FOLKMOOT_DATABASE_URL": f"sqlite:///{tmp_path / 'office.db'}",
            "FOLKMOOT_NOW": "2026-11-23T09:00:00+08:00",
        }
        return shell(*args, env=there)

    return run


def in_force(town: Town, sheet: str) -> None:
    town.do(tables.activate, "adm-01", text=sheet, start=town.now.date())


def version(office: Office) -> int:
    return int(office.get(f"/v1/cases/{MEDIATED}", by="dir-02").json()["version"])


def asked(office: Office, **body: Any) -> Any:
    return office.post(
        f"/v1/cases/{MEDIATED}/assignments", {"seat": "mediator", "auto": True, **body}, by="dir-02"
    )


TYPED = ("case", "assign", MEDIATED, "--seat", "mediator", "--auto", "--as", "dir-02")
ADDRESS = f"POST /v1/cases/{MEDIATED}/assignments"


class TestNobody:
    @pytest.fixture(autouse=True)
    def away(self, office: Office) -> None:
        office.town.do(leave.away, "chf-01", persons=["med-12", "med-13"], until=date(2026, 11, 25))

    def test_typed(self, office: Office, typed: Any) -> None:
        before = version(office)
        for more in ((), ("--dry-run",)):
            said = typed(*TYPED, *more)
            assert (said.status, "FM-R561" in said.err) == (3, True)
        assert "Nobody can take the seat Mediator: 2 considered, 2 away" in " ".join(said.err.split())
        assert f"case assign {MEDIATED} PERSON --seat mediator" in " ".join(said.err.split())
        assert "无人可派:考察 2 人" in "".join(typed(*TYPED, "--lang", "zh").err.split()).replace(
            "考察2人", "考察 2 人"
        )
        assert version(office) == before
        assert typed("case", "assign", MEDIATED, "med-12", "--seat", "mediator", "--as", "dir-02").status == 3
        office.town.do(leave.back, "chf-01", persons=["med-12"])
        assert typed(*TYPED).status == 0

    def test_over_http(self, office: Office) -> None:
        before = version(office)
        told = office.refused(asked(office), 422, "FM-R561")
        [reason] = told["reasons"]
        assert (reason["kind"], reason["params"]["seat"], reason["params"]["considered"]) == (
            "seat",
            "mediator",
            2,
        )
        assert told["detail"].startswith("Nobody can take the seat Mediator: 2 considered, 2 away")
        assert "Name somebody in `person`, with `seat` mediator." in told["detail"]
        assert version(office) == before
        office.town.do(leave.back, "chf-01", persons=["med-12"])
        assert asked(office).json()["assignment"]["person"] == "med-12"


class TestTablesDoNotAnswer:
    @pytest.mark.parametrize(
        ("sheet", "code", "why"),
        [
            (UNKNOWN, "FM-R511", "rule court-1 asks for agency, which is not known yet."),
            (UNFIT, "FM-R513", "rule else works out `-1` for weight, which will not do."),
        ],
    )
    def test_both_doors_say_why_and_the_way_out_is_whole(
        self, office: Office, typed: Any, sheet: str, code: str, why: str
    ) -> None:
        in_force(office.town, sheet)
        before = version(office)
        said = typed(*TYPED)
        assert (said.status, code in said.err) == (3, True)
        read = " ".join(said.err.split())
        assert why in read
        assert f"or name a person: case assign {MEDIATED} PERSON --seat mediator." in read
        told = office.refused(asked(office), 422, code)
        assert why in told["detail"]
        assert f'or name a person: {ADDRESS} (`"person"`, `"seat": "mediator"`).' in told["detail"]
        assert "{" not in told["detail"]
        chinese = office.send(
            "POST",
            f"/v1/cases/{MEDIATED}/assignments",
            "dir-02",
            json={"seat": "mediator", "auto": True},
            headers={"Accept-Language": "zh"},
        ).json()["detail"]
        assert f'或自行指定人员:{ADDRESS} (`"person"`, `"seat": "mediator"`)。' in chinese
        assert version(office) == before
        assert asked(office, auto=False, person="med-13").json()["assignment"]["person"] == "med-13"
