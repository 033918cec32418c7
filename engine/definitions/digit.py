"""Reading the workflows of DIGIT (``BusinessServices`` in JSON) as far as they fit, with what is wrong in them.

A DIGIT service is a list of states with actions; an action has roles and a next state. Times are in
milliseconds. What has no counterpart here (tenants, document flags, notifications) is left out and named.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.definitions.emit import emit
from engine.definitions.finding import Finding, errors, in_order
from engine.definitions.load import loads
from engine.definitions.model import (
    Ask,
    Branch,
    ClockSpec,
    Definition,
    Effect,
    Effective,
    FireEffect,
    Outcome,
    Parties,
    PartyRole,
    RemindEffect,
    StateSpec,
    Transition,
)
from engine.definitions.written.node import MOST_BYTES

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_PLACEHOLDER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")
_SERVER_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_TAKEN = {"any", "stay", "back", "file", "start"}
START = "start"  # the state before the first action, which DIGIT leaves without a name
_WHO = {"CITIZEN": "reporter", "SYSTEM": "system", "AUTO_ESCALATE": "system"}
# keys that are understood; whatever else stands in a service, state or action is left out
_KNOWN = {
    "service": {"businessService", "business", "businessServiceSla", "states", "tenantId"},
    "state": {"state", "sla", "isStartState", "isTerminateState", "actions", "tenantId", "applicationStatus"},
    "action": {"action", "nextState", "roles", "currentState", "tenantId"},
}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """One service. ``counts``: states, actions, terminal states, SLA of the whole in hours (None: none)."""

    name: str
    counts: dict[str, int | float | None]
    findings: list[Finding] = field(default_factory=list)
    definition: Definition | None = None
    left_out: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.definition is not None and not errors(self.findings)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        return {
            "service": self.name,
            "counts": self.counts,
            "sound": self.sound,
            "case_type": self.definition.case_type if self.definition else None,
            "left_out": self.left_out,
            "findings": [f.to_json(lang) for f in self.findings],
        }


def read_digit(content: bytes, file: str) -> list[Service]:
    """The services of a file; whatever it holds, the answer is services with findings."""
    services: object = None
    if len(content) <= MOST_BYTES:
        try:
            document = json.loads(content)
        except (ValueError, RecursionError):
            document = None
        services = document.get("BusinessServices") if isinstance(document, dict) else None
    if not isinstance(services, list) or not services:
        nothing = Finding("FM-D001", {"file": file}, file, detail="digit.no_services")
        return [Service("", _counts({}), [nothing])]
    return [
        _Reader(service if isinstance(service, dict) else {}, f"BusinessServices.{number}", file).read()
        for number, service in enumerate(services)
    ]


# ---- the JSON ----------------------------------------------------------------------------------------


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _milliseconds(value: object) -> int | None:
    """Null and nought mean that there is no limit."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 50 else None


def _counts(service: Json) -> dict[str, int | float | None]:
    states = _dicts(service.get("states"))
    sla = _milliseconds(service.get("businessServiceSla"))
    return {
        "states": len(states),
        "actions": sum(len(_dicts(state.get("actions"))) for state in states),
        "terminal": sum(_ends(state) for state in states),
        "sla": None if sla is None else sla / _HOUR if sla % _HOUR else sla // _HOUR,
    }


def _ends(state: Json) -> bool:
    return state.get("isTerminateState") is True


def _starts(state: Json) -> bool:
    return state.get("isStartState") is True


def _shown(state: Json) -> str:
    return START if state.get("state") is None else str(state["state"])


def _id(written: str) -> str:
    """``PENDINGATLME`` as a name of ours."""
    name = re.sub(r"[^a-z0-9]+", "_", written.lower()).strip("_")[:38]
    return name if re.match(r"[a-z]", name) and name not in _TAKEN else f"s_{name}"


def _title(written: str) -> str:
    return written.replace("_", " ").strip().capitalize() or "-"


def _duration(milliseconds: int) -> str:
    """Whole hours, else whole minutes, rounded up."""
    if milliseconds % _HOUR == 0:
        return f"{milliseconds // _HOUR} h"
    return f"{-(-milliseconds // _MINUTE)} min"


