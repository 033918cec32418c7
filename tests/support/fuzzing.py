"""Every operation of the HTTP document, with requests that nobody would think of, against a store with work in it."""

import json
from collections import Counter
from typing import Any, Protocol
from zlib import crc32

import httpx2
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from starlette.testclient import TestClient

CONFORMS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
PEOPLE = ("dsp-01", "adm-01", "aux-07", "med-12", "dir-02", None)
# what is really there, by the name of the place in an address
KNOWN: dict[str, tuple[str, ...]] = {
    "ref": ("26-00001-0", "26-00002-9", "26-00003-2", "26-00004-1", "26-00005-5"),
    "act": ("regrade", "ask_consent", "note"),
    "trigger": ("regrade", "ask_consent", "open_session", "note", "suspend", "assign"),
    "kind": ("consent", "contact", "screening_form"),
    "seat": ("handler", "mediator"),
    "id": ("A-1", "A-2", "T-1", "CN"),
}


class Office(Protocol):
    """A client and what identifies a person to it."""

    client: TestClient

    def headers(self, person: str | None) -> dict[str, str]: ...


BASE = "http://testserver"


class Fuzzer:
    """``part`` of ``parts`` at a time; ``examples`` of each operation, with every edge case of the document if
    ``thorough``."""

    def __init__(self, office: Office, *, examples: int, thorough: bool) -> None:
        load_all_checks()
        self.office = office
        self.answered: Counter[int] = Counter()
        self._checks = CHECKS.get_by_names(list(CONFORMS))
        self._examples = examples
        self._modes = [HypothesisTestMode.EXAMPLES, HypothesisTestMode.FUZZING]
        if thorough:
            self._modes.append(HypothesisTestMode.COVERAGE)
        app: Any = office.client.app
        self._schema = schemathesis.openapi.from_dict(app.openapi(), config=SchemathesisConfig())

    def run(self, part: int = 0, parts: int = 1, *, about: str = "") -> int:
        """Every request of these operations; raises where an answer is not what the document says."""
        before = self.answered.total()
        for number, found in enumerate(self._schema.get_all_operations()):
            assert isinstance(found, Ok), found
            if number % parts == part and about in found.ok().label:
                self._fuzz(found.ok())
        return self.answered.total() - before

    def _fuzz(self, operation: Any) -> None:
        chosen = settings(
            max_examples=self._examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        config = HypothesisTestConfig(
            project=self._schema.config, modes=self._modes, settings=chosen, explicit_settings=chosen
        )
        create_test(operation=operation, test_func=self._try, config=config)()

    def _try(self, case: schemathesis.Case) -> None:
        self._aim(case)
        sent = case.as_transport_kwargs(base_url=BASE)
        try:
            response = self.office.client.request(
                sent["method"],
                sent["url"],
                headers={**sent["headers"], **self.office.headers(self._person(case))},
                params=sent.get("params"),
                **_content(sent),
            )
        except httpx2.InvalidURL:  # longer than the client sends
            return
        self.answered[response.status_code] += 1
        case.validate_response(response, checks=self._checks)

    def _aim(self, case: schemathesis.Case) -> None:
        """Half of the addresses name something that is there: what is unknown is refused too soon to be of use."""
        for name, value in (case.path_parameters or {}).items():
            drawn = crc32(json.dumps(value, default=str).encode())
            if name in KNOWN and drawn % 2:
                case.path_parameters[name] = KNOWN[name][drawn // 2 % len(KNOWN[name])]

    def _person(self, case: schemathesis.Case) -> str | None:
        drawn = crc32(repr((case.path_parameters, case.query, case.body)).encode())
        return PEOPLE[drawn % len(PEOPLE)]


def _content(sent: dict[str, Any]) -> dict[str, Any]:
    """The body as the client calls it."""
    if "json" in sent:
        return {"json": sent["json"]}
    data = sent.get("data")
    if isinstance(data, str):
        data = data.encode()
    return {} if data is None else {"content" if isinstance(data, bytes) else "data": data}
