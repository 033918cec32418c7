"""What earlier cases of the same people say: how often two have met, who handled them, with whom they fell out.

By the digests that parties are known again by (``engine.domain.likeness``); each question is one indexed statement per
key, or one in all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from engine.domain.case import CaseState, PartyState
from engine.domain.likeness import party_keys
from engine.persistence import chain
from engine.persistence.late import (
    Case,
    CaseLink,
    CaseParty,
    ClauseElement,
    SeatHolder,
    columns_of,
    exists,
    func,
    or_,
    select,
)
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

AT_ONCE = 8  # keys in one statement
NEWEST = 50  # cases of the same people that are looked through for an old quarrel
DECLINED = "declined"  # who did not want to is no enemy
SAME = ("duplicate_of", "merged_into")  # links by which a case goes on in another
_held = columns_of(SeatHolder).c
_case, _party, _link = columns_of(Case).c, columns_of(CaseParty).c, columns_of(CaseLink).c


def _one_of(column: Any, values: Sequence[Any]) -> Any:
    """A list of fixed length, as a statement that stands ready wants it."""
    return or_(*(column == value for value in values))


class _Seen(NamedTuple):
    case_id: int
    no: str


@statement(_Seen._make)
def _with(*, key: str, since: datetime, until: datetime, ref: str) -> ClauseElement:
    joined = exists().where(_link.case_id == _party.case_id, _one_of(_link.kind, SAME))
    return (
        select(_party.case_id, _party.no)
        .join_from(columns_of(CaseParty), columns_of(Case), _case.id == _party.case_id)
        .where(_party.key == key, _case.filed_at >= since, _case.filed_at < until, _case.ref != ref, ~joined)
    )


def goes_on_in(state: CaseState, links: Sequence[Any] | None = None) -> str | None:
    """The case in which a closed one goes on; ``links``: those of it that may be told."""
    known = state["links"] if links is None else links
    return next((link["ref"] for link in reversed(known) if link["kind"] in SAME), None)


def met(
    unit: Unit, parties: Sequence[PartyState], *, since: datetime, until: datetime, ref: str | None
) -> int:
    """Cases filed in that time, without this one, in which two of its parties of different sides were parties."""
    active = [party for party in parties if party["active"]]
    if len({party["role"] for party in active}) < 2:
        return 0
    seen = [(party["role"], _cases(unit, party, since, until, ref or "")) for party in active]
    found: set[int] = set()
    for index, (role, mine) in enumerate(seen):
        for other, theirs in seen[index + 1 :]:
            if role != other:
                found |= {case for case in mine.keys() & theirs.keys() if len(mine[case] | theirs[case]) > 1}
    return len(found)


def _cases(
    unit: Unit, party: PartyState, since: datetime, until: datetime, ref: str
) -> Mapping[int, set[str]]:
    """Case to the numbers under which the party stands in it."""
    found: dict[int, set[str]] = {}
    for key in party_keys(party):
        for row in unit.run(_with, key=key, since=since, until=until, ref=ref):
            found.setdefault(row.case_id, set()).add(row.no)
    return found


# ---- who knows these people ----------------------------------------------------------------------


class _Handled(NamedTuple):
    person: str
    cases: int
    newest: datetime


@statement(_Handled._make)
def _handled(
    *,
    k0: str,
    k1: str,
    k2: str,
    k3: str,
    k4: str,
    k5: str,
    k6: str,
    k7: str,
    until: datetime,
    ref: str,
    place: str | None,
) -> ClauseElement:
    keys = (k0, k1, k2, k3, k4, k5, k6, k7)
    cases = (
        select(_party.case_id)
        .join_from(columns_of(CaseParty), columns_of(Case), _case.id == _party.case_id)
        .where(_one_of(_party.key, keys), _case.ref != ref, _at(place))
        .distinct()
        .subquery()
    )
    return (
        select(_held.person, func.count(_held.case_id.distinct()), func.max(_held.since))
        .where(_held.case_id.in_(select(cases.c.case_id)), _held.accepted, _held.since <= until)
        .group_by(_held.person)
    )


def handled_before(
    unit: Unit, keys: Collection[str], on: date, *, ref: str | None = None, place: str | None = None
) -> dict[str, tuple[int, datetime]]:
    """Who holds a seat, accepted, in other cases of these people, open or closed: person to (in how many, since when
    in the newest). ``on``: what was taken after that day does not count. ``place``: only cases there; for keys of
    names, which people elsewhere have too."""
    until = datetime.combine(on, time.max, tzinfo=UTC)
    found: dict[str, tuple[int, datetime]] = {}
    for places in _by_eight(keys):
        for row in unit.run(_handled, **places, until=until, ref=ref or "", place=place):
            cases, newest = found.get(row.person, (0, row.newest))
            found[row.person] = cases + row.cases, max(newest, row.newest)
    return found


@statement(lambda cells: cells[0])
def _quarrels(
    *, k0: str, k1: str, k2: str, k3: str, k4: str, k5: str, k6: str, k7: str, ref: str, place: str | None
) -> ClauseElement:
    keys = (k0, k1, k2, k3, k4, k5, k6, k7)
    return (
        select(_case.body)
        .where(_case.id.in_(select(_party.case_id).where(_one_of(_party.key, keys))))
        .where(_case.ref != ref, _at(place), _case.body.like('%"barred":%'))
        .order_by(_case.id.desc())
        .limit(NEWEST)
    )


def fell_out(
    unit: Unit,
    keys: Collection[str],
    persons: Collection[str],
    *,
    ref: str | None = None,
    place: str | None = None,
) -> dict[str, str]:
    """Who of them had to leave a seat in another case of these people, and by what: ``recused`` where a party's
    challenge was upheld. Whoever declined by himself did not fall out with anybody. ``place`` as above."""
    found: dict[str, str] = {}
    for places in _by_eight(keys):
        for body in unit.run(_quarrels, **places, ref=ref or "", place=place):
            state: Any = chain.read(body)
            for barred in state.get("barred", {}).values():
                for person, why in barred.items():
                    if person in persons and why != DECLINED:
                        found.setdefault(person, why)
    return found


def _at(place: Any) -> Any:
    """In one place, or, without one, in any."""
    return _case.place == func.coalesce(place, _case.place)


def _by_eight(keys: Collection[str]) -> Iterator[dict[str, Any]]:
    """Places of one statement; those that are left over repeat the first."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        yield {f"k{n}": some[n] if n < len(some) else some[0] for n in range(AT_ONCE)}
