"""Whatever stands in a file, reading it ends in findings, never in a traceback."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.load import Loaded, load, loads
from engine.definitions.written.node import decode

SKETCHES = Path(__file__).parents[1] / "data" / "definitions"
TEXTS = [file.read_text("utf-8") for file in sorted(SKETCHES.glob("*.yaml"))]
PIECES = (
    "?", ":", "-", "[", "]", "{", "}", ",", "&", "*", "!", "|", ">", "'", '"', "%", "#", "null", "true", "1e9",
    ".inf", "0x7f", "1:30", "--", "...", "---", "<<:", "\t", "\ud800", "\x00", "\ufeff", "调解", "{by: x}", "!x",
    "*a", "&b", "states:", "at:", "due", "80%", "from:", "include:", "replace:", "transitions:", "file",
)  # fmt: skip
WORDS = st.sampled_from(PIECES)


def settled(loaded: Loaded) -> None:
    """Either a definition, or findings that say where and what."""
    assert loaded.definition is not None or loaded.findings
    for finding in loaded.findings:
        assert finding.severity == "error"
        assert finding.line >= 0


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    text, findings = decode(content, "workflow.yaml")
    if not findings:
        settled(loads(text))


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    settled(loads(text, translations={"zh": text}))


@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.01), WORDS), min_size=1, max_size=8),
)
def test_a_definition_with_pieces_cut_out_and_words_put_in(
    text: str, changes: list[tuple[float, float, str]]
) -> None:
    for where, length, word in changes:
        begin = int(where * len(text))
        text = text[:begin] + word + text[begin + int(length * len(text)) :]
    settled(loads(text, includes={"a.yaml": text}))


@given(st.sampled_from(TEXTS), st.data())
def test_lines_in_another_order(text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    first, second = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    lines[first], lines[second] = lines[second], lines[first]
    settled(loads("\n".join(lines)))


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from(["params", "parties", "fields", "records", "seats", "rules", "states", "outcomes",
                     "transitions", "clocks", "tracks", "milestones", "counts", "include", "replace", "effective"]),
    JSONISH,
)  # fmt: skip
def test_anything_where_a_section_stands(section: str, value: object) -> None:
    settled(loads(json.dumps({section: value})))
    settled(loads(json.dumps({section: {"a": value}})))


def test_any_file(tmp_path: Path) -> None:
    for name, content in [("a", b""), ("b", b"\xff\xfe"), ("c", b"\xef\xbb\xbfa: 1"), ("d", b"- 1\n" * 1000)]:
        file = tmp_path / f"{name}.yaml"
        file.write_bytes(content)
        settled(load(file))
