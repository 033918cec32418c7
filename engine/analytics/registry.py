"""Every measure by name: where it is, what a document shows of its answer, and how it is drawn.

A report is made of these. To add a measure, add one line; what it takes is read off the function itself, and without
``columns`` and ``lists`` a document shows all numbers of its groups. Paths are dotted (``km.p50_s``); what a number
is, its name says: ``n`` and ``n_..`` count, ``share..`` is a share, ``.._s`` is in seconds, ``at`` and ``.._at`` are
instants.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from engine.analytics.ceiling import persons_in, roles_told
from engine.analytics.chart.named import Name, named
from engine.domain.instant import to_text
from engine.domain.messages import text
from engine.persistence.unit import Unit

# what every measure takes; ``as_of`` and ``zone`` are the report's own, ``drawn`` is the doors'
COMMON = ("by", "filter", "filed", "closed", "public")
RANGES = frozenset({"filed", "closed", "counted"})  # given as texts: 2026-10.., last 28 days
OWN = frozenset({"as_of", "zone", "drawn"})


@dataclass(frozen=True, slots=True)
class Measure:
    """``at``: module and function. ``columns``: of each group; ``lists``: of its lists, each a table of its own.
    ``deep``: with the lists within these. ``facts``: of the answer itself, ``items``: its own lists that are tables. ``chart``: module and function of (answer, lang, zone), drawn
    from an answer that was asked with ``drawn_with``; ``drawn_if``: a field without which there is nothing to draw."""

    at: str
    columns: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    deep: bool = False
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    chart: str = ""
    drawn_with: Mapping[str, Any] = field(default_factory=dict)
    drawn_if: str = "n"

    @property
    def run(self) -> Callable[..., dict[str, Any]]:
        found: Callable[..., dict[str, Any]] = _found(self.at)
        return found

    @property
    def takes(self) -> dict[str, inspect.Parameter]:
        """Arguments that a report may give, by name."""
        _unit, _caller, *rest = inspect.signature(self.run).parameters.values()
        return {one.name: one for one in rest if one.name not in OWN}

    def drawn(self, answer: Mapping[str, Any], *, lang: str, zone: str, name: Name) -> Any:
        """The chart of an answer; None where there is none to draw."""
        if not self.chart or not answer.get("n") or not answer.get(self.drawn_if):
            return None
        return self.charted(answer, lang=lang, zone=zone, name=name)

    def charted(self, answer: Mapping[str, Any], *, lang: str, zone: str, name: Name) -> Any:
        """The chart that was asked for; one of nothing says so. ``name``: what a group's value is called."""
        return _found(self.chart)(named(answer, name, lang), lang=lang, zone=zone)


def _found(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def list_measures(unit: Unit, caller: Any) -> dict[str, Any]:
    """Every measure: {measure, text, asked, for, persons[], persons_for}; ``persons``: how it is asked so that it tells
    of named persons, who are told to ``persons_for`` and to each himself (``engine.analytics.ceiling``)."""
    lang = caller.lang
    leading = roles_told(unit, lang)
    items = [
        {
            "measure": name, "text": text(f"word.measure.{name}", lang), "asked": f"stats {name}",
            "for": text("word.measure_for", lang), "persons": persons_in(name), "persons_for": leading,
        }
        for name in (*MEASURES, "fairness")
    ]  # fmt: skip
    return {"items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


_HERE = "engine.analytics"
_RUNS = ("n_met", "n_met_extended", "n_missed", "n_overdue", "share_met", "share_in_time")
MEASURES: dict[str, Measure] = {
    "durations": Measure(
        f"{_HERE}.durations:durations",
        columns=(
            "n",
            "n_open",
            "n_reached",
            "km.p50_s",
            "km.p80_s",
            "km.p90_s",
            "between.p90_s.0",
            "between.p90_s.1",
            "closed.p50_s",
            "against.which",
            "against.p",
        ),
        chart=f"{_HERE}.chart.of:durations_chart",
        drawn_with={"curves": True},
    ),
    "waiting": Measure(
        f"{_HERE}.waiting:waiting",
        columns=("n", "n_open", "total_s"),
        lists=("parts",),
        chart=f"{_HERE}.chart.of:waiting_chart_of",
    ),
    "why": Measure(
        f"{_HERE}.why:why",
        facts=("unit", "other", "n", "other_n", "mean_s", "other_mean_s", "difference_s", "case_mix.seconds"),
        items=("parts", "waited"),
        chart=f"{_HERE}.chart.of:why_chart_of",
    ),
    "outcomes": Measure(
        f"{_HERE}.outcomes:outcomes", columns=("n", "n_open", "n_closed"), lists=("outcomes", "rates")
    ),
    "durability": Measure(f"{_HERE}.durability:durability", columns=("n", "n_reopened"), lists=("within",)),
    "compliance": Measure(
        f"{_HERE}.compliance:compliance",
        columns=("n", *(f"all.{name}" for name in _RUNS)),
        lists=("clocks",),
    ),
    "recurrence": Measure(f"{_HERE}.recurrence:recurrence", columns=("n", "n_again"), lists=("within",)),
    "backlog": Measure(
        f"{_HERE}.backlog:backlog",
        columns=("n", "n_open", "before"),
        lists=("steps",),
        chart=f"{_HERE}.chart.of:backlog_chart_of",
    ),
    "flow": Measure(
        f"{_HERE}.flow:flow",
        columns=("n", "n_open", "bottleneck.title", "bottleneck.share", "rework.n_cases", "rework.n_returns"),
        lists=("states", "transitions"),
        chart=f"{_HERE}.chart.of:flow_chart_of",
        drawn_with={"drawn": "if_one"},  # several case types have tables and no drawing
        drawn_if="definition",
    ),
    "load": Measure(
        f"{_HERE}.load:load",
        columns=("n", "n_handled", "weight", "oldest_s", "p50_s", "n_given", "n_taken"),
    ),
    "funnel": Measure(
        f"{_HERE}.funnel:funnel",
        columns=("n", "n_bad", "share", "stands"),
        chart=f"{_HERE}.chart.of:funnel_chart_of",
    ),
    "legs": Measure(f"{_HERE}.legs:legs", columns=("n", "n_open"), lists=("legs",), deep=True),
    "activity": Measure(
        f"{_HERE}.activity:activity", columns=("n", "n_cases", "n_parts"), items=("activities", "acts")
    ),
    "oldest": Measure(f"{_HERE}.oldest:oldest", items=("items",)),
    "deciding": Measure(f"{_HERE}.oldest:deciding", items=("items",)),
}
