"""Landing entries in the store, a bounded number per commit, each row at most once ever."""

import hashlib
import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, insert, select, update

from engine.domain.errors import NotFound, UsageError
from engine.domain.instant import from_text
from engine.domain.messages import text
from engine.domain.reference import make
from engine.machine.command import World
from engine.machine.entry import enter
from engine.machine.program import Program
from engine.persistence import table
from engine.persistence.case_store import CaseWrite, insert_case, next_serial
from engine.persistence.unit import Unit
from engine.service import chance, law, place
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.directory import around
from engine.service.hiding import hidden_from
from engine.service.importing import rejects
from engine.service.importing.gathering import Bundle, Note, Rejected
from engine.service.importing.mapping import Mapping, check_mapping
from engine.service.importing.reading import Register, Reject, entry_of, left_out
from engine.service.summary import summarise
from engine.service.today import today

_batch, _row = table.columns_of(table.ImportBatch), table.columns_of(table.ImportRow)


@dataclass
class Landed:
    """What one portion of cases came to; portions add up. ``read`` counts rows, all else cases."""

    read: int = 0
    cases: int = 0
    closed: int = 0
    open: int = 0
    unchanged: int = 0
    overdue: int = 0
    rejects: list[Reject] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def add(self, other: "Landed") -> None:
        self.read += other.read
        self.cases += other.cases
        self.closed += other.closed
        self.open += other.open
        self.unchanged += other.unchanged
        self.overdue += other.overdue
        self.rejects += other.rejects

    @property
    def landed(self) -> int:
        return self.closed + self.open


def open_batch(
    unit: Unit,
    caller: Caller,
    *,
    name: str,
    mapping: Mapping,
    header: Sequence[str],
    register: str | None = None,
) -> Answer:
    """Begin a batch: the mapping (of the file ``name``) is checked against the register and the case type first.

    The batch is called after the file of the register.
    """
    require(unit, caller, "register")
    program = law.active(unit, mapping.case_type, today(unit, caller))
    check_mapping(mapping, program, tuple(header), name)
    made = unit.execute(
        insert(_batch)
        .values(name=register or name, at=caller.at, by=caller.name, status="landed", counts={})
        .returning(_batch.c.id)
    )
    return {"batch": made[0]["id"]}


def land(
    unit: Unit,
    caller: Caller,
    *,
    batch: int,
    mapping: Mapping,
    register: Register,
    cases: Sequence[Bundle],
    live: bool = False,
) -> Landed:
    """One portion in this unit of work. Rows that stand already are counted, others land or are rejected.

    The register is not touched, so that a portion may be done again: when it is through, its ``keys`` are added
    to those that the register has ``seen``.
    """
    program = law.active(unit, mapping.case_type, today(unit, caller))
    calendar = law.calendar(unit, program.definition.calendar)
    world = World(now=caller.at, calendar=calendar, seed=chance.seed)
    portion = _Portion(unit, caller, mapping, program, world, batch, live, register.places)
    held = portion.held([case.key for case in cases])
    total = Landed(read=sum(len(case.rows) for case in cases), cases=len(cases))
    for case in cases:
        try:
            portion.take(case, held, register, total)
        except Rejected as error:
            total.rejects.append(left_out(case, error))
    unit.execute_many(insert(_row), portion.made)
    rejects.keep(unit, batch, total.rejects)
    _count(unit, batch, total)
    return total


def rehearse(
    unit: Unit, caller: Caller, *, name: str, mapping: Mapping, register: Register, cases: Sequence[Bundle]
) -> Landed:
    """What a portion would come to; the caller rolls it back."""
    batch = open_batch(unit, caller, name=name, mapping=mapping, header=register.header)["batch"]
    return land(unit, caller, batch=batch, mapping=mapping, register=register, cases=cases)


