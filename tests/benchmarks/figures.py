"""How fast figures are: ``python -m tests.benchmarks.figures [CASES]`` (1,100,000 of which a tenth is open).

A store as the engine's tables have it: 200 stations, 8 kinds, 24 months, 12 events a case, with parties who come again,
a limit that is kept or missed, handlers who change, outcomes and closings that do not last. The first question reads
every history; the next ones find the rows kept. Beside each stands the same question in SQL over the milestone table,
and, where they are installed, by pandas with lifelines on the same rows. Every way has to give the same numbers. Then
each other measure, for all and in groups: ``python -m tests.benchmarks.figures CASES measures`` asks these alone.
"""

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.analytics.fairness import fairness
from engine.analytics.registry import MEASURES
from engine.bootstrap import open_engine
from engine.settings import Settings, database_url

CASES, OPEN = 1_100_000, 11  # one in eleven is open
STATIONS, KINDS = 200, ("neigh", "fam", "land", "water", "debt", "wage", "inj", "other")
BEGAN, ENDS = datetime(2024, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HEADLINE = {"by": ["unit", "category", "filed_month"]}
PORTION = 5_000
NAMES, LIMIT = 400, 9 * 86_400  # names that a place has; how long the law gives
OUTCOMES = (
    "settled_performed",
    "settled_performed",
    "settled_unseen",
    "settled_breached",
    "partial",
    "enforced",
)
STEPS = (
    ("screen", "intake_review"), ("assign", "assigned"), ("ask_consent", "awaiting_consent"), ("consent", None),
    ("open_session", "in_session"), ("note", None), ("record_agreement", "performing"), ("performed", None),
    ("confirm", "follow_up"), ("visit", None), ("close", "closed"), ("reopen", "assigned"), ("close", "closed"),
)  # fmt: skip
ONCE = len(STEPS) - 2  # one in thirty is opened again and closed again


def store(path: Path, cases: int) -> None:
    """A new store with so many cases; its texts are those that ship."""
    from tests.benchmarks import history

    history.county(path, days=1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in history.FASTER:
            connection.execute(f"PRAGMA {setting}")
        (law,) = connection.execute(
            "SELECT hash FROM definition WHERE case_type = 'dispute_mediation' AND status = 'active'"
        ).fetchone()
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM case_file").fetchone()
        connection.executescript(  # what the county did in its day would stand in one of the groups
            "DELETE FROM event WHERE case_id > 0; DELETE FROM milestone; DELETE FROM seat_pick; DELETE FROM case_file"
        )
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
        connection.executemany(  # the county has some of them already
            "INSERT OR IGNORE INTO unit (code, name, level, parent, desk, volunteers)"
            " SELECT ?, ?, level, parent, desk, volunteers FROM unit WHERE code = 'S-001'",
            [(f"S-{n:03}", f"S-{n:03}") for n in range(STATIONS)],
        )
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
        steps = len(STEPS) if n % 30 == 1 else ONCE
        for _ in STEPS[:steps]:
            times.append(times[-1] + int(chance.expovariate(1 / 86_400)))
        done = n % OPEN != 0 and times[-1] < ENDS.timestamp()
        shown = len(times) if done else max(1, chance.randrange(ONCE))
        yield _case(last + n, law, chance, [at for at in times[:shown] if at < ENDS.timestamp()])


def _case(case_id: int, law: str, chance: random.Random, times: list[int]) -> tuple[Any, ...]:
    unit, kind = f"S-{chance.randrange(STATIONS):03}", chance.choice(KINDS)
    place, channel = f"P-{chance.randrange(2000)}", chance.choice(("phone", "visit"))
    filed, state = _text(times[0]), "triage"
    names = chance.sample(range(NAMES), 2)
    parties = [
        {"no": str(no), "role": "party", "name": f"{place} {name}"} for no, name in enumerate(names, 1)
    ]
    case = {
        "case_type": "dispute_mediation", "definition": law, "place": place, "unit": unit, "channel": channel,
        "filed_at": filed, "cycle": 1, "states": {"main": "@unfiled"}, "fields": {}, "parties": parties, "seats": {}, "clocks": [],
    }  # fmt: skip
    changes: list[Any] = [
        {"do": "file", "case": case},
        _move("@unfiled", state),
        {"do": "set", "field": "category", "value": kind},
        {"do": "set", "field": "risk", "value": chance.choice(("red", "orange", "yellow", "yellow", "blue"))},
        {"do": "clock", "run": _run("running", times[0])},
    ]
    events, reached = [_event(case_id, 1, "file", times[0], law, changes)], []
    handler = chance.randrange(500)
    for seq, (at, (act, to)) in enumerate(zip(times[1:], STEPS, strict=False), 2):
        changes = [_move(state, to)] if to else [{"do": "acted", "trigger": act}]
        state = to or state
        match act:
            case "screen":
                changes.append({"do": "reached", "milestone": "signed", "at": _text(times[0] + at % 200)})
            case "assign":
                changes += [_sits(handler), {"do": "reached", "milestone": "dispatched", "at": _text(at)}]
            case "open_session":
                changes.append({"do": "reached", "milestone": "arrived", "at": _text(at)})
            case "note" if handler % 10 == 0:
                changes += [_sits(handler, "unseat"), _sits(handler + 1)]
            case "performed":
                kept = "met" if at < times[0] + LIMIT else "missed"
                changes.append({"do": "clock", "run": _run("ended", times[0], verdict=kept)})
            case "close":
                changes.append({"do": "outcome", "outcome": chance.choice(OUTCOMES)})
            case "reopen":
                changes.append({"do": "reopen", "cycle": 2})
        events.append(_event(case_id, seq, act, at, law, changes))
        if to == "follow_up":
            reached.append((case_id, "first_resolution", _row(at), _row(at)))
    closed = state == "closed"
    row = (
        case_id, f"{case_id:010}", "dispute_mediation", law, state, "done" if closed else "work", place, unit, channel,
        _row(times[0]), _row(times[-1]), _row(times[-1]) if closed else None,
    )  # fmt: skip
    return row, events, reached


def _run(status: str, filed: int, **more: str) -> dict[str, Any]:
    return {
        "name": "mediation_limit",
        "run": 1,
        "kind": "limit",
        "status": status,
        "due": _text(filed + LIMIT),
        **more,
    }


def _sits(number: int, do: str = "seat") -> dict[str, Any]:
    weight = {"weight": 1 + number % 3} if do == "seat" else {}
    return {"do": do, "seat": "handler", "person": f"off-{number % 500}", **weight}


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
    warnings.simplefilter("ignore")  # it says of each curve that it is drawn with steps
    begun, found = perf_counter(), {}
    parts = list(frame.groupby(["unit", "kind", "month"]))
    split = perf_counter() - begun
    begun = perf_counter()
    for key, part in parts[:groups]:
        fitted = KaplanMeierFitter().fit(part["s"], part["ended"])
        found[key] = (fitted.percentile(0.5), fitted.percentile(0.1))
    return split + (perf_counter() - begun) * len(parts) / min(groups, len(parts)), found


Asked = tuple[str, dict[str, Any]]  # a measure by its name in the registry, and what it is asked
QUESTIONS: dict[str, Asked] = {
    "one figure": ("durations", {}),
    "one station, by kind": ("durations", {"by": ["category"], "filter": {"unit": "S-012"}}),
    "station x kind x month": ("durations", HEADLINE),
    "the same of a year before": ("durations", {**HEADLINE, "as_of": datetime(2025, 12, 1, tzinfo=UTC)}),
    "by kind, each against the rest": ("durations", {"by": ["category"]}),
}
OTHERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("waiting", "", {}),
    ("waiting", "by station", {"by": ["unit"]}),
    ("waiting", "per owner", {"per": "owner"}),
    ("waiting", "working time", {"working": True}),
    ("why", "one station", {"filter": {"unit": "S-012"}}),
    ("outcomes", "", {}),
    ("outcomes", "by station", {"by": ["unit"]}),
    ("outcomes", "by station, kind, month", HEADLINE),
    ("compliance", "", {}),
    ("compliance", "by station, month", {"by": ["unit", "filed_month"]}),
    ("compliance", "by station, kind, month", HEADLINE),
    ("durability", "by station", {"by": ["unit"]}),
    ("durability", "by station, kind, month", HEADLINE),
    ("recurrence", "parties", {"of": "parties"}),
    ("recurrence", "place, by station", {"of": "place", "by": ["unit"]}),
    ("backlog", "", {}),
    ("backlog", "by station, days", {"by": ["unit"], "every": "day"}),
    ("flow", "", {}),
    ("flow", "by station", {"by": ["unit"]}),
    ("load", "", {}),
    ("load", "by station", {"by": ["unit"]}),
    ("legs", "", {}),
    ("legs", "by station", {"by": ["unit"]}),
    ("legs", "by station, kind, month", HEADLINE),
    ("activity", "by station, months", {"by": ["unit"], "per": "month"}),
    ("activity", "by person", {"by": ["person"]}),
    ("funnel", "slow, by station", {"of": "slow", "by": ["unit"]}),
    ("fairness", "four weeks", {}),
    ("oldest", "", {}),
    ("deciding", "", {}),
)
ALL: dict[str, Asked] = QUESTIONS | {
    f"{measure}, {how}" if how else measure: (measure, given) for measure, how, given in OTHERS
}


def ask(path: Path, name: str) -> None:
    """One question in a process of its own: the best of three, the most memory, and the answer on stdout."""
    from engine.analytics.traces.book import open_book

    with open_engine(Settings(database_url=database_url(str(path))), clock=lambda: ENDS) as engine:
        caller = engine.caller(person="dsp-01")
        taken, answer, peak = [], None, 0
        measure, given = ALL.get(name, ("", {}))
        run = fairness if measure == "fairness" else MEASURES[measure].run if measure else None
        for _ in range(3 if run else 1):
            answer = None
            begun = perf_counter()
            if run:
                answer = engine.store.read(lambda unit: run(unit, caller, **given))
            else:
                engine.store.read(open_book)
            taken.append(perf_counter() - begun)
            peak = peak or _peak()
    sys.stdout.write(json.dumps({"s": min(taken), "mb": peak, "answer": answer}))


def _peak() -> int:
    """Megabytes at most; what getrusage says a child has from its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def asked(path: Path, name: str) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.figures", "--ask", str(path), name]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own program
    told = json.loads(done.stdout)
    sys.stdout.write(f"{name:32} {told['s']:8.3f} s   {told['mb']:,} MB\n")
    sys.stdout.flush()
    return told["answer"]


def compare(path: Path, answer: Any) -> None:
    groups = answer["groups"]
    ours = {
        tuple(g["key"].values()): (g["km"]["p50_s"], g["km"]["p90_s"]) for g in groups if not g.get("few")
    }
    seconds, sql = by_sql(path)
    differ = sum(sql[key] != value for key, value in ours.items())
    sys.stdout.write(
        f"{'the same in SQL':32} {seconds:8.3f} s   {len(ours):,} groups compared, {differ} differ\n"
    )
    other = by_lifelines(path)
    if other is not None:
        found = {key: value for key, value in other[1].items() if key in ours}
        differ = sum(
            ours[key] != tuple(None if s == float("inf") else s for s in value)
            for key, value in found.items()
        )
        sys.stdout.write(
            f"{'the same with lifelines':32} {other[0]:8.1f} s   scaled; {len(found)} groups compared, {differ} differ\n"
        )


def main(cases: int, *, compared: bool = True) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.db"
        begun = perf_counter()
        store(path, cases)
        sys.stdout.write(
            f"{cases:,} cases made in {perf_counter() - begun:.0f} s, {path.stat().st_size / 1e9:.1f} GB\n"
        )
        asked(path, "every history read")
        asked(path, "opened again")
        if compared:
            answers = {name: asked(path, name) for name in QUESTIONS}
            compare(path, answers["station x kind x month"])
        for name in [one for one in ALL if one not in QUESTIONS]:
            asked(path, name)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        ask(Path(sys.argv[2]), sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES, compared="measures" not in sys.argv[2:])
