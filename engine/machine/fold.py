"""Folding: the one place where what an event states becomes the case's state.

Deciding uses it to write its draft, verifying uses it to rebuild a case from its history; the two can
therefore never differ. Every change is plain JSON with ``do`` naming its kind.
"""

import marshal
from collections.abc import Callable, Iterable
from typing import Any, cast

from engine.domain.case import CaseState, ClockRun, Event


def copy_plain(value: Any) -> Any:
    """A deep copy of plain data; marshal is several times as fast as deepcopy."""
    return marshal.loads(marshal.dumps(value))  # noqa: S302 - our own data, dumped in this very line


def copy_state(state: CaseState) -> CaseState:
    return cast(CaseState, copy_plain(state))


def fold(events: Iterable[Event], state: CaseState | None = None) -> CaseState:
    """The state after these events; the first event of a case is its filing."""
    held: Any = {} if state is None else copy_state(state)
    for event in events:
        for change in event["changes"]:
            apply(held, change, event["at"], event["actor"])
    return cast(CaseState, held)


def apply(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """Put one change into the state, in place. An unknown kind is a bug: KeyError."""
    _APPLY[change["do"]](state, change, at, actor)


def _file(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state.update(cast(CaseState, copy_plain(change["case"])))


def _move(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    region = change["region"]
    state["back"][region] = change["from"]
    state["states"][region] = change["to"]
    for name in change.get("been", ()):
        held = state["been"].get(name)
        state["been"][name] = {"at": at, "times": (held["times"] if held else 0) + 1}


def _acted(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    held = state["last"].get(change["trigger"])
    state["last"][change["trigger"]] = {"by": actor, "at": at, "times": (held["times"] if held else 0) + 1}


def _set(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["fields"][change["field"]] = change["value"]


def _record(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["records"].append(copy_plain(change["item"]))


def _sign(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    item = next(r for r in state["records"] if r["id"] == change["record"])
    item.setdefault("signatures", []).append({"place": change["place"], "by": change["by"], "at": at})
    if change["complete"]:
        item["signed_at"] = at


def _party(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["parties"].append(copy_plain(change["party"]))


def _party_change(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    party = next(p for p in state["parties"] if p["no"] == change["no"])
    party["fields"].update(change.get("fields", {}))
    if "name" in change:
        party["name"] = change["name"]


def _party_leave(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    next(p for p in state["parties"] if p["no"] == change["no"])["active"] = False


def _seat(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    holder = {"person": change["person"], "since": at, "accepted": change["accepted"], "by": actor}
    state["seats"].setdefault(change["seat"], []).append(cast(Any, holder))


def _accept(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    for holder in state["seats"].get(change["seat"], []):
        if holder["person"] == change["person"]:
            holder["accepted"] = True


def _unseat(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    held = state["seats"].get(change["seat"], [])
    state["seats"][change["seat"]] = [h for h in held if h["person"] != change["person"]]


def _clock(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    run: ClockRun = copy_plain(change["run"])
    clocks = state["clocks"]
    for index, held in enumerate(clocks):
        if run_key(held) == run_key(run):
            clocks[index] = run
            return
    clocks.append(run)


def _mark(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    key = (change["clock"], change.get("item"), change["run"])
    run = next(r for r in state["clocks"] if run_key(r) == key)
    run["fired"][change["mark"]] = change["at"]


def _outcome(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["outcome"] = change["outcome"]


def _reopen(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["cycle"] = change["cycle"]
    state["been"], state["last"] = {}, {}
    state["states"].update(change["states"])
    state.pop("outcome", None)


def _link(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["links"].append({"kind": change["kind"], "ref": change["ref"], "at": at})


_APPLY: dict[str, Callable[[CaseState, dict[str, Any], str, str], None]] = {
    "file": _file,
    "move": _move,
    "acted": _acted,
    "set": _set,
    "record": _record,
    "sign": _sign,
    "party": _party,
    "party_change": _party_change,
    "party_leave": _party_leave,
    "seat": _seat,
    "accept": _accept,
    "unseat": _unseat,
    "clock": _clock,
    "mark": _mark,
    "outcome": _outcome,
    "reopen": _reopen,
    "link": _link,
    "incident": lambda state, change, at, actor: None,  # told to supervisors, changes no state
    "reached": lambda state, change, at, actor: None,  # a milestone of an imported case, for the statistics
    "approval": lambda state, change, at, actor: None,  # one was asked for, refused or lapsed
}


def run_key(run: ClockRun) -> tuple[str, str | None, int]:
    return run["name"], run.get("item"), run["run"]
