"""Who may take a seat and who takes it: what the rules ask, who is there, the pick with all that explains it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.definitions.outline import Outline
from engine.domain.case import CaseState
from engine.domain.errors import Reason
from engine.domain.likeness import name_key, person_key
from engine.machine.command import Pick, Pool, SeatAsked
from engine.machine.judge import fact_title
from engine.machine.program import Program
from engine.persistence.unit import Unit
from engine.service import directory
from engine.service.routing import current

if TYPE_CHECKING:
    from engine.routing.candidate import Candidate, Excluded, Request
    from engine.routing.table import Ruling

Near = Callable[[datetime, str | None], directory.Around]
Find = Callable[..., "list[Candidate]"]
CATEGORY = "category"  # the field whose options are skills as well


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is wanted of whoever takes the seat, and who is there. ``against``: why the rules give no answer."""

    request: "Request"
    pool: "list[Candidate]"
    ruling: "Ruling"
    table: Mapping[str, str] | None
    against: Reason | None


class Seating:
    """The seats of one case in one unit of work. Weighing people is loaded when a seat is asked for."""

    def __init__(
        self, unit: Unit, program: Program, near: Near, parties: Callable[[], Sequence[str]]
    ) -> None:
        self.unit, self.program, self.near, self.parties = unit, program, near, parties
        self.find: Find | None = None  # who is there; asked of the store unless somebody has looked for many
        self._last: tuple[SeatAsked, _Asked] | None = None

    def eligible(self, asked: SeatAsked, person: str) -> Sequence[Reason]:
        from engine.routing import choice

        found = self._of(asked)
        against = choice.check(self._by_hand(asked, found.request), person, found.pool, self._say)
        if against is None:
            return []
        title = fact_title(self.program, asked.seat, "zh")
        return [replace(against, params={**against.params, "seat_zh": title})]

    def _say(self, out: "Excluded", lang: str) -> str:
        from engine.service import law
        from engine.service.routing.wording import Wording

        return str(Wording(self.program, law.vocabulary(self.unit), lang).out(out.to_json())["text"])

    def pick(self, asked: SeatAsked) -> Pick:
        from engine.routing import choice

        found = self._of(asked)
        if found.against is not None:
            told = {"considered": 0, "excluded": [], "candidates": [], "summary": "", "summary_zh": ""}
            about = {"code": found.against.code, "params": dict(found.against.params)}
            told |= {"reason": "unruled", "against": about, "rule": None, "on": found.request.on.isoformat()}
            return Pick(None, {"by": "engine", "seat": asked.seat, **told}, against=found.against)
        chosen = choice.choose(found.request, found.pool)
        decision: dict[str, Any] = {"by": "engine", **chosen.to_json(), **_basis(found)}
        if chosen.refusal is not None:
            decision |= dict(chosen.refusal.params)
        return Pick(
            chosen.person, decision, found.ruling.weight, found.ruling.acknowledge, found.ruling.grace
        )

    def pool(self, asked: SeatAsked) -> Pool:
        """Over whom a lot is drawn."""
        from engine.routing import choice

        found = self._of(asked)
        able, out = choice.able(found.request, found.pool)
        return Pool(tuple(able), tuple(excluded.to_json() for excluded in out))

    def by_hand(self, asked: SeatAsked, person: str) -> Pick:
        """A named person, with what the engine would have weighed beside."""
        from engine.routing import choice

        found = self._of(asked)
        chosen = choice.by_hand(self._by_hand(asked, found.request), person, found.pool)
        decision = {"by": "hand", **chosen.to_json(), "asked_by": found.request.rule, **_basis(found)}
        return Pick(person, decision, found.ruling.weight, found.ruling.acknowledge, found.ruling.grace)

    def _by_hand(self, asked: SeatAsked, request: "Request") -> "Request":
        """For a hand: whoever sits there already is told by the seat itself, to decline once is not for ever, and
        where a guard of the act tells better why the person it is about may not, the guard tells it."""
        let = {"declined", "unanswered"}
        if _judged(self.program, asked.act):
            let.add("complained_of")
        barred = {person: why for person, why in request.barred.items() if why not in let}
        return replace(request, holders=frozenset(), barred=barred)

    def _of(self, asked: SeatAsked) -> _Asked:
        """Asked once for a seat: whoever is checked and then put there is weighed against the same people."""
        if self._last is None or self._last[0] is not asked:
            self._last = (asked, self._ask(asked))
        return self._last[1]

    def _ask(self, asked: SeatAsked) -> _Asked:
        ruling, table, scores, against = self._ruled(asked)
        request, pool = self.people(asked, ruling, scores)
        return _Asked(request, pool, ruling, table, against)

    def weighed(self, asked: SeatAsked) -> _Asked:
        """What is wanted and who is there, before anybody is picked."""
        return self._of(asked)

    def people(
        self, asked: SeatAsked, ruling: "Ruling", scores: Mapping[str, int]
    ) -> "tuple[Request, list[Candidate]]":
        """What a ruling asks for, and everybody who is appointed there."""
        from engine.routing.candidate import USUAL_SCORES, Request, Step
        from engine.service.routing import pool

        near = self.near(asked.at, ruling.function)
        barred = _barred(self.program.outline, asked.state, asked.seat)
        request = Request(
            seat=asked.seat,
            roles=asked.spec.of,
            on=near.on,
            rule=ruling.rule,
            skills=frozenset(ruling.skills),
            holders=frozenset(h["person"] for h in asked.state["seats"].get(asked.seat, ())),
            barred=barred,
            wanted=ruling.roles,
            levels=ruling.levels,
            languages=frozenset(ruling.languages),
            sex=ruling.sex,
            chosen=frozenset(ruling.prefer),
            topics=frozenset(_topics(self.program, asked.state)),
            steps=tuple(Step(s.rank, s.unit.code, s.unit.level) for s in near.serving),
            scores=scores or USUAL_SCORES,
        )
        find = self.find or pool.candidates
        found = find(self.unit, asked.spec.of, near, parties=self.parties(), barred=barred)
        return request, self._with_past(asked.state, request, _relieved(asked, found))

    def _with_past(self, state: CaseState, request: "Request", found: "list[Candidate]") -> "list[Candidate]":
        """Who handled these people before, and who fell out with one of them, as far as the tables weigh it."""
        wanted = [bool(request.scores.get(name)) for name in ("continuity", "conflict")]
        if not found or not any(wanted):
            return found
        from engine.service import past

        ref, people = state.get("ref"), {c.person for c in found}
        known: set[str] = set()
        quarrels: dict[str, str] = {}
        for keys, place in _keys(state):
            if wanted[0]:
                known |= past.handled_before(self.unit, keys, request.on, ref=ref, place=place).keys()
            if wanted[1]:
                quarrels |= past.fell_out(self.unit, keys, people, ref=ref, place=place)
        if not known and not quarrels:
            return found
        return [replace(c, continues=c.person in known, conflict=quarrels.get(c.person, "")) for c in found]

    def _ruled(
        self, asked: SeatAsked
    ) -> tuple["Ruling", Mapping[str, str] | None, Mapping[str, int], Reason | None]:
        """What the tables in force say of the seat, which tables, how they weigh, and why they do not answer."""
        from engine.routing.table import Ruling, Unruled

        day = self.near(asked.at, None).on
        digest = current.in_force(self.unit, self.program.definition.case_type, day)
        if digest is None:
            return Ruling(), None, {}, None
        routing = current.compiled(self.unit, digest, self.program)
        if routing is None:
            about = {"table": digest[:12], "case_type": self.program.definition.case_type}
            return Ruling(), {"hash": digest, "version": ""}, {}, Reason("FM-R515", about, "seat")
        table = {"hash": digest, "version": routing.version}
        said = routing.ruling(asked.seat, asked.facts)
        if isinstance(said, Unruled):
            return Ruling(), table, routing.scores, _with_way(asked, said.reason)
        return said, table, routing.scores, None


