"""Which cases were past a limit of the law, and which limits belong to a state."""

import numpy as np
from numpy.typing import NDArray

from engine.analytics.traces.frame import Frame
from engine.analytics.traces.law import law
from engine.definitions.outline import Outline
from engine.persistence.unit import Unit


def limits_of(frame: Frame, unit: Unit, state: str) -> set[str]:
    """The limits that run in one state and nowhere else."""
    found: set[str] = set()
    for content_hash in frame.texts("definition"):
        definition = law(unit, content_hash).definition
        if definition is None:
            continue
        outline = Outline(definition)
        for name, clock in definition.clocks.items():
            if clock.kind == "limit" and clock.runs_in and outline.spread(clock.runs_in) == (state,):
                found.add(name)
    return found


def late(frame: Frame, clocks: set[str]) -> NDArray[np.bool_]:
    """Which cases missed one of these limits, or are past it while it runs."""
    steps, found = frame.steps("limit"), np.zeros(len(frame), np.bool_)
    if steps.value is None or not len(steps.case):
        return found
    parts = [text_.split("|") for text_ in frame.texts("limit")]
    runs = {key: n for n, key in enumerate(dict.fromkeys("|".join(part[:-1]) for part in parts))}
    key = np.array([runs["|".join(part[:-1])] for part in parts], np.int64)[steps.code]
    meant = np.array([part[0] in clocks for part in parts])[steps.code]
    missed = np.array([part[-1] == "missed" for part in parts])[steps.code]
    running = np.array([part[-1] == "running" for part in parts])[steps.code]
    which = steps.case * len(runs) + key
    _, last = np.unique(which[::-1], return_index=True)  # of several rows of one run the last one holds
    rows = len(which) - 1 - last
    past = missed | (running & (steps.value <= frame.at) & (steps.value > -(1 << 61)))
    found[steps.case[rows[meant[rows] & past[rows]]]] = True
    return found
