"""``stats verify``: what is kept for figures against what the histories say, case by case."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.analytics.traces import reading
from engine.analytics.traces.book import Book, forget, open_book
from engine.analytics.traces.law import law
from engine.analytics.traces.rows import ALWAYS, trace
from engine.analytics.traces.shelf import NAMED, PERSONS, Track
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

MOST = 20  # cases that are named

Told = tuple[str, str, int, int, int, str | int | None]  # track, code, at, since, until, value


def verify(unit: Unit, caller: Any, *, rebuild: bool = False) -> dict[str, Any]:
    """{cases, rows, holds, differs[{ref, rows, kept}], n_differs, as_of}: every case read again from its history.

    ``rows`` and ``kept``: of a case that differs, how many rows the history gives and how many are kept; ``ref`` is null
    where the case is not there for who asks. With ``rebuild`` what is kept is made anew first.
    """
    if rebuild:
        forget(unit)
    book = open_book(unit)
    cases = rows = 0
    wrong: list[dict[str, Any]] = []
    seen = 0
    for case_id, made, kept in _both(unit, book):
        cases += case_id is not None
        rows += len(made)
        if made != kept:
            seen += 1
            if len(wrong) < MOST:
                wrong.append({"case": case_id, "rows": len(made), "kept": len(kept)})
    missing = len(book.cases) - cases
    named = {row["id"]: row["ref"] for row in _refs(unit, caller, [one["case"] for one in wrong])}
    return {
        "cases": cases,
        "rows": rows,
        "holds": not seen and not missing,
        "differs": [
            {"ref": named.get(one["case"]), "rows": one["rows"], "kept": one["kept"]} for one in wrong
        ],
        "n_differs": seen + abs(missing),
        "as_of": to_text(caller.at),
    }


def _refs(unit: Unit, caller: Any, wanted: list[int]) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from engine.persistence import table
    from engine.persistence.selection import Asking, condition

    case = table.columns_of(table.Case)
    there = condition(Asking(unit, caller.person, caller.now), {})
    return unit.execute(select(case.c.id, case.c.ref).where(there, case.c.id.in_(wanted))) if wanted else []


def _both(unit: Unit, book: Book) -> Iterator[tuple[int, list[Told], list[Told]]]:
    """Each case with the rows that its history gives and those that are kept, both in the same order."""
    tracks = {name: track for name in book.names.texts if (track := book.track(name)) is not None}
    for case_id, events in reading.every_history(unit, reading.highest(unit)):
        made = [
            (row.track, row.code, row.at, since, until, row.value if row.value is not None else None)
            for row, since, until in trace(events, lambda content_hash: law(unit, content_hash))
        ]
        yield case_id, sorted(made, key=_order), sorted(_kept(book, tracks, case_id), key=_order)


def _order(told: Told) -> tuple[Any, ...]:
    return (*told[:5], str(told[5]))


def _kept(book: Book, tracks: dict[str, Track], case_id: int) -> Iterator[Told]:
    persons = book.names.of(PERSONS)
    for name, track in tracks.items():
        first, end = np.searchsorted(track.case, np.array([case_id, case_id + 1], track.case.dtype))
        texts = book.names.of(name)
        for n in range(int(first), int(end)):
            value: str | int | None = None if track.value is None else int(track.value[n])
            until = ALWAYS if track.until is None else int(track.until[n])
            told = persons[value] if name in NAMED and isinstance(value, int) else value
            yield name, texts[track.code[n]], int(track.at[n]), int(track.since[n]), until, told
