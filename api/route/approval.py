"""The second person's yes."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.clock import (
    Answering,
    Approvals,
    ApprovalShown,
    Forwarded,
    Granted,
    RefusedApproval,
    WithdrawnApproval,
)
from api.schema.path import ApprovalId
from engine.service import approval

router = APIRouter()
TAG = "Approvals"


@router.get("/v1/approvals", **told("What waits for a yes", Approvals, tag=TAG, also={304: None}))
async def list_approvals(
    door: DoorDep,
    page: PageDep,
    mine: Annotated[bool, Query(description="those I asked for or may answer")] = False,
    unit: Annotated[str | None, Query(description="cases of this unit", examples=["S-012"])] = None,
) -> Response:
    """The first to lapse stands first."""
    return door.listed(
        await door.read(approval.list_approvals, mine=mine, unit_code=unit, places={"FM-N021": "?unit"}), page
    )


@router.get("/v1/approvals/{id}", **told("One request", ApprovalShown, tag=TAG, also={304: None}))
async def show_approval(door: DoorDep, number: ApprovalId) -> Response:
    """What is asked, by whom and why, what a yes would change, and what is against it."""
    return door.shown(await door.read(approval.show, name=number))


@router.post("/v1/approvals/{id}/grant", **changes("Say yes", Granted, tag=TAG))
async def grant_approval(door: WriteDep, number: ApprovalId, sent: Answering | None = None) -> Response:
    """It is done at once, by your authority; who asked stays on record."""
    return await door.write(approval.grant_one, name=number, reason=sent.reason if sent else None)


@router.post("/v1/approvals/{id}/refuse", **changes("Say no", RefusedApproval, tag=TAG))
async def refuse_approval(door: WriteDep, number: ApprovalId, sent: Answering | None = None) -> Response:
    """The case stays as it is."""
    return await door.write(approval.refuse_one, name=number, reason=sent.reason if sent else None)


@router.post("/v1/approvals/{id}/forward", **changes("Send it up", Forwarded, tag=TAG))
async def forward_approval(door: WriteDep, number: ApprovalId, sent: Answering | None = None) -> Response:
    """To the unit above, where it waits anew. Who may answer stays what the law says."""
    return await door.write(approval.forward_one, name=number, reason=sent.reason if sent else None)


@router.post("/v1/approvals/{id}/withdraw", **changes("Take it back", WithdrawnApproval, tag=TAG))
async def withdraw_approval(door: WriteDep, number: ApprovalId, sent: Answering | None = None) -> Response:
    """What you asked; or your yes, while no act was built on it."""
    return await door.write(approval.withdraw_one, name=number, reason=sent.reason if sent else None)
