"""From the answers of the statistics to charts, one function for each kind."""

from engine.analytics.chart.kind.ageing import ageing_chart
from engine.analytics.chart.kind.backlog import backlog_chart
from engine.analytics.chart.kind.flow import flow_chart
from engine.analytics.chart.kind.funnel import funnel_chart
from engine.analytics.chart.kind.months import months_chart
from engine.analytics.chart.kind.survival import survival_chart
from engine.analytics.chart.kind.waiting import waiting_chart
from engine.analytics.chart.kind.why import why_chart

__all__ = [
    "ageing_chart",
    "backlog_chart",
    "flow_chart",
    "funnel_chart",
    "months_chart",
    "survival_chart",
    "waiting_chart",
    "why_chart",
]
