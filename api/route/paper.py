"""Papers of a case: what was served and what was written up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api import download
from api.document import told
from api.door import DoorDep, PageDep
from api.schema.part import Parts
from api.schema.path import CaseRef, PaperNo
from engine.service import papers

router = APIRouter()
TAG = "Parts of a case"


@router.get("/v1/cases/{ref}/papers", **told("Papers of a case", Parts, tag=TAG, also={304: None}))
async def list_papers(door: DoorDep, page: PageDep, ref: CaseRef) -> Response:
    """Every notice served and document written up, with its digest in each language."""
    return door.listed(await door.read(papers.list_papers, ref=ref), page)


@router.get(
    "/v1/cases/{ref}/papers/{no}",
    **told("One paper", download.of_kind("html", "pdf"), tag=TAG, also={304: None}),
)
async def show_paper(
    door: DoorDep,
    ref: CaseRef,
    no: PaperNo,
    kind: Annotated[
        Literal["html", "pdf"], Query(alias="format", description="a page for a browser, or PDF")
    ] = "html",
    language: Annotated[
        Literal["en", "zh"] | None, Query(alias="lang", description="as `Accept-Language` without it")
    ] = None,
) -> Response:
    """As it was served: rendered from the history of that moment and held against the digest that the case keeps."""
    answer = await door.read(papers.show, ref=ref, no=no, kind=kind, language=language)
    name = f"{answer['ref']}-{no}-{answer['form']}.{answer['lang']}.{kind}"
    return download.file(door, answer["content"], name, shown=True)
