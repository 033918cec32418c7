"""Cases: file, find, show, their history and what can be done next."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.case import Case, CaseList, Filed, Filing, History, Next, Would
from api.schema.filter import FilterDep
from engine.service import filing, query

router = APIRouter()
TAG = "Cases"
Verify = Annotated[bool, Query(description="compute the chain of hashes anew and say whether it holds")]


@router.post(
    "/v1/cases",
    **told("File a case", Filed, 403, 409, tag=TAG, status=201, also={200: Would}, body=True),
)
async def file_case(door: WriteDep, sent: Filing) -> Response:
    return await door.write(
        filing.file_case,
        case_type=sent.type,
        place=sent.place,
        what=sent.what,
        channel=sent.channel,
        reporter=sent.reporter,
        anonymous=sent.anonymous,
        set=sent.set,
        records=sent.records,
        parties=sent.parties or (),
        external=sent.external.model_dump() if sent.external else None,
        at=sent.occurred_at,
        done_by=sent.done_by,
        status=201,
        location=lambda answer: f"/v1/cases/{answer['ref']}",
    )


@router.get("/v1/cases", **told("Find cases", CaseList, tag=TAG, also={304: None}))
async def list_cases(door: DoorDep, page: PageDep, wanted: FilterDep) -> Response:
    answer = await door.read(query.list_cases, filter=wanted, limit=page.limit, cursor=page.inner)
    return door.listed(answer, page)


@router.get("/v1/cases/{ref}", **told("One case", Case, tag=TAG, also={304: None}))
async def show_case(door: DoorDep, ref: str) -> Response:
    answer = await door.read(query.show_case, ref=ref)
    return door.shown(answer, tag=str(answer["version"]))


@router.get("/v1/cases/{ref}/history", **told("What happened", History, tag=TAG, also={304: None}))
async def history(door: DoorDep, page: PageDep, ref: str, verify: Verify = False) -> Response:
    return door.listed(await door.read(query.history, ref=ref, verify=verify), page)


Every = Annotated[bool, Query(description="also acts of other states")]


@router.get(
    "/v1/cases/{ref}/next", **told("What can be done, what not, and why", Next, tag=TAG, also={304: None})
)
async def next_acts(door: DoorDep, ref: str, all: Every = False) -> Response:  # noqa: A002
    answer = await door.read(query.next_acts, ref=ref, every=all)
    return door.shown(answer, tag=str(answer["version"]))


@router.get("/v1/cases/{ref}/next/{act}", **told("One act: what it takes", Next, tag=TAG, also={304: None}))
async def next_act(door: DoorDep, ref: str, act: str) -> Response:
    answer = await door.read(query.next_acts, ref=ref, act=act, every=True)
    return door.shown(answer, tag=str(answer["version"]))
