"""``stats why``: why a unit takes longer than others, in parts that add up exactly.

Compared are restricted means, how long a case lasts on average within its first days, open cases in: medians do not
add up, these do. First what the cases are (another mix of kinds), then, among cases of one kind, where their time
went. What is printed was rounded so that it still adds up (``engine.analytics.estimate.difference``, ``rounding``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.analytics.behind import inside
from engine.analytics.ceiling import ceiling
from engine.analytics.compared import DAY, DAYS, MOST_DAYS, Compared, Two
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.selecting import Mask
    from engine.analytics.traces.frame import Frame
    from engine.persistence.as_known import Known

Range = tuple[datetime | None, datetime | None]


@ceiling
def why(
    unit: Unit,
    caller: Any,
    *,
    against: str | None = None,
    clock: str = "first_resolution",
    days: int | None = None,
    per: str = "state",
    cases: str | None = None,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
) -> dict[str, Any]:
    """The unit of the filter, with all below it, against the unit above it without it, or ``against`` without it.

    ``difference_s`` (positive: slower) is ``case_mix.seconds`` and the ``seconds`` of all ``parts``; so are ``days``,
    to one decimal. ``by``: what makes kinds of case (type, category, risk unless said); ``kinds`` tells for each value
    what it adds to the mix and which share of the cases it has here and there. ``per``: see reasons.PER. Of a part,
    ``n`` cases of the unit were in it, for ``mean_s`` of the unit's mean and ``other_s`` of the other's; of a state
    whose limit is its own, ``n_late`` cases were past it; ``limits``: how long it is, under each definition and grade. Of
    a state that waits for somebody who is appointed, ``unserved`` tells for each post in how many of the unit's places
    nobody is, on the day of ``as_of``, and since when it has been these. ``cases`` names a part and brings its cases of the unit.
    With fewer than ten cases on a side nothing is compared (``few``). ``days``: 60, or as many as are known of both.

    Errors: FM-U302, FM-U710 to FM-U718, those of the filter.
    """
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise UsageError("FM-U718", days=days)
    inside(cases, public=public)
    from engine.analytics.durations import get_clock, reached
    from engine.analytics.suppress import LEAST

    measured = get_clock(clock)
    rest = dict(filter or {})
    whose = str(rest.pop("unit", None) or "")
    sides = _sides(unit, caller, whose, against, filter=rest, filed=filed, closed=closed, as_of=as_of)
    frame = sides.frame
    told: dict[str, Any] = {
        "unit": whose, "other": sides.against, "clock": clock,
        "text": measured.zh if caller.lang == "zh" else measured.text, "as_of": to_text(as_of or caller.at),
        "days": days or DAYS, "per": per, "by": list(by) or _mix(),
        **_counts("", frame, sides.mine), **_counts("other_", frame, ~sides.mine),
        "few": min(sides.sizes) < LEAST,
    }  # fmt: skip
    if told["few"]:
        return _hidden(told) if public else told
    ended = reached(frame, measured)
    compared = Compared(unit, caller, sides, ended, per, days, zone, told["by"])
    told |= {"days": compared.tau // DAY, **compared.told(public=public)}
    if cases is not None:
        told["cases"] = compared.cases(cases)
    return told


def _mix() -> list[str]:
    from engine.analytics.against import MIX

    return list(MIX)


def _hidden(told: dict[str, Any]) -> dict[str, Any]:
    """For readers outside: counts below five name somebody."""
    from engine.analytics.suppress import SMALLEST

    return {
        name: None if name.endswith(("n", "n_open")) and isinstance(value, int) and 0 < value < SMALLEST else value
        for name, value in told.items()
    }  # fmt: skip


def _counts(side: str, frame: "Frame", which: "Mask") -> dict[str, Any]:
    still = which & (frame.closed < 0)
    oldest = int((frame.at - frame.filed[still]).max()) if still.any() else None
    return {
        f"{side}n": int(which.sum()),
        f"{side}n_open": int(still.sum()),
        f"{side}oldest_s": oldest,
    }


# ---- the two sides ---------------------------------------------------------------------------------


def _sides(unit: Unit, caller: Any, whose: str, against: str | None, **selected: Any) -> Two:
    import numpy as np

    from engine.analytics.selecting import select_cases
    from engine.persistence.as_known import as_known
    from engine.persistence.selection import Asking, condition

    if not whose:
        raise UsageError("FM-U712")
    asking = Asking(unit, caller.person, caller.now)
    condition(asking, {"unit": whose})  # refuses what is no unit
    known = as_known(unit, selected["as_of"] or caller.at)
    other = against or _above(known, whose)
    condition(asking, {"unit": other})
    frame = select_cases(unit, caller, **selected)
    inside = [[frame.names.known("unit", code) for code in known.below(one)] for one in (whose, other)]
    where = frame.last_code("unit")
    mine, theirs = (np.isin(where, [number for number in codes if number >= 0]) for codes in inside)
    if whose == other or not (theirs & ~mine).any():
        raise UsageError("FM-U717", unit=whose, against=other)
    both = mine | theirs
    return Two(frame.only(both), mine[both], whose, other)


def _above(known: "Known", code: str) -> str:
    """The unit above; FM-U713 where there is none."""
    above = known.above(code)
    if not above:
        raise UsageError("FM-U713", unit=code)
    return above
