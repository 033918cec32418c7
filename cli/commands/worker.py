"""`folkmoot worker`: deadlines that act, once or for ever."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.call import Call
from cli.command import plain, single

if TYPE_CHECKING:
    from engine.working import Done

app = single()


@plain(app, "worker", example="folkmoot worker --once")
def worker(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="what is due now, then stop")] = False,
    every: Annotated[float, typer.Option(help="SECONDS: how often to look")] = 5.0,
) -> None:
    """Fire what is due: warnings, expiries, what follows from them. After a stop it catches up, each once."""
    from engine.working import Done, Worker

    total = Done()

    def report(done: Done) -> None:
        nonlocal total
        total += done
        _tell(call, done, once=once)

    made = Worker(call.engine, every_s=every, report=report)
    with _stopped() as stop:
        if once:
            made.catch_up(stop)
        else:
            made.run(stop)
    answer = {
        "fired": total.fired,
        "cases": total.cases,
        "lapsed": total.lapsed,
        "sealed": total.sealed,
        "incidents": list(total.incidents),
    }
    call.page(answer, lambda page: page.line(call.word("swept", fired=total.fired, cases=total.cases)))


def _tell(call: Call, done: "Done", *, once: bool) -> None:
    if done.fired and not once:
        call.say(call.word("swept", fired=done.fired, cases=done.cases))
    for incident in done.incidents:
        call.say(call.word("worker_incident", **incident))
    if done.error is not None:
        from cli.failure import lines

        for reason in done.error.reasons:
            call.say("\n".join(lines(reason, call.lang)))


@contextmanager
def _stopped() -> Iterator[Event]:
    """Set by SIGTERM and by the first Ctrl-C: the portion in hand is finished. A second one ends at once."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del frame
        stop.set()
        signal.signal(number, before[number])

    before: dict[int, Any] = {n: signal.signal(n, ask) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
