"""`folkmoot stats`: the supervisor's questions. Imports stand in the order of the help."""

from cli.commands.stats import durations, waiting, why, outcomes, durability, recurrence  # noqa: I001, F401
from cli.commands.stats import compliance, backlog, flow, load, legs, activity, fairness, funnel, verify  # noqa: F401
from cli.commands.stats.app import app

__all__ = ["app"]
