"""Decision tables: those of a text checked, those of a case type shown."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.document import told
from api.door import DoorDep
from api.schema.path import CaseType
from api.schema.workflow import RoutingChecked, RoutingTables
from api.upload import YAML, takes, uploaded
from engine.domain.errors import NotFound
from engine.service import routing_shown
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
    return door.shown(await door.read(routing_shown.check, text=sent.text, strict=strict))


@router.get(
    "/v1/workflows/{type}/routing",
    **told("The decision tables of a case type", RoutingTables, tag=TAG, also={304: None}),
)
async def show_routing(door: DoorDep, case_type: CaseType) -> Response:
    """Each rule with what it asks for, what it gives and why."""
    text = shipped.routing_text(case_type)
    if text is None:
        raise NotFound("FM-N070", name=case_type, known=", ".join(shipped.CASE_TYPES))
    return door.shown(await door.read(routing_shown.show, text=text))
