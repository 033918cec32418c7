"""What a decision on a seat names by id, in the words of a language: roles, levels, facts of the case, functions."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.definitions.model import Vocabulary
from engine.domain.messages import text
from engine.machine.program import Program
from engine.routing.candidate import Excluded
from engine.rules.reading import Path
from engine.service.titles import role_title
from engine.service.words import words_of

Told = dict[str, Any]


class Wording:
    """The words of one definition and of the vocabulary that all share."""

    def __init__(self, program: Program, vocabulary: Vocabulary, lang: str) -> None:
        self._program, self._vocabulary, self._lang = program, vocabulary, lang
        self._words = words_of(program, lang)

    def out(self, out: Told) -> Told:
        """A stored exclusion with its reason as text."""
        params = {name: self._param(name, value) for name, value in out.get("params", {}).items()}
        return {**out, "text": Excluded(out["person"], out["because"], params).tell(self._lang)}

    def _param(self, name: str, value: Any) -> Any:
        title = {"roles": self.role, "levels": self.level, "skills": self.topic}.get(name)
        if title is None or not isinstance(value, str):
            return value
        return self._joint().join(title(one) for one in value.split(", "))

    def terms(self, terms: Mapping[str, Any]) -> Told:
        """The facts about somebody who was considered, role and level with their titles."""
        found = dict(terms)
        if terms.get("role"):
            found["role_title"] = self.role(str(terms["role"]))
        if terms.get("level"):
            found["level_title"] = self.level(str(terms["level"]))
        return found

    def role(self, name: str) -> str:
        """`officer`, or `officer@station`."""
        role, _, level = name.partition("@")
        title = role_title(self._vocabulary, role, self._lang)
        return text("word.role_at", self._lang, role=title, level=self.level(level)) if level else title

    def level(self, name: str) -> str:
        named = self._vocabulary.levels.get(name)
        if named is None:
            return name
        return named.zh if self._lang == "zh" and named.zh else named.title

    def topic(self, name: str) -> str:
        """What somebody is skilled in: a case type, or what a case is about."""
        definition = self._program.definition
        if name == definition.case_type:
            return self._words.title
        field = next((f for f, spec in definition.fields.items() if name in (spec.options or ())), None)
        return name if field is None else str(self._words.fields["fields"][field].value(name))

    def read(self, name: str, fact: Path | None, value: Any) -> Told:
        """What a column read: {name, title, value, value_title}."""
        title, spoken = self._fact(name, fact)
        return {"name": name, "title": title, "value": value, "value_title": self.said(value, spoken)}

    def _fact(self, name: str, fact: Path | None) -> tuple[str, Callable[[Any], Any]]:
        """By the field or the record's field that an expression is the name of; else the column names itself."""
        kind, _, field = ".".join(fact or ()).removeprefix("case.").partition(".")
        definition = self._program.definition
        if not field and kind in definition.fields:
            found = self._words.fields["fields"][kind]
        elif kind in definition.records and field in definition.records[kind].fields:
            found = self._words.fields[f"records.{kind}"][field]
        else:
            return name, lambda value: value
        return found.title, found.value

    def wanted(self, slot: str, value: Any) -> Told:
        """What was asked of the people: {name, title, value, value_title}."""
        spoken = {"roles": self.role, "levels": self.level, "skills": self.topic, "function": self.topic}
        told = self.said(value, spoken.get(slot, str))
        return {
            "name": slot, "title": text(f"routing.slot.{slot}", self._lang), "value": value, "value_title": told,
        }  # fmt: skip

    def said(self, value: Any, spoken: Callable[[Any], Any]) -> str:
        """A value as people read it; what is covered says so."""
        if isinstance(value, Mapping):
            return f"({text('word.masked', self._lang)})"
        if isinstance(value, list | tuple):
            return self._joint().join(self.said(one, spoken) for one in value) or "-"
        if isinstance(value, bool):
            return text("word.yes" if value else "word.no", self._lang)
        return "?" if value is None else str(spoken(value))

    def _joint(self) -> str:
        return text("word.out.joint", self._lang)
