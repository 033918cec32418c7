"""How far two texts are written alike, in Chinese as in English, in whole hundredths.

Chinese is not split into words: two signs that stand side by side are what two texts have in common, whatever the
word is. Other scripts give their words, each as the triples of its letters, so that ``fences`` is like ``fence``.
What both scripts say in every report (``the``, 的) is left out.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from math import isqrt

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "at",
        "be",
        "by",
        "for",
        "from",
        "had",
        "has",
        "he",
        "her",
        "his",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "our",
        "she",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "with",
    ]
)
_EMPTY_HAN = re.compile("[的了在是和与及有被把将于]")
LONGEST = 4000  # characters that are looked at; a report is one sentence


@lru_cache(
    maxsize=512
)  # the same open reports are compared with each new one; nobody changes what is counted
def pieces(text: str) -> Counter[str]:
    """What a text is compared by: pairs of signs, triples of letters."""
    found: Counter[str] = Counter()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold()):
        if _IS_HAN.match(run):
            for part in _EMPTY_HAN.split(run):
                found.update([part] if len(part) == 1 else (part[i : i + 2] for i in range(len(part) - 1)))
        elif run not in _EMPTY:
            whole = f" {run} "
            found.update(whole[i : i + 3] for i in range(len(whole) - 2))
    return found


def percent(one: Counter[str], other: Counter[str]) -> int:
    """What they share, out of the geometric mean of what each says: a short report is like the long one of the same."""
    shared = (one & other).total()
    if not shared:
        return 0
    return min(100, 100 * shared // isqrt(one.total() * other.total()))
