"""Commands as they are sent again and again: what killed programs do, and what is asked of a store afterwards."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from threading import Barrier, Event
from typing import Any

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store

Say = Callable[[Any], None]


@dataclass(frozen=True)
class Deed:
    """One command: ``service`` as ``acting.do_act``, who sends it, with which key and request."""

    service: str
    who: str
    key: str
    given: Mapping[str, Any]

    @property
    def function(self) -> Any:
        module, _, name = self.service.partition(".")
        return getattr(import_module(f"engine.service.{module}"), name)


def send(engine: Engine, deed: Deed) -> Any:
    """The answer, or the code of the refusal as text."""
    try:
        return engine.call(deed.function, engine.caller(person=deed.who), key=deed.key, **deed.given)
    except FolkmootError as error:
        return error.code


def done(answer: Any) -> bool:
    return isinstance(answer, dict)


# ---- what children run: each says (key, answer) once it was answered ---------------------------


def one_by_one(
    say: Say, answered: Callable[[], None], *, url: str, now: datetime, deeds: Sequence[Deed]
) -> None:
    with Store.open(url) as store:
        engine = Engine(store, lambda: now)
        for deed in deeds:
            answer = send(engine, deed)
            if done(answer):
                answered()
            say((deed.key, answer))


def held_up(store: Store, threads: int) -> tuple[Event, list["Future[Any]"]]:
    """All threads of a store wait for the gate that is given, each in a transaction of its own."""
    gate, entered = Event(), Barrier(threads + 1)

    def wait(unit: Any) -> None:
        entered.wait(30)
        gate.wait(30)

    held = [store.submit(wait) for _ in range(threads)]
    entered.wait(30)
    return gate, held


def together(
    say: Say, answered: Callable[[], None], *, url: str, now: datetime, deeds: Sequence[Deed], threads: int
) -> None:
    """All of them wait while the first holds the threads up, so that on SQLite they become one batch."""
    del answered
    with Store.open(url, threads=threads) as store:
        engine = Engine(store, lambda: now)
        gate, held = held_up(store, threads)

        def told(deed: Deed, future: "Future[Any]") -> None:
            error = future.exception()
            if error is not None and not isinstance(error, FolkmootError):
                raise error
            say((deed.key, error.code if isinstance(error, FolkmootError) else future.result()))

        for deed in deeds:
            caller = engine.caller(person=deed.who)
            future = engine.submit(deed.function, caller, key=deed.key, **deed.given)
            future.add_done_callback(lambda future, deed=deed: told(deed, future))
        gate.set()
        for future in held:
            future.result()


def warm(url: str) -> None:
    """Compiles what children need, in their parent: definitions, statements, the calendar."""
    from engine.working import Worker
    from tests.support.town import Town
    from tests.support.walk import PLACE
    from workflows.shipped import CASE_TYPES

    with Store.open(url) as store:
        town = Town(store)
        for case_type in CASE_TYPES:
            given = {"case_type": case_type, "place": PLACE, "what": "a quarrel"}
            answer = send(town.engine, Deed("filing.file_case", "dsp-01", f"warm-{case_type}", given))
            send(town.engine, Deed("acting.note", "dsp-01", case_type, {"ref": answer["ref"], "text": "x"}))
        town.pass_(days=60)
        Worker(town.engine).catch_up()
