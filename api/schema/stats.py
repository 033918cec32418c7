"""How long resolution takes."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.problem import Told


class Durations(Told):
    """Open cases count as open. Per group the percentiles of those that reached the moment (`closed`; null of fewer than
    ten) and of the product-limit curve (`km`), in seconds; `against` the rest, or null and the `reason`."""

    clock: str
    text: str
    as_of: datetime
    working: bool = Field(description="seconds of office hours")
    pauses: bool = Field(description="with the time in which the law's limits stand still")
    time: str
    closed_only: bool
    n: int | None = Field(
        description="all cases that were selected; with `closed_only` those that reached the moment"
    )
    n_open: int | None = Field(description="cases that are not closed")
    n_reached: int | None = Field(
        description="cases that came to the moment; the others are watched on, or were over without it"
    )
    groups: list[dict[str, Any]]
    whole: dict[str, Any] | None = Field(
        None, description="of several groups all together, told as one of them"
    )
    cases: list[dict[str, Any]] | None = Field(
        None,
        description="those behind the number that was named, the longest first: seconds, whether reached and open",
    )


class WaitedFor(Told):
    """Per group its `parts`, the longest first: `n` cases that were ever in it, `n_stays`, `total_s` and its `share`;
    `p50_s` is when half of the stays are over, with those that still last counted as open; it is null where fewer than ten
    stays are (`few`). The parts make `total_s`."""

    per: str
    text: str
    as_of: datetime
    working: bool
    pauses: bool
    time: str
    n: int | None
    n_open: int | None
    total_s: int | None
    groups: list[dict[str, Any]]
    cases: list[dict[str, Any]] | None = Field(
        None,
        description="those that were ever in the part that was named, the longest first: seconds and stays there",
    )


class Why(Told):
    """`difference_s` of the two means, unit less the other, is `case_mix.seconds` and the `seconds` of all `parts`; the
    same in `days`, to one decimal. With fewer than ten cases on a side (`few`) nothing is compared. Of a state with a
    limit of its own `n_late` cases were past it, `limits` says how long it is under each definition and grade; of one
    that waits for somebody who is appointed, `unserved` says in how many of the unit's places nobody is, and since when."""

    unit: str
    other: str
    clock: str
    text: str
    as_of: datetime
    days: int
    per: str
    by: list[str]
    n: int | None
    n_open: int | None
    oldest_s: int | None
    other_n: int | None
    other_n_open: int | None
    other_oldest_s: int | None
    few: bool
    difference_s: int | None = None
    difference_days: float | None = None
    mean_s: int | None = Field(None, description="over the first `days`, open cases in")
    other_mean_s: int | None = None
    case_mix: dict[str, Any] | None = None
    parts: list[dict[str, Any]] = Field([])
    waited: list[dict[str, Any]] = Field(
        [], description="sides waited for until the closing or now; `percent` make 100"
    )
    cases: list[dict[str, Any]] | None = None


class Legs(Told):
    """Per group and leg: `n` measured, `n_waiting` not over yet, `n_blank` with an end that nobody recorded,
    `n_backwards` recorded in the other order; `buckets` with half-open bounds, percentiles in seconds."""

    text: str
    as_of: datetime
    from_receipt: bool
    n: int | None
    n_open: int | None
    groups: list[dict[str, Any]]


class StatsClocks(Told):
    items: list[dict[str, Any]]
    count: int
    next: str | None
    as_of: datetime


class FiguresVerified(Told):
    """Every history read again and compared with what is kept for figures; `differs` names at most 20 cases."""

    cases: int
    rows: int
    holds: bool
    differs: list[dict[str, Any]]
    n_differs: int
    as_of: datetime
