"""Cases left open anywhere by a random walk are closed by following only the ways out that the analysis named.

Here nothing is simulated: the shipped definitions and the drafts run through the decision that real cases take.
"""

from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.analysis import WayOut, analyse
from engine.definitions.canonical import content_hash
from engine.definitions.load import load
from engine.definitions.model import Vocabulary
from engine.definitions.outline import Outline
from engine.machine.program import Program, compile_definition
from tests.support.law import VOCABULARY
from tests.support.walker import Walker, without_guards
from workflows import shipped

SKETCHES = Path(__file__).parents[1] / "support" / "sketches"
DRAFTS = ("public_security_mediation",)


@cache
def prepared(name: str) -> tuple[Program, Program, Vocabulary, dict[str, WayOut]]:
    if name in DRAFTS:
        definition, vocabulary = load(SKETCHES / f"{name}.yaml").definition, VOCABULARY
    else:
        definition = next(d.definition for d in shipped.definitions() if d.definition.case_type == name)
        vocabulary = shipped.vocabulary()
    assert definition is not None
    program = compile_definition(definition, content_hash(definition), vocabulary)
    ways = analyse(Outline(definition, vocabulary.dispatch), vocabulary=vocabulary).ways_out
    eased = without_guards(definition)
    return program, compile_definition(eased, content_hash(eased), vocabulary), vocabulary, ways


@pytest.mark.parametrize("name", [*DRAFTS, *shipped.CASE_TYPES])
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 40))
def test_every_case_comes_to_an_end(name: str, seed: int, steps: int) -> None:
    program, lax, vocabulary, ways = prepared(name)
    walker = Walker(program, lax, vocabulary, Random(seed))
    walker.file()
    for _ in range(steps):
        walker.wander()
    for _ in range(40):
        if not walker.open:
            return
        walker.leave(ways[walker.leaf])
    raise AssertionError(f"still open in {walker.leaf}")
