"""When a case came to where it stands, and when it reached the milestones of its definition, by its history.

A history does not tell where one command ended and the next began within one second.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from engine.definitions.outline import MAIN
from engine.machine.program import Program
from engine.service.audit.pages import Row
from engine.service.audit.stored import Stored


def came(bodies: list[Row]) -> set[Any]:
    """When the case came into its state.

    A command that leads away and back leaves the moment as it was. So it is judged twice: each event by itself,
    and all that were recorded in the same second as one.
    """
    alone = _arrival([[body] for body in bodies])
    groups: list[list[Row]] = []
    for body in bodies:
        if groups and groups[-1][-1]["recorded"] == body["recorded"]:
            groups[-1].append(body)
        else:
            groups.append([body])
    return {alone, _arrival(groups)}


def _arrival(groups: list[list[Row]]) -> Any:
    held, since = None, groups[0][0]["at"]
    for number, group in enumerate(groups):
        now, moved = held, None
        for body in group:
            for change in body["changes"]:
                if change["do"] == "reopen":
                    now, moved = change["states"].get(MAIN, now), body["at"]
                elif change["do"] == "move" and change.get("region", MAIN) == MAIN:
                    now, moved = change["to"], body["at"]
        if now != held and moved is not None and number > 0:
            since = moved
        held = now
    return since


# ---- milestones ------------------------------------------------------------------------------------


def milestones(program: Program, rows: list[Row], bodies: list[Row], stored: Stored) -> Iterator[str]:
    """Rows of milestones that say otherwise than the history."""
    wanted = _reached(program, bodies)
    held = {row["name"]: row for row in rows}
    for name in wanted.keys() ^ held.keys():
        yield f"milestone/{name}"
    for name in wanted.keys() & held.keys():
        firsts, lasts = ({stored.instant(at) for at in ends} for ends in wanted[name])
        if held[name]["first_at"] not in firsts or held[name]["last_at"] not in lasts:
            yield f"milestone/{name}"


def _reached(program: Program, bodies: list[Row]) -> dict[str, tuple[set[str], set[str]]]:
    """Milestone -> what its first and its last time can be.

    Of one command only the last time counts, and where commands ended within a second is not told.
    """
    signs = _signs(program.hash, tuple(program.definition.milestones.items()))
    times: dict[str, list[tuple[str, str]]] = {}  # (when, recorded)
    for body in bodies:
        for milestone, at in _named(body, signs):
            times.setdefault(milestone, []).append((at, body["recorded"]))
    return {name: _ends(given) for name, given in times.items()}


@lru_cache(maxsize=64)
def _signs(_definition: str, milestones: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, list[str]]:
    """Act, state, record or seat -> the milestones that it stands for."""
    signs: dict[str, list[str]] = {}
    for milestone, names in milestones:
        for name in names:
            signs.setdefault(name, []).append(milestone)
    return signs


def _named(body: Row, signs: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    at = body["at"]
    said = [body["act"]]
    for change in body["changes"]:
        kind = change["do"]
        if kind == "move":
            said += change["entered"]
        elif kind == "record":
            said.append(change["item"]["kind"])
        elif kind == "seat":
            said.append(change["seat"])
        elif kind == "reached":
            yield change["milestone"], change["at"]
    for name in said:
        for milestone in signs.get(name, ()):
            yield milestone, at


def _ends(given: list[tuple[str, str]]) -> tuple[set[str], set[str]]:
    every = [at for at, _ in given]
    final = [
        at for (at, second), (_, after) in zip(given, [*given[1:], ("", "")], strict=True) if second != after
    ]
    firsts = {at for at in every if min(every) <= at <= min(final)}
    lasts = {at for at in every if max(final) <= at <= max(every)}
    return firsts, lasts
