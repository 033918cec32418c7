"""What codes are called on a page: units with their code, places by name, what definitions name by its title.

People stay codes, as on a case's page. Names are those of the instant of the report, titles those of the newest text
that was in the store then.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.definitions.model import Vocabulary
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording
from engine.domain.messages import text
from engine.persistence.as_known import Known, as_known
from engine.persistence.raw import rows
from engine.persistence.unit import Unit

Row = Mapping[str, Any]
# what a value says by a word of the catalogue: of a column, the words' family
WORDS = {
    "phase": "phase",
    "grade": "grade",
    "channel": "word.channel_",
    "stands": "word.stands",
    "which": "word.which",
    "why": "word.look",
    "leg": "word.leg",
    "per": "word.stats_per_",
}


class Names:
    """One for each page; what is asked for is read once."""

    def __init__(self, unit: Unit, lang: str, at: datetime) -> None:
        self.unit, self.lang, self.at = unit, lang, at
        self._told: dict[str, Callable[[str, Row], str | None]] = {
            "unit": lambda code, _: self._units.get(code),
            "other": lambda code, _: self._units.get(code),
            "place": lambda code, _: self._places.get(code),
            "type": self._type,
            "outcome": lambda name, row: self._title(row, lambda one: name in one.definition.outcomes, lambda one: one.outcome(name)),
            "state": self._state,
            "from": self._state,
            "to": self._state,
            "waits_for": lambda _, row: row.get("waits_for_title"),  # as the figure itself says it
            "activity": self._activity,
        }  # fmt: skip

    def unit_called(self, code: str | None) -> str | None:
        return code and self._units.get(code, code)

    def drawn(self, path: str, value: Any, row: Row) -> Any:
        """As :meth:`told`, but a unit by name alone, since a legend has little room; two of one name with their codes."""
        if path.rpartition(".")[2] in ("unit", "other") and isinstance(value, str):
            return self._units_alone.get(value, value)
        return self.told(path, value, row)

    def told(self, path: str, value: Any, row: Row) -> Any:
        """``value`` of the column ``path`` in words; as it stands where there are none."""
        name = path.rpartition(".")[2]
        if isinstance(value, list):
            return ", ".join(str(self.told(path, one, row)) for one in value)
        if not isinstance(value, str):
            return value
        if name in self._told:
            return self._told[name](value, row) or value
        if name in WORDS:
            return self._word(WORDS[name], value) or value
        return (
            (self._option(name, value, row) or value) if path.startswith("key.") or name == "risk" else value
        )

    # ---- the organisation ------------------------------------------------------------------------------------

    @cached_property
    def _known(self) -> Known:
        return as_known(self.unit, self.at)

    @cached_property
    def _units(self) -> dict[str, str]:
        found = ((one.code, one.name) for one in self._known.units().values())
        return {code: f"{name} ({code})" for code, name in found if name and name != code}

    @cached_property
    def _units_alone(self) -> dict[str, str]:
        return _alone({code: one.name for code, one in self._known.units().items() if one.name})

    @cached_property
    def _places(self) -> dict[str, str]:
        return _alone({code: one.name for code, one in self._known.places().items()})

    # ---- definitions -----------------------------------------------------------------------------------------

    @cached_property
    def _texts(self) -> list[Wording]:
        """Of every text that was there, the newest first, those that came later last."""
        from engine.analytics.traces.law import law

        found = [
            (_instant(added) > self.at, content_hash)
            for content_hash, kind, added in rows(
                self.unit, "SELECT hash, case_type, added_at FROM definition ORDER BY added_at DESC, hash"
            )
            if not kind.startswith("@")  # the shared vocabulary
        ]
        laws = [
            law(self.unit, content_hash).definition
            for _, content_hash in sorted(found, key=lambda one: one[0])
        ]
        words = self._vocabulary
        return [Wording(Outline(one), lang=self.lang, vocabulary=words) for one in laws if one is not None]

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return self._known.vocabulary()

    def _of(self, row: Row) -> Iterator[Wording]:
        """Those of the row's own case type first."""
        wanted = row.get("type") or (row.get("key") or {}).get("type")
        yield from sorted(self._texts, key=lambda one: one.definition.case_type != wanted)

    def _title(
        self, row: Row, knows: Callable[[Wording], bool], tell: Callable[[Wording], str]
    ) -> str | None:
        return next((tell(one) for one in self._of(row) if knows(one)), None)

    def _type(self, name: str, row: Row) -> str | None:
        return self._title(row, lambda one: one.definition.case_type == name, lambda one: one.case_type())

    def _state(self, name: str, row: Row) -> str | None:
        return self._title(row, lambda one: name in one.outline.specs, lambda one: one.state(name))

    def _activity(self, name: str, _row: Row) -> str | None:
        found = self._vocabulary.activities.get(name)
        return None if found is None else found.zh if self.lang == "zh" and found.zh else found.title

    def _option(self, name: str, value: str, row: Row) -> str | None:
        """What a choice is called."""
        return self._title(
            row,
            lambda one: (
                name in one.definition.fields and value in (one.definition.fields[name].options or ())
            ),
            lambda one: one.definition.text(f"fields.{name}.{value}", self.lang, value.replace("_", " ")),
        )

    def _word(self, family: str, value: str) -> str | None:
        name = f"{family}{value}" if family.endswith("_") else f"{family}.{value}"
        found = text(name, self.lang)
        return None if found == name else found


def _alone(called: Mapping[str, str]) -> dict[str, str]:
    """By name alone; two of one name with their codes."""
    often = Counter(called.values())
    return {code: name if often[name] == 1 else f"{name} ({code})" for code, name in called.items()}


def _instant(value: Any) -> datetime:
    """As the driver gives it: SQLite as text without a zone."""
    return datetime.fromisoformat(f"{value}+00:00") if isinstance(value, str) else value
