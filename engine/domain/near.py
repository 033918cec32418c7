"""Words like one that nobody knows, as a sentence names them: the closest, else all where they are few, else none."""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.domain.messages import text

FEW = 12


def closest(given: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Those that are written alike; one that begins with what was given is alike however long it is."""
    from difflib import get_close_matches  # only a slip costs its loading

    words = list(dict.fromkeys(known))
    begun = [word for word in words if len(given) > 1 and word.startswith(given)]
    return list(dict.fromkeys([*begun, *get_close_matches(given, words, count)]))[:count]


def told_near(
    near: Sequence[str], known: Sequence[str] = (), chinese: Sequence[str] | None = None
) -> dict[str, Any]:
    """The parameters ``near`` and ``near_zh`` of a message: a sentence of its own, or nothing.

    ``chinese``: the same words as Chinese readers know them.
    """
    if near:
        return _both("word.near_ones", near, near if chinese is None else chinese)
    return _both("word.there_are", known, known) if 0 < len(known) <= FEW else {"near": "", "near_zh": ""}


def _both(word: str, english: Sequence[str], chinese: Sequence[str]) -> dict[str, Any]:
    spelt = {"en": ", ".join(f"`{one}`" for one in english), "zh": "、".join(f"“{one}”" for one in chinese)}
    return {"near": text(word, "en", names=spelt["en"]), "near_zh": text(word, "zh", names=spelt["zh"])}
