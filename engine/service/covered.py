"""What of a case somebody is shown at the doors, by the class of each fact and by what was sealed.

Nothing is taken out of the store. That there is something, and that it is closed, is shown to everybody: what is
covered stands as ``{"masked": true}``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions.closeness import class_now
from engine.definitions.model import Definition, FieldSpec, Tree
from engine.domain.access import Reader, closer, sight
from engine.domain.messages import text
from engine.machine.program import Program
from engine.rules.reading import Path
from engine.service import audience
from engine.service.audience import Audience

Shown = dict[str, Any]
Specs = Mapping[str, FieldSpec]
MASK: Shown = {"masked": True}
CASE = "case"  # what a whole case is sealed under
CONFIDENTIAL = "confidential"  # in what is kept of a reporter
INFORMANT = "informant"
REPORTER = "reporter"  # stands for the code of who reported, where he is not to be known as that
FILING = "file"
CLOSEST = "sealed"  # of what the definition no longer names


@dataclass(frozen=True, slots=True)
class Cover:
    """One case and one who looks at it. ``floor``: the class of the states it is in; ``shut``: what is sealed for
    him, ``case`` or kinds of records."""

    program: Program
    values: Mapping[str, Any]
    floor: str
    reader: Reader
    person: str | None
    shut: frozenset[str]
    lang: str
    quiet: bool = False  # the reporter asked not to be named to others
    unnamed: str | None = None  # who reported, where this reader must not know it of him
    seated: frozenset[str] = frozenset()  # when he acted from a seat of the case, as everybody may see

    @property
    def audience(self) -> Audience:
        """What of the decisions on seats is told to this reader."""
        return audience.of(self.person, self.reader.roles, self.program.outline.dispatch)

    @property
    def whole(self) -> bool:
        """The case is sealed for this reader."""
        return CASE in self.shut

    def paper(self, to: Sequence[str]) -> bool:
        """Whether a paper to these may be read: papers name the parties and say what happened."""
        names = [role.class_ for role in self._definition.parties.roles.values()]
        names += [self._reporter_class] if "reporter" in to else []
        return not self.shut and all(self._sight(given) == "all" for given in names)

    def reads(self, what: str, *, role: str = "") -> bool:
        """Whether it is shown who the ``party`` of a role or the ``reporter`` is, or what the ``field`` ``role`` says."""
        definition = self._definition
        if what == "party":
            known = definition.parties.roles.get(role)
            given: str | Tree = known.class_ if known else CLOSEST
        elif what == "reporter":
            given = self._reporter_class
        else:
            given = self._class_of(role, definition.fields)
        return not self.whole and self._sight(given) == "all"

    @property
    def _definition(self) -> Definition:
        return self.program.definition

    # ---- what is shown ---------------------------------------------------------------------------

    def line(self, shown: Shown) -> Shown:
        """A case in short, or whatever of it has these names."""
        covers: Shown = {
            "what": text("word.sealed_case", self.lang), "risk": None, "risk_title": None, "reporter": None,
            "external": None,
        } if self.whole else {"reporter": self._reporter(shown.get("reporter"))}  # fmt: skip
        if self.unnamed is not None and "waits_on" in shown:
            covers["waits_on"] = [
                {**one, "people": ""} if one["who"] == REPORTER else one for one in shown["waits_on"]
            ]
        return {**shown, **{name: value for name, value in covers.items() if name in shown}}

    def acted(self, person: Any, at: str, act: str = "") -> Any:
        """Who did something, by his code; ``reporter`` where the code would tell who reported."""
        hidden = person is not None and person == self.unnamed
        return REPORTER if hidden and (act == FILING or at not in self.seated) else person

    def written(self, to: Any) -> Any:
        """To whom a paper goes; what goes to who reported goes to him as that, whatever seat he has."""
        return REPORTER if to is not None and to == self.unnamed else to

    def case(self, shown: Shown) -> Shown:
        """The page of a case."""
        fields = {} if self.whole else self._fields(shown["fields"], self._definition.fields)
        return {
            **self.line(shown),
            "filed_by": self.acted(shown["filed_by"], shown["filed_at"], FILING),
            "fields": fields,
            "titled": [] if self.whole else self._titled(shown["titled"], self._definition.fields),
            "parties": [self._party(party) for party in shown["parties"]],
            "records": [self._item(item) for item in shown["records"]],
        }

    def event(self, shown: Shown) -> Shown:
        """An event: that it happened, when and by whom stays; what it brought only as far as it is shown."""
        changes = [self._of_event(change) for change in shown["changes"]]
        names = {} if self.unnamed is None else self._by(shown)
        return {**shown, **names, "changes": changes, **({"note": None} if self.whole else {})}

    def _by(self, shown: Shown) -> Shown:
        """Who did it, who typed it, for whom and who was told, without who reported."""
        at, act = shown["occurred_at"], shown["act"]
        named = {n: self.acted(shown[n], at, act) for n in ("actor", "entered_by", "acting_for")}
        told = [
            {**one, "to": [self.written(p) if one.get("form") else self.acted(p, at, act) for p in one["to"]]}
            for one in shown["told"]
        ]
        return {**named, "told": told}

    def anew(self, shown: Shown) -> Shown:
        """An event to who has just caused it: only what it states anew of the case, and why others were left out of
        a seat, is covered."""
        changes = [self._of_event(c) if c["do"] in ANEW | SEATS else c for c in shown["changes"]]
        return {**shown, "changes": changes}

    def told(self, name: str, value: Any) -> Any:
        """A value named as corrections name it: ``risk``, ``consent-1.decision``, ``P1.age``."""
        if name == "at":  # when an act happened
            return value
        holder, dot, field = name.rpartition(".")
        if not dot:
            return self._value(self._class_of(name, self._definition.fields), value)
        kind = holder.rpartition("-")[0]
        record = self._definition.records.get(kind)
        if record is None:
            return self._value(self._class_of(field, self._definition.parties.fields), value)
        if kind in self.shut or self.whole:
            return MASK
        return self._value(closer(self._now(record.class_), self._class_of(field, record.fields)), value)

    def decision(
        self,
        decision: Shown,
        reads: Mapping[str, Collection[Path]] | None = None,
        asks: Collection[str] | None = None,
    ) -> Shown:
        """Why somebody was picked, without what the rules read of closed facts and what would tell them.

        ``reads``: what of the case each column reads; where that is not known, its name counts. ``asks``: the columns
        that the rule itself asks about, None where any may be: a reason that rests on a closed fact is closed too.
        """
        ruling, against = decision.get("ruling", {}), decision.get("against")
        inputs = {
            name: self._read(name, value, reads or {}) for name, value in ruling.get("inputs", {}).items()
        }
        closed = text("word.masked", self.lang)
        shut = {name for name, value in inputs.items() if value is MASK}
        if shut:
            rests = shut if asks is None else shut & set(asks)
            told = {name: closed for name in ("because", "because_zh") if rests and name in ruling}
            decision = {**decision, "ruling": {**ruling, **told, "inputs": inputs}}
        if (
            against is not None
            and "inputs" in against["params"]
            and self._closes(against["params"]["inputs"])
        ):
            params = {**against["params"], "inputs": closed}
            decision = {**decision, "against": {**against, "params": params}}
        return decision

    def _read(self, name: str, value: Any, reads: Mapping[str, Collection[Path]]) -> Any:
        """What a column read."""
        if value is None:
            return None
        if self.whole:
            return MASK
        known = [self._class_at(path) for path in reads[name]] if name in reads else self._classes_named(name)
        if any(record in self.shut for record, _ in known):
            return MASK
        return self._value(closer("public", *(found for _, found in known)), value)

    def _closes(self, said: str) -> bool:
        """Whether a list of ``name = value`` tells something that is closed."""
        names = [part.partition(" = ")[0] for part in str(said).split(", ")]
        return any(self._read(name, "?", {}) is MASK for name in names)

    def _class_at(self, path: Path) -> tuple[str, str]:
        """The kind of record, if it is one, and the class of what stands there; what no field holds is public."""
        holder, *inner = path
        if holder in self._definition.fields:
            return "", self._class_of(holder, self._definition.fields)
        record = self._definition.records.get(holder)
        if record is not None:
            names = inner[:1] if inner and inner[0] in record.fields else list(record.fields)
            return holder, closer(*(self._class_of(name, record.fields, record.class_) for name in names))
        return "", CLOSEST if holder in ("parties", "reporter") else "public"

    def _classes_named(self, name: str) -> list[tuple[str, str]]:
        """Wherever a field has this name; where none has, it may be any."""
        records = [(kind, name) for kind, record in self._definition.records.items() if name in record.fields]
        own: list[Path] = [(name,)] if name in self._definition.fields else []
        every = [(field,) for field in self._definition.fields] + [(k,) for k in self._definition.records]
        return [self._class_at(path) for path in (*own, *records) or every]

    # ---- parts -----------------------------------------------------------------------------------

    def _party(self, party: Shown) -> Shown:
        specs = self._definition.parties.fields
        role = self._definition.parties.roles.get(party["role"])
        if self.whole:
            kept = {name: value for name, value in party.items() if name not in ("name", "person")}
            return {**kept, "fields": {}, **({"titled": []} if "titled" in party else {})}
        name: Shown = {
            n: self._value(role.class_ if role else CLOSEST, party[n])
            for n in ("name", "person")
            if n in party
        }
        titled = {"titled": self._titled(party["titled"], specs)} if "titled" in party else {}
        return {**party, **name, "fields": self._fields(party["fields"], specs), **titled}

    def _item(self, item: Shown) -> Shown:
        kind, brought = item["kind"], item["by"]
        item = {**item, "by": self.acted(brought, item["at"])}
        titled: Shown = {"titled": []} if "titled" in item else {}
        if self.whole or kind in self.shut:
            return {**item, "fields": {}, **titled, "sealed": True}
        record = self._definition.records.get(kind)
        own, floor = brought == self.person, record.class_ if record else CLOSEST
        specs = record.fields if record else {}
        if titled:
            titled = {"titled": self._titled(item["titled"], specs, floor, own=own)}
        return {**item, "fields": self._fields(item["fields"], specs, floor, own=own), **titled}

    def _reporter(self, reporter: Any) -> Any:
        return reporter if reporter is None else self._value(self._reporter_class, reporter)

    @property
    def _reporter_class(self) -> str:
        """As the definition keeps it; who reports in confidence is kept as those are who inform on others."""
        own = self._now(self._definition.reporter.class_)
        return closer(own, INFORMANT) if self.quiet else own

    def _fields(
        self, values: Mapping[str, Any], specs: Specs, floor: str | Tree = "public", *, own: bool = False
    ) -> Shown:
        return {n: self._value(self._class_of(n, specs, floor), v, own=own) for n, v in values.items()}

    def _titled(
        self, parts: Sequence[Shown], specs: Specs, floor: str | Tree = "public", *, own: bool = False
    ) -> list[Shown]:
        made = []
        for part in parts:
            value = self._value(self._class_of(part["name"], specs, floor), part["value"], own=own)
            hidden = {"value": MASK, "value_title": text("word.masked", self.lang)}
            made.append({**part, **hidden} if value is MASK else part)
        return made

    # ---- changes of an event -----------------------------------------------------------------------

    def _of_event(self, change: Shown) -> Shown:
        return self.audience.change(change) if change["do"] in SEATS else self._change(change)

    def _change(self, change: Shown) -> Shown:
        if self.whole and change["do"] in CONTENT:
            return {"do": "sealed"}
        if "decision" in change:
            return {**change, "decision": self.decision(change["decision"])}
        return self._content(change)

    def _content(self, change: Shown) -> Shown:
        match change["do"]:
            case "set":
                return self._set(change)
            case "record":
                return self._record(change)
            case "amend":
                return self._amended(change)
            case "party":
                return {**change, "party": self._party(change["party"])}
            case "party_change":
                return self._party_change(change)
            case "corrected":
                told = {"told": self.corrected(change["told"])} if "told" in change else {}
                return {
                    **change,
                    **{side: self._sides(change[side]) for side in ("before", "after")},
                    **told,
                }
            case "file":
                return {**change, "case": self._parts(change["case"])}
            case "restore":
                return {"do": "sealed"} if self.shut else {**change, "to": self._parts(change["to"])}
        return change

    def _set(self, change: Shown) -> Shown:
        (shown,) = self._titled([change], self._definition.fields)
        return shown

    def _record(self, change: Shown) -> Shown:
        item = self._item(change["item"])
        if item.get("sealed"):
            return {"do": "sealed"}
        record = self._definition.records.get(item["kind"])
        floor, specs = (record.class_, record.fields) if record else (CLOSEST, {})
        fields = self._titled(change["fields"], specs, floor, own=item["by"] == self.person)
        return {**change, "item": item, "fields": fields}

    def _amended(self, change: Shown) -> Shown:
        if change["record"].rpartition("-")[0] in self.shut:
            return {"do": "sealed"}
        return {
            **change,
            "fields": {n: self.told(f"{change['record']}.{n}", v) for n, v in change["fields"].items()},
        }

    def _party_change(self, change: Shown) -> Shown:
        closest = closer(*(self._now(role.class_) for role in self._definition.parties.roles.values()))
        name = {"name": self._value(closest, change["name"])} if "name" in change else {}
        return {**change, **name, "fields": self._fields(change["fields"], self._definition.parties.fields)}

    def corrected(self, told: Sequence[Shown]) -> list[Shown]:
        """What a correction changed (:func:`engine.service.titles.corrected`), without what is closed."""
        made = []
        for change in told:
            sides = {side: self.told(change["name"], change[side]) for side in ("before", "after")}
            words = {f"{side}_title": text("word.masked", self.lang) for side in sides if sides[side] is MASK}
            made.append({**change, **sides, **words})
        return made

    def _sides(self, said: Mapping[str, Any]) -> Shown:
        return {name: self.told(name, value) for name, value in said.items()}

    def _parts(self, parts: Shown) -> Shown:
        """Parts of a case's state, as it was filed or as a taken back act leaves it."""
        made = dict(parts)
        if "fields" in parts:
            made["fields"] = self._fields(parts["fields"], self._definition.fields)
        for name, work in (("parties", self._party), ("records", self._item)):
            if name in parts:
                made[name] = [work(one) for one in parts[name]]
        if "filed_by" in parts:
            made["filed_by"] = self.acted(parts["filed_by"], parts.get("filed_at", ""), FILING)
        if "reporter" in parts:
            made["reporter"] = self._reporter(parts["reporter"])
        return made

    # ---- classes -----------------------------------------------------------------------------------

    def _class_of(self, name: str, specs: Specs, floor: str | Tree = "public") -> str:
        spec = specs.get(name)
        return closer(self._now(floor), CLOSEST if spec is None else self._now(spec.class_))

    def _now(self, given: str | Tree) -> str:
        return class_now(self._definition, given, self.values)

    def _sight(self, given: str | Tree, *, own: bool = False) -> str:
        wanted = self._now(given)
        return sight(wanted if wanted == "public" else closer(wanted, self.floor), self.reader, own=own)

    def _value(self, given: str | Tree, value: Any, *, own: bool = False) -> Any:
        """The value, or the mask in its place; of what is empty there is nothing to cover."""
        if value is None or value == "":
            return value
        seen = self._sight(given, own=own)
        return value if seen == "all" or (seen == "flags" and isinstance(value, bool)) else MASK


CONTENT = frozenset({"set", "record", "amend", "party", "party_change", "corrected", "restore", "file"})
SEATS = frozenset({"seat", "incident", "unseat"})
ANEW = frozenset({"restore"})  # whole parts of the case, whoever had brought what stands in them
