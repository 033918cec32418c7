"""`case triage`: what came in, one screen each; every answer is saved by itself."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from cli import filter as filtering
from cli import prompt, show
from cli.call import Call
from cli.command import writes
from cli.commands.case.acting import fill, input_of
from cli.commands.case.app import app
from cli.commands.case.seat import assigned
from cli.output import document
from cli.output.table import Column
from cli.output.width import screen
from cli.show import joined
from engine.domain.errors import FolkmootError, UsageError

Item = Mapping[str, Any]
NEXT, UNDO, QUIT = "n", "u", "q"


@writes(app, "triage", example="folkmoot case triage --unit S-012", without="ask at done_by reason key yes")
@filtering.filtered
def triage(call: Call, typed: filtering.Typed) -> None:
    """What waits to be sorted, gravest and oldest first, one key an answer. Without a terminal: the list."""
    from engine.service import triage as service

    found = call.read(service.queue, filter=filtering.asked(call, typed))
    if call.for_program or not found["items"] or not (prompt.possible() and sys.stdout.isatty()):
        call.table(found, _columns(call), empty=call.word("triage_empty"))
        if found["items"] and not call.for_program:
            call.say(call.word("triage_how"))
        return
    _Session(call, [item["ref"] for item in found["items"]]).run()


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("ref"),
        Column("risk", cell=lambda row: _grade(call, row), head="risk"),
        Column("what", flex=True, least=16),
        Column("place", cell=show.place),
        Column("like", cell=lambda row: _like(call, row), flex=True, least=12),
    )


def _grade(call: Call, item: Item) -> str:
    """As a person set it; nothing else grades a case."""
    return show.title(item, "risk") if item.get("risk") else call.word("ungraded")


def _like(call: Call, item: Item) -> str:
    return "; ".join(call.word("like_case", ref=one["ref"], because=one["because"]) for one in item["like"])


class _Session:
    """``done``: acts of this session that can still be undone, the newest last: (reference, act number)."""

    def __init__(self, call: Call, refs: list[str]) -> None:
        self.call, self.refs = call, refs
        self.at, self.answered = 0, 0
        self.done: list[tuple[str, int]] = []
        self.keys: Mapping[str, Callable[[Item], bool]] = {
            "s": lambda item: self._act(item, "screen"),
            "a": self._assign,
            "o": lambda item: self._act(item, "agency"),
            "d": self._duplicate,
            UNDO: self._undo,
        }

    def run(self) -> None:
        while self.at < len(self.refs):
            if not self._one(self.refs[self.at]):
                break
        left = len(self.refs) - self.at
        self.call.say(self.call.word("triage_done", answered=self.answered, left=left))

    def _one(self, ref: str) -> bool:
        """One screen; whether to go on. What is refused is told, and the same case is asked again."""
        from engine.service import triage as service

        item = self.call.read(service.one, ref=ref)
        document.write("\n" + "\n".join(self._shown(item)))
        try:
            pressed = prompt.key(" " + self.call.word("triage_keys") + " ", "saodnuq")
        except UsageError:  # the end of the input: what was answered is saved
            pressed = QUIT
        if pressed == QUIT:
            return False
        if pressed == NEXT:
            self.at += 1
            return True
        try:
            gone = self.keys[pressed](item)  # it may itself go back to another case
            self.at += gone
        except FolkmootError as error:
            self._told(error)
        return True

    def _shown(self, item: Item) -> list[str]:
        """`3 of 39  26-04102-0  yellow  drain water on the road, 示例三村   like 26-04089-2 (..)`, as wide as it is now."""
        where = joined(item["what"], show.place(item), by=", ")
        counted = self.call.word("triage_nth", n=self.at + 1, of=len(self.refs))
        holder = self.call.word("triage_held", person=item["holder"]) if item["holder"] else ""
        said = joined(item["ref"], _grade(self.call, item), where, holder, _like(self.call, item))
        page = self.call.blank(screen())
        page.item(counted, said, len(counted))
        return str(page).split("\n")

    # ---- answers: whether the case has left the queue ------------------------------------------------

    def _act(self, item: Item, sort: str, **given: Any) -> bool:
        act = item["acts"][sort]
        if act is None:
            self.call.say(self.call.word(f"triage_no_{sort}", ref=item["ref"]))
            return False
        from engine.service import acting

        schema = input_of(self.call, item["ref"], act)
        sent = fill(self.call, schema, given, ask=True)
        answer = self.call.write(acting.do_act, ref=item["ref"], act=act, **sent)
        self._saved(answer)
        return True

    def _duplicate(self, item: Item) -> bool:
        """Shown and confirmed, never by itself."""
        near = item["like"][0]["ref"] if item["like"] else ""
        other = prompt.line(" " + self.call.word("triage_same_as", near=near or "-") + " ") or near
        if not other or other == "-":
            return False
        if item["acts"]["duplicate"] is not None:
            return self._act(item, "duplicate", set={"same_as": other})
        from engine.service import link

        answer = self.call.write(link.link, ref=item["ref"], kind="duplicate_of", other=other)
        self._saved(answer, undo=False)
        return False

    def _assign(self, item: Item) -> bool:
        """Who would be picked and why; Enter takes him, a code takes another."""
        from engine.service import seat

        engine = self.call.engine
        seen = engine.call(seat.assign, self.call.caller, dry_run=True, ref=item["ref"], auto=True)
        page = self.call.blank(screen())
        assigned(self.call, seen)(page)
        document.write(str(page))
        best = seen["assignment"]["person"]
        given = prompt.line(" " + self.call.word("triage_who", best=best) + " ")
        if given == "-":
            return False
        how = {"person": given} if given else {"auto": True}
        self._saved(self.call.write(seat.assign, ref=item["ref"], **how))
        return False

    def _undo(self, item: Item) -> bool:
        """The last answer, taken back by the engine as far as nothing was built on it."""
        del item
        if not self.done:
            self.call.say(self.call.word("triage_nothing_done"))
            return False
        from engine.service import correcting

        ref, number = self.done[-1]
        reason = self.call.word("triage_undone")
        answer = self.call.write(correcting.correct, ref=ref, seq=number, take_back=True, reason=reason)
        self.done.pop()
        self.answered -= 1
        page = self.call.blank(screen())
        show.saved(self.call, page, answer)
        document.write(str(page))
        self.at = self.refs.index(ref)
        return False

    def _saved(self, answer: Item, *, undo: bool = True) -> None:
        page = self.call.blank(screen())
        show.saved(self.call, page, answer)
        document.write(str(page))
        if self.call.dry_run:
            self.call.say(self.call.word("nothing_saved"))
            return
        self.answered += 1
        if undo and answer.get("event"):
            self.done.append((answer["case"]["ref"], answer["event"]["seq"]))

    def _told(self, error: FolkmootError) -> None:
        from cli.failure import lines

        for reason in error.reasons:
            self.call.say("\n".join(lines(reason, self.call.lang)))
