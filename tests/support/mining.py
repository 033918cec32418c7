"""What others read in our files: pm4py and duckdb, in a program of their own, since they are no part of ours.

`python -W ignore -m tests.support.mining FILE..` prints it; :func:`mined` asks for it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def mined(*files: Path) -> list[dict[str, Any]]:
    """Of each {cases, events, instants[[event, instant]]}; of OCEL also objects, types{}, of_events, of_objects."""
    done = subprocess.run(  # noqa: S603 - this very module
        [sys.executable, "-W", "ignore", "-m", "tests.support.mining", *map(str, files)],
        capture_output=True, text=True, timeout=300, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rows(frame: Any, case: str, number: str, time: str) -> dict[str, Any]:
    instants = [
        [f"{ref}:{int(seq)}", at.strftime("%Y-%m-%dT%H:%M:%SZ")]
        for ref, seq, at in zip(frame[case], frame[number], frame[time], strict=True)
    ]
    return {"cases": int(frame[case].nunique()), "events": len(frame), "instants": sorted(instants)}


def _log(file: str) -> dict[str, Any]:
    import pm4py

    frame = pm4py.read_xes(file)
    told = _rows(frame, "case:concept:name", "seq", "time:timestamp")
    return {**told, "columns": sorted(frame.columns), "traces": sum(pm4py.get_variants(frame).values())}


def _csv(file: str) -> dict[str, Any]:
    import pandas
    import pm4py

    raw = pandas.read_csv(file, dtype={"place": str})
    frame = pm4py.format_dataframe(
        raw, case_id="case_id", activity_key="activity", timestamp_key="occurred_at"
    )
    return _rows(frame, "case:concept:name", "seq", "time:timestamp")


def _parquet(file: str) -> dict[str, Any]:
    import duckdb

    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    rows = base.execute(
        "SELECT case_id, seq, strftime(occurred_at, '%Y-%m-%dT%H:%M:%SZ') FROM read_parquet(?)", [file]
    ).fetchall()
    types = base.execute(
        "SELECT typeof(recorded_at), typeof(taken_back) FROM read_parquet(?) LIMIT 1", [file]
    )
    return {
        "cases": len({ref for ref, _, _ in rows}),
        "events": len(rows),
        "instants": sorted([f"{ref}:{seq}", at] for ref, seq, at in rows),
        "types": list(types.fetchone() or ()),
    }


def _ocel(file: str) -> dict[str, Any]:
    import pm4py

    log = pm4py.read_ocel2(file)
    instants = [
        [name, at.strftime("%Y-%m-%dT%H:%M:%SZ")]
        for name, at in zip(log.events["ocel:eid"], log.events["ocel:timestamp"], strict=True)
    ]
    kinds = log.objects["ocel:type"].value_counts().to_dict()
    return {
        "cases": kinds["case"],
        "events": len(log.events),
        "instants": sorted(instants),
        "objects": len(log.objects),
        "types": kinds,
        "of_events": len(log.relations),
        "of_objects": len(log.o2o),
    }


READERS = {".xes": _log, ".csv": _csv, ".parquet": _parquet, ".json": _ocel, ".sqlite": _ocel}

if __name__ == "__main__":
    print(json.dumps([READERS[Path(file).suffix](file) for file in sys.argv[1:]]))  # noqa: T201 - what this process answers with
