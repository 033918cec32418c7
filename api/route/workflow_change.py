"""A definition that was sent: checked, compared, put in force, taken back, read from another system."""

from importlib.metadata import version as version_of
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api import download
from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.path import CaseType, Day, OfVersion, Version
from api.schema.workflow import (
    Activated,
    Activating,
    Checked,
    Differences,
    Imported,
    Migrated,
    Migrating,
    WorkflowLine,
    WorkflowText,
)
from api.upload import JSON, YAML, Upload, takes, uploaded
from api.wire import encode
from engine.service import definition, definition_text, migrating

router = APIRouter()
TAG = "Workflows"
SARIF = b"application/sarif+json"
SHORT = "case_type: dispute_mediation\ntitle: Dispute mediation\n"
TEXT = takes(yaml=SHORT, json={"workflow": SHORT})


def text_of(sent: Upload) -> dict[str, Any]:
    """A text alone, or with its translations, what it includes and its templates."""
    if sent.kind == YAML:
        return {"text": sent.text}
    try:
        given = WorkflowText.model_validate_json(sent.content)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found) from error
    beside = {"translations": given.translations, "includes": given.includes, "forms": given.forms}
    return {"text": given.workflow, **beside}


@router.post(
    "/v1/workflow-checks",
    **told("Is it sound", Checked, tag=TAG, body=True),
    openapi_extra=TEXT,
)
async def check(
    door: DoorDep,
    request: Request,
    strict: Annotated[bool, Query(description="warnings count as errors")] = False,
) -> Response:
    """Everything that is wrong with a text, with line and column: YAML, or JSON with its translations. An unsound
    text is an answer, not a refusal. `Accept: application/sarif+json` gets the findings as SARIF."""
    text = text_of(await uploaded(request, YAML, JSON))
    if SARIF in door.exchange.headers.get(b"accept", b"").lower():
        found = await door.read(definition_text.check_as_sarif, program=version_of("folkmoot"), **text)
        return Response(encode(found), media_type=download.KINDS["sarif"])
    return door.shown(await door.read(definition_text.check, strict=strict, **text))


@router.get(
    "/v1/workflows/{type}/check", **told("Is a stored version sound", Checked, tag=TAG, also={304: None})
)
async def check_stored(
    door: DoorDep,
    case_type: CaseType,
    version: OfVersion = None,
    strict: Annotated[bool, Query(description="warnings count as errors")] = False,
) -> Response:
    """The same for a version of this store."""
    return door.shown(
        await door.read(definition_text.check_stored, name=case_type, version=version, strict=strict)
    )


@router.post(
    "/v1/workflows/{type}/differences",
    **told("What a text would change", Differences, tag=TAG, body=True),
    openapi_extra=TEXT,
)
async def differences_to_text(
    door: DoorDep,
    page: PageDep,
    request: Request,
    case_type: CaseType,
    version: OfVersion = None,
) -> Response:
    """Property by property, from the version in force (or another) to the text. Nothing is stored."""
    text = text_of(await uploaded(request, YAML, JSON))
    answer = await door.read(definition_text.differ_from_text, name=case_type, version=version, **text)
    return door.listed(answer, page)


@router.post(
    "/v1/workflows/{type}/activations", **changes("Put a version in force", Activated, tag=TAG, status=201)
)
async def activate(door: WriteDep, case_type: CaseType, sent: Activating | None = None) -> Response:
    """Cases filed from a day on follow the stored version; running cases keep theirs."""
    given = sent or Activating()
    return await door.write(
        definition.activate,
        name=case_type,
        version=given.version,
        start=given.start,
        status=201,
        places={"FM-N071": "/version"},
    )


@router.post(
    "/v1/workflows/{type}/migrations", **changes("Cases go on under another text", Migrated, tag=TAG)
)
async def migrate(door: WriteDep, case_type: CaseType, sent: Migrating) -> Response:
    """A hundred open cases at a time, each by itself: what has no place in the other text stays as it is, with its
    reasons. Look first with `?dry_run=true`; back again by the same request with the texts changed round."""
    return await door.write(
        migrating.move,
        name=case_type,
        to=sent.to,
        came_from=sent.came_from,
        states=sent.states,
        refs=sent.refs,
        reason=sent.reason,
        after=sent.after,
        places={"FM-N071": "/to"},
    )


@router.put(
    "/v1/workflows/{type}",
    **changes("Put a text in force", Activated, tag=TAG),
    openapi_extra=TEXT,
)
async def activate_text(
    door: WriteDep,
    request: Request,
    case_type: CaseType,
    start: Annotated[
        Day | None,
        Query(alias="from", description="cases filed from then on (today)", examples=["2027-01-01"]),
    ] = None,
) -> Response:
    """Stores the text and puts it in force from a day on. Only a sound one is taken: its errors are all told, each
    with its place."""
    text = text_of(await uploaded(request, YAML, JSON))
    return await door.write(definition_text.activate, case_type=case_type, start=start, **text)


@router.delete(
    "/v1/workflows/{type}/activations/{version}",
    **changes("Take a version back", WorkflowLine, tag=TAG),
)
async def deactivate(door: WriteDep, case_type: CaseType, version: Version) -> Response:
    """Only until its day has come; what was in force once never changes."""
    return await door.write(definition.deactivate, name=case_type, version=version)


@router.post(
    "/v1/workflow-imports",
    **told("Read another system's workflow", Imported, tag=TAG, body=True),
    openapi_extra=takes(json={"BusinessServices": []}),
)
async def import_workflow(door: DoorDep, request: Request) -> Response:
    """A DIGIT BusinessService: what it holds, what is wrong with it, and its YAML where it can be taken. Nothing
    is stored."""
    sent = await uploaded(request, JSON)
    return door.shown(await door.read(definition_text.read_foreign, content=sent.content))
