"""`folkmoot workflow`: definitions from the first draft until they are in force. Imports stand in the help's order."""

from cli.commands.workflow import reading, checking, drawing, changing, moving  # noqa: I001, F401
from cli.commands.workflow.app import app

__all__ = ["app"]
