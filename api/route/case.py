"""Cases: file, find, show, their history and what can be done next."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import table
from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.case import Case, CaseList, Filed, Filing, History, Next, Queue
from api.schema.filter import FilterDep
from api.schema.path import CaseRef
from engine.service import filing, query, standing, triage

router = APIRouter()
TAG = "Cases"
Verify = Annotated[bool, Query(description="compute the chain of hashes anew and say whether it holds")]


@router.post("/v1/cases", **changes("File a case", Filed, tag=TAG, status=201))
async def file_case(door: WriteDep, sent: Filing) -> Response:
    """Type, place and one sentence suffice. Answers the reference, a receipt for the reporter, and similar open
    cases nearby."""
    return await door.write(
        filing.file_case,
        case_type=sent.type,
        place=sent.place,
        what=sent.what,
        channel=sent.channel,
        reporter=sent.reporter,
        anonymous=sent.anonymous,
        confidential=sent.confidential,
        set=sent.set,
        records=sent.records,
        parties=sent.parties or (),
        external=sent.external.model_dump() if sent.external else None,
        at=sent.occurred_at,
        done_by=sent.done_by,
        status=201,
        places={"FM-N020": "/place", "FM-U003": "/place", "FM-N034": "/type", "FM-N037": "/occurred_at"},
        location=lambda answer: f"/v1/cases/{answer['ref']}",
    )


@router.get("/v1/cases", **told("Find cases", CaseList, tag=TAG, also={304: None}))
async def list_cases(door: DoorDep, page: PageDep, wanted: FilterDep) -> Response:
    answer = await door.read(query.list_cases, filter=wanted, limit=page.limit, cursor=page.inner)
    return door.listed(answer, page)


@router.get("/v1/triage", **told("What waits to be sorted", Queue, tag=TAG, also={304: None}))
async def triage_queue(door: DoorDep, page: PageDep, wanted: FilterDep) -> Response:
    """Cases at intake, or whatever the filter selects: the gravest first, then the oldest. `like` is an open case that
    each may repeat, with the reason; nothing is merged by itself."""
    return door.listed(await door.read(triage.queue, filter=wanted), page)


CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}


@router.get("/v1/cases.csv", **told("Find cases, as a table", CSV, tag=TAG))
async def list_cases_as_table(door: DoorDep, wanted: FilterDep) -> Response:
    """All that the same filter selects in the list, in the same order; at most 100,000."""
    answer = await door.read(standing.all_cases, filter=wanted)
    headers = {
        "Content-Disposition": 'attachment; filename="cases.csv"',
        "Cache-Control": "private, no-cache",
    }
    content = await door.house.in_thread(table.table, table.CASES, answer["items"])
    return Response(content, media_type=table.MEDIA_TYPE, headers=headers)


Include = Annotated[
    str | None,
    Query(
        description="`next`: every act with its input and why not; `clocks`: every run with its intervals",
        examples=["next,clocks"],
    ),
]


@router.get("/v1/cases/{ref}", **told("One case", Case, tag=TAG, also={304: None}))
async def show_case(door: DoorDep, ref: CaseRef, include: Include = None) -> Response:
    """Everything of a case, its last acts, and what the caller can do next. `ETag` begins with the version."""
    wanted = [name.strip() for name in (include or "").split(",") if name.strip()]
    answer = await door.read(standing.case_in_depth, ref=ref, include=wanted)
    return door.shown(answer, tag=str(answer["version"]))


@router.get("/v1/cases/{ref}/history", **told("What happened", History, tag=TAG, also={304: None}))
async def history(door: DoorDep, page: PageDep, ref: CaseRef, verify: Verify = False) -> Response:
    return door.listed(await door.read(query.history, ref=ref, verify=verify), page)


Every = Annotated[bool, Query(alias="all", description="also acts of other states")]


@router.get(
    "/v1/cases/{ref}/next", **told("What can be done, what not, and why", Next, tag=TAG, also={304: None})
)
async def next_acts(door: DoorDep, ref: CaseRef, every: Every = False) -> Response:
    answer = await door.read(query.next_acts, ref=ref, every=every)
    return door.shown(answer, tag=str(answer["version"]))


@router.get("/v1/cases/{ref}/next/{act}", **told("One act: what it takes", Next, tag=TAG, also={304: None}))
async def next_act(door: DoorDep, ref: CaseRef, act: str) -> Response:
    answer = await door.read(query.next_acts, ref=ref, act=act, every=True)
    return door.shown(answer, tag=str(answer["version"]))
