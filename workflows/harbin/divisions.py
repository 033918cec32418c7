"""Harbin's real administrative divisions, as places. Source and licence: SOURCE.md and LICENSE beside this file."""

import csv
from functools import cache
from importlib.resources import files

from engine.domain.organisation import Place

CITY = "2301"
_LENGTHS = {4: "city", 6: "county", 9: "township", 12: "community"}
_PARENT = {6: 4, 9: 6, 12: 9}


@cache
def divisions() -> tuple[Place, ...]:
    """Every division in the order of the source: city, counties, townships, villages and communities."""
    text = files("workflows.harbin").joinpath("divisions.csv").read_text("utf-8")
    return tuple(_place(row["code"], row["name"]) for row in csv.DictReader(text.splitlines()))


def _place(code: str, name: str) -> Place:
    parent = code[: _PARENT[len(code)]] if len(code) in _PARENT else None
    return Place(code, name, "village" if is_village(code) else _LENGTHS[len(code)], parent)


def is_village(code: str) -> bool:
    """Whether the code is a village committee's (200-399 at its end)."""
    return len(code) == 12 and 200 <= int(code[-3:]) < 400
