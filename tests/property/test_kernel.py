"""``transitions``, as it is used, moves a case exactly as the plain table kernel does."""

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.canonical import content_hash
from engine.definitions.model import Definition
from engine.machine.program import Program, Subject, compile_definition
from tests.support.kernel import Kernel
from tests.support.random_definition import FACTS, TRIGGERS, definitions


def judge(program: Program, facts: dict[str, bool], when: str) -> bool:
    return program.condition(when).evaluate({**facts, "case": facts}) is True


@given(
    definitions(),
    st.lists(st.tuples(st.sampled_from(TRIGGERS), st.tuples(*[st.booleans()] * 3)), min_size=1, max_size=12),
)
def test_every_walk_is_the_same(definition: Definition, walk: list[tuple[str, tuple[bool, ...]]]) -> None:
    program = compile_definition(definition, content_hash(definition))
    kernel = Kernel(definition)
    leaf, back = kernel.initial("s0"), None
    for trigger, values in walk:
        facts = dict(zip(FACTS, values, strict=True))

        def holds(when: str, facts: dict[str, bool] = facts) -> bool:
            return judge(program, facts, when)

        wanted = kernel.step(leaf, trigger, back, holds)
        assert (wanted is not None) == ((leaf, trigger) in program.outline.moves) or wanted is None
        if (leaf, trigger) not in program.outline.moves:
            assert wanted is None
            continue
        branches = program.outline.moves[leaf, trigger].transition.dest
        step = program.step("main", trigger, Subject(leaf, back, holds))
        found = None if step is None else (branches.index(step.branch), step.leaf)
        # equal branches are equal values: compare what they say, not where they stand
        assert (found and (branches[found[0]], found[1])) == (wanted and (branches[wanted[0]], wanted[1]))
        if step is not None and step.moved:
            back, leaf = leaf, step.leaf


@given(definitions())
def test_a_trigger_does_something_in_exactly_the_same_places(definition: Definition) -> None:
    program = compile_definition(definition, content_hash(definition))
    assert set(program.outline.moves) == set(Kernel(definition).table)
