"""What the time of a case can be told apart by: the state it stood in, who was waited for, who had it.

A state that waits for several is waited for by all of them together: its label names them all ("party+mediator"), and
no second is split between them or counted twice. So seconds by any of these add up to the seconds of the case.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from engine.analytics.staying import Stays, portions, together
from engine.analytics.traces.frame import Frame
from engine.analytics.traces.law import Law, law
from engine.analytics.traces.shelf import Ints
from engine.definitions.model import Vocabulary
from engine.definitions.outline import Leaf
from engine.domain.counting import instant_at
from engine.domain.errors import UsageError
from engine.domain.messages import text
from engine.machine.judge import state_title, who_title
from engine.machine.program import Program, compile_definition
from engine.persistence.as_known import as_known
from engine.persistence.unit import Unit

PER = ("state", "waits", "side", "owner", "phase")
CLOSED = "closed"  # a case that was opened again had been closed in between
SIDES = ("parties", "committee", "office", "agency")
PARTIES = frozenset({"party", "reporter"})


class Reason(NamedTuple):
    """``key``: null where it is not known, or nobody had the case; ``waits``: who was waited for, of a state, by key
    and in words."""

    key: str | None
    title: str
    waits: str | None = None
    waits_title: str | None = None

    def people(self) -> dict[str, str | None]:
        """{waits_for, waits_for_title}, of a state that waits for somebody."""
        return {} if self.waits is None else {"waits_for": self.waits, "waits_for_title": self.waits_title}


@dataclass(frozen=True)
class Reasons:
    """Stays of the cases of a frame with the number of their reason; every stay has one. ``of_code``: the number that
    each code of the ``track`` stands for, ``lost`` that of cases without one."""

    reasons: list[Reason]
    frame: Frame
    track: str
    of_code: list[int]
    lost: int
    end: Ints

    @property
    def most_rows(self) -> int:
        """No more stays than that."""
        track = self.frame.book.track(self.track)
        return len(self.frame) + (0 if track is None else len(track.case))

    def portions(self) -> Iterator[Stays]:
        """So many cases at a time, made anew each time."""
        return portions(self.frame, self.track, self.of_code, self.end, lost=self.lost)

    @cached_property
    def stays(self) -> Stays:
        """All of them: for a few cases."""
        return together(self.portions())


@dataclass(frozen=True, slots=True)
class _Place:
    """A leaf under one text of its definition."""

    program: Program
    leaf: Leaf
    lang: str

    def waits(self) -> Reason:
        if self.leaf.final:
            return _closed(self.lang)
        names = sorted(self.leaf.waits_for)  # whom a text names first says nothing
        titles = " + ".join(who_title(self.program, who, self.lang) for who in names)
        return Reason("+".join(names) or None, titles or text("word.wait_nobody", self.lang))

    def state(self) -> Reason:
        if self.leaf.final:
            return _closed(self.lang)
        who = self.waits()
        return Reason(
            self.leaf.name, state_title(self.program, self.leaf.name, self.lang), who.key, who.title
        )

    def phase(self) -> Reason:
        if self.leaf.final:
            return _closed(self.lang)
        return Reason(self.leaf.phase, text(f"word.phase_{self.leaf.phase}", self.lang))

    def side(self) -> Reason:
        return _closed(self.lang) if self.leaf.final else side_reason(self.sides(), self.lang)

    def sides(self) -> list[str]:
        """In the order of :data:`SIDES`, each once."""
        found = {side for who in self.leaf.waits_for for side in sides_of(self.program, who)}
        return [side for side in SIDES if side in found]


def side_reason(sides: Sequence[str], lang: str) -> Reason:
    joined = text("word.wait_and", lang).join(text(f"word.wait_{side}", lang) for side in sides)
    return Reason("+".join(sides) or None, joined or text("word.wait_nobody", lang))


def sides_of(program: Program, who: str, within: frozenset[str] = frozenset()) -> set[str]:
    """On which side whoever is waited for stands: a party, the committee, an office, or a body outside.

    A seat stands where those stand that may hold it; ``within``: seats that were asked on the way here.
    """
    role = who.partition("@")[0]
    if role in PARTIES or role in program.definition.parties.roles:
        return {"parties"}
    seat = program.outline.seats.get(role)
    if seat is not None and role not in within:
        found = {side for one in seat.of for side in sides_of(program, one, within | {role})}
        return found or {"office"}
    known = (program.vocabulary or _NO_WORDS).roles.get(role)
    if known is None:
        return {"office"}
    return {"agency"} if known.outside else {known.side}


def _closed(lang: str) -> Reason:
    return Reason(CLOSED, text("word.wait_closed", lang))


_NO_WORDS = Vocabulary(roles={}, levels={}, links={}, classes={})


def reasons_of(frame: Frame, unit: Unit, per: str, end: Ints, lang: str) -> Reasons:
    """What each case stood in from its filing to ``end``, by one of :data:`PER`. FM-U711 for another."""
    if per not in PER:
        raise UsageError("FM-U711", per=per, known=", ".join(PER))
    if per == "owner":
        return _owners(frame, end, lang)
    tell = {"state": _Place.state, "waits": _Place.waits, "side": _Place.side, "phase": _Place.phase}[per]
    words = as_known(unit, instant_at(frame.at)).vocabulary()
    found = [_told(unit, words, code, tell, lang) for code in frame.texts("state")]
    return _numbered(frame, "state", found, end, Reason(None, text("word.wait_unknown", lang)))


def _told(unit: Unit, words: Vocabulary, code: str, tell: Callable[[_Place], Reason], lang: str) -> Reason:
    content_hash, _, name = code.partition(":")
    known = law(unit, content_hash)
    leaf = known.leaves.get(name)
    if leaf is None or known.definition is None:
        return Reason(None, text("word.wait_unknown", lang))
    return tell(_Place(_program(known, words), leaf, lang))


def program_of(unit: Unit, content_hash: str, words: Vocabulary) -> Program | None:
    """The definition of a case, compiled; None where the store has lost its text."""
    known = law(unit, content_hash)
    return None if known.definition is None else _program(known, words)


def _program(known: Law, words: Vocabulary) -> Program:
    assert known.definition is not None  # noqa: S101 - asked before
    return compile_definition(known.definition, known.hash, words)


def _owners(frame: Frame, end: Ints, lang: str) -> Reasons:
    nobody = Reason(None, text("word.wait_no_owner", lang))
    found = [Reason(code, code) if code else nobody for code in frame.texts("holder")]
    return _numbered(frame, "holder", found, end, nobody)


def _numbered(frame: Frame, track: str, found: list[Reason], end: Ints, else_: Reason) -> Reasons:
    """Codes that tell the same key are one reason, whatever texts of a definition they come from."""
    kept: dict[Any, Reason] = {}
    for reason in (*found, else_):
        kept.setdefault(reason.key, reason)
    number = {key: n for n, key in enumerate(kept)}
    of_code = [number[reason.key] for reason in found]
    return Reasons(list(kept.values()), frame, track, of_code, number[else_.key], end)
