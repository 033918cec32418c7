"""A filter as of a past moment: judged on what was known of a case then.

What never changes of a case is asked of its row; everything else that the filter names is asked of the state that its
history gives up to that moment. What hangs on today's organisation has no answer then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.definitions.outline import HANDLER_SEAT, MAIN, Leaf
from engine.domain.case import CaseState
from engine.domain.errors import UsageError
from engine.domain.instant import from_text
from engine.persistence.selection import subtree
from engine.persistence.unit import Unit

LASTING = ("type", "channel", "q", "external", "batch", "refs")
TODAY = ("served_by", "holder_away")


@dataclass(frozen=True, slots=True)
class Known:
    """A case at the moment ``at``."""

    state: CaseState
    leaf: Leaf
    closed: datetime | None
    at: datetime
    person: str | None  # who asks

    @property
    def open(self) -> bool:
        return not self.leaf.final

    @property
    def due(self) -> datetime | None:
        """The earliest deadline that ran then."""
        running = [
            run["due"]
            for run in self.state["clocks"]
            if run["status"] == "running" and run["kind"] == "limit" and "due" in run
        ]
        return from_text(min(running)) if running else None


def parted(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is asked of the row, and what of the state then. FM-U374 for what only today can answer."""
    said = {name: value for name, value in given.items() if value not in (None, False)}
    for name in TODAY:
        if name in said:
            raise UsageError("FM-U374", name=name)
    return (
        {name: value for name, value in said.items() if name in LASTING},
        {name: value for name, value in said.items() if name not in LASTING},
    )


def judges(unit: Unit, given: Mapping[str, Any]) -> Callable[[Known], bool]:
    """Whether all of it holds of a case."""
    tests = [_test(unit, name, value) for name, value in given.items()]
    return lambda known: all(test(known) for test in tests)


def _test(unit: Unit, name: str, value: Any) -> Callable[[Known], bool]:
    if name in _PLAIN:
        read, wanted = _PLAIN[name], _several(value)
        return lambda known: read(known) in wanted
    if name == "unit":
        units = set(subtree(unit, str(value)))
        return lambda known: known.state["unit"] in units
    test = _SPECIAL[name]
    return lambda known: test(known, value)


def _several(value: Any) -> set[str]:
    given = value if isinstance(value, list | tuple) else str(value).split(",")
    return {str(one).strip() for one in given}


def _held(known: Known, value: Any) -> bool:
    person = known.person if value == "me" else str(value)
    return any(holder["person"] == person for held in known.state["seats"].values() for holder in held)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


_PLAIN: Mapping[str, Callable[[Known], Any]] = {
    "phase": lambda known: known.leaf.phase,
    "state": lambda known: known.state["states"][MAIN],
    "risk": lambda known: known.state["fields"].get("risk"),
    "place": lambda known: known.state["place"],
    "outcome": lambda known: known.state.get("outcome"),
}
_SPECIAL: Mapping[str, Callable[[Known, Any], bool]] = {
    "holder": _held,
    "unassigned": lambda known, value: known.open and not known.state["seats"].get(HANDLER_SEAT),
    "open": lambda known, value: known.open,
    "late": lambda known, value: known.open and known.due is not None and known.due <= known.at,
    "due": lambda known, value: known.open and known.due is not None and known.due <= _moment(value),
    "filed_from": lambda known, value: from_text(known.state["filed_at"]) >= _moment(value),
    "filed_until": lambda known, value: from_text(known.state["filed_at"]) < _moment(value),
    "closed_from": lambda known, value: known.closed is not None and known.closed >= _moment(value),
    "closed_until": lambda known, value: known.closed is not None and known.closed < _moment(value),
}
