"""``stats compliance``: were the limits kept.

Each run of a limit counts once. A verdict is told as it was given when the run ended, whatever is believed of the days
by now; what still runs is told apart, and past its due second as overdue, which no verdict has said yet.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.analytics.ceiling import ceiling
from engine.analytics.heap import alike, uncollected
from engine.domain.instant import to_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.grouping import Groups
    from engine.analytics.traces.frame import Frame, Steps
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
        "groups": _groups(frame, unit, groups, runs, caller.lang, public=public),
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

    case: Any
    clock: Any
    state: Any
    extended: Any
    due: "Ints"
    clocks: list[str]


def runs_of(frame: "Frame") -> Runs:
    import numpy as np

    parts = [text.rpartition("|") for text in frame.texts("limit")]
    keys = {key: n for n, key in enumerate(dict.fromkeys(key for key, _, _ in parts))}
    clocks = sorted({key.partition("|")[0] for key in keys})
    told = _Told(
        np.array([keys[key] for key, _, _ in parts] or [0], np.int64),
        np.array([clocks.index(key.partition("|")[0]) for key, _, _ in parts] or [0], np.int32),
        np.array([_state(said) for _, _, said in parts] or [0], np.int32),
        np.array([keys.get(text, -1) for text in frame.texts("extension")] or [-1], np.int64),
    )
    both = zip(frame.portions("limit"), frame.portions("extension"), strict=True)
    found = [_runs(steps, more, told, max(len(keys), 1), frame.at) for (_, steps), (_, more) in both]
    if not found:
        none = np.zeros(0, np.int32)
        return Runs(none, none, none, none.astype(np.bool_), none.astype(np.int64), clocks)
    case, clock, state, extended, due = (np.concatenate(column) for column in zip(*found, strict=True))
    return Runs(case, clock, state, extended, due, clocks)


class _Told(NamedTuple):
    """What the codes of limits stand for: a run, its clock and how it stands; and those of extensions for, a run."""

    run: Any
    clock: Any
    state: Any
    extended: Any


def _runs(steps: "Steps", more: "Steps", told: _Told, wide: int, at: int) -> tuple[Any, ...]:
    """Case, clock, state, whether it was extended and when it is due of each run of some cases."""
    import numpy as np

    from engine.analytics.estimate.numbering import again

    which = steps.case * wide + told.run[steps.code]
    last = np.flatnonzero(~again(which[::-1])[::-1])  # of several rows of one run the last one holds
    last = last[np.argsort(which[last], kind="stable")]
    state, due = told.state[steps.code[last]], (which if steps.value is None else steps.value)[last]
    late = (state == COUNTS.index("running")) & (due > NO_DUE) & (due <= at)
    state[late] = COUNTS.index("overdue")
    extended = np.isin(which[last], more.case * wide + told.extended[more.code]) & bool(more.case.size)
    return steps.case[last].astype(np.int32), told.clock[steps.code[last]], state, extended, due


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


@uncollected()
def _groups(
    frame: "Frame", unit: Unit, groups: "Groups", runs: Runs, lang: str, *, public: bool
) -> list[dict[str, Any]]:
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
    told = alike(lambda clock, *row: _told({} if clock is None else named[clock], row), public=public)
    columns = (groups.keys, n, n_open, found.sum(axis=1).tolist(), found.tolist())
    return [
        {
            "key": key, "n": n, "n_open": n_open, "all": told(None, *total),
            "clocks": [told(clock, *rows[clock]) for clock in range(len(named)) if any(rows[clock])],
        }
        for key, n, n_open, total, rows in zip(*columns, strict=True)
    ]  # fmt: skip


def _told(name: Mapping[str, str], row: Sequence[int]) -> dict[str, Any]:
    met, met_extended, missed, running, overdue, paused, extended = row
    kept, runs = met + met_extended, met + met_extended + missed + running + overdue + paused
    ended = kept + missed
    return {
        **name, "n": runs, "n_met": met, "n_met_extended": met_extended, "n_missed": missed, "n_running": running,
        "n_overdue": overdue, "n_paused": paused, "n_extended": extended,
        "share_met": _share(kept, ended),
        "share_in_time": _share(kept, ended + overdue),
        "share_extended": _share(extended, runs),
    }  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
