"""Inputs for an act, made from the form that the offer of the act carries; and inputs that no form allows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.outline import signatories
from engine.domain.case import CaseState
from engine.machine.act import free_to_leave
from engine.machine.program import Program

Inputs = dict[str, Any]  # as the services take them: set, records, seats, parties, note, outcome, item
WORDS = (
    "a wall",
    "院墙纠纷",
    "two words",
    "  spaced  ",
    "Ünïcode ½ 🐄",
    "a\nsecond line",
    "x" * 300,
    "0",
    "null",
)
STRANGE: tuple[Any, ...] = (
    None,
    "",
    "nonsense",
    -1,
    2**70,
    1.5,
    True,
    [],
    ["a", 1],
    {},
    {"a": [1]},
    "\x00",
    "P9",
)
LOCAL = ZoneInfo("Asia/Shanghai")


class Filling:
    """Valid values for the forms of one case at one moment."""

    def __init__(
        self,
        program: Program,
        state: CaseState,
        now: datetime,
        *,
        people: Mapping[str, frozenset[str]],
        random: Random,
        cases: tuple[str, ...] = (),
        calm: bool = False,
    ) -> None:
        self.program, self.state, self.now, self.random = program, state, now, random
        self.people, self.cases = people, cases
        self.speaker: str | None = None
        self.active = [party["no"] for party in state["parties"] if party["active"]]
        # an interview, a visit, a set of safety questions: mostly all quiet, sometimes all answered yes
        self.mood = "calm" if calm else random.choices(("calm", "yes", "mixed"), (6, 1, 3))[0]
        self.steady = (
            1 if calm else random.choice([0.3, 0.95, 0.95, 0.95])
        )  # how often a choice is its first option

    def inputs(self, act: str, form: Mapping[str, Any], *, actor: str) -> Inputs:
        """Everything that the act must have, and some of what it may have."""
        made: Inputs = {}
        self.speaker = actor if actor in self.active else None
        parts = form.get("properties", {})
        if "set" in parts and "by" not in parts["set"]["properties"]:
            made["set"] = self._part(parts["set"], self.value)
        if "records" in parts:
            made["records"] = self._part(parts["records"], self._items)
        if "seats" in parts:
            made["seats"] = {
                seat: self._people(seat)
                for seat in parts["seats"]["properties"]
                if self._wanted(parts["seats"], seat)
            }
        if "note" in parts or "handler" in made.get("seats", {}):
            made["note"] = self.random.choice(WORDS)
        if "outcome" in parts:
            made["outcome"] = self.random.choice(parts["outcome"]["enum"])
        return made | self._besides(act, actor)

    def party(self) -> dict[str, Any]:
        """Somebody who joins: a role with room for one more, and perhaps what is known of that person."""
        parties = self.program.definition.parties
        made: dict[str, Any] = {"role": self.random.choice(self._roles()), "name": self.random.choice(WORDS)}
        for name, spec in parties.fields.items():
            if self.random.random() < 0.3:
                made[name] = self.value({"kind": spec.kind, "enum": list(spec.options)})
        return made

    def value(self, schema: Mapping[str, Any]) -> Any:
        """One value of a field's kind."""
        kind = schema["kind"]
        if kind == "choice":
            options = schema["enum"]
            return options[0] if self.random.random() < self.steady else self.random.choice(options)
        if kind in ("choices", "parties", "persons"):
            return self._several(kind, schema)
        return self._single(kind)

    # ---- kinds of values -------------------------------------------------------------------------

    def _single(self, kind: str) -> Any:
        random = self.random
        day = (self.now + timedelta(days=random.choice([0, 1, 3, 10, 30, 45, 59]))).astimezone(LOCAL)
        made: dict[str, Any] = {
            "bool": self.mood == "yes" or (self.mood == "mixed" and random.random() < 0.5),
            "int": random.choice([0, 1, 3, 5, 17, 40]),
            "number": random.choice(["0", "12.5", "-3"]),
            "money": random.choice(["500", "0.01", "1200000"]),
            "date": day.date().isoformat(),
            "timestamp": self.now.isoformat(),
            "duration": random.choice(["3 wd", "10 cd", "2 h"]),
            "place": self.state["place"],
            "unit": self.state["unit"],
            "party": random.choice(self.active or ["P1"]),
            "person": random.choice(sorted(self.people)),
            "case": random.choice(self.cases or (self.state["ref"],)),
        }
        return made[kind] if kind in made else random.choice(WORDS)

    def _several(self, kind: str, schema: Mapping[str, Any]) -> list[str]:
        known: dict[str, list[str]] = {"parties": self.active, "persons": sorted(self.people)}
        pool = known[kind] if kind in known else list(schema["items"]["enum"])
        return self.random.sample(pool, self.random.randint(0, len(pool)))

    # ---- parts of a form ---------------------------------------------------------------------------

    def _wanted(self, part: Mapping[str, Any], name: str) -> bool:
        return name in part.get("required", ()) or self.random.random() < 0.3

    def _part(self, part: Mapping[str, Any], make: Any) -> dict[str, Any]:
        return {name: make(form) for name, form in part["properties"].items() if self._wanted(part, name)}

    def _items(self, form: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One item; of a record per party, one for each of them or for one alone."""
        item = form["items"]
        if "party" not in item["properties"]:
            return [self._item(item, None)]
        if self.speaker is not None:  # a party speaks only for itself
            return [self._item(item, self.speaker)]
        sides = self.active if self.random.random() < 0.7 else self.active[:1]
        return [self._item(item, no) for no in sides or ["P1"]]

    def _item(self, form: Mapping[str, Any], party: str | None) -> dict[str, Any]:
        fields = {
            name: self.value(spec)
            for name, spec in form["properties"].items()
            if name not in ("party", "of") and self._wanted(form, name)
        }
        return fields if party is None else fields | {"party": party}

    def _people(self, seat: str) -> list[str]:
        """One who may sit there; whoever holds the seat already when it is full."""
        spec = self.program.outline.seats[seat]
        held = [holder["person"] for holder in self.state["seats"].get(seat, ())]
        if len(held) >= spec.most and seat != "handler":
            return held[:1]
        able = [code for code in sorted(self.people) if not self.people[code].isdisjoint(spec.of)]
        barred = self.state.get("barred", {}).get(seat, {})  # who was recused does not come back
        return [self.random.choice([code for code in able if code not in barred] or able)]

    def _roles(self) -> list[str]:
        held = [party["role"] for party in self.state["parties"] if party["active"]]
        roles = self.program.definition.parties.roles.items()
        return [name for name, role in roles if role.max is None or held.count(name) < role.max] or ["none"]

    def _besides(self, act: str, actor: str) -> Inputs:
        """What the generated acts take beside their forms."""
        made = self.program.outline.generated.get(act)
        if made is None:
            return {}
        if made.kind == "add_party":
            return {"parties": [self.party()]}
        if made.kind == "change_party" and self.active:
            return {"parties": [{"no": self.random.choice(self.active), "name": self.random.choice(WORDS)}]}
        if made.kind == "party_leaves" and self.active:
            free = free_to_leave(self.program, self.state) or self.active
            return {"item": actor if actor in self.active else self.random.choice(free)}
        held = self.state["seats"].get(made.subject, ())
        if made.kind == "hand_on" and len(held) > 1:  # of several who sit there: whose seat
            return {"item": self.random.choice([holder["person"] for holder in held])}
        if made.kind == "sign":
            return self._signing(made.subject, actor)
        return {}

    def _signing(self, kind: str, actor: str) -> Inputs:
        """Whoever records it signs for all at once, at times."""
        item = next((r for r in reversed(self.state["records"]) if r["kind"] == kind), None)
        done = {s["by"] for s in item.get("signatures", ())} if item else set()
        wanted = set(signatories(self.program.definition.records[kind]))
        roles = {p["no"]: {"party", p["role"]} for p in self.state["parties"] if p["active"]}
        sides = [no for no in self.active if not wanted.isdisjoint(roles[no])]
        others = [actor] if wanted - {"party", *self.program.definition.parties.roles} else []
        left = [who for who in (*sides, *others) if who not in done]
        for_all = not others or self.random.random() < 0.6  # where only parties sign he cannot sign himself
        return {"set": {"by": left}} if actor not in self.active and left and for_all else {}


def spoil(inputs: Inputs, random: Random) -> Inputs:
    """The same inputs with one thing wrong: something missing, unknown or of a strange kind."""
    made = {name: dict(part) if isinstance(part, dict) else part for name, part in inputs.items()}
    fields = made.setdefault("set", {})
    how = random.randrange(5)
    if how == 0 and fields:
        fields.pop(random.choice(sorted(fields)))
    elif how == 1:
        fields["no_such_field"] = random.choice(STRANGE)
    elif how == 2 and fields:
        fields[random.choice(sorted(fields))] = random.choice(STRANGE)
    elif how == 3 and made.get("records"):
        kind = random.choice(sorted(made["records"]))
        items = [dict(item) for item in made["records"][kind]]
        if items:
            items[0][random.choice([*sorted(items[0]), "party", "of", "odd"])] = random.choice(STRANGE)
        made["records"] = {**made["records"], kind: items}
    else:
        made |= random.choice([
            {"note": ""}, {"outcome": "no_such_outcome"}, {"item": "P99"}, {"parties": [{"role": "nobody"}]},
            {"parties": [{"age": "old"}]}, {"seats": {"handler": ["nobody-1"]}}, {"seats": {"odd": []}},
            {"records": {"odd": [{}]}},
        ])  # fmt: skip
    return made
