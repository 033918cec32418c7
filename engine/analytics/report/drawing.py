"""The chart of a measure's answer, with what it is about called by name: both doors draw it so."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.domain.instant import from_text
from engine.persistence.unit import Unit

if TYPE_CHECKING:
    from engine.analytics.chart import Chart


def chart_of(unit: Unit, caller: Any, *, measure: str, answer: Mapping[str, Any], zone: str) -> "Chart":
    """As ``engine.analytics.registry`` draws that measure; names are those of the instant of the answer."""
    from engine.analytics.registry import MEASURES
    from engine.analytics.report.naming import Names

    names = Names(unit, caller.lang, from_text(answer["as_of"]))
    chart: Chart = MEASURES[measure].charted(answer, lang=caller.lang, zone=zone, name=names.drawn)
    return chart
