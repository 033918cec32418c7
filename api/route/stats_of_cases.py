"""How cases end, whether limits are kept, what comes again, who has how much, how many were open, where cases go."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.charting import CHARTS, ChartQuery, charted
from api.document import told
from api.door import DoorDep
from api.schema.asked import AskedDep
from api.schema.path import Day
from api.schema.stats_of_cases import Backlog, Compliance, Flow, Funnel, Load, Outcomes, Recurrence
from engine.analytics import backlog, compliance, flow, funnel, load, outcomes, recurrence

router = APIRouter()
TAG = "Figures"


@router.get("/v1/stats/outcomes", **told("How cases end", Outcomes, tag=TAG, also={304: None}))
async def show_outcomes(door: DoorDep, asked: AskedDep) -> Response:
    """Which share has ended in which way by 7, 30, 60 and 90 days, open cases counting as open, and what share of those
    filed, accepted and mediated ended with a substantive outcome."""
    return door.shown(await door.read(outcomes.outcomes, **asked.given(door.house.settings.zone)))


@router.get("/v1/stats/compliance", **told("Whether limits are kept", Compliance, tag=TAG, also={304: None}))
async def show_compliance(door: DoorDep, asked: AskedDep) -> Response:
    """Every run of a limit by the verdict it was given when it ended, and how those stand that still run."""
    return door.shown(await door.read(compliance.compliance, **asked.given(door.house.settings.zone)))


@router.get("/v1/stats/recurrence", **told("Whether it comes again", Recurrence, tag=TAG, also={304: None}))
async def show_recurrence(
    door: DoorDep,
    asked: AskedDep,
    of: Annotated[Literal["parties", "place"], Query(description="between the same parties, or whoever they are")] = "parties",
    after: Annotated[Literal["closed", "filed"], Query(description="from when on days are counted")] = "closed",
) -> Response:  # fmt: skip
    """Within 30, 180 and 365 days of the earlier case, which the filter is about. What was not watched so long is counted
    apart."""
    given = asked.given(door.house.settings.zone)
    return door.shown(await door.read(recurrence.recurrence, **given, of=of, after=after))


@router.get("/v1/stats/load", **told("Who has how much open work", Load, tag=TAG, also={304: None}))
async def show_load(door: DoorDep, asked: AskedDep) -> Response:
    """Without `by` each person with all open cases in which he has a seat."""
    return door.shown(await door.read(load.load, **asked.given(door.house.settings.zone)))


@router.get(
    "/v1/stats/backlog",
    **told("How many were open when", Backlog, tag=TAG, also={304: None}, kinds=CHARTS),
)
async def show_backlog(
    door: DoorDep,
    asked: AskedDep,
    every: Annotated[Literal["day", "week", "month"], Query(description="how long a step is")] = "week",
    since: Annotated[Day | None, Query(alias="from", description="its step is the first; 30 days, 26 weeks or a year back")] = None,
    until: Annotated[Day | None, Query(description="its step is the last; the present one")] = None,
    chart: ChartQuery = None,
) -> Response:  # fmt: skip
    """Steps are those of the server's zone, weeks begin on Monday; at most a thousand."""
    given = asked.given(door.house.settings.zone)
    answer = await door.read(
        backlog.backlog,
        **given,
        every=every,
        since=since,
        until=until,
        places={"FM-U404": "?from", "FM-U721": "?from"},
    )
    if chart is not None:
        from engine.analytics.chart.of import backlog_chart_of

        return await charted(door, backlog_chart_of, answer, chart, "backlog")
    return door.shown(answer)


@router.get("/v1/stats/flow", **told("Where cases go", Flow, tag=TAG, also={304: None}, kinds=CHARTS))
async def show_flow(door: DoorDep, asked: AskedDep, chart: ChartQuery = None) -> Response:
    """States and transitions are those of the main region, by case type. A `chart` is of one case type, without `by`."""
    given = asked.given(door.house.settings.zone)
    answer = await door.read(flow.flow, **given, drawn=chart is not None, places={"FM-U724": "?type"})
    if chart is not None:
        from engine.analytics.chart.of import flow_chart_of

        return await charted(door, flow_chart_of, answer, chart, "flow")
    return door.shown(answer)


@router.get(
    "/v1/stats/funnel",
    **told("Who stands out by more than chance", Funnel, tag=TAG, also={304: None}, kinds=CHARTS),
)
async def show_funnel(
    door: DoorDep,
    asked: AskedDep,
    of: Annotated[Literal["missed", "reopened", "slow"], Query(description="missed limits, opened again, or no first resolution yet")] = "slow",
    days: Annotated[int | None, Query(ge=1, le=3650, description="opened again within so many days (90), or slow after so many (30)")] = None,
    chart: ChartQuery = None,
) -> Response:  # fmt: skip
    """By unit unless `by` says otherwise."""
    given = asked.given(door.house.settings.zone)
    answer = await door.read(funnel.funnel, **given, of=of, days=days)
    if chart is not None:
        from engine.analytics.chart.of import funnel_chart_of

        return await charted(door, funnel_chart_of, answer, chart, "funnel")
    return door.shown(answer)
