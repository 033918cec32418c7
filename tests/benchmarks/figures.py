"""How fast figures are: ``python -m tests.benchmarks.figures [CASES]`` (1,100,000 of which a tenth is open).

A store as the engine's tables have it: 200 stations, 8 kinds, 24 months, 12 events a case. The first question reads
every history; the next ones find the rows kept. Beside each stands the same question in SQL over the milestone table,
and, where they are installed, by pandas with lifelines on the same rows. Every way has to give the same numbers.
"""

import json
import random
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.bootstrap import open_engine
from engine.settings import Settings, database_url
from tests.benchmarks import history

CASES, OPEN = 1_100_000, 11  # one in eleven is open
STATIONS, KINDS = 200, ("neigh", "fam", "land", "water", "debt", "wage", "inj", "other")
BEGAN, ENDS = datetime(2024, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HEADLINE = {"by": ["unit", "category", "filed_month"]}
PORTION = 5_000
STEPS = (
    ("screen", "intake_review"), ("assign", "assigned"), ("ask_consent", "awaiting_consent"), ("consent", None),
    ("open_session", "in_session"), ("note", None), ("record_agreement", "performing"), ("performed", None),
    ("confirm", "follow_up"), ("visit", None), ("close", "closed"),
)  # fmt: skip


def store(path: Path, cases: int) -> None:
    """A new store with so many cases; its texts are those that ship."""
    history.county(path, days=1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in history.FASTER:
            connection.execute(f"PRAGMA {setting}")
        (law,) = connection.execute(
            "SELECT hash FROM definition WHERE case_type = 'dispute_mediation' AND status = 'active'"
        ).fetchone()
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM case_file").fetchone()
        made = _cases(last, cases, law)
        while portion := list(islice(made, PORTION)):
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO case_file (id, ref, case_type, definition, version, state, phase, place, unit, channel,"
                " cycle, filed_at, entered_at, closed_at, head, body) VALUES (?,?,?,?,12,?,?,?,?,?,1,?,?,?,x'00','{}')",
                [case for case, _, _ in portion],
            )
            connection.executemany(
                "INSERT INTO event VALUES (?,?,?,?,?,?,x'00',?)",
                [e for _, events, _ in portion for e in events],
            )
            connection.executemany(
                "INSERT INTO milestone VALUES (?,?,?,?)", [m for _, _, reached in portion for m in reached]
            )
            connection.execute("COMMIT")
        connection.execute("CREATE TABLE kind_of (case_id INTEGER PRIMARY KEY, kind TEXT NOT NULL)")
        connection.execute(
            "INSERT INTO kind_of SELECT case_id, json_extract(body, '$.changes[2].value') FROM event"
            " WHERE seq = 1 AND case_id > ?",
            (last,),
        )
        connection.execute("PRAGMA journal_mode = WAL")


def _cases(last: int, many: int, law: str) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(6)
    span = int((ENDS - BEGAN).total_seconds())
    for n in range(1, many + 1):
        filed = int(BEGAN.timestamp()) + chance.randrange(span)
        times = [filed]
        for _ in STEPS:
            times.append(times[-1] + int(chance.expovariate(1 / 86_400)))
        done = n % OPEN != 0 and times[-1] < ENDS.timestamp()
        shown = len(times) if done else max(1, chance.randrange(len(STEPS)))
        yield _case(last + n, law, chance, times[:shown])


def _case(case_id: int, law: str, chance: random.Random, times: list[int]) -> tuple[Any, ...]:
    unit, kind = f"S-{chance.randrange(STATIONS):03}", chance.choice(KINDS)
    place, channel = f"P-{chance.randrange(2000)}", chance.choice(("phone", "visit"))
    filed, state = _text(times[0]), "triage"
    case = {
        "case_type": "dispute_mediation", "definition": law, "place": place, "unit": unit, "channel": channel,
        "filed_at": filed, "cycle": 1, "states": {"main": "@unfiled"}, "fields": {}, "parties": [], "seats": {}, "clocks": [],
    }  # fmt: skip
    changes: list[Any] = [
        {"do": "file", "case": case},
        _move("@unfiled", state),
        {"do": "set", "field": "category", "value": kind},
    ]
    events, reached = [_event(case_id, 1, "file", times[0], law, changes)], []
    for seq, (at, (act, to)) in enumerate(zip(times[1:], STEPS, strict=False), 2):
        changes = [_move(state, to)] if to else [{"do": "acted", "trigger": act}]
        state = to or state
        events.append(_event(case_id, seq, act, at, law, changes))
        if to == "follow_up":
            reached.append((case_id, "first_resolution", _row(at), _row(at)))
    closed = state == "closed"
    row = (
        case_id, f"{case_id:010}", "dispute_mediation", law, state, "done" if closed else "work", place, unit, channel,
        _row(times[0]), _row(times[-1]), _row(times[-1]) if closed else None,
    )  # fmt: skip
    return row, events, reached


def _move(before: str, after: str) -> dict[str, Any]:
    return {"do": "move", "region": "main", "from": before, "to": after, "entered": [after]}


def _event(case_id: int, seq: int, act: str, at: int, law: str, changes: list[Any]) -> tuple[Any, ...]:
    said = _text(at)
    body = {
        "seq": seq, "act": act, "kind": "act", "actor": f"off-{case_id % 500}", "at": said, "recorded": said, "definition": law,
        "changes": changes,
    }  # fmt: skip
    return case_id, seq, act, body["actor"], _row(at), _row(at), json.dumps(body)


def _text(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _row(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S.000000")


# ---- the same question, three ways -----------------------------------------------------------------

LASTED = """
WITH lasted AS (
  SELECT c.unit, k.kind, substr(datetime(c.filed_at, '+8 hours'), 1, 7) AS month,
         unixepoch(coalesce(m.first_at, c.closed_at, '2026-12-01')) - unixepoch(c.filed_at) AS s,
         m.first_at IS NOT NULL AS ended
  FROM case_file c JOIN kind_of k ON k.case_id = c.id
  LEFT JOIN milestone m ON m.case_id = c.id AND m.name = 'first_resolution'
)
"""
CURVES = """, at_risk AS (
  SELECT unit, kind, month, s, ended,
         row_number() OVER (PARTITION BY unit, kind, month ORDER BY s, ended DESC) AS n,
         count(*) OVER (PARTITION BY unit, kind, month) AS many FROM lasted
), curve AS (
  SELECT unit, kind, month, s, ended, sum(CASE WHEN ended THEN ln(CASE WHEN n = many THEN 1e-300 ELSE 1.0 - 1.0 / (many - n + 1) END) ELSE 0 END)
         OVER (PARTITION BY unit, kind, month ORDER BY n) AS log_open FROM at_risk
)
SELECT unit, kind, month, min(CASE WHEN log_open <= ln(0.5) + 1e-9 THEN s END), min(CASE WHEN log_open <= ln(0.1) + 1e-9 THEN s END)
FROM curve GROUP BY unit, kind, month
"""


def by_sql(path: Path) -> tuple[float, dict[Any, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        begun = perf_counter()
        rows = connection.execute(LASTED + CURVES).fetchall()
        return perf_counter() - begun, {(u, k, m): (half, most) for u, k, m, half, most in rows}


def by_lifelines(path: Path, groups: int = 300) -> tuple[float, dict[Any, Any]] | None:
    """Seconds for all groups, scaled from some; None where the packages are not installed."""
    try:
        import pandas as pd
        from lifelines import KaplanMeierFitter
    except ImportError:
        return None
    with closing(sqlite3.connect(path)) as connection:
        query = LASTED + " SELECT * FROM lasted"  # noqa: S608 - our own words
        frame = pd.read_sql(query, connection)
    begun, found = perf_counter(), {}
    parts = list(frame.groupby(["unit", "kind", "month"]))
    split = perf_counter() - begun
    begun = perf_counter()
    for key, part in parts[:groups]:
        fitted = KaplanMeierFitter().fit(part["s"], part["ended"])
        found[key] = (fitted.percentile(0.5), fitted.percentile(0.1))
    return split + (perf_counter() - begun) * len(parts) / min(groups, len(parts)), found


def measure(path: Path) -> Iterator[tuple[str, float, Any]]:
    from engine.analytics import durations
    from engine.analytics.traces.book import open_book

    with open_engine(Settings(database_url=database_url(str(path))), clock=lambda: ENDS) as engine:
        caller = engine.caller(person=None)

        def timed(name: str, work: Callable[[Any], Any], rounds: int = 3) -> tuple[str, float, Any]:
            taken = []
            for _ in range(rounds):
                begun = perf_counter()
                answer = engine.store.read(work)
                taken.append(perf_counter() - begun)
            return name, min(taken), answer

        yield timed("every history read", open_book, 1)
        yield timed("opened again", open_book)
        yield timed("one figure", lambda unit: durations.durations(unit, caller))
        yield timed(
            "one station",
            lambda unit: durations.durations(
                unit, caller, filter={"type": "dispute_mediation"}, by=["category"]
            ),
        )
        yield timed("station x kind x month", lambda unit: durations.durations(unit, caller, **HEADLINE))
        yield timed(
            "as of a year before",
            lambda unit: durations.durations(
                unit, caller, **HEADLINE, as_of=datetime(2025, 12, 1, tzinfo=UTC)
            ),
        )


def main(cases: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.db"
        begun = perf_counter()
        store(path, cases)
        sys.stdout.write(
            f"{cases:,} cases made in {perf_counter() - begun:.0f} s, {path.stat().st_size / 1e9:.1f} GB\n"
        )
        answer: Any = None
        for name, seconds, told in measure(path):
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            sys.stdout.write(f"{name:28} {seconds:8.3f} s   peak {peak:,.0f} MB\n")
            answer = told if name == "station x kind x month" else answer
        ours = {
            tuple(g["key"].values()): (g["km"]["p50_s"], g["km"]["p90_s"])
            for g in answer["groups"]
            if not g.get("few")
        }
        seconds, sql = by_sql(path)
        differ = sum(sql[key] != value for key, value in ours.items())
        sys.stdout.write(
            f"{'the same in SQL':28} {seconds:8.3f} s   {len(ours):,} groups compared, {differ} differ\n"
        )
        other = by_lifelines(path)
        if other is not None:
            differ = sum(ours.get(key, value) != value for key, value in other[1].items())
            sys.stdout.write(
                f"{'pandas and lifelines':28} {other[0]:8.1f} s   scaled from {len(other[1])} groups, {differ} differ\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
