"""Units and places, and who serves whom."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.document import told
from api.door import DoorDep, PageDep
from api.schema.organisation import Places, Unit, Units, UnitsOfPlace
from api.schema.path import On, PlaceCode, UnitCode
from engine.service import place, unit

router = APIRouter()
TAG = "Units and places"
Function = Annotated[str, Query(description="case type or service that is asked for", examples=["all"])]


@router.get("/v1/units", **told("The tree of offices", Units, tag=TAG, also={304: None}))
async def list_units(
    door: DoorDep,
    page: PageDep,
    under: Annotated[
        str | None, Query(description="this unit and those below it", examples=["S-012"])
    ] = None,
    level: Annotated[str | None, Query(description="village, office, station, county ..")] = None,
    q: Annotated[str | None, Query(description="code or name begins so")] = None,
    on: On = None,
) -> Response:
    """Units that are there on a day, by code."""
    answer = await door.read(
        unit.list_units,
        under=under,
        level=level,
        q=q,
        on=on,
        limit=None,
        places={"FM-N021": "?under", "FM-U368": "?level"},
    )
    return door.listed(answer, page)


@router.get("/v1/units/{code}", **told("One unit", Unit, tag=TAG, also={304: None}))
async def show_unit(door: DoorDep, code: UnitCode, on: On = None) -> Response:
    """Where it stands, whom it serves, who is appointed over it."""
    return door.shown(await door.read(unit.show_unit, code=code, on=on))


@router.get("/v1/places", **told("Places by code or name", Places, tag=TAG, also={304: None}))
async def find_places(
    door: DoorDep,
    page: PageDep,
    q: Annotated[
        str,
        Query(
            description="code, name or its beginning; before it what it lies in",
            min_length=1,
            max_length=200,
            examples=["示例一村"],
        ),
    ],
    function: Function = "all",
    on: On = None,
) -> Response:
    """What they lie in and whose cases they are. `exact` is false where only beginnings fit."""
    answer = await door.read(
        place.find, q=q, on=on, function=function, limit=door.house.settings.most_per_page
    )
    return door.listed(answer, page)


@router.get("/v1/places/{code}/units", **told("Who serves a place", UnitsOfPlace, tag=TAG, also={304: None}))
async def units_of_place(
    door: DoorDep, page: PageDep, code: PlaceCode, function: Function = "all", on: On = None
) -> Response:
    """The nearest first; `home` is the unit whose case it would be."""
    return door.listed(await door.read(unit.find_units, place=code, function=function, on=on), page)
