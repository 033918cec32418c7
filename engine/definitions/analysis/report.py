"""Findings as the analysis collects them: by code and path, each with its place in the file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.position import Positions
from engine.domain import messages


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the catalogue inside a finding, in every language; several are joined by semicolons."""

    id: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        given = {
            name: value.text(lang) if isinstance(value, Phrase) else value
            for name, value in self.params.items()
        }
        return messages.text(self.id, lang, **given)


def phrase(name: str, /, **params: Any) -> Phrase:
    return Phrase(name, params)


def phrases(given: Iterable[Phrase], lang: str) -> str:
    return (";" if lang == "zh" else "; ").join(part.text(lang) for part in given)


@dataclass(slots=True)
class Report:
    """``positions`` is None for a definition from the store: its findings have a path only."""

    positions: Positions | None = None
    findings: list[Finding] = field(default_factory=list)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, code: str, path: str, /, *, column: int = 0, **params: Any) -> None:
        """Add a finding (``D202`` for FM-D202), one of a code for each path.

        A parameter may be a phrase or a list of phrases. ``column`` counts from 1 inside the text at the path.
        """
        if (code, path) in self._told:
            return
        self._told.add((code, path))
        told = _in_words(params)
        if self.positions is None:
            self.findings.append(Finding(f"FM-{code}", told, column=column, path=path))
            return
        at = self.positions.at(path, column) if column else self.positions.find(path)
        self.findings.append(Finding(f"FM-{code}", told, at.file, at.line, at.column, path))


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Phrase):
            value = [value]
        if isinstance(value, list):
            told[name], told[f"{name}_zh"] = phrases(value, "en"), phrases(value, "zh")
        else:
            told[name] = value
    return told


def near(name: str, known: Collection[str]) -> str:
    """The known name most like a misspelt one; empty if none is."""
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=0.6)), "")


def listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
