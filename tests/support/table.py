"""A case type with facts of every kind, and decision tables over it."""

import json
from functools import cache
from typing import Any

import yaml

from engine.definitions.load import loads
from engine.definitions.model import Definition
from engine.routing.table import Loaded, Routing, loads_routing
from tests.support.small import SMALL
from workflows.shipped import vocabulary

FACTS = """
fields:
  risk: {type: choice, of: [red, orange, yellow, blue], default: yellow}
  category: {type: choice, of: [land, forest, water, debt, other]}
  grave: {type: bool, default: false}
  known: bool
  n: int
  m: int
  price: number
  sum: money
  status: {type: choice, of: [approved, declined]}
  several: {type: choices, of: [a, b, c]}
  word: text
  since: timestamp
"""


# whoever does not answer for the seat of the handler is passed over; nobody is for that of the judge
ANOTHER = """  - trigger: ask_another
    source: any
    allow: [system]
    effects: [{unseat: handler, who: 'seat.handler.filter(h, !h.answered)'}, {seat: handler, by: routing}]
"""
ANSWER = """
  answer:
    within: {table: handler, take: acknowledge, else: 1 wd}
    while: 'seat.handler.exists(h, !h.answered)'
    at: {due: [{fire: ask_another}]}"""


def waiting(text: str) -> str:
    """The text with a time for the handler's answer."""
    return text.replace("\nclocks:", "\n" + ANOTHER + "clocks:" + ANSWER)


TEXT = waiting(
    SMALL.split("\nfields:")[0] + FACTS + "\nrecords:" + SMALL.split("\nrecords:")[1]
)  # with more facts


@cache
def definition() -> Definition:
    made = loads(TEXT).definition
    assert made is not None
    return made


def load(table: str | dict[str, Any], **around: Any) -> Loaded:
    """The tables of a YAML text (``grade: ...``) or of values, in a file of their own."""
    tables = yaml.safe_load(table) if isinstance(table, str) else table
    whole = {"case_type": "small", "title": "Tables", "version": "1", "tables": tables, **around}
    text = json.dumps(whole, ensure_ascii=False)  # is YAML too, without anchors
    return loads_routing(text, definition(), vocabulary())


def sound(table: str | dict[str, Any], **around: Any) -> Routing:
    loaded = load(table, **around)
    assert loaded.routing is not None, [f.message() for f in loaded.findings]
    return loaded.routing


def codes(loaded: Loaded) -> list[str]:
    return [finding.code for finding in loaded.findings]


def grade(
    hit: str, inputs: dict[str, str], rows: list[tuple[dict[str, Any], Any]], **more: Any
) -> dict[str, Any]:
    """A table that gives a field: rows of cells and output, named r0, r1, ..."""
    rules = [
        {"id": f"r{n}", "if": cells, "then": then, "because": f"row {n}"}
        for n, (cells, then) in enumerate(rows)
    ]
    return {"grade": {"title": "T", "gives": "risk", "hit": hit, "inputs": inputs, "rules": rules, **more}}
