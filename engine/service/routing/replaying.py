"""Past decisions on seats made again: from what each kept, to see that it holds; under other tables, to see what they
would change. Nothing is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, cast

from engine.domain.case import CaseState
from engine.domain.errors import NotFound, UsageError
from engine.domain.instant import from_text, to_text
from engine.machine.command import Command, SeatAsked
from engine.machine.draft import Draft
from engine.machine.fold import apply
from engine.machine.program import Program
from engine.persistence.case_store import history
from engine.persistence.late import Case, ClauseElement, SeatPick, columns_of, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit
from engine.routing.candidate import Candidate, Request
from engine.routing.choice import choose
from engine.routing.stored import candidates_of, replayable, request_of
from engine.routing.table import Routing, Ruling, Unruled
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.definition_check import refuse_unsound
from engine.service.hiding import hidden
from engine.service.routing import current, tables
from engine.service.today import ZONE
from engine.service.world import gather, seating

Told = dict[str, Any]
Progress = Callable[[int], None]
ENGINE = "engine"
_WAITING = {"acknowledge", "grace"}
BATCH = "batch"  # reason of a pick that only the others of its batch explain
_pick, _case = columns_of(SeatPick).c, columns_of(Case).c


class _Made(NamedTuple):
    """Where a decision stands."""

    case_id: int
    seq: int
    n: int
    ref: str
    definition: str


@statement(_Made._make)
def _of_case(*, case_id: int) -> ClauseElement:
    wanted = select(_pick.case_id, _pick.seq, _pick.n, _case.ref, _case.definition)
    here = (_pick.case_id == case_id, _case.id == _pick.case_id, _pick.picked_by == ENGINE)
    return wanted.where(*here).order_by(_pick.seq, _pick.n)


@statement(_Made._make)
def _between(*, since: datetime, until: datetime) -> ClauseElement:
    wanted = select(_pick.case_id, _pick.seq, _pick.n, _case.ref, _case.definition)
    here = (_pick.at >= since, _pick.at < until, _case.id == _pick.case_id, _pick.picked_by == ENGINE)
    return wanted.where(*here).order_by(_pick.at, _pick.case_id, _pick.seq, _pick.n)


@statement(_Made._make)
def _latest(*, limit: int) -> ClauseElement:
    wanted = select(_pick.case_id, _pick.seq, _pick.n, _case.ref, _case.definition)
    here = (_case.id == _pick.case_id, _pick.picked_by == ENGINE)
    newest = (_pick.at.desc(), _pick.case_id, _pick.seq, _pick.n)
    return wanted.where(*here).order_by(*newest).limit(cast(Any, limit))


def size(
    unit: Unit,
    caller: Caller,
    *,
    ref: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Answer:
    """How many decisions of the engine there are to look at: {decisions}."""
    return {"decisions": len(_places(unit, caller, ref, since, until))}


def replay(
    unit: Unit,
    caller: Caller,
    *,
    ref: str | None = None,
    since: date | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Every decision of the engine on a case, or between two days, made again: the pick from what it kept, and the
    ruling by the tables that it names on the facts of the case as they stood.

    {decisions, same, differs[{ref, seq, seat, then, now}], untold, no_ruling, holds}: ``differs`` names those that
    would give another pick or another ruling, which never happens to a store that is whole; ``untold`` are of programs
    that kept too little; of ``no_ruling`` the pick is the same, and no ruling was kept to compare, or not its facts.
    """
    counts, differs = {"same": 0, "untold": 0, "no_ruling": 0}, []
    for number, (made, change, before) in enumerate(_decisions(unit, caller, ref, since, until), 1):
        told = _again(change)
        ruled = _ruled_again(unit, caller, made, change, before) if told == {} else told
        if told is None:
            counts["untold"] += 1
        elif ruled is None:
            counts["no_ruling"] += 1
        elif ruled:
            differs.append({**_where(made, change), **ruled})
        else:
            counts["same"] += 1
        if progress is not None:
            progress(number)
    total = sum(counts.values()) + len(differs)
    held = {"holds": not differs, "as_of": to_text(caller.at)}
    return {"decisions": total, **counts, "differs": differs, **held}


def differing(unit: Unit, caller: Caller, *, newest: int | None = None) -> Iterator[Told]:
    """Decisions that would be others, of all or of the newest; a history that cannot be followed is left to those
    who look for that."""
    every = newest is None
    for made in _places(unit, caller, None, None, None) if every else unit.run(_latest, limit=newest or 0):
        try:
            change, _ = _found(unit, made)
            told = _again(change)
        except Exception:  # noqa: S112 - damaged by hand in any way; the check of the histories names the place
            continue
        if told:
            yield {**_where(made, change), **told}


