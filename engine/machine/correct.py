"""Corrections: an act taken back, or told otherwise. Nothing is erased: the history keeps both values.

A correction is an event of its own, after all that happened meanwhile. What it changes in the case's state is
stated like any other change, so folding the history gives the corrected case, and folding a part of it gives what
was believed then.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.definitions.model import Effect, FieldSpec, SetEffect, Transition
from engine.domain.case import CaseState, ClockRun, Event, RecordItem
from engine.domain.errors import Reason
from engine.domain.instant import to_text
from engine.machine import timing
from engine.machine.believed import believed, with_what_followed
from engine.machine.command import Command, Decision, Halt, World
from engine.machine.draft import Draft
from engine.machine.fold import apply, copy_state, run_key
from engine.machine.follow import fire_marks, follow
from engine.machine.intake import find_item
from engine.machine.judge import act_title, clock_title, sealed, who_title
from engine.machine.program import Program
from engine.machine.typed import Wrong, typed, wrong

CORRECT = "correct"
TAKEN_BACK = "taken_back"
BESIDE = frozenset({"approval", "incident", "acted", "mark", "link"})  # what stands beside the case's course
BOUND = frozenset(
    {"link", "unlink", "relay", "purge", "seal"}
)  # what reached another case, or is gone, is not taken back


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an act should have said. ``records``: id of an item to its fields; ``at``: when it really happened."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    at: datetime | None = None


# ---- taking back ---------------------------------------------------------------------------------


def take_back(
    program: Program,
    state: CaseState,
    version: int,
    events: Sequence[Event],
    before: CaseState,
    command: Command,
    world: World,
) -> Decision:
    """The case as it was before an act, with whatever stands beside its course since then.

    ``events`` are the act and all after it, ``before`` the state that the act found. FM-R409 if another act was
    built on it, FM-R410 if what it did cannot be undone in this case alone.
    """
    draft = Draft(program, state, world, version)
    try:
        draft.begin(TAKEN_BACK, command)
        against = may_correct(draft, events[0], command)
        if events[0]["kind"] == "act":
            against += _built(draft, events) + _reaching(draft, events)
        if against:
            raise Halt(against)
        restored, own = copy_state(before), with_what_followed(events, events[0]["seq"])
        counting = {e["seq"] for e in believed(events)}
        for event in events[1:]:
            if event["seq"] in counting - own:
                _repeat(restored, event)
        held: Mapping[str, Any] = restored
        changed = {name: part for name, part in held.items() if dict(state).get(name) != part}
        draft.emit(do="restore", seq=events[0]["seq"], to=changed, gone=sorted(set(state) - set(held)))
        fire_marks(draft, command.at)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events), opens=tuple(draft.opens))


def _built(draft: Draft, events: Sequence[Event]) -> list[Reason]:
    """The first later event that moved the case on, and still counts."""
    first = events[0]["seq"]
    own = with_what_followed(events, first)
    counting = {e["seq"] for e in believed(events)}
    later = (e for e in events[1:] if e["seq"] in counting - own)
    on = next((e for e in later if not _harmless(e, first, counting)), None)
    if on is None:
        return []
    about = {"n": first, "later": on["seq"], "by": on["actor"], "at": on["at"]}
    titles = {"act": _title(draft, on["act"], "en"), "act_zh": _title(draft, on["act"], "zh")}
    return [Reason("FM-R409", {**about, **titles}, "state", way_out=(CORRECT,))]


def _harmless(event: Event, first: int, counting: Collection[int]) -> bool:
    """What stands beside the case's course, corrects the very act, or takes back what came after it."""
    if any(c["do"] == "corrected" and c["seq"] == first for c in event["changes"]):
        return True
    return all(
        c["do"] in BESIDE or (c["do"] == "restore" and c["seq"] > first and c["seq"] not in counting)
        for c in event["changes"]
    )


def _title(draft: Draft, act: str, lang: str) -> str:
    clock, colon, _ = act.partition(":")
    return clock_title(draft.program, clock, lang) if colon else act_title(draft.program, act, lang)


def _reaching(draft: Draft, events: Sequence[Event]) -> list[Reason]:
    own = with_what_followed(events, events[0]["seq"])
    did = {c["do"] for e in events if e["seq"] in own for c in e["changes"]}
    return [Reason("FM-R410", {"n": events[0]["seq"]}, "state")] if did & BOUND else []


def _repeat(state: CaseState, event: Event) -> None:
    """What stood beside the case's course stays. A mark of a clock that never ran is nothing."""
    runs = {run_key(run) for run in state["clocks"]}
    for change in event["changes"]:
        fired = change["do"] == "mark"
        if change["do"] in BESIDE and (
            not fired or (change["clock"], change.get("item"), change["run"]) in runs
        ):
            apply(state, change, event["at"], event["actor"])


# ---- telling otherwise ---------------------------------------------------------------------------


