"""The group that all verbs of `case` join."""

from cli.command import noun

app = noun("case")
