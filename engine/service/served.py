"""Papers with the act that serves them: each notice and each document that has a template, by its digest."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.domain.case import CaseState, Event
from engine.machine.program import Program
from engine.papers.fragment import digest, render
from engine.papers.values import values
from engine.persistence import late as table
from engine.persistence.late import select
from engine.persistence.unit import Unit
from engine.service import law


def attach(
    unit: Unit, program: Program, state: CaseState | None, events: Sequence[Event]
) -> tuple[Event, ...]:
    """The events of one command, those that serve or write up a paper with its digest in each language.

    A paper shows the case as it stands after the whole command, ``upto`` is the seq of its last event.
    """
    wanted = {e["seq"]: list(_wanted(program, e)) for e in events} if program.definition.forms else {}
    if state is None or not any(wanted.values()):
        return tuple(events)
    named = _named(unit, program, state, events)
    return tuple(
        _with(program, state, event, wanted[event["seq"]], named, events[-1]["seq"])
        if wanted[event["seq"]]
        else event
        for event in events
    )


def _wanted(program: Program, event: Event) -> Iterator[dict[str, Any]]:
    """{form, to, record?} of every paper of an event: notices served, records written up."""
    records, forms = program.definition.records, program.definition.forms
    for entry in event.get("told", ()):
        if entry.get("kind") == "notice" and entry["form"] in forms:
            yield {"form": entry["form"], "to": list(entry["to"])}
    for change in event["changes"]:
        item = change["item"] if change["do"] == "record" else None
        if item is not None and not records[item["kind"]].signed_by and records[item["kind"]].form in forms:
            yield {"form": records[item["kind"]].form, "to": [], "record": item["id"]}
        elif change["do"] == "sign" and change["complete"]:
            kind = str(change["record"]).rpartition("-")[0]
            if records[kind].form in forms:
                yield {"form": records[kind].form, "to": [], "record": change["record"]}


def _with(
    program: Program,
    state: CaseState,
    event: Event,
    wanted: Sequence[dict[str, Any]],
    named: Mapping[str, Any],
    upto: int,
) -> Event:
    papers = []
    for one in wanted:
        digests = {
            lang: digest(html_of(program, state, event, one, lang, named))
            for lang in program.definition.forms[one["form"]]
        }
        papers.append({**one, "sha256": digests, "upto": upto, "named": dict(named)})
    return {**event, "papers": papers}


def html_of(
    program: Program,
    state: CaseState,
    event: Event,
    paper: Mapping[str, Any],
    lang: str,
    named: Mapping[str, Any],
) -> str:
    """The piece of HTML of one paper; ``named`` is what the store called unit, place and staff then."""
    form = paper["form"]
    given = values(program, state, event, form=form, lang=lang, to=paper["to"], named=named)
    return render(program.definition, form, lang, given)


def _named(unit: Unit, program: Program, state: CaseState, events: Sequence[Event]) -> dict[str, Any]:
    """What the store calls the unit, the place and the staff of this case at this moment."""
    codes = {h["person"] for holders in state["seats"].values() for h in holders}
    codes |= {r["by"] for r in state["records"]} | {e["actor"] for e in events}
    codes |= {s["by"] for r in state["records"] for s in r.get("signatures", ())}
    people, units, places = (table.columns_of(t).c for t in (table.Person, table.Unit, table.Place))
    rows = unit.execute(select(people.code, people.name).where(people.code.in_(sorted(codes))))
    return {
        "people": {row["code"]: row["name"] for row in rows},
        "unit": _name(unit, units, state["unit"]),
        "place": _name(unit, places, state["place"]),
        "zone": law.calendar(unit, program.definition.calendar, state["unit"]).tz.key,
    }


def _name(unit: Unit, columns: Any, code: str) -> str:
    rows = unit.execute(select(columns.name).where(columns.code == code).limit(1))
    return rows[0]["name"] if rows else code
