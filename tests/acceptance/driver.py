"""One door to Folkmoot, as the steps see it: the same words, whichever door the scenario goes through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from engine.domain.errors import Reason
from engine.domain.messages import tell

Fields = Mapping[str, Any]
Items = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a door answered: the body of its answer, or the reasons of its refusal."""

    body: Mapping[str, Any]
    reasons: tuple[Mapping[str, Any], ...] = ()

    @property
    def done(self) -> bool:
        return not self.reasons

    @property
    def told(self) -> str:
        """Every reason as a sentence, with its basis and the rule that said no."""
        parts = [(r["text"], r.get("basis") or "", r.get("params", {}).get("rule", "")) for r in self.reasons]
        return "\n".join(" | ".join(part for part in told if part) for told in parts)


def of_one_result(body: Mapping[str, Any], lang: str) -> Reply:
    """Of a command that takes many and answers each for itself: the one that was asked."""
    [result] = body["results"]
    if "problem" not in result:
        return Reply(result)
    told = ({**r, "text": tell(Reason(r["code"], r["params"]), lang)} for r in result["problem"]["reasons"])
    return Reply({}, tuple(told))


class Driver(Protocol):
    """``now`` is the moment at which everything happens; a party acts as ``P1``, typed in by ``by``."""

    now: datetime
    lang: str

    def file_case(
        self,
        *,
        by: str,
        case_type: str,
        place: str,
        what: str,
        channel: str = "desk",
        reporter: Fields | None = None,
        fields: Fields | None = None,
        parties: Items = (),
        external: str | None = None,
    ) -> Reply: ...

    def act(
        self,
        ref: str,
        act: str,
        *,
        by: str,
        done_by: str | None = None,
        fields: Fields | None = None,
        records: Mapping[str, Items] | None = None,
        parties: Items = (),
        seats: Mapping[str, Sequence[str]] | None = None,
        note: str | None = None,
        item: str | None = None,
        at: datetime | None = None,
        if_version: int | None = None,
        ask: bool = False,
    ) -> Reply: ...

    def record(
        self,
        ref: str,
        kind: str,
        items: Items,
        *,
        by: str,
        done_by: str | None = None,
        at: datetime | None = None,
    ) -> Reply: ...

    def note(self, ref: str, text: str, *, by: str, at: datetime | None = None) -> Reply: ...

    def assign(
        self,
        ref: str,
        seat: str,
        person: str | None,
        *,
        by: str,
        reason: str | None = None,
        if_version: int | None = None,
    ) -> Reply: ...

    def assign_batch(self, refs: Sequence[str], *, by: str, dry_run: bool = False) -> Reply: ...
    def reassign(self, persons: Sequence[str], *, by: str, dry_run: bool = False) -> Reply: ...

    def take(self, ref: str, seat: str, *, by: str) -> Reply: ...

    def extend(
        self,
        ref: str,
        clock: str,
        *,
        by: str,
        reason: str,
        fields: Fields | None = None,
        ask: bool = False,
    ) -> Reply: ...

    def merge(self, ref: str, into: str, *, by: str, reason: str) -> Reply: ...

    def unmerge(self, ref: str, *, by: str, reason: str) -> Reply: ...

    def not_the_same(self, ref: str, other: str, *, by: str, reason: str) -> Reply: ...

    def similar(self, ref: str, *, by: str) -> list[Mapping[str, Any]]: ...

    def status(self, receipt: str, *, by: str) -> Reply: ...

    def grant(self, approval: str, *, by: str) -> Reply: ...

    def forward(self, approval: str, *, by: str, reason: str) -> Reply: ...

    def withdraw(self, approval: str, *, by: str, reason: str) -> Reply: ...

    def correct(
        self,
        ref: str,
        number: int,
        *,
        by: str,
        reason: str,
        fields: Fields | None = None,
        at: datetime | None = None,
        take_back: bool = False,
    ) -> Reply: ...

    def put_tables(self, text: str, *, by: str, start: date) -> Reply: ...

    def try_tables(self, text: str, *, by: str, since: date) -> Reply: ...

    def replay(self, *, by: str) -> Mapping[str, Any]: ...

    def explain(self, ref: str, *, by: str) -> Mapping[str, Any]: ...

    def proposals(self, ref: str, *, by: str) -> list[Mapping[str, Any]]: ...

    def sweep(self) -> Reply: ...

    def show(self, ref: str, *, by: str) -> Mapping[str, Any]: ...

    def listed(self, *, by: str) -> list[str]: ...

    def clocks(self, ref: str, *, by: str) -> list[Mapping[str, Any]]: ...

    def history(self, ref: str, *, by: str) -> Mapping[str, Any]: ...

    def next_acts(self, ref: str, *, by: str) -> list[Mapping[str, Any]]: ...

    def measure(self, name: str, given: Mapping[str, str], *, by: str) -> Mapping[str, Any]:
        """A figure: ``given`` as options are typed (``by``, ``clock``, ``as_of`` as an instant ...)."""
        ...

    def fairness(self, since: date, *, by: str) -> Reply: ...

    def close(self) -> None: ...
