"""Registers: any old list of cases through the engine with its own times, in batches that can be taken back."""

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import download
from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.register import Import
from api.schema.clock import Answering
from api.schema.imports import Batches, BatchShown, RegisterTaken, Rejects, Sketched, Withdrawn
from api.schema.path import BatchNo
from api.upload import CSV, XLSX, Upload, takes, uploaded
from engine.service import importing

router = APIRouter()
TAG = "Imports"
FILE = takes(
    csv="id,place,opened,closed,what\n1,示例一村,2025-01-02 09:00,2025-01-05 10:00,wall\n", xlsx=None
)
Map = Annotated[
    str,
    Query(
        alias="map",
        max_length=20_000,
        description="what each column means, YAML or JSON; `/v1/imports/sketch` writes a first one",
    ),
]
Name = Annotated[
    str, Query(max_length=200, description="what the batch is called", examples=["register-2025"])
]
Encoding = Annotated[
    str | None, Query(max_length=40, description="where it is neither UTF-8 nor GB18030", examples=["utf-16"])
]
SheetName = Annotated[str | None, Query(max_length=100, description="which sheet of a workbook")]


@router.post(
    "/v1/imports",
    **changes("Bring a register in", RegisterTaken, tag=TAG, status=201),
    openapi_extra=FILE,
)
async def import_cases(
    door: WriteDep,
    request: Request,
    map_: Map,
    name: Name = "register",
    live: Annotated[bool, Query(description="let deadlines of open cases alarm")] = False,
    encoding: Encoding = None,
    sheet: SheetName = None,
) -> Response:
    """Each row, or with `rows: events` all rows of one key, becomes a case with its own times; what landed before is counted and not doubled. Rows that do not
    fit are left out, each with its reason. It lands by portions: a request that breaks off is simply sent again."""
    sent = await uploaded(request, CSV, XLSX)
    given = {"map": map_, "live": live, "encoding": encoding, "sheet": sheet}
    answer = await Import(door, sent, _called(name, sent), given).answer()
    return door.answered(answer, status=201, location=_location)


def _called(name: str, sent: Upload) -> str:
    return name if name.lower().endswith(sent.suffix) else name + sent.suffix


def _location(answer: dict[str, Any]) -> str:
    return f"/v1/imports/{answer['batch']}" if answer["batch"] else "/v1/imports"


@router.post(
    "/v1/imports/sketch",
    **told("Guess a map", Sketched, 403, tag=TAG, body=True),
    openapi_extra=FILE,
)
async def sketch_map(
    door: DoorDep,
    request: Request,
    case_type: Annotated[
        str | None, Query(alias="type", description="case type that the rows will be")
    ] = None,
    name: Name = "register",
    encoding: Encoding = None,
    sheet: SheetName = None,
) -> Response:
    """A first map out of heads and rows; what could not be guessed says ASK."""
    sent = await uploaded(request, CSV, XLSX)
    register = await door.in_thread(
        importing.read_register, _called(name, sent), sent.content, sheet=sheet, encoding=encoding
    )
    return door.shown(await door.read(importing.sketch_for, register=register, case_type=case_type))


@router.get("/v1/imports", **told("Batches", Batches, tag=TAG, also={304: None}))
async def list_batches(door: DoorDep, page: PageDep) -> Response:
    """The newest first."""
    return door.listed(await door.read(importing.list_batches), page)


@router.get("/v1/imports/{batch}", **told("One batch", BatchShown, tag=TAG, also={304: None}))
async def show_batch(door: DoorDep, batch: BatchNo) -> Response:
    """What came of it, and how many of its cases somebody has worked on since."""
    return door.shown(await door.read(importing.show_batch, batch=batch))


@router.get(
    "/v1/imports/{batch}/rejects", **told("Rows that were left out", Rejects, tag=TAG, also={304: None})
)
async def list_rejects(door: DoorDep, page: PageDep, batch: BatchNo) -> Response:
    """In the register's order, each with its cells and the reason."""
    answer = await door.read(importing.list_rejects, batch=batch, limit=page.limit, cursor=page.inner)
    return door.listed(answer, page)


@router.get(
    "/v1/imports/{batch}/rejects.csv",
    **told("Rows that were left out, as a file", download.of_kind("csv"), tag=TAG, also={304: None}),
)
async def rejects_file(door: DoorDep, batch: BatchNo) -> Response:
    """All columns of the register and why: to be mended and sent again."""
    answer = await door.read(importing.list_rejects, batch=batch)
    return download.file(door, "\ufeff" + _csv(answer["items"]), f"{answer['batch']}.rejected.csv")


def _csv(items: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for item in items for name in item["cells"]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "column", "code", "reason", *columns])
    for item in items:
        told_ = [item["row"], item["column"], item["code"], item["text"]]
        writer.writerow([*told_, *(item["cells"].get(name, "") for name in columns)])
    return out.getvalue()


@router.delete("/v1/imports/{batch}", **changes("Take a batch out again", Withdrawn, tag=TAG))
async def withdraw(door: WriteDep, batch: BatchNo, sent: Answering | None = None) -> Response:
    """Its cases go with it; only until somebody has worked on one of them."""
    return await door.write(importing.withdraw, batch=batch, reason=sent.reason if sent else None)
