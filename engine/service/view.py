"""Cases and events as the doors show them: plain JSON, ids and titles side by side."""

from datetime import datetime
from typing import Any

from engine.definitions.outline import MAIN
from engine.domain.case import CaseState, ClockRun, Event
from engine.domain.instant import to_text
from engine.machine.judge import act_title, fact_title, state_title, who_title
from engine.machine.program import Program
from engine.machine.remark import TITLES
from engine.machine.who import people
from engine.persistence.case_store import CaseRow
from engine.service.titles import act_basis, titled, titled_change


def brief(program: Program, state: CaseState, version: int, lang: str) -> dict[str, Any]:
    """A case in short: what a list line or the answer to an act needs."""
    leaf = program.outline.leaves[state["states"][MAIN]]
    return {
        "ref": state["ref"],
        "type": state["case_type"],
        "type_title": program.definition.text("title", lang, program.definition.title),
        "state": leaf.name,
        "state_title": state_title(program, leaf.name, lang),
        "phase": leaf.phase,
        "waits_on": waits_on(program, state, lang),
        "version": version,
        "risk": state["fields"].get("risk"),
        "risk_title": _risk_title(program, state, lang),
        "place": state["place"],
        "unit": state["unit"],
        "cycle": state["cycle"],
        "outcome": state.get("outcome"),
        "filed_at": state["filed_at"],
    }


def full(program: Program, row: CaseRow, lang: str, now: datetime) -> dict[str, Any]:
    """One case with everything people ask of it."""
    state = row.body
    return {
        **brief(program, state, row.version, lang),
        "what": state["what"],
        "channel": state["channel"],
        "holder": row.holder,
        "reporter": state.get("reporter"),
        "filed_by": state["filed_by"],
        "entered_at": to_text(row.entered_at),
        "closed_at": to_text(row.closed_at) if row.closed_at else None,
        "outcome_title": outcome_title(program, state.get("outcome"), lang),
        "grade": _grade(program, state),
        "tracks": {
            name: {"state": leaf, "state_title": state_title(program, leaf, lang)}
            for name, leaf in state["states"].items()
            if name != MAIN
        },
        "seats": [
            {"seat": seat, "seat_title": fact_title(program, seat, lang), **holder}
            for seat, holders in state["seats"].items()
            for holder in holders
        ],
        "parties": [
            {
                **party,
                "role_title": who_title(program, party["role"], lang),
                "titled": titled(
                    program, party["fields"], program.definition.parties.fields, "parties.fields", lang
                ),
            }
            for party in state["parties"]
        ],
        "fields": dict(state["fields"]),
        "titled": titled(program, state["fields"], program.definition.fields, "fields", lang),
        "records": [
            {
                **item,
                "kind_title": fact_title(program, item["kind"], lang),
                "titled": titled(
                    program,
                    item["fields"],
                    program.definition.records[item["kind"]].fields,
                    f"records.{item['kind']}",
                    lang,
                ),
            }
            for item in state["records"]
        ],
        "clocks": [clock(program, run, lang, now) for run in state["clocks"]],
        "links": list(state["links"]),
        "external": state.get("external"),
        "definition": {"version": program.definition.version, "hash": program.hash},
    }


def clock(program: Program, run: ClockRun, lang: str, now: datetime) -> dict[str, Any]:
    """One run, judged now: ``late`` does not wait for a worker."""
    due = run.get("due")
    live = run["status"] != "stopped"
    return {
        "name": run["name"],
        "title": fact_title(program, run["name"], lang),
        "item": run.get("item"),
        "run": run["run"],
        "kind": run["kind"],
        "status": run["status"],
        "start": run["start"],
        "within": run.get("within"),
        "due_at": due,
        "due_date": run.get("due_date"),
        "provisional": run.get("provisional", False),
        "late": live and run["kind"] == "limit" and due is not None and due <= to_text(now),
        "expired": live and due is not None and due <= to_text(now),
        "extensions": list(run["extensions"]),
        "pauses": [list(p) for p in run["pauses"]],
        "verdict": run.get("verdict"),
        "stopped_at": run.get("stopped"),
        "basis": program.definition.text(
            f"clocks.{run['name']}.basis", lang, program.definition.clocks[run["name"]].basis or ""
        )
        or None,
    }