def amend(
    program: Program,
    state: CaseState,
    version: int,
    event: Event,
    amendment: Amendment,
    command: Command,
    world: World,
) -> Decision:
    """What an act had brought, told otherwise: fields and records it set, or when it happened.

    A value that a later act replaced is corrected in the history only. Clocks that begin, pause or end with the act
    move with it, and a verdict that changes needs one of those who may correct anything.
    """
    draft = Draft(program, state, world, version)
    try:
        draft.begin(CORRECT, command)
        against = may_correct(draft, event, command)
        work = _Amending(draft, event, amendment)
        work.run()
        if against or work.reasons:
            raise Halt([*against, *work.reasons])
        before, after = work.told
        draft.emit(do="corrected", seq=event["seq"], before=before, after=after)
        timing.settle(draft, CORRECT)
        follow(draft, command)
        fire_marks(draft, command.at)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events), opens=tuple(draft.opens))


class _Amending:
    """Collects the reasons against and states the changes."""

    def __init__(self, draft: Draft, event: Event, amendment: Amendment) -> None:
        self.draft, self.event, self.amendment = draft, event, amendment
        self.reasons: list[Reason] = []
        self.told: tuple[dict[str, Any], dict[str, Any]] = ({}, {})

    def run(self) -> None:
        follows = _set_by_effects(self.draft.program, self.event["act"])
        was = {c["field"]: c["value"] for c in self.event["changes"] if c["do"] == "set"}
        brought = {name: value for name, value in was.items() if name not in follows}
        for name, given in self.amendment.fields.items():
            self._field(name, given, brought)
        items = [c["item"] for c in self.event["changes"] if c["do"] == "record"]
        for name, fields in self.amendment.records.items():
            self._item(name, fields, items)
        if self.told[1] and not self.reasons:
            self._follow({name: text for name, text in follows.items() if name in was}, was)
        if self.amendment.at is not None:
            self._time(self.amendment.at)
        if not self.reasons and not self.told[1]:
            known = ", ".join([*brought, *(item["id"] for item in items), "at"])
            self.reasons.append(Reason("FM-R411", {"n": self.event["seq"], "brought": known}, "input"))

    def _tell(self, name: str, before: Any, after: Any) -> None:
        self.told[0][name], self.told[1][name] = before, after

    # ---- values ----------------------------------------------------------------------------------

    def _field(self, name: str, given: Any, brought: Mapping[str, Any]) -> None:
        if name not in brought:
            self._unknown(name, brought, f"/set/{name}")
            return
        value = self._typed(
            self.draft.program.definition.fields[name], given, name, f"/set/{name}", f"fields.{name}"
        )
        if value is None or value == brought[name]:
            return
        self._tell(name, brought[name], value)
        if self.draft.state["fields"].get(name) == brought[name]:
            self.draft.emit(do="set", field=name, value=value)

    def _follow(self, effects: Mapping[str, str], was: Mapping[str, Any]) -> None:
        """What the act's effects had worked out of what was given is worked out again."""
        draft = self.draft
        for name, text in effects.items():
            spec = draft.program.definition.fields[name]
            expression = draft.program.value(text, f"value:{spec.kind}")
            drawn = [c["seed"] for c in self.event["changes"] if c.get("field") == name and "seed" in c]
            seed = draft.reseed(drawn[0]) if drawn else None  # what was drawn stays drawn
            value = draft.known(expression, name)
            made = typed(spec, value, lambda kind, code: True, lambda option: ())
            if made != was[name] and draft.state["fields"].get(name) == was[name]:
                self._tell(name, was[name], made)
                draft.emit(do="set", field=name, value=made, **({"seed": seed} if seed else {}))

    def _item(self, name: str, given: Mapping[str, Any], items: Sequence[RecordItem]) -> None:
        found = find_item(items, name) or next((i for i in items if i["kind"] == name), None)
        pointer = f"/records/{name}"
        held = found and next((r for r in self.draft.state["records"] if r["id"] == found["id"]), None)
        if found is None or held is None:
            self._unknown(name, [item["id"] for item in items], pointer)
            return
        self.reasons += sealed(self.draft, held, pointer)
        if held.get("signatures") and not self.reasons:
            self.reasons.append(
                Reason("FM-R304", {"record": held["id"], "day": held["signatures"][0]["at"][:10]}, "input")
            )
        known = self.draft.program.definition.records[found["kind"]].fields
        changed = {}
        for one, value in given.items():
            if one not in known:
                self._unknown(one, known, f"{pointer}/{one}")
                continue
            made = self._typed(known[one], value, one, f"{pointer}/{one}", f"records.{found['kind']}.{one}")
            if made is not None and made != held["fields"].get(one):
                changed[one] = made
                self._tell(f"{found['id']}.{one}", held["fields"].get(one), made)
        if changed:
            self.draft.emit(do="amend", record=found["id"], fields=changed)

    def _typed(self, spec: FieldSpec, given: Any, name: str, pointer: str, path: str) -> Any:
        texts = self.draft.program.definition.translations.values()

        def known(kind: str, value: str) -> bool:
            return value in self.draft.active() if kind == "party" else self.draft.world.known(kind, value)

        def titles(option: str) -> list[str]:
            return [said[f"{path}.{option}"] for said in texts if f"{path}.{option}" in said]

        try:
            return typed(spec, given, known, titles)
        except Wrong as error:
            self.reasons.append(wrong(name, given, str(error), pointer))
            return None

    def _unknown(self, name: str, known: Iterable[str], pointer: str) -> None:
        about = {"n": self.event["seq"], "name": name, "brought": ", ".join([*known, "at"])}
        self.reasons.append(Reason("FM-R412", about, "input", pointer=pointer))

    # ---- when it happened ------------------------------------------------------------------------

    def _time(self, at: datetime) -> None:
        draft, then, now = self.draft, self.event["at"], to_text(at)
        if now == then:
            return
        if at > draft.world.now:
            self.reasons.append(Reason("FM-R413", {"at": now}, "time", pointer="/occurred_at"))
        elif now < draft.state["filed_at"] and self.event["seq"] > 1:
            about = {"at": now, "filed": draft.state["filed_at"]}
            self.reasons.append(Reason("FM-R404", about, "time", pointer="/occurred_at"))
        elif self.event["seq"] == 1:
            self.reasons.append(Reason("FM-R414", {}, "time", pointer="/occurred_at"))
        if self.reasons:
            return
        self._tell("at", then, now)
        draft.emit(do="retime", seq=self.event["seq"], at=now, **{"from": then}, **_named(self.event))
        for run in _runs(draft.state["clocks"], self.event, now):
            self._clock(run)

    def _clock(self, run: ClockRun) -> None:
        made = timing.replanned(self.draft, run)
        if run["status"] == "stopped":
            was = next(r for r in self.draft.state["clocks"] if run_key(r) == run_key(run))
            made = timing.judged(made)
            if made.get("verdict") != was.get("verdict") and not corrects(self.draft):
                self.reasons.append(_not_alone(self.draft, was))
        self.draft.emit(do="clock", why="corrected", run=made)


