"""What a ``routing.yaml`` says, as values: every shorthand written out, nothing resolved against a case type.

Expressions stay text. ``path`` is the place in the file (``tables.route.rules.3``), for findings.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

Hit = Literal["unique", "first", "priority", "collect"]
HITS: tuple[Hit, ...] = ("unique", "first", "priority", "collect")
COLLECTS = ("sum", "max", "min", "count")
LISTS = ("levels", "roles", "skills", "languages", "prefer")  # slots that hold several names
SINGLES = ("function", "sex", "weight", "acknowledge", "grace")
SLOTS = ("function", *LISTS, "sex", "weight", "acknowledge", "grace")

Plain = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One condition on one column.

    ``kind``: any (nothing is asked), of (one of ``values``), not (none of them), compare (``op`` and the one
    value) or range (from the first value to the second; ``op`` holds its brackets, square ones take the end in).
    """

    kind: Literal["any", "of", "not", "compare", "range"]
    values: tuple[Plain, ...] = ()
    op: str = ""


@dataclass(frozen=True, slots=True)
class Cel:
    """A value that is worked out from the case."""

    text: str


Given = Plain | Cel | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """``cells`` by column, the columns that ask nothing left out; ``then`` by slot, a table with ``gives``
    has the one slot ``value``. ``rank`` is 1 for the rule that goes before all others (hit: priority)."""

    id: str
    cells: Mapping[str, Cell]
    when: str | None
    then: Mapping[str, Given]
    because: str
    basis: str = ""
    basis_zh: str = ""
    zh: str = ""
    rank: int | None = None
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Exactly one of ``gives`` (a field) and ``seats`` (those it decides) is set. ``otherwise``: the rule
    that holds where no other does."""

    name: str
    title: str
    hit: Hit
    inputs: Mapping[str, str]
    rules: tuple[Rule, ...]
    gives: str | None = None
    seats: tuple[str, ...] = ()
    otherwise: Rule | None = None
    priority: tuple[str, ...] = ()
    collect: str | None = None
    basis: str = ""
    basis_zh: str = ""
    zh: str = ""
    path: str = field(default="", compare=False)

    @property
    def each(self) -> tuple[Rule, ...]:
        return self.rules if self.otherwise is None else (*self.rules, self.otherwise)


@dataclass(frozen=True, slots=True)
class Branch:
    """A group or an option of the category tree. What it does not say, it has from what it lies in."""

    name: str
    title: str = ""
    zh: str = ""
    owner: str | None = None
    levels: tuple[str, ...] = ()
    acknowledge: str | None = None
    under: tuple["Branch", ...] = ()
    path: str = field(default="", compare=False)

    def leaves(self) -> Iterator["Branch"]:
        """The options that lie under it; it itself if nothing does."""
        if not self.under:
            yield self
        for inner in self.under:
            yield from inner.leaves()


@dataclass(frozen=True, slots=True)
class Categories:
    """``unknown``: what holds while the case has no category yet; without it such a case gets no answer where
    the category would count."""

    field: str
    tree: tuple[Branch, ...]
    unknown: Branch | None = None

    def groups(self) -> Iterator[Branch]:
        waiting = list(self.tree)
        while waiting:
            branch = waiting.pop(0)
            if branch.under:
                yield branch
                waiting[:0] = branch.under


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole file."""

    case_type: str
    title: str
    version: str
    tables: tuple[Table, ...]
    basis: str = ""
    basis_zh: str = ""
    zh: str = ""
    categories: Categories | None = None
    scores: Mapping[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 in hex over what it says; layout, comments and the order of keys do not count."""
        text = json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Without paths and without what has nothing in it, so that a later key changes no digest."""
    if is_dataclass(value):
        pairs = ((f.name, getattr(value, f.name)) for f in fields(value) if f.name != "path")
        return {name: _plain(inner) for name, inner in pairs if inner not in (None, "", (), {})}
    if isinstance(value, Mapping):
        # the order of columns and rows is told to people, the order of slots and cells is not
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
