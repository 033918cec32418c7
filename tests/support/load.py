"""People at work on a store from several threads, and an account of what each was told."""

from collections.abc import Sequence
from itertools import count
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError
from engine.service import filing
from tests.support.aftermath import bound
from tests.support.deed import Deed
from tests.support.walk import PLACE

KEYS = count()


class Load:
    """``threads`` that note and file until the block ends; ``told`` by key: the answer, or the code of the error."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self.engine = engine
        self.sent: list[Deed] = []
        self.told: dict[str, Any] = {}
        self._stop, self._lock = Event(), Lock()
        given: dict[str, Any] = {"case_type": "dispute_mediation", "place": PLACE, "what": "a wall"}
        clerk = engine.caller(person="dsp-01")
        self.refs = [engine.call(filing.file_case, clerk, **given)["ref"] for _ in range(threads)]
        self._threads = [Thread(target=self._work, args=(n,)) for n in range(threads)]

    def _work(self, number: int) -> None:
        for n in count():
            if self._stop.is_set():
                return
            self._send(self._deed(number, n))

    def _deed(self, number: int, n: int) -> Deed:
        key = f"load-{next(KEYS)}"
        if n % 10 == 9:
            return Deed(
                "filing.file_case",
                "dsp-01",
                key,
                {"case_type": "service_request", "place": PLACE, "what": key},
            )
        # mostly on a case of one's own, sometimes where others are too
        ref = self.refs[number if n % 4 else 0]
        return Deed("acting.note", "dsp-01", key, {"ref": ref, "text": key})

    def _send(self, deed: Deed) -> None:
        with self._lock:
            self.sent.append(deed)
        caller = self.engine.caller(person=deed.who)
        try:
            told: Any = self.engine.call(deed.function, caller, key=deed.key, **deed.given)
        except FolkmootError as error:
            told = error.code
        with self._lock:
            self.told[deed.key] = told

    @property
    def acknowledged(self) -> dict[str, Any]:
        with self._lock:
            return {key: told for key, told in self.told.items() if isinstance(told, dict)}

    @property
    def errors(self) -> Sequence[str]:
        return [told for told in self.told.values() if not isinstance(told, dict)]

    def check(self) -> None:
        """Everything acknowledged is there with its answer; once everything is sent again, all is there once."""
        there = bound(self.engine.store, self.told)
        acknowledged = self.acknowledged
        assert {key: there.get(key) for key in acknowledged} == acknowledged
        for deed in self.sent:
            caller = self.engine.caller(person=deed.who)
            answer = self.engine.call(deed.function, caller, key=deed.key, **deed.given)
            assert answer == there.get(deed.key, answer)
        told = self.engine.store.read(
            lambda unit: unit.connection.execute("SELECT body FROM event").fetchall()
        )
        bodies = "\n".join(body for (body,) in told)
        for deed in self.sent:
            said = deed.given.get("text") or deed.given["what"]
            assert bodies.count(f'"note":"{said}"') == 1, (deed, self.told[deed.key])

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