class _Portion:
    def __init__(
        self,
        unit: Unit,
        caller: Caller,
        mapping: Mapping,
        program: Program,
        world: World,
        batch: int,
        live: bool,
        places: dict[str, tuple[str, str]],
    ) -> None:
        self.unit, self.caller, self.mapping, self.program = unit, caller, mapping, program
        self.world, self.batch, self.live, self._places = world, batch, live, places
        self.made: list[MappingOf[str, Any]] = []

    def held(self, keys: Sequence[str]) -> dict[str, str]:
        """Keys of this source that landed before, with the digest of what they said."""
        rows = self.unit.execute(
            select(_row.c.key, _row.c.digest).where(
                _row.c.source == self.mapping.source, _row.c.key.in_(list(keys))
            )
        )
        return {row["key"]: row["digest"] for row in rows}

    def take(self, case: Bundle, held: dict[str, str], register: Register, total: Landed) -> None:
        digest = _digest(case)
        key, entry = entry_of(
            self.mapping, self.program, case, by=self.caller.name, now=self.caller.at, live=self.live
        )
        if key in register.seen or key in total.keys:
            raise Rejected("FM-I007", self.mapping.key, key=key)
        total.keys.add(key)
        if key in held:
            if held[key] != digest:
                raise Rejected("FM-I008", self.mapping.key, key=key)
            total.unchanged += 1
            return
        spot, home = self._place(entry.filing.place)
        year = entry.filed_at.year
        filing = replace(entry.filing, place=spot, unit=home)
        trial = enter(self.program, replace(entry, filing=filing), self.world)
        if trial.reasons or trial.state is None:
            reason = trial.reasons[0]
            raise Rejected(reason.code, str(reason.params.get("name", "-")), **reason.params)
        ref = str(make(year % 100, next_serial(self.unit, year)))
        self._named(trial, ref)
        case_id = insert_case(
            self.unit,
            CaseWrite(
                None,
                trial.state,
                trial.events,
                summarise(self.program, trial.state, trial.events),
                beside=hidden_from(self.unit, self.program, None, trial.state, trial.events),
            ),
            batch=self.batch,
        )
        self.made.append(
            {
                "source": self.mapping.source,
                "key": key,
                "batch": self.batch,
                "case_id": case_id,
                "digest": digest,
            }
        )
        self._tally(trial.state, total)

    def _named(self, decision: Any, ref: str) -> None:
        """The reference is taken only when the row lands; put it where the trial left it blank."""
        decision.state["ref"] = ref
        decision.events[0]["changes"][0]["case"]["ref"] = ref

    def _place(self, given: str) -> tuple[str, str]:
        if given not in self._places:
            self._places[given] = self._resolve(given)
        return self._places[given]

    def _resolve(self, given: str) -> tuple[str, str]:
        column = self.mapping.place.column or "place"
        try:
            spot = place.resolve(self.unit, given, on=today(self.unit, self.caller))
        except (NotFound, UsageError) as error:
            if self.mapping.place.unknown == "keep":
                return given or "-", ""
            raise Rejected("FM-I009", column, place=given, code=error.code) from error
        home = around(
            self.unit, spot, function=self.program.definition.case_type, on=today(self.unit, self.caller)
        ).home
        return spot, home.code if home else ""

    def _tally(self, state: Any, total: Landed) -> None:
        if self.program.outline.leaves[state["states"]["main"]].final:
            total.closed += 1
            return
        total.open += 1
        late = any(
            run["status"] == "running"
            and run["kind"] == "limit"
            and "due" in run
            and from_text(run["due"]) <= self.caller.now
            for run in state["clocks"]
        )
        total.overdue += int(late)


def _digest(case: Bundle) -> str:
    """Of what the rows say, in whatever order they stand."""
    rows = sorted(json.dumps(dict(row.cells), sort_keys=True) for row in case.rows)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _count(unit: Unit, batch: int, landed: Landed) -> None:
    rows = unit.execute(select(_batch.c.counts).where(_batch.c.id == batch))
    counts = dict(rows[0]["counts"] or {})
    for name, more in (
        ("read", landed.read),
        ("cases", landed.cases),
        ("landed", landed.landed),
        ("open", landed.open),
        ("closed", landed.closed),
        ("unchanged", landed.unchanged),
        ("rejected", len(landed.rejects)),
    ):
        counts[name] = counts.get(name, 0) + more
    unit.execute(update(_batch).where(_batch.c.id == batch).values(counts=counts))


def report(total: Landed, batch: int | None, lang: str, notes: Sequence[Note] = ()) -> Answer:
    """The whole import in one document."""
    by_reason: dict[tuple[str, str], int] = {}
    for reject in total.rejects:
        told = text(f"word.rejected.{reject.code}", lang, **reject.params)
        shown = told if not told.startswith("word.") else reject.text(lang)
        by_reason[reject.code, shown] = by_reason.get((reject.code, shown), 0) + 1
    return {
        "batch": f"B-{batch}" if batch is not None else None,
        "read": total.read,
        "cases": total.cases,
        "landed": total.landed,
        "closed": total.closed,
        "open": total.open,
        "unchanged": total.unchanged,
        "rejected": len(total.rejects),
        "overdue": total.overdue,
        "reasons": [
            {"code": code, "text": told, "count": count}
            for (code, told), count in sorted(by_reason.items(), key=lambda item: -item[1])
        ],
        "notes": [
            {
                "code": note.code,
                "text": text(note.code, lang, count=note.count, **note.params),
                "count": note.count,
            }
            for note in notes
        ],
    }


def cases_of(unit: Unit, batch: int) -> int:
    case = table.columns_of(table.Case)
    return int(unit.execute(select(func.count().label("n")).where(case.c.batch == batch))[0]["n"])
