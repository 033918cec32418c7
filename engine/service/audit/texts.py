"""The stored definitions, read afresh from the store: what a process remembers proves nothing."""

import hashlib
import json
from typing import Any

from engine.definitions.canonical import content_hash, from_json
from engine.definitions.model import Vocabulary
from engine.definitions.written.reader import Reader
from engine.machine.program import Program, compile_definition
from engine.persistence.raw import rows
from engine.persistence.unit import Unit
from engine.routing.table.load import read_sheet
from engine.service.law import VOCABULARY

# what was found sound once, by the very texts: reading one anew takes longer than following a thousand events
_sound: dict[tuple[Any, str, str], Program] = {}
_unaltered: set[tuple[Any, str]] = set()
MOST_KEPT = 100


class Texts:
    """``faults``: per hash, what is wrong with a stored text (missing, altered, or why it cannot be used);
    ``tables``: the same of the tables by which seats are filled."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._programs: dict[Any, Program | None] = {}
        self.faults: dict[Any, str] = {}
        self.tables: dict[Any, str] = {}

    def program(self, digest: Any) -> Program | None:
        if digest not in self._programs:
            self._programs[digest] = self._load(digest)
        return self._programs[digest]

    def all(self) -> list[tuple[Any, Any]]:
        """Every stored text, (hash, case type); the vocabulary too."""
        return [
            (r[0], r[1]) for r in rows(self._unit, "SELECT hash, case_type FROM definition ORDER BY hash")
        ]

    def check_all(self) -> None:
        """Those that no case is pinned to as well: the next filing may follow them."""
        self._check_vocabulary()
        query = "SELECT hash, body FROM definition WHERE case_type <> ?"
        for digest, body in rows(self._unit, query, VOCABULARY):
            if digest not in self._programs:
                self._check(digest, body)

    def check_tables(self) -> None:
        """Routing tables say what their hash says, and those that decided something are there."""
        held = rows(self._unit, "SELECT hash, source FROM routing_table ORDER BY hash")
        for digest, source in held:
            key = digest, _sha(source)
            if key in _unaltered:
                continue
            if _digest(source) == digest:
                _unaltered.add(key)
            else:
                self.tables[digest] = "altered"
        there = {digest for digest, _ in held}
        query = "SELECT DISTINCT table_hash FROM seat_pick WHERE table_hash IS NOT NULL ORDER BY 1"
        self.tables |= {digest: "missing" for (digest,) in rows(self._unit, query) if digest not in there}

    def _check(self, digest: Any, body: Any) -> None:
        key = digest, _sha(body)
        if key in _unaltered:
            return
        try:
            altered = content_hash(from_json(json.loads(body))) != digest
        except Exception as error:  # whatever somebody wrote there
            self.faults[digest] = f"{type(error).__name__}"
            return
        if altered:
            self.faults[digest] = "altered"
            return
        if len(_unaltered) >= MOST_KEPT:
            _unaltered.clear()
        _unaltered.add(key)

    def _check_vocabulary(self) -> None:
        query = "SELECT hash, body FROM definition WHERE case_type = ?"
        for digest, body in rows(self._unit, query, VOCABULARY):
            if _sha(body) != digest:
                self.faults[digest] = "altered"

    def _load(self, digest: Any) -> Program | None:
        found = rows(self._unit, "SELECT body FROM definition WHERE hash = ?", digest)
        if not found:
            self.faults[digest] = "missing"
            return None
        words = self._words()
        key = digest, _sha(found[0][0]), _sha(words)
        if key in _sound:
            return _sound[key]
        try:
            definition = from_json(json.loads(found[0][0]))
            if content_hash(definition) != digest:
                self.faults[digest] = "altered"
                return None
            made = compile_definition(definition, digest, _vocabulary(words))
        except Exception as error:  # whatever somebody wrote there
            self.faults[digest] = f"{type(error).__name__}"
            return None
        if len(_sound) >= MOST_KEPT:
            _sound.clear()
        _sound[key] = made
        return made

    def _words(self) -> str:
        query = "SELECT body FROM definition WHERE case_type = ? AND status = 'active' ORDER BY added_at DESC"
        found = rows(self._unit, f"{query} LIMIT 1", VOCABULARY)
        return str(found[0][0]) if found else ""


def _vocabulary(words: str) -> Vocabulary:
    try:
        return Vocabulary.model_validate(json.loads(words))
    except Exception:  # told by check_all
        return Vocabulary.model_validate({"roles": {}, "levels": {}, "links": {}, "classes": {}})


def _digest(source: Any) -> str | None:
    """The hash of what tables say; None where they cannot be read."""
    sheet = read_sheet(Reader("routing.yaml"), str(source), "routing.yaml")
    return None if sheet is None else sheet.digest


def _sha(text: Any) -> str:
    return hashlib.sha256(str(text).encode("utf-8", "surrogateescape")).hexdigest()
