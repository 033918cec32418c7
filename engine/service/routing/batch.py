"""Many seats at once: a waiting list is planned as a whole and carried out case by case.

The plan is read in one go; each case is then a command of its own, in a commit of its own, decided again by everything
that is asked of a single one. What somebody changed in between is told for its case and stops no other. A door that
carries a plan out binds the whole answer to the caller's key with :func:`finish`; what broke off half way is simply
asked for again, since cases that were assigned wait no more.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import case, select

from engine.definitions.outline import HANDLER_SEAT
from engine.domain.case import CaseState
from engine.domain.errors import Conflict, Reason
from engine.domain.instant import to_text
from engine.domain.messages import tell
from engine.machine.command import Command, Pick, SeatAsked, World
from engine.machine.draft import Draft
from engine.machine.program import Program
from engine.persistence import table
from engine.persistence.case_store import KeyWrite, find_key, write_key
from engine.persistence.unit import Unit
from engine.routing import load
from engine.routing.batch import plan
from engine.routing.candidate import Candidate, Excluded
from engine.routing.placed import Batch, Placed, Wanted
from engine.service import directory, law
from engine.service.acting import do_act, replayed
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.query import condition
from engine.service.routing import pool
from engine.service.routing.entitled import Entitled, against, seat_of
from engine.service.routing.seating import basis
from engine.service.routing.wording import Wording
from engine.service.seat import act_for, explained
from engine.service.world import gather, seating

LIMIT = 2000  # cases of one batch
_PORTION = 500  # parameters of one statement

_case, _seat, _relation = (
    table.columns_of(model) for model in (table.Case, table.SeatHolder, table.Relation)
)


@dataclass(frozen=True)
class Plan:
    """What would be done: ``batch`` by :mod:`engine.routing.batch`, ``refused`` by reference without a plan."""

    id: str
    seat: str
    batch: Batch
    versions: Mapping[str, int]
    asked: Mapping[str, Any]
    refused: Mapping[str, Reason] = field(default_factory=dict)
    more: bool = False
    left_out: int = 0  # cases that wait where the caller may not give them out

    def __len__(self) -> int:
        return len(self.batch.placed) + len(self.refused)


class _Waiting(NamedTuple):
    ref: str
    definition: str
    version: int
    risk: str | None
    filed_at: datetime
    body: CaseState


# ---- the plan -----------------------------------------------------------------------------------


def plan_batch(
    unit: Unit,
    caller: Caller,
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    refs: Sequence[str] = (),
    seat: str = HANDLER_SEAT,
) -> Plan:
    """Who would take which of the cases that wait for the seat: those of the filter, or those named.

    Of cases that were named it says why one is not planned: taken by now (FM-C050), done (FM-R540), for others to
    give out (FM-R101); of a list those of others are only counted. People are looked up once for each place, not for
    each case.
    """
    caller.name  # noqa: B018 - somebody must be named
    refused: dict[str, Reason] = {}
    given = dict(filter or {})
    if refs:
        given["refs"], refused = _waiting(unit, caller, refs, seat)
    rows, more, left_out = _rows(unit, caller, given, seat)
    gathered = _Gathered(unit, caller, seat)
    found = {row.ref: gathered.wanted(row) for row in rows}
    unplanned = {ref: why for ref, why in found.items() if isinstance(why, Reason)}
    others = {ref for ref, why in unplanned.items() if why.kind == "who" and not refs}
    refused |= {ref: why for ref, why in unplanned.items() if ref not in others}
    batch = plan(one for one in found.values() if isinstance(one, Wanted))
    versions = {row.ref: row.version for row in rows}
    made = [[p.wanted.ref, p.person] for p in batch.placed]
    asked = json.dumps([caller.person, to_text(caller.at), seat, made])
    return Plan(
        hashlib.sha256(asked.encode()).hexdigest()[:12], seat, batch, versions, gathered.asked, refused, more,
        left_out + len(others),
    )  # fmt: skip


def _rows(
    unit: Unit, caller: Caller, given: Mapping[str, Any], seat: str
) -> tuple[list[_Waiting], bool, int]:
    """The cases that wait, the heaviest and oldest first; whether more do; how many others have to give out. Cases
    that were named are all kept, so that each is told."""
    wanted = condition(unit, caller, {**given, "open": True})
    c = _case.c
    heavy = case(*[(c.risk == grade, weight) for grade, weight in load.WEIGHTS.items()], else_=load.UNGRADED)
    query = (
        select(c.id, c.definition, c.place, c.unit)
        .where(wanted, _empty(seat))
        .order_by(heavy.desc(), c.filed_at, c.id)
    )
    entitled = Entitled(unit, caller, seat)
    found = [(row["id"], entitled.at(row)) for row in unit.execute(query)]
    named = "refs" in given
    mine = [case_id for case_id, may in found if may or (named and may is False)]
    left_out = 0 if named else sum(may is False for _, may in found)
    return _read(unit, mine[:LIMIT]), len(mine) > LIMIT, left_out


def _read(unit: Unit, ids: Sequence[int]) -> list[_Waiting]:
    """Cases whole, in this order."""
    c = _case.c
    columns = (c.ref, c.definition, c.version, c.risk, c.filed_at, c.body)
    found: dict[int, _Waiting] = {}
    for i in range(0, len(ids), _PORTION):
        query = select(c.id, *columns).where(c.id.in_(ids[i : i + _PORTION]))
        for row in unit.execute(query):
            case_id = row.pop("id")
            found[case_id] = _Waiting(**{**row, "body": json.loads(row["body"])})
    return [found[case_id] for case_id in ids if case_id in found]


def _empty(seat: str) -> Any:
    if seat == HANDLER_SEAT:
        return _case.c.holder.is_(None)
    sits = select(_seat.c.case_id).where(_seat.c.case_id == _case.c.id, _seat.c.seat == seat)
    return ~sits.exists()


def _waiting(
    unit: Unit, caller: Caller, refs: Sequence[str], seat: str
) -> tuple[list[str], dict[str, Reason]]:
    """Of the cases that were named: those that wait, and why others do not."""
    whole = [get_case(unit, caller, ref) for ref in dict.fromkeys(refs)]
    refused = {row.ref: why for row in whole if (why := _no_more(row.body, row.phase, row.ref, seat))}
    return [row.ref for row in whole if row.ref not in refused], refused


def _no_more(state: CaseState, phase: str, ref: str, seat: str) -> Reason | None:
    held = state["seats"].get(seat, ())
    if phase == "done":
        return Reason("FM-R540", {"ref": ref}, "guard")
    if held:
        about = {"ref": ref, "seat": seat, "person": held[0]["person"], "at": held[0]["since"]}
        return Reason("FM-C050", about, "conflict")
    return None


@dataclass
class _Gathered:
    """Requests and candidates. Cases at one place share their candidates, but for conflicts of interest."""

    unit: Unit
    caller: Caller
    seat: str
    asked: dict[str, Any] = field(default_factory=dict)  # by reference: what the rules want and who is there
    _shared: dict[Any, list[Candidate]] = field(default_factory=dict)

    def wanted(self, row: _Waiting) -> Wanted | Reason | None:
        """None where the case type has no such seat, a reason where the rules give no answer."""
        program = law.program(self.unit, row.definition)
        name = seat_of(program, self.seat)
        if name is None:
            return None
        found = self._weighed(program, row, name)
        if isinstance(found, Reason):
            return found
        if found.against is not None:
            return cast(Reason, found.against)
        self.asked[row.ref] = found
        weight = found.ruling.weight or load.weight(row.risk)
        return Wanted(row.ref, found.request, found.pool, weight, to_text(row.filed_at))

    def _weighed(self, program: Program, row: _Waiting, seat: str) -> Any:
        """As the act that fills the seat would find it; a reason where that act is for others."""
        act = act_for(program, row.body, seat, auto=True)
        name = self.caller.name
        command = Command(act, self.caller.at, name, name, self.caller.identity, auto=True)
        world = gather(self.unit, self.caller, program, row.body, command)
        draft = Draft(program, row.body, world, row.version)
        draft.begin_facts(act, command)
        if (others := against(draft, act, name)) is not None:
            return others
        seats = seating(self.unit, program, row.body)
        seats.find = self._find
        return seats.weighed(draft.asked(seat, vacant=seat == HANDLER_SEAT))

    def _find(
        self,
        unit: Unit,
        roles: Sequence[str],
        near: directory.Around,
        *,
        parties: Collection[str] = (),
        barred: Collection[str] = (),
        **more: Any,
    ) -> list[Candidate]:
        """The people of a place, looked up once; anew only for a case that somebody's interest or past touches."""
        key = (tuple(roles), near.on, tuple((s.unit.code, s.rank) for s in near.serving))
        if key not in self._shared:
            self._shared[key] = pool.candidates(unit, roles, near)
        shared = self._shared[key]
        people = {c.person for c in shared}
        if more or people & set(barred) or self._bars(parties, people, near.on):
            return pool.candidates(unit, roles, near, parties=parties, barred=barred, **more)
        return shared

    def _bars(self, parties: Collection[str], people: set[str], on: date) -> bool:
        if not parties or people & set(parties):
            return bool(parties)
        c = _relation.c
        related = select(c.person).where(c.other.in_(list(parties)), directory.valid(c, on))
        return any(row["person"] in people for row in self.unit.execute(related))


