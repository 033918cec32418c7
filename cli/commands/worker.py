"""`folkmoot worker`: deadlines that act, once or for ever."""

import signal
import time
from types import FrameType
from typing import Annotated

import typer

from cli.call import Call
from cli.command import plain, single

app = single()
BATCH = 200


@plain(app, "worker", example="folkmoot worker --once")
def worker(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="what is due now, then stop")] = False,
    every: Annotated[float, typer.Option(help="SECONDS: how often to look")] = 5.0,
) -> None:
    """Fire what is due: warnings, expiries, what follows from them. After a stop it catches up, each once."""
    from engine.service import worker as service

    stopping = _Stop()
    fired = cases = 0
    while True:
        answer = call.write(service.sweep, limit=BATCH)
        fired, cases = fired + answer["fired"], cases + answer["cases"]
        if answer["fired"] and not once:
            call.say(call.word("swept", fired=answer["fired"], cases=answer["cases"]))
        if answer["more"]:
            continue
        if once or stopping.wait(every):
            break
    total = {"fired": fired, "cases": cases}
    call.page(total, lambda page: page.line(call.word("swept", **total)))


class _Stop:
    """SIGTERM ends the loop between two sweeps."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.asked = True

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not self.asked and time.monotonic() < end:
            time.sleep(0.1)
        return self.asked
