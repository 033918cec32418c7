"""Step 3 of one act: what was given is typed and applied to the draft, and what is lacking is named.

Every reason is collected; nothing is written for an input that does not fit.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.definitions.model import Ask, FieldSpec, RecordSpec
from engine.domain.case import RecordItem
from engine.domain.errors import Reason
from engine.domain.messages import text
from engine.machine.command import Command
from engine.machine.draft import Draft
from engine.machine.entitled import entitled
from engine.machine.judge import sealed, unbound, who_title
from engine.machine.seating import Seating
from engine.machine.typed import Wrong, typed, wrong

PARTY_OWN = ("role", "name", "person", "representative")
_YES_OR_NO = FieldSpec(kind="bool")


class Intake:
    """Applies one command's inputs. ``reasons`` holds whatever did not fit or was lacking."""

    def __init__(self, draft: Draft, command: Command) -> None:
        self.draft = draft
        self.command = command
        self.definition = draft.program.definition
        self.reasons: list[Reason] = []
        self.lacking: list[str] = []
        self.extra: list[tuple[str, str]] = []  # name, pointer
        self.seating = Seating(draft, command, self.reasons)

    def take(self, asks: Sequence[Ask]) -> None:
        """Everything an act asks: fields, records, seats, note. What nobody asked for is refused."""
        wanted = {ask.name: ask for ask in asks}
        definition = self.definition
        self._extra(self.command.fields, wanted, definition.fields, "/fields")
        self._extra(self.command.records, wanted, definition.records, "/records")
        self._extra(self.command.seats, wanted, self.draft.program.outline.seats, "/seats")
        for ask in asks:
            if ask.name == "note":
                if ask.needed and not (self.command.note or "").strip():
                    self.lacking.append("note")
            elif ask.name in definition.fields:
                self._field(ask)
            elif ask.name in definition.records:
                self._records(ask)
            elif not self.seating.take(ask):
                self.lacking.append(ask.name)

    @property
    def incomplete(self) -> bool:
        """Whether something is still to be given or given rightly."""
        return bool(self.lacking or self.reasons)

    def told(self, act: str, takes: Iterable[str]) -> list[Reason]:
        """All reasons, the lacking inputs as one."""
        found = list(self.reasons)
        if self.extra:
            given = {
                "act": act,
                "extra": ", ".join(name for name, _ in self.extra),
                "takes": ", ".join(self._takes(takes)) or text("word.typed.nothing"),
            }
            found.append(Reason("FM-R302", given, "input", pointer=self.extra[0][1]))
        if self.lacking:
            given = {"act": act, "count": str(len(self.lacking)), "missing": ", ".join(self.lacking)}
            found.append(Reason("FM-R301", given, "input"))
        known = self._takes(takes) if self.extra else ()
        return [entitled(self.draft.program, reason, self.lacking, known) for reason in found]

    def _takes(self, takes: Iterable[str]) -> Iterable[str]:
        """What the act takes; where a record or a party was given a field it lacks, those that it has."""
        name, pointer = self.extra[0]
        if pointer.startswith("/parties/"):
            return (*PARTY_OWN, *self.definition.parties.fields)
        kind, dot, _ = name.partition(".")
        if not dot:
            return takes
        spec = self.definition.records[kind]
        bound = {None: (), "party": ("party",)}.get(spec.per, ("of",))
        return (f"{kind}.{name}" for name in (*bound, *spec.fields))

    def _extra(
        self, given: Iterable[str], wanted: Mapping[str, Ask], known: Mapping[str, Any], pointer: str
    ) -> None:
        self.extra += [
            (name, f"{pointer}/{_escaped(name)}") for name in given if name not in wanted or name not in known
        ]

    def fields(self) -> None:
        """Every given field, asked or not: for cases that come from a register."""
        self._extra(
            self.command.fields,
            {name: Ask(name=name) for name in self.definition.fields},
            self.definition.fields,
            "/fields",
        )
        for name in self.command.fields:
            if name in self.definition.fields:
                self._field(Ask(name=name))

    # ---- fields --------------------------------------------------------------------------------

    def _field(self, ask: Ask) -> None:
        if ask.name not in self.command.fields:
            if ask.needed:
                self.lacking.append(ask.name)
            return
        spec, given = self.definition.fields[ask.name], self.command.fields[ask.name]
        value = self._typed(spec, given, "fields", ask.name, "/fields")
        if value is not None:
            self.draft.emit(do="set", field=ask.name, value=value)

    def _typed(self, spec: FieldSpec, value: Any, section: str, name: str, pointer: str) -> Any:
        """``section``: where the definition describes the field; ``pointer``: what it was given in."""
        try:
            return typed(spec, value, self._known, lambda option: self._titles(f"{section}.{name}.{option}"))
        except Wrong as error:
            self.reasons.append(wrong(name, value, str(error), f"{pointer}/{name}"))
            return None

    def _known(self, kind: str, value: str) -> bool:
        if kind == "party":
            return value in self.draft.active()
        return self.draft.world.known(kind, value)

    def _titles(self, path: str) -> list[str]:
        """What the thing at a path is called in the languages beside the file."""
        return [texts[path] for texts in self.definition.translations.values() if path in texts]

    # ---- records -------------------------------------------------------------------------------

    def _records(self, ask: Ask) -> None:
        items = self.command.records.get(ask.name, ())
        against = unbound(self.draft, ask.name, self.command.trigger) if items or ask.needed else []
        if against:
            self.reasons += against
            return
        if ask.needed and not items:
            spec = self.definition.records[ask.name]
            lacking = [n for n, field in spec.fields.items() if not field.optional and not field.has_default]
            self.lacking.append(f"{ask.name} ({', '.join(lacking)})" if lacking else ask.name)
        if ask.mark in ("", "?") and len(items) > 1 and self.definition.records[ask.name].per is None:
            self.reasons.append(wrong(ask.name, len(items), "one item", f"/records/{ask.name}"))
            return
        for index, given in enumerate(items):
            self.item(ask.name, given, f"/records/{ask.name}/{index}")

    def item(self, kind: str, given: Mapping[str, Any], pointer: str) -> RecordItem | None:
        """Add one item of a record kind; None if something did not fit."""
        spec = self.definition.records[kind]
        before = len(self.reasons) + len(self.lacking) + len(self.extra)
        fields = self._item_fields(kind, spec, given, pointer)
        bound = self._bind(kind, spec, given, pointer)
        if len(self.reasons) + len(self.lacking) + len(self.extra) == before and spec.agent is not None:
            self._admitted(kind, spec.agent, fields, bound, pointer)
        if len(self.reasons) + len(self.lacking) + len(self.extra) > before:
            return None
        count = sum(1 for r in self.draft.state["records"] if r["kind"] == kind)
        event = self.draft.events[-1]
        item: dict[str, Any] = {
            "id": f"{kind}-{count + 1}",
            "kind": kind,
            "cycle": self.draft.state["cycle"],
            "at": event["at"],
            "by": event["actor"],
            "fields": fields,
            **bound,
        }
        self.draft.emit(do="record", item=item)
        return self.draft.state["records"][-1]

    def _admitted(
        self, kind: str, field: str, fields: Mapping[str, Any], bound: Mapping[str, str], pointer: str
    ) -> None:
        """FM-R217 where the party's role does not admit an agent of this kind."""
        role = next(p["role"] for p in self.draft.state["parties"] if p["no"] == bound["party"])
        admitted = self.definition.parties.roles[role].agents
        if field not in fields or fields[field] in admitted:
            return
        about = {"party": bound["party"], "given": fields[field], "admitted": ", ".join(admitted) or "-"}
        for lang, ending in (("en", ""), ("zh", "_zh")):
            words = {one: self._kind_of_agent(kind, field, one, lang) for one in (fields[field], *admitted)}
            about[f"role{ending}"] = who_title(self.draft.program, role, lang)
            about[f"agent{ending}"] = words[fields[field]]
            about[f"agents{ending}"] = ("、" if ending else ", ").join(words[one] for one in admitted) or "-"
        basis = self.draft.events[-1].get("basis")
        self.reasons.append(Reason("FM-R217", about, "input", basis, pointer=f"{pointer}/{field}"))

    def _kind_of_agent(self, kind: str, field: str, option: str, lang: str) -> str:
        return self.definition.text(f"records.{kind}.{field}.{option}", lang, option.replace("_", " "))

    def _item_fields(
        self, kind: str, spec: RecordSpec, given: Mapping[str, Any], pointer: str
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name in given:
            if name not in spec.fields and name not in ("party", "of"):
                self.extra.append((f"{kind}.{name}", f"{pointer}/{_escaped(name)}"))
        section = f"records.{kind}"
        for name, field in spec.fields.items():
            told = given.get(name)
            if told.__class__ is bool and field.kind == "bool":  # most answers: nothing to be made of them
                fields[name] = told
            elif told is not None:
                value = self._typed(field, told, section, name, pointer)
                if value is not None:
                    fields[name] = value
            elif field.has_default:
                fields[name] = field.default
            elif not field.optional:
                self.lacking.append(f"{kind}.{name}")
        return fields

    def _bind(self, kind: str, spec: RecordSpec, given: Mapping[str, Any], pointer: str) -> dict[str, str]:
        """The party or the item that this item belongs to."""
        if spec.per is None:
            return {}
        if spec.per == "party":
            return self._bind_party(kind, given, pointer)
        parents = self.draft.items(spec.per)
        wanted = given.get("of")
        found = find_item(parents, str(wanted)) if wanted is not None else (parents[-1] if parents else None)
        if found is None:
            self.lacking.append(f"{kind}.of ({spec.per})")
            return {}
        self.reasons += sealed(self.draft, found, pointer)
        return {"of": found["id"]}

    def _bind_party(self, kind: str, given: Mapping[str, Any], pointer: str) -> dict[str, str]:
        own = self.command.actor if self.command.actor in self.draft.active() else None
        no = given.get("party", own)
        if no is None:
            active = self.draft.active()
            if len(active) != 1:
                self.lacking.append(f"{kind}.party")
                return {}
            no = active[0]
        if no not in self.draft.active():
            wanted = "one of " + ", ".join(self.draft.active())
            self.reasons.append(wrong("party", no, wanted, f"{pointer}/party"))
        elif own is not None and no != own:
            because = "a party speaks only for itself"
            self.reasons.append(
                Reason("FM-R103", {"actor": own, "because": because}, "who", pointer=f"{pointer}/party")
            )
        return {"party": str(no)}

    # ---- parties -------------------------------------------------------------------------------

    def party(self, given: Mapping[str, Any], pointer: str) -> None:
        """A party joins: role, perhaps a name, and the party fields."""
        if not given:
            self.lacking.append("parties")
            return
        roles = self.definition.parties.roles
        role = given.get("role") or next(iter(roles))
        if not isinstance(role, str) or role not in roles:
            self.reasons.append(wrong("role", role, "one of " + ", ".join(roles), f"{pointer}/role"))
            return
        held = sum(1 for p in self.draft.state["parties"] if p["active"] and p["role"] == role)
        most = roles[role].max
        if most is not None and held >= most:
            self.reasons.append(wrong("role", role, f"at most {most} of this role", f"{pointer}/role"))
            return
        fields = self.party_fields(given, pointer)
        party: dict[str, Any] = {
            "no": f"P{len(self.draft.state['parties']) + 1}",
            "role": role,
            "active": True,
        }
        party.update({name: str(given[name]) for name in ("name", "person") if given.get(name)})
        party.update(self.speaks(given, role, pointer))
        self.draft.emit(do="party", party={**party, "fields": fields})

    def speaks(self, given: Mapping[str, Any], role: str, pointer: str, no: str = "") -> dict[str, bool]:
        """Whether a party is named a representative of its side, of whom there are so many at most."""
        told = given.get("representative")
        if told is None:
            return {}
        try:
            named = bool(typed(_YES_OR_NO, told, self._known, lambda option: ()))
        except Wrong as error:
            self.reasons.append(wrong("representative", told, str(error), f"{pointer}/representative"))
            return {}
        most = self.definition.parties.representatives
        others = [
            p for p in self.draft.state["parties"] if p["active"] and p["role"] == role and p["no"] != no
        ]
        if named and most is not None and sum(1 for p in others if p.get("representative")) >= most:
            titles = {
                "role": who_title(self.draft.program, role, "en"),
                "role_zh": who_title(self.draft.program, role, "zh"),
            }
            about = {"most": str(most), **titles}
            self.reasons.append(Reason("FM-R215", about, "input", pointer=f"{pointer}/representative"))
        return {"representative": named}

    def party_fields(self, given: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        known = self.definition.parties.fields
        fields: dict[str, Any] = {}
        for name, value in given.items():
            if name in (*PARTY_OWN, "no"):
                continue
            if name not in known:
                self.extra.append((name, f"{pointer}/{_escaped(name)}"))
                continue
            made = self._typed(known[name], value, "parties", name, pointer)
            if made is not None:
                fields[name] = made
        return fields


def _escaped(name: str) -> str:
    """As JSON pointers write a name (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def find_item(items: Sequence[RecordItem], name: str) -> RecordItem | None:
    """An item by id (``obligation-1``), by short id (``O1``) or by number."""
    for item in items:
        kind, _, number = item["id"].rpartition("-")
        if name in (item["id"], number, f"{kind[0].upper()}{number}"):
            return item
    return None