def try_table(
    unit: Unit,
    caller: Caller,
    *,
    routing: Routing,
    since: date,
    until: date | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Every decision of the engine since a day on cases of the table's type, as it would be under this table.

    {table, decisions, same, other_rule, differs[{ref, seq, seat, then, now, load_unknown[]}], untold}: each that
    differs with who was picked by which rule then and would be now; ``other_rule`` of the same have the same person by
    another rule. The people are those of the day, with the load they had; of somebody who was not weighed then nobody knows
    the load, so it counts as none (``load_unknown``).
    """
    same, other_rule, differs, untold = 0, 0, [], 0
    for number, (made, change, before) in enumerate(
        _decisions(unit, caller, None, since, until, routing.case_type), 1
    ):
        told = _under(unit, caller, made, change, before, routing)
        if told is None:
            untold += 1
        elif told["now"]["person"] == change.get("person"):
            same += 1
            other_rule += told["now"]["rule"] != told["then"]["rule"]
        else:
            differs.append({**_where(made, change), **told})
        if progress is not None:
            progress(number)
    total = same + untold + len(differs)
    about = {"case_type": routing.case_type, "version": routing.version, "hash": routing.digest}
    counts = {"decisions": total, "same": same, "other_rule": other_rule, "untold": untold}
    return {"table": about, **counts, "differs": differs, "as_of": to_text(caller.at)}


def try_text(
    unit: Unit,
    caller: Caller,
    *,
    text: str,
    file: str = "routing.yaml",
    since: date,
    until: date | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Answer:
    """The same for a text, sound for its case type as it is in force today; every error is told where it is not.
    ``limit``: how many of those that differ are listed; ``count`` has all."""
    loaded = tables.read(unit, caller, text=text, name=file)
    refuse_unsound(loaded.findings)
    if loaded.routing is None:
        raise ValueError("a text gave neither tables nor an error")
    tried = try_table(unit, caller, routing=loaded.routing, since=since, until=until, progress=progress)
    return {**tried, "count": len(tried["differs"]), "differs": tried["differs"][:limit]}


# ---- the decisions ------------------------------------------------------------------------------------

Before = tuple[CaseState, Mapping[str, Any]]  # the case as it stood when the seat was filled, and the event


def _decisions(
    unit: Unit,
    caller: Caller,
    ref: str | None,
    since: date | None,
    until: date | None,
    case_type: str | None = None,
) -> Iterator[tuple[_Made, Told, Before]]:
    for made in _places(unit, caller, ref, since, until):
        if ref is None and hidden(unit, caller, made.case_id, made.definition):
            continue
        if case_type is not None and law.program(unit, made.definition).definition.case_type != case_type:
            continue
        yield made, *_found(unit, made)


def _found(unit: Unit, made: _Made) -> tuple[Told, Before]:
    """The change that states a decision. FM-N025 where the history holds none there."""
    state: dict[str, Any] = {}
    for held in history(unit, made.case_id, limit=made.seq):
        found = _apply(state, held.event, made.n if held.seq == made.seq else None)
        if found is not None:
            return found, (cast(CaseState, state), held.event)
    raise NotFound("FM-N025", ref=made.ref)


def _places(
    unit: Unit, caller: Caller, ref: str | None, since: date | None, until: date | None
) -> list[_Made]:
    if ref is not None:
        return unit.run(_of_case, case_id=get_case(unit, caller, ref).id)
    if since is not None and until is not None and since > until:
        raise UsageError("FM-U411", kind="usage", since=since.isoformat(), until=until.isoformat())
    first = datetime.combine(since or date(1970, 1, 1), time(), ZONE)
    last = datetime.combine((until or date(9998, 12, 30)) + timedelta(days=1), time(), ZONE)
    return unit.run(_between, since=first, until=last)


def _apply(state: dict[str, Any], event: Mapping[str, Any], n: int | None) -> Told | None:
    """Brings the state up to the n-th decision of the event, which is given back; without one over the event."""
    number = 0
    for change in event["changes"]:
        if "decision" in change:
            if number == n:
                found: Told = change
                return found
            number += 1
        apply(cast(CaseState, state), change, event["at"], event["actor"])
    if n is not None:
        raise NotFound("FM-N025", ref=str(state.get("ref", "")))
    return None


# ---- again --------------------------------------------------------------------------------------------


def _again(change: Told) -> Told | None:
    """What differs: nothing in a store that is whole. None where too little was kept."""
    decision = change["decision"]
    if decision.get("reason") == "unruled":
        return {}
    if not replayable(decision):
        return None
    request, pool = request_of(decision), candidates_of(decision)
    now = choose(request, pool)
    if now.person == change.get("person") and now.to_json() == {
        name: decision[name] for name in now.to_json() if name in decision
    }:
        return {}
    if decision.get("reason") == BATCH and change.get("person") in [c.person for c in now.considered]:
        return {}  # two were equal but for rounding, and the sum over the whole batch decided
    return {"then": _short(decision, change), "now": _picked(now.person, now.rule, now.reason, now.score)}


def _ruled_again(unit: Unit, caller: Caller, made: _Made, change: Told, before: Before) -> Told | None:
    """What the tables that a decision names say now of the facts it was made from, if it is something else. None where
    the decision keeps no ruling, or what it read was purged. How long an answer may take is left out: whether a
    seat waits for one is the workflow's own word."""
    decision, seat = change["decision"], change["seat"]
    digest, ruling = decision.get("table", {}).get("hash"), decision.get("ruling")
    program = law.program(unit, made.definition)
    routing = current.compiled(unit, digest, program) if digest and ruling else None
    bound = routing.seats.get(seat) if routing is not None else None
    if routing is None or ruling is None or bound is None or (bound.columns and "inputs" not in ruling):
        return None
    said = routing.ruling(seat, _stood(unit, caller, program, before).asked(seat).facts)
    then = {"rule": decision.get("rule"), **ruling}
    if isinstance(said, Unruled):
        about = {"code": said.reason.code, "params": dict(said.reason.params)}
        return {
            "then": _short(decision, change),
            "now": {**_picked(None, None, "unruled", None), "against": about},
        }
    now = said.to_json()
    if all(then.get(name) == now.get(name) for name in (then.keys() | now.keys()) - _WAITING):
        return {}
    return {"then": _short(decision, change), "now": _picked(None, said.rule, "ruled", None)}


def _under(
    unit: Unit, caller: Caller, made: _Made, change: Told, before: Before, routing: Routing
) -> Told | None:
    decision = change["decision"]
    if decision.get("reason") != "unruled" and not replayable(decision):
        return None
    program = law.program(unit, made.definition)
    draft = _stood(unit, caller, program, before)
    asked = draft.asked(change["seat"])
    said = routing.ruling(change["seat"], asked.facts)
    if isinstance(said, Unruled):
        about = {"code": said.reason.code, "params": dict(said.reason.params)}
        now: Told = {**_picked(None, None, "unruled", None), "against": about}
        return {"then": _short(decision, change), "now": now, "load_unknown": []}
    request, pool, new = _people(unit, program, asked, decision, said, routing)
    pick = choose(request, pool)
    told = _picked(pick.person, pick.rule, pick.reason, pick.score)
    unknown = sorted(new & {c.person for c in pick.considered})
    return {"then": _short(decision, change), "now": told, "load_unknown": unknown}


def _stood(unit: Unit, caller: Caller, program: Program, before: Before) -> Draft:
    """The case as it stood when the seat was to be filled, with the facts of that moment."""
    state, event = before
    at = from_text(event["at"])
    command = Command(event["act"], at, event["actor"], event["entered_by"], event["identity"])
    world = gather(unit, replace(caller, now=at), program, state, command)
    draft = Draft(program, state, world, event["seq"] - 1)
    draft.begin_facts(event["act"], command)
    return draft


def _people(
    unit: Unit,
    program: Program,
    asked: SeatAsked,
    decision: Mapping[str, Any],
    said: Ruling,
    routing: Routing,
) -> tuple[Request, list[Candidate], set[str]]:
    """Those weighed then as they were, in the appointments that the table asks among, and whoever it asks for
    besides, without a load."""
    request, there = seating(unit, program, asked.state).people(asked, said, routing.scores)
    then = {c.person: c for c in candidates_of(decision)} if replayable(decision) else {}
    new = {one.person for one in there} - then.keys()
    if then and decision.get("ruling", {}).get("function") == said.function:
        # among the same units: everybody as he was weighed then, a substitute as the absent's
        pool = [*then.values(), *(_as_then(one, None) for one in there if one.person in new)]
    else:
        pool = [_as_then(one, then.get(one.person)) for one in there]
    return request, pool, new


def _as_then(one: Candidate, known: Candidate | None) -> Candidate:
    if known is None:
        return replace(one, load=0, idle_since="")
    if (one.role, one.unit) == (known.role, known.unit):
        return replace(known, rank=one.rank, neighbour=one.neighbour)
    return replace(
        known, role=one.role, unit=one.unit, level=one.level, rank=one.rank, neighbour=one.neighbour,
        capacity=one.capacity, skills=one.skills, instead_of=one.instead_of,
    )  # fmt: skip


# ---- told ---------------------------------------------------------------------------------------------


def _where(made: _Made, change: Told) -> Told:
    return {"ref": made.ref, "seq": made.seq, "seat": change["seat"]}


def _short(decision: Mapping[str, Any], change: Told) -> Told:
    return _picked(change.get("person"), decision.get("rule"), decision.get("reason"), decision.get("score"))


def _picked(person: str | None, rule: str | None, reason: str | None, score: str | None) -> Told:
    return {"person": person, "rule": rule, "reason": reason, "score": score}