class _Reader:
    """One service: its defects first, then what fits as a definition."""

    def __init__(self, service: Json, path: str, file: str) -> None:
        self.service, self.path, self.file = service, path, file
        self.states = _dicts(service.get("states"))
        self.findings: list[Finding] = []
        self.name = str(service.get("businessService") or service.get("business") or "")
        self.names: list[object] = [state.get("state") for state in self.states]
        self.start = next((s for s in self.states if _starts(s)), self.states[0] if self.states else {})

    def read(self) -> Service:
        self._defects()
        definition = None
        if self.states:
            loaded = loads(emit(self._definition()), name=self.file)
            self.findings += [
                Finding(f.code, f.params, self.file, path=f"{self.path}.{f.path}", detail=f.detail)
                for f in loaded.findings
            ]
            definition = loaded.definition
        return Service(
            self.name, _counts(self.service), in_order(self.findings), definition, sorted(self._left_out())
        )

    # ---- what is wrong -------------------------------------------------------------------------

    def _tell(self, code: str, path: str, detail: str | None = None, **params: Any) -> None:
        self.findings.append(Finding(code, params, self.file, path=f"{self.path}.{path}", detail=detail))

    def _defects(self) -> None:
        starts = [_shown(state) for state in self.states if _starts(state)]
        if not self.states:
            self._tell("FM-D001", "states", "yaml.no_state")
        elif len(starts) != 1:
            detail = "yaml.two_initial" if starts else "digit.no_start"
            self._tell("FM-D001", "states", detail, **dict(zip(("first", "second"), starts, strict=False)))
        if _milliseconds(self.service.get("businessServiceSla")) is None:
            self._tell("FM-D507", "businessServiceSla", name=self.name)
        for found in sorted(set(_PLACEHOLDER.findall(json.dumps(self.service)))):
            self._tell("FM-D001", "tenantId", "digit.placeholder", found=found)
        reached = self._reached()
        for number, state in enumerate(self.states):
            self._state_defects(number, state, reached)

    def _state_defects(self, number: int, state: Json, reached: Collection[object]) -> None:
        path, name = f"states.{number}", state.get("state")
        if name is None and not _starts(state):
            self._tell("FM-D001", f"{path}.state", "digit.no_name")
        if self.names.index(name) != number:
            self._tell("FM-D101", path, name=_shown(state))
        if name not in reached:
            self._tell("FM-D201", path, name=_shown(state))
        actions = _dicts(state.get("actions"))
        if not actions and not _ends(state):
            why = {"why": "it has no action", "why_zh": "没有动作"}
            self._tell("FM-D202", path, name=_shown(state), way=_shown(state), **why)
        for one, action in enumerate(actions):
            if _ends(state):
                trigger = str(action.get("action"))
                self._tell("FM-D204", f"{path}.actions.{one}", name=_shown(state), trigger=trigger)
            self._action_defects(f"{path}.actions.{one}", action)

    def _action_defects(self, path: str, action: Json) -> None:
        if not self._leads(action):
            self._tell("FM-D102", f"{path}.nextState", name=str(action.get("nextState")))
        if not _texts(action.get("roles")):
            self._tell("FM-D402", f"{path}.roles", trigger=str(action.get("action")))
        current = action.get("currentState")
        if isinstance(current, str) and _SERVER_ID.fullmatch(current):
            self._tell("FM-D102", f"{path}.currentState", name=current)

    def _leads(self, action: Json) -> bool:
        """Whether its next state is one of the service; none leads back to the unnamed start."""
        return action.get("nextState") is not None and action["nextState"] in self.names

    def _reached(self) -> list[object]:
        """Names of the states that some way from a start leads to."""
        found: list[object] = [state.get("state") for state in self.states if _starts(state)]
        for name in found:
            for state in self.states:
                if state.get("state") == name:
                    targets = [action.get("nextState") for action in _dicts(state.get("actions"))]
                    found += [t for t in dict.fromkeys(map(_hashable, targets)) if t not in found]
        return found

    def _left_out(self) -> set[str]:
        actions = [action for state in self.states for action in _dicts(state.get("actions"))]
        levels = (("service", [self.service]), ("state", self.states), ("action", actions))
        return {
            key for level, blocks in levels for block in blocks for key in block if key not in _KNOWN[level]
        }

    # ---- what fits -----------------------------------------------------------------------------

    def _definition(self) -> Definition:
        final = [self._name(state) for state in self.states if _ends(state)]
        return Definition(
            case_type=_id(self.name or "service"),
            title=self.name or "DIGIT service",
            version="imported",
            basis=f"DIGIT BusinessService {self.name}".strip(),
            effective=Effective(from_=date(2021, 1, 1)),
            calendar="IN",
            parties=Parties(roles={"citizen": PartyRole(title="Citizen")}),
            states=dict(self._states()),
            outcomes={name: Outcome(grade="procedural", title=_title(name)) for name in final},
            transitions=tuple(self._transitions()),
            clocks=dict(self._clocks()),
            milestones={key: tuple(final) for key in ("first_resolution", "final_resolution") if final},
        )

    def _name(self, state: Json) -> str:
        return START if state.get("state") is None else _id(str(state["state"]))

    def _allow(self, action: Json) -> tuple[str, ...]:
        roles = _texts(action.get("roles"))
        return tuple(dict.fromkeys(_WHO.get(role, _id(role)) for role in roles)) or ("system",)

    def _waits_for(self, state: Json) -> tuple[str, ...]:
        who = [who for action in _dicts(state.get("actions")) for who in self._allow(action)]
        return tuple(dict.fromkeys(w for w in who if w != "system"))

    def _states(self) -> Iterator[tuple[str, StateSpec]]:
        for state in self.states:
            final = _ends(state)
            yield (
                self._name(state),
                StateSpec(
                    title=_title(_shown(state)),
                    initial=state is self.start,
                    final=final,
                    phase="done" if final else "intake" if state is self.start else "work",
                    waits_for=None if final else self._waits_for(state),
                ),
            )

    def _transitions(self) -> Iterator[Transition]:
        filing = ["anyone" if who == "reporter" else who for who in self._waits_for(self.start)]
        yield Transition(
            trigger="file",
            title="File",
            dest=(Branch(to=self._name(self.start)),),
            allow=tuple(filing) or ("anyone",),
        )
        for (action, target, allow), sources in self._grouped().items():
            yield Transition(
                trigger=_id(action),
                title=_title(action),
                source=tuple(sources),
                dest=(Branch(to=target),),
                allow=allow,
                asks=(Ask(name="note", mark="?"),),
                outcome=(target,) if target in self._final() else (),
            )

    def _final(self) -> set[str]:
        return {self._name(state) for state in self.states if _ends(state)}

    def _grouped(self) -> dict[tuple[str, str, tuple[str, ...]], list[str]]:
        """(action, target, who) to the states it leaves; an action that leads to its own state stays."""
        found: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
        for state in self.states:
            source = self._name(state)
            for action in _dicts(state.get("actions")):
                if self._leads(action):
                    target = _id(str(action["nextState"]))
                    key = (
                        str(action.get("action")),
                        "stay" if target == source else target,
                        self._allow(action),
                    )
                    found.setdefault(key, []).append(source)
        return found

    def _clocks(self) -> Iterator[tuple[str, ClockSpec]]:
        whole = _milliseconds(self.service.get("businessServiceSla"))
        if whole is not None:
            at: dict[str, tuple[Effect, ...]] = {"due": (RemindEffect(to=("superior",)),)}
            yield "service", ClockSpec(title="Whole service", within=_duration(whole), at=at)
        for state in self.states:
            length = _milliseconds(state.get("sla"))
            if length is not None:
                name = self._name(state)
                due = tuple(self._due(_dicts(state.get("actions")), self._waits_for(state)))
                yield (
                    f"in_{name}"[:40],
                    ClockSpec(
                        title=_title(_shown(state)),
                        within=_duration(length),
                        runs_in=(name,),
                        at={"due": due},
                    ),
                )

    def _due(self, actions: Sequence[Json], waits_for: tuple[str, ...]) -> Iterator[Effect]:
        """What only the machine may do happens when the time is over; everybody else is reminded."""
        for action in actions:
            if self._allow(action) == ("system",) and _texts(action.get("roles")):
                yield FireEffect(trigger=_id(str(action.get("action"))))
                return
        yield RemindEffect(to=waits_for or ("superior",))


def _hashable(value: object) -> object:
    return value if isinstance(value, str) or value is None else str(value)
