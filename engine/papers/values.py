"""What a template may say: a case at one moment, every value in the words of the paper's language.

The names are those of the definition. A fact that is known and has no value is a blank line to be filled in by hand;
a name that the definition does not have is an error of the template.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.model import RecordSpec
from engine.domain.case import CaseState, Event, RecordItem
from engine.domain.instant import from_text
from engine.machine.judge import act_title, fact_title, state_title, who_title
from engine.machine.program import Program
from engine.papers.wording import BLANK, due, moment, now_of, value

TOP = (
    "ref", "case_type", "basis", "form", "filed", "place", "unit", "what", "state", "outcome", "cycle", "act",
    "fields", "titles", "parties", "records", "every", "seats", "clocks", "to", "day", "blank", "lang",
)  # fmt: skip
ITEM = ("no", "recorded", "by", "party", "signed", "signatures")


def values(
    program: Program,
    state: CaseState,
    event: Event,
    *,
    form: str,
    lang: str,
    to: Sequence[str],
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """``named``: what the store called things then: {unit, place, zone, people{code: name}}."""
    return _Case(program, state, event, lang, named).values(form, to)


class _Case:
    def __init__(
        self, program: Program, state: CaseState, event: Event, lang: str, named: Mapping[str, Any]
    ) -> None:
        self.program, self.state, self.event, self.lang, self.named = program, state, event, lang, named
        self.definition = program.definition
        self.zone = ZoneInfo(named["zone"])

    def values(self, form: str, to: Sequence[str]) -> dict[str, Any]:
        state, definition, lang = self.state, self.definition, self.lang
        words = self.program.vocabulary
        entry = words.forms.get(form) if words else None
        outcome = state.get("outcome")
        return {
            "ref": state["ref"],
            "case_type": definition.text("title", lang, definition.title),
            "basis": definition.text("basis", lang, definition.basis),
            "form": (entry.zh if lang == "zh" and entry.zh else entry.title)
            if entry
            else form.replace("_", " "),
            "filed": moment(state["filed_at"], lang, self.zone),
            "place": self.named.get("place") or state["place"],
            "unit": self.named.get("unit") or state["unit"],
            "what": state["what"] or BLANK,
            "state": state_title(self.program, state["states"]["main"], lang),
            "outcome": self._outcome(outcome) if outcome else BLANK,
            "cycle": state["cycle"],
            "act": self._act(),
            "fields": self._fields(),
            "titles": {name: fact_title(self.program, name, lang) for name in definition.fields},
            "parties": [self._party(p) for p in state["parties"] if p["active"]],
            "records": {kind: self._newest(kind, spec) for kind, spec in definition.records.items()},
            "every": {kind: self._every(kind, spec) for kind, spec in definition.records.items()},
            "seats": {
                seat: [self.name(h["person"]) for h in state["seats"].get(seat, ()) if h["accepted"]]
                for seat in self.program.outline.seats
            },
            "clocks": {name: self._clock(name) for name in definition.clocks},
            "to": [self.name(who) for who in to],
            "day": now_of(from_text(self.event["at"]), lang, self.zone),
            "blank": BLANK,
            "lang": lang,
        }

    def name(self, code: str) -> str:
        """A party by number and name, a person by name and code, a role in words."""
        party = next((p for p in self.state["parties"] if p["no"] == code), None)
        if party is not None:
            return f"{code} {party['name']}" if party.get("name") else code
        people: Mapping[str, str] = self.named.get("people", {})
        if code in people:
            return f"{people[code]} ({code})" if people[code] else code
        return code if any(c.isdigit() for c in code) else who_title(self.program, code, self.lang)

    def _outcome(self, outcome: str) -> str:
        spec = self.definition.outcomes[outcome]
        return self.definition.text(f"outcomes.{outcome}.title", self.lang, spec.title or outcome)

    def _act(self) -> dict[str, str]:
        event, lang = self.event, self.lang
        return {
            "title": act_title(self.program, event["act"], lang),
            "when": moment(event["at"], lang, self.zone),
            "by": self.name(event["actor"]) if event["actor"] != "system" else BLANK,
            "note": event.get("note") or BLANK,
            "basis": event.get("basis") or BLANK,
        }

    def _fields(self) -> dict[str, str]:
        held, definition = self.state["fields"], self.definition
        return {
            name: self._worded(
                spec, f"fields.{name}", held.get(name, spec.default if spec.has_default else None)
            )
            for name, spec in definition.fields.items()
        }

    def _worded(self, spec: Any, path: str, given: Any) -> str:
        return value(self.definition, spec, path, given, self.lang, self.zone, self.name)

    def _party(self, party: Any) -> dict[str, Any]:
        known = self.definition.parties.fields
        fields = {n: self._worded(s, f"parties.fields.{n}", party["fields"].get(n)) for n, s in known.items()}
        return {
            **fields,
            "no": party["no"],
            "name": party.get("name") or BLANK,
            "role": who_title(self.program, party["role"], self.lang),
            "is": party["role"],
        }

    def _newest(self, kind: str, spec: RecordSpec) -> dict[str, Any]:
        items = self._items(kind, spec)
        return self._item(kind, spec, items[-1] if items else None)

    def _every(self, kind: str, spec: RecordSpec) -> list[dict[str, Any]]:
        return [self._item(kind, spec, item) for item in self._items(kind, spec)]

    def _items(self, kind: str, spec: RecordSpec) -> list[RecordItem]:
        cycle = self.state["cycle"]
        return [
            r
            for r in self.state["records"]
            if r["kind"] == kind and (spec.lasts == "case" or r["cycle"] == cycle)
        ]

    def _item(self, kind: str, spec: RecordSpec, item: RecordItem | None) -> dict[str, Any]:
        held: Mapping[str, Any] = item["fields"] if item else {}
        about = {
            "no": item["id"].rpartition("-")[2] if item else BLANK,
            "recorded": moment(item["at"] if item else None, self.lang, self.zone),
            "by": self.name(item["by"]) if item else BLANK,
            "party": self.name(item["party"]) if item and "party" in item else BLANK,
            "signed": moment(item.get("signed_at") if item else None, self.lang, self.zone),
            "signatures": [
                {"who": self.name(s["by"]), "when": moment(s["at"], self.lang, self.zone)}
                for s in (item.get("signatures", ()) if item else ())
            ],
        }
        fields = {n: self._worded(s, f"records.{kind}.{n}", held.get(n)) for n, s in spec.fields.items()}
        return {**about, **fields}

    def _clock(self, name: str) -> dict[str, str]:
        runs = [r for r in self.state["clocks"] if r["name"] == name]
        return {
            "title": fact_title(self.program, name, self.lang),
            "due": due(runs[-1] if runs else None, self.lang),
        }