# ---- carried out, case by case ------------------------------------------------------------------


def assign_planned(
    unit: Unit,
    caller: Caller,
    *,
    made: Plan,
    placed: Placed,
    reason: str | None = None,
    key: str | None = None,
) -> Answer:
    """One case of a plan. FM-C001 if it changed since, FM-C052 if the person cannot take it any more."""
    row = get_case(unit, caller, placed.wanted.ref)
    program = law.program(unit, row.definition)
    name = placed.wanted.request.seat
    answer = do_act(
        unit, caller, ref=row.ref, act=act_for(program, row.body, name, auto=True), auto=True, reason=reason,
        key=key, if_version=made.versions[row.ref], around=lambda world: _decided(world, made, placed),
    )  # fmt: skip
    return {**answer, **explained(answer, name, Wording(program, law.vocabulary(unit), caller.lang))}


def _decided(world: World, made: Plan, placed: Placed) -> World:
    """A world whose own choice is the plan's, if it still finds the person fit."""

    def pick(asked: SeatAsked) -> Pick:
        now = world.pick(asked)
        if asked.seat != placed.wanted.request.seat or now.against is not None:
            return now
        if placed.person not in [c["person"] for c in now.decision["candidates"]]:
            raise Conflict("FM-C052", kind="conflict", **_lost(now, placed))
        return Pick(placed.person, decision_of(made, placed), now.weight, now.acknowledge, now.grace)

    return replace(world, pick=pick)


