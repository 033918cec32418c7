"""Case references: ``26-04127-2`` is the year, a serial number of that year, and a check digit.

The check digit (Damm) covers year and serial; it finds every single wrong digit and every swap of
neighbours, which are the two things that happen on the telephone.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_DASHES = frozenset("-‐‑‒–—―−﹣_/.· \u3000\t\uff0d")
_SERIAL = 5  # digits at least
_LONGEST = 20  # digits at most; nobody's number is longer, and what is sent may be
# Damm's table: the row is what came out so far, the column the next digit; a number with its check digit ends in 0
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017",
    "9438617205", "2581436790",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """``year`` has two digits; ``str()`` gives the reference as people write it."""

    year: int
    serial: int

    @property
    def _payload(self) -> str:
        return f"{self.year:02d}{self.serial:0{_SERIAL}d}"

    @property
    def check(self) -> str:
        return str(_damm(self._payload))

    def ends_with(self, digits: str) -> bool:
        """Whether somebody who says only the last digits, with or without the check digit, means this."""
        return self._payload.endswith(digits) or f"{self._payload}{self.check}".endswith(digits)

    def __str__(self) -> str:
        return f"{self._payload[:2]}-{self._payload[2:]}-{self.check}"


def make(year: int, serial: int) -> Ref:
    """The reference of the serial-th case of a year (2026 or 26)."""
    if serial < 1:
        raise ValueError(f"serial {serial}")
    return Ref(year % 100, serial)


def digits_of(text: str) -> str | None:
    """The plain digits of what somebody typed, full-width ones too; None if it holds anything else, or too many."""
    kept = [char for char in text.strip() if char not in _DASHES]
    if not 0 < len(kept) <= _LONGEST or any(unicodedata.category(char) != "Nd" for char in kept):
        return None
    return "".join(str(unicodedata.digit(char)) for char in kept)


def parse(text: str) -> Ref | None:
    """A whole reference, dashes optional; None if it is none or its check digit does not fit."""
    digits = digits_of(text)
    return None if digits is None else _read(digits)


def _read(digits: str) -> Ref | None:
    if len(digits) < 2 + _SERIAL + 1 or _damm(digits) != 0:
        return None
    serial = digits[2:-1]
    if int(serial) == 0 or (len(serial) > _SERIAL and serial[0] == "0"):
        return None
    return Ref(int(digits[:2]), int(serial))


def misread(text: str) -> bool:
    """Whether this is as long as a whole reference, but its check digit does not fit."""
    digits = digits_of(text)
    return digits is not None and len(digits) >= 2 + _SERIAL + 1 and _damm(digits) != 0


def near(text: str) -> list[Ref]:
    """References that differ from what was typed by one swap of neighbours (these first) or one digit.

    Best first: people slip at the end of a number sooner than in its year.
    Whoever knows which cases exist picks from them; empty if the text does not look like a reference.
    """
    digits = digits_of(text)
    if digits is None or len(digits) < 2 + _SERIAL + 1:
        return []
    found = dict.fromkeys(ref for other in _slips(digits) if (ref := _read(other)) is not None)
    if (own := _read(digits)) is not None:
        found.pop(own, None)
    return list(found)


def _slips(digits: str) -> Iterator[str]:
    for i in reversed(range(len(digits) - 1)):
        yield digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    for i in reversed(range(len(digits))):
        for digit in "0123456789":
            yield digits[:i] + digit + digits[i + 1 :]


def _damm(digits: str) -> int:
    """What comes out of the digits; of those without a check digit it is the check digit."""
    out = 0
    for digit in digits:
        out = int(_DAMM[out][int(digit)])
    return out
