"""The figures drawn over HTTP: the same address, another kind of answer."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from engine.analytics import chart
from tests.support.office import Office

DURATIONS = "/v1/stats/durations"
KINDS = {"svg": "image/svg+xml", "png": "image/png", "json": "application/vnd.folkmoot.chart+json"}


@pytest.mark.parametrize("form", KINDS)
def test_each_kind(office: Office, form: str) -> None:
    answer = office.get(f"{DURATIONS}?chart={form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == KINDS[form]
    assert answer.headers["content-disposition"] == f"inline; filename*=UTF-8''durations.{form}"
    assert answer.headers["etag"]


def test_a_drawing_runs_nothing_and_speaks_the_language_asked(office: Office) -> None:
    answer = office.get(f"{DURATIONS}?chart=svg&by=unit", headers={"Accept-Language": "zh"})
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-language"] == "zh"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own drawing
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "报案后各时点的办结比例"


def test_a_page_gets_what_the_schema_says(office: Office) -> None:
    import json

    got = office.get(f"{DURATIONS}?chart=json").json()
    Draft202012Validator(json.loads((Path(chart.__file__).parent / "schema.json").read_text())).validate(got)
    assert got["chart"] == "folkmoot/1"
    assert got["kind"] == "survival"


def test_figures_come_where_no_chart_is_asked(office: Office) -> None:
    answer = office.get(DURATIONS).json()
    assert answer["clock"] == "first_resolution"
    assert all("curve" not in group for group in answer["groups"])


def test_another_form_is_refused(office: Office) -> None:
    office.refused(office.get(f"{DURATIONS}?chart=gif"), 422, "FM-U006")
