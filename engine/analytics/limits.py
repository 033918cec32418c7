"""Which cases were past a limit of the law, which limits belong to a state, and how long they are."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analytics.titles import followed
from engine.analytics.traces.frame import Frame
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


def lengths(
    frame: Frame, unit: Unit, clocks: Collection[str], which: NDArray[np.bool_], lang: str
) -> list[dict[str, Any]]:
    """Every length that these limits have under the definitions of these cases: {clock, within, text}.

    ``within`` as definitions write it, in the order of the text, ``text`` in words; both None where the length is
    agreed in each case or stands in a routing table, which has a life of its own.
    """
    steps = frame.steps("definition")
    texts = frame.texts("definition")
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for code in np.unique(steps.code[which[steps.case]]).tolist():
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
