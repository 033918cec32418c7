"""The boundary finds what no database keeps, wherever it hides, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import UsageError
from engine.persistence import boundary, chain

good = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
bad = st.sampled_from(["\0", "a\0b", "\ud800", "x\udfff", 2**63, -(2**63) - 1, 10**30])
places = st.lists(st.sampled_from(["list", "dict", "value"]), max_size=3)


def hide(value: Any, way: list[str], company: Any) -> Any:
    for step in way:
        value = [company, value] if step == "list" else {"k": value, "other": company}
    return value


@given(good)
def test_what_can_be_kept_passes(value: Any) -> None:
    boundary.check(value)
    boundary.check_body(chain.canonical(value), value)


@given(bad, places, good)
def test_what_cannot_is_found_by_both_forms(value: Any, way: list[str], company: Any) -> None:
    hidden = hide(value, way, company)
    with pytest.raises(UsageError):
        boundary.check(hidden)
    with pytest.raises(UsageError):
        boundary.check_body(chain.canonical(hidden), hidden)


@pytest.mark.parametrize("key", ["a\0", "\ud800"])
def test_names_count_too(key: str) -> None:
    with pytest.raises(UsageError):
        boundary.check({"deep": [{key: 1}]})


def test_the_place_is_told() -> None:
    with pytest.raises(UsageError) as refused:
        boundary.check({"records": [{"a/b~c": "x\0"}]})
    assert refused.value.first.pointer == "/records/0/a~1b~0c"
    assert refused.value.first.kind == "input"


def test_texts_that_only_talk_about_it_pass() -> None:
    value = {"text": "\\u0000 and 12345678901234567890", "x": json.dumps("\0")}
    boundary.check_body(chain.canonical(value), value)
