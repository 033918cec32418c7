"""`folkmoot case`: one case from filing to closing. The order of imports is the order in the help."""

from cli.commands.case import filing, reading, acting, party, seat, handing_over, triage, link, history  # noqa: I001, F401
from cli.commands.case import correcting, papers, register  # noqa: F401
from cli.commands.case.app import app

__all__ = ["app"]
