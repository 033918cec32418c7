"""Work: what is open and who has it, what was done, and whether it is dealt out evenly."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.charting import CHARTS, ChartQuery, charted
from api.document import told
from api.door import DoorDep
from api.schema.asked import AskedDep, Range
from api.schema.past import AsOfDep
from api.schema.path import Day
from api.schema.stats_of_work import Activity, Backlog, Fairness, Load, OpenCases
from engine.analytics import activity, backlog, fairness, load, oldest
from engine.domain.period import stretch
from engine.service import query

router = APIRouter()
TAG = "Figures"
Limit = Annotated[int, Query(ge=1, le=1000, description="at most so many; `n_more` are left")]


@router.get("/v1/stats/load", **told("Who has how much open work", Load, 403, tag=TAG, also={304: None}))
async def show_load(door: DoorDep, asked: AskedDep) -> Response:
    """Without `by` each person with all open cases in which he has a seat."""
    return door.shown(await door.read(load.load, **asked.given(door.house.settings.zone)))


@router.get(
    "/v1/stats/backlog",
    **told("How many were open when", Backlog, 403, tag=TAG, also={304: None}, kinds=CHARTS),
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
        return await charted(door, "backlog", answer, chart)
    return door.shown(answer)


@router.get("/v1/stats/oldest", **told("The oldest open cases", OpenCases, 403, tag=TAG, also={304: None}))
async def show_oldest(door: DoorDep, asked: AskedDep, limit: Limit = oldest.MOST) -> Response:
    """By name, the oldest first, with what is wrong with each (`why`): `late`, `unassigned`, `leader` (waits for one),
    `grave` (red or orange). There are no groups."""
    return await _open_cases(door, asked, oldest.oldest, limit)


@router.get(
    "/v1/stats/deciding", **told("Open cases to decide on", OpenCases, 403, tag=TAG, also={304: None})
)
async def show_deciding(door: DoorDep, asked: AskedDep, limit: Limit = oldest.MOST) -> Response:
    """Those that are late, wait for a leader, or are red or orange and in nobody's hands; the oldest first."""
    return await _open_cases(door, asked, oldest.deciding, limit)


async def _open_cases(door: DoorDep, asked: AskedDep, measure: Any, limit: int) -> Response:
    given = asked.given(door.house.settings.zone)
    return door.shown(await door.read(measure, **given, limit=limit, places={"FM-U420": "?by"}))


@router.get("/v1/stats/activity", **told("What was done, by whom", Activity, 403, tag=TAG, also={304: None}))
async def show_activity(
    door: DoorDep,
    asked: AskedDep,
    per: Annotated[str | None, Query(description="day, week or month", examples=["month"])] = None,
    activity_: Annotated[
        str | None,
        Query(alias="activity", description="information, clue, dispute, help, traffic, education"),
    ] = None,
    person: Annotated[str | None, Query(description="only in which this person took part")] = None,
    counted: Range = None,
    cases: Annotated[
        bool, Query(description="each deed with its case and who took part, at most 1,000")
    ] = False,
) -> Response:
    """What officers and volunteers have done, as the case types say what counts; each deed once, however many took part.
    `by` may hold `person` too."""
    zone = door.house.settings.zone
    given: dict[str, Any] = {
        "per": per,
        "activities": [name.strip() for name in activity_.split(",")] if activity_ else [],
        "person": person,
        "counted": stretch(counted, at=asked.as_of or door.now, zone=zone),
        "cases": cases,
    }
    return door.shown(await door.read(activity.activity, **asked.given(zone), **given))


@router.get("/v1/stats/fairness", **told("Who gets how much work", Fairness, 403, tag=TAG, also={304: None}))
async def show_fairness(
    door: DoorDep,
    as_of: AsOfDep,
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
    found = await door.read(query.meant, given={"unit": unit})
    answer = await door.read(
        fairness.fairness,
        in_unit=found["unit"],
        since=since,
        until=until,
        role=role,
        as_of=as_of,
        zone=door.house.settings.zone,
        places={"FM-U305": "?unit", "FM-U404": "?since", "FM-U405": "?since", "FM-U406": "?role"},
    )
    return door.shown(answer)
