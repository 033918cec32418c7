"""Who takes a seat: hard filters, then nearest, then least loaded; ties go to the longest idle, then by code.

Pure and independent of the order in which candidates are given: the same facts give the same pick.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.routing.candidate import Candidate, Considered, Excluded, Pick, Request

# Binding for the dispatcher's hand too; the others bind the engine only.
BINDING = frozenset({"away", "away_open", "related", "barred", "recused", "holds", "lacks_skill"})
TURNED_DOWN = ("recused", "declined")  # words of their own
UNDRAWN = BINDING | {"declined"}


def choose(request: Request, candidates: Iterable[Candidate]) -> Pick:
    """The engine's pick. An empty pool gives a pick without a person, never somebody unfit."""
    able: list[Candidate] = []
    out: list[Excluded] = []
    nearest = _nearest(candidates)
    conflict = any((c.related or c.person in request.barred) and not c.neighbour for c in nearest)
    for candidate in nearest:
        why = exclusion(request, candidate)
        if why is None and candidate.neighbour and not conflict:
            why = Excluded(candidate.person, "far", {"unit": candidate.unit})
        if why is None:
            able.append(candidate)
        else:
            out.append(why)
    able.sort(key=lambda c: _order(request, c))
    considered = tuple(_considered(request, c) for c in able)
    if not able:
        return Pick(request.seat, None, None, None, (), tuple(out), request.rule, request.on, "nobody")
    best = able[0]
    return Pick(
        request.seat,
        best.person,
        best.unit,
        considered[0].score,
        considered,
        tuple(out),
        request.rule,
        request.on,
        _reason(request, able),
    )


def able(request: Request, candidates: Iterable[Candidate]) -> tuple[list[str], list[Excluded]]:
    """Over whom a lot is drawn, by code, and who is left out: what binds a hand binds a lot, load does not."""
    nearest = _nearest(candidates)
    conflict = any((c.related or c.person in request.barred) and not c.neighbour for c in nearest)
    found, out = [], []
    for c in sorted(nearest, key=lambda c: c.person):
        why = next((Excluded(c.person, b, p) for b, p in _failures(request, c) if b in UNDRAWN), None)
        if why is None and c.neighbour and not conflict:
            why = Excluded(c.person, "far", {"unit": c.unit})
        if why is None:
            found.append(c.person)
        else:
            out.append(why)
    return found, out


def check(request: Request, person: str, candidates: Iterable[Candidate]) -> Reason | None:
    """Why a dispatcher may not put this person on the seat by hand (FM-R501), or None.

    The cap and the roster bind the engine only: a dispatcher may know better.
    """
    pool = _nearest(candidates)
    mine = next((c for c in pool if c.person == person), None)
    if mine is None:
        out: Excluded | None = Excluded(person, "not_appointed", {"roles": ", ".join(request.roles)})
    else:
        out = exclusion(request, mine, by_hand=True)
    if out is None:
        return None
    others = choose(request, [c for c in pool if c.person != person])
    params: dict[str, Any] = {"person": person, "seat": request.seat}
    for suffix, lang in (("", "en"), ("_zh", "zh")):
        params[f"because{suffix}"] = out.tell(lang)
        params[f"others{suffix}"] = _others(others.considered, lang)
    return Reason("FM-R501", params, "seat")


def by_hand(request: Request, person: str, candidates: Iterable[Candidate]) -> Pick:
    """The stored explanation of a hand pick: the same table, with the dispatcher's choice on top."""
    pool = list(candidates)
    engine = choose(request, pool)
    unit = next((c.unit for c in _nearest(pool) if c.person == person), None)
    score = next((c.score for c in engine.considered if c.person == person), None)
    return Pick(
        request.seat,
        person,
        unit,
        score,
        engine.considered,
        engine.excluded,
        "by-hand",
        request.on,
        "by_hand",
    )


def exclusion(request: Request, candidate: Candidate, *, by_hand: bool = False) -> Excluded | None:
    """The first hard filter that this candidate fails."""
    for because, params in _failures(request, candidate):
        if not by_hand or because in BINDING:
            return Excluded(candidate.person, because, params)
    return None


def _failures(request: Request, c: Candidate) -> Iterable[tuple[str, dict[str, Any]]]:
    if c.person in request.holders:
        yield "holds", {}
    if c.person in request.barred:
        why = request.barred[c.person]
        yield (why, {}) if why in TURNED_DOWN else ("barred", {"why": why})
    if c.related:
        yield "related", {"kind": c.related}
    if c.away and c.away_until:
        yield "away", {"until": c.away_until.isoformat()}
    elif c.away:
        yield "away_open", {}
    if not request.skills <= c.skills:
        yield "lacks_skill", {"skills": ", ".join(sorted(request.skills - c.skills))}
    if c.on_duty is False:
        yield "off_duty", {}
    if _load(request, c) >= c.cap:
        yield "over_cap", {"load": _load(request, c), "cap": c.cap}


def _nearest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One per person, the nearest appointment; sorted, so that the caller's order cannot matter."""
    best: dict[str, Candidate] = {}
    for c in sorted(candidates, key=lambda c: (c.neighbour, c.rank, c.unit, c.role, c.person)):
        best.setdefault(c.person, c)
    return sorted(best.values(), key=lambda c: (c.rank, c.person))


def _load(request: Request, c: Candidate) -> int:
    return c.load + request.added.get(c.person, 0)


def _order(request: Request, c: Candidate) -> tuple[Any, ...]:
    stays = request.continuity and c.continues
    return (_step(c), not stays, _load(request, c), c.idle_since, c.person)


def _step(c: Candidate) -> int:
    """Nearness with room for the neighbours between two ranks."""
    return 2 * c.rank + int(c.neighbour)


def _score(request: Request, c: Candidate) -> Fraction:
    """1 for the nearest unit and no load; load lowers it, but never below those of the next step."""
    top = Fraction(1, _step(c) + 1)
    floor = Fraction(1, _step(c) + 2)
    share = Fraction(_load(request, c), c.cap) if c.cap else Fraction(1)
    if request.continuity and c.continues:
        share = Fraction(0)
    return top - (top - floor) * min(share, Fraction(1))


def _considered(request: Request, c: Candidate) -> Considered:
    terms: dict[str, Any] = {
        "role": c.role,
        "unit": c.unit,
        "level": c.level,
        "rank": c.rank,
        "load": _load(request, c),
        "cap": c.cap,
        "idle_since": c.idle_since,
    }
    if c.neighbour:
        terms["neighbour"] = True
    if request.continuity:
        terms["continues"] = c.continues
    return Considered(c.person, f"{float(_score(request, c)):.3f}", terms)


def _reason(request: Request, able: Sequence[Candidate]) -> str:
    """The first criterion that set the best apart from the second."""
    if len(able) == 1:
        return "only"
    first, second = (_order(request, c) for c in able[:2])
    names = ("nearest", "continues", "least_load", "longest_idle", "code")
    return next(name for name, a, b in zip(names, first, second, strict=True) if a != b)


def _others(considered: Sequence[Considered], lang: str) -> str:
    if not considered:
        return text("word.out.others_none", lang)
    joint = text("word.out.joint", lang)
    listed = [text("word.out.other", lang, person=c.person, load=c.terms["load"]) for c in considered[:3]]
    return text("word.out.others", lang, list=joint.join(listed))
