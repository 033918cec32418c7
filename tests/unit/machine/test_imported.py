"""A workflow of another system that is sound runs here as it stands: from its start to each of its ends."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.canonical import content_hash
from engine.definitions.digit import read_digit
from engine.machine.fold import fold
from engine.machine.move import open_acts
from engine.machine.program import Program, compile_definition
from tests.support.small import Player

FILE = Path(__file__).parents[2] / "data" / "digit" / "fsm.json"
ENDS = {"completed", "rejected", "canceled"}


def program() -> Program:
    definition = read_digit(FILE.read_bytes(), "fsm.json")[0].definition
    assert definition is not None
    return compile_definition(definition, content_hash(definition))


class Tripper(Player):
    """Everybody at once: each act is done by whoever it is for."""

    def choose(self, data: st.DataObject) -> None:
        assert self.state is not None
        written = [a for a in open_acts(self.program, self.state) if a in self.program.outline.triggers]
        act = data.draw(st.sampled_from(written))
        edge = self.program.outline.moves[self.leaf, act]
        who = edge.transition.allow[0]
        self.roles = {"somebody": {who}}
        actor = "ann" if who == "reporter" else "somebody"
        asked = {ask.name for ask in edge.transition.asks}
        decision = self.act(act, actor=actor, **({"note": "because"} if "note" in asked else {}))
        assert decision.moved, decision.reasons


@given(st.data())
def test_every_walk_goes_on_and_folds(data: st.DataObject) -> None:
    play = Tripper(program())
    assert play.file(parties=0).moved
    assert play.state is not None
    play.state["reporter"] = {"person": "ann"}
    first = play.events[0]["changes"][0]["case"]
    first["reporter"] = {"person": "ann"}
    for _ in range(12):
        if play.leaf in ENDS:
            break
        play.choose(data)
    assert fold(play.events) == play.state


def test_the_shortest_way_ends() -> None:
    play = Player(program())
    play.file(parties=0)
    play.roles = {"ann": {"fsm_creator_emp", "fsm_admin", "fsm_editor_emp"}}
    for act in ("apply", "reject"):
        assert play.act(act, note="no tank there").moved, act
    assert play.leaf == "rejected"
