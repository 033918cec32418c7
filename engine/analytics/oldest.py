"""Open cases by name, for a page that somebody acts on: the oldest, and those that wait for a decision.

Both are told as they were known at the instant: a list of last Monday is the same next year.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.analytics.ceiling import ceiling
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.traces.frame import Frame

MOST = 20
LEAD = frozenset(
    {"head", "director", "superior", "legal", "pb", "inspector"}
)  # whose yes or no is waited for
GRAVE = frozenset({"red", "orange"})
TEXTS = {
    "oldest": ("open cases, the oldest first", "在办案件,最早的在前"),
    "deciding": ("open cases that need a decision, and why", "待决定的在办案件及原因"),
}
Range = tuple[datetime | None, datetime | None]


@ceiling
def oldest(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    limit: int | None = MOST,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
) -> dict[str, Any]:
    """{n, n_more, items[{ref, type, type_title, unit, state, state_title, risk, holder, filed_at, age_s, why[]}]}: open
    cases by age, at most ``limit`` (None: all). ``why``: late, unassigned, leader (the state waits for one), grave (red or
    orange). For readers outside no case is named. FM-U420 for groups."""
    return _listed("oldest", unit, caller, by, filter, filed, closed, limit, as_of, public=public)


@ceiling
def deciding(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    limit: int | None = MOST,
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
) -> dict[str, Any]:
    """As :func:`oldest`, of those that are late, wait for a leader, or are grave and in nobody's hands."""
    return _listed("deciding", unit, caller, by, filter, filed, closed, limit, as_of, public=public)


def _listed(
    which: str, unit: Unit, caller: Any, by: Sequence[str], filter_: Mapping[str, Any] | None, filed: Range, closed: Range,
    limit: int | None, as_of: datetime | None, *, public: bool,
) -> dict[str, Any]:  # fmt: skip
    import numpy as np

    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import SMALLEST

    if by:
        raise UsageError("FM-U420", measure=which)
    meant = {**(filter_ or {}), "open": True}
    frame = select_cases(unit, caller, filter=meant, filed=filed, closed=closed, as_of=as_of)
    why = _why(unit, frame)
    fits = np.ones(len(frame), np.bool_)
    if which == "deciding":
        fits = why["late"] | why["leader"] | (why["grave"] & why["unassigned"])
    order = np.flatnonzero(fits)
    order = order[np.lexsort((frame.ids[order], frame.filed[order]))]
    shown = order[: 0 if public else limit]  # single cases are not for readers outside
    en, zh = TEXTS[which]
    few = public and 0 < len(order) < SMALLEST
    return {
        "text": zh if caller.lang == "zh" else en,
        "as_of": to_text(as_of or caller.at),
        "n": None if few else len(order),
        "n_more": None if few else len(order) - len(shown),
        "items": _items(unit, frame, shown.tolist(), why, caller.lang),
        **({"public": True} if public else {}),
    }


def _why(unit: Unit, frame: "Frame") -> dict[str, Any]:
    """What makes a case one to look at, by case."""
    import numpy as np

    from engine.analytics.selecting import leaves, next_due

    nobody = frame.names.known("holder", "")
    leads = leaves(frame, unit, lambda leaf: any(who.partition("@")[0] in LEAD for who in leaf.waits_for))
    grave = [text in GRAVE for text in frame.texts("field/risk")]
    return {
        "late": next_due(frame) <= frame.at,
        "unassigned": np.isin(frame.last_code("holder"), [-1, nobody]),
        "leader": np.array([*(bool(one) for one in leads), False])[frame.last_code("state")],
        "grave": np.array([*grave, False])[frame.last_code("field/risk")],
    }


def _items(
    unit: Unit, frame: "Frame", positions: Sequence[int], why: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
    import numpy as np

    from engine.analytics.behind import texts_at
    from engine.analytics.traces.reading import refs

    ids = [int(frame.ids[at]) for at in positions]
    there = np.array(positions, np.int64)
    known = refs(unit, ids)
    said = {name: texts_at(frame, name, there) for name in ("type", "unit", "state", "field/risk", "holder")}
    return [
        {
            "ref": known[case_id],
            "type": said["type"][n],
            "type_title": _type_title(unit, said["type"][n], said["state"][n], lang),
            "unit": said["unit"][n],
            "state": (said["state"][n] or "").partition(":")[2] or None,
            "state_title": _state_title(unit, said["state"][n], lang),
            "risk": said["field/risk"][n],
            "holder": said["holder"][n] or None,
            "filed_at": to_text(datetime.fromtimestamp(int(frame.filed[at]), UTC)),
            "age_s": int(frame.at - frame.filed[at]),
            "why": [name for name, which in why.items() if which[at]],
        }
        for n, (case_id, at) in enumerate(zip(ids, positions, strict=True))
    ]


def _type_title(unit: Unit, kind: str | None, state: str | None, lang: str) -> str:
    """What the text that the case follows calls its type; ``state``: HASH:LEAF."""
    from engine.analytics.traces.law import law

    definition = law(unit, (state or "").partition(":")[0]).definition
    if definition is None:
        return (kind or "").replace("_", " ")
    return definition.text("title", lang, definition.title)


def _state_title(unit: Unit, state: str | None, lang: str) -> str | None:
    from engine.analytics import titles
    from engine.analytics.traces.law import law

    content_hash, _, name = (state or "").partition(":")
    return titles.state(law(unit, content_hash), name, lang) if name else None
