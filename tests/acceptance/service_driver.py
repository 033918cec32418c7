"""The service functions themselves, called through the engine as any door calls them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine import handover
from engine.analytics.durability import durability
from engine.analytics.durations import durations
from engine.analytics.fairness import fairness
from engine.analytics.load import load
from engine.bootstrap import Engine, open_engine
from engine.domain.errors import FolkmootError, Reason
from engine.domain.messages import tell
from engine.service import (
    acting,
    approval,
    clock,
    correcting,
    filing,
    link,
    merging,
    query,
    relay,
    seat,
    similar,
    worker,
)
from engine.service import receipt as receipts
from engine.service.routing import batch, explaining, proposing, replaying, tables
from engine.settings import Settings
from tests.acceptance.driver import Fields, Items, Reply, of_one_result

Service = Callable[..., dict[str, Any]]


MEASURES: dict[str, Service] = {
    "durations": durations, "durability": durability, "load": load, "fairness": fairness,
}  # fmt: skip


class ServiceDriver:
    """Opens the store on first use and keeps it until :meth:`close`."""

    def __init__(self, database_url: str, now: datetime, identity: str = "asserted") -> None:
        self.now = now
        self.identity = identity
        self.lang = "en"
        self.engine: Engine = open_engine(Settings(database_url=database_url), clock=lambda: self.now)

    def close(self) -> None:
        self.engine.close()

    # ---- writing -------------------------------------------------------------------------------

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
    ) -> Reply:
        system, _, number = (external or "").partition(":")
        return self._call(
            filing.file_case,
            by,
            case_type=case_type,
            place=place,
            what=what,
            channel=channel,
            reporter=reporter,
            set=fields,
            parties=parties,
            external={"system": system, "id": number} if external else None,
        )

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
    ) -> Reply:
        return self._call(
            acting.do_act,
            by,
            ref=ref,
            act=act,
            set=fields,
            records=records,
            parties=parties,
            seats=seats,
            note=note,
            item=item,
            done_by=done_by,
            at=at,
            if_version=if_version,
            ask=ask,
        )

    def record(
        self,
        ref: str,
        kind: str,
        items: Items,
        *,
        by: str,
        done_by: str | None = None,
        at: datetime | None = None,
    ) -> Reply:
        return self._call(acting.record, by, ref=ref, kind=kind, items=items, done_by=done_by, at=at)

    def note(self, ref: str, text: str, *, by: str, at: datetime | None = None) -> Reply:
        return self._call(acting.note, by, ref=ref, text=text, at=at)

    def assign(
        self,
        ref: str,
        seat_name: str,
        person: str | None,
        *,
        by: str,
        reason: str | None = None,
        if_version: int | None = None,
    ) -> Reply:
        chosen = {"person": person, "auto": person is None, "reason": reason, "if_version": if_version}
        return self._call(seat.assign, by, ref=ref, seat=seat_name, **chosen)

    def assign_batch(self, refs: Sequence[str], *, by: str, dry_run: bool = False) -> Reply:
        """As every door carries a plan out: each case in a unit of its own."""
        caller = self.engine.caller(person=by, lang=self.lang, identity=self.identity)
        made = self.engine.read(batch.plan_batch, caller, refs=refs)
        told = []
        for ref, todo in batch.results(made):
            try:
                if isinstance(todo, Reason):
                    raise FolkmootError(todo.code, reasons=[todo])
                given = {"made": made, "placed": todo}
                answer = self.engine.call(batch.assign_planned, caller, dry_run=dry_run, **given)
                told.append(batch.done(todo, answer))
            except FolkmootError as error:
                told.append(batch.not_done(ref, error.reasons, self.lang))
        return Reply(batch.report(made, told, caller))

    def reassign(self, persons: Sequence[str], *, by: str, dry_run: bool = False) -> Reply:
        caller = self.engine.caller(person=by, lang=self.lang, identity=self.identity)
        return Reply(handover.reassign(self.engine, caller, persons=persons, dry_run=dry_run))

    def take(self, ref: str, seat_name: str, *, by: str) -> Reply:
        return self._call(seat.take, by, ref=ref, seat=seat_name)

    def extend(
        self,
        ref: str,
        clock_name: str,
        *,
        by: str,
        reason: str,
        fields: Fields | None = None,
        ask: bool = False,
    ) -> Reply:
        return self._call(clock.extend, by, ref=ref, clock=clock_name, reason=reason, set=fields, ask=ask)

    def merge(self, ref: str, into: str, *, by: str, reason: str) -> Reply:
        return self._call(merging.merge, by, ref=ref, into=into, reason=reason)

    def unmerge(self, ref: str, *, by: str, reason: str) -> Reply:
        return self._call(merging.unmerge, by, ref=ref, reason=reason)

    def not_the_same(self, ref: str, other: str, *, by: str, reason: str) -> Reply:
        return self._call(link.link, by, ref=ref, other=other, kind="not_the_same_as", reason=reason)

    def similar(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._read(similar.similar_cases, by, ref=ref)["items"])

    def status(self, receipt: str, *, by: str) -> Reply:
        return self._call(receipts.status, by, receipt=receipt)

    def grant(self, request: str, *, by: str) -> Reply:
        answer = self._call(approval.grant, by, ids=[request])
        return of_one_result(answer.body, self.lang) if answer.done else answer

    def forward(self, request: str, *, by: str, reason: str) -> Reply:
        answer = self._call(approval.forward, by, ids=[request], reason=reason)
        return of_one_result(answer.body, self.lang) if answer.done else answer

    def withdraw(self, request: str, *, by: str, reason: str) -> Reply:
        answer = self._call(approval.withdraw, by, ids=[request], reason=reason)
        return of_one_result(answer.body, self.lang) if answer.done else answer

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
    ) -> Reply:
        return self._call(
            correcting.correct, by, ref=ref, seq=number, reason=reason, set=fields, at=at, take_back=take_back
        )

    def sweep(self) -> Reply:
        swept = self._call(worker.sweep, None)
        return self._call(relay.pass_on, None) if swept.done else swept

    # ---- reading -------------------------------------------------------------------------------

    def put_tables(self, text: str, *, by: str, start: date) -> Reply:
        return self._call(tables.activate, by, text=text, start=start)

    def try_tables(self, text: str, *, by: str, since: date) -> Reply:
        return Reply(self._read(replaying.try_text, by, text=text, since=since))

    def replay(self, *, by: str) -> Mapping[str, Any]:
        return self._read(replaying.replay, by)

    def explain(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._read(explaining.explain, by, ref=ref)

    def proposals(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._read(proposing.proposals, by, ref=ref)["items"])

    def show(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._read(query.show_case, by, ref=ref)

    def listed(self, *, by: str) -> list[str]:
        return [item["ref"] for item in self._read(query.list_cases, by)["items"]]

    def clocks(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._read(clock.list_clocks, by, ref=ref)["items"])

    def history(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._read(query.history, by, ref=ref, verify=True)

    def next_acts(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._read(query.next_acts, by, ref=ref, every=True)["items"])

    def measure(self, name: str, given: Mapping[str, str], *, by: str) -> Mapping[str, Any]:
        asked: dict[str, Any] = dict(given)
        if "by" in asked:
            asked["by"] = asked["by"].split(",")
        if "since" in asked:
            asked["since"] = date.fromisoformat(asked["since"])
        if "as_of" in asked:
            asked["as_of"] = datetime.fromisoformat(asked["as_of"])
        return self._read(MEASURES[name], by, **asked)

    def fairness(self, since: date, *, by: str) -> Reply:
        return Reply(self._read(fairness, by, since=since))

    # ---- the one way in ------------------------------------------------------------------------

    def _call(self, service: Service, by: str | None, **arguments: Any) -> Reply:
        caller = self.engine.caller(person=by, lang=self.lang, identity=self.identity if by else "asserted")
        try:
            return Reply(self.engine.call(service, caller, **arguments))
        except FolkmootError as error:
            reasons = tuple({**reason.to_json(), "text": tell(reason, self.lang)} for reason in error.reasons)
            return Reply({}, reasons)

    def _read(self, service: Service, by: str, /, **arguments: Any) -> dict[str, Any]:
        return self.engine.read(service, self.engine.caller(person=by, lang=self.lang), **arguments)
