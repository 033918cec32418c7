"""The group that all verbs of `workflow` join."""

from cli.command import noun

app = noun("workflow")
