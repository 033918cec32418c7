"""Parts of a case: records, parties, notes, links. None of them moves the case."""

from fastapi import APIRouter, Response

from api.changes import WAITS, changes
from api.document import told
from api.door import CaseWriteDep, DoorDep, PageDep
from api.schema.case import Done
from api.schema.part import (
    Changing,
    Corrected,
    Correcting,
    Joining,
    Leaving,
    Linked,
    Linking,
    Merged,
    Merging,
    Note,
    Parts,
    Recording,
    Separated,
    Separating,
)
from api.schema.path import CaseRef, PartyNo, RecordKind
from engine.service import acting, correcting, link, merging, part, party, similar

router = APIRouter()
TAG = "Parts of a case"
OF_A_PARTY = {"/parties/0/role": "/role", "/parties/0/no": "", "/parties/0": "/fields"}


@router.get("/v1/cases/{ref}/records", **told("All records of a case", Parts, tag=TAG, also={304: None}))
async def list_records(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Items of every kind of record, in the order they were written."""
    return door.listed(await door.read(part.list_records, ref=ref), page)


@router.get("/v1/cases/{ref}/records/{kind}", **told("One kind of record", Parts, tag=TAG, also={304: None}))
async def list_record(door: DoorDep, page: PageDep, ref: CaseRef, kind: RecordKind) -> Response:
    """Items of one kind of record, in the order they were written."""
    return door.listed(await door.read(part.list_records, ref=ref, kind=kind), page)


@router.post(
    "/v1/cases/{ref}/records/{kind}",
    **changes("Record something", Done, 412, tag=TAG, status=201, also=WAITS),
)
async def add_records(door: CaseWriteDep, ref: CaseRef, kind: RecordKind, sent: Recording) -> Response:
    """Adds items of a record without moving the case. What only an act may bring is refused with its name."""
    return await door.write(
        acting.record,
        ref=ref,
        kind=kind,
        items=sent.items,
        **sent.around,
        ask=sent.ask,
        status=201,
        places={"/records/[^/]+": "/items"},
    )


@router.get("/v1/cases/{ref}/parties", **told("Parties of a case", Parts, tag=TAG, also={304: None}))
async def list_parties(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Those who take part and those who left."""
    return door.listed(await door.read(part.list_parties, ref=ref), page)


@router.post(
    "/v1/cases/{ref}/parties",
    **changes("A party joins", Done, 412, tag=TAG, status=201),
)
async def add_party(door: CaseWriteDep, ref: CaseRef, sent: Joining) -> Response:
    """Gets the next number, which is never used again."""
    return await door.write(
        party.add, ref=ref, role=sent.role, fields=sent.told, **sent.around, status=201, places=OF_A_PARTY
    )


@router.patch(
    "/v1/cases/{ref}/parties/{no}", **changes("What is known of a party changes", Done, 412, tag=TAG)
)
async def change_party(door: CaseWriteDep, ref: CaseRef, no: PartyNo, sent: Changing) -> Response:
    """Only what is sent changes."""
    return await door.write(
        party.change, ref=ref, no=no, fields=sent.fields, **sent.around, places=OF_A_PARTY
    )


@router.delete("/v1/cases/{ref}/parties/{no}", **changes("A party leaves", Done, 412, tag=TAG))
async def remove_party(
    door: CaseWriteDep, ref: CaseRef, no: PartyNo, sent: Leaving | None = None
) -> Response:
    """The party stays in the history and keeps its number."""
    return await door.write(party.leave, ref=ref, no=no, **(sent or Leaving()).around)


@router.get("/v1/cases/{ref}/notes", **told("Notes of a case", Parts, tag=TAG, also={304: None}))
async def list_notes(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Every entry of the history that carries a remark, the oldest first."""
    return door.listed(await door.read(part.list_notes, ref=ref), page)


@router.post("/v1/cases/{ref}/notes", **changes("Write a note", Done, 412, tag=TAG, status=201))
async def add_note(door: CaseWriteDep, ref: CaseRef, sent: Note) -> Response:
    """A remark in the history: it moves nothing and no deadline."""
    return await door.write(
        acting.note,
        ref=ref,
        text=sent.text,
        at=sent.occurred_at,
        done_by=sent.done_by,
        status=201,
        places={"/note": "/text"},
    )


@router.get("/v1/cases/{ref}/corrections", **told("Corrections of a case", Parts, tag=TAG, also={304: None}))
async def list_corrections(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Each with what had been said, what is said now, by whom and why."""
    return door.listed(await door.read(correcting.list_corrections, ref=ref), page)


@router.post(
    "/v1/cases/{ref}/corrections",
    **changes("Correct an act, or take it back", Corrected, 412, tag=TAG, status=201),
)
async def correct(door: CaseWriteDep, ref: CaseRef, sent: Correcting) -> Response:
    """Both values stay in the history. With `take_back` the act is undone, if nothing was built on it."""
    return await door.write(
        correcting.correct,
        ref=ref,
        seq=sent.act,
        reason=sent.reason,
        set=sent.set,
        records=sent.records,
        at=sent.occurred_at,
        take_back=sent.take_back,
        done_by=sent.done_by,
        status=201,
        places={"FM-N035": "/act"},
    )


@router.get("/v1/cases/{ref}/links", **told("Links to other cases", Parts, tag=TAG, also={304: None}))
async def list_links(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Links as seen from this case; the other case has them too."""
    return door.listed(await door.read(part.list_links, ref=ref), page)


@router.get("/v1/cases/{ref}/similar", **told("Cases it may repeat", Parts, tag=TAG, also={304: None}))
async def list_similar(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Open cases that are like it, the likest first, each with its reasons. Nothing is joined by itself; what was
    found not to be the same is linked `not_the_same_as` and not proposed again."""
    return door.listed(await door.read(similar.similar_cases, ref=ref), page)


@router.post("/v1/cases/{ref}/links", **changes("Link two cases", Linked, 412, tag=TAG, status=201))
async def add_link(door: CaseWriteDep, ref: CaseRef, sent: Linking) -> Response:
    """Both cases keep the link, each in an event of its own, in one commit."""
    return await door.write(
        link.link,
        ref=ref,
        kind=sent.kind,
        other=sent.other,
        **sent.around,
        status=201,
    )


@router.post(
    "/v1/cases/{ref}/merger",
    **changes("Join a case to another", Merged, 412, tag=TAG, status=201, also=WAITS),
)
async def merge(door: CaseWriteDep, ref: CaseRef, sent: Merging) -> Response:
    """It goes on in the other case, where the earliest deadline governs; `?dry_run=true` shows which. The other case
    takes it in a moment later, and both reporters are told."""
    return await door.write(
        merging.merge,
        ref=ref,
        into=sent.into,
        kind=sent.kind,
        ask=sent.ask,
        **sent.around,
        status=201,
        places={"/fields/same_as": "/into", "/note": "/reason"},
    )


@router.post(
    "/v1/cases/{ref}/separation",
    **changes("Take a joined case apart again", Separated, 412, tag=TAG, status=201, also=WAITS),
)
async def unmerge(door: CaseWriteDep, ref: CaseRef, sent: Separating) -> Response:
    """Both cases stand as if they had never been one, with the deadlines that each has by itself."""
    return await door.write(
        merging.unmerge, ref=ref, ask=sent.ask, **sent.around, status=201, places={"/note": "/reason"}
    )
