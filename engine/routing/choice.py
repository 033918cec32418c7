"""Who takes a seat: hard filters, then whom parties chose, the nearest, the best score; ties go to the longest idle,
then by code.

Pure and independent of the order in which candidates are given: the same facts give the same pick.
"""

from collections.abc import Callable, Iterable, Sequence

from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.routing.candidate import Candidate, Considered, Excluded, Fallen, Pick, Request
from engine.routing.exclusion import (
    BINDING,
    UNDRAWN,
    conflicted,
    excluded,
    exclusion,
    failures,
    far,
)
from engine.routing.scoring import considered, order, points, step

__all__ = ["BINDING", "able", "by_hand", "check", "choose"]


def choose(request: Request, candidates: Iterable[Candidate]) -> Pick:
    """The engine's pick. An empty pool gives a pick without a person, never somebody unfit."""
    fit, out = sift(request, candidates)
    if not fit:
        return Pick(
            request.seat, None, None, None, (), tuple(out), request.rule, request.on, "nobody",
            _fallen(request, None, out),
        )  # fmt: skip
    told = tuple(considered(request, c) for c in fit)
    best = fit[0]
    return Pick(
        request.seat,
        best.person,
        best.unit,
        told[0].score,
        told,
        tuple(out),
        request.rule,
        request.on,
        _reason(request, fit),
        _fallen(request, best, out),
    )


def sift(request: Request, candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Excluded]]:
    """Those who can take it, the best first, and those who cannot."""
    fit: list[Candidate] = []
    out: list[Excluded] = []
    nearest = _nearest(request, candidates)
    conflict = _conflict(request, nearest)
    for candidate in nearest:
        why = exclusion(request, candidate)
        if why is None and candidate.neighbour and not conflict:
            why = far(request, candidate)
        if why is None:
            fit.append(candidate)
        else:
            out.append(why)
    return sorted(fit, key=lambda c: order(request, c)), out


def able(request: Request, candidates: Iterable[Candidate]) -> tuple[list[str], list[Excluded]]:
    """Over whom a lot is drawn, by code, and who is left out: what binds a hand binds a lot, load does not."""
    nearest = _nearest(request, candidates)
    conflict = _conflict(request, nearest)
    found, out = [], []
    for c in sorted(nearest, key=lambda c: c.person):
        why = next((excluded(request, c, b, p) for b, p in failures(request, c) if b in UNDRAWN), None)
        if why is None and c.neighbour and not conflict:
            why = far(request, c)
        if why is None:
            found.append(c.person)
        else:
            out.append(why)
    return found, out


def check(
    request: Request,
    person: str,
    candidates: Iterable[Candidate],
    say: Callable[[Excluded, str], str] = Excluded.tell,
) -> Reason | None:
    """Why a dispatcher may not put this person on the seat by hand (FM-R501), or None. ``say``: in whose words.

    The cap and the roster bind the engine only: a dispatcher may know better.
    """
    pool = _nearest(request, candidates)
    mine = next((c for c in pool if c.person == person), None)
    if mine is None:
        out: Excluded | None = Excluded(person, "not_appointed", {"roles": ", ".join(request.roles)})
    else:
        out = exclusion(request, mine, by_hand=True)
    if out is None:
        return None
    others = choose(request, [c for c in pool if c.person != person])
    params: dict[str, object] = {"person": person, "seat": request.seat, "excluded_by": out.because}
    for suffix, lang in (("", "en"), ("_zh", "zh")):
        params[f"because{suffix}"] = say(out, lang)
        params[f"others{suffix}"] = _others(others.considered, lang)
    return Reason("FM-R501", params, "seat")


def by_hand(request: Request, person: str, candidates: Iterable[Candidate]) -> Pick:
    """The stored explanation of a hand pick: the same table, with the dispatcher's choice on top."""
    pool = list(candidates)
    engine = choose(request, pool)
    unit = next((c.unit for c in _nearest(request, pool) if c.person == person), None)
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


def _conflict(request: Request, pool: Iterable[Candidate]) -> bool:
    """Neighbours are asked only where somebody nearer is barred by a conflict of interest."""
    return any(conflicted(request, c) and not c.neighbour for c in pool)


def _nearest(request: Request, candidates: Iterable[Candidate]) -> list[Candidate]:
    """One per person: of several appointments the nearest in which nothing is against him, else the nearest; sorted,
    so that the caller's order cannot matter."""
    best: dict[str, Candidate] = {}
    open_to: set[str] = set()
    for c in sorted(candidates, key=lambda c: (c.neighbour, c.rank, c.unit, c.role, c.person, c.instead_of)):
        if c.person not in best:
            best[c.person] = c
        elif c.person in open_to or exclusion(request, c) is not None:
            continue
        else:
            best[c.person] = c
        if exclusion(request, best[c.person]) is None:
            open_to.add(c.person)
    return sorted(best.values(), key=lambda c: (c.rank, c.person))


def _fallen(request: Request, best: Candidate | None, out: Sequence[Excluded]) -> tuple[Fallen, ...]:
    """The serving units nearer than the one that was picked from."""
    nearer = [s for s in request.steps if best is None or (2 * s.rank < step(best) and s.unit != best.unit)]
    told = []
    for _, unit, level in nearer:
        because = sorted({e.because for e in out if e.terms.get("unit") == unit})
        told.append(Fallen(unit, level, tuple(because) or ("nobody",)))
    return tuple(told)


_BY_TERM = {"load": "least_load", "skill": "fittest", "continuity": "continues", "conflict": "no_conflict"}


def _reason(request: Request, fit: Sequence[Candidate]) -> str:
    """The first criterion that set the best apart from the second; of a score the term that told most."""
    if len(fit) == 1:
        return "only"
    best, second = fit[:2]
    ahead = zip(order(request, best), order(request, second), strict=True)
    first = next(n for n, (a, b) in enumerate(ahead) if a != b)
    if first != 2:
        return ("chosen", "nearest", "", "longest_idle", "code")[first]
    mine, theirs = points(request, best), points(request, second)
    gain = {name: mine.get(name, 0) - theirs.get(name, 0) for name in _BY_TERM}
    return _BY_TERM[max(gain, key=lambda name: gain[name])]


def _others(told: Sequence[Considered], lang: str) -> str:
    if not told:
        return text("word.out.others_none", lang)
    joint = text("word.out.joint", lang)
    listed = [text("word.out.other", lang, person=c.person, load=c.terms["load"]) for c in told[:3]]
    rostered = all(c.terms.get("on_duty") for c in told)
    return text("word.out.others_on_duty" if rostered else "word.out.others", lang, list=joint.join(listed))
