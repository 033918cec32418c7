"""Seats by lot: a recorded seed over a recorded pool, too few, vacancies, who is never drawn."""

from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any

from engine.machine.command import Pool, SeatAsked
from engine.machine.lot import drawn, replayed
from engine.machine.program import Program
from tests.support.small import SMALL, Player, codes, compiled

PANEL = (
    SMALL.replace(
        "  judge: {of: [elder], count: 1..2, accept: true}",
        "  judge: {of: [elder], count: 1..2, accept: true}\n"
        "  panel: {of: [elder], count: 3}\n"
        "  chair: {of: [panel]}\n"
        "  scribe: {of: [panel]}",
    )
    .replace(
        "  - {trigger: rest,",
        "  - {trigger: draw_panel, source: work, allow: [officer], effects: [{seat: panel, by: lot}]}\n"
        "  - {trigger: draw_chair, source: work, allow: [officer], effects: [{seat: chair, by: lot}]}\n"
        "  - {trigger: elect, source: work, allow: [officer], asks: [chair, scribe?]}\n"
        "  - {trigger: name_panel, source: work, allow: [officer], asks: [panel+]}\n"
        "  - {trigger: doubt, source: work, allow: [officer], asks: [doubted], "
        "effects: [{unseat: panel, who: doubted}]}\n"
        "  - {trigger: sample, source: work, allow: [officer], effects: [{set: {looked_at: 'draw(0.5)'}}]}\n"
        "  - {trigger: rest,",
    )
    .replace("fields:\n  risk:", "fields:\n  doubted: person\n  looked_at: bool\n  risk:")
)
ELDERS = ("e1", "e2", "e3", "e4", "e5")


def table(program: Program | None = None, people: Sequence[str] = ELDERS) -> Player:
    numbers = count(1)

    def pool(asked: SeatAsked) -> Pool:
        return Pool(tuple(people))

    player = Player(program or compiled(PANEL), pool=pool, seed=lambda: f"seed-{next(numbers)}")
    player.to_work()
    return player


def seated(player: Player, seat: str) -> list[str]:
    assert player.state is not None
    return [holder["person"] for holder in player.state["seats"].get(seat, ())]


def changes(player: Player, do: str) -> list[dict[str, Any]]:
    return [change for change in player.events[-1]["changes"] if change["do"] == do]


class TestTheDraw:
    def test_seed_and_pool_give_the_same_again(self) -> None:
        player = table()
        assert player.act("draw_panel").moved
        first = changes(player, "seat")
        decision = first[0]["decision"]
        assert (decision["by"], decision["seed"], decision["pool"]) == ("lot", "seed-1", list(ELDERS))
        assert [change["person"] for change in first] == seated(player, "panel") == replayed(decision)

    def test_another_seed_may_give_another(self) -> None:
        assert len({tuple(drawn(str(seed), ELDERS, 3)) for seed in range(500)}) == 60

    def test_everybody_is_drawn_as_often(self) -> None:
        found = Counter(person for seed in range(3000) for person in drawn(str(seed), ELDERS, 1))
        assert set(found) == set(ELDERS)
        assert all(500 < times < 700 for times in found.values())

    def test_nobody_is_drawn_twice(self) -> None:
        assert all(len(set(drawn(str(seed), ELDERS, 5))) == 5 for seed in range(50))


class TestTooFew:
    def test_those_there_are_seated_and_an_incident_is_told(self) -> None:
        player = table(people=("e1", "e2"))
        assert player.act("draw_panel").moved
        assert sorted(seated(player, "panel")) == ["e1", "e2"]
        incident = changes(player, "incident")[0]
        assert (incident["what"], incident["seat"], incident["decision"]["wanted"]) == ("too_few", "panel", 3)

    def test_a_full_seat_is_not_drawn_again(self) -> None:
        player = table()
        player.act("draw_panel")
        before = seated(player, "panel")
        player.act("draw_panel")
        assert seated(player, "panel") == before
        assert changes(player, "seat") == []


class TestVacancy:
    def test_it_is_filled_anew_and_the_recused_are_not_drawn(self) -> None:
        player = table(people=("e1", "e2", "e3", "e4"))
        player.act("draw_panel")
        out = seated(player, "panel")[0]
        player.act("doubt", fields={"doubted": out})
        assert out not in seated(player, "panel")
        player.act("draw_panel")
        assert len(seated(player, "panel")) == 3
        assert out not in seated(player, "panel")
        told = changes(player, "seat")[0]["decision"]
        assert {"person": out, "because": "recused", "params": {}} in told["excluded"]
        assert told["wanted"] == 1

    def test_the_recused_are_not_named_either(self) -> None:
        player = table()
        player.act("draw_panel")
        out = seated(player, "panel")[0]
        player.act("doubt", fields={"doubted": out})
        assert codes(player.act("name_panel", seats={"panel": [out]})) == ["FM-R501"]

    def test_a_seat_of_the_seat_falls_with_it(self) -> None:
        player = table()
        player.act("draw_panel")
        chair = seated(player, "panel")[0]
        assert player.act("elect", seats={"chair": [chair]}).moved
        player.act("doubt", fields={"doubted": chair})
        assert seated(player, "chair") == []


class TestSeatsOfASeat:
    def test_only_a_member_is_elected(self) -> None:
        player = table()
        player.act("draw_panel")
        outsider = next(person for person in ELDERS if person not in seated(player, "panel"))
        refused = player.act("elect", seats={"chair": [outsider]})
        assert codes(refused) == ["FM-R501"]
        assert seated(player, "panel")[0] in refused.reasons[0].params["others"]
        assert player.act("elect", seats={"chair": [seated(player, "panel")[1]]}).moved

    def test_a_chair_by_lot_is_one_of_them_and_not_the_scribe(self) -> None:
        player = table()
        player.act("draw_panel")
        one, two, three = seated(player, "panel")
        player.act("elect", seats={"chair": [one], "scribe": [two]})
        player.act("doubt", fields={"doubted": one})
        player.act("draw_chair")
        assert seated(player, "chair") == [three]


class TestDraw:
    def test_the_seed_stands_beside_what_was_drawn(self) -> None:
        found = set()
        for _ in range(12):
            player = table()
            for _ in range(12):
                player.act("sample")
                change = changes(player, "set")[0]
                assert change["seed"].startswith("seed-")
                found.add((change["seed"], change["value"]))
        assert {value for _, value in found} == {True, False}
        assert len(found) == 12
