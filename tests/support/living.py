"""Some weeks of a station: cases with random acts, corrections and acts taken back, and what their histories say."""

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

from engine.domain.errors import FolkmootError
from engine.domain.instant import from_text
from engine.persistence.case_store import find_case, history
from engine.service import acting, correcting, filing, worker
from tests.support.player import Player
from tests.support.town import Town
from tests.support.walk import PLACE
from workflows.shipped import CASE_TYPES


def live(town: Town, seed: int, cases: int = 4) -> Player:
    """Some cases with acts, corrections and acts taken back, over some weeks."""
    random, player = Random(seed), Player(town)
    for _ in range(cases):
        given_ = {
            "case_type": random.choice([CASE_TYPES[0], *CASE_TYPES]),
            "place": PLACE,
            "what": "a quarrel",
        }
        player.refs.append(str(town.do(filing.file_case, "dsp-01", **given_)["ref"]))
        for n in range(random.choice([2, 6, 12])):
            _act(town, player, random, n)
        town.pass_(minutes=random.randrange(5000))
        town.do(worker.sweep, "system")
    return player


def _act(town: Town, player: Player, random: Random, n: int) -> None:
    who, given_ = player.attempt(random.randrange(2**32), eager=0.95)
    with suppress(FolkmootError):
        town.do(acting.do_act, who, **given_)
    if n % 4 == 3:  # somebody finds that the last act should not stand, or happened earlier
        ref = random.choice(player.refs)
        version = len(events_of(town, ref))
        with suppress(FolkmootError):
            town.do(correcting.correct, "chf-01", ref=ref, seq=version, reason="typed by mistake", **random.choice(
                [{"take_back": True}, {"at": town.now - timedelta(minutes=random.randrange(200))}]
            ))  # fmt: skip
    town.pass_(minutes=random.randrange(600))


def events_of(town: Town, ref: str) -> list[Any]:
    def look(unit: Any) -> list[Any]:
        row = find_case(unit, ref)
        assert row is not None
        return [one.event for one in history(unit, row.id)]

    return town.engine.store.read(look)


def second(text: str) -> int:
    return int(from_text(text).timestamp())
