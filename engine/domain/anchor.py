"""Anchors: the number and the root of a seal, as one line for paper, and read back from what somebody typed.

    1204:7KQ4-M2XX-09RT-ZD1H-V5N8-63CA-PW0E-J4YB-C3T9

Eight groups are the beginning of the root, the ninth is a check over number and root. Small letters, O for 0,
I and L for 1, full-width characters and any dashes or spaces are read as they were meant.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
KEPT = 20  # bytes of the root on paper: nobody finds another history with the same 160 bits
_ROOT, _CHECK, _HEX = 32, 4, 64  # characters
_MEANT = str.maketrans("OIL", "011")
_LINE = re.compile(r"^\W*(?:SEAL|封存)?\W*(\d{1,18})\W+([0-9A-Z](?:[\W_]*[0-9A-Z])*)\W*$")


@dataclass(frozen=True, slots=True)
class Anchor:
    """``root``: its first 20 bytes, or all 32."""

    n: int
    root: bytes

    def fits(self, root: bytes) -> bool:
        return root.startswith(self.root)


class Misread(ValueError):
    """It looks like an anchor, but a character is wrong or missing."""


def write(n: int, root: bytes) -> str:
    text = _letters(root[:KEPT], _ROOT) + _check(n, root)
    return f"{n}:" + "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def read(text: str) -> Anchor | None:
    """One anchor; None if this is nothing of the kind. Raises :class:`Misread`."""
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    found = _LINE.match(plain)
    if found is None:
        return None
    n, code = int(found[1]), re.sub(r"[\W_]", "", found[2])
    if len(code) == _HEX and re.fullmatch(r"[0-9A-F]+", code):
        return Anchor(n, bytes.fromhex(code))
    code = code.translate(_MEANT)
    if len(code) != _ROOT + _CHECK or not set(code) <= set(LETTERS):
        raise Misread(text.strip())
    root = _bytes(code[:_ROOT])
    if _check(n, root) != code[_ROOT:]:
        raise Misread(text.strip())
    return Anchor(n, root)


def read_all(text: str) -> Iterator[Anchor]:
    """Every anchor of a file: JSON as ``audit anchor --json`` writes it, or one a line among other lines.

    Raises :class:`Misread` for a line that was meant to be one.
    """
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if isinstance(told, dict | list):
        for one in told if isinstance(told, list) else [told]:
            yield _from_json(one)
        return
    for line in text.splitlines():
        try:
            found = read(line)
        except Misread:
            if len(re.sub(r"[\W_]", "", line)) >= _ROOT:
                raise
            continue  # a date, a telephone number
        if found is not None:
            yield found


def _from_json(told: Any) -> Anchor:
    try:
        return Anchor(int(told["n"]), bytes.fromhex(told["root"]))
    except (TypeError, KeyError, ValueError) as error:
        raise Misread(str(told)[:80]) from error


def _check(n: int, root: bytes) -> str:
    return _letters(sha256(b"folkmoot anchor\0%d\0" % n + root[:KEPT]).digest(), _CHECK)


def _letters(raw: bytes, count: int) -> str:
    number = int.from_bytes(raw, "big") >> (len(raw) * 8 - count * 5)
    return "".join(LETTERS[number >> shift & 31] for shift in range((count - 1) * 5, -1, -5))


def _bytes(text: str) -> bytes:
    number = 0
    for letter in text:
        number = number << 5 | LETTERS.index(letter)
    return number.to_bytes(KEPT, "big")
