"""`folkmoot routing`: why this person, the decision tables that say whom a seat asks for, past decisions again.

Imports stand in the order of the help.
"""

from cli.commands.routing import explaining, checking, changing, replaying  # noqa: I001, F401
from cli.commands.routing.app import app

__all__ = ["app"]
