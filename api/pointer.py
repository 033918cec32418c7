"""Where in a request stands what a reason is about. The engine points into its own command; some addresses put the
parts of it elsewhere in their body, and services do not know at all where their words came from.

An address says so when it calls: a code with the place of the word that it is about, or the beginning of a pointer
(as a pattern) with what stands for it here. What a body or a query names and nobody knows is 422 with its place;
404 is said of the address alone.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.domain.errors import FolkmootError, Reason

Places = Mapping[str, str]
NOWHERE: Places = {}
EVERYWHERE: Places = {"/fields(?=/)": "/set"}  # the engine's word for it, and the word of bodies


def place(error: FolkmootError, places: Places) -> None:
    """Put the places into the error's reasons, once for each error."""
    error.reasons = tuple(_placed(reason, {**places, **EVERYWHERE}) for reason in error.reasons)


def _placed(reason: Reason, places: Places) -> Reason:
    if reason.pointer is None:
        known = places.get(reason.code)
        return reason if known is None else replace(reason, pointer=known)
    for beginning, here in places.items():
        found = re.match(beginning, reason.pointer) if beginning.startswith("/") else None
        if found:
            return replace(reason, pointer=(here + reason.pointer[found.end() :]) or None)
    return reason
