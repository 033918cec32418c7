"""How long, how late, how many."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.document import told
from api.door import DoorDep, PageDep
from api.schema.case import Moment
from api.schema.path import Day
from api.schema.stats import Durability, Durations, Fairness, StatsClocks
from engine.analytics import durability, fairness
from engine.analytics import durations as measure
from engine.domain.period import between

router = APIRouter()
TAG = "Figures"
Range = Annotated[
    str | None,
    Query(description="`2026-10..`, `2026-10..2026-11`, `2026`: both ends are in", examples=["2026-10.."]),
]


@router.get("/v1/stats/clocks", **told("Clocks of the figures", StatsClocks, tag=TAG, also={304: None}))
async def list_stats_clocks(door: DoorDep, page: PageDep) -> Response:
    """What can be measured, from the report to which moment."""
    return door.listed(await door.read(measure.list_clocks), page)


@router.get("/v1/stats/durations", **told("How long it takes", Durations, tag=TAG, also={304: None}))
async def show_durations(
    door: DoorDep,
    clock: Annotated[
        str, Query(description="see `/v1/stats/clocks`", examples=["first_resolution"])
    ] = "first_resolution",
    by: Annotated[
        str | None,
        Query(
            description="groups, parted by commas: type, unit, phase, risk, place, channel, outcome, "
            "filed_month, closed_month",
            examples=["unit"],
        ),
    ] = None,
    case_type: Annotated[str | None, Query(alias="type", description="only this case type")] = None,
    unit: Annotated[str | None, Query(description="this unit and all below it")] = None,
    phase: Annotated[str | None, Query(description="intake, waiting, work, review, done")] = None,
    filed: Range = None,
    closed: Range = None,
    as_of: Annotated[Moment | None, Query(description="as it stood then")] = None,
    closed_only: Annotated[bool, Query(description="leave open cases out: biased short")] = False,
    curves: Annotated[bool, Query(description="the share resolved by each moment, up to 200 points")] = False,
) -> Response:
    """From the report to a named moment, with open cases counted as open. Months are those of the server's zone."""
    zone = door.house.settings.zone
    answer = await door.read(
        measure.durations,
        clock=clock,
        by=[name.strip().replace("-", "_") for name in by.split(",")] if by else [],
        filter={"type": case_type, "unit": unit, "phase": phase},
        filed=between(filed, zone=zone),
        closed=between(closed, zone=zone),
        as_of=as_of,
        zone=zone,
        closed_only=closed_only,
        curves=curves,
    )
    return door.shown(answer)


@router.get("/v1/stats/durability", **told("Whether it stays settled", Durability, tag=TAG, also={304: None}))
async def show_durability(
    door: DoorDep,
    by: Annotated[
        str | None,
        Query(
            description="groups, parted by commas: type, unit, risk, place, channel, outcome, filed_month, closed_month",
            examples=["unit"],
        ),
    ] = None,
    case_type: Annotated[str | None, Query(alias="type", description="only this case type")] = None,
    unit: Annotated[str | None, Query(description="this unit and all below it")] = None,
    filed: Range = None,
    closed: Range = None,
    as_of: Annotated[Moment | None, Query(description="as it stood then")] = None,
) -> Response:
    """Of cases closed with a substantive outcome, those opened again within 30, 90, 180 and 365 days; what was not
    watched so long is counted apart. `closed` and the months are those of the first such closing."""
    zone = door.house.settings.zone
    answer = await door.read(
        durability.durability,
        by=[name.strip().replace("-", "_") for name in by.split(",")] if by else [],
        filter={"type": case_type, "unit": unit},
        filed=between(filed, zone=zone),
        closed=between(closed, zone=zone),
        as_of=as_of,
        zone=zone,
    )
    return door.shown(answer)


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
