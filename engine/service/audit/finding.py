"""What an audit finds: places that do not hold, each with its kind, and how many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.domain.messages import text
from engine.persistence.own_history import OWN

MOST = 10_000  # breaks that are listed; beyond, they are only counted

# kind -> code. The code says what sort of damage it is, the kind where it shows.
CODES = {
    "altered": "FM-V001",
    "rewritten": "FM-V001",
    "reordered": "FM-V001",
    "columns": "FM-V001",
    "unreadable": "FM-V001",
    "inserted": "FM-V001",
    "missing": "FM-V002",
    "cut": "FM-V002",
    "removed": "FM-V003",
    "orphan": "FM-V003",
    "number": "FM-V003",
    "withdrawn": "FM-V003",
    "head": "FM-V004",
    "body": "FM-V004",
    "row": "FM-V004",
    "mirror": "FM-V004",
    "state": "FM-V004",
    "definition": "FM-V005",
    "routing": "FM-V012",
    "mark_twice": "FM-V008",
    "mark_early": "FM-V008",
    "mark_stopped": "FM-V008",
    "seal": "FM-V006",
    "seal_gone": "FM-V006",
    "seal_place": "FM-V006",
    "anchor": "FM-V007",
    "anchor_gone": "FM-V007",
}


# the gravest first: what was done before what follows from it
GRAVITY = ("FM-V001", "FM-V002", "FM-V003", "FM-V006", "FM-V007", "FM-V008", "FM-V005", "FM-V012", "FM-V004")


@dataclass(frozen=True, slots=True)
class Break:
    """``ref`` is None where the store no longer says which case it was; ``case_id`` then still does.

    ``seq``: the act, or the number of the seal. ``what``: the column, table or other detail.
    """

    kind: str
    ref: str | None = None
    seq: int | None = None
    what: str = ""
    case_id: Any = None  # whatever stands in the column

    def told(self, lang: str) -> dict[str, Any]:
        return {
            "ref": _shown(self.ref),
            "seq": self.seq,
            "kind": self.kind,
            "what": _shown(self.what) or None,
            "case_id": self.case_id if isinstance(self.case_id, int) else None,
            "code": CODES[self.kind],
            "text": _shown(self.text(lang)),
        }

    def text(self, lang: str) -> str:
        unnamed = "audit_own" if self.case_id == OWN else "audit_case"
        who = self.ref or text(f"word.{unnamed}", lang, id=self.case_id)
        return text(f"word.break_{self.kind}", lang, ref=who, seq=self.seq, what=self.what)


def _shown(said: str | None) -> str | None:
    """Bytes that are no text were read as lone surrogates; nobody can print those."""
    return said if said is None else said.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass
class Found:
    """Breaks, each once."""

    breaks: list[Break] = field(default_factory=list)
    count: int = 0
    cases: set[Any] = field(default_factory=set)
    _seen: set[Break] = field(default_factory=set)

    def add(self, one: Break) -> None:
        if one in self._seen:
            return
        self.count += 1
        if len(self.breaks) < MOST:
            self._seen.add(one)
            self.breaks.append(one)
            if one.ref or one.case_id is not None:
                self.cases.add(one.ref or one.case_id)

    def ranked(self) -> list[Break]:
        """The gravest first, else in the order in which they were found."""
        return sorted(self.breaks, key=lambda one: GRAVITY.index(CODES[one.kind]))

    def add_all(self, several: Iterator[Break] | Sequence[Break]) -> None:
        for one in several:
            self.add(one)
