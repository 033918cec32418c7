"""What all writers are: made for a file that does not exist yet, given traces, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from engine.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself, where its format has a place for it."""

    as_of: str
    lang: str
    as_written: bool

    @property
    def told(self) -> Mapping[str, str | bool]:
        return {"as_of": self.as_of, "language": self.lang, "as_written": self.as_written}


@dataclass
class Counts:
    """``objects`` and ``relations`` stay None where a format has none."""

    cases: int = 0
    events: int = 0
    objects: int | None = None
    relations: int | None = None


class Writer(Protocol):
    counts: Counts

    def __init__(self, file: Path, about: About) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def add(self, trace: Trace) -> None: ...

    def finish(self) -> None:
        """Whatever stands at the end; nothing is added after it."""
        ...


def cell(value: Any) -> Any:
    """A value as text files have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
