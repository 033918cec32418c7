"""Cases and events as the doors show them: plain JSON, ids and titles side by side."""

from datetime import datetime
from typing import Any

from engine.definitions.outline import MAIN, Leaf
from engine.domain.case import CaseState, ClockRun, Event
from engine.domain.instant import to_text
from engine.machine.program import Program
from engine.machine.remark import TITLES
from engine.machine.who import people
from engine.persistence.case_store import CaseRow
from engine.service.titles import act_basis, titled, titled_change
from engine.service.words import Words, words_of


def brief(program: Program, state: CaseState, version: int, lang: str) -> dict[str, Any]:
    """A case in short: what a list line or the answer to an act needs."""
    leaf = program.outline.leaves[state["states"][MAIN]]
    words = words_of(program, lang)
    risk = state["fields"].get("risk")
    return {
        "ref": state["ref"],
        "type": state["case_type"],
        "type_title": words.title,
        "state": leaf.name,
        "state_title": words.state[leaf.name],
        "phase": leaf.phase,
        "waits_on": _waits_on(program, words, leaf, state),
        "version": version,
        "risk": risk,
        "risk_title": words.fields["fields"]["risk"].value(risk) if risk else None,
        "place": state["place"],
        "unit": state["unit"],
        "cycle": state["cycle"],
        "outcome": state.get("outcome"),
        "filed_at": state["filed_at"],
    }


def full(program: Program, row: CaseRow, lang: str, now: datetime) -> dict[str, Any]:
    """One case with everything people ask of it."""
    state, words = row.body, words_of(program, lang)
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
            name: {"state": leaf, "state_title": words.state[leaf]}
            for name, leaf in state["states"].items()
            if name != MAIN
        },
        "seats": [
            {"seat": seat, "seat_title": words.fact[seat], **holder}
            for seat, holders in state["seats"].items()
            for holder in holders
        ],
        "parties": [
            {
                **party,
                "role_title": words.who[party["role"]],
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
                "kind_title": words.fact[item["kind"]],
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
        "sealed": [
            {"what": what, "title": words.fact[what] if what != "case" else words.title, "since": since}
            for what, since in state.get("sealed", {}).items()
        ],
        "purged": [{"name": name, "title": words.fact[name]} for name in state.get("purged", ())],
        "external": state.get("external"),
        "definition": {"version": program.definition.version, "hash": program.hash},
    }


def clock(program: Program, run: ClockRun, lang: str, now: datetime) -> dict[str, Any]:
    """One run, judged now: ``late`` does not wait for a worker."""
    due = run.get("due")
    live = run["status"] != "stopped"
    return {
        "name": run["name"],
        "title": words_of(program, lang).clock[run["name"]],
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
        "own_due_at": run.get("own_due"),
        "joined": [
            {
                "ref": one["ref"],
                "at": one["at"],
                "due_at": one.get("due"),
                "due_date": one.get("due_date"),
                "governs": "due" in one and one["due"] == due and one["due"] != run.get("own_due"),
            }
            for one in run.get("joined", ())
        ],
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
    words, changes = words_of(program, lang), body["changes"]
    moves, outcome = [], None
    for change in changes:
        if change["do"] == "move":
            moves.append(change)
        elif change["do"] == "outcome" and outcome is None:
            outcome = change["outcome"]
    return {
        "seq": body["seq"],
        "act": body["act"],
        "title": event_title(words, body),
        "kind": body["kind"],
        "actor": body["actor"],
        "entered_by": body["entered_by"],
        "identity": body["identity"],
        "acting_for": body.get("acting_for"),
        "occurred_at": body["at"],
        "recorded_at": body["recorded"],
        "dated": body.get("dated"),
        "basis": act_basis(program, body["act"], body.get("basis"), lang),
        "note": body.get("note"),
        "asked_by": body.get("asked_by"),
        "granted_because": body.get("granted_because"),
        "cause": body.get("cause"),
        "from": moves[0]["from"] if moves else None,
        "to": moves[-1]["to"] if moves else None,
        "from_title": _place_title(words, moves[0]["from"]) if moves else None,
        "to_title": _place_title(words, moves[-1]["to"]) if moves else None,
        "outcome": outcome,
        "outcome_title": None if outcome is None else words.outcome[outcome],
        "told": [_told(program, entry, lang) for entry in body.get("told", ())],
        "changes": [titled_change(words, change) for change in changes],
        "definition": body["definition"],
    }


def event_title(words: Words, body: Event) -> str:
    """An event in words. What follows by itself is named by where it leads, a mark by its clock."""
    name = body["act"]
    if name in TITLES:
        return TITLES[name][words.lang == "zh"]
    if body["kind"] == "mark":
        clock_name, _, mark = name.partition(":")
        return f"{words.clock[clock_name]} ({mark})"
    if name.startswith("@"):
        moved = next((c["to"] for c in body["changes"] if c["do"] == "move"), None)
        title: str = words.state[moved] if moved else name
        return title
    found: str = words.act[name]
    return found


def _place_title(words: Words, leaf: str) -> str | None:
    return None if leaf.startswith("@") else words.state[leaf]


def _told(program: Program, entry: dict[str, Any], lang: str) -> dict[str, Any]:
    form = entry.get("form")
    words = program.vocabulary.forms.get(form) if form and program.vocabulary else None
    title = (
        (words.zh if lang == "zh" and words.zh else words.title) if words else (form or "").replace("_", " ")
    )
    return {**entry, "title": title} if form else dict(entry)


def _waits_on(program: Program, words: Words, leaf: Leaf, state: CaseState) -> list[dict[str, str]]:
    """Whose turn it is: each Who with its title and, where the case knows them, the people."""
    return [
        {
            "who": who,
            "title": words.who[who],
            "people": ", ".join([p for p in people((who,), program.outline, state) if p != who]),
        }
        for who in leaf.waits_for
    ]


def outcome_title(program: Program, outcome: str | None, lang: str) -> str | None:
    """The words for an outcome."""
    return None if outcome is None else words_of(program, lang).outcome[outcome]


def _grade(program: Program, state: CaseState) -> str | None:
    outcome = state.get("outcome")
    return program.definition.outcomes[outcome].grade if outcome else None
