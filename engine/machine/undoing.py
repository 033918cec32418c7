"""An act that undoes the closing one: the case stands where it stood, in the same cycle, its deadlines as they would be.

The act that may be undone keeps where the case stood; that is part of the state, so nothing has to be looked up. What
was said and filed since then stays.
"""

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Transition
from engine.domain.case import Kept, Last, Link
from engine.domain.errors import Reason
from engine.machine import timing
from engine.machine.draft import Draft
from engine.machine.judge import both


def keep(draft: Draft, trigger: str) -> None:
    """Before an act that another can undo."""
    if trigger in draft.program.undone:
        event = draft.events[-1]
        held = draft.before["fields"] if draft.before is not None else {}
        was = {c["field"]: held.get(c["field"]) for c in event["changes"] if c["do"] == "set"}
        draft.emit(do="keep", act=trigger, seq=event["seq"], **({"was": was} if was else {}))


def against(draft: Draft, transition: Transition, trigger: str) -> list[Reason]:
    """FM-R216 where the case did not come here by an act that this one undoes."""
    kept = draft.state.get("kept")
    if not transition.undoes or (kept is not None and kept["act"] in transition.undoes):
        return []
    return [Reason("FM-R216", both("act", draft.program, trigger), "state")]


def give_back(draft: Draft) -> None:
    """The restored parts are stated like those of an act taken back, so the history is believed without that act."""
    kept = draft.state["kept"]
    to: dict[str, Any] = {
        "states": kept["states"], "back": kept["back"], "been": kept["been"],
        "last": _without(draft.state["last"], kept), "links": _unlinked(draft.state["links"], kept),
        "clocks": [timing.replanned(draft, run) if run["status"] != "stopped" else run for run in kept["clocks"]],
    }  # fmt: skip
    if "was" in kept:
        to["fields"] = _unsaid(draft.state["fields"], kept["was"])
    draft.emit(do="restore", seq=kept["seq"], to=to, gone=["kept", "outcome"])


def _unsaid(fields: Mapping[str, Any], was: Mapping[str, Any]) -> dict[str, Any]:
    """What the undone act itself had said is as it was; what was not said before is not said."""
    others = {name: value for name, value in fields.items() if name not in was}
    return others | {name: value for name, value in was.items() if value is not None}


def _without(last: dict[str, Last], kept: Kept) -> dict[str, Last]:
    """What was done, the undone act as it had been done before, if ever; what was noted since then stays."""
    others = {name: done for name, done in last.items() if name != kept["act"]}
    before = kept["last"].get(kept["act"])
    return others if before is None else {**others, kept["act"]: before}


def _unlinked(links: list[Link], kept: Kept) -> list[Link]:
    """All links but those that the undone act made."""
    then = {(link["kind"], link["ref"]) for link in kept["links"]}
    return [link for link in links if (link["kind"], link["ref"]) in then or link["at"] != kept["at"]]
