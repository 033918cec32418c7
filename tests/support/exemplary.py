"""The store on which the examples of the HTTP document hold: each is made on a copy of its own."""

import shutil
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

from api import examples
from api.app import create_app
from engine.definitions.load import loads
from engine.persistence.case_store import KeyWrite, write_key
from engine.persistence.store import Store
from engine.service import (
    acting,
    clock,
    definition,
    duty,
    filing,
    importing,
    leave,
    merging,
    receipt,
    report,
    seat,
    token,
)
from engine.service.routing import tables
from tests.support.office import FORM, NOW, PARTIES, furnish
from tests.support.town import Town
from workflows.shipped import files_of

SUSPENDED, NAMED = "26-00004-1", "26-00005-5"
MERGED = ("26-00007-8", "26-00008-6")
SHOWN = 2  # items of a list
DEEP, KEYS = 3, 6  # so many of an object far inside
LINES = 12  # of a text
UNSTEADY = {"receipt": "7KQ4-M2X-9TB", "token": "fmk_..", "hash": "a41c09..", "root": None, "anchor": None}


def build(url: str) -> None:
    """The office's cases and what else the examples name."""
    with Store.open(url) as store:
        town = Town(store, now=NOW)
        furnish(town)
        _with_papers(town)
        _more_cases(town)
        town.do(leave.away, "dsp-01", persons=["aux-08"], since=date(2026, 11, 20), until=date(2026, 11, 27))
        roster = b"unit,day,person,signed_on\nS-012,2026-11-23,off-06,yes\noffice-021,2026-11-23,off-05,\n"
        town.do(duty.import_duty, "dsp-01", files={"duty.csv": roster})
        _old_register(town)
        for version, start in (("2027.2", date(2027, 3, 1)), ("2027.1", date(2027, 1, 1))):
            text = files_of("service_request")["workflow.yaml"].replace('"2026.1"', f'"{version}"')
            town.do(definition.activate, "adm-01", loaded=loads(text), start=start)
        town.do(definition.deactivate, "adm-01", name="service_request", version="2027.2")
        newer = files_of("service_request")["routing.yaml"].replace('"2026.1"', '"2026.2"')
        town.do(tables.activate, "adm-01", text=newer, start=date(2027, 1, 1))
        _for_the_head(town)
        _told_twice(town)
        town.do(token.create_token, "adm-01", person="dsp-02", label="desk")
        ours = {"title": "Our page", "parts": [{"measure": "oldest"}]}
        town.do(report.save, "chf-01", name="ours", body=ours)


def _with_papers(town: Town) -> None:
    """From here on disputes follow a text whose notice of rights has a template."""
    files = files_of("dispute_mediation")
    text = files["workflow.yaml"].replace('"2026.1"', '"2026.2"')
    notice = "<h1>{{ form }}</h1>\n<p>{{ ref }}: {% for party in parties %}{{ party.role }}, {% endfor %}{{ day }}</p>\n"
    forms = {f"rights_notice.{lang}.html": notice for lang in ("en", "zh")}
    loaded = loads(text, translations={"zh": files["zh.yaml"]}, forms=forms)
    town.do(definition.activate, "adm-01", loaded=loaded)


def _for_the_head(town: Town) -> None:
    """A request for more time that the head of the station grants, or sends up."""
    lamp = {"case_type": "service_request", "place": "230199000201", "what": "a lamp that does not burn"}
    ref = town.do(filing.file_case, "dsp-01", **lamp)["ref"]
    asked = {"clock": "handle_within", "reason": "a spare part", "ask": True}
    assert town.do(clock.extend, "dsp-01", ref=ref, **asked)["approval"]["id"] == "A-2"


def _told_twice(town: Town) -> None:
    """Two reports of one lamp that are one case; the second reporter holds the receipt that the examples name."""
    dark = {"case_type": "service_request", "place": "230199000202", "what": "no light at the well"}
    first, second = (town.do(filing.file_case, "dsp-01", **dark)["ref"] for _ in range(2))
    town.do(merging.merge, "dsp-01", ref=second, into=first, reason="one lamp")
    assert (first, second) == MERGED

    def hand_out(unit: Any, caller: Any) -> Any:
        row = receipt.bound(UNSTEADY["receipt"] or "", second, caller.at).row
        write_key(unit, KeyWrite(row["key"], row["digest"], {"ref": second}, row["at"]))
        return {}

    town.do(hand_out, "adm-01")


