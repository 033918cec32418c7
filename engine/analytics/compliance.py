"""``stats compliance``: were the limits kept.

Each run of a limit counts once. A verdict is told as it was given when the run ended, whatever is believed of the days
by now; what still runs is told apart, and past its due second as overdue, which no verdict has said yet.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame
    from engine.analytics.traces.shelf import Ints

VERDICTS = ("met", "met_extended", "missed")
COUNTS = (*VERDICTS, "running", "overdue", "paused", "extended")
NO_DUE = -(1 << 61)
TEXT = "runs of limits, by the verdict that each was given when it ended"
TEXT_ZH = "各期限按结束时所作的结论"
Range = tuple[datetime | None, datetime | None]


@ceiling
def compliance(
    unit: Unit,
    caller: Any,
    *,
    by: Sequence[str] = (),
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    filed: Range = (None, None),
    closed: Range = (None, None),
    as_of: datetime | None = None,
    zone: str = "Asia/Shanghai",
    public: bool = False,
    cases: str | None = None,
) -> dict[str, Any]:
    """{n, n_open, groups[{key, n, n_open, all{}, clocks[]}]}; ``n`` are cases. ``all`` and each of ``clocks``: ``n`` runs,
    of them ``n_met``, ``n_met_extended`` (met, with a lawful extension), ``n_missed``, ``n_running``, ``n_overdue``
    (running past due), ``n_paused``; ``n_extended`` had an extension, however they ended.

    ``share_met``: met, with or without extension, of those that ended. ``share_in_time``: the same of those whose time
    came, the overdue among them. ``share_extended``: of all runs.

    ``cases`` names one of the counts (``missed``, ``mediation_limit/missed``; ``all``) and brings its runs, each with its
    case and when it was or is due. FM-U716, FM-U725.
    """
    from engine.analytics import behind
    from engine.analytics.grouping import group_cases
    from engine.analytics.nested import cover
    from engine.analytics.selecting import select_cases
    from engine.analytics.suppress import finish

    frame = select_cases(unit, caller, filter=filter, filed=filed, closed=closed, as_of=as_of)
    groups = group_cases(frame, unit, by, ZoneInfo(zone))
    runs = runs_of(frame)
    behind.asked(cases, ("all", *COUNTS), public=public, each_of=runs.clocks)
    answer: dict[str, Any] = {
        "text": TEXT_ZH if caller.lang == "zh" else TEXT,
        "as_of": to_text(as_of or caller.at),
        "n": len(frame),
        "n_open": int((frame.closed < 0).sum()),
        "groups": _groups(frame, unit, groups, runs, caller.lang),
    }
    finish(answer, by=by, public=public, counts=("n_open",))
    if public:
        parts = tuple(f"n_{name}" for name in COUNTS)
        for group in answer["groups"]:
            group["all"] = [group["all"]] if group["all"].get("n") else []
        longer = (("n", "n_extended"),)
        cover(answer["groups"], "clocks", counts=("n", *parts), says=("clock", "title"), apart=longer)
        cover(answer["groups"], "all", counts=("n", *parts), says=(), apart=longer)
        for group in answer["groups"]:
            group["all"] = group["all"][0] if group["all"] else {}
    if cases is not None:
        answer["cases"] = _cases(unit, frame, groups, runs, cases, caller.lang)
    return answer


class Runs(NamedTuple):
    """Runs of limits as they stand: of which ``case`` (position), which ``clock`` (number of ``clocks``), ``state``
    (number of :data:`COUNTS`), whether ever ``extended``, and the second when it is ``due`` (:data:`NO_DUE`: never)."""

    case: "Ints"
    clock: "Ints"
    state: "Ints"
    extended: Any
    due: "Ints"
    clocks: list[str]


def runs_of(frame: "Frame") -> Runs:
    import numpy as np

    steps = frame.steps("limit")
    parts = [text.rpartition("|") for text in frame.texts("limit")]
    keys = {key: n for n, key in enumerate(dict.fromkeys(key for key, _, _ in parts))}
    clocks = sorted({key.partition("|")[0] for key in keys})
    clock_of = np.array([clocks.index(key.partition("|")[0]) for key in keys] or [0], np.int64)
    key_of = np.array([keys[key] for key, _, _ in parts] or [0], np.int64)
    state_of = np.array([_state(said) for _, _, said in parts] or [0], np.int64)
    key = key_of[steps.code]
    which = steps.case * max(len(keys), 1) + key
    last = last_rows(which)
    state, due = state_of[steps.code[last]], (steps.value if steps.value is not None else which)[last]
    late = (state == COUNTS.index("running")) & (due > NO_DUE) & (due <= frame.at)
    state = np.where(late, COUNTS.index("overdue"), state)
    more = frame.steps("extension")
    of_text = [keys.get(text, -1) for text in frame.texts("extension")]
    longer = more.case * max(len(keys), 1) + np.array(of_text or [0], np.int64)[more.code]
    return Runs(steps.case[last], clock_of[key[last]], state, np.isin(which[last], longer), due, clocks)


def last_rows(which: "Ints") -> "Ints":
    """Of rows that are of the same thing the last one, ascending by the thing."""
    import numpy as np

    _, last = np.unique(which[::-1], return_index=True)
    return np.asarray(len(which) - 1 - last, np.int64)


def _state(said: str) -> int:
    """What neither runs nor has a verdict stands still."""
    return COUNTS.index(said if said in ("running", *VERDICTS) else "paused")


def _cases(
    unit: Unit, frame: "Frame", groups: "Groups", runs: Runs, number: str, lang: str
) -> list[dict[str, Any]]:
    """Runs that are counted under this, by when they were due."""
    import numpy as np

    from engine.analytics import titles
    from engine.analytics.behind import cases_at, instants

    clock, _, count = number.rpartition("/")
    counted = {"all": np.ones(len(runs.case), np.bool_), "extended": runs.extended}
    which = counted[count] if count in counted else runs.state == COUNTS.index(count)
    if clock:
        which = which & (runs.clock == runs.clocks.index(clock))
    rows = np.flatnonzero(which)
    rows = rows[np.argsort(runs.due[rows], kind="stable")]
    laws = titles.followed(frame, unit)
    names = [runs.clocks[code] for code in runs.clock[rows].tolist()]
    columns = {
        "clock": names,
        "title": [titles.clock(laws, name, lang) for name in names],
        "due_at": instants(runs.due[rows], NO_DUE),
        "state": [COUNTS[code] for code in runs.state[rows].tolist()],
        "extended": runs.extended[rows].tolist(),
    }
    return cases_at(unit, frame, groups, runs.case[rows], columns)


def _groups(frame: "Frame", unit: Unit, groups: "Groups", runs: Runs, lang: str) -> list[dict[str, Any]]:
    import numpy as np

    from engine.analytics import titles

    width, kinds = max(len(runs.clocks), 1), len(COUNTS)
    cell = groups.of[runs.case].astype(np.int64) * width + runs.clock
    shape = (len(groups), width, kinds)
    found = np.bincount(cell * kinds + runs.state, minlength=int(np.prod(shape))).reshape(shape)
    extended = np.bincount(cell[runs.extended], minlength=shape[0] * width).reshape(shape[:2])
    found[:, :, COUNTS.index("extended")] = extended
    laws = titles.followed(frame, unit)
    named = [{"clock": name, "title": titles.clock(laws, name, lang)} for name in runs.clocks]
    n, n_open = groups.sizes().tolist(), groups.sizes(frame.closed < 0).tolist()
    made = []
    for number, key in enumerate(groups.keys):
        rows = found[number]
        clocks = [name | _told(row) for name, row in zip(named, rows.tolist(), strict=False) if any(row)]
        total = _told(rows.sum(axis=0).tolist())
        made.append({"key": key, "n": n[number], "n_open": n_open[number], "all": total, "clocks": clocks})
    return made


def _told(row: Sequence[int]) -> dict[str, Any]:
    of = dict(zip(COUNTS, row, strict=True))
    runs = sum(count for name, count in of.items() if name != "extended")
    kept = of["met"] + of["met_extended"]
    ended = kept + of["missed"]
    return {
        "n": runs,
        **{f"n_{name}": count for name, count in of.items()},
        "share_met": _share(kept, ended),
        "share_in_time": _share(kept, ended + of["overdue"]),
        "share_extended": _share(of["extended"], runs),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
