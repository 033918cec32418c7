"""Which cases were past a limit of the law, which limits belong to a state, and how long they are."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.numbering import again
from engine.analytics.titles import followed
from engine.analytics.traces.frame import Frame, Steps
from engine.analytics.traces.law import law
from engine.definitions.model import Definition, TableRef, Tree
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording
from engine.domain.duration import is_duration
from engine.persistence.unit import Unit


def limits_of(frame: Frame, unit: Unit, state: str) -> set[str]:
    """The limits that run in one state and nowhere else."""
    found: set[str] = set()
    for definition in (each.definition for each in followed(frame, unit)):
        if definition is None:
            continue
        outline = Outline(definition)
        for name, clock in definition.clocks.items():
            if clock.kind == "limit" and clock.runs_in and outline.spread(clock.runs_in) == (state,):
                found.add(name)
    return found


def lengths(frame: Frame, unit: Unit, clocks: Collection[str], lang: str) -> list[dict[str, Any]]:
    """Every length that these limits have under the definitions of these cases: {clock, within, text}.

    ``within`` as definitions write it, in the order of the text, ``text`` in words; both None where the length is
    agreed in each case or stands in a routing table, which has a life of its own.
    """
    texts = frame.texts("definition")
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for code in frame.codes("definition"):
        definition = law(unit, texts[code]).definition
        if definition is None:
            continue
        words = Wording(Outline(definition), lang=lang)
        for name in sorted(set(clocks) & definition.clocks.keys()):
            for within in lengths_of(definition, definition.clocks[name].within):
                told = {"clock": name, "within": within, "text": within and words.duration(within)}
                found.setdefault((name, within), told)
    return list(found.values())


def lengths_of(definition: Definition, value: Any) -> Iterator[str | None]:
    """The durations that a ``within`` can mean, whatever is known of a case."""
    if isinstance(value, Tree):
        for option in (*value.options.values(), *((value.otherwise,) if value.has_else else ())):
            yield from lengths_of(definition, option)
    elif isinstance(value, TableRef):
        yield None
        if value.otherwise is not None:
            yield from lengths_of(definition, value.otherwise)
    elif isinstance(value, str) and value.startswith("param."):
        yield from lengths_of(definition, definition.params.get(value.removeprefix("param.")))
    else:
        yield value if isinstance(value, str) and is_duration(value) else None


class Late:
    """Which cases missed a limit, or are past it while it runs; the rows are looked through once for all limits."""

    def __init__(self, frame: Frame) -> None:
        parts = [text_.split("|") for text_ in frame.texts("limit")]
        runs = {key: n for n, key in enumerate(dict.fromkeys("|".join(part[:-1]) for part in parts))}
        self._size = len(frame)
        self._run = np.array([runs["|".join(part[:-1])] for part in parts], np.int64)
        self._missed = np.array([part[-1] == "missed" for part in parts], np.bool_)
        self._running = np.array([part[-1] == "running" for part in parts], np.bool_)
        self._clocks, self._wide = [part[0] for part in parts], max(len(runs), 1)
        past = [self._past(steps, frame.at) for _, steps in frame.portions("limit")]
        none = np.zeros(0, np.int64)
        self._case = np.concatenate([none, *(case for case, _ in past)])
        self._code = np.concatenate([none, *(code for _, code in past)])

    def _past(self, steps: Steps, at: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Of several rows of one run the last one holds; those of them that say so."""
        if steps.value is None or not len(steps.case):
            return np.zeros(0, np.int64), np.zeros(0, np.int32)
        which = (steps.case - steps.case[0]) * self._wide + self._run[steps.code]
        last = np.flatnonzero(~again(which[::-1])[::-1])
        code, value = steps.code[last], steps.value[last]
        past = self._missed[code] | (self._running[code] & (value <= at) & (value > -(1 << 61)))
        return steps.case[last[past]], code[past]

    def of(self, clocks: Collection[str]) -> NDArray[np.bool_]:
        """Of one of these limits."""
        meant = np.array([name in clocks for name in self._clocks] or [False])
        found = np.zeros(self._size, np.bool_)
        found[self._case[meant[self._code]]] = True
        return found