def _lost(now: Pick, placed: Placed) -> dict[str, Any]:
    out = next((e for e in now.decision["excluded"] if e["person"] == placed.person), None)
    why = Excluded(placed.person or "", out["because"], out["params"]) if out else None
    told = {name: why.tell(lang) if why else "-" for name, lang in (("because", "en"), ("because_zh", "zh"))}
    return {"ref": placed.wanted.ref, "person": placed.person, **told}


def decision_of(made: Plan, placed: Placed) -> dict[str, Any]:
    """As stored with the event. Load that the others of the batch put on people is in the candidates' load, so that
    the choice is made again from this decision alone."""
    return {
        "by": "engine",
        **placed.pick().to_json(),
        **basis(made.asked[placed.wanted.ref]),
        "batch": {
            "id": made.id,
            "size": len(made.batch.placed),
            "choice": placed.rank,
            "cost": placed.cost,
            "alone": placed.instead,
        },
    }


# ---- told ---------------------------------------------------------------------------------------


def results(made: Plan) -> Iterator[tuple[str, Placed | Reason]]:
    """Every case with what is to be done about it: a plan to carry out, or why there is none."""
    yield from made.refused.items()
    for placed in made.batch.placed:
        refusal = placed.pick().refusal if placed.person is None else None
        yield placed.wanted.ref, refusal or placed


def done(placed: Placed, answer: Answer) -> Answer:
    """One case that was assigned."""
    return {
        "ref": placed.wanted.ref,
        "person": placed.person,
        "unit": next((c.unit for c in placed.wanted.candidates if c.person == placed.person), None),
        "score": (answer["assignment"] or {}).get("score"),
        "choice": placed.rank,
        "cost": placed.cost,
        "one_by_one": placed.instead,
        "version": answer["case"]["version"],
    }


def not_done(ref: str, reasons: Sequence[Reason], lang: str) -> Answer:
    """One case that stays as it is, with why."""
    told = [{**reason.to_json(), "text": tell(reason, lang)} for reason in reasons]
    return {
        "ref": ref,
        "person": None,
        "problem": {"code": told[0]["code"], "text": told[0]["text"], "reasons": told},
    }


def report(made: Plan, told: Sequence[Answer], caller: Caller) -> Answer:
    """{batch, seat, results[], count, assigned, failed, gain{cost, one_by_one, saved, better, worse, left, ..}, more, left_out}.

    ``saved``: whole hundredths less distance and load than picking one by one; null where that seats fewer.
    """
    batch = made.batch
    assigned = sum("problem" not in one for one in told)
    return {
        "batch": made.id,
        "seat": made.seat,
        "results": list(told),
        "count": len(told),
        "assigned": assigned,
        "failed": len(told) - assigned,
        "gain": {
            "cost": batch.cost,
            "one_by_one": batch.one_by_one,
            "saved": batch.saved,
            "better": batch.better,
            "worse": batch.worse,
            "left": batch.left,
            "left_one_by_one": batch.left_one_by_one,
        },
        "more": made.more,
        "left_out": made.left_out,
        "as_of": to_text(caller.at),
    }


# ---- once ---------------------------------------------------------------------------------------


def digest_of(caller: Caller, **asked: Any) -> str:
    told = json.dumps([caller.person, asked], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def first_answer(unit: Unit, caller: Caller, *, key: str | None, digest: str) -> Answer | None:
    """What this request was answered before; FM-C002 where the key belongs to another one."""
    held = find_key(unit, key) if key else None
    return replayed(held.key, held.digest, held.answer, held.at, digest) if held else None


def finish(unit: Unit, caller: Caller, *, key: str, digest: str, answer: Answer) -> Answer:
    """Binds the answer of a batch that was carried out."""
    if find_key(unit, key) is None:
        write_key(unit, KeyWrite(key, digest, answer, caller.at))
    return answer
