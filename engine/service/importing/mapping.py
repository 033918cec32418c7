"""``map.yaml``: which column of a register means what. Every fault is named with its place (FM-I040)."""

from collections.abc import Mapping as Mapped
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator, model_validator

from engine.domain.errors import Reason, Unsound
from engine.machine.program import Program
from engine.service import plain_yaml

Take = Literal["first", "last"]


class Source(BaseModel):
    """A column. Where a case has many rows: which of its values, and of which rows.

    ``take`` the first or the last; without it the rows of a case have to agree. ``where``: only rows in which each
    of these columns has the value, or one of the values. An empty cell says nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    take: Take | None = None
    where: dict[str, str | tuple[str, ...]] = {}

    @property
    def columns(self) -> set[str]:
        return {self.column, *self.where}


def _source(given: Any) -> Any:
    return {"column": given} if isinstance(given, str) else given


Moment = Annotated[Source, BeforeValidator(_source)]


class Part(BaseModel):
    """Where a value comes from: a column, whose words may be mapped, or one fixed value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    take: Take | None = None
    where: dict[str, str | tuple[str, ...]] = {}
    value: str | None = None
    values: dict[str, str] | None = None
    otherwise: str | None = None  # for words that `values` lacks

    @model_validator(mode="after")
    def _one(self) -> "Part":
        if (self.column is None) == (self.value is None):
            raise ValueError("wants either `column` or `value`")
        if self.column is None and (self.take or self.where):
            raise ValueError("`take` and `where` go with a column")
        return self

    @cached_property
    def source(self) -> Source | None:
        return Source(column=self.column, take=self.take, where=self.where) if self.column else None


class Place(Part):
    """``unknown``: reject a row whose place nobody knows, or keep what stands there."""

    unknown: Literal["reject", "keep"] = "reject"


class Status(Part):
    """The register's words for where a case stands, to states and outcomes of the case type.

    A register without such a column says one word for all, ``value``: whether a case is closed, its closing time
    tells. ``through``: the state a case stood in between being filed and being closed; its clocks judge there.
    """

    values: dict[str, str]
    outcomes: dict[str, str] = {}
    through: str | None = None


class Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    case_type: str
    rows: Literal["cases", "events"] = "cases"  # events: rows with the same key are one case
    at: str | None = None  # the time of a row; rows of a case go by it, else as they stand in the file
    key: str
    zone: str
    dates: tuple[str, ...]
    sheet: str | None = None
    filed: Moment
    closed: Moment
    moved: Moment | None = None  # when an open case came into its state; else when it was filed
    what: Part
    place: Place
    channel: Part = Part(value="register")
    status: Status
    fields: dict[str, Part] = {}
    milestones: dict[str, Moment] = {}

    @field_validator("zone")
    @classmethod
    def _zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone {zone!r}; an IANA name such as Asia/Shanghai") from error
        return zone

    @field_validator("dates", mode="before")
    @classmethod
    def _dates(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _many(self) -> "Mapping":
        if self.rows == "events":
            return self
        if self.at or any(source.take or source.where for source in self.sources()):
            raise ValueError(
                "`at`, `take` and `where` are for a file with many rows per case: `rows: events`"
            )
        return self

    def sources(self) -> list[Source]:
        """Everything that the mapping reads but the key and the time of a row."""
        parts = [self.what, self.place, self.channel, self.status, *self.fields.values()]
        moments = [self.filed, self.closed, self.moved, *self.milestones.values()]
        return [source for source in (*moments, *(part.source for part in parts)) if source]

    def columns(self) -> set[str]:
        """Every column that the mapping reads."""
        named = {self.key} | ({self.at} if self.at else set())
        return named.union(*(source.columns for source in self.sources()))

    def moment(self, text: str) -> datetime:
        """A time of the register; ValueError if no format fits. An offset in the text wins over the zone."""
        for form in self.dates:
            try:
                at = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
            return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(self.zone))
        raise ValueError(text)


def read_mapping(text: str, name: str = "map.yaml") -> Mapping:
    """The mapping of a file; :class:`Unsound` with every fault."""
    try:
        given = plain_yaml.load(text)
    except yaml.YAMLError as error:
        raise Unsound(
            "FM-I040", kind="finding", file=name, place="-", problem=str(error).replace("\n", " ")
        ) from error
    try:
        return Mapping.model_validate(given if isinstance(given, dict) else {})
    except ValidationError as error:
        reasons = [
            Reason(
                "FM-I040",
                {"file": name, "place": ".".join(map(str, e["loc"])) or "-", "problem": e["msg"]},
                "finding",
            )
            for e in error.errors()
        ]
        raise Unsound("FM-I040", reasons=reasons) from error


def check_mapping(mapping: Mapping, program: Program, header: tuple[str, ...], name: str) -> None:
    """That columns exist in the register, and states, outcomes, fields and milestones in the case type."""
    definition, outline = program.definition, program.outline
    wrong: list[tuple[str, str, Mapped[str, Any] | tuple[str, ...]]] = []
    wrong += [("column", column, header) for column in sorted(mapping.columns()) if column not in header]
    states = [*mapping.status.values.values(), *([mapping.status.through] if mapping.status.through else [])]
    wrong += [("state", s, outline.leaves) for s in dict.fromkeys(states) if s not in outline.leaves]
    outcomes = dict.fromkeys(mapping.status.outcomes.values())
    wrong += [("outcome", o, definition.outcomes) for o in outcomes if o not in definition.outcomes]
    wrong += [("field", f, definition.fields) for f in mapping.fields if f not in definition.fields]
    wrong += [
        ("milestone", m, definition.milestones) for m in mapping.milestones if m not in definition.milestones
    ]
    if wrong:
        reasons = [
            Reason(
                "FM-I041",
                {"file": name, "what": what, "name": given, "known": ", ".join(known)},
                "finding",
            )
            for what, given, known in wrong
        ]
        raise Unsound("FM-I041", reasons=reasons)
