"""Reports: pages of figures by name."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api import download
from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.past import moment
from api.schema.report import Report, ReportGone, ReportList, ReportRun, ReportSent, RunAsked
from engine.analytics.report import document, listing, running
from engine.service import query
from engine.service import report as service

router = APIRouter()
TAG = "Figures"
ReportName = Annotated[str, Path(alias="name", description="as listed", examples=["weekly"])]
FILES = download.of_kind("html", "pdf", "csv")["content"]


@router.get("/v1/reports", **told("Reports there are", ReportList, tag=TAG, also={304: None}))
async def list_reports(door: DoorDep, page: PageDep) -> Response:
    """Those that come along, then those that somebody saved."""
    return door.listed(await door.read(listing.list_reports), page)


@router.get("/v1/reports/{name}", **told("A report as it is written", Report, 404, tag=TAG, also={304: None}))
async def show_report(door: DoorDep, name: ReportName) -> Response:
    """Title and parts, each a measure with its arguments."""
    return door.shown(await door.read(listing.show_report, name=name))


@router.put("/v1/reports/{name}", **changes("Save a report", Report, tag=TAG))
async def save_report(door: WriteDep, name: ReportName, sent: ReportSent) -> Response:
    """Under a new name, or in the place of one's own. Reports that come along are not replaced."""
    body = listing.checked(name, sent.model_dump(by_alias=True, exclude_unset=True))
    return await door.write(service.save, name=name, body=body)


@router.delete("/v1/reports/{name}", **changes("Delete a report", ReportGone, 404, tag=TAG))
async def delete_report(door: WriteDep, name: ReportName) -> Response:
    """One's own; another's only those who run the house."""
    return await door.write(service.remove, name=listing.checked_to_delete(name))


@router.post(
    "/v1/reports/{name}/runs",
    **told("Run a report", ReportRun, 403, 404, tag=TAG, body=True, kinds=FILES),
)
async def run_report(door: DoorDep, name: ReportName, sent: RunAsked) -> Response:
    """Its figures and tables, or with `format` a page with charts, PDF, or all tables as CSV. Nothing is saved. As of a
    past instant it is the same file whenever it is asked for."""
    found = await door.read(query.meant, given={"unit": sent.unit})
    given: dict[str, Any] = {
        "name": name, "in_unit": found["unit"], "as_of": moment(sent.as_of, door), "zone": door.house.settings.zone,
    }  # fmt: skip
    if sent.format == "json":
        return door.shown(await door.read(running.answered, **given))
    answer = await door.read(document.written, **given, form=sent.format)
    return download.file(door, answer["content"], answer["file"], shown=True)
