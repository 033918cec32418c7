"""Where a store is: ``sqlite:///data.db``, ``sqlite:////abs/data.db``, a bare path, ``postgresql://...``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from engine.domain.errors import NotFound, UsageError
from engine.domain.messages import text

DEMO = "demo.db"


@dataclass(frozen=True, slots=True)
class Address:
    """``dialect`` is sqlite or postgresql; ``path`` only for SQLite, ``url`` only for PostgreSQL."""

    dialect: str
    path: Path | None = None
    url: str = ""

    @property
    def file(self) -> Path:
        if self.path is None:
            raise ValueError(f"{self} is no file")
        return self.path

    def __str__(self) -> str:
        """What may be shown: a path as given, a URL without its password."""
        if self.path is not None:
            return str(self.path)
        parts = urlsplit(self.url)
        if parts.password is None:
            return self.url
        place = f"{parts.username}:***@{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
        return urlunsplit(parts._replace(netloc=place))


def missing(address: Address) -> NotFound:
    """FM-N003; beside the usual place the sample county is named, which ``folkmoot demo`` puts there."""
    told: dict[str, Any] = {"path": str(address), "demo": ""}
    beside = address.path.with_name(DEMO) if address.path is not None else None
    if beside is not None and beside != address.path and beside.is_file():
        told["demo"] = text("word.demo_beside", "en", path=beside)
        told["demo_zh"] = text("word.demo_beside", "zh", path=beside)
    return NotFound("FM-N003", kind="store", **told)


def parse(text: str) -> Address:
    """The address in a text; other schemes are refused (FM-U044)."""
    scheme, mark, rest = text.partition("://")
    if not mark:
        return Address("sqlite", Path(text))
    if scheme == "sqlite":
        path = rest.removeprefix("/")
        if path:
            return Address("sqlite", Path(path))
    elif scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return Address("postgresql", url=f"postgresql://{rest}")
    raise UsageError("FM-U044", url=text)
