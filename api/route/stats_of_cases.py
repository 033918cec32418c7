"""What becomes of cases: how they end, whether it lasts, whether limits are kept, where they go, who stands out."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.charting import CHARTS, ChartQuery, charted
from api.document import told
from api.door import DoorDep
from api.schema.asked import AT_CASES, AskedDep, CasesQuery
from api.schema.stats_of_cases import Compliance, Durability, Flow, Funnel, Outcomes, Recurrence
from engine.analytics import compliance, durability, flow, funnel, outcomes, recurrence

router = APIRouter()
TAG = "Figures"


@router.get("/v1/stats/outcomes", **told("How cases end", Outcomes, 403, tag=TAG, also={304: None}))
async def show_outcomes(door: DoorDep, asked: AskedDep) -> Response:
    """Which share has ended in which way by 7, 30, 60 and 90 days, open cases counting as open, and what share of those
    filed, accepted and mediated ended with a substantive outcome."""
    return door.shown(await door.read(outcomes.outcomes, **asked.given(door.house.settings.zone)))


@router.get(
    "/v1/stats/compliance", **told("Whether limits are kept", Compliance, 403, tag=TAG, also={304: None})
)
async def show_compliance(door: DoorDep, asked: AskedDep, cases: CasesQuery = None) -> Response:
    """Every run of a limit by the verdict it was given when it ended, and how those stand that still run. `cases`:
    `missed`, `mediation_limit/missed`, `all`: the runs that are counted so."""
    given = asked.given(door.house.settings.zone)
    return door.shown(await door.read(compliance.compliance, **given, cases=cases, places=AT_CASES))


@router.get(
    "/v1/stats/durability", **told("Whether it stays settled", Durability, 403, tag=TAG, also={304: None})
)
async def show_durability(door: DoorDep, asked: AskedDep) -> Response:
    """Of cases closed with a substantive outcome, those opened again within 30, 90, 180 and 365 days; what was not
    watched so long is counted apart. `closed` and the months are those of the first such closing."""
    return door.shown(await door.read(durability.durability, **asked.given(door.house.settings.zone)))


@router.get(
    "/v1/stats/recurrence", **told("Whether it comes again", Recurrence, 403, tag=TAG, also={304: None})
)
async def show_recurrence(
    door: DoorDep,
    asked: AskedDep,
    of: Annotated[Literal["parties", "place"], Query(description="between the same parties, or whoever they are")] = "parties",
    after: Annotated[Literal["closed", "filed"], Query(description="from when on days are counted")] = "closed",
    cases: CasesQuery = None,
) -> Response:  # fmt: skip
    """Within 30, 180 and 365 days of the earlier case, which the filter is about. What was not watched so long is counted
    apart. `cases`: `again`, `again/30`, `watched/180`, `open/365`, `unnamed`."""
    given = asked.given(door.house.settings.zone)
    return door.shown(
        await door.read(recurrence.recurrence, **given, of=of, after=after, cases=cases, places=AT_CASES)
    )


@router.get("/v1/stats/flow", **told("Where cases go", Flow, 403, tag=TAG, also={304: None}, kinds=CHARTS))
async def show_flow(door: DoorDep, asked: AskedDep, chart: ChartQuery = None) -> Response:
    """States and transitions are those of the main region, by case type. A `chart` is of one case type, without `by`."""
    given = asked.given(door.house.settings.zone)
    answer = await door.read(flow.flow, **given, drawn=chart is not None, places={"FM-U724": "?type"})
    if chart is not None:
        return await charted(door, "flow", answer, chart)
    return door.shown(answer)


@router.get(
    "/v1/stats/funnel",
    **told("Who stands out by more than chance", Funnel, 403, tag=TAG, also={304: None}, kinds=CHARTS),
)
async def show_funnel(
    door: DoorDep,
    asked: AskedDep,
    of: Annotated[Literal["missed", "reopened", "slow"], Query(description="missed limits, opened again, or no first resolution yet")] = "slow",
    days: Annotated[int | None, Query(ge=1, le=3650, description="opened again within so many days (90), or slow after so many (30)")] = None,
    cases: CasesQuery = None,
    chart: ChartQuery = None,
) -> Response:  # fmt: skip
    """By unit unless `by` says otherwise. `cases`: `bad`, or `known` for all that are counted."""
    given = asked.given(door.house.settings.zone)
    answer = await door.read(funnel.funnel, **given, of=of, days=days, cases=cases, places=AT_CASES)
    if chart is not None:
        return await charted(door, "funnel", answer, chart)
    return door.shown(answer)
