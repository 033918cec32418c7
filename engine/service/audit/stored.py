"""Values of a body as a database keeps them, to be compared with rows that nobody converted."""

from datetime import date, datetime
from typing import Any

from engine.domain.instant import from_text
from engine.persistence.convert import instant_to_text


class Stored:
    def __init__(self, dialect: str) -> None:
        self._file = dialect == "sqlite"

    def instant(self, text: Any) -> Any:
        """``2026-11-24T00:21:00Z`` of a body as its column holds it; what is no instant equals nothing."""
        if not isinstance(text, str) or len(text) != 20 or text[10] != "T" or text[19] != "Z":
            return object()
        if self._file:
            return f"{text[:10]} {text[11:19]}.000000"
        try:
            return from_text(text)
        except ValueError:
            return object()

    def instant_or_none(self, text: Any) -> Any:
        return None if text is None else self.instant(text)

    def day(self, text: Any) -> Any:
        return text if self._file or text is None else date.fromisoformat(text)

    def flag(self, value: Any) -> Any:
        return int(value) if self._file else value

    def moment(self, at: datetime | None) -> Any:
        return instant_to_text(at) if self._file else at
