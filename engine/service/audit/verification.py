"""The whole audit: every chain, every row, every seal, and the anchors that somebody kept."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.domain import anchor as anchors
from engine.domain.anchor import Anchor
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.reference import parse
from engine.persistence import own_history
from engine.persistence import seal as seals
from engine.persistence.raw import rows
from engine.persistence.unit import Unit
from engine.service.audit.case import check_chain, check_meaning
from engine.service.audit.finding import Break, Found
from engine.service.audit.number import Numbers
from engine.service.audit.pages import PAGE, Kept, own, whole
from engine.service.audit.sealed import Walk, check_anchors, instant
from engine.service.audit.stored import Stored
from engine.service.audit.texts import Texts
from engine.service.caller import Answer, Caller
from engine.service.case import get_case

PAGES = 10  # pages of cases in a sample
SEALS = 20  # seals in a sample: the last ones
NOT_COVERED = ("people", "appointments", "tokens", "calendars", "approvals", "answers under keys")
Progress = Callable[[int], None]  # how many events were followed so far


def size(unit: Unit, caller: Caller) -> Answer:
    """How much there is to verify: {cases, events}."""
    return {
        name: rows(unit, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own names
        for name, table in (("cases", "case_file"), ("events", "event"))
    }


def verify(
    unit: Unit,
    caller: Caller,
    *,
    anchor: Sequence[str] = (),
    ref: str | None = None,
    folding: bool = True,
    sample: bool = False,
    progress: Progress | None = None,
) -> Answer:
    """Follow every history, or that of one case, and say where it does not hold. Changes nothing.

    {holds, checked{cases, events, seals, folded}, breaks[{ref, seq, kind, what, case_id, code, text}],
    breaks_count, broken_cases, first, sealed{n, root, at, events}|null, anchors[{n, root, holds, at,
    events}], trust{unsealed, since, after_anchor}, erased, not_covered[], withdrawn[{batch, cases, by, at}], as_of}

    Without ``folding`` only hashes and seals are looked at. ``trust`` counts what rests on trust in whoever can
    write the database: events without a seal, and those newer than the last anchor that holds (null: none given).
    ``sample``: some pages of cases and the last seals only, for a look at a large store.
    ``anchor``: lines as `audit anchor` writes them, or whole files of such lines.
    """
    audit = _Audit(unit, caller, folding, progress)
    return audit.run(_anchors(anchor), _id_of(unit, caller, ref) if ref else None, sample=sample)


def _anchors(given: Sequence[str]) -> list[Anchor]:
    """FM-U400 for what is no anchor, or was not copied as it stood."""
    found = []
    for text in given:
        try:
            here = list(anchors.read_all(text))
        except anchors.Misread as error:
            raise UsageError("FM-U400", given=str(error)) from error
        if not here:
            raise UsageError("FM-U401", given=text.strip()[:60])
        found += here
    return found


def _id_of(unit: Unit, caller: Caller, ref: str) -> int:
    """By whole reference without reading the case, which may be damaged; else as people type it."""
    parsed = parse(ref)
    found = rows(unit, "SELECT id FROM case_file WHERE ref = ?", str(parsed)) if parsed else []
    return int(found[0][0]) if found else get_case(unit, caller, ref).id


def _every(unit: Unit) -> int:
    cases: int = rows(unit, "SELECT count(*) FROM case_file")[0][0]
    return max(1, cases // PAGE // PAGES)


class _Audit:
    def __init__(self, unit: Unit, caller: Caller, folding: bool, progress: Progress | None) -> None:
        self.unit, self.caller, self.folding = unit, caller, folding
        self._progress = progress or (lambda done: None)
        self.found = Found()
        self.texts, self.stored, self.numbers = Texts(unit), Stored(unit.dialect), Numbers(unit)
        self.cases = self.events = self.erased = 0

    def run(self, kept: list[Anchor], only: int | None, *, sample: bool) -> Answer:
        self._own_history()
        gone = own_history.withdrawn(self.unit)
        every = _every(self.unit) if sample else 1
        for page in whole(self.unit, every=every, only=only, lean=not self.folding):
            for case in page:
                self._case(case)
            self._progress(self.events)
        if only is None:
            self._laws()
        if only is None and not sample:
            self.found.add_all(self.numbers.holes(gone))
        walk = Walk(self.unit, gone, [a.n for a in kept], only, last=SEALS if sample else None)
        self.found.add_all(walk.breaks())
        told, breaks = check_anchors(kept, walk.seen)
        self.found.add_all(breaks)
        return self._answer(walk, told, gone)

    def _own_history(self) -> None:
        kept = own(self.unit)
        self.found.add_all(check_chain(kept))
        if self.folding:
            self.found.add_all(b for b in check_meaning(kept, self.texts, self.stored) if b.kind == "columns")
        self.events += len(kept.events)

    def _case(self, kept: Kept) -> None:
        self.cases += kept.row is not None
        self.events += len(kept.events)
        if kept.row is None:
            self.found.add(Break("orphan", None, None, case_id=kept.case_id))
        else:
            self.numbers.see(kept.row["ref"])
        breaks = list(check_chain(kept))
        self.found.add_all(breaks)
        self.erased += kept.erased
        if self.folding:
            whole = all(one.kind != "missing" for one in breaks)
            self.found.add_all(check_meaning(kept, self.texts, self.stored, whole=whole))

    def _laws(self) -> None:
        self.texts.check_all()
        for digest, fault in self.texts.faults.items():
            self.found.add(Break("definition", None, None, f"{str(digest)[:12]}: {fault}"))
        self.texts.check_tables()
        for digest, fault in self.texts.tables.items():
            self.found.add(Break("routing", None, None, f"{str(digest)[:12]}: {fault}"))

    def _answer(self, walk: Walk, told: list[dict[str, Any]], gone: Any) -> Answer:
        seen, found = walk.seen, self.found
        unsealed, since = seals.behind(self.unit, seen.upto)
        firm = [a["events"] for a in told if a["holds"]]
        last = seen.last
        breaks = [one.told(self.caller.lang) for one in found.ranked()]
        return {
            "holds": not found.count,
            "checked": {
                "cases": self.cases,
                "events": self.events,
                "seals": seen.count,
                "folded": self.folding,
            },
            "breaks": breaks,
            "breaks_count": found.count,
            "broken_cases": len(found.cases),
            "first": breaks[0] if breaks else None,
            "sealed": {
                "n": last.n,
                "root": last.root.hex() if isinstance(last.root, bytes) else None,
                "at": instant(last.at),
                "events": seen.leaves,
            }
            if last
            else None,
            "anchors": told,
            "trust": {
                "unsealed": unsealed,
                "since": instant(since) if since is not None else None,
                "after_anchor": seen.leaves - max(firm) + unsealed if firm else None,
            },
            "erased": self.erased,
            "not_covered": list(NOT_COVERED),
            "withdrawn": _batches(gone),
            "as_of": to_text(self.caller.at),
        }


def _batches(gone: Any) -> list[dict[str, Any]]:
    told: dict[Any, dict[str, Any]] = {}
    for case in gone.values():
        batch = f"B-{case['batch']}"
        told.setdefault(batch, {"batch": batch, "cases": 0, "by": case["by"], "at": case["at"]})["cases"] += 1
    return list(told.values())
