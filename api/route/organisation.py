"""The whole organisation as a workbook, CSV files or YAML."""

import io
import zipfile
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api import download
from api.changes import changes
from api.document import told
from api.door import DoorDep, WriteDep
from api.schema.organisation import Taken
from api.upload import CSV, XLSX, YAML, takes, uploaded
from engine.service import organisation

router = APIRouter()
TAG = "Organisation"
Form = Annotated[Literal["xlsx", "yaml", "zip"], Path(description="zip: CSV files", examples=["yaml"])]
FILES = download.of_kind("xlsx", "yaml", "zip")
EXAMPLE = "persons:\n  - {code: aux-09, role: auxiliary, unit: V-101}\n"
Sheet = Annotated[
    Literal["units", "places", "areas", "persons", "appointments", "absences", "duty", "relations"],
    Query(description="which sheet a CSV is", examples=["persons"]),
]


@router.post(
    "/v1/organisation",
    **changes("Bring an organisation in", Taken, tag=TAG),
    openapi_extra=takes(yaml=EXAMPLE, csv=None, xlsx=None),
)
async def import_organisation(
    door: WriteDep,
    request: Request,
    sheet: Sheet = "persons",
    replace: Annotated[bool, Query(description="end the appointments that the file lacks")] = False,
) -> Response:
    """A workbook, YAML, or one sheet as CSV. Lines that do not hold are left out and named, the others go in
    together, in one commit."""
    sent = await uploaded(request, YAML, CSV, XLSX)
    name = (sheet if sent.kind == CSV else "organisation") + sent.suffix
    return await door.write(organisation.import_organisation, files={name: sent.content}, replace=replace)


@router.get(
    "/v1/organisation/template.{form}",
    **told("Empty sheets to fill in", FILES, tag=TAG, also={304: None}),
)
async def template(
    door: DoorDep,
    form: Form,
    sample: Annotated[
        Literal["county", "full"] | None, Query(description="filled with the sample organisation")
    ] = None,
) -> Response:
    """Every column explained."""
    if sample is None:
        files = await door.in_thread(organisation.template, _inside(form))
    else:
        files = await door.in_thread(_sample, sample, _inside(form))
    return _file(door, files, form, "template")


def _sample(scale: Literal["county", "full"], form: str) -> dict[str, bytes]:
    from workflows.harbin import build

    return organisation.to_files(build(scale=scale), form)


@router.get(
    "/v1/organisation.{form}",
    **told("The organisation as a file", FILES, tag=TAG, also={304: None}),
)
async def export(door: DoorDep, form: Form) -> Response:
    """Everything, ready to be brought in again."""
    answer = await door.read(organisation.export, form=_inside(form))
    return _file(door, answer["files"], form, "organisation")


def _inside(form: str) -> str:
    return "csv" if form == "zip" else form


def _file(door: DoorDep, files: Mapping[str, bytes], form: str, name: str) -> Response:
    if form != "zip":
        return download.file(door, next(iter(files.values())), f"{name}.{form}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in files.items():
            archive.writestr(zipfile.ZipInfo(inner), content)  # without a time: the same files, the same tag
    return download.file(door, packed.getvalue(), f"{name}.zip")
