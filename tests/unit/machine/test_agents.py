"""Whom a party may send: its role says of which kind, a field of a record tells the kind."""

import pytest

from tests.support.small import SMALL, Player, codes, compiled

TEXT = SMALL.replace(
    "  roles: {claimant: {}, respondent: {}}",
    "  roles: {claimant: {agents: [guardian, attorney]}, respondent: {agents: [guardian]}, helper: {}}",
).replace(
    "  paper: {fields:",
    "  power: {per: party, agent: kind, by: [officer], in: [asking],\n"
    "    fields: {kind: {type: choice, of: [guardian, attorney]}, name: text?}}\n"
    "  paper: {fields:",
)


@pytest.fixture
def player() -> Player:
    found = Player(compiled(TEXT))
    found.file()
    assert found.act("add_party", parties=[{"role": "helper", "age": 40}]).moved
    assert found.act("ask", fields={"risk": "yellow"}, note="go").moved
    return found


@pytest.mark.parametrize(("party", "kind"), [("P1", "guardian"), ("P1", "attorney"), ("P2", "guardian")])
def test_a_kind_that_the_role_admits_is_recorded(player: Player, party: str, kind: str) -> None:
    assert player.act("add_power", records={"power": [{"party": party, "kind": kind}]}).moved


def test_another_kind_is_refused_with_those_that_are_admitted(player: Player) -> None:
    decision = player.act("add_power", records={"power": [{"party": "P2", "kind": "attorney"}]})
    [reason] = decision.reasons
    assert (reason.code, reason.pointer) == ("FM-R217", "/records/power/0/kind")
    assert (reason.params["given"], reason.params["admitted"]) == ("attorney", "guardian")


def test_a_role_without_agents_acts_by_itself(player: Player) -> None:
    decision = player.act("add_power", records={"power": [{"party": "P3", "kind": "guardian"}]})
    assert codes(decision) == ["FM-R217"]
    assert decision.reasons[0].params["admitted"] == "-"


def test_what_is_no_kind_at_all_is_told_as_that(player: Player) -> None:
    assert codes(player.act("add_power", records={"power": [{"party": "P2", "kind": "uncle"}]})) == [
        "FM-R303"
    ]
