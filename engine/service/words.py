"""A definition's words in one language, each put together once: answers are full of them."""

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import FieldSpec
from engine.machine.judge import act_title, clock_title, fact_title, state_title, who_title
from engine.machine.program import Program
from engine.persistence.kept import Kept, Made

MOST_KEPT = 256


class Words:
    """Titles by name, of one program in one language: ``words.act["screen"]``, ``words.fields["fields"]["risk"]``."""

    def __init__(self, program: Program, lang: str) -> None:
        self.program, self.lang = program, lang
        definition = program.definition
        self.title = definition.text("title", lang, definition.title)
        self.act = Made(lambda name: act_title(program, name, lang))
        self.state = Made(lambda name: state_title(program, name, lang))
        self.fact = Made(lambda name: fact_title(program, name, lang))
        self.clock = Made(lambda name: clock_title(program, name, lang))
        self.who = Made(lambda name: who_title(program, name, lang))
        self.outcome = Made(self._outcome)
        self.offers = Made(self._offers)
        self.fields = Made(lambda path: Made(lambda name: FieldWords(program, path, name, lang)))

    def _offers(self, acts: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"act": act, "title": self.act[act]} for act in acts]

    def _outcome(self, name: str) -> str:
        definition = self.program.definition
        title = definition.outcomes[name].title or name.replace("_", " ")
        return definition.text(f"outcomes.{name}.title", self.lang, title)


class FieldWords:
    """The title of a field and, for choices, those of its options. ``path``: where its texts stand."""

    __slots__ = ("_option", "plain", "title")

    def __init__(self, program: Program, path: str, name: str, lang: str) -> None:
        spec = _specs(program, path).get(name)
        text = program.definition.text
        self.title = text(
            f"{path}.{name}.title", lang, (spec.title if spec else None) or name.replace("_", " ")
        )
        self._option = (
            Made(lambda option: text(f"{path}.{name}.{option}", lang, str(option).replace("_", " ")))
            if spec is not None and spec.options
            else None
        )
        self.plain = self._option is None

    def value(self, value: Any) -> Any:
        """The value in words; what is no choice says itself."""
        if self._option is None:
            return value
        return [self._option[one] for one in value] if isinstance(value, list) else self._option[value]


def _specs(program: Program, path: str) -> Mapping[str, FieldSpec]:
    definition = program.definition
    if path == "fields":
        return definition.fields
    if path == "parties.fields":
        return definition.parties.fields
    return definition.records[path.removeprefix("records.")].fields


_kept: Kept[tuple[int, str], Words] = Kept(MOST_KEPT)


def words_of(program: Program, lang: str) -> Words:
    """The words of a program; they hold it, so that its place in memory stays its own."""
    found = _kept.find((id(program), lang))
    if found is None:
        found = _kept.keep((id(program), lang), Words(program, lang))
    return found
