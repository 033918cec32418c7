"""What happened, as a file for other programs."""

from pathlib import Path as File
from shutil import rmtree
from tempfile import mkdtemp
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from api import download
from api.document import told
from api.door import DoorDep
from api.schema.filter import FilterDep
from api.schema.past import AsOfDep
from engine import exporting
from engine.analytics.export.form import FORMS
from engine.bootstrap import Engine
from engine.domain.period import stretch
from engine.service.caller import Answer, Caller

router = APIRouter()
TAG = "Figures"
Form = Annotated[
    Literal["csv", "parquet", "xes", "json", "sqlite"],
    Path(description="json and sqlite: OCEL 2.0", examples=["xes"]),
]
FILES: dict[str, Any] = {
    "content": {
        form.media_type.partition(";")[0]: {"schema": {"type": "string"}} if form.name == "csv" else {}
        for form in FORMS.values()
    },
    "headers": {
        name: {"description": f"{what} in the file", "schema": {"type": "integer"}}
        for name, what in (("Folkmoot-Cases", "cases"), ("Folkmoot-Events", "events"))
    },
}


@router.get("/v1/events.{form}", **told("Events for process mining", FILES, 503, tag=TAG))
async def export_events(
    door: DoorDep,
    wanted: FilterDep,
    as_of: AsOfDep,
    form: Form,
    happened: Annotated[
        str | None,
        Query(description="only events of these months or days, both ends in", examples=["2026-10..2026-12"]),
    ] = None,
    as_written: Annotated[
        bool, Query(description="also what was taken back, each at the time it was first entered")
    ] = False,
) -> Response:
    """Events of the cases that the same filter finds in the list, as far as the caller knows these cases. Neither names
    nor what was told are in it: parties stand by their numbers, people of the house by their codes. What an event that
    was corrected or taken back said counts as it is believed, unless `as_written`. `Folkmoot-Cases` and
    `Folkmoot-Events` say how many there are."""
    zone = door.house.settings.zone
    period = stretch(happened, at=as_of or door.now, zone=zone)
    answer = await door.in_thread(
        _made, door.engine, door.caller, form,
        filter=wanted, happened=period, as_of=as_of, as_written=as_written, zone=zone,
    )  # fmt: skip
    counts = {name: answer[name] for name in ("cases", "events")}
    return download.streamed(door, File(answer["file"]), f"events.{form}", answer["media_type"], **counts)


def _made(engine: Engine, caller: Caller, form: str, **asked: Any) -> Answer:
    """Whole, in a folder of its own, before the answer begins: what fails is told as a problem and not cut off."""
    folder = mkdtemp(prefix="folkmoot-events-")
    try:
        return exporting.export(engine, caller, file=File(folder) / f"events.{form}", **asked)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
