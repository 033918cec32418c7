"""What is offered where a case stands: nothing without an object, and to each what is theirs."""

from engine.machine.move import open_acts
from tests.support.small import Player


def test_an_act_without_an_object_is_not_offered() -> None:
    play = Player()
    play.to_work()
    assert play.state is not None
    acts = open_acts(play.program, play.state)
    assert not {"accept_judge", "decline_judge", "handback_judge", "sign_paper"} & set(acts)
    play.act("name_judge", seats={"judge": ["eve"]})
    play.act("add_paper", records={"paper": [{"terms": "peace"}]})
    assert {"accept_judge", "decline_judge", "handback_judge", "sign_paper"} <= set(
        open_acts(play.program, play.state)
    )


def test_the_way_out_names_what_this_actor_may_do() -> None:
    play = Player()
    play.to_work()
    mine = play.act("go_on", actor="ann").reasons[0].way_out
    theirs = play.act("go_on", actor="eve").reasons[0].way_out
    assert "rest" in mine
    assert "rest" not in theirs
    assert "note" in theirs