def _with_way(asked: SeatAsked, reason: Reason) -> Reason:
    """Why the tables do not answer, with the command that fills this seat of this case by hand."""
    from engine.domain.messages import text

    ref = asked.state.get("ref")
    if not ref:
        return reason
    way = {
        name: text("routing.way.case", lang, ref=ref, seat=asked.seat)
        for name, lang in (("way", "en"), ("way_zh", "zh"))
    }
    return replace(reason, params={**reason.params, **way})


def _basis(found: _Asked) -> dict[str, Any]:
    """What a decision was made from, beside the people."""
    from engine.routing.stored import asked

    ruling = {name: value for name, value in found.ruling.to_json().items() if name != "rule"}
    told: dict[str, Any] = {"asked": asked(found.request)}
    if found.table is not None:
        told["table"] = dict(found.table)
    return told | ({"ruling": ruling} if ruling else {})


def basis(found: _Asked) -> dict[str, Any]:
    """What a decision that was made elsewhere stores beside the people."""
    return _basis(found)


def _barred(outline: Outline, state: CaseState, seat: str) -> Mapping[str, str]:
    """Who recused himself or declined on this seat, and whom the case itself is about."""
    barred = dict(state.get("barred", {}).get(seat, {}))
    fields = state.get("fields", {})
    for name, spec in outline.definition.fields.items():
        if spec.hides is not None and isinstance(fields.get(name), str):
            barred[fields[name]] = "complained_of"
    return barred


def _keys(state: CaseState) -> Iterator[tuple[set[str], str | None]]:
    """By what the parties are known again: whom the organisation knows anywhere, who has only a name in the place."""
    active = [party for party in state.get("parties", ()) if party["active"]]
    codes = {person_key(party["person"]) for party in active if party.get("person")}
    names = {name_key(party.get("name", "")) for party in active if not party.get("person")} - {None}
    if codes:
        yield codes, None
    if names:
        yield {name for name in names if name}, state["place"]


def _relieved(asked: SeatAsked, found: "list[Candidate]") -> "list[Candidate]":
    """Whoever holds the seat now is weighed without this very case, as everybody else is."""
    if not asked.leaving:
        return found
    from engine.routing.load import weight

    usual = weight(asked.state["fields"].get("risk"))
    sits = {h["person"] for holders in asked.state["seats"].values() for h in holders}
    relief = {
        person: usual if said is None else said
        for person, said in asked.leaving.items()
        if person not in sits
    }
    return [
        replace(c, load=max(0, c.load - relief[c.person]), idle_since="") if c.person in relief else c
        for c in found
    ]


def _judged(program: Program, act: str) -> bool:
    """Whether guards of the act read whom the case is about."""
    hiding = {name for name, spec in program.definition.fields.items() if spec.hides is not None}
    _, transitions = program.outline.triggers.get(act, ("", ()))
    guards = (guard if isinstance(guard, str) else guard.that for t in transitions for guard in t.guard)
    return bool(hiding) and any(
        not hiding.isdisjoint(part) for g in guards for part in program.condition(g).reads
    )


def _topics(program: Program, state: CaseState) -> Iterator[str]:
    yield program.definition.case_type
    said = state.get("fields", {}).get(CATEGORY)
    if isinstance(said, str):
        yield said
