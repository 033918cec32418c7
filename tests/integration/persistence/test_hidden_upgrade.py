"""An upgrade looks through the cases that are there: whom they name does not see them from then on."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from engine.persistence import address, schema
from engine.persistence.schema import SHIPPED
from tests.support import stored_case as sample

BEFORE = 6
BODY = {
    "fields": {
        "accused": {"kind": "person", "hides": "unit"},
        "complained_of": {"kind": "person", "hides": "person"},
    }
}
CASE = (
    "INSERT INTO case_file (id, ref, case_type, definition, version, state, phase, place, unit, channel, cycle,"
    " filed_at, entered_at, head, body) VALUES (:id, :ref, 't', 'abc', 1, 's', 'work', 'p', 'u', 'desk', 1,"
    " '2026-11-23 00:00:00', '2026-11-23 00:00:00', :head, :body)"
)


def test_cases_that_name_somebody_are_hidden_from_him_and_his_house(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    place = address.parse(f"sqlite:///{tmp_path / 'old.db'}")
    schema.migrate(place, plan=schema.Plan(BEFORE, SHIPPED.folders))
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        _fill(connection)
    schema.upgrade(place, now=sample.START)
    with engine.begin() as connection:
        rows = connection.execute(
            text("SELECT case_id, person, house FROM case_hidden ORDER BY 1, 2, 3")
        ).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [
        (1, "off-05", ""), (1, "off-05", "S-1"), (2, "aux-07", ""),
    ]  # fmt: skip


def _fill(connection: Any) -> None:
    connection.execute(
        text(
            "INSERT INTO definition (hash, case_type, version, status, effective_from, added_at, body, source, translations)"
            " VALUES ('abc', 't', '1', 'active', '2020-01-01', '2020-01-01 00:00:00', :body, '', '{}')"
        ),
        {"body": json.dumps(BODY)},
    )
    for code, parent, desk in (("C-1", None, 1), ("S-1", "C-1", 1), ("O-1", "S-1", 0)):
        connection.execute(
            text(
                "INSERT INTO unit (code, name, level, parent, desk, volunteers) VALUES (:c, :c, 'x', :p, :d, 0)"
            ),
            {"c": code, "p": parent, "d": desk},
        )
    connection.execute(
        text(
            "INSERT INTO appointment (person, role, unit, since, basis) VALUES ('off-05', 'officer', 'O-1', '2020-01-01', '')"
        )
    )
    for number, fields in enumerate(
        ({"accused": "off-05"}, {"complained_of": "aux-07"}, {"accused": None}), start=1
    ):
        given = {
            "id": number,
            "ref": f"26-0000{number}-0",
            "head": b"x",
            "body": json.dumps({"fields": fields}),
        }
        connection.execute(text(CASE), given)