def event(program: Program, body: Event, lang: str) -> dict[str, Any]:
    """One event of the history."""
    moves = [c for c in body["changes"] if c["do"] == "move"]
    outcome = next((c["outcome"] for c in body["changes"] if c["do"] == "outcome"), None)
    return {
        "seq": body["seq"],
        "act": body["act"],
        "title": event_title(program, body, lang),
        "kind": body["kind"],
        "actor": body["actor"],
        "entered_by": body["entered_by"],
        "identity": body["identity"],
        "occurred_at": body["at"],
        "recorded_at": body["recorded"],
        "dated": body.get("dated"),
        "basis": act_basis(program, body["act"], body.get("basis"), lang),
        "note": body.get("note"),
        "asked_by": body.get("asked_by"),
        "cause": body.get("cause"),
        "from": moves[0]["from"] if moves else None,
        "to": moves[-1]["to"] if moves else None,
        "from_title": _place_title(program, moves[0]["from"], lang) if moves else None,
        "to_title": _place_title(program, moves[-1]["to"], lang) if moves else None,
        "outcome": outcome,
        "outcome_title": outcome_title(program, outcome, lang),
        "told": [_told(program, entry, lang) for entry in body.get("told", ())],
        "changes": [titled_change(program, change, lang) for change in body["changes"]],
        "definition": body["definition"],
    }


def event_title(program: Program, body: Event, lang: str) -> str:
    """An event in words. What follows by itself is named by where it leads, a mark by its clock."""
    name = body["act"]
    if name in TITLES:
        return TITLES[name][lang == "zh"]
    if body["kind"] == "mark":
        clock_name, _, mark = name.partition(":")
        return f"{fact_title(program, clock_name, lang)} ({mark})"
    if name.startswith("@"):
        moved = next((c["to"] for c in body["changes"] if c["do"] == "move"), None)
        return state_title(program, moved, lang) if moved else name
    return act_title(program, name, lang)


def _place_title(program: Program, leaf: str, lang: str) -> str | None:
    return None if leaf.startswith("@") else state_title(program, leaf, lang)


def _told(program: Program, entry: dict[str, Any], lang: str) -> dict[str, Any]:
    form = entry.get("form")
    words = program.vocabulary.forms.get(form) if form and program.vocabulary else None
    title = (
        (words.zh if lang == "zh" and words.zh else words.title) if words else (form or "").replace("_", " ")
    )
    return {**entry, "title": title} if form else dict(entry)


def waits_on(program: Program, state: CaseState, lang: str) -> list[dict[str, str]]:
    """Whose turn it is: each Who with its title and, where the case knows them, the people."""
    leaf = program.outline.leaves[state["states"][MAIN]]
    return [
        {
            "who": who,
            "title": who_title(program, who, lang),
            "people": ", ".join(p for p in people([who], program.outline, state) if p != who),
        }
        for who in leaf.waits_for
    ]


def outcome_title(program: Program, outcome: str | None, lang: str) -> str | None:
    """The words for an outcome."""
    if outcome is None:
        return None
    title = program.definition.outcomes[outcome].title or outcome.replace("_", " ")
    return program.definition.text(f"outcomes.{outcome}.title", lang, title)


def _risk_title(program: Program, state: CaseState, lang: str) -> str | None:
    risk = state["fields"].get("risk")
    known = program.definition.fields
    return titled(program, {"risk": risk}, known, "fields", lang)[0]["value_title"] if risk else None


def _grade(program: Program, state: CaseState) -> str | None:
    outcome = state.get("outcome")
    return program.definition.outcomes[outcome].grade if outcome else None
