"""Seals against the events they sealed, and anchors against the seals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.anchor import Anchor
from engine.domain.instant import to_text
from engine.domain.reference import make, parse
from engine.persistence import chain
from engine.persistence import seal as seals
from engine.persistence.convert import instant_to_text, text_to_instant
from engine.persistence.raw import rows
from engine.persistence.seal import Leaf, Place, Seal
from engine.persistence.unit import Unit
from engine.service.audit.finding import Break

Withdrawn = Mapping[int, Mapping[str, Any]]


@dataclass
class Sealed:
    """What was seen on the way: seals, leaves, the last seal, and the roots that anchors ask for."""

    count: int = 0
    leaves: int = 0
    last: Seal | None = None
    upto: Place = seals.START
    roots: dict[int, tuple[Any, str | None, int]] = field(
        default_factory=dict
    )  # n -> root, at, leaves so far


class Walk:
    """One pass over all seals, or the ``last`` so many; ``only`` looks at the leaves of one case alone."""

    def __init__(
        self, unit: Unit, gone: Withdrawn, wanted: Sequence[int], only: int | None, *, last: int | None = None
    ) -> None:
        self.unit, self.gone, self.wanted, self.only, self.tail = unit, gone, set(wanted), only, last
        self.seen = Sealed()
        self._removed: set[int] = set()
        self._refs: dict[int, str | None] = {}

    def breaks(self) -> Iterator[Break]:
        root: bytes | None = chain.GENESIS
        after: Place | None = None
        expected = 1
        before = self._skipped()
        if before is not None:
            root, after, expected = before.root, before.upto, before.n + 1
        for seal in seals.each(self.unit, after=before.n if before else None):
            leaves = seal.leaves if isinstance(seal.leaves, bytes) else b""
            if seal.n != expected:
                yield Break("seal_gone", None, expected)
                # what lies before it was sealed by those that are gone
                root, after = None, self._before(leaves, after)
            yield from self._root(root, seal)
            upto, moved = self._upto(seal, leaves, after)
            if moved:
                yield Break("seal_place", None, seal.n)
            yield from self._case(leaves) if self.only is not None else self._compare(leaves, after, upto)
            self._count(seal, leaves, upto)
            root, after, expected = seal.root if isinstance(seal.root, bytes) else None, upto, seal.n + 1

    def _skipped(self) -> Seal | None:
        """The seal before the last so many, whose root is taken as it stands."""
        newest = seals.last(self.unit) if self.tail else None
        return seals.find(self.unit, newest.n - (self.tail or 0)) if newest else None

    def _root(self, before: bytes | None, seal: Seal) -> Iterator[Break]:
        at = instant(seal.at)
        whole = isinstance(seal.leaves, bytes) and len(seal.leaves) == chain.LEAF * _int(seal.events)
        if (
            not whole
            or at is None
            or (before is not None and chain.seal_root(before, seal.n, at, seal.leaves) != seal.root)
        ):
            yield Break("seal", None, seal.n)

    def _upto(self, seal: Seal, leaves: bytes, after: Place | None) -> tuple[Place, bool]:
        """Where the seal ends, and whether its row says so; the place of its last event knows better."""
        told = (_int(seal.txid), _int(seal.position))
        if leaves:
            found = _find(self.unit, *_read(leaves[-chain.LEAF :])[:2])
            if found is not None and found.leaf == leaves[-chain.LEAF :] and found.place != told:
                return found.place, True
        return (told, False) if after is None or told > after else (after, True)

    def _before(self, leaves: bytes, after: Place | None) -> Place | None:
        first = _find(self.unit, *_read(leaves[: chain.LEAF])[:2]) if leaves else None
        return (first.place[0], first.place[1] - 1) if first else after

    def _count(self, seal: Seal, leaves: bytes, upto: Place) -> None:
        seen = self.seen
        seen.count, seen.leaves = seen.count + 1, seen.leaves + len(leaves) // chain.LEAF
        seen.last, seen.upto = seal, upto
        if seal.n in self.wanted:
            seen.roots[seal.n] = (seal.root, instant(seal.at), seen.leaves)

    # ---- leaves ----------------------------------------------------------------------------------

    def _case(self, leaves: bytes) -> Iterator[Break]:
        wanted = (self.only or 0).to_bytes(8, "big")
        for begin in range(0, len(leaves), chain.LEAF):
            if leaves.startswith(wanted, begin):
                yield from self._one(leaves[begin : begin + chain.LEAF], None)

    def _compare(self, leaves: bytes, after: Place | None, upto: Place) -> Iterator[Break]:
        """As a rule the events of the stretch are the very leaves; else each is looked for."""
        events = seals.between(self.unit, after, upto)
        held = [event.leaf for event in events]
        if b"".join(held) == leaves:
            return
        sealed = [leaves[i : i + chain.LEAF] for i in range(0, len(leaves), chain.LEAF)]
        here = {(event.case_id, event.seq): event for event in events}
        lost = False
        for leaf in sealed:
            for found in self._one(leaf, here):
                lost = True
                yield found
        places = {leaf[:12] for leaf in sealed}
        for event in events:
            if event.leaf[:12] not in places:
                lost = True
                yield self._break("inserted", event.case_id, event.seq)
        kept = set(sealed)
        if not lost and [leaf for leaf in held if leaf in kept] != [
            leaf for leaf in sealed if leaf in set(held)
        ]:
            one = next(_read(a) for a, b in zip(held, sealed, strict=False) if a != b)
            yield self._break("reordered", one[0], one[1])

    def _one(self, leaf: bytes, here: Mapping[tuple[int, int], Leaf] | None) -> Iterator[Break]:
        case_id, seq, digest = _read(leaf)
        event = here.get((case_id, seq)) if here is not None else None
        moved = event is None and here is not None
        if event is None:
            event = _find(self.unit, case_id, seq)
        if event is not None:
            if event.leaf != leaf:
                yield self._break("rewritten", case_id, seq)
            elif moved:
                yield self._break("reordered", case_id, seq)
            return
        lawful = self.gone.get(case_id)
        if lawful is not None:
            head = bytes.fromhex(lawful["head"]) if _hex(lawful["head"]) else b""
            if seq > lawful["version"] or (seq == lawful["version"] and not head.startswith(digest)):
                yield Break("withdrawn", lawful["ref"], seq, case_id=case_id)
            return
        if rows(self.unit, "SELECT 1 FROM case_file WHERE id = ?", case_id):
            yield self._break("cut", case_id, seq)
        elif case_id not in self._removed:
            self._removed.add(case_id)
            yield self._break("removed", case_id, None)

    def _break(self, kind: str, case_id: int, seq: int | None) -> Break:
        return Break(kind, self._ref(case_id), seq, case_id=case_id)

    def _ref(self, case_id: int) -> str | None:
        if case_id not in self._refs:
            if len(self._refs) > 1000:
                self._refs.clear()
            self._refs[case_id] = reference(self.unit, case_id)
        return self._refs[case_id]


def reference(unit: Unit, case_id: int) -> str | None:
    """The reference of a case; of one that is gone, the one reference that is missing between its neighbours."""
    found = rows(unit, "SELECT ref FROM case_file WHERE id = ?", case_id)
    if found:
        return found[0][0] if isinstance(found[0][0], str) else None
    before, after = (rows(unit, "SELECT ref FROM case_file WHERE id = ?", case_id + step) for step in (-1, 1))
    one, other = (parse(found[0][0]) if found else None for found in (before, after))
    if one and other and (one.year, one.serial + 2) == (other.year, other.serial):
        return str(make(one.year, one.serial + 1))
    return None


def check_anchors(anchors: Sequence[Anchor], seen: Sealed) -> tuple[list[dict[str, Any]], list[Break]]:
    """Each anchor with whether it holds; a break says behind which anchor the seals were made anew."""
    told, breaks, firm = [], [], 0
    for anchor in sorted(anchors, key=lambda one: one.n):
        root, at, leaves = seen.roots.get(anchor.n, (None, None, 0))
        holds = isinstance(root, bytes) and anchor.fits(root)
        told.append({"n": anchor.n, "root": anchor.root.hex(), "holds": holds, "at": at, "events": leaves})
        if holds:
            firm = anchor.n
        elif root is None:
            last = seen.last.n if seen.last else 0
            breaks.append(Break("anchor_gone", None, anchor.n, str(last)))
        else:
            breaks.append(Break("anchor", None, anchor.n, str(firm)))
    return told, breaks


def instant(cell: Any) -> str | None:
    """The text of a column's instant; None if it holds none, or one that the store would not have spelt so."""
    try:
        at = cell if isinstance(cell, datetime) else text_to_instant(cell)
        spelt = at is not None and cell in (at, instant_to_text(at))
        return to_text(at) if at is not None and spelt else None
    except (ValueError, TypeError):
        return None


def _find(unit: Unit, case_id: int, seq: int) -> Leaf | None:
    place = "0, rowid" if unit.dialect == "sqlite" else "txid::text::bigint, position"
    query = f"SELECT {place}, hash FROM event WHERE case_id = ? AND seq = ?"  # noqa: S608 - our own words
    found = rows(unit, query, case_id, seq)
    if not found:
        return None
    digest = found[0][2]
    return Leaf((found[0][0], found[0][1]), case_id, seq, digest if isinstance(digest, bytes) else b"")


def _read(leaf: bytes) -> tuple[int, int, bytes]:
    # ids are signed in the databases
    return int.from_bytes(leaf[:8], "big", signed=True), int.from_bytes(leaf[8:12], "big"), leaf[12:]


def _int(cell: Any) -> int:
    return cell if isinstance(cell, int) else -1


def _hex(text: str) -> bool:
    try:
        bytes.fromhex(text)
    except ValueError:
        return False
    return True
