"""Deadlines of a case: explained to the second, lawfully changed; and the date calculator."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import WAITS, Service, changes
from api.document import told
from api.door import CaseWriteDep, DoorDep, PageDep
from api.schema.case import Done
from api.schema.clock import ClockExplained, Clocks, Extended, Extending, Preview, Previewed, Stopping
from api.schema.path import CaseRef, ClockName
from engine.service import calendar, clock

router = APIRouter()
TAG = "Deadlines"
Item = Annotated[str | None, Query(description="of one party or obligation", examples=["O1"])]
Run = Annotated[int | None, Query(description="an earlier run", ge=1, le=100_000)]


@router.get("/v1/cases/{ref}/clocks", **told("Clocks of a case", Clocks, tag=TAG, also={304: None}))
async def list_clocks(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Every clock with its runs: running, paused and stopped."""
    return door.listed(await door.read(clock.list_clocks, ref=ref), page)


@router.get(
    "/v1/cases/{ref}/clocks/{name}",
    **told("One clock, explained", ClockExplained, tag=TAG, also={304: None}),
)
async def explain_clock(
    door: DoorDep, ref: CaseRef, name: ClockName, item: Item = None, run: Run = None
) -> Response:
    """Every interval since its start, counted or not and why; they add up to the whole exactly."""
    return door.shown(await door.read(clock.explain, ref=ref, clock=name, item=item, run=run))


@router.post(
    "/v1/cases/{ref}/clocks/{name}/pauses",
    **changes("Pause a clock", Done, 412, tag=TAG, status=201, also=WAITS),
)
async def pause_clock(
    door: CaseWriteDep, ref: CaseRef, name: ClockName, sent: Stopping | None = None
) -> Response:
    """Does the act, open now, that leads where this clock does not count. There is no other way to stop it."""
    return await _stop(door, clock.pause, ref, name, sent)


@router.post(
    "/v1/cases/{ref}/clocks/{name}/resumptions",
    **changes("A clock goes on", Done, 412, tag=TAG, status=201, also=WAITS),
)
async def resume_clock(
    door: CaseWriteDep, ref: CaseRef, name: ClockName, sent: Stopping | None = None
) -> Response:
    """Does the act that leads back where this clock counts; it goes on where it stood."""
    return await _stop(door, clock.resume, ref, name, sent)


async def _stop(door: CaseWriteDep, how: Service, ref: str, name: str, sent: Stopping | None) -> Response:
    given = sent or Stopping()
    return await door.write(
        how,
        ref=ref,
        clock=name,
        set=given.set,
        records=given.records,
        ask=given.ask,
        **given.around,
        status=201,
    )


@router.post(
    "/v1/cases/{ref}/clocks/{name}/extensions",
    **changes("Extend a clock", Extended, 412, tag=TAG, status=201, also=WAITS),
)
async def extend_clock(
    door: CaseWriteDep, ref: CaseRef, name: ClockName, sent: Extending | None = None
) -> Response:
    """The next extension that the law allows. With `ask` it goes to those who may grant it: 202 and the request."""
    given = sent or Extending()
    return await door.write(
        clock.extend,
        ref=ref,
        clock=name,
        item=given.item,
        set=given.set,
        ask=given.ask,
        **given.around,
        status=201,
    )


@router.post("/v1/clock-previews", **told("When a length of time ends", Previewed, tag=TAG, body=True))
async def preview_clock(door: DoorDep, sent: Preview) -> Response:
    """Day by day, what counts and what does not, and by which rule. Nothing is stored."""
    return door.shown(
        await door.read(
            calendar.when,
            duration=sent.duration,
            start=sent.start,
            calendar_id=sent.calendar,
            unit_code=sent.unit,
            places={"FM-N005": "/calendar", "FM-N021": "/unit"},
        )
    )