def _more_cases(town: Town) -> None:
    """One that stands still, one whose mediator has not said yes."""
    for ref in (SUSPENDED, NAMED):
        _into_mediation(town, ref)
    standing = {"suspension": [{"ground": "party_ill", "until": "2026-12-10"}]}
    town.do(acting.do_act, "dir-02", ref=SUSPENDED, act="suspend", records=standing, note="P1 is in hospital")
    town.do(seat.assign, "dir-02", ref=NAMED, seat="mediator", person="med-12")


def _into_mediation(town: Town, ref: str) -> None:
    made = town.do(
        filing.file_case, "dsp-01", case_type="dispute_mediation", place="230199000202", what="water on the road",
        parties=PARTIES,
    )  # fmt: skip
    assert made["ref"] == ref
    town.do(
        acting.do_act, "dsp-01", ref=ref, act="screen", records={"screening_form": [{**FORM, "prior_reports": 0}]},
        set={"risk": "yellow", "category": "neigh"},
    )  # fmt: skip
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "dsp-01", ref=ref, kind="consent", items=yes, done_by="aux-08")


def _old_register(town: Town) -> None:
    asked = examples.requests()["import_cases"]
    mapping = importing.read_mapping(asked["query"]["map"])
    rows = asked["csv"].replace("\n7,", "\n1,").replace("\n8,", "\n2,").encode()
    register = importing.read_register("book-2023.csv", rows)
    batch = town.do(
        importing.open_batch, "adm-01", name="map", mapping=mapping, header=register.header, register=register.name
    )["batch"]  # fmt: skip
    town.do(
        importing.land,
        "adm-01",
        batch=batch,
        mapping=mapping,
        register=register,
        cases=importing.cases_in(register, mapping),
    )


class Exemplary:
    """Makes the examples' requests. One application serves them all; the store below it is a copy each time."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._path = template, folder / "copy.db"
        self._town = Town(self._open(), now=NOW, seeded=True)
        self._make_tokens()
        self.client = TestClient(create_app(self._town.engine))

    def _open(self) -> Store:
        shutil.copy(self._template, self._path)
        return Store.open(f"sqlite:///{self._path}", threads=1)

    def _make_tokens(self) -> None:
        people = sorted({asked.get("by", "dsp-01") or "dsp-01" for asked in examples.requests().values()})
        self._tokens = {
            person: self._town.do(token.create_token, "adm-01", person=person)["token"] for person in people
        }

    def renew(self) -> None:
        """Nothing has happened yet."""
        self.close()
        for beside in self._path.parent.glob("copy.db-*"):
            beside.unlink()
        self._town.engine.store = self._open()
        self._make_tokens()

    def close(self) -> None:
        self._town.engine.close()

    def ask(self, method: str, path: str, asked: examples.Example) -> Any:
        """The raw answer to an example."""
        headers = self.headers(asked.get("by", "dsp-01"))
        sent = examples.body_of(asked)
        content: dict[str, Any] = {}
        if sent is not None:
            kind, value = sent
            content = {"json": value} if "body" in asked else {"content": value.encode()}
            headers["Content-Type"] = kind
        for name, value in asked.get("path", {}).items():
            path = path.replace(f"{{{name}}}", quote(str(value)))
        query = {name: _plain(value) for name, value in asked.get("query", {}).items()}
        return self.client.request(method, path, headers=headers, params=query, **content)

    def headers(self, person: str | None) -> dict[str, str]:
        if person is None:
            return {}
        return {"Authorization": f"Bearer {self._tokens[person]}"}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def told(answer: Any) -> dict[str, Any]:
    """What the document shows of an answer: shortened, and without what is new each time."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind.endswith("json") and "openapi" not in answer.json():
        body: Any = shortened(answer.json())
    elif kind in ("text/csv", "text/markdown", "text/vnd.mermaid") or kind == "application/yaml":
        body = "\n".join(answer.text.removeprefix("\ufeff").splitlines()[:LINES])
    else:
        body = None
    return {"status": answer.status_code, "type": kind, "body": body}


def shortened(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict):
        return {
            name: UNSTEADY[name] if inner and _unsteady(name, inner) else shortened(inner, depth + 1)
            for name, inner in islice(sorted(value.items()), KEYS if depth > DEEP else None)
        }
    if isinstance(value, list):
        return [shortened(one, depth + 1) for one in value[: SHOWN if depth < 4 else 1]]
    return value


def _unsteady(name: str, value: Any) -> bool:
    return name in UNSTEADY and isinstance(value, str)
