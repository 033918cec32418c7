"""How long it takes, where the time went, and why."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.charting import CHARTS, ChartQuery, charted
from api.document import told
from api.door import DoorDep, PageDep
from api.schema.asked import AT_CASES, AskedDep, CasesQuery
from api.schema.stats import (
    Durations,
    FiguresVerified,
    Legs,
    StatsClocks,
    WaitedFor,
    Why,
)
from engine.analytics import durations as measure
from engine.analytics import legs, waiting, why

router = APIRouter()
TAG = "Figures"
PER = "told apart by: state, waits (for whom), side (of those waited for), owner, phase"
Working = Annotated[bool, Query(description="seconds of office hours of each case's calendar")]
Pauses = Annotated[
    bool | None,
    Query(
        description="also time in which the law's limits stand still; in on the wall, out of office hours, unless said"
    ),
]


@router.get("/v1/stats/clocks", **told("Clocks of the figures", StatsClocks, tag=TAG, also={304: None}))
async def list_stats_clocks(door: DoorDep, page: PageDep) -> Response:
    """What can be measured, from the report to which moment."""
    return door.listed(await door.read(measure.list_clocks), page)


@router.get("/v1/stats/measures", **told("All figures", StatsClocks, tag=TAG, also={304: None}))
async def list_stats_measures(door: DoorDep, page: PageDep) -> Response:
    """What each figure tells, and for whom it is: `persons` says how it is asked so that it tells of named persons, who
    are told to `persons_for`, and to each himself."""
    from engine.analytics import registry

    return door.listed(await door.read(registry.list_measures), page)


@router.get(
    "/v1/stats/durations",
    **told("How long it takes", Durations, 403, tag=TAG, also={304: None}, kinds=CHARTS),
)
async def show_durations(
    door: DoorDep,
    asked: AskedDep,
    clock: Annotated[
        str, Query(description="see `/v1/stats/clocks`", examples=["first_resolution"])
    ] = "first_resolution",
    closed_only: Annotated[bool, Query(description="leave open cases out: biased short")] = False,
    curves: Annotated[bool, Query(description="the share resolved by each moment, up to 200 points")] = False,
    working: Working = False,
    pauses: Pauses = None,
    cases: CasesQuery = None,
    chart: ChartQuery = None,
) -> Response:
    """From the report to a named moment, with open cases counted as open. Months are those of the server's zone. `cases`:
    `open`, `reached`, `not_reached`, `all`."""
    given = asked.given(door.house.settings.zone) | {"working": working, "pauses": pauses}
    curves = curves or chart is not None
    answer = await door.read(
        measure.durations, **given, clock=clock, closed_only=closed_only, curves=curves, cases=cases, places=AT_CASES
    )  # fmt: skip
    if chart is not None:
        return await charted(door, "durations", answer, chart)
    return door.shown(answer)


@router.get(
    "/v1/stats/waiting",
    **told("Where the time went", WaitedFor, 403, tag=TAG, also={304: None}, kinds=CHARTS),
)
async def show_waiting(
    door: DoorDep,
    asked: AskedDep,
    per: Annotated[str, Query(description=PER, examples=["side"])] = "state",
    working: Working = False,
    pauses: Pauses = None,
    cases: Annotated[str | None, Query(description="a part: the cases that were in it are named")] = None,
    chart: ChartQuery = None,
) -> Response:
    """Every second of a case, from the report to its closing or to now, in one part and no other: parts add up."""
    given = asked.given(door.house.settings.zone) | {"working": working, "pauses": pauses}
    answer = await door.read(
        waiting.waiting, **given, per=per, cases=cases, places={"FM-U711": "?per", **AT_CASES}
    )
    if chart is not None:
        return await charted(door, "waiting", answer, chart)
    return door.shown(answer)


@router.get(
    "/v1/stats/why", **told("Why a unit takes longer", Why, 403, tag=TAG, also={304: None}, kinds=CHARTS)
)
async def show_why(
    door: DoorDep,
    asked: AskedDep,
    against: Annotated[str | None, Query(description="held against this unit; the one above")] = None,
    clock: Annotated[str, Query(description="see `/v1/stats/clocks`")] = "first_resolution",
    days: Annotated[
        int | None,
        Query(description="the mean over the first so many days, 1 to 3650; 60, or as many as are known"),
    ] = None,
    per: Annotated[str, Query(description=PER)] = "state",
    cases: Annotated[str | None, Query(description="a part: the cases behind it are named")] = None,
    chart: ChartQuery = None,
) -> Response:
    """`unit` against the unit above it, or `against`, each without the other's cases. `by`: what makes kinds of case;
    without it `type,category,risk`."""
    given = asked.given(door.house.settings.zone) | {"against": against, "clock": clock, "days": days}
    answer = await door.read(
        why.why, **given, per=per, cases=cases,
        places={
            "FM-U711": "?per", "FM-U712": "?unit", "FM-U713": "?against", "FM-U714": "?days", "FM-U715": "?cases",
            "FM-U716": "?cases", "FM-U717": "?against", "FM-U718": "?days",
        },
    )  # fmt: skip
    if chart is not None:
        return await charted(door, "why", answer, chart)
    return door.shown(answer)


@router.get(
    "/v1/stats/legs", **told("From the call to the report back", Legs, 403, tag=TAG, also={304: None})
)
async def show_legs(
    door: DoorDep,
    asked: AskedDep,
    from_receipt: Annotated[
        bool, Query(description="each from the report, not from the moment before it")
    ] = False,
) -> Response:
    """How long it took to sign for a report, to set off, to arrive and to report back. A moment that nobody recorded
    is blank: never zero, and in no share."""
    given = asked.given(door.house.settings.zone)
    return door.shown(await door.read(legs.legs, **given, from_receipt=from_receipt))


@router.post(
    "/v1/stats/verifications", **told("Are figures what the histories say", FiguresVerified, tag=TAG)
)
async def verify_figures(door: DoorDep) -> Response:
    """Reads every history again and compares it with what is kept for figures. Takes its time on a large store."""
    from engine.analytics import verifying  # with all that reads columns, which few requests need

    return door.shown(await door.read(verifying.verify))
