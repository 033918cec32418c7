"""The single cases behind a number (``cases``): whoever reads a figure opens what it counts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.domain.errors import UsageError
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints


def asked(given: str | None, known: Sequence[str], *, public: bool, each_of: Sequence[str] = ()) -> None:
    """FM-U716 where they are for readers outside, FM-U725 for a number that is none of these; of ``each_of`` every one
    has them all: ``consent/missed``."""
    if given is None:
        return
    if public:
        raise UsageError("FM-U716")
    whose, _, number = given.rpartition("/") if each_of else ("", "", given)
    if number not in known or (whose and whose not in each_of):
        raise UsageError("FM-U725", given=given, known=", ".join([*known, *(f"{one}/.." for one in each_of)]))


def cases_at(
    unit: Unit, frame: "Frame", groups: "Groups", positions: "Ints", columns: Mapping[str, Iterable[Any]]
) -> list[dict[str, Any]]:
    """{ref, key (where there are groups), open, ..} of the cases at these positions; ``columns``: what else each says."""
    from engine.analytics.traces.reading import refs

    ids = frame.ids[positions].tolist()
    known, keys = refs(unit, ids), [groups.keys[n] for n in groups.of[positions].tolist()]
    still = (frame.closed[positions] < 0).tolist()
    rest = zip(*columns.values(), strict=True) if columns else ((),) * len(ids)
    return [
        {"ref": known[case_id], **({"key": key} if key else {}), **dict(zip(columns, more, strict=True)), "open": open_}
        for case_id, key, open_, more in zip(ids, keys, still, rest, strict=True)
    ]  # fmt: skip


def instants(seconds: "Ints", none: int = -1) -> list[str | None]:
    """As text; what is no later than ``none`` is not known."""
    from datetime import UTC, datetime

    from engine.domain.instant import to_text

    return [None if s <= none else to_text(datetime.fromtimestamp(s, UTC)) for s in seconds.tolist()]
