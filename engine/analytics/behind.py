"""The single cases behind a number (``cases``): whoever reads a figure opens what it counts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.domain.errors import UsageError
from engine.domain.messages import LANGUAGES, text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.reasons import Reason
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

NOBODY = "-"  # the part without a key


def asked(given: str | None, known: Sequence[str], *, public: bool, each_of: Sequence[str] = ()) -> None:
    """FM-U716 where they are for readers outside, FM-U725 for a number that is none of these; of ``each_of`` every one
    has them all: ``consent/missed``. Where the first half is one of them, only its own are told."""
    if given is None:
        return
    inside(given, public=public)
    whose, _, number = given.rpartition("/") if each_of else ("", "", given)
    if number not in known or (whose and whose not in each_of):
        of_it = [f"{whose}/{one}" for one in known] if whose in each_of else []
        every = of_it or [*known, *(f"{one}/.." for one in each_of)]
        raise UsageError("FM-U725", given=given, known=", ".join(every))


def inside(given: str | None, *, public: bool) -> None:
    """FM-U716 where cases are asked for and the answer is for readers outside."""
    if public and given is not None:
        raise UsageError("FM-U716")


def part(given: str, reasons: Sequence["Reason"], refused: Callable[[str], UsageError]) -> int:
    """Which of these is meant: by its key, by what it is called, or by a word of either where no other has it:
    ``consent`` for ``awaiting_consent``. ``refused``: what is raised, of the keys that there are, where none is meant.
    FM-U726 where several are."""
    keys = [NOBODY if reason.key is None else reason.key for reason in reasons]
    wanted = given.strip().casefold()
    ways: tuple[Callable[[int], bool], ...] = (
        lambda n: keys[n] == given,
        lambda n: reasons[n].title.casefold() == wanted,
        lambda n: given in re.split(r"[_+]", keys[n]) or wanted in _named(reasons[n].title),
        lambda n: not wanted.isascii() and wanted in reasons[n].title.casefold(),  # no spaces between words
    )
    found = (meant for way in ways if (meant := [n for n in range(len(keys)) if way(n)]))
    meant = next(found, [])
    if len(meant) > 1:
        several = "; ".join(sorted(_with_key(reasons[n].title, keys[n]) for n in meant))
        raise UsageError("FM-U726", given=given, n=len(meant), known=several)
    if not meant:
        raise refused(", ".join(sorted(keys)))
    return meant[0]


def _named(title: str) -> list[str]:
    """Those that a title names together, each: "Mediator + a party", "parties and committee"."""
    ands = (" + ", *(text("word.wait_and", lang) for lang in LANGUAGES))
    return re.split("|".join(map(re.escape, ands)), title.casefold())


def _with_key(title: str, key: str) -> str:
    return title if title == key else f"{title} ({key})"


def cases_at(
    unit: Unit, frame: "Frame", groups: "Groups | None", positions: "Ints", columns: Mapping[str, Iterable[Any]]
) -> list[dict[str, Any]]:  # fmt: skip
    """{ref, key (where there are groups), open, ..} of the cases at these positions; ``columns``: what else each says."""
    from engine.analytics.traces.reading import refs

    ids = frame.ids[positions].tolist()
    known = refs(unit, ids)
    keys = [groups.keys[n] for n in groups.of[positions].tolist()] if groups is not None else [{}] * len(ids)
    still = (frame.closed[positions] < 0).tolist()
    rest = zip(*columns.values(), strict=True) if columns else ((),) * len(ids)
    return [
        {"ref": known[case_id], **({"key": key} if key else {}), **dict(zip(columns, more, strict=True)), "open": open_}
        for case_id, key, open_, more in zip(ids, keys, still, rest, strict=True)
    ]  # fmt: skip


def longest(
    unit: Unit, frame: "Frame", groups: "Groups | None", positions: "Ints", seconds: "Ints", columns: Mapping[str, Iterable[Any]]
) -> list[dict[str, Any]]:  # fmt: skip
    """As :func:`cases_at`, with the ``seconds`` of each, the longest first."""
    found = cases_at(unit, frame, groups, positions, {"seconds": seconds.tolist(), **columns})
    return sorted(found, key=lambda one: (-one["seconds"], one["ref"]))


def texts_at(frame: "Frame", track: str, positions: "Ints") -> list[str | None]:
    """What was last said of these cases on a track."""
    texts = frame.texts(track)
    return [texts[code] if code >= 0 else None for code in frame.last_code(track)[positions].tolist()]


def instants(seconds: "Ints", none: int = -1) -> list[str | None]:
    """As text; what is no later than ``none`` is not known."""
    from datetime import UTC, datetime

    from engine.domain.instant import to_text

    return [None if s <= none else to_text(datetime.fromtimestamp(s, UTC)) for s in seconds.tolist()]
