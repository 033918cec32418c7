"""The tables of a page about what a case knows: parties, seats, records, fields, rules, outcomes."""

from engine.definitions.model import FieldSpec, RecordSpec, Tree
from engine.definitions.page.markdown import code, plain, section, table
from engine.definitions.wording import Wording


class FactTables:
    def __init__(self, en: Wording, zh: Wording) -> None:
        self.en, self.zh, self.definition = en, zh, en.definition

    def _zh(self, english: str, chinese: str) -> str:
        return plain(chinese) if chinese != english else ""

    def parties(self) -> list[str]:
        head = ["Party", "Title", "中文", "How many", "Agents it may have", "Class of the name"]
        rows = []
        for name, role in self.definition.parties.roles.items():
            many = f"{role.min} or more" if role.max is None else f"{role.min} to {role.max}"
            title, chinese = self.en.who(name), self.zh.who(name)
            agents = plain(", ".join(agent.replace("_", " ") for agent in role.agents))
            rows.append(
                [code(name), plain(title), self._zh(title, chinese), many, agents, self._class(role.class_)]
            )
        return table(head, rows)

    def seats(self) -> list[str]:
        head = ["Seat", "Title", "中文", "Filled from", "How many", "Accepts"]
        rows = []
        for name, seat in self.en.outline.seats.items():
            many = str(seat.least) if seat.least == seat.most else f"{seat.least} to {seat.most}"
            title, chinese = self.en.seat(name), self.zh.seat(name)
            accepts = "must accept" if seat.accept else ""
            rows.append(
                [
                    code(name),
                    plain(title),
                    self._zh(title, chinese),
                    plain(self.en.people(seat.of)),
                    many,
                    accepts,
                ]
            )
        return table(head, rows)

    def fields(self) -> list[str]:
        head = ["Fact", "Title", "中文", "Kind", "If nothing is said", "Class"]
        rows = []
        for section_, fields in (("", self.definition.fields), ("party", self.definition.parties.fields)):
            for name, spec in fields.items():
                title, chinese = self.en.fact(name), self.zh.fact(name)
                shown = code(f"{section_}.{name}" if section_ else name)
                default = code(str(spec.default).lower()) if spec.has_default and spec.default != [] else ""
                kind = self._kind(spec)
                rows.append(
                    [shown, plain(title), self._zh(title, chinese), kind, default, self._class(spec.class_)]
                )
        return table(head, rows)

    def _class(self, given: str | Tree) -> str:
        if isinstance(given, str):
            return plain(given)
        parts = [
            f"{option.replace('_', ' ')} {self._class_of(inner)}" for option, inner in given.options.items()
        ]
        parts += [f"else {self._class_of(given.otherwise)}"] if given.has_else else []
        return plain(f"by {self.en.fact(given.by)}: {', '.join(parts)}")

    def _class_of(self, inner: object) -> str:
        return self._class(inner) if isinstance(inner, str | Tree) else ""

    def _kind(self, spec: FieldSpec) -> str:
        options = f": {', '.join(spec.options)}" if spec.options else ""
        return plain(f"{spec.kind}{options}{', may be left out' if spec.optional else ''}")

    def records(self) -> list[str]:
        head = [
            "Record",
            "Title",
            "中文",
            "Holds",
            "One for each",
            "Who adds it, where",
            "Signed by",
            "Kept",
            "Class",
        ]
        return table(head, (self._record(name, spec) for name, spec in self.definition.records.items()))

    def _record(self, name: str, spec: RecordSpec) -> list[str]:
        title, chinese = self.en.fact(name), self.zh.fact(name)
        holds = ", ".join(
            f"{field.replace('_', ' ')}{'?' if s.optional else ''}" for field, s in spec.fields.items()
        )
        added = f"{self.en.people(spec.by)}, in {self.en.states(spec.in_)}" if spec.by else "with an act"
        signed = "" if spec.signed_by is None else self.en.value(spec.signed_by)
        if spec.agent is not None:
            holds += f"; {spec.agent.replace('_', ' ')} is one that the party's role admits"
        per = self.en.who("party") if spec.per == "party" else self.en.fact(spec.per) if spec.per else ""
        return [
            code(name),
            plain(title),
            self._zh(title, chinese),
            plain(holds),
            plain(per),
            plain(added),
            plain(signed) if not isinstance(spec.signed_by, Tree) else plain(self._tree(spec, signed)),
            "through reopenings" if spec.lasts == "case" else "",
            self._class(spec.class_),
        ]

    def _tree(self, spec: RecordSpec, said: str) -> str:
        """The field that decides is one of the record's own."""
        by = spec.signed_by.by if isinstance(spec.signed_by, Tree) else ""
        return said.replace(f"by {by} ", f"by its field {by} ")

    def rules(self) -> list[str]:
        head = ["Rule", "Holds if", "Otherwise it is said", "中文", "Basis"]
        rows = []
        for name, rule in self.definition.rules.items():
            chinese = self._zh(rule.because, self.zh.rule(name))
            rows.append([code(name), code(rule.that), plain(rule.because), chinese, plain(rule.basis or "")])
        return table(head, rows)

    def params(self) -> list[str]:
        head = ["Parameter", "Value"]
        return table(head, ([code(n), plain(self.en.value(v))] for n, v in self.definition.params.items()))

    def outcomes(self) -> list[str]:
        head = ["Outcome", "Title", "中文", "Grade"]
        rows = []
        for name, outcome in self.definition.outcomes.items():
            title, chinese = self.en.outcome(name), self.zh.outcome(name)
            rows.append(
                [code(name), plain(title), self._zh(title, chinese), self.en.word(f"grade.{outcome.grade}")]
            )
        return table(head, rows)

    def milestones(self) -> list[str]:
        head = ["Milestone", "Is reached by"]
        rows = ([code(n), ", ".join(map(code, by))] for n, by in self.definition.milestones.items())
        return table(head, rows)

    def counts(self) -> list[str]:
        head = ["Activity", "中文", "Counts", "Of"]
        rows = []
        for name, spec in self.definition.counts.items():
            title, chinese = self.en.activity(name), self.zh.activity(name)
            what = [f"cases that end {code(one)}" for one in spec.outcomes]
            what += [f"each record {code(one)}" for one in spec.records]
            rows.append(
                [plain(title), self._zh(title, chinese), "; ".join(what), ", ".join(map(code, spec.of))]
            )
        return table(head, rows)

    def sections(self) -> list[str]:
        lines = section("Parties", self.parties())
        lines += section("Seats", self.seats())
        lines += section("Records", self.records())
        lines += section("Facts", self.fields())
        lines += section("Rules", self.rules())
        lines += section("Parameters", self.params())
        lines += section("Outcomes", self.outcomes())
        lines += section("Milestones", self.milestones())
        return lines + section("Counted work", self.counts())
