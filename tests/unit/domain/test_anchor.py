"""Anchors: copied by hand they are read as they were meant, or refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.anchor import LETTERS, Anchor, Misread, read, read_all, write

roots = st.binary(min_size=32, max_size=32)
numbers = st.integers(1, 10**9)
ROOT = bytes(range(32))


@given(n=numbers, root=roots)
def test_what_was_written_is_read(n: int, root: bytes) -> None:
    found = read(write(n, root))
    assert found == Anchor(n, root[:20])
    assert found.fits(root)


@given(n=numbers, root=roots, how=st.randoms(use_true_random=False))
def test_hands_and_eyes_may_be_careless(n: int, root: bytes, how: object) -> None:
    """Small letters, O for 0, I and L for 1, spaces for dashes, full-width characters, a word before it."""
    line = write(n, root)
    number, code = line.split(":")
    loose = code.replace("-", how.choice([" ", "", " - ", "—"])).translate(
        str.maketrans("01", how.choice(["OI", "oL"]))
    )
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in line)
    for told in (f"{number} {loose.lower()}", f"  Seal {number}: {loose}", wide, f"封存 {number}:{code}"):
        assert read(told) == Anchor(n, root[:20])


@given(n=numbers, root=roots, at=st.integers(0, 35), to=st.sampled_from(LETTERS))
def test_one_wrong_letter_is_refused(n: int, root: bytes, at: int, to: str) -> None:
    number, code = write(n, root).split(":")
    plain = code.replace("-", "")
    if plain[at] == to:
        return
    with pytest.raises(Misread):
        read(f"{number}:{plain[:at]}{to}{plain[at + 1 :]}")


def test_a_wrong_number_or_a_missing_group_is_refused() -> None:
    line = write(12, ROOT)
    for wrong in (line.replace("12:", "13:"), line[:-5], line.replace("-", "-0-", 1)):
        with pytest.raises(Misread):
            read(wrong)


def test_the_whole_root_in_hex_is_an_anchor_too() -> None:
    assert read(f"7:{ROOT.hex()}") == Anchor(7, ROOT)
    assert not Anchor(7, ROOT).fits(bytes(32))


def test_a_file_may_hold_many_among_other_lines() -> None:
    text = f"# kept by the county\n\n2026-11-23 {'-' * 10}\n{write(3, ROOT)}\ntel. 0451 555 123\n{write(9, bytes(32))}\n"
    assert [one.n for one in read_all(text)] == [3, 9]
    told = [{"n": 3, "root": ROOT.hex()}, {"n": 4, "root": bytes(32).hex()}]
    assert list(read_all(json.dumps(told))) == [Anchor(3, ROOT), Anchor(4, bytes(32))]
    assert list(read_all(json.dumps(told[0]))) == [Anchor(3, ROOT)]


@pytest.mark.parametrize("text", ["", "seal", "12", "0451-555-123", "26-04127-2"])
def test_what_is_no_anchor_is_none(text: str) -> None:
    assert list(read_all(text)) == []


@pytest.mark.parametrize("told", ['{"n": 1}', '{"n": 1, "root": "zz"}', '[{"n": "x", "root": ""}]', "[[1]]"])
def test_json_that_is_no_anchor_is_refused(told: str) -> None:
    with pytest.raises(Misread):
        list(read_all(told))
