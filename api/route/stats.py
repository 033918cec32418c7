"""How long, how late, how many."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.charting import CHARTS, ChartQuery, charted
from api.document import told
from api.door import DoorDep, PageDep
from api.schema.asked import AskedDep
from api.schema.path import Day
from api.schema.stats import Durability, Durations, Fairness, FiguresVerified, StatsClocks
from engine.analytics import durability, fairness
from engine.analytics import durations as measure

router = APIRouter()
TAG = "Figures"


@router.get("/v1/stats/clocks", **told("Clocks of the figures", StatsClocks, tag=TAG, also={304: None}))
async def list_stats_clocks(door: DoorDep, page: PageDep) -> Response:
    """What can be measured, from the report to which moment."""
    return door.listed(await door.read(measure.list_clocks), page)


@router.get(
    "/v1/stats/durations", **told("How long it takes", Durations, tag=TAG, also={304: None}, kinds=CHARTS)
)
async def show_durations(
    door: DoorDep,
    asked: AskedDep,
    clock: Annotated[
        str, Query(description="see `/v1/stats/clocks`", examples=["first_resolution"])
    ] = "first_resolution",
    closed_only: Annotated[bool, Query(description="leave open cases out: biased short")] = False,
    curves: Annotated[bool, Query(description="the share resolved by each moment, up to 200 points")] = False,
    chart: ChartQuery = None,
) -> Response:
    """From the report to a named moment, with open cases counted as open. Months are those of the server's zone."""
    given = asked.given(door.house.settings.zone)
    curves = curves or chart is not None
    answer = await door.read(measure.durations, **given, clock=clock, closed_only=closed_only, curves=curves)
    if chart is not None:
        from engine.analytics.chart.of import durations_chart

        return await charted(door, durations_chart, answer, chart, "durations")
    return door.shown(answer)


@router.get("/v1/stats/durability", **told("Whether it stays settled", Durability, tag=TAG, also={304: None}))
async def show_durability(door: DoorDep, asked: AskedDep) -> Response:
    """Of cases closed with a substantive outcome, those opened again within 30, 90, 180 and 365 days; what was not
    watched so long is counted apart. `closed` and the months are those of the first such closing."""
    return door.shown(await door.read(durability.durability, **asked.given(door.house.settings.zone)))


@router.get("/v1/stats/fairness", **told("Who gets how much work", Fairness, tag=TAG, also={304: None}))
async def show_fairness(
    door: DoorDep,
    unit: Annotated[str | None, Query(description="people of this unit and all below it")] = None,
    since: Annotated[Day | None, Query(description="from this week on; three weeks back")] = None,
    until: Annotated[Day | None, Query(description="up to this week; this one")] = None,
    role: Annotated[
        str | None,
        Query(description="appointed so; all in which somebody was picked", examples=["auxiliary"]),
    ] = None,
) -> Response:
    """Load, picks with their reasons, and exclusions of each person in each week, with the spread over all who could have
    been picked. Weeks are those of ISO 8601 in the server's zone; what is hidden from the caller counts nowhere."""
    answer = await door.read(
        fairness.fairness,
        in_unit=unit,
        since=since,
        until=until,
        role=role,
        zone=door.house.settings.zone,
        places={"FM-U305": "?unit", "FM-U404": "?since", "FM-U405": "?since", "FM-U406": "?role"},
    )
    return door.shown(answer)


@router.post(
    "/v1/stats/verifications", **told("Are figures what the histories say", FiguresVerified, tag=TAG)
)
async def verify_figures(door: DoorDep) -> Response:
    """Reads every history again and compares it with what is kept for figures. Takes its time on a large store."""
    from engine.analytics import verifying  # with all that reads columns, which few requests need

    return door.shown(await door.read(verifying.verify))
