"""A register of somebody else through the engine: ``python -m tests.benchmarks.register FILE MAP``.

Brings the file into a fresh store as ``case import`` does, says how fast, and prints the figures as Markdown. Nothing
of the register itself is printed but counts and durations. Each figure of closed cases is counted a second time from the
file alone, without the engine; where the two differ, the run ends with an error.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.analytics.durations import durations
from engine.bootstrap import Engine, open_engine
from engine.service import importing, seed
from engine.service.importing.gathering import Bundle
from engine.service.importing.reading import reader
from engine.settings import Settings, database_url
from workflows.calendar import calendar_ids, load_calendar
from workflows.shipped import tables, texts, vocabulary

PORTION = 100  # cases in one commit, as the doors do it
WHO = "adm-01"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
HOUR, DAY = 3_600, 86_400


def bring(engine: Engine, mapping: importing.Mapping, register: importing.Register) -> dict[str, Any]:
    """The whole register, portion by portion; the report of the import."""
    caller = engine.caller(person=WHO)
    given = {"mapping": mapping, "register": register}
    batch = engine.call(
        importing.open_batch, caller, name="map.yaml", mapping=mapping, header=register.header
    )["batch"]
    total = importing.Landed()
    for cases in _portions(importing.cases_in(register, mapping)):
        made = engine.call(importing.land, caller, batch=batch, cases=cases, **given)
        register.seen |= made.keys
        total.add(made)
    return importing.report(total, batch, "en", register.notes)


def by_hand(mapping: importing.Mapping, register: importing.Register) -> list[int]:
    """Seconds from filing to closing of each case that closed, sorted, read from the file alone."""
    read = reader(mapping)
    lasted = []
    for case in importing.cases_in(register, mapping):
        begun, ended = case.moment(mapping.filed, read), case.moment(mapping.closed, read)
        if begun and ended and ended.at >= begun.at:
            lasted.append(round((ended.at - begun.at).total_seconds()))
    return sorted(lasted)


def percentile(ordered: Sequence[int], share: float) -> float:
    """Between the two nearest ranks, as spreadsheets do it."""
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def figures(engine: Engine, mapping: importing.Mapping) -> dict[str, Any]:
    caller = engine.caller(person=WHO)
    return engine.read(durations, caller, clock="final_resolution", zone=mapping.zone)


def main(file: str, map_: str) -> int:
    mapping = importing.read_mapping(Path(map_).read_text("utf-8"), map_)
    content = Path(file).read_bytes()
    with tempfile.TemporaryDirectory() as folder, _fresh(Path(folder) / "register.db") as engine:
        begun = perf_counter()
        register = importing.read_register(Path(file).name, content, sheet=mapping.sheet)
        report = bring(engine, mapping, register)
        took = perf_counter() - begun
        again_begun = perf_counter()
        again = bring(engine, mapping, importing.read_register(Path(file).name, content, sheet=mapping.sheet))
        again_took = perf_counter() - again_begun
        answer = figures(engine, mapping)
    lasted = by_hand(mapping, register)
    _tell(_lines(report, took, again, again_took, answer, lasted))
    group = answer["groups"][0]
    wanted = (len(lasted), *(round(percentile(lasted, share)) for share in (0.5, 0.9)))
    if (group["n_reached"], group["closed"]["p50_s"], group["closed"]["p90_s"]) == wanted:
        return 0
    sys.stderr.write(f"differs from the file itself: {wanted}\n")
    return 1


def _lines(
    report: dict[str, Any],
    took: float,
    again: dict[str, Any],
    again_took: float,
    answer: Any,
    lasted: list[int],
) -> Iterator[str]:
    group = answer["groups"][0]
    yield "| what | |"
    yield "| --- | --- |"
    yield f"| rows read, cases | {report['read']:,}, {report['cases']:,} |"
    yield f"| brought in | {took:.1f} s, {report['cases'] / took:,.0f} cases a second |"
    yield f"| landed: closed, open | {report['closed']:,}, {report['open']:,} |"
    for reason in report["reasons"]:
        yield f"| left out: {reason['text']} ({reason['code']}) | {reason['count']:,} |"
    yield f"| a second run: new, the same | {again['landed']:,}, {again['unchanged']:,} in {again_took:.1f} s |"
    yield f"| closed alone: half within | {_span(group['closed']['p50_s'])} |"
    yield f"| closed alone: 90 of 100 within | {_span(group['closed']['p90_s'])} |"
    yield f"| open ones counted as open: half within | {_span(group['km']['p50_s'])} |"
    yield f"| open ones counted as open: 90 of 100 within | {_span(group['km']['p90_s'])} |"
    yield f"| longest that closed | {_span(lasted[-1])} |"
    yield f"| closed in the second in which they began | {sum(one == 0 for one in lasted):,} |"


def _span(seconds: int | None) -> str:
    if seconds is None:
        return "not reached"
    unit, name = (DAY, "days") if seconds >= 100 * DAY else (HOUR, "h")
    return f"{seconds / unit:,.1f} {name} ({seconds:,} s)"


@contextmanager
def _fresh(path: Path) -> Iterator[Engine]:
    """A new store with what ships."""
    settings = Settings(database_url=database_url(str(path)))
    with open_engine(settings, clock=lambda: NOW, create=True) as engine:
        calendars = [load_calendar(name) for name in calendar_ids()]
        caller = engine.caller(person=None)
        engine.call(
            seed.seed,
            caller,
            definitions=texts(),
            tables=tables(),
            vocabulary=vocabulary(),
            calendars=calendars,
        )
        yield engine


def _portions(cases: list[Bundle]) -> Iterator[list[Bundle]]:
    return (cases[n : n + PORTION] for n in range(0, len(cases), PORTION))


def _tell(lines: Iterator[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
