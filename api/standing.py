"""What a refusal on a case brings along: how the case stands, what happened since, what is open now."""

from typing import TYPE_CHECKING, Any

from engine.domain.errors import FolkmootError
from engine.service.caller import Caller
from engine.service.standing import standing

if TYPE_CHECKING:
    from api.house import House

ON_A_CASE = ("FM-R", "FM-C001", "FM-C003", "FM-C026")
ABOUT_INPUTS = "FM-R3"  # what mends them is the same act again, filled in


async def around(
    house: "House", caller: Caller, error: FolkmootError, ref: str, act: str | None = None
) -> dict[str, Any]:
    """``case``, ``since`` and ``way_out``; nothing for errors that are not about where the case stands."""
    if not any(reason.code.startswith(ON_A_CASE) for reason in error.reasons):
        return {}
    since = next((r.params.get("given") for r in error.reasons if r.code == "FM-C001"), None)
    again = all(reason.code.startswith(ABOUT_INPUTS) for reason in error.reasons)
    try:
        found = await house.read(standing, caller, ref=ref, act=act, since=since, again=again)
    except FolkmootError:
        return {}  # the case itself is not to be seen
    if since is None:
        found.pop("since")
    return found
