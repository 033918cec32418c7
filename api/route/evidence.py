"""Evidence and health: for those who look after the house."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.changes import changes
from api.document import told
from api.door import DoorDep, WriteDep
from api.retold import examined
from api.schema.evidence import Anchored, Examined, Verified, Verifying
from engine.service import audit, doctor, seal
from engine.service.authority import require

router = APIRouter()
TAG = "Evidence"
WHAT = "evidence"


@router.post("/v1/audit/verifications", **told("Follow the evidence", Verified, 403, tag=TAG, body=True))
async def verify_evidence(door: DoorDep, sent: Verifying | None = None) -> Response:
    """Every history, row and seal, or one case: what was altered, cut or taken out, and what rests on trust. Takes
    its time on a large store; nothing is changed, and others go on working."""
    given = sent or Verifying()
    await door.read(require, what=WHAT)
    about = {"anchor": given.anchors, "ref": given.case, "folding": not given.quick}
    return door.shown(await door.read(audit.verify, **about, places={"FM-N001": "/case"}))


@router.post("/v1/audit/anchors", **changes("Seal and get an anchor", Anchored, tag=TAG))
async def make_anchor(door: WriteDep) -> Response:
    """Seals what was done up to now; the answer holds one line to keep elsewhere. A dry run seals nothing and gives
    the line of the last seal."""
    await door.read(require, what=WHAT)
    while not door.dry_run and (await door.house.write(seal.make, door.caller))["more"]:
        pass
    return door.answered(await door.read(audit.anchor))


@router.get("/v1/doctor", **told("Is everything in order", Examined, 403, tag=TAG, also={304: None}))
async def examine(
    door: DoorDep,
    quick: Annotated[bool, Query(description="a sample of cases, seals and keys")] = False,
) -> Response:
    """All that must hold: histories, seals, cases, deadlines, file and server. It changes nothing; what is broken
    is named with its repair."""
    await door.read(require, what=WHAT)
    return door.shown(examined(await door.read(doctor.examine, quick=quick), door.lang))
