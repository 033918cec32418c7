"""A seeded store with the small station of the scenarios, and an engine whose clock the test holds."""

from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from engine.bootstrap import Engine
from engine.persistence.store import Store
from engine.service import organisation, seed
from engine.service.caller import Caller
from tests.support.sown import sow
from workflows.calendar import calendar_ids, load_calendar
from workflows.shipped import tables, texts, vocabulary

STATION = Path(__file__).parent.parent / "data" / "org" / "station.yaml"


@cache
def _definitions() -> list[seed.Shipped]:
    return list(texts())


class Town:
    """``engine`` over the store; ``now`` moves only when the test says so."""

    def __init__(
        self, store: Store, *, people: bool = True, now: datetime | None = None, seeded: bool = False
    ) -> None:
        self.now = now or datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
        self.engine = Engine(store, lambda: self.now)
        if not seeded:
            sow(store, (self.now, people), partial(self._seed, people))

    def _seed(self, people: bool) -> None:
        self.do(
            seed.seed,
            "adm",
            definitions=_definitions(),
            tables=tables(),
            vocabulary=vocabulary(),
            calendars=[load_calendar(name) for name in calendar_ids()],
        )
        if people:
            self.do(organisation.import_organisation, "adm", files={"org.yaml": STATION.read_bytes()})

    def as_(self, person: str) -> Caller:
        return self.engine.caller(person=person)

    def do(self, service: Any, caller: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.as_(caller), **given)

    def ask(self, service: Any, caller: str, /, **given: Any) -> Any:
        return self.engine.read(service, self.as_(caller), **given)

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)
