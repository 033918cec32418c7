"""Places: found by code or by name, and who serves them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from engine.domain.errors import NotFound, UsageError
from engine.domain.near import told_near
from engine.domain.organisation import ALL_FUNCTIONS, Serving
from engine.persistence import late as table
from engine.persistence.late import ClauseElement, columns_of, func, or_, select
from engine.persistence.statement import Statement, statement
from engine.persistence.unit import Unit
from engine.service import directory
from engine.service.caller import Answer, Caller
from engine.service.today import today

# what a division's name ends in, and people leave out
TAILS = ("村委会", "村村委会", "居委会", "社区居委会", "社区", "镇", "乡", "街道", "县", "区", "市")
_MERGERS = 10  # how many successions are followed

_place = columns_of(table.Place).c

Found = dict[str, Any]


class _Row(NamedTuple):
    code: str
    name: str
    kind: str
    parent: str | None
    became: str | None
    since: date | None
    until: date | None


LONGEST = 200  # no place is written longer, and a pattern may not be of any length


def resolve(unit: Unit, given: str, *, on: date) -> str:
    """The code of a place from a code or a name (``宾州镇 胜利村``), valid on that day.

    A place that was merged gives its successor. FM-U003 when several fit, FM-N020 when none does.
    """
    text = given.strip()[:LONGEST]
    found = _by_code(unit, text) or _by_name(unit, text)
    current = {place["code"]: place for place in (_current(unit, place, on) for place in found) if place}
    if not current:
        near = [_label(unit, place) for place in _beginning(unit, text, 3)]
        raise NotFound("FM-N020", text=text, **told_near(near))
    if len(current) > 1:
        raise _several(text, len(current))
    return str(next(iter(current)))


def codes_by_name(unit: Unit, given: str, *, on: date) -> list[str]:
    """For a filter: the code of the place of this name, with those of the same name that were merged into it.

    FM-U003 when several fit, FM-U307 with near ones when none does.
    """
    text = given.strip()[:LONGEST]
    found = _by_name(unit, text)
    if not found:
        raise UsageError(
            "FM-U307", given=text, **told_near([_label(unit, one) for one in _beginning(unit, text, 3)])
        )
    now = {place["code"] for place in (_current(unit, place, on) for place in found) if place}
    if len(now or found) > 1:
        raise _several(text, len(now or found))
    return sorted({*now, *(str(place["code"]) for place in found)})


def _several(text: str, count: int) -> UsageError:
    return UsageError(
        "FM-U003", text=text, count=count, what="places", what_zh="地点", command=f"place find {text}"
    )


def find(
    unit: Unit,
    caller: Caller,
    *,
    q: str,
    on: date | None = None,
    function: str = ALL_FUNCTIONS,
    limit: int = 50,
) -> Answer:
    """Places whose code or name fits or begins so, with what they lie in and the unit whose cases they are."""
    day = on or today(unit, caller)
    text = q.strip()
    exact = _by_code(unit, text) or _by_name(unit, text)
    found = exact or _beginning(unit, text, limit)
    items = [_told(unit, place, day, function) for place in found[:limit]]
    return {"items": items, "count": len(found), "exact": bool(exact), "on": day.isoformat()}


def name_of(unit: Unit, code: str) -> str:
    """The name of a place; its code if it is unknown."""
    found = _by_code(unit, code)
    return str(found[0]["name"]) if found else code


def within(unit: Unit, place: Found) -> list[Found]:
    """What a place lies in, the nearest first."""
    found: list[Found] = []
    while place["parent"] is not None and len(found) < 20:
        above = _by_code(unit, place["parent"])
        if not above:
            break
        found += above
        place = above[0]
    return found


def _by_code(unit: Unit, code: str) -> list[Found]:
    return [row._asdict() for row in unit.run(_of_code, code=code)]


def _by_name(unit: Unit, text: str) -> list[Found]:
    """By name, with or without its ending; earlier words name what it lies in, if they are no part of the name."""
    whole = _of_name(unit, " ".join(text.split()))
    if whole:
        return whole
    *around, name = text.replace("/", " ").split() or [text]
    found = _of_name(unit, name) if around else []
    for word in around:
        found = [p for p in found if any(up["name"].startswith(word) for up in within(unit, p))]
    return found


def _of_name(unit: Unit, name: str) -> list[Found]:
    names = [name, *(name + tail for tail in TAILS)]
    return [row._asdict() for row in unit.run(_named, **_slots(names))]


def _beginning(unit: Unit, text: str, limit: int) -> list[Found]:
    if not text:
        return []
    last = text.replace("/", " ").split()[-1]
    query = _select().where(
        or_(_place.name.startswith(last, autoescape=True), _place.code.startswith(last, autoescape=True))
    )
    return unit.execute(query.order_by(func.length(_place.code), _place.code).limit(limit))


def _select() -> Any:
    return select(*(_place[name] for name in _Row._fields))


def _slots(names: Sequence[str]) -> dict[str, str]:
    """A list has no fixed text, but a name and its endings are always as many."""
    return {f"name{number}": name for number, name in enumerate(names)}


_named: Statement[..., _Row] = Statement(
    lambda **bound: _select().where(_place.name.in_(list(bound.values()))).order_by(_place.code),
    tuple(_slots(("", *TAILS))),
    _Row._make,
    name=f"{__name__}:_named",
)


@statement(_Row._make)
def _of_code(*, code: str) -> ClauseElement:
    found: ClauseElement = _select().where(_place.code == code)
    return found


def _current(unit: Unit, place: Found, on: date) -> Found | None:
    """The place itself or, where it had ended by that day, its successor."""
    for _ in range(_MERGERS):
        ended = place["until"] is not None and place["until"] < on
        if not ended:
            return place if place["since"] is None or place["since"] <= on else None
        if place["became"] is None:
            return None
        following = _by_code(unit, place["became"])
        if not following:
            return None
        place = following[0]
    return None


def _label(unit: Unit, place: Found) -> str:
    above = within(unit, place)[:1]
    return f"{above[0]['name'] if above else ''}{place['name']} {place['code']}"


def _told(unit: Unit, place: Found, on: date, function: str) -> Found:
    near = directory.around(unit, place["code"], function=function, on=on)
    return {
        "code": place["code"],
        "name": place["name"],
        "kind": place["kind"],
        "within": [up["name"] for up in within(unit, place)],
        "unit": near.home.code if near.home else None,
        "serving": [serving_line(s) for s in near.serving],
        "until": place["until"].isoformat() if place["until"] else None,
        "became": place["became"],
    }


def serving_line(serving: Serving) -> Found:
    """A unit that serves a place."""
    unit = serving.unit
    return {"code": unit.code, "name": unit.name, "level": unit.level, "rank": serving.rank}
