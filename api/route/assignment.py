"""Who works on a case: seats filled, taken, declined, handed back, and why this person."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import batching
from api.changes import WAITS, Service, changes
from api.document import told
from api.door import CaseWriteDep, DoorDep, PageDep, WriteDep
from api.schema.batch import Batched, Batching
from api.schema.case import Done
from api.schema.part import (
    Assigned,
    Assigning,
    Explained,
    Leaving,
    Parts,
    Proposals,
    Reassigned,
    Reassigning,
)
from api.schema.path import CaseRef, SeatName
from engine import handover
from engine.domain.errors import UsageError
from engine.service import part
from engine.service import seat as seats
from engine.service.routing import explaining, proposing

router = APIRouter()
TAG = "Assignments"
OF_A_SEAT = {"/seats/[^/]+(/[0-9]+)?": "/person", "/note": "/reason"}


@router.get("/v1/cases/{ref}/assignments", **told("Who sits where", Parts, tag=TAG, also={304: None}))
async def list_assignments(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Every seat that is filled, accepted or only offered."""
    return door.listed(await door.read(part.list_seats, ref=ref), page)


@router.post(
    "/v1/cases/{ref}/assignments",
    **changes("Fill a seat", Assigned, 412, tag=TAG, status=201, also=WAITS),
)
async def assign(door: CaseWriteDep, ref: CaseRef, sent: Assigning) -> Response:
    """A named person, or whom the rules pick (`auto`), or oneself (`take`). The answer holds the whole table: who
    was considered, with what score, and who was left out and why."""
    if (sent.person is not None) + sent.auto + sent.take != 1:
        raise UsageError("FM-U370", kind="input")
    if sent.take:
        return await door.write(
            seats.take, ref=ref, seat=sent.seat, **sent.around, status=201, places=OF_A_SEAT
        )
    return await door.write(
        seats.assign,
        ref=ref,
        seat=sent.seat,
        person=sent.person,
        auto=sent.auto,
        ask=sent.ask,
        **sent.around,
        status=201,
        places=OF_A_SEAT,
    )


@router.post("/v1/assignment-batches", **changes("Fill many seats at once", Batched, tag=TAG))
async def assign_batch(door: WriteDep, sent: Batching) -> Response:
    """All that wait for a seat, planned together: most cases first, then the least distance and load, under the same
    filters and caps as a single choice. Carried out case by case: what somebody changed in between is told for its
    case and stops no other. Look first with `?dry_run=true`."""
    answer = await batching.assign_batch(
        door, filter=sent.narrowed, refs=sent.refs, seat=sent.seat, reason=sent.reason
    )
    return door.answered(answer)


@router.delete(
    "/v1/cases/{ref}/assignments/{seat}",
    **changes("Give a seat up", Done, 412, tag=TAG),
)
async def give_up(door: CaseWriteDep, ref: CaseRef, seat: SeatName, sent: Leaving | None = None) -> Response:
    """Declines a seat that was only offered, hands back one that was accepted. Where the rules ask for a reason it
    stands in the body."""
    return await _leave(door, seats.give_up, ref, seat, sent)


@router.post(
    "/v1/cases/{ref}/assignments/{seat}/decline",
    **changes("Decline a seat", Done, 412, tag=TAG),
)
async def decline(door: CaseWriteDep, ref: CaseRef, seat: SeatName, sent: Leaving | None = None) -> Response:
    """For a seat that was offered and not accepted yet; a reason is always asked."""
    return await _leave(door, seats.decline, ref, seat, sent)


@router.post(
    "/v1/cases/{ref}/assignments/{seat}/handback",
    **changes("Hand a seat back", Done, 412, tag=TAG),
)
async def hand_back(
    door: CaseWriteDep, ref: CaseRef, seat: SeatName, sent: Leaving | None = None
) -> Response:
    """The case goes on somebody's list again; its deadlines run on."""
    return await _leave(door, seats.handback, ref, seat, sent)


async def _leave(door: CaseWriteDep, how: Service, ref: str, name: str, sent: Leaving | None) -> Response:
    return await door.write(how, ref=ref, seat=name, **(sent or Leaving()).around)


@router.post("/v1/reassignments", **changes("Hand work over", Reassigned, tag=TAG))
async def reassign(door: WriteDep, sent: Reassigning) -> Response:
    """All open seats of these people, each saved by itself: one conflict does not lose the rest. Under the same key
    it goes on with the same list. A dry run says who would take each; its picks count for one another too."""
    return await door.by_portions(
        handover.reassign,
        persons=sent.from_,
        to=sent.to,
        seat=sent.seat,
        unit_code=sent.unit,
        cases=sent.cases,
        reason=sent.reason,
        places={"FM-N022": "/from", "FM-N021": "/unit", "FM-N001": "/cases", "FM-U380": "/to"},
    )


@router.get("/v1/cases/{ref}/routing", **told("Why this person", Explained, tag=TAG, also={304: None}))
async def explain_routing(
    door: DoorDep,
    ref: CaseRef,
    seat: Annotated[
        str | None, Query(description="which seat; the newest decision without it", examples=["handler"])
    ] = None,
    decision: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="an earlier decision, by its number", examples=[1])
    ] = None,
) -> Response:
    """The newest decision on a seat as it was stored: who was picked by which rule, who was considered, who was left
    out and why, whom nobody nearer could be; and all earlier ones by number."""
    places = {"FM-U213": "?seat", "FM-N056": "?decision"}
    return door.shown(
        await door.read(explaining.explain, ref=ref, seat=seat, decision=decision, places=places)
    )


@router.get(
    "/v1/cases/{ref}/proposals", **told("What the tables propose", Proposals, tag=TAG, also={304: None})
)
async def list_proposals(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """A value that the tables propose for the case as it stands, a grade for instance: a machine proposes, a person
    confirms it by one of the acts in `confirm`. Nothing for whoever may not read what the tables read."""
    return door.listed(await door.read(proposing.proposals, ref=ref), page)