def _set_by_effects(program: Program, act: str) -> dict[str, str]:
    """Field to the expression by which an act's own effects set it."""
    written = program.outline.triggers.get(act)
    effects = [e for t in (written[1] if written else ()) for e in (*t.effects, *_in_branches(t))]
    return {name: text for e in effects if isinstance(e, SetEffect) for name, text in e.values.items()}


def _in_branches(transition: Transition) -> Iterator[Effect]:
    for branch in transition.dest:
        yield from branch.effects


def _named(event: Event) -> dict[str, list[str]]:
    """What an event left its time on."""
    did = event["changes"]
    return {
        "triggers": [c["trigger"] for c in did if c["do"] == "acted"],
        "states": [name for c in did if c["do"] == "move" for name in c.get("been", ())],
        "records": [c["item"]["id"] for c in did if c["do"] == "record"],
    }


def _runs(clocks: Sequence[ClockRun], event: Event, at: str) -> Iterator[ClockRun]:
    """Runs of clocks that began, paused, went on or ended with an event, as if it had happened at another time."""
    touched = {run_key(c["run"]) for c in event["changes"] if c["do"] == "clock"}
    for run in clocks:
        if run_key(run) not in touched:
            continue
        moved: ClockRun = {
            **run,
            "pauses": [[at if t == event["at"] else t for t in p] for p in run["pauses"]],
        }
        if run["start"] == event["at"]:
            moved["start"] = at
        if run.get("stopped") == event["at"]:
            moved["stopped"] = at
        if moved != run:
            yield moved


# ---- who may -------------------------------------------------------------------------------------


def corrects(draft: Draft) -> bool:
    """Whether the actor holds a post that may correct what others did."""
    words = draft.program.vocabulary
    return not draft.world.roles.isdisjoint(words.corrects if words else ("head",))


def may_correct(draft: Draft, event: Event, command: Command) -> list[Reason]:
    """Who did it, who typed it, and those who may correct anything."""
    if event["kind"] != "act":
        return [Reason("FM-R415", {"n": event["seq"]}, "state")]
    if command.actor in (event["actor"], event["entered_by"]) or corrects(draft):
        return []
    words = draft.program.vocabulary
    posts = words.corrects if words else ("head",)
    who = {lang: [who_title(draft.program, post, lang) for post in posts] for lang in ("en", "zh")}
    told = {"who": ", ".join([event["actor"], *who["en"]]), "who_zh": "、".join([event["actor"], *who["zh"]])}
    return [Reason("FM-R416", {"n": event["seq"], **told}, "who")]


def _not_alone(draft: Draft, run: ClockRun) -> Reason:
    titles = {
        "clock": clock_title(draft.program, run["name"], "en"),
        "clock_zh": clock_title(draft.program, run["name"], "zh"),
    }
    return Reason("FM-R417", {**titles, "due": run.get("due_date", "-")}, "who", pointer="/occurred_at")
