"""Who calls, in which language, at what moment. The only way time and identity reach a service function."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.errors import SignInNeeded
from engine.domain.instant import whole

VISITOR = "-"  # stands where a name would, for one who only looks


@dataclass(frozen=True, slots=True)
class Caller:
    """``person``: the code of who types or whose token it is; None for a visitor. ``now`` is aware."""

    person: str | None
    now: datetime
    lang: str = "en"
    identity: str = "asserted"  # or "token"

    @property
    def name(self) -> str:
        """The person; nobody named is FM-A001."""
        if self.person is None:
            raise SignInNeeded("FM-A001", kind="who")
        return self.person

    @property
    def at(self) -> datetime:
        return whole(self.now)


Answer = dict[str, Any]
