"""The library's machine of one region, built when a case first moves there: the only module that imports ``transitions``."""

from typing import cast

from transitions import Event as LibraryEvent
from transitions import EventData, Machine
from transitions import Transition as LibraryTransition

from engine.definitions.model import Transition
from engine.definitions.outline import MAIN, Outline
from engine.machine.program import UNFILED, Subject, join_name


class _Choice:
    """One branch as a condition; remembers on the subject that it was taken."""

    __slots__ = ("index", "leaf", "when")

    def __init__(self, index: int, when: str | None, leaf: str | None = None) -> None:
        self.index, self.when, self.leaf = index, when, leaf

    def __call__(self, event: EventData) -> bool:
        subject = cast(Subject, event.model)
        if self.leaf is not None and subject.back != self.leaf:
            return False
        if self.when is not None and not subject.holds(self.when):
            return False
        subject.taken = self.index
        return True


class _Move(LibraryTransition):
    """Without callbacks and states that are told of it: what else a move does, effects do in an event."""

    def execute(self, event_data: EventData) -> bool:
        for condition in self.conditions:
            if not cast(_Choice, condition.func)(event_data):
                return False
        if self.dest is not None:
            cast(Subject, event_data.model).state = self.dest
        return True


class _Event(LibraryEvent):
    """Its moves tried in their order, with no queue and nobody told before or after: there are none."""

    def trigger(self, model: object, *args: object, **kwargs: object) -> bool:
        state = self.machine.get_state(cast(Subject, model).state)
        if not self._is_valid_source(state):
            return False
        tried = EventData(state, self, self.machine, model, args, kwargs)
        return any(move.execute(tried) for move in self.transitions[state.name])


class _Machine(Machine):
    transition_cls = _Move
    event_cls = _Event


def machine_of(outline: Outline, region: str) -> Machine:
    """The frozen machine of one region."""
    leaves = outline.regions[region].leaves
    machine = _Machine(
        model=None,
        states=[UNFILED, *leaves],
        initial=None,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for (leaf, trigger), edge in outline.moves.items():
        if edge.region == region:
            _add(outline, machine, trigger, leaf, edge.transition, leaves)
    for edges in outline.joins.values():
        for edge in edges:
            if edge.region == region:
                _add(outline, machine, join_name(edge.index), edge.source, edge.transition, leaves)
    if region == MAIN and outline.filing is not None:
        _add(outline, machine, "file", UNFILED, outline.filing, leaves)
    return machine


def _add(
    outline: Outline,
    machine: Machine,
    trigger: str,
    leaf: str,
    transition: Transition,
    leaves: tuple[str, ...],
) -> None:
    for index, branch in enumerate(transition.dest):
        if branch.to == "back":
            for other in leaves:
                machine.add_transition(trigger, leaf, other, conditions=[_Choice(index, branch.when, other)])
        else:
            dest = None if branch.to == "stay" else outline.entry(branch.to)
            machine.add_transition(trigger, leaf, dest, conditions=[_Choice(index, branch.when)])
