"""How a route reaches the engine: `door.read`, `door.write`, and the answers they make.

@router.get("/v1/units", **told("The tree of offices", Listing, tag="Organisation"))
async def list_units(door: DoorDep, page: PageDep, on: date | None = None) -> Response:
    return door.listed(await door.read(unit.list_units, on=on), page)

@router.post("/v1/persons/{code}/absences", **told("Leave", Away, 403, 422, status=201, tag="Organisation"))
async def add_absence(door: WriteDep, code: str, sent: Leave) -> Response:
    return await door.write(leave.away, persons=[code], until=sent.until, status=201)
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from uuid import uuid4

from fastapi import Depends, Header, Query, Request, Response

from api import exchange as exchanges
from api import header, standing
from api.house import House, takes
from api.page import Page, page_of, sliced
from api.pointer import NOWHERE, Places, place
from api.problem import Problem
from api.retold import retold
from api.wire import encode
from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError, UsageError
from engine.persistence.boundary import check
from engine.service.caller import Caller

T = TypeVar("T")
JSON = "application/json"
PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Language"}
FLEETING = ("as_of", "checked_at")  # when it was looked at says nothing about what was seen


class Door:
    """Made for each request."""

    def __init__(self, request: Request, house: House) -> None:
        self.request, self.house = request, house
        self.exchange = exchanges.of(request.scope)
        self.now = self.exchange.now
        self.dry_run = False

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def caller(self) -> Caller:
        """The person whose token came with the request; nobody on the addresses that need none."""
        identity = "token" if self.exchange.person else "asserted"
        return Caller(self.exchange.person, self.now, self.exchange.lang, identity)

    @property
    def lang(self) -> str:
        return self.exchange.lang

    @property
    def key(self) -> str | None:
        return header.key(self.exchange.headers.get(b"idempotency-key"))

    @property
    def if_version(self) -> int | None:
        return header.version(self.exchange.headers.get(b"if-match"))

    @property
    def minimal(self) -> bool:
        return header.minimal(self.exchange.headers.get(b"prefer"))

    # ---- reading -----------------------------------------------------------------------------

    async def read(self, service: Callable[..., T], /, *, places: Places = NOWHERE, **arguments: Any) -> T:
        """``places``: where in the request stands what a reason is about (``api/pointer.py``)."""
        try:
            return await self.house.read(service, self.caller, **arguments)
        except FolkmootError as error:
            place(error, places)
            raise

    async def in_thread(self, work: Callable[..., T], /, *given: Any, **named: Any) -> T:
        return await self.house.in_thread(work, *given, **named)

    def shown(
        self, answer: Any, *, tag: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """The answer with its ETag; 304 where the caller has it already. ``tag``: what else it hangs on."""
        answer = retold(answer, self.lang)
        body = encode(answer)
        etag = f'"{tag}-{_mark(answer, body)}"' if tag else f'"{_mark(answer, body)}"'
        given = {**PRIVATE, "ETag": etag, **(headers or {})}
        if header.matches(self.exchange.headers.get(b"if-none-match"), etag):
            return Response(status_code=304, headers=given)
        return Response(body, media_type=JSON, headers=given)

    def listed(self, answer: dict[str, Any], page: Page) -> Response:
        """{items, count, next, as_of}: a page, ``next`` the address of the one after.

        A service that knows cursors was given ``limit=page.limit, cursor=page.inner``; one that does not
        gave everything (``limit=None``), and the page is cut from it.
        """
        if answer.get("next") is not None:
            inner = answer["next"]
        else:
            answer, inner = sliced(answer, page) if len(answer["items"]) > page.limit else (answer, None)
        link = page.link(inner, page.as_of or self.now) if inner else None
        count = answer.get("count", len(answer["items"]))
        return self.shown({**answer, "count": count, "next": link})

    # ---- writing -----------------------------------------------------------------------------

    async def write(
        self,
        service: Callable[..., dict[str, Any]],
        /,
        *,
        status: int = 200,
        location: Callable[[dict[str, Any]], str] | None = None,
        places: Places = NOWHERE,
        **arguments: Any,
    ) -> Response:
        """Done once, in one commit; or only looked at, for ``?dry_run=true``. ``places`` as for :meth:`read`."""
        arguments |= self._conditions(service)
        try:
            answer = await self.house.write(service, self.caller, dry_run=self.dry_run, **arguments)
        except FolkmootError as error:
            place(error, places)
            raise await self._told(error, arguments) from error
        self.exchange.saved = not self.dry_run
        return self.answered(answer, status=status, location=location)

    async def by_portions(
        self, work: Callable[..., dict[str, Any]], /, *, places: Places = NOWHERE, **arguments: Any
    ) -> Response:
        """Work of many commits: it asks the engine piece by piece, in a thread of its own."""
        arguments |= self._conditions(work)
        try:
            answer = await self.in_thread(work, self.engine, self.caller, dry_run=self.dry_run, **arguments)
        except FolkmootError as error:
            place(error, places)
            raise
        self.exchange.saved = not self.dry_run
        return self.answered(answer)

    def _conditions(self, service: Callable[..., Any]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        key = self.key
        if key is None and self.engine.store.dialect == "postgresql":
            key = uuid4().hex  # a server that goes away while it commits leaves no doubt behind
        if key is not None:
            given["key"] = key
        if self.if_version is not None:
            if "if_version" not in takes(service):
                raise UsageError("FM-U350", kind="input")
            given["if_version"] = self.if_version
        return given

    async def _told(self, error: FolkmootError, arguments: Mapping[str, Any]) -> Exception:
        ref = arguments.get("ref")
        if not isinstance(ref, str):
            return error
        act = arguments.get("act")
        around = await standing.around(self.house, self.caller, error, ref, act)
        return Problem(error, **around)

    def answered(
        self,
        answer: dict[str, Any],
        *,
        status: int = 200,
        location: Callable[[dict[str, Any]], str] | None = None,
    ) -> Response:
        """What a write answers: 202 where it waits for a yes, the case's version as ETag, less where less is
        preferred."""
        if self.dry_run:
            # a secret that was drawn for a look will never be good
            told = {name: value for name, value in answer.items() if name != "token"}
            return Response(encode({"would": told}), media_type=JSON)
        headers: dict[str, str] = {}
        case = answer.get("case")
        if case is None and "approval" in answer and "reasons" in answer:
            return Response(encode(retold(answer, self.lang)), 202, media_type=JSON)
        if location is not None:
            headers["Location"] = location(answer)
        if isinstance(case, dict) and "version" in case:
            headers["ETag"] = header.tag_of(case["version"])
            if self.minimal:
                headers["Preference-Applied"] = "return=minimal"
                answer = {name: case[name] for name in ("ref", "state", "version")}
        return Response(encode(answer), status, media_type=JSON, headers=headers)


def _mark(answer: Any, body: bytes) -> str:
    if isinstance(answer, dict) and any(name in answer for name in FLEETING):
        body = encode({name: value for name, value in answer.items() if name not in FLEETING})
    return sha256(body).hexdigest()[:16]


# ---- dependencies ------------------------------------------------------------------------------


def reading(request: Request) -> Door:
    """What only looks."""
    house: House = request.app.state.house
    for name, value in request.path_params.items():
        check(value, f"/{name}")
    known = request.app.state.parameters.of(request)
    for name, value in request.query_params.multi_items():
        check(value, f"?{name}")
        if name not in known:
            raise UsageError("FM-U346", kind="input", name=name, known=", ".join(known) or "-")
    return Door(request, house)


DoorDep = Annotated[Door, Depends(reading)]


def writing(
    door: DoorDep,
    dry_run: Annotated[bool, Query(description='all checks, nothing saved: `{"would": ..}`')] = False,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key", description="the same key and body again: the same answer, done once"
        ),
    ] = None,
    prefer: Annotated[
        str | None, Header(description="`return=minimal`: reference, state and version")
    ] = None,
) -> Door:
    """What changes something."""
    del idempotency_key, prefer  # documented here, read as they were sent
    door.dry_run = dry_run
    return door


WriteDep = Annotated[Door, Depends(writing)]


def writing_on_a_case(
    door: WriteDep,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="only if the case still has this version, as its ETag says it"),
    ] = None,
) -> Door:
    """What changes one case, and may be said of one version of it only."""
    del if_match  # as above
    return door


CaseWriteDep = Annotated[Door, Depends(writing_on_a_case)]

LIMIT = Query(ge=1, le=500, description="items on a page")
CURSOR = Query(
    description="of the page before: easiest is to follow the address in its `next`", max_length=4000
)


def paging(
    request: Request,
    door: DoorDep,
    limit: Annotated[int | None, LIMIT] = None,
    cursor: Annotated[str | None, CURSOR] = None,
) -> Page:
    """The page that is asked; the moment of its first page is the moment of all."""
    page = page_of(
        request.url.path,
        request.query_params.multi_items(),
        limit=limit or door.house.settings.page,
        given_limit=limit is not None,
        cursor=cursor,
    )
    if page.as_of is not None:
        door.now = page.as_of
    return page


PageDep = Annotated[Page, Depends(paging)]
