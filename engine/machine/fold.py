"""Folding: the one place where what an event states becomes the case's state.

Deciding uses it to write its draft, verifying uses it to rebuild a case from its history; the two can
therefore never differ. Every change is plain JSON with ``do`` naming its kind.

A change puts new parts in the place of old ones and alters none. So a copy of the topmost level is a copy,
states and events may share their parts, and a part that is still the very same object is still true.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from engine.domain.case import CaseState, ClockRun, Event, Holder, RecordItem
from engine.machine.erasure import without

T = TypeVar("T")


def copy_state(state: CaseState) -> CaseState:
    """A state to be changed by :func:`apply`, which leaves the given one as it is."""
    return cast(CaseState, dict(state))


def fold(events: Iterable[Event], state: CaseState | None = None) -> CaseState:
    """The state after these events; the first event of a case is its filing."""
    held: Any = {} if state is None else copy_state(state)
    for event in events:
        for change in event["changes"]:
            apply(held, change, event["at"], event["actor"])
    return cast(CaseState, held)


def apply(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """Put one change into the state. An unknown kind is a bug: KeyError."""
    _APPLY[change["do"]](state, change, at, actor)


def _file(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state.update(cast(CaseState, change["case"]))


def _move(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    region = change["region"]
    state["back"] = {**state["back"], region: change["from"]}
    state["states"] = {**state["states"], region: change["to"]}
    entered = change.get("been")
    if entered:
        been = state["been"]
        again = {name: been[name]["times"] if name in been else 0 for name in entered}
        state["been"] = {**been, **{name: {"at": at, "times": times + 1} for name, times in again.items()}}


def _acted(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    trigger, last = change["trigger"], state["last"]
    times = last[trigger]["times"] if trigger in last else 0
    state["last"] = {**last, trigger: {"by": actor, "at": at, "times": times + 1}}


def _set(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["fields"] = {**state["fields"], change["field"]: change["value"]}


def _record(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["records"] = [*state["records"], change["item"]]


def _sign(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    index, item = _find(state["records"], lambda held: held["id"] == change["record"])
    signature = {"place": change["place"], "by": change["by"], "at": at}
    signed = {**item, "signatures": [*item.get("signatures", ()), signature]}
    if change["complete"]:
        signed["signed_at"] = at
    state["records"] = _replaced(state["records"], index, cast(RecordItem, signed))


def _signed(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """The last who had still to sign has left: what the others signed is whole."""
    index, item = _find(state["records"], lambda held: held["id"] == change["record"])
    state["records"] = _replaced(state["records"], index, cast(RecordItem, {**item, "signed_at": at}))


def _party(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["parties"] = [*state["parties"], change["party"]]


def _party_change(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    index, party = _find(state["parties"], lambda held: held["no"] == change["no"])
    changed = {**party, "fields": {**party["fields"], **change.get("fields", {})}}
    if "name" in change:
        changed["name"] = change["name"]
    if "representative" in change:
        changed["representative"] = change["representative"]
    state["parties"] = _replaced(state["parties"], index, cast(Any, changed))


def _party_leave(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    index, party = _find(state["parties"], lambda held: held["no"] == change["no"])
    state["parties"] = _replaced(state["parties"], index, {**party, "active": False})


def _seat(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    holder: Holder = {"person": change["person"], "since": at, "accepted": change["accepted"], "by": actor}
    for name in ("weight", "acknowledge", "grace", "answered"):
        if name in change:
            holder[name] = change[name]
    _hold(state, change["seat"], [*state["seats"].get(change["seat"], ()), holder])


def _accept(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    if change["seat"] in state["seats"]:
        held, person = state["seats"][change["seat"]], change["person"]
        _hold(state, change["seat"], [{**h, "accepted": True} if h["person"] == person else h for h in held])


def _answer(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """For a seat that nobody has to accept: the holder is there."""
    held, person = state["seats"].get(change["seat"], ()), change["person"]
    _hold(state, change["seat"], [{**h, "answered": True} if h["person"] == person else h for h in held])


def _unseat(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    held = state["seats"].get(change["seat"], ())
    _hold(state, change["seat"], [h for h in held if h["person"] != change["person"]])
    if "why" in change:
        barred = state.get("barred", {})
        mine = {**barred.get(change["seat"], {}), change["person"]: change["why"]}
        state["barred"] = {**barred, change["seat"]: mine}


def _hold(state: CaseState, seat: str, holders: list[Holder]) -> None:
    state["seats"] = {**state["seats"], seat: holders}


def _clock(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    run: ClockRun = change["run"]
    key, clocks = run_key(run), state["clocks"]
    for index, held in enumerate(clocks):
        if held["name"] == run["name"] and run_key(held) == key:
            state["clocks"] = _replaced(clocks, index, run)
            return
    state["clocks"] = [*clocks, run]


def _mark(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    key = (change["clock"], change.get("item"), change["run"])
    index, run = _find(state["clocks"], lambda held: run_key(held) == key)
    fired: ClockRun = {**run, "fired": {**run["fired"], change["mark"]: change["at"]}}
    state["clocks"] = _replaced(state["clocks"], index, fired)


def _outcome(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["outcome"] = change["outcome"]


def _reopen(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["cycle"] = change["cycle"]
    state["been"], state["last"] = {}, {}
    state["states"] = {**state["states"], **change["states"]}
    state.pop("outcome", None)
    state.pop("kept", None)


def _link(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["links"] = [*state["links"], {"kind": change["kind"], "ref": change["ref"], "at": at}]


def _unlink(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    parted = (change["kind"], change["ref"])
    state["links"] = [link for link in state["links"] if (link["kind"], link["ref"]) != parted]


def _keep(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """Where the case stands, for an act that undoes this one. Parts are shared, so it costs nothing but the row."""
    state["kept"] = {
        "act": change["act"], "seq": change["seq"], "at": at, "states": state["states"], "back": state["back"],
        "been": state["been"], "last": state["last"], "clocks": state["clocks"], "links": state["links"],
    }  # fmt: skip
    if "was" in change:
        state["kept"]["was"] = change["was"]


def _keep_clocks(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """What a closed case keeps for the act that undoes its closing, after a case that was joined to it parted."""
    if "kept" in state:
        state["kept"] = {**state["kept"], "clocks": change["clocks"]}


def _seal(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state["sealed"] = {change["what"]: at, **state.get("sealed", {})}


def _purge(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    state.update(without(state, change["facts"]))


def _restore(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """An act was taken back, or another undid it: the parts it had changed are as they were."""
    state.update(cast(CaseState, change["to"]))
    for name in change["gone"]:
        cast(dict[str, Any], state).pop(name, None)


def _amend(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    index, item = _find(state["records"], lambda held: held["id"] == change["record"])
    told: RecordItem = {**item, "fields": {**item["fields"], **change["fields"]}}
    state["records"] = _replaced(state["records"], index, told)


def _retime(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """When an act really happened, wherever its time was kept and no later one has taken its place."""
    then, now = change["from"], change["at"]
    for part, names in (("last", change["triggers"]), ("been", change["states"])):
        held: dict[str, Any] = cast(Any, state)[part]
        moved = {name: {**held[name], "at": now} for name in names if held.get(name, {}).get("at") == then}
        cast(Any, state)[part] = {**held, **moved}
    ids = set(change["records"])
    state["records"] = [
        {**item, "at": now} if item["id"] in ids and item["at"] == then else item for item in state["records"]
    ]


def _migrate(state: CaseState, change: dict[str, Any], at: str, actor: str) -> None:
    """The case goes on under another text: its states there, and the tracks that are no more left out."""
    state["definition"] = change["definition"]
    state["states"] = change["states"]
    state["back"] = {name: leaf for name, leaf in state["back"].items() if name in change["states"]}
    state.pop("kept", None)  # it names states of the other text


def _find(held: list[T], wanted: Callable[[T], bool]) -> tuple[int, T]:
    return next((index, one) for index, one in enumerate(held) if wanted(one))


def _replaced(held: list[T], index: int, one: T) -> list[T]:
    return [*held[:index], one, *held[index + 1 :]]


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
    "answer": _answer,
    "unseat": _unseat,
    "clock": _clock,
    "mark": _mark,
    "outcome": _outcome,
    "reopen": _reopen,
    "link": _link,
    "unlink": _unlink,
    "keep": _keep,
    "keep_clocks": _keep_clocks,
    "relay": lambda state, change, at, actor: None,  # an act asked of the linked cases, done after the commit
    "signed": _signed,
    "seal": _seal,
    "purge": _purge,
    "erased": lambda state, change, at, actor: None,  # content that a purge took out of the history
    "restore": _restore,
    "migrate": _migrate,
    "amend": _amend,
    "retime": _retime,
    "corrected": lambda state, change, at, actor: None,  # what an act had said, and what it should have said
    "incident": lambda state, change, at, actor: None,  # told to supervisors, changes no state
    "reached": lambda state, change, at, actor: None,  # a milestone of an imported case, for the statistics
    "approval": lambda state, change, at, actor: None,  # what became of a request for one
}


def run_key(run: ClockRun) -> tuple[str, str | None, int]:
    return run["name"], run.get("item"), run["run"]
