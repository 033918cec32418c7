"""What the generated acts take stands in their input schemas, and what fits them is taken."""

from typing import Any

import jsonschema
import pytest

from tests.support.web import SCREENED, Web


def form(web: Web, ref: str, act: str) -> dict[str, Any]:
    schema: dict[str, Any] = web.get(f"/v1/cases/{ref}/next/{act}").json()["items"][0]["input"]
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


@pytest.fixture
def ref(web: Web) -> str:
    made = web.file()
    web.act(made, "screen", SCREENED)
    for role in ("claimant", "respondent"):
        assert web.act(made, "add_party", {"parties": [{"role": role}]}).status_code == 200
    return made


class TestParties:
    def test_one_that_joins(self, web: Web, ref: str) -> None:
        schema = form(web, ref, "add_party")
        item = schema["properties"]["parties"]["items"]
        assert schema["required"] == ["parties"]
        assert {"claimant", "respondent"} <= set(item["properties"]["role"]["enum"])
        assert item["properties"]["role"]["options"]["claimant"]["zh"]
        assert item["properties"]["age"]["type"] == "integer"
        sent = {"parties": [{"role": "third_party", "name": "c", "age": 15}]}
        jsonschema.validate(sent, schema)
        assert web.act(ref, "add_party", sent).status_code == 200
        wrong = {"parties": [{"role": "third_party", "height": 3}]}
        assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)
        assert web.act(ref, "add_party", wrong).status_code == 422

    def test_one_that_changes(self, web: Web, ref: str) -> None:
        schema = form(web, ref, "change_party")
        assert schema["properties"]["parties"]["items"]["properties"]["no"]["enum"] == ["P1", "P2"]
        sent = {"parties": [{"no": "P2", "name": "b", "age": 40}]}
        jsonschema.validate(sent, schema)
        assert web.act(ref, "change_party", sent).status_code == 200

    def test_one_that_leaves(self, web: Web, ref: str) -> None:
        web.act(ref, "add_party", {"parties": [{"role": "claimant"}]})
        schema = form(web, ref, "party_leaves")
        assert schema["properties"]["item"]["enum"] == ["P1", "P2", "P3"]
        assert schema["required"] == ["item"]
        assert web.act(ref, "party_leaves", {"item": "P3"}).status_code == 200
