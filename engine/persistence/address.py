"""Where a store is: ``sqlite:///data.db``, ``sqlite:////abs/data.db``, a bare path, ``postgresql://...``."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from engine.domain.errors import UsageError


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
