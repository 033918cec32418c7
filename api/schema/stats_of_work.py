"""What is open and who has it, what was done, and whether it is dealt out evenly."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.problem import Told


class Load(Told):
    """Open work of each person who has a seat (`holder`), or of groups of cases: number, weight, ages in days, and how
    often a handler followed another one."""

    text: str
    as_of: datetime
    n: int | None = Field(description="all cases that were selected")
    n_open: int | None
    n_unassigned: int | None = Field(description="open with no handler")
    weight: int | None
    n_reassigned: int | None
    uncovered: list[str] = Field(description="units that serve a place and have nobody appointed")
    uncovered_title: list[str] = Field(
        description="the same by name, with their codes, as they were called then"
    )
    groups: list[dict[str, Any]]


class Backlog(Told):
    """Open cases at the end of each step by age, with what was filed, reopened and closed in it: what was open at the end
    of the step before (`before`, for the first) with the first two, less the third, is what is open."""

    text: str
    every: str
    since: str
    until: str
    as_of: datetime
    n: int | None = Field(description="all cases that were selected")
    n_open: int | None
    groups: list[dict[str, Any]]


class OpenCases(Told):
    """Open cases by age, with what is wrong with each. `holder`: whoever handles it."""

    text: str
    as_of: datetime
    n: int | None = Field(description="all that fit; not told to readers outside where they are few")
    n_more: int | None = Field(description="of them not named here")
    items: list[dict[str, Any]]


class Activity(Told):
    """`n` deeds in `n_cases` cases, with `n_parts` parts taken in them: by activity, and per group. With `cases` the
    deeds themselves (`acts`), by time; `n_more` of them are left out."""

    text: str
    as_of: datetime
    per: str | None
    n: int
    n_cases: int
    n_parts: int
    activities: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    acts: list[dict[str, Any]] | None = None
    n_more: int | None = None


class Fairness(Told):
    """Work by person and week. Of each week the spread over all who could have been picked: Gini's coefficient of the
    load at its end, as a decimal and as an exact fraction; `idle` could have been picked and were not. Of each person:
    load `open` at the week's end and `taken` in it, `picks` and their `share`, `by` whom, `why`, and how
    often left out and why (`excluded`)."""

    text: str
    weeks: list[dict[str, Any]]
    items: list[dict[str, Any]]
    count: int
    next: str | None
    since: str
    until: str
    as_of: datetime
