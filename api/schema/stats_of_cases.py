"""What becomes of cases: how they end, whether it lasts, whether limits are kept, where they go, who stands out."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.problem import Told


class Outcomes(Told):
    """How cases ended, as of an instant. Per group each outcome and each grade with how many ended so (`n`) and which
    share of all had by a day (`by`, competing: open cases are censored), the share still `open` then, and the rates of
    substantive outcomes, each with the cases that it is of."""

    text: str
    as_of: datetime
    n: int | None = Field(description="all cases that were selected")
    n_open: int | None
    n_closed: int | None
    groups: list[dict[str, Any]]


class Compliance(Told):
    """Runs of limits, per group in `all` and by clock: met, met with a lawful extension, missed as each was judged when
    it ended; running, running past due, paused; how many had an extension."""

    text: str
    as_of: datetime
    n: int | None = Field(description="all cases that were selected")
    n_open: int | None
    groups: list[dict[str, Any]]
    cases: list[dict[str, Any]] | None = Field(
        None, description="the runs behind the number that was named: case, limit, when it is or was due"
    )


class Durability(Told):
    """Cases closed for the first time with a substantive outcome, and those of them that were opened again. Per group
    and length of time: `n_watched` closed so long ago or longer, `n_failed` and `n_held` of them; what was closed less
    long ago (`n_open`) is in no share."""

    text: str
    as_of: datetime
    n: int | None = Field(description="closed with a substantive outcome until then")
    n_reopened: int | None = Field(description="of these opened again, however late")
    groups: list[dict[str, Any]]


class Recurrence(Told):
    """Cases after which another of the same type was filed at the same place, between the same parties where `of` is
    parties. Per group and length of time: `n_watched` long enough, `n_again` of them; `n_open` were not watched so long
    and are in no share."""

    text: str
    of: str
    after: str
    as_of: datetime
    n: int | None = Field(description="cases from whose closing or report days are counted")
    n_again: int | None = Field(description="of these, however late")
    n_unnamed: int | None = Field(description="name nobody and are left out")
    groups: list[dict[str, Any]]
    cases: list[dict[str, Any]] | None = Field(
        None, description="those behind the number that was named, each with the case that it came again as"
    )


class Flow(Told):
    """States with how many cases are there now (`n_now`), how often they were entered, how long cases stay and which
    share of the time before closing goes by there; transitions with how often each act led on; what came back. Half of
    fewer than ten stays (`p50_s`) is null, and `few` says so."""

    text: str
    as_of: datetime
    n: int | None = Field(description="all cases that were selected")
    n_open: int | None
    groups: list[dict[str, Any]]


class Funnel(Told):
    """Groups against the rate of all. `limits95` and `limits998`: between which a group of this size lies by chance;
    `stands`: where it lies. `curve`: the limits by number of cases."""

    text: str
    of: str
    days: int | None
    as_of: datetime
    n: int | None = Field(description="cases of which it is known whether they are bad")
    n_selected: int | None = Field(
        description="cases that the filter selects, of which the others were not watched so long; null with `public`"
    )
    n_bad: int | None
    share: float | None
    groups: list[dict[str, Any]]
    curve: list[dict[str, Any]]
    cases: list[dict[str, Any]] | None = Field(None, description="those behind the number that was named")
