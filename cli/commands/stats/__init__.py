"""`folkmoot stats`: the supervisor's questions. The order of imports is the order in the help.

Each module is imported for the command that it declares; the names are not used here.
"""

from cli.commands.stats import durations, waiting, why, outcomes, durability, recurrence  # noqa: I001, F401
from cli.commands.stats import compliance, backlog, oldest, flow, load, legs  # noqa: F401
from cli.commands.stats import activity, fairness, funnel, verify  # noqa: F401
from cli.commands.stats.app import app

__all__ = ["app"]
