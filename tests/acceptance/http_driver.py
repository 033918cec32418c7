"""The HTTP door: what a program sends, with the token of the person who types."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from starlette.testclient import TestClient

from api.app import create_app
from engine.bootstrap import Engine, open_engine
from engine.service import relay, token, worker
from engine.settings import Settings
from tests.acceptance.driver import Fields, Items, Reply
from tests.acceptance.station import ADMINISTRATOR


class Answer(Protocol):
    """What both clients answer: the one inside this process and the one over a socket."""

    status_code: int

    def json(self) -> Any: ...


class Client(Protocol):
    def request(self, method: str, url: str, *, headers: Any = None, json: Any = None) -> Answer: ...


class HttpDriver:
    """The application in this process over a store of its own; deadlines fire as its worker fires them."""

    def __init__(self, database_url: str, now: datetime) -> None:
        self.now = now
        self.lang = "en"
        self.engine: Engine = open_engine(
            Settings(database_url=database_url), clock=lambda: self.now, threads=1
        )
        self._tokens: dict[str, str] = {}
        self._client = self._open()

    def _open(self) -> Client:
        self._inside = TestClient(create_app(self.engine))
        return self._inside.__enter__()

    def close(self) -> None:
        self._inside.__exit__()
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
        body = {
            "type": case_type,
            "place": place,
            "what": what,
            "channel": channel,
            "reporter": reporter,
            "set": fields,
            "parties": list(parties),
            "external": {"system": system, "id": number} if external else None,
        }
        return self._post(by, "/v1/cases", body)

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
        body = {
            "set": fields,
            "records": records,
            "parties": list(parties),
            "seats": seats,
            "note": note,
            "item": item,
            "occurred_at": _text(at),
            "done_by": done_by,
            "ask": ask,
        }
        return self._post(by, f"/v1/cases/{ref}/triggers/{act}", body, if_version=if_version)

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
        body = {"items": list(items), "occurred_at": _text(at), "done_by": done_by}
        return self._post(by, f"/v1/cases/{ref}/records/{kind}", body)

    def note(self, ref: str, text: str, *, by: str, at: datetime | None = None) -> Reply:
        return self._post(by, f"/v1/cases/{ref}/notes", {"text": text, "occurred_at": _text(at)})

    def assign(
        self,
        ref: str,
        seat: str,
        person: str | None,
        *,
        by: str,
        reason: str | None = None,
        if_version: int | None = None,
    ) -> Reply:
        chosen = {"person": person} if person else {"auto": True}
        body = {"seat": seat, "reason": reason, **chosen}
        return self._post(by, f"/v1/cases/{ref}/assignments", body, if_version=if_version)

    def assign_batch(self, refs: Sequence[str], *, by: str, dry_run: bool = False) -> Reply:
        query = "?dry_run=true" if dry_run else ""
        answer = self._post(by, f"/v1/assignment-batches{query}", {"refs": list(refs)})
        return Reply(answer.body["would"]) if dry_run else answer

    def reassign(self, persons: Sequence[str], *, by: str, dry_run: bool = False) -> Reply:
        if dry_run:
            answer = self._post(by, "/v1/reassignments?dry_run=true", {"from": list(persons)})
            return Reply(answer.body["would"])
        return self._post(by, "/v1/reassignments", {"from": list(persons)})

    def take(self, ref: str, seat: str, *, by: str) -> Reply:
        return self._post(by, f"/v1/cases/{ref}/assignments", {"seat": seat, "take": True})

    def extend(
        self,
        ref: str,
        clock: str,
        *,
        by: str,
        reason: str,
        fields: Fields | None = None,
        ask: bool = False,
    ) -> Reply:
        body = {"reason": reason, "set": fields, "ask": ask}
        return self._post(by, f"/v1/cases/{ref}/clocks/{clock}/extensions", body)

    def merge(self, ref: str, into: str, *, by: str, reason: str) -> Reply:
        return self._post(by, f"/v1/cases/{ref}/merger", {"into": into, "reason": reason})

    def unmerge(self, ref: str, *, by: str, reason: str) -> Reply:
        return self._post(by, f"/v1/cases/{ref}/separation", {"reason": reason})

    def not_the_same(self, ref: str, other: str, *, by: str, reason: str) -> Reply:
        body = {"other": other, "kind": "not_the_same_as", "reason": reason}
        return self._post(by, f"/v1/cases/{ref}/links", body)

    def similar(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return self._every(by, f"/v1/cases/{ref}/similar")

    def status(self, receipt: str, *, by: str) -> Reply:
        answer = self._client.request("GET", f"/status/{receipt}", headers={"Accept-Language": self.lang})
        told = answer.json()
        return Reply(told) if answer.status_code == 200 else Reply({}, tuple(told["reasons"]))

    def grant(self, approval: str, *, by: str) -> Reply:
        return self._post(by, f"/v1/approvals/{approval}/grant", {})

    def forward(self, approval: str, *, by: str, reason: str) -> Reply:
        return self._post(by, f"/v1/approvals/{approval}/forward", {"reason": reason})

    def withdraw(self, approval: str, *, by: str, reason: str) -> Reply:
        return self._post(by, f"/v1/approvals/{approval}/withdraw", {"reason": reason})

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
        body = {
            "act": number,
            "reason": reason,
            "set": fields,
            "occurred_at": _text(at),
            "take_back": take_back,
        }
        return self._post(by, f"/v1/cases/{ref}/corrections", body)

    def sweep(self) -> Reply:
        caller = self.engine.caller(person=None, lang=self.lang)
        self.engine.call(worker.sweep, caller)
        return Reply(self.engine.call(relay.pass_on, caller))

    # ---- reading -------------------------------------------------------------------------------

    def put_tables(self, text: str, *, by: str, start: date) -> Reply:
        case_type = text.partition("case_type: ")[2].partition("\n")[0]
        return self._text(by, "PUT", f"/v1/routing-tables/{case_type}?from={start.isoformat()}", text)

    def try_tables(self, text: str, *, by: str, since: date) -> Reply:
        return self._text(by, "POST", f"/v1/routing-trials?since={since.isoformat()}", text)

    def replay(self, *, by: str) -> Mapping[str, Any]:
        return self._get(by, "/v1/routing-replays")

    def explain(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._get(by, f"/v1/cases/{ref}/routing")

    def proposals(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return list(self._get(by, f"/v1/cases/{ref}/proposals")["items"])

    def show(self, ref: str, *, by: str) -> Mapping[str, Any]:
        return self._get(by, f"/v1/cases/{ref}")

    def listed(self, *, by: str) -> list[str]:
        return [item["ref"] for item in self._get(by, "/v1/cases")["items"]]

    def clocks(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return self._every(by, f"/v1/cases/{ref}/clocks")

    def history(self, ref: str, *, by: str) -> Mapping[str, Any]:
        first = self._get(by, f"/v1/cases/{ref}/history?verify=true")
        return {**first, "items": self._every(by, f"/v1/cases/{ref}/history?verify=true")}

    def next_acts(self, ref: str, *, by: str) -> list[Mapping[str, Any]]:
        return self._every(by, f"/v1/cases/{ref}/next?all=true")

    def measure(self, name: str, given: Mapping[str, str], *, by: str) -> Mapping[str, Any]:
        return self._get(by, f"/v1/stats/{name}?{urlencode(given)}")

    def fairness(self, since: date, *, by: str) -> Reply:
        return Reply(self._get(by, f"/v1/stats/fairness?since={since}"))

    # ---- the one way in ------------------------------------------------------------------------

    def _post(self, by: str, url: str, body: Mapping[str, Any], *, if_version: int | None = None) -> Reply:
        sent = {name: value for name, value in body.items() if value not in (None, [], False)}
        more = {} if if_version is None else {"If-Match": f'"{if_version}"'}
        answer = self._client.request("POST", url, headers={**self._headers(by), **more}, json=sent)
        told = answer.json()
        if answer.status_code < 300:
            return Reply(told)
        assert told["status"] == answer.status_code < 500, told
        return Reply({}, tuple(told["reasons"]))

    def _text(self, by: str, method: str, url: str, text: str) -> Reply:
        headers = {**self._headers(by), "Content-Type": "application/yaml"}
        answer = self._client.request(method, url, headers=headers, content=text.encode())
        told = answer.json()
        return Reply(told) if answer.status_code < 300 else Reply({}, tuple(told["reasons"]))

    def _get(self, by: str, url: str) -> dict[str, Any]:
        answer = self._client.request("GET", url, headers=self._headers(by))
        told: dict[str, Any] = answer.json()
        assert answer.status_code == 200, told
        return told

    def _every(self, by: str, url: str) -> list[Mapping[str, Any]]:
        """The items of every page."""
        items: list[Mapping[str, Any]] = []
        following: str | None = url
        while following:
            page = self._get(by, following)
            items += page["items"]
            following = page.get("next")
        return items

    def _headers(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token(by)}", "Accept-Language": self.lang}

    def _token(self, person: str) -> str:
        if person not in self._tokens:
            caller = self.engine.caller(person=ADMINISTRATOR)
            self._tokens[person] = self.engine.call(token.create_token, caller, person=person)["token"]
        return self._tokens[person]


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
