"""Reports over the wire."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.schema.case import DayOrMoment, Sent
from api.schema.problem import Told


class ReportSent(Sent):
    """A report: `title`, a text or one under `en` and `zh`; `parts`, each with `measure`, `title`, `of` (`unit` or
    `county`) and `with`, the arguments of that measure. Ranges may say `last 28 days`, `last 4 weeks`, `last 12 months`.
    """

    title: Any = Field(examples=["Our page"])
    needs_unit: bool = Field(False, description="it is about one unit, which is named when it is run")
    parts: list[Any] = Field(
        examples=[[{"measure": "durations", "with": {"by": "unit", "filed": "last 12 months"}}]]
    )


class Report(Told):
    name: str
    title: Any
    needs_unit: bool = False
    parts: list[dict[str, Any]]
    saved_by: str | None = None
    saved_at: datetime | None = None
    shipped: bool = False


class ReportGone(Told):
    name: str
    deleted: bool


class ReportLine(Told):
    name: str
    title: str
    measures: list[str]
    needs_unit: bool
    shipped: bool
    saved_by: str | None


class ReportList(Told):
    items: list[ReportLine]
    count: int
    next: str | None
    as_of: datetime


class RunAsked(Sent):
    unit: str | None = Field(None, description="this unit and all below it", examples=["S-012"])
    as_of: DayOrMoment | None = Field(
        None, description="as it was known then, or by the end of this day; not after now"
    )
    format: Literal["json", "html", "pdf", "csv"] = "json"


class ReportRun(Told):
    """Of each part what the measure answered, and the same as tables: heads with `path`, `title` and `kind` (text,
    count, share, seconds, moment), and rows."""

    report: str
    title: str
    unit: str | None
    as_of: datetime
    note: str | None = Field(description="that nothing was on file then")
    parts: list[dict[str, Any]]
