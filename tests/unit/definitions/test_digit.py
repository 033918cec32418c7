"""Workflows of DIGIT: counted, their defects found, and taken over as far as they fit."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.analysis import analyse
from engine.definitions.digit import Service, read_digit
from engine.definitions.drawing import svg
from engine.definitions.emit import emit
from engine.definitions.load import loads
from engine.definitions.model import Definition, FireEffect, Vocabulary
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording

DATA = Path(__file__).parents[2] / "data" / "digit"
FILES = ("pgr", "pgr-ccrs", "fsm", "property-mutation")


def service(name: str) -> Service:
    file = DATA / f"{name}.json"
    (found,) = read_digit(file.read_bytes(), file.name)
    return found


def definition(name: str) -> Definition:
    found = service(name).definition
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "states", "actions", "terminal", "sla"),
    [("pgr", 8, 11, 4, 120), ("pgr-ccrs", 11, 20, 6, 120), ("fsm", 11, 21, 3, 48), ("property-mutation", 8, 9, 2, None)],
)  # fmt: skip
def test_counts(name: str, states: int, actions: int, terminal: int, sla: int | None) -> None:
    assert service(name).counts == {"states": states, "actions": actions, "terminal": terminal, "sla": sla}


def told(name: str) -> list[tuple[str, Any]]:
    found = service(name).findings
    return sorted({(f.code, f.params.get("name") or f.params.get("found") or f.detail) for f in found})


class TestDefects:
    def test_actions_of_terminal_states(self) -> None:
        assert told("pgr") == [("FM-D204", "REJECTED"), ("FM-D204", "RESOLVED")]
        assert sum(f.code == "FM-D204" for f in service("pgr").findings) == 4

    def test_placeholders_server_ids_and_states_nobody_reaches(self) -> None:
        assert told("pgr-ccrs") == [
            ("FM-D001", "{tenantid}"),
            ("FM-D102", "ce08d758-1788-4b56-b1ec-91db449d41a4"),
            ("FM-D201", "CANCELLED"),
            ("FM-D201", "RESOLVEDBYSUPERVISOR"),
            ("FM-D204", "REJECTED"),
            ("FM-D204", "RESOLVED"),
        ]

    def test_two_starts_and_no_limit(self) -> None:
        found = service("property-mutation").findings
        assert [(f.code, f.detail) for f in found] == [("FM-D001", "yaml.two_initial"), ("FM-D507", None)]
        assert found[0].params == {"first": "start", "second": "OPEN"}

    def test_one_file_is_sound(self) -> None:
        assert service("fsm").findings == []
        assert [service(name).sound for name in FILES] == [False, False, True, False]

    def test_what_has_no_counterpart_is_named(self) -> None:
        assert {"active", "notifications"} <= set(service("pgr-ccrs").left_out)
        assert "active" not in service("pgr").left_out

    def test_every_finding_in_both_languages(self) -> None:
        for name in FILES:
            for found in service(name).findings:
                assert found.message("en")
                assert found.message("zh") != found.message("en")


class TestDefinitions:
    @pytest.mark.parametrize("name", FILES)
    def test_written_out_it_loads_as_the_same(self, name: str) -> None:
        made = definition(name)
        again = loads(emit(made))
        assert again.findings == []
        assert again.definition == made

    def test_states_and_acts(self) -> None:
        outline = Outline(definition("fsm"))
        assert len(outline.leaves) == 11
        assert {leaf for leaf, _ in outline.moves} == set(outline.leaves) - {
            "completed",
            "rejected",
            "canceled",
        }
        assert [edge.transition.dest[0].to for key, edge in outline.moves.items() if key[1] == "pay"] == [
            "assing_dso"
        ]

    def test_limits_become_clocks(self) -> None:
        made = definition("pgr")
        assert {name: clock.within for name, clock in made.clocks.items()} == {
            "service": "120 h",
            "in_pendingatlme": "72 h",
        }
        escalated = definition("pgr-ccrs").clocks["in_pendingatlme"]
        assert escalated.within == "5 min"
        assert escalated.at == {"due": (FireEffect(trigger="forward"),)}

    def test_an_action_to_its_own_state_stays(self) -> None:
        comments = [t for t in definition("pgr-ccrs").transitions if t.trigger == "comment"]
        assert [t.dest[0].to for t in comments] == ["stay"]
        assert len(comments[0].source) == 5

    def test_the_analysis_finds_the_same_in_the_definition(self) -> None:
        roles = {
            who: Vocabulary.Role(title=who)
            for name in FILES
            for t in definition(name).transitions
            for who in t.allow
        }
        words = Vocabulary(roles=roles, levels={}, links={}, classes={})
        codes = {
            n: {f.code for f in analyse(Outline(definition(n)), vocabulary=words).findings} for n in FILES
        }
        assert [n for n in FILES if "FM-D204" in codes[n]] == ["pgr", "pgr-ccrs"]
        assert [n for n in FILES if "FM-D201" in codes[n]] == ["pgr-ccrs"]

    def test_it_can_be_drawn(self) -> None:
        assert "Pendingatlme" in svg(Wording(Outline(definition("pgr"))))


class TestAnyInput:
    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"{", b"null", b'{"BusinessServices": 3}', b"\xff", b"[" * 100_000]
    )
    def test_no_services(self, content: bytes) -> None:
        (found,) = read_digit(content, "x.json")
        assert [f.detail for f in found.findings] == ["digit.no_services"]
        assert not found.sound

    VALUE = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([])
    ACTION = st.dictionaries(st.sampled_from(["action", "nextState", "roles", "currentState"]), VALUE)
    STATE = st.fixed_dictionaries(
        {"actions": VALUE | st.lists(ACTION, max_size=3)},
        optional=dict.fromkeys(("state", "sla", "isStartState", "isTerminateState"), VALUE),
    )

    @given(
        st.fixed_dictionaries(
            {"states": st.lists(STATE, max_size=4)},
            optional={"businessServiceSla": VALUE, "businessService": VALUE},
        )
    )
    def test_whatever_stands_there(self, content: dict[str, Any]) -> None:
        (found,) = read_digit(json.dumps({"BusinessServices": [content]}).encode(), "x.json")
        assert found.counts["states"] == len(content["states"])
        assert found.definition is not None or found.findings
