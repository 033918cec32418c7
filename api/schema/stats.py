"""How long resolution takes."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.problem import Told


class Durations(Told):
    """Open cases count as open. Per group the percentiles of those that reached the moment (`closed`) and of the
    product-limit curve (`km`), in seconds."""

    clock: str
    text: str
    as_of: datetime
    closed_only: bool
    n: int = Field(description="all cases that were selected")
    n_open: int
    n_reached: int
    groups: list[dict[str, Any]]


class Durability(Told):
    """Cases closed for the first time with a substantive outcome, and those of them that were opened again. Per group
    and length of time: `n_watched` closed so long ago or longer, `n_failed` and `n_held` of them; what was closed less
    long ago (`n_open`) is in no share."""

    text: str
    as_of: datetime
    n: int = Field(description="closed with a substantive outcome until then")
    n_reopened: int = Field(description="of these opened again, however late")
    groups: list[dict[str, Any]]


class StatsClocks(Told):
    items: list[dict[str, Any]]
    count: int
    next: str | None
    as_of: datetime
