"""A decision as plain data, and the request and the candidates it was made from, made again of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.routing.candidate import NEAREST, USUAL_SCORES, Candidate, Request, Step

Told = dict[str, Any]
_FLAGS = ("neighbour", "continues", "away")
_WORDS = ("related", "conflict", "instead_of", "sex")
_SETS = ("skills", "languages")


def facts_of(request: Request, c: Candidate) -> Told:
    """What is known of a candidate; what is usual is not written."""
    told: Told = {
        "role": c.role,
        "unit": c.unit,
        "level": c.level,
        "rank": c.rank,
        "load": c.load + request.added.get(c.person, 0),
        "cap": c.cap,
        "idle_since": c.idle_since,
    }
    told.update((name, True) for name in _FLAGS if getattr(c, name))
    told.update((name, getattr(c, name)) for name in _WORDS if getattr(c, name))
    told.update((name, sorted(getattr(c, name))) for name in _SETS if getattr(c, name))
    if c.away_until is not None:
        told["away_until"] = c.away_until.isoformat()
    if c.on_duty is not None:
        told["on_duty"] = c.on_duty
    return told


def candidate_of(person: str, told: Mapping[str, Any]) -> Candidate:
    until = told.get("away_until")
    return Candidate(
        person=person,
        role=told["role"],
        unit=told["unit"],
        level=told["level"],
        rank=told["rank"],
        load=told["load"],
        capacity=told["cap"],
        idle_since=told["idle_since"],
        away_until=date.fromisoformat(until) if until else None,
        on_duty=told.get("on_duty"),
        neighbour=told.get("neighbour", False),
        continues=told.get("continues", False),
        away=told.get("away", False),
        related=told.get("related", ""),
        conflict=told.get("conflict", ""),
        instead_of=told.get("instead_of", ""),
        sex=told.get("sex"),
        skills=frozenset(told.get("skills", ())),
        languages=frozenset(told.get("languages", ())),
    )


def asked(request: Request) -> Told:
    """What was wanted, as it stands in the decision; what is usual is not written. Load handed out before in the
    same batch is in the candidates' load."""
    told: Told = {"roles": list(request.roles)}
    for name in ("skills", "holders", "languages", "topics", "chosen"):
        if getattr(request, name):
            told[name] = sorted(getattr(request, name))
    for name in ("wanted", "levels"):
        if getattr(request, name):
            told[name] = list(getattr(request, name))
    if request.barred:
        told["barred"] = dict(request.barred)
    if request.sex is not None:
        told["sex"] = request.sex
    if request.scores != USUAL_SCORES:
        told["scores"] = dict(request.scores)
    if request.steps:
        told["steps"] = [list(step) for step in request.steps]
    return told


def request_of(decision: Mapping[str, Any]) -> Request:
    """The request of a stored decision."""
    told = decision["asked"]
    return Request(
        seat=decision["seat"],
        roles=tuple(told["roles"]),
        on=date.fromisoformat(decision["on"]),
        rule=decision.get("asked_by", decision["rule"] if decision["rule"] != "by-hand" else NEAREST),
        barred=dict(told.get("barred", {})),
        wanted=tuple(told.get("wanted", ())),
        levels=tuple(told.get("levels", ())),
        sex=told.get("sex"),
        scores=told.get("scores", USUAL_SCORES),
        steps=tuple(Step(*step) for step in told.get("steps", ())),
        skills=frozenset(told.get("skills", ())),
        holders=frozenset(told.get("holders", ())),
        languages=frozenset(told.get("languages", ())),
        topics=frozenset(told.get("topics", ())),
        chosen=frozenset(told.get("chosen", ())),
    )


def candidates_of(decision: Mapping[str, Any]) -> list[Candidate]:
    """Everyone who was considered or left out."""
    pool = [*decision.get("candidates", ()), *decision.get("excluded", ())]
    return [candidate_of(one["person"], one["terms"]) for one in pool if "terms" in one]


def replayable(decision: Mapping[str, Any]) -> bool:
    """Whether the decision kept what it was made from; those of earlier programs did not."""
    return "asked" in decision and all("terms" in out for out in decision.get("excluded", ()))
