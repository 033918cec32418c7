"""Stretches of time in which a case was open, or stood in one state.

Times of one case never go back here: what was entered late cannot end before what came before it, so that stretches
follow each other and their lengths add up to the whole.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.selecting import leaves
from engine.analytics.traces.law import law
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame, Steps

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LASTS = -1  # the end of what lasts as of the instant
_SPAN = 1 << 37  # more seconds than lie between any two instants
_SHIFT = 1 << 35


class Spells(NamedTuple):
    """In the order of cases and of time: ``case`` a position, ``start`` and ``end`` seconds (-1: lasts), ``again``
    whether the case was open before."""

    case: Ints
    start: Ints
    end: Ints
    again: Flags


class Stays(NamedTuple):
    """Times in one state, in the order of cases and of time: ``state`` a number of :attr:`States.told`, ``via`` the
    code of the act that led there."""

    case: Ints
    state: Ints
    via: Ints
    start: Ints
    end: Ints


class State(NamedTuple):
    """A state of one case type; ``hash`` of a definition that has it. Lost texts leave ``phase`` None."""

    type: str
    name: str
    hash: str
    phase: str | None
    final: bool


def forward(case: Ints, at: Ints) -> Ints:
    """Times that within a case, rows being in the order of cases, never go back."""
    span = (case - case[:1]) * _SPAN - _SHIFT
    return np.asarray(np.maximum.accumulate(at + span) - span, np.int64)


def open_spells(frame: "Frame") -> Spells:
    """When each case was open: from filing to a closing, and from each opening again to the next."""
    steps = frame.steps("closing")
    closes = np.array([text.startswith("closed") for text in frame.texts("closing")] or [False])[steps.code]
    case = np.concatenate([np.arange(len(frame)), steps.case])
    at = np.concatenate([frame.filed, steps.at])
    shut = np.concatenate([np.zeros(len(frame), np.bool_), closes])
    order = np.argsort(case, kind="stable")
    case, at, shut = case[order], at[order], shut[order]
    changes = np.ones(case.size, np.bool_)
    changes[1:] = (case[1:] != case[:-1]) | (shut[1:] != shut[:-1])
    case, shut = case[changes], shut[changes]
    at = forward(case, at[changes])
    rows = np.flatnonzero(~shut)
    again = np.zeros(rows.size, np.bool_)
    again[1:] = case[rows[1:]] == case[rows[:-1]]
    return Spells(case[rows], at[rows], _until(case, at, rows), again)


def _until(case: Ints, at: Ints, rows: Ints) -> Ints:
    """What comes next in the same case."""
    after = np.minimum(rows + 1, max(case.size - 1, 0))
    follows = (rows + 1 < case.size) & (case[after] == case[rows]) if case.size else np.zeros(0, np.bool_)
    return np.where(follows, at[after], LASTS) if case.size else np.zeros(0, np.int64)


def stays(frame: "Frame", unit: Unit) -> tuple[Iterator[Stays], list[State]]:
    """How long each case stood where, so many cases at a time; the first stay begins with the filing. A state that two
    versions of a text share is one."""
    told = _states(frame, unit)
    known = list(dict.fromkeys((state.type, state.name) for state in told))
    number = {key: n for n, key in enumerate(known)}
    of_code = np.array([number[state.type, state.name] for state in told] or [0], np.int64)
    newest = {(state.type, state.name): state for state in told}
    parts = zip(frame.portions("state"), frame.portions("via"), strict=True)
    found = (_stays(frame, steps, of_code[steps.code], via.code) for (_, steps), (_, via) in parts)
    return found, [newest[key] for key in known]


def _stays(frame: "Frame", steps: "Steps", state: Ints, via: NDArray[np.int32]) -> Stays:
    case = steps.case
    first = np.ones(case.size, np.bool_)
    first[1:] = case[1:] != case[:-1]
    moved = first.copy()
    moved[1:] |= state[1:] != state[:-1]
    at = np.where(first, frame.filed[case], steps.at)[moved]
    case, state, acts = case[moved], state[moved], via.astype(np.int64)[moved]
    at = forward(case, at)
    end = np.full(case.size, LASTS)
    np.copyto(end[:-1], at[1:], where=case[1:] == case[:-1])
    return Stays(case, state, acts, at, end)


def _states(frame: "Frame", unit: Unit) -> list[State]:
    found = leaves(frame, unit, lambda leaf: (leaf.phase, leaf.final))
    told = []
    for text, known in zip(frame.texts("state"), found, strict=True):
        content_hash, _, name = text.partition(":")
        definition = law(unit, content_hash).definition
        phase, final = known or (None, False)
        told.append(State(definition.case_type if definition else "", name, content_hash, phase, final))
    return told


def bands(seconds: Ints, days: Any) -> Ints:
    """Which band an age lies in: ``days`` are the last whole days of all bands but the last."""
    return np.searchsorted((np.asarray(days) + 1) * 86_400, seconds, side="right")
