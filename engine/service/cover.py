"""Who looks at a case, and so what of it is covered for him; the cover itself is ``engine.service.covered``."""

from dataclasses import replace

from engine.domain.access import Reader, closer, may_see_sealed
from engine.domain.case import CaseState
from engine.machine.command import Decision
from engine.persistence.case_store import find_case, history
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.caller import Answer, Caller
from engine.service.covered import ANEW, CONFIDENTIAL, CONTENT, FILING, REPORTER, SEATS, Cover, Shown


def reader_of(unit: Unit, caller: Caller, state: CaseState) -> Reader:
    """What the caller is towards a case today; a visitor is nothing."""
    if caller.person is None:
        return Reader()
    calendar = law.calendar(unit, law.program(unit, state["definition"]).definition.calendar, state["unit"])
    day = calendar.day_of(caller.at)
    near = directory.around(unit, state["place"], function=state["case_type"], on=day)
    seats = {seat for seat, held in state["seats"].items() if any(h["person"] == caller.person for h in held)}
    return Reader(directory.who(unit, caller.person, near), frozenset(seats))


def cover(unit: Unit, caller: Caller, state: CaseState) -> "Cover":
    """What of this case is shown to this caller now."""
    program = law.program(unit, state["definition"])
    reader = reader_of(unit, caller, state)
    shut = frozenset() if may_see_sealed(reader.roles) else frozenset(state.get("sealed", ()))
    leaves = (program.outline.leaves[leaf].class_ for leaf in state["states"].values())
    floor = closer(*(name for name in leaves if name))
    reporter = state.get("reporter", {})
    made = Cover(
        program, state["fields"], floor, reader, caller.person, shut, caller.lang, bool(reporter.get(CONFIDENTIAL))
    )  # fmt: skip
    person = reporter.get("person")
    if person is None or person == caller.person or made.reads("reporter"):
        return made
    return replace(made, unnamed=person, seated=_seated(unit, state["ref"], person))


def _seated(unit: Unit, ref: str, person: str) -> frozenset[str]:
    """The moments at which somebody held a seat of the case: what he did then he did from there. Read from the history,
    and only where somebody must not be known as the reporter."""
    row = find_case(unit, ref)
    held: set[str] = set()
    found: set[str] = set()
    for event in [h.event for h in history(unit, row.id)] if row is not None else []:
        before = bool(held)
        for change in event["changes"]:
            if change["do"] in ("seat", "unseat") and change.get("person") == person:
                (held.add if change["do"] == "seat" else held.discard)(change["seat"])
        if (before or held) and event["act"] != FILING:
            found.add(event["at"])
    return frozenset(found)


def line(unit: Unit, caller: Caller, state: CaseState, shown: Shown) -> Shown:
    """A case in short: covered only where it is sealed or waits for its reporter by name, so that nobody is looked up
    for all the others."""
    named = any(one["who"] == REPORTER and one["people"] for one in shown.get("waits_on", ()))
    return cover(unit, caller, state).line(shown) if named or "sealed" in state else shown


def answered(unit: Unit, caller: Caller, decision: Decision, answer: Answer) -> Answer:
    """The answer to an act. What somebody brought himself he may be told; what an act states anew of the case, what
    follows from it and what it opens is shown as far as he reads it."""
    state = decision.state
    if state is None:
        return answer
    shown = {**answer, "case": line(unit, caller, state, answer["case"])}
    if not _tells_more(answer):
        return shown
    states = {state["ref"]: state} | {new.state["ref"]: new.state for new in decision.opened}
    covers = {ref: cover(unit, caller, one) for ref, one in states.items()}
    follows = [covers[(e.get("case") or answer["case"])["ref"]].event(e) for e in answer["effects"]]
    own = covers[state["ref"]]
    return {**shown, "event": own.anew(answer["event"]), "effects": follows}


def _tells_more(answer: Answer) -> bool:
    """Whether it says more than what was brought: looked at first, since most answers do not."""
    return any(change["do"] in ANEW | SEATS for change in answer["event"]["changes"]) or any(
        change["do"] in CONTENT | SEATS for event in answer["effects"] for change in event["changes"]
    )
