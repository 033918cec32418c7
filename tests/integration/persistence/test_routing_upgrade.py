"""An upgrade finds again what events and cases had told before there were rows for it."""

import json
from pathlib import Path

from sqlalchemy import create_engine, text

from engine.domain.likeness import party_keys
from engine.persistence import address, picks, schema
from engine.persistence.schema import SHIPPED
from tests.support import stored_case as sample

BEFORE = 7
PARTIES = [
    {"no": "P1", "role": "claimant", "active": True, "name": "Li  Na", "person": "aux-07", "fields": {}},
    {"no": "P2", "role": "respondent", "active": False, "name": "李娜", "fields": {}},
    {"no": "P3", "role": "respondent", "active": True, "fields": {}},
]
EVENT = {
    "seq": 2,
    "act": "assign_handler",
    "at": "2026-11-23T00:21:00Z",
    "changes": [
        {"do": "unseat", "seat": "handler", "person": "off-01"},
        {
            "do": "seat",
            "seat": "handler",
            "person": "off-05",
            "accepted": True,
            "decision": {
                "by": "engine", "unit": "O-1", "rule": "nearest-1", "reason": "least_load",
                "excluded": [{"person": "off-03", "because": "away", "params": {}}],
            },
        },
        {"do": "incident", "what": "nobody_found", "seat": "mediator", "decision": {"rule": "nearest-1"}},
    ],
}  # fmt: skip


def test_decisions_and_parties_that_were_there_get_their_rows(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    place = address.parse(f"sqlite:///{tmp_path / 'old.db'}")
    schema.migrate(place, plan=schema.Plan(BEFORE, SHIPPED.folders))
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO case_file (id, ref, case_type, definition, version, state, phase, place, unit, channel,"
                " cycle, filed_at, entered_at, head, body) VALUES (1, '26-00001-0', 't', 'abc', 2, 's', 'work', 'p', 'u',"
                " 'desk', 1, '2026-11-23 00:00:00', '2026-11-23 00:00:00', :head, :body)"
            ),
            {"head": b"x", "body": json.dumps({"parties": PARTIES})},
        )
        connection.execute(
            text(
                "INSERT INTO event (case_id, seq, act, actor, at, recorded_at, hash, body) VALUES (1, 2, 'a', 'b',"
                " '2026-11-23 00:21:00', '2026-11-23 00:21:00', :head, :body)"
            ),
            {"head": b"x", "body": json.dumps(EVENT, separators=(",", ":"))},
        )
    schema.upgrade(place, now=sample.START)
    with engine.begin() as connection:
        parties = connection.execute(text("SELECT no, key, active FROM case_party")).all()
        made = connection.execute(text("SELECT * FROM seat_pick ORDER BY n")).mappings().all()
    engine.dispose()
    wanted = {(p["no"], key, int(p["active"])) for p in PARTIES for key in party_keys(p)}
    assert {tuple(row) for row in parties} == wanted
    assert len(wanted) == 3, "a code and a name, a name, nothing"
    assert [dict(row) for row in made] == [
        {"case_id": 1, **row, "at": "2026-11-23 00:21:00.000000"} for row in picks.picks(EVENT)
    ]
    assert [(row["person"], row["picked_by"], row["excluded"]) for row in made] == [
        ("off-05", "engine", '[["off-03", "away"]]'), (None, "engine", "[]"),
    ]  # fmt: skip


def test_a_name_is_known_again_however_it_is_spaced() -> None:
    assert list(party_keys({"name": "Li  Na"})) == list(party_keys({"name": "ｌｉ na"}))
    assert list(party_keys({"name": "Li Na"})) != list(party_keys({"person": "lina"}))
    assert list(party_keys({"name": "  "})) == []
