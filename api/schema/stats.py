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


class StatsClocks(Told):
    items: list[dict[str, Any]]
    count: int
    next: str | None
    as_of: datetime
