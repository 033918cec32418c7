"""Cases that a report may repeat: proposed with the reasons, never joined in silence.

Candidates are few and come by indexes: newest open cases of the type around that time, and of the same parties. What
the caller may not read of another case is left out before anything is compared.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from engine.domain.case import CaseState, PartyState
from engine.domain.display import span
from engine.domain.errors import Unavailable
from engine.domain.instant import from_text, to_text
from engine.domain.likeness import party_keys, person_key
from engine.domain.messages import text
from engine.domain.repeated import Likeness, Report, Term, Who, likeness, most_alike
from engine.domain.wording import pieces
from engine.machine.judge import state_title, who_title
from engine.machine.program import Program
from engine.persistence import chain
from engine.persistence.late import Case, CaseParty, ClauseElement, Place, columns_of, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.cover import cover
from engine.service.covered import Cover
from engine.service.hiding import hidden

WINDOW = timedelta(days=30)  # before and after, of reports from the same place
OF_PARTIES = timedelta(days=180)  # of those that name the same people
LOOKED_AT = 8  # candidates of each kind
NEWEST = 50  # cases of one party that are looked through for open ones
KEYS = 6  # parties of a mass dispute are not all asked for
KINDS = ("category", "kind")  # fields that say what kind of matter it is within its type


class _Near(NamedTuple):
    id: int
    definition: str
    body: str


_c, _p = columns_of(Case).c, columns_of(CaseParty).c


@statement(_Near._make)
def _nearby(*, case_type: str, place: str, since: datetime, until: datetime, ref: str) -> ClauseElement:
    return (
        select(_c.id, _c.definition, _c.body)
        .where(_c.case_type == case_type, _c.place == place, _c.filed_at >= since, _c.filed_at <= until)
        .where(_c.phase != "done", _c.ref != ref)
        .order_by(_c.filed_at.desc())
        .limit(LOOKED_AT)
    )


@statement(_Near._make)
def _of_party(*, key: str, since: datetime, ref: str) -> ClauseElement:
    newest = select(_p.case_id).where(_p.key == key).order_by(_p.case_id.desc()).limit(NEWEST).subquery()
    return (
        select(_c.id, _c.definition, _c.body)
        .where(_c.id.in_(select(newest.c.case_id)))
        .where(_c.phase != "done", _c.filed_at >= since, _c.ref != ref)
        .order_by(_c.id.desc())
        .limit(LOOKED_AT)
    )


@statement(lambda cells: cells[0])
def _parent(*, code: str) -> ClauseElement:
    place = columns_of(Place).c
    return select(place.parent).where(place.code == code).limit(1)


def similar(unit: Unit, caller: Caller, state: CaseState) -> list[dict[str, Any]]:
    """Open cases that this report, which the caller brings, may repeat; the likest first, with the reasons."""
    return _proposed(unit, caller, state, None)


def similar_cases(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """The same of a case that is on file: {ref, version, items, count, next, as_of}."""
    row = get_case(unit, caller, ref)
    items = _proposed(unit, caller, row.body, cover(unit, caller, row.body))
    return {
        "ref": row.ref,
        "version": row.version,
        "items": items,
        "count": len(items),
        "next": None,
        "as_of": to_text(caller.at),
    }


def _proposed(unit: Unit, caller: Caller, state: CaseState, seen: Cover | None) -> list[dict[str, Any]]:
    program = law.program(unit, state["definition"])
    parents: dict[str, str | None] = {}
    new = _report(unit, program, state, seen, parents)
    found: list[tuple[CaseState, Likeness]] = []
    for other in _candidates(unit, caller, state, new):
        try:
            own = law.program(unit, other["definition"])
        except Unavailable:  # a damaged store: what another case lacks keeps nobody from reporting
            continue
        report = _report(unit, own, other, cover(unit, caller, other), parents)
        found.append((other, likeness(new, report)))
    return [_told(unit, caller, program, other, alike) for other, alike in most_alike(found)]


def _candidates(unit: Unit, caller: Caller, state: CaseState, new: Report) -> Iterator[CaseState]:
    """Without those that are linked to it: what was joined, and what somebody found not to be the same."""
    at, ref = new.at, state["ref"]
    rows: dict[int, _Near] = {}
    near = unit.run(
        _nearby,
        case_type=state["case_type"],
        place=state["place"],
        since=at - WINDOW,
        until=at + WINDOW,
        ref=ref,
    )
    for row in near:
        rows[row.id] = row
    for key in _keys(new):
        for row in unit.run(_of_party, key=key, since=at - OF_PARTIES, ref=ref):
            rows.setdefault(row.id, row)
    linked = {link["ref"] for link in state["links"]}
    for row in rows.values():
        if not hidden(unit, caller, row.id, row.definition):
            other: CaseState = chain.read(row.body)
            if other["ref"] not in linked:
                yield other


def _keys(report: Report) -> Sequence[str]:
    """What parties and reporter are known by; of a known person the name adds nothing."""
    people = (*report.parties, *((report.reporter,) if report.reporter else ()))
    return list(dict.fromkeys(key for who in people if (key := who.known or who.named)))[:KEYS]


# ---- what is compared ----------------------------------------------------------------------------


def _report(
    unit: Unit, program: Program, state: CaseState, seen: Cover | None, parents: dict[str, str | None]
) -> Report:
    """As far as it is shown to the caller; ``seen`` None: he brings it himself."""
    place, reporter = state["place"], state.get("reporter")
    if place not in parents:
        parents[place] = unit.find(_parent, code=place)
    told = [
        p for p in state["parties"] if p["active"] and (seen is None or seen.reads("party", role=p["role"]))
    ]
    shown = reporter and (seen is None or seen.reads("reporter"))
    fields = program.definition.fields
    kinds = (n for n in KINDS if n in fields and (seen is None or seen.reads("field", role=n)))
    return Report(
        case_type=state["case_type"],
        place=place,
        at=from_text(state["filed_at"]),
        parent=parents[place],
        category=next((str(state["fields"][n]) for n in kinds if n in state["fields"]), None),
        parties=tuple(_who(party["role"], party) for party in told),
        reporter=_who("reporter", reporter) if reporter and shown else None,
        pieces=pieces(state["what"] if seen is None or not seen.whole else ""),
    )


def _who(role: str, party: PartyState | dict[str, Any]) -> Who:
    known, name = party.get("person"), party.get("name")
    named = next(party_keys({"name": name}), None) if name else None
    return Who(role, person_key(str(known)) if known else None, named)


# ---- in words ------------------------------------------------------------------------------------


def _told(unit: Unit, caller: Caller, program: Program, other: CaseState, alike: Likeness) -> dict[str, Any]:
    own = law.program(unit, other["definition"])
    terms = [
        {"term": term.name, "points": term.points, "text": _said(program, term, caller.lang)}
        for term in alike.terms
    ]
    state = other["states"]["main"]
    return {
        "ref": other["ref"],
        "type": other["case_type"],
        "state": state,
        "state_title": state_title(own, state, caller.lang),
        "filed_at": other["filed_at"],
        "points": alike.points,
        "terms": terms,
        "because": (";" if caller.lang == "zh" else "; ").join(str(one["text"]) for one in terms),
    }


def _said(program: Program, term: Term, lang: str) -> str:
    if term.name in ("party", "parties") and term.params["roles"]:
        titles = dict.fromkeys(who_title(program, role, lang) for role in term.params["roles"])
        return text(f"word.like_{term.name}_as", lang, roles=text("word.like_and", lang).join(titles))
    if term.name == "time":
        seconds = term.params["seconds"]
        if not seconds:
            return text("word.like_at_once", lang)
        return text("word.like_time", lang, length=span(seconds, lang))
    return text(f"word.like_{term.name}", lang, **term.params)
