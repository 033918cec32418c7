"""Somebody's next act on a stored case, chosen at random from what the case and its definition allow."""

from contextlib import suppress
from random import Random
from typing import Any

from engine.domain.errors import NotFound
from engine.machine.program import Program
from engine.service import law, query
from tests.support.filling import Filling, Inputs, spoil
from tests.support.town import Town
from tests.support.walk import Chooser, staff
from tests.support.whole import state_of


class Player:
    """Knows the cases of one play, and what was tried on them."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.refs: list[str] = []
        self.tried: dict[str, int] = {}

    def attempt(
        self, seed: int, *, ref: str | None = None, spoilt: bool = False, eager: float = 0.6
    ) -> tuple[str, dict[str, Any]]:
        """Somebody's next act on one of the cases: who types it, and the request."""
        random = Random(seed)
        ref = ref or random.choice(self.refs)
        state = state_of(self.town.engine.store, ref)
        program = self.program(state["definition"])
        chooser = Chooser(program, staff(), self.tried, eager=eager)
        act, actors = chooser.act(state, random), chooser.actors(state)
        actor, form = self.able(ref, act, random.sample(actors, len(actors)))
        filling = Filling(
            program,
            state,
            self.town.now,
            people=staff(),
            random=random,
            cases=tuple(self.refs),
            calm=eager > 0.9,
        )
        inputs: Inputs = filling.inputs(act, form, actor=actor)
        self.tried[act] = self.tried.get(act, 0) + 1
        typist = actor if actor in staff() else "dsp-01"
        given = {"ref": ref, "act": act, **(spoil(inputs, random) if spoilt else inputs)}
        return typist, given if typist == actor else {**given, "done_by": actor}

    def able(self, ref: str, act: str, actors: list[str]) -> tuple[str, dict[str, Any]]:
        """The first who may, among a few; else the last one asked. For some of them the case may not be there."""
        form: dict[str, Any] = {}
        for actor in actors[:6]:
            with suppress(NotFound):
                item = self.town.ask(query.next_acts, actor, ref=ref, act=act)["items"][0]
                form = item["input"]
                if item["allowed"]:
                    break
        return actor, form

    def program(self, content_hash: str) -> Program:
        return self.town.engine.store.read(lambda unit: law.program(unit, content_hash))
