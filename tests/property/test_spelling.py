"""What is hashed has one spelling: the library that is used for its speed gives the standard library's, to the byte."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from engine.persistence import chain

ODD = '\x00\x01\x08\t\n\x0c\r\x1f\x7f\x80\u2028\u2029\ud800\ufeff"\\/é中\U0001f600z'
TEXT = st.text(max_size=12) | st.text(st.sampled_from(ODD), max_size=8)
LEAF = st.none() | st.booleans() | st.integers() | TEXT
PLAIN = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


def standard(value: Any, *, sort_keys: bool = True) -> str:
    return json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), ensure_ascii=False)


@given(PLAIN)
@example({"\U0001f600": 1, "\uffff": 2, "a": (3, True)})  # sorted by characters, not by their halves
@example([2**64, -(2**63) - 1])
@example("\ud800")
def test_a_text_that_is_hashed_is_the_standard_librarys(value: Any) -> None:
    assert chain.canonical(value) == standard(value)


@given(PLAIN)
def test_what_is_hashed_reads_as_it_was(value: Any) -> None:
    assert json.loads(chain.canonical(value)) == value


@given(st.dictionaries(st.text(max_size=5), st.integers(-(2**63), 2**63 - 1) | st.text(max_size=9)))
def test_what_nobody_hashes_keeps_its_order_and_reads_as_it_was(value: dict[str, Any]) -> None:
    text = chain.plain(value)
    assert text == standard(value, sort_keys=False)
    assert list(chain.read(text).items()) == list(value.items())
