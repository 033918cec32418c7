"""Decision tables: a text checked, shown, tried on past decisions; those of the store listed, put in force, taken back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import download
from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.path import CaseType, Day, OfVersion, Version
from api.schema.routing import Replayed, RoutingActivated, RoutingLine, RoutingLines, Tried
from api.schema.workflow import Activating, RoutingChecked, RoutingTables
from api.upload import YAML, takes, uploaded
from engine.domain.errors import NotFound
from engine.service.authority import require
from engine.service.routing import replaying, shown, tables, truth
from workflows import shipped

router = APIRouter()
TAG = "Workflows"
SHORT = 'case_type: service_request\ntitle: Who answers\nversion: "1"\ntables: {}\n'


@router.post(
    "/v1/routing-checks",
    **told("Are these decision tables sound", RoutingChecked, tag=TAG, body=True),
    openapi_extra=takes(yaml=SHORT),
)
async def check_routing(
    door: DoorDep,
    request: Request,
    strict: Annotated[bool, Query(description="warnings count as errors")] = False,
) -> Response:
    """Everything that is wrong with the tables of a `routing.yaml`, with line and column, held against the definition
    in force of the case type that it names. Unsound tables are an answer, not a refusal."""
    sent = await uploaded(request, YAML)
    return door.shown(await door.read(shown.check, text=sent.text, strict=strict))


@router.get(
    "/v1/workflows/{type}/routing",
    **told("The decision tables of a case type", RoutingTables, tag=TAG, also={304: None}),
)
async def show_routing(door: DoorDep, case_type: CaseType) -> Response:
    """Each rule with what it asks for, what it gives and why."""
    text = shipped.routing_text(case_type)
    if text is None:
        raise NotFound("FM-N070", name=case_type, known=", ".join(shipped.CASE_TYPES))
    return door.shown(await door.read(shown.show, text=text))


# ---- those of the store ----------------------------------------------------------------------------------


@router.get("/v1/routing-tables", **told("Tables there are", RoutingLines, tag=TAG, also={304: None}))
async def list_routing_tables(
    door: DoorDep,
    page: PageDep,
    case_type: Annotated[str | None, Query(alias="type", description="only this case type")] = None,
) -> Response:
    """In force, coming, available, retired; the newest of each case type first."""
    return door.listed(await door.read(tables.list_tables, case_type=case_type), page)


@router.get(
    "/v1/routing-tables/{type}/routing.yaml",
    **told("The text of tables", download.of_kind("yaml"), tag=TAG, also={304: None}),
)
async def routing_table_text(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """The YAML with its comments, to work on."""
    answer = await door.read(tables.source, name=case_type, version=version)
    return download.file(door, answer["text"], "routing.yaml")


@router.get(
    "/v1/routing-tables/{type}/routing.csv",
    **told("Every combination and what it comes to", download.of_kind("csv"), tag=TAG, also={304: None}),
)
async def routing_truth_table(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """Each combination of what the tables read, with the rule and what it gives; where there are too many, each fact
    by itself and with each other one."""
    answer = await door.read(truth.truth, name=case_type, version=version)
    return download.file(door, answer["csv"], "routing.csv")


@router.put(
    "/v1/routing-tables/{type}",
    **changes("Put tables in force", RoutingActivated, tag=TAG),
    openapi_extra=takes(yaml=SHORT),
)
async def activate_routing_text(
    door: WriteDep,
    request: Request,
    case_type: CaseType,
    start: Annotated[
        Day | None,
        Query(alias="from", description="decisions from then on (today)", examples=["2027-01-01"]),
    ] = None,
) -> Response:
    """Stores the text and fills seats by it from a day on, on every case of the type, whatever text of the workflow
    it follows. Only sound tables are taken: their errors are all told, each with its place."""
    sent = await uploaded(request, YAML)
    return await door.write(tables.activate, text=sent.text, name=case_type, start=start)


@router.post(
    "/v1/routing-tables/{type}/activations",
    **changes("Put stored tables in force", RoutingActivated, tag=TAG, status=201),
)
async def activate_routing_table(
    door: WriteDep, case_type: CaseType, sent: Activating | None = None
) -> Response:
    """A version that the store holds, from a day on."""
    given = sent or Activating()
    return await door.write(
        tables.activate,
        name=case_type,
        version=given.version,
        start=given.start,
        status=201,
        places={"FM-N055": "/version"},
    )


@router.delete(
    "/v1/routing-tables/{type}/activations/{version}",
    **changes("Take tables back", RoutingLine, tag=TAG),
)
async def deactivate_routing_table(door: WriteDep, case_type: CaseType, version: Version) -> Response:
    """Only until their day has come; what they were to replace goes on."""
    return await door.write(tables.deactivate, name=case_type, version=version)


# ---- past decisions ------------------------------------------------------------------------------------


@router.get("/v1/routing-replays", **told("Past decisions made again", Replayed, 403, tag=TAG))
async def replay_routing(
    door: DoorDep,
    ref: Annotated[str | None, Query(description="this case only", examples=["26-00002-9"])] = None,
    since: Annotated[Day | None, Query(description="decisions from then on", examples=["2026-11-01"])] = None,
    until: Annotated[Day | None, Query(description="up to then", examples=["2026-11-30"])] = None,
) -> Response:
    """Each decision of the engine is made again from what it kept: the same pick by the same rule, or it is named.
    Without `ref` it takes its time on a large store, and is for those who look after the evidence."""
    if ref is None:
        await door.read(require, what="evidence")
    answer = await door.read(
        replaying.replay, ref=ref, since=since, until=until, places={"FM-U411": "?since"}
    )
    return door.shown(answer)


@router.post(
    "/v1/routing-trials",
    **told("What tables would change", Tried, 403, tag=TAG, body=True),
    openapi_extra=takes(yaml=SHORT),
)
async def try_routing(
    door: DoorDep,
    request: Request,
    since: Annotated[Day, Query(description="decisions from then on", examples=["2026-11-01"])],
    until: Annotated[Day | None, Query(description="up to then", examples=["2026-11-30"])] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="how many are listed")] = 50,
) -> Response:
    """Which past decisions of the engine would have gone to somebody else under these tables. Nothing is saved."""
    await door.read(require, what="definition")
    sent = await uploaded(request, YAML)
    answer = await door.read(
        replaying.try_text,
        text=sent.text,
        since=since,
        until=until,
        limit=limit,
        places={"FM-U411": "?since"},
    )
    return door.shown(answer)
