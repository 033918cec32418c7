"""Definitions of case types: what is in force, in words, as text, as a picture."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api import download
from api.document import told
from api.door import DoorDep, PageDep
from api.schema.path import CaseType, OfVersion, Version
from api.schema.workflow import Differences, Proof, Workflow, Workflows, WorkflowVersion
from engine.domain.errors import NotFound
from engine.service import definition, definition_text

router = APIRouter()
TAG = "Workflows"
SEEN = {304: None}
Language = Annotated[Literal["zh"], Path(description="language of the texts", examples=["zh"])]


@router.get("/v1/workflows", **told("Versions there are", Workflows, tag=TAG, also=SEEN))
async def list_workflows(
    door: DoorDep,
    page: PageDep,
    case_type: Annotated[str | None, Query(alias="type", description="only this case type")] = None,
    available: Annotated[bool, Query(description="only what is not in force yet")] = False,
) -> Response:
    """In force, coming, available, retired; the newest of each type first."""
    answer = await door.read(definition.list_definitions, case_type=case_type)
    if available:
        items = [item for item in answer["items"] if item["status"] == "available"]
        answer = {**answer, "items": items, "count": len(items)}
    return door.listed(answer, page)


@router.get(
    "/v1/workflows/schema.json",
    **told("Schema of workflow files", download.of_kind("json"), tag=TAG, also=SEEN),
)
async def workflow_schema(door: DoorDep) -> Response:
    """The JSON Schema of workflow files, for editors and other programs."""
    from engine.definitions.schema import definition_schema

    return door.shown(definition_schema())


@router.get("/v1/workflows/{type}", **told("One workflow in words", Workflow, tag=TAG, also=SEEN))
async def show_workflow(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """States, acts and clocks with their titles, of the version in force or of another."""
    return door.shown(await door.read(definition.show, name=case_type, version=version))


@router.get(
    "/v1/workflows/{type}/versions/{version}",
    **told("One version, by its hash", WorkflowVersion, tag=TAG, also=SEEN),
)
async def show_version(door: DoorDep, case_type: CaseType, version: Version) -> Response:
    """The normal form. Under a whole hash it never changes and may be kept for good."""
    answer = await door.read(definition.body, name=case_type, version=version)
    lasting = {"Cache-Control": "private, max-age=31536000, immutable"} if answer["hash"] == version else {}
    return door.shown(answer, tag=answer["hash"][:12], headers=lasting)


@router.get(
    "/v1/workflows/{type}/diagram.svg", **told("The drawing", download.of_kind("svg"), tag=TAG, also=SEEN)
)
async def diagram(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """States, acts and clocks; titles in the language that is accepted."""
    answer = await door.read(definition_text.diagram, name=case_type, version=version, form="svg")
    return download.file(door, answer["drawing"], f"{answer['case_type']}.svg", shown=True)


@router.get(
    "/v1/workflows/{type}/diagram.mmd",
    **told("The drawing as Mermaid", download.of_kind("mmd"), tag=TAG, also=SEEN),
)
async def mermaid(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """The text that Mermaid draws from."""
    answer = await door.read(definition_text.diagram, name=case_type, version=version, form="mermaid")
    return download.file(door, answer["drawing"], f"{answer['case_type']}.mmd", shown=True)


@router.get(
    "/v1/workflows/{type}/page.md", **told("The whole page", download.of_kind("md"), tag=TAG, also=SEEN)
)
async def workflow_page(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """Everything that stands in it, as Markdown, in both languages."""
    answer = await door.read(definition_text.page, name=case_type, version=version)
    return download.file(door, answer["page"], f"{answer['case_type']}.md", shown=True)


@router.get(
    "/v1/workflows/{type}/workflow.yaml",
    **told("The text", download.of_kind("yaml"), tag=TAG, also=SEEN),
)
async def workflow_text(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """The YAML with its comments, to work on."""
    answer = await door.read(definition_text.files, name=case_type, version=version)
    return download.file(door, answer["files"]["workflow.yaml"], "workflow.yaml")


@router.get(
    "/v1/workflows/{type}/{lang}.yaml",
    **told("The texts in another language", download.of_kind("yaml"), tag=TAG, also=SEEN),
)
async def workflow_translation(
    door: DoorDep,
    case_type: CaseType,
    lang: Language,
    version: OfVersion = None,
) -> Response:
    """What stands beside the text, by language."""
    answer = await door.read(definition_text.files, name=case_type, version=version)
    name = f"{lang}.yaml"
    if name not in answer["files"]:
        raise NotFound("FM-N081", path=door.request.url.path[:200])
    return download.file(door, answer["files"][name], name)


@router.get("/v1/workflows/{type}/proof", **told("Can a case get stuck", Proof, tag=TAG, also=SEEN))
async def prove(door: DoorDep, case_type: CaseType, version: OfVersion = None) -> Response:
    """The certain way on from each open state; what is proved and what is not."""
    return door.shown(await door.read(definition_text.prove, name=case_type, version=version))


@router.get(
    "/v1/workflows/{type}/differences",
    **told("Two versions compared", Differences, tag=TAG, also=SEEN),
)
async def differences(
    door: DoorDep,
    page: PageDep,
    case_type: CaseType,
    other: Annotated[str, Query(description="label or hash of the other version", examples=["2026.1"])],
    version: OfVersion = None,
) -> Response:
    """Property by property, from `version` (the one in force) to `other`."""
    answer = await door.read(definition_text.differ, name=case_type, version=version, other=other)
    return door.listed(answer, page)
